//! The acts by which a supervisor comes on a call, does something else there, and leaves it. Each of the first two takes the right anew,
//! in the same transaction as its line of the audit, which stands before any audio flows.

use casewire_core::access::Access;
use casewire_core::calls::Mode;
use casewire_core::id::CallId;
use casewire_core::time::Timestamp;
use casewire_store::calls::people;
use casewire_store::{Act, Tx};

use super::calls::{Step, Stepped, cleared, in_view, loaded, settings};
use crate::problem::{Problem, ProblemCode};

/// What a supervisor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupervisionStep {
    /// Comes on the call.
    Enter(Mode),
    /// Does something else from now on.
    Switch(Mode),
    /// Leaves it; needs no right.
    Leave,
}

/// Supervises a call.
#[derive(Clone)]
pub struct SuperviseCall {
    /// Who.
    pub access: Access,
    /// The call.
    pub call_id: CallId,
    /// What.
    pub step: SupervisionStep,
    /// The time.
    pub now: Timestamp,
}

impl Act for SuperviseCall {
    type Out = Stepped;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let (access, tenant, user) = (&self.access, self.access.tenant(), self.access.user());
        let subject = in_view(tx, access, self.call_id).await?;
        let row = loaded(tx, access, self.call_id).await?;
        let mut step = Step::of(row, settings(tx, tenant).await?, Some(user), self.now);
        let call = &mut step.row.call;
        let effects = match self.step {
            SupervisionStep::Enter(mode) => {
                let effects = call.supervise(&cleared(tx, access, subject).await?, mode, self.now)?;
                if people::call_of(tx, tenant, user).await?.is_some() {
                    return Err(Problem::of(ProblemCode::CallInProgress));
                }
                effects
            }
            SupervisionStep::Switch(mode) => call.switch(&cleared(tx, access, subject).await?, mode)?,
            SupervisionStep::Leave => call.leave(user)?,
        };
        if effects.is_empty() {
            return step.nothing(tx).await;
        }
        step.take(effects);
        step.commit_supervision(tx).await
    }
}
