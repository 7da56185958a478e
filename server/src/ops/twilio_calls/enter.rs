//! The acts by which legs come into calls at Twilio: a browser names a call, a phone calls the firm, a leg asks what it does next. Who a
//! browser is, Twilio vouches for; what it may do is taken from the call, never from what it sends along.

use casewire_carriers::calls::LegId;
use casewire_core::access::Tenant;
use casewire_core::calls::{CarrierStatus, RecordingKind, RecordingState, State};
use casewire_core::id::{CallId, CallLegId, OrganizationId, RecordingId, UserId};
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::calls::{self, CallRow, recordings};
use casewire_store::numbers::OrganizationNumber;
use casewire_store::twilio::legs::{self, Leg, LegParty, LegState};
use casewire_store::twilio::recordings::{Tape, TwilioRecording};
use casewire_store::{Act, StoreError, Tx, mint, softphones, twilio};

use super::super::receive_call::ReceiveCall;
use super::{Scene, is_over};
use crate::lines::LineEvent;
use crate::lines::twilio::NAME;
use crate::lines::twilio::orders::TwilioOrder;
use crate::problem::Problem;

/// Where a leg goes.
#[derive(Debug, Clone)]
pub enum Place {
    /// Nowhere: it has no place in any call.
    None,
    /// The other side's: as the call stands.
    Outside {
        /// The call.
        row: CallRow,
        /// Its leg.
        leg: CallLegId,
        /// As what a message is taken, where the machine listens.
        machine: Option<RecordingId>,
    },
    /// The agent's.
    Agent {
        /// The call.
        row: CallRow,
        /// Their leg.
        leg: CallLegId,
    },
    /// A supervisor's, beside the agent.
    Supervisor {
        /// The call.
        row: CallRow,
        /// Their leg.
        leg: CallLegId,
        /// The agent's leg, once it is there.
        agent: Option<LegId>,
    },
}

/// A browser comes in.
#[derive(Clone)]
pub struct EnterCall {
    /// Whose browser, as the token says.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The call that it names.
    pub call: CallId,
    /// The tab that it says it is.
    pub softphone: Option<String>,
    /// Its leg.
    pub leg: LegId,
    /// The account it came through.
    pub account: String,
    /// The time.
    pub now: Timestamp,
}

impl Act for EnterCall {
    type Out = Place;
    type Error = Problem;

    #[expect(
        clippy::disallowed_methods,
        reason = "the token that we signed names the organization, whose call is looked for there"
    )]
    async fn run(&self, tx: &mut Tx) -> Result<Place, Problem> {
        let tenant = Tenant::of_row(self.organization);
        let Some(mut scene) = Scene::lock(tx, tenant, self.call, self.now).await? else {
            return Ok(Place::None);
        };
        let Some(party) = self.party(&scene.row) else {
            return Ok(Place::None);
        };
        if scene.known.account_sid != self.account || !self.is_elected(tx, tenant).await? {
            return Ok(Place::None);
        }
        let known = scene.legs.iter().find(|leg| leg.sid.as_deref() == Some(self.leg.as_str()));
        let id = match known {
            Some(leg) => leg.id,
            None => self.seat(tx, &mut scene, party).await?,
        };
        Ok(placed(&scene, id))
    }
}

impl EnterCall {
    /// As what the user takes part in the call, if they do.
    fn party(&self, row: &CallRow) -> Option<LegParty> {
        let speaks = match row.call.state() {
            State::Starting { .. } | State::Answered(_) => true,
            State::Ringing { .. } => row.call.direction() == Direction::Outbound,
            State::Voicemail { .. } | State::Ended(_) => false,
        };
        if speaks && row.call.agent() == Some(self.user) {
            return Some(LegParty::Agent(self.user));
        }
        let supervises = row.call.supervisors().iter().any(|there| there.user == self.user);
        supervises.then_some(LegParty::Supervisor(self.user))
    }

    /// Whether it is the tab that takes this user's calls.
    async fn is_elected(&self, tx: &mut Tx, tenant: Tenant) -> Result<bool, StoreError> {
        let elected = softphones::find(tx, tenant, self.user).await?;
        Ok(elected.is_some_and(|elected| elected.expires_at > self.now && self.softphone.as_deref().is_none_or(|tab| tab == elected.id)))
    }

    /// Gives the leg its place, and takes off the one before it.
    async fn seat(&self, tx: &mut Tx, scene: &mut Scene, party: LegParty) -> Result<CallLegId, StoreError> {
        for former in scene.legs.iter().filter(|leg| leg.party == party && leg.state != LegState::Gone) {
            scene.order(tx, &TwilioOrder::DropLeg { leg: former.id }).await?;
        }
        let leg = Leg {
            id: mint(),
            call: self.call,
            party,
            sid: Some(self.leg.to_string()),
            state: LegState::Expected,
            mode: None,
            created_at: self.now,
        };
        legs::add(tx, scene.tenant, &leg).await?;
        scene.legs.push(leg.clone());
        Ok(leg.id)
    }
}

/// Somebody calls the firm.
#[derive(Clone)]
pub struct TakeCall {
    /// The number that is called.
    pub number: OrganizationNumber,
    /// Who calls.
    pub from: Address,
    /// Their leg.
    pub leg: LegId,
    /// The call that is to be, if it is not known yet.
    pub id: CallId,
    /// How their leg stood when it was found, where no webhook told of it.
    pub found: Option<CarrierStatus>,
    /// The time.
    pub now: Timestamp,
}

