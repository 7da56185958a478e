//! The acts by which calls take in what Twilio tells of legs, conferences and recordings. Twice the same does nothing, for what was taken
//! in is noted in the same transaction; out of order does no harm, for legs only go forward and a conference's events are put together
//! by their numbers.

use casewire_carriers::calls::{LegId, RecordingState};
use casewire_carriers::twilio::call_webhook::{
    ConferenceChange, ConferenceEvent, LegStatus, MessageTaken, Noted, RecordedWhat, RecordingStatus,
};
use casewire_core::access::Tenant;
use casewire_core::id::{CallId, CallLegId, OrganizationId, RecordingId};
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::jobs::{self, NewJob};
use casewire_store::twilio::legs::{self, Leg, LegParty};
use casewire_store::twilio::recordings::{self, Tape, TwilioRecording};
use casewire_store::{Act, StoreError, Tx, twilio};

use super::{LegNews, Scene, is_over};
use crate::lines::LineEvent;
use crate::problem::Problem;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is taken in.
    New,
    /// It was before, or something later was.
    Duplicate,
    /// It is about nothing that is known here.
    Stray,
}

impl Taken {
    /// The word in the metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "received",
            Self::Duplicate => "duplicate",
            Self::Stray => "stray",
        }
    }
}

/// Twilio tells how far a leg is.
#[derive(Clone)]
pub struct HearLeg {
    /// Whose call.
    pub organization: OrganizationId,
    /// What is told.
    pub status: LegStatus,
    /// The time.
    pub now: Timestamp,
}

impl Act for HearLeg {
    type Out = Taken;
    type Error = Problem;

    #[expect(
        clippy::disallowed_methods,
        reason = "the address that was signed names the organization, whose leg is looked for there"
    )]
    async fn run(&self, tx: &mut Tx) -> Result<Taken, Problem> {
        let tenant = Tenant::of_row(self.organization);
        let label = self.status.label.as_deref().and_then(|label| label.parse().ok());
        let Some(leg) = find(tx, tenant, label, &self.status.leg).await? else {
            return Ok(Taken::Stray);
        };
        let Some(mut scene) = Scene::lock(tx, tenant, leg.call, self.now).await? else {
            return Ok(Taken::Stray);
        };
        if scene.known.account_sid != self.status.account {
            return Ok(Taken::Stray);
        }
        if !twilio::see(tx, tenant, &self.status.dedupe_key(), self.now).await? {
            return Ok(Taken::Duplicate);
        }
        scene.bind(tx, leg.id, &self.status.leg).await?;
        scene.take_in(tx, leg.id, LegNews::Status(self.status.status)).await?;
        Ok(Taken::New)
    }
}

/// Something happened in a conference.
#[derive(Clone)]
pub struct HearConference {
    /// Whose call.
    pub organization: OrganizationId,
    /// What is told.
    pub event: ConferenceEvent,
    /// The time.
    pub now: Timestamp,
}

impl Act for HearConference {
    type Out = Taken;
    type Error = Problem;

    #[expect(
        clippy::disallowed_methods,
        reason = "the address that was signed names the organization, whose call is looked for there"
    )]
    async fn run(&self, tx: &mut Tx) -> Result<Taken, Problem> {
        let tenant = Tenant::of_row(self.organization);
        let Ok(call) = self.event.name.parse::<CallId>() else {
            return Ok(Taken::Stray);
        };
        let Some(mut scene) = Scene::lock(tx, tenant, call, self.now).await? else {
            return Ok(Taken::Stray);
        };
        if scene.known.account_sid != self.event.account {
            return Ok(Taken::Stray);
        }
        if !twilio::see(tx, tenant, &self.event.dedupe_key(), self.now).await? {
            return Ok(Taken::Duplicate);
        }
        let noted = scene.roll.note(&self.event);
        scene.known.conference_sid.get_or_insert_with(|| self.event.conference.to_string());
        scene.keep(tx).await?;
        match noted {
            Noted::Stale => Ok(Taken::Duplicate),
            Noted::New => self.take_in(tx, &mut scene).await.map(|()| Taken::New),
        }
    }
}

