//! The acts of calls at Twilio: who comes in ([`enter`]), what Twilio tells ([`hear`]), what Twilio is asked ([`carry_out`]), and what is
//! compared with what Twilio has ([`look`]). Each locks what is known of the call there first, so that its steps follow each other on
//! every node. How a call stands is decided by `HearCall` alone.

pub mod carry_out;
pub mod enter;
pub mod hear;
pub mod look;

use casewire_carriers::twilio::call_webhook::ConferenceRoll;
use casewire_core::access::Tenant;
use casewire_core::calls::CarrierStatus;
use casewire_core::id::{CallId, OrganizationId};
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::calls::{self, CallRow};
use casewire_store::twilio::legs::{self, Leg, LegParty, LegState};
use casewire_store::twilio::{self, TwilioCall};
use casewire_store::{Act, StoreError, Tx};

use super::hear_call::HearCall;
use crate::lines::LineEvent;
use crate::lines::twilio::orders::{self, TwilioOrder};
use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// How often an act is tried where another node changed the call meanwhile.
const TRIES: usize = 5;

/// Commits an act on a call at Twilio.
///
/// # Errors
/// What the act refuses.
pub async fn commit<A>(app: &App, organization: OrganizationId, act: A) -> Result<A::Out, Problem>
where
    A: Act<Error = Problem> + Clone,
{
    for _ in 1..TRIES {
        match app.store.write(organization, act.clone()).await {
            Err(problem) if problem.code() == ProblemCode::CallChanged => {}
            ended => return ended,
        }
    }
    app.store.write(organization, act).await
}

/// A call at Twilio, locked.
struct Scene {
    tenant: Tenant,
    known: TwilioCall,
    roll: ConferenceRoll,
    row: CallRow,
    legs: Vec<Leg>,
    now: Timestamp,
}

impl Scene {
    async fn lock(tx: &mut Tx, tenant: Tenant, call: CallId, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let Some(known) = twilio::lock(tx, tenant, call, now).await? else {
            return Ok(None);
        };
        let Some(row) = calls::load(tx, tenant, call).await? else {
            return Ok(None);
        };
        let roll = serde_json::from_str(&known.roll).map_err(|_| StoreError::bug("a conference's roll cannot be read"))?;
        Ok(Some(Self {
            tenant,
            roll,
            row,
            legs: legs::list(tx, tenant, call).await?,
            known,
            now,
        }))
    }

    /// The leg by which somebody takes part now: the newest that is not over.
    fn leg_of(&self, party: LegParty) -> Option<&Leg> {
        self.legs.iter().rfind(|leg| leg.party == party && leg.state != LegState::Gone)
    }

    /// The same, if it is in the conference.
    fn seat_of(&self, party: LegParty) -> Option<&Leg> {
        let seated = |leg: &&Leg| leg.party == party && leg.state == LegState::Seated;
        self.legs.iter().rfind(seated)
    }

    /// The leg of the agent who is on the call.
    fn agent_seat(&self) -> Option<&Leg> {
        self.seat_of(LegParty::Agent(self.row.call.agent()?))
    }

    async fn say(&mut self, tx: &mut Tx, event: LineEvent) -> Result<(), Problem> {
        let act = HearCall {
            organization: self.tenant.organization(),
            call_id: self.row.id,
            event,
            now: self.now,
        };
        self.row = act.run(tx).await?.row;
        Ok(())
    }

    async fn order(&self, tx: &mut Tx, order: &TwilioOrder) -> Result<(), StoreError> {
        orders::add(tx, self.tenant, self.row.id, order).await
    }

