//! `GET /api/omnichannel/conversations/{id}/steps/`: what happened beside the texts. The act: `crate::ops::list_steps`.

use axum::Json;
use axum::extract::State;
use casewire_core::id::{ConversationId, MessageId, StepId};
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use casewire_store::step_lines::{Line, LineKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::list_steps::ListSteps;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Listing, Path};

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepType {
    /// A text was claimed.
    Claimed,
    /// A claim was taken back.
    Released,
    /// A text was moved, into the conversation or out of it.
    Moved,
    /// The person came on the case.
    Linked,
    /// The person left the case.
    Unlinked,
    /// The person has another role on the case.
    RoleChanged,
}

/// A line between the texts of a conversation.
#[derive(Serialize, ToSchema)]
pub struct StepLineView {
    /// Its id.
    pub id: StepId,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub r#type: StepType,
    /// By whom; null where nobody was asked, as in an import.
    #[schema(required)]
    pub user: Option<UserRef>,
    /// The text, where it is about one.
    #[schema(required)]
    pub message_id: Option<MessageId>,
    /// The number of the case that the text left; null where the reader may not know of it.
    #[schema(required)]
    pub from_case: Option<String>,
    /// The number of the case that the text came to; null where the reader may not know of it.
    #[schema(required)]
    pub to_case: Option<String>,
    /// The role as of then, where it is about who is on the case.
    #[schema(required)]
    pub role: Option<String>,
}

impl From<Line> for StepLineView {
    fn from(line: Line) -> Self {
        Self {
            id: line.id,
            at: line.at,
            r#type: match line.kind {
                LineKind::Claimed => StepType::Claimed,
                LineKind::Released => StepType::Released,
                LineKind::Moved => StepType::Moved,
                LineKind::Linked => StepType::Linked,
                LineKind::Unlinked => StepType::Unlinked,
                LineKind::RoleChanged => StepType::RoleChanged,
            },
            user: line.user,
            message_id: line.message_id,
            from_case: line.from_case,
            to_case: line.to_case,
            role: line.role,
        }
    }
}

/// What happened beside the texts of a conversation: the newest 200 lines, oldest first. All there are come at once.
#[utoipa::path(get, path = "/api/omnichannel/conversations/{id}/steps", tag = "omnichannel", params(("id" = ConversationId, Path)),
    responses((status = 200, body = Listing<StepLineView>), (status = 404, body = ProblemBody)))]
pub async fn steps(State(app): State<App>, caller: Caller, Path(id): Path<ConversationId>) -> Result<Json<Listing<StepLineView>>, Problem> {
    let act = ListSteps {
        access: caller.access().clone(),
        id,
    };
    let lines = app.store.read(act).await?;
    Ok(Json(Listing::whole(lines.into_iter().map(StepLineView::from).collect())))
}