impl HearConference {
    async fn take_in(&self, tx: &mut Tx, scene: &mut Scene) -> Result<(), Problem> {
        let (sid, label, news) = match &self.event.change {
            ConferenceChange::Joined(seat) | ConferenceChange::Changed(seat) => (&seat.leg, &seat.label, LegNews::Joined),
            ConferenceChange::Left { leg, label, status, .. } => {
                let over = status.is_none_or(is_over);
                (
                    leg,
                    label,
                    if over {
                        LegNews::Left
                    } else {
                        LegNews::Status(casewire_core::calls::CarrierStatus::Queued)
                    },
                )
            }
            ConferenceChange::Ended { by: Some(by), .. } => (by, &None, LegNews::Left),
            ConferenceChange::Ended { by: None, .. }
            | ConferenceChange::Started
            | ConferenceChange::AnnouncementEnded
            | ConferenceChange::AnnouncementFailed
            | ConferenceChange::Other => return Ok(()),
        };
        let label: Option<CallLegId> = label.as_deref().and_then(|label| label.parse().ok());
        let leg = scene
            .legs
            .iter()
            .find(|leg| Some(leg.id) == label || leg.sid.as_deref() == Some(sid.as_str()));
        let Some((id, party, state)) = leg.map(|leg| (leg.id, leg.party, leg.state)) else {
            return Ok(());
        };
        scene.bind(tx, id, sid).await?;
        // Who was sent on to the machine has left the conference, and is there.
        let is_at_machine = party == LegParty::Outside && matches!(scene.row.call.state(), casewire_core::calls::State::Voicemail { .. });
        // A leg that is muted or held was in before, and that it joined may only be overtaken.
        let is_news = news != LegNews::Joined || state == legs::LegState::Expected;
        if is_at_machine && news == LegNews::Left || !is_news {
            return Ok(());
        }
        // That an agent's or supervisor's leg is out is enough, whatever the leg does then.
        let news = match (party, news) {
            (LegParty::Agent(_) | LegParty::Supervisor(_), LegNews::Status(_)) => LegNews::Left,
            (LegParty::Agent(_) | LegParty::Supervisor(_) | LegParty::Outside, news) => news,
        };
        scene.take_in(tx, id, news).await
    }
}

impl Scene {
    /// Keeps what Twilio calls a leg.
    pub(super) async fn bind(&mut self, tx: &mut Tx, id: CallLegId, sid: &LegId) -> Result<(), Problem> {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.id == id && leg.sid.is_none()) else {
            return Ok(());
        };
        leg.sid = Some(sid.to_string());
        let leg = leg.clone();
        legs::save(tx, self.tenant, &leg).await?;
        if leg.party == LegParty::Outside {
            let provider_id = sid.to_string();
            self.say(tx, LineEvent::Named { provider_id }).await?;
        }
        Ok(())
    }

    /// Keeps the conference, and who is in it.
    pub(super) async fn keep(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        self.known.roll = serde_json::to_string(&self.roll).map_err(|_| StoreError::bug("a roll cannot be written as JSON"))?;
        twilio::keep(tx, self.tenant, self.row.id, &self.known).await
    }
}

/// Twilio tells how far a recording is.
#[derive(Clone)]
pub struct HearRecording {
    /// Whose call.
    pub organization: OrganizationId,
    /// What is told.
    pub status: RecordingStatus,
    /// The time.
    pub now: Timestamp,
}

impl Act for HearRecording {
    type Out = Taken;
    type Error = Problem;

    #[expect(
        clippy::disallowed_methods,
        reason = "the address that was signed names the organization, whose leg is looked for there"
    )]
    async fn run(&self, tx: &mut Tx) -> Result<Taken, Problem> {
        let tenant = Tenant::of_row(self.organization);
        let label: Option<RecordingId> = self.status.label.as_deref().and_then(|label| label.parse().ok());
        let (Some(id), RecordedWhat::Leg(sid)) = (label, &self.status.of) else {
            return Ok(Taken::Stray);
        };
        let Some(leg) = legs::by_sid(tx, tenant, sid.as_str()).await? else {
            return Ok(Taken::Stray);
        };
        let Some(mut scene) = Scene::lock(tx, tenant, leg.call, self.now).await? else {
            return Ok(Taken::Stray);
        };
        if scene.known.account_sid != self.status.account {
            return Ok(Taken::Stray);
        }
        if !twilio::see(tx, tenant, &self.status.dedupe_key(), self.now).await? {
            return Ok(Taken::Duplicate);
        }
        let sid = Some(self.status.recording.to_string());
        scene.recorded(tx, id, sid, self.status.state).await?;
        Ok(Taken::New)
    }
}

