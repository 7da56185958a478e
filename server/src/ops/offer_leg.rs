//! The act that judges whether a browser may bring its audio to a call, and as whom: as its agent or as a supervisor, from the user's
//! elected softphone alone. Writes nothing; run in the call's lane.

use casewire_core::access::Access;
use casewire_core::calls::State;
use casewire_core::id::CallId;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::calls::CallRow;
use casewire_store::{Act, Tx};

use super::calls::{acted_on, clearance, in_view, loaded};
use super::softphones;
use crate::lines::LegParty;
use crate::problem::{Problem, ProblemCode};

/// Judges an offer of audio.
#[derive(Clone)]
pub struct OfferLeg {
    /// Who offers.
    pub access: Access,
    /// To which call.
    pub call_id: CallId,
    /// From which tab.
    pub softphone_id: String,
    /// The time.
    pub now: Timestamp,
}

impl Act for OfferLeg {
    type Out = (CallRow, LegParty);
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, user) = (&self.access, self.access.user());
        let subject = in_view(tx, access, self.call_id).await?;
        let row = loaded(tx, access, self.call_id).await?;
        let elected = softphones::alive(tx, access.tenant(), user, self.now).await?;
        if elected.id != self.softphone_id {
            return Err(Problem::of(ProblemCode::NoSoftphone));
        }
        if let Some(there) = row.call.supervisors().iter().find(|there| there.user == user) {
            let mode = there.mode;
            if clearance(tx, access, subject).await?.is_none() {
                return Err(Problem::of(ProblemCode::NotSupervising));
            }
            return Ok((row, LegParty::Supervisor { user, mode }));
        }
        acted_on(tx, access, self.call_id).await?;
        let may_come = match row.call.state() {
            State::Starting { .. } => true,
            State::Ringing { .. } => row.call.direction() == Direction::Outbound,
            State::Answered(_) => true,
            State::Voicemail { .. } => false,
            State::Ended(_) => return Err(Problem::of(ProblemCode::CallEnded)),
        };
        if row.call.agent() != Some(user) {
            return Err(Problem::of(ProblemCode::NotYourCall));
        }
        if !may_come {
            return Err(Problem::of(ProblemCode::CallNotInProgress));
        }
        Ok((row, LegParty::Agent(user)))
    }
}
