//! `GET /api/omnichannel/counts/`: how much waits in each view of the inbox. The act: `crate::ops::count_conversations`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::caller::Caller;
use crate::ops::count_conversations::{CountConversations, Counts};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::Query;

/// Of what.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountsQuery {
    /// The number of a case, its `mycase_case_id`; everything in the reader's scope unless it is said.
    pub case_id: Option<String>,
}

/// How many conversations each view has: at most 1000, which means 1000 or more; null where the reader may not have the view.
#[derive(Serialize, ToSchema)]
pub struct CountsView {
    /// What waits to be claimed.
    #[schema(required, minimum = 0, maximum = 1000)]
    pub unclaimed: Option<i64>,
    /// Where the reader wrote, or holds a claim.
    #[schema(required, minimum = 0, maximum = 1000)]
    pub mine: Option<i64>,
    /// Senders whom nobody knows; for those who act (`sms:2`).
    #[schema(required, minimum = 0, maximum = 1000)]
    pub unknown: Option<i64>,
    /// What needs attention; for those who oversee (`sms:3`).
    #[schema(required, minimum = 0, maximum = 1000)]
    pub attention: Option<i64>,
    /// What the reader dismissed and nobody claimed.
    #[schema(required, minimum = 0, maximum = 1000)]
    pub dismissed: Option<i64>,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        Self {
            unclaimed: counts.unclaimed,
            mine: counts.mine,
            unknown: counts.unknown,
            attention: counts.attention,
            dismissed: counts.dismissed,
        }
    }
}

/// How many conversations each view has.
#[utoipa::path(get, path = "/api/omnichannel/counts", tag = "omnichannel", params(CountsQuery),
    responses((status = 200, body = CountsView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn counts(State(app): State<App>, caller: Caller, Query(query): Query<CountsQuery>) -> Result<Json<CountsView>, Problem> {
    let act = CountConversations {
        access: caller.access().clone(),
        mycase_case_id: query.case_id,
    };
    Ok(Json(app.store.read(act).await?.into()))
}