impl Act for TakeCall {
    type Out = Place;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Place, Problem> {
        let tenant = self.number.tenant();
        let received = ReceiveCall {
            tenant,
            number_id: self.number.id,
            number: self.number.e164.clone(),
            id: self.id,
            from: self.from.clone(),
            line: NAME,
            provider_id: Some(self.leg.to_string()),
            now: self.now,
        };
        let row = received.run(tx).await?.row;
        let Some(mut scene) = Scene::lock(tx, tenant, row.id, self.now).await? else {
            return Ok(Place::None);
        };
        if scene.leg_of(LegParty::Outside).is_none() && row.id == self.id {
            let leg = Leg {
                id: mint(),
                call: row.id,
                party: LegParty::Outside,
                sid: Some(self.leg.to_string()),
                state: LegState::Expected,
                mode: None,
                created_at: self.now,
            };
            legs::add(tx, tenant, &leg).await?;
            scene.legs.push(leg);
            // What the leg is answered says this already; being sent on would begin it anew.
            twilio::orders::remove_waiting(tx, tenant, row.id).await?;
        }
        if let Some(status) = self.found.filter(|status| is_over(*status)) {
            scene.say(tx, LineEvent::OutsideEnded(status)).await?;
            for known in recordings::list(tx, tenant, row.id).await? {
                let recording = known.view.id;
                scene.say(tx, LineEvent::RecordingFailed { recording }).await?;
            }
        }
        let Some(leg) = scene.leg_of(LegParty::Outside).map(|leg| leg.id) else {
            return Ok(Place::None);
        };
        outside(tx, &scene, leg).await
    }
}

/// Which of Twilio's inbound legs are no calls here.
#[derive(Clone)]
pub struct FindUntold {
    /// Whose calls.
    pub tenant: Tenant,
    /// Twilio's ids of the legs.
    pub sids: Vec<String>,
}

impl Act for FindUntold {
    type Out = Vec<String>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        let mut untold = Vec::new();
        for sid in &self.sids {
            if calls::by_provider_id(tx, self.tenant, sid).await?.is_none() {
                untold.push(sid.clone());
            }
        }
        Ok(untold)
    }
}

/// A leg asks what it does next.
#[derive(Clone)]
pub struct FindPlace {
    /// Whose call.
    pub organization: OrganizationId,
    /// The leg.
    pub leg: CallLegId,
    /// What Twilio calls it.
    pub sid: LegId,
    /// The time.
    pub now: Timestamp,
}

impl Act for FindPlace {
    type Out = Place;
    type Error = Problem;

    #[expect(
        clippy::disallowed_methods,
        reason = "the address that we signed names the organization, whose leg is looked for there"
    )]
    async fn run(&self, tx: &mut Tx) -> Result<Place, Problem> {
        let tenant = Tenant::of_row(self.organization);
        let Some(leg) = legs::by_id(tx, tenant, self.leg).await? else {
            return Ok(Place::None);
        };
        let Some(scene) = Scene::lock(tx, tenant, leg.call, self.now).await? else {
            return Ok(Place::None);
        };
        if leg.sid.as_deref() != Some(self.sid.as_str()) || leg.state == LegState::Gone || scene.row.has_ended() {
            return Ok(Place::None);
        }
        match leg.party {
            LegParty::Outside => outside(tx, &scene, leg.id).await,
            // A leg that was taken out of the conference does not go back in by itself.
            LegParty::Agent(_) => Ok(Place::None),
            LegParty::Supervisor(user) if scene.row.call.supervisors().iter().any(|there| there.user == user) => {
                Ok(if leg.state == LegState::Expected {
                    placed(&scene, leg.id)
                } else {
                    Place::None
                })
            }
            LegParty::Supervisor(_) => Ok(Place::None),
        }
    }
}

fn placed(scene: &Scene, id: CallLegId) -> Place {
    let row = scene.row.clone();
    match scene.legs.iter().find(|leg| leg.id == id).map(|leg| leg.party) {
        Some(LegParty::Agent(_)) => Place::Agent { row, leg: id },
        Some(LegParty::Supervisor(_)) => Place::Supervisor {
            leg: id,
            agent: scene.agent_seat().and_then(|leg| leg.sid.as_deref()).map(LegId::from),
            row,
        },
        Some(LegParty::Outside) | None => Place::None,
    }
}

async fn outside(tx: &mut Tx, scene: &Scene, leg: CallLegId) -> Result<Place, Problem> {
    let machine = recordings::list(tx, scene.tenant, scene.row.id)
        .await?
        .into_iter()
        .find(|recording| recording.view.kind == RecordingKind::Voicemail && recording.view.state == RecordingState::Running);
    let machine = machine.map(|recording| recording.view.id);
    if let Some(id) = machine {
        let made = TwilioRecording {
            id,
            sid: None,
            tape: Tape::Running,
        };
        twilio::recordings::keep(tx, scene.tenant, scene.row.id, &made).await?;
    }
    Ok(Place::Outside {
        row: scene.row.clone(),
        leg,
        machine,
    })
}
