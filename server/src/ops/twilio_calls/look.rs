//! The acts of comparing a call with what Twilio has of it: what is known here, and what was found there. Finds what no webhook told of.
//! The job `crate::jobs::watch_legs` asks Twilio between them.

use std::time::Duration;

use casewire_carriers::calls::{LegId, RecordingState};
use casewire_core::access::Tenant;
use casewire_core::calls::CarrierStatus;
use casewire_core::id::{CallId, CallLegId, RecordingId};
use casewire_core::time::Timestamp;
use casewire_store::calls::{self, CallRow};
use casewire_store::twilio::legs::{self, Leg, LegState};
use casewire_store::twilio::recordings::{self, Tape, TwilioRecording};
use casewire_store::{Act, StoreError, Tx};

use super::{LegNews, Scene};
use crate::lines::twilio::orders;
use crate::problem::Problem;

/// How long after its end a call is looked at still, for a recording or a leg.
const LOOKED_AFTER: Duration = Duration::from_secs(3600);

/// What is known of a call at Twilio.
pub struct Known {
    /// The call.
    pub row: CallRow,
    /// The account.
    pub account_sid: String,
    /// Its conference.
    pub conference_sid: Option<String>,
    /// Its legs.
    pub legs: Vec<Leg>,
    /// Its recordings that are being made.
    pub recordings: Vec<TwilioRecording>,
}

/// Looks up what is known of a call.
#[derive(Clone)]
pub struct LookAtCall {
    /// Whose call.
    pub tenant: Tenant,
    /// Which.
    pub call: CallId,
    /// The time.
    pub now: Timestamp,
}

impl Act for LookAtCall {
    type Out = Option<Known>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Known>, StoreError> {
        let Some(scene) = Scene::lock(tx, self.tenant, self.call, self.now).await? else {
            return Ok(None);
        };
        let mut made = recordings::list(tx, self.tenant, self.call).await?;
        made.retain(|recording| recording.tape == Tape::Running);
        Ok(Some(Known {
            row: scene.row,
            account_sid: scene.known.account_sid,
            conference_sid: scene.known.conference_sid,
            legs: scene.legs,
            recordings: made,
        }))
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// What Twilio calls a leg of ours.
    Sid(CallLegId, LegId),
    /// A leg is in the conference.
    Seated(CallLegId),
    /// A leg is so far.
    Status(CallLegId, CarrierStatus),
    /// A recording is so far; what was never made has no name at Twilio.
    Recording(RecordingId, Option<String>, RecordingState),
}

/// Takes in what was found; how much of it was news.
#[derive(Clone)]
pub struct TakeInFound {
    /// Whose call.
    pub tenant: Tenant,
    /// Which.
    pub call: CallId,
    /// What.
    pub found: Vec<Found>,
    /// The time.
    pub now: Timestamp,
}

impl Act for TakeInFound {
    type Out = usize;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<usize, Problem> {
        let Some(mut scene) = Scene::lock(tx, self.tenant, self.call, self.now).await? else {
            return Ok(0);
        };
        let mut news = 0;
        for found in &self.found {
            let before = (scene.row.version, scene.legs.clone());
            match found {
                Found::Sid(leg, sid) => scene.bind(tx, *leg, sid).await?,
                Found::Seated(leg) => {
                    let is_new = scene.legs.iter().any(|known| known.id == *leg && known.state == LegState::Expected);
                    if is_new {
                        scene.take_in(tx, *leg, LegNews::Joined).await?;
                    }
                }
                Found::Status(leg, status) => scene.take_in(tx, *leg, LegNews::Status(*status)).await?,
                Found::Recording(recording, sid, state) => scene.recorded(tx, *recording, sid.clone(), *state).await?,
            }
            if before != (scene.row.version, scene.legs.clone()) {
                news += 1;
            }
        }
        Ok(news)
    }
}

/// Looks at the call again later, as long as there is something to look for.
#[derive(Clone)]
pub struct LookAgain {
    /// Whose call.
    pub tenant: Tenant,
    /// Which.
    pub call: CallId,
    /// The time.
    pub now: Timestamp,
}

impl Act for LookAgain {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(row) = calls::load(tx, self.tenant, self.call).await? else {
            return Ok(());
        };
        let is_old = match row.call.state() {
            casewire_core::calls::State::Ended(end) => self.now.since(end.ended_at) > LOOKED_AFTER,
            casewire_core::calls::State::Starting { .. }
            | casewire_core::calls::State::Ringing { .. }
            | casewire_core::calls::State::Voicemail { .. }
            | casewire_core::calls::State::Answered(_) => false,
        };
        let legs = legs::list(tx, self.tenant, self.call).await?;
        let made = recordings::list(tx, self.tenant, self.call).await?;
        let is_open = !row.has_ended()
            || legs.iter().any(|leg| leg.state != LegState::Gone)
            || made.iter().any(|recording| recording.tape == Tape::Running);
        if is_open && !is_old {
            orders::watch(tx, self.tenant, self.call, self.now.plus(crate::lines::twilio::WATCH_EVERY)).await?;
        }
        Ok(())
    }
}
