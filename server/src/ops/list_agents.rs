//! The act that says who is there to take a call: agents by name, whether a softphone of theirs is ready, and what they do. Which call
//! somebody is on is said to who may supervise it.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::calls::CallStatus;
use casewire_core::id::CallId;
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use casewire_store::calls::people::{self, Agent};
use casewire_store::{Act, Tx};

use super::calls::clearance;
use crate::problem::Problem;

/// Lists the agents.
pub struct ListAgents {
    /// The rights of who asks.
    pub access: Access,
    /// The time.
    pub now: Timestamp,
}

/// What an agent does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// No softphone of theirs is ready.
    Offline,
    /// They could take a call.
    Available,
    /// A call rings, at them or at the other side.
    Ringing,
    /// They are on a call.
    OnCall,
    /// They note what came of one.
    WrapUp,
}

/// An agent, as one is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAgent {
    /// Who.
    pub user: UserRef,
    /// What they do.
    pub busy: Busy,
    /// Since when.
    pub since: Option<Timestamp>,
    /// The call that they are on, where the reader may supervise it.
    pub call_id: Option<CallId>,
}

impl Act for ListAgents {
    type Out = Vec<ShownAgent>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<ShownAgent>, Problem> {
        let access = &self.access;
        access.office(Resource::Calls, Level::Act)?;
        let agents = people::agents(tx, access.tenant(), self.now).await?;
        let mut shown = Vec::with_capacity(agents.len());
        for agent in agents {
            let call_id = match &agent.call {
                Some(call) if clearance(tx, access, call.subject).await?.is_some() => Some(call.id),
                Some(_) | None => None,
            };
            let (busy, since) = busy(&agent);
            shown.push(ShownAgent {
                user: agent.user,
                busy,
                since,
                call_id,
            });
        }
        Ok(shown)
    }
}

fn busy(agent: &Agent) -> (Busy, Option<Timestamp>) {
    match (&agent.call, agent.wrapping_up_since, agent.online_since) {
        (Some(call), _, _) if call.status == CallStatus::InProgress.as_str() && !call.is_handed_over => {
            (Busy::OnCall, call.answered_at.or(Some(call.started_at)))
        }
        (Some(call), _, _) => (Busy::Ringing, Some(call.started_at)),
        (None, _, None) => (Busy::Offline, None),
        (None, Some(since), Some(_)) => (Busy::WrapUp, Some(since)),
        (None, None, Some(since)) => (Busy::Available, Some(since)),
    }
}