impl Scene {
    /// Takes in how far a recording is; one that is complete is fetched.
    pub(super) async fn recorded(
        &mut self,
        tx: &mut Tx,
        id: RecordingId,
        sid: Option<String>,
        state: RecordingState,
    ) -> Result<(), Problem> {
        let before = recordings::list(tx, self.tenant, self.row.id).await?;
        let was = before.iter().find(|known| known.id == id).map(|known| known.tape);
        let tape = match state {
            RecordingState::InProgress | RecordingState::Paused | RecordingState::Processing => Tape::Running,
            RecordingState::Completed => Tape::Complete,
            RecordingState::Absent | RecordingState::Failed => Tape::Here,
        };
        let known = TwilioRecording { id, sid, tape };
        recordings::keep(tx, self.tenant, self.row.id, &known).await?;
        if was.is_some_and(|was| was != Tape::Running) {
            return Ok(());
        }
        match tape {
            Tape::Running => Ok(()),
            Tape::Complete => queue_fetch(tx, self.tenant, self.row.id, id, self.now).await.map_err(Problem::from),
            Tape::Here => self.say(tx, LineEvent::RecordingFailed { recording: id }).await,
        }
    }
}

/// A message was taken at the machine: the call is over with it, whether the caller hung up or is about to be.
#[derive(Clone)]
pub struct HearMessage {
    /// Whose call.
    pub organization: OrganizationId,
    /// What is told.
    pub message: MessageTaken,
    /// The time.
    pub now: Timestamp,
}

impl Act for HearMessage {
    type Out = Taken;
    type Error = Problem;

    #[expect(
        clippy::disallowed_methods,
        reason = "the address that was signed names the organization, whose leg is looked for there"
    )]
    async fn run(&self, tx: &mut Tx) -> Result<Taken, Problem> {
        let tenant = Tenant::of_row(self.organization);
        let Some(leg) = legs::by_sid(tx, tenant, self.message.leg.as_str()).await? else {
            return Ok(Taken::Stray);
        };
        let Some(mut scene) = Scene::lock(tx, tenant, leg.call, self.now).await? else {
            return Ok(Taken::Stray);
        };
        if scene.known.account_sid != self.message.account || leg.party != LegParty::Outside {
            return Ok(Taken::Stray);
        }
        if !twilio::see(tx, tenant, &self.message.dedupe_key(), self.now).await? {
            return Ok(Taken::Duplicate);
        }
        let talked = Some(self.message.length);
        let over = casewire_core::calls::CarrierStatus::Completed { talked };
        scene.say(tx, LineEvent::OutsideEnded(over)).await?;
        Ok(Taken::New)
    }
}

async fn queue_fetch(tx: &mut Tx, tenant: Tenant, call_id: CallId, recording_id: RecordingId, now: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        job: Job::FetchRecording { call_id, recording_id },
        run_at: now,
        unique_key: Some(format!("{recording_id}:fetch")),
    };
    jobs::enqueue(tx, tenant, job).await.map(drop)
}

/// The leg by our id of it, else by Twilio's.
async fn find(tx: &mut Tx, tenant: Tenant, id: Option<CallLegId>, sid: &LegId) -> Result<Option<Leg>, StoreError> {
    if let Some(id) = id
        && let Some(leg) = legs::by_id(tx, tenant, id).await?
    {
        return Ok(Some(leg).filter(|leg| leg.sid.as_deref().is_none_or(|known| known == sid.as_str())));
    }
    legs::by_sid(tx, tenant, sid.as_str()).await
}
