//! The acts that follow a change of rights: which calls are under way, and who on one of them may not be there any more. The agent's
//! call ends, or goes to the machine; a supervisor is off it; each with its line in the audit, in the same transaction.

use casewire_core::access::Tenant;
use casewire_core::calls::{Clearance, Effect};
use casewire_core::event::CallCause;
use casewire_core::id::{CallId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::calls::{self, view};
use casewire_store::{Act, StoreError, Tx, access};

use super::calls::{Step, Stepped, Subject, clearance, may_act, settings};
use crate::problem::Problem;

/// Lists the calls under way.
pub struct ListUnderWay {
    /// Whose.
    pub tenant: Tenant,
}

impl Act for ListUnderWay {
    type Out = Vec<CallId>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<CallId>, StoreError> {
        calls::under_way(tx, self.tenant).await
    }
}

/// Lists the calls under way on a line, of every organization.
pub struct ListOnLine(pub &'static str);

impl Act for ListOnLine {
    type Out = Vec<(Tenant, CallId)>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        calls::on_line(tx, self.0).await
    }
}

/// Takes off a call whoever may not be there any more.
#[derive(Clone)]
pub struct RecheckCall {
    /// Whose.
    pub tenant: Tenant,
    /// The call.
    pub call_id: CallId,
    /// The time.
    pub now: Timestamp,
}

impl Act for RecheckCall {
    type Out = Stepped;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let row = calls::load(tx, self.tenant, self.call_id).await?.ok_or_else(Problem::not_found)?;
        let subject = view::subject(tx, self.tenant, self.call_id).await?.ok_or_else(Problem::not_found)?;
        let mut step = Step::of(row, settings(tx, self.tenant).await?, None, self.now);
        let mut effects: Vec<Effect> = Vec::new();
        let mut agents: Vec<UserId> = step.row.transfer_to().into_iter().collect();
        agents.extend(step.row.call.agent());
        for agent in agents {
            if !self.may_be_agent(tx, agent, subject).await? {
                effects.extend(step.row.call.revoke_agent(agent, self.now));
            }
        }
        let is_of_agents = !effects.is_empty();
        let cleared = self.cleared(tx, &step, subject).await?;
        effects.extend(step.row.call.recheck(&cleared));
        if effects.is_empty() {
            return step.nothing(tx).await;
        }
        step.take(effects);
        if !is_of_agents {
            return step.commit_supervision(tx).await;
        }
        let cause = if step.row.has_ended() { CallCause::Ended } else { CallCause::Rang };
        step.commit(tx, cause, Some("revoke_agent")).await
    }
}

impl RecheckCall {
    async fn may_be_agent(&self, tx: &mut Tx, user: UserId, subject: Subject) -> Result<bool, StoreError> {
        match access::of_user(tx, self.tenant, user).await? {
            Some(access) => may_act(tx, &access, subject).await,
            None => Ok(false),
        }
    }

    async fn cleared(&self, tx: &mut Tx, step: &Step, subject: Subject) -> Result<Vec<Clearance>, StoreError> {
        let mut cleared = Vec::new();
        for supervisor in step.row.call.supervisors() {
            if let Some(access) = access::of_user(tx, self.tenant, supervisor.user).await? {
                cleared.extend(clearance(tx, &access, subject).await?);
            }
        }
        Ok(cleared)
    }
}
