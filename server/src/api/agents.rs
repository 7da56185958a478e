//! Agents and what calls can come to: `GET /api/agents/` says who could take a call, `GET /api/call-dispositions/` what an agent can say
//! came of one.

use axum::Json;
use axum::extract::State;
use casewire_core::access::{Level, Resource};
use casewire_core::id::CallId;
use casewire_core::settings::calls::Disposition;
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::list_agents::{Busy, ListAgents, ShownAgent};
use crate::ops::settings::ReadSettings;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::Listing;

/// What an agent does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
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

/// An agent.
#[derive(Serialize, ToSchema)]
pub struct AgentView {
    /// Who.
    pub user: UserRef,
    /// What they do.
    pub status: AgentStatus,
    /// Since when; none where they are offline.
    pub since: Option<Timestamp>,
    /// The call that they are on, where the reader may supervise it.
    pub call_id: Option<CallId>,
}

impl From<ShownAgent> for AgentView {
    fn from(agent: ShownAgent) -> Self {
        Self {
            user: agent.user,
            status: match agent.busy {
                Busy::Offline => AgentStatus::Offline,
                Busy::Available => AgentStatus::Available,
                Busy::Ringing => AgentStatus::Ringing,
                Busy::OnCall => AgentStatus::OnCall,
                Busy::WrapUp => AgentStatus::WrapUp,
            },
            since: agent.since,
            call_id: agent.call_id,
        }
    }
}

/// The agents of the organization, by name: `calls:2`.
#[utoipa::path(get, path = "/api/agents", tag = "calls", responses((status = 200, body = Listing<AgentView>), (status = 403, body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Listing<AgentView>>, Problem> {
    let act = ListAgents {
        access: caller.access().clone(),
        now: app.clock.now(),
    };
    let agents = app.store.read(act).await?;
    Ok(Json(Listing::whole(agents.into_iter().map(AgentView::from).collect())))
}

/// What an agent can say came of a call, in the organization's order: `calls:1`.
#[utoipa::path(get, path = "/api/call-dispositions", tag = "calls",
    responses((status = 200, body = Listing<Disposition>), (status = 403, body = ProblemBody)))]
pub async fn dispositions(State(app): State<App>, caller: Caller) -> Result<Json<Listing<Disposition>>, Problem> {
    let permit = caller.office(Resource::Calls, Level::See)?;
    let organization = app.store.read(ReadSettings(permit)).await?;
    Ok(Json(Listing::whole(organization.settings.calls.dispositions)))
}