    /// Takes in what became of a leg.
    async fn take_in(&mut self, tx: &mut Tx, id: casewire_core::id::CallLegId, news: LegNews) -> Result<(), Problem> {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.id == id) else {
            return Ok(());
        };
        let state = match news {
            LegNews::Joined => LegState::Seated,
            LegNews::Left | LegNews::Status(_) if news.is_over() => LegState::Gone,
            LegNews::Left | LegNews::Status(_) => leg.state,
        };
        leg.state = leg.state.max(state);
        let leg = leg.clone();
        legs::save(tx, self.tenant, &leg).await?;
        match leg.party {
            LegParty::Outside => self.outside(tx, news).await,
            LegParty::Agent(user) if leg.state == LegState::Gone => {
                // A page that was loaded anew comes in before its former leg is off.
                if self.seat_of(leg.party).is_none() {
                    self.say(tx, LineEvent::AgentLost { user }).await?;
                }
                Ok(())
            }
            LegParty::Agent(user) if news == LegNews::Joined => {
                self.say(tx, LineEvent::AgentConnected { user }).await?;
                self.turn_supervisors(tx).await.map_err(Problem::from)
            }
            LegParty::Supervisor(user) if leg.state == LegState::Gone => {
                if self.leg_of(leg.party).is_none() {
                    self.say(tx, LineEvent::SupervisorLost { user }).await?;
                }
                Ok(())
            }
            LegParty::Supervisor(user) if news == LegNews::Joined => self.set_supervisor(tx, user).await.map_err(Problem::from),
            LegParty::Agent(_) | LegParty::Supervisor(_) => Ok(()),
        }
    }

    async fn outside(&mut self, tx: &mut Tx, news: LegNews) -> Result<(), Problem> {
        match news {
            LegNews::Joined => Ok(()),
            LegNews::Left => {
                self.say(tx, LineEvent::OutsideEnded(CarrierStatus::Completed { talked: None }))
                    .await
            }
            LegNews::Status(CarrierStatus::Ringing) => self.say(tx, LineEvent::OutsideRinging).await,
            LegNews::Status(CarrierStatus::InProgress) => self.say(tx, LineEvent::OutsideAnswered).await,
            LegNews::Status(status) if news.is_over() => self.say(tx, LineEvent::OutsideEnded(status)).await,
            LegNews::Status(_) => Ok(()),
        }
    }

    /// Another leg of the agent is there: who whispers, whispers to that one.
    async fn turn_supervisors(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for supervisor in self.row.call.supervisors() {
            if self.seat_of(LegParty::Supervisor(supervisor.user)).is_some() {
                self.set_supervisor(tx, supervisor.user).await?;
            }
        }
        Ok(())
    }

    /// Sets a supervisor's leg to what they do; one who is not on the call any more is taken off.
    async fn set_supervisor(&self, tx: &mut Tx, user: casewire_core::id::UserId) -> Result<(), StoreError> {
        let there = self.row.call.supervisors().iter().find(|there| there.user == user);
        let order = match there {
            Some(there) => TwilioOrder::Supervise {
                supervisor: user,
                mode: there.mode,
            },
            None => TwilioOrder::Dismiss { supervisor: user },
        };
        self.order(tx, &order).await
    }

    /// Something that a person has to know of: a line in the audit, and a step of the call.
    async fn alarm(&self, tx: &mut Tx, code: &'static str, detail: String) -> Result<(), StoreError> {
        let (tenant, id) = (self.tenant, self.row.id);
        calls::step(tx, tenant, id, self.now, code, None, &detail).await?;
        let entry = Entry::of_system(code, id).with_detail(detail);
        let entry = match self.row.call.case() {
            Some(case) => entry.in_case(case),
            None => entry,
        };
        audit::write(tx, tenant, &entry, self.now).await
    }
}

/// What became of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegNews {
    /// It is in the conference.
    Joined,
    /// It is out of it, and over.
    Left,
    /// It is so far.
    Status(CarrierStatus),
}

impl LegNews {
    /// Whether nothing comes after it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        match self {
            Self::Joined => false,
            Self::Left => true,
            Self::Status(status) => is_over(status),
        }
    }
}

/// Whether nothing comes after it.
const fn is_over(status: CarrierStatus) -> bool {
    match status {
        CarrierStatus::Queued | CarrierStatus::Initiated | CarrierStatus::Ringing | CarrierStatus::InProgress => false,
        CarrierStatus::Completed { .. }
        | CarrierStatus::Busy
        | CarrierStatus::NoAnswer
        | CarrierStatus::Failed
        | CarrierStatus::Canceled => true,
    }
}
