//! The route of the live socket: whoever is signed in gets one. Refuses a `since` that is no number; pages of
//! other sites are refused where the caller is found.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use serde::Deserialize;

use super::socket;
use crate::auth::caller::Caller;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;
use crate::wire::Query;

/// From where a live stream goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubscribeQuery {
    /// The number of the last event that the client has; without it the stream begins with what happens next.
    #[param(value_type = Option<i64>, minimum = 0)]
    since: Option<String>,
}

/// Events as they happen, over a WebSocket: one JSON object per text frame.
///
/// The first frame is `hello {head, seq}`: the newest event, and after which one this stream goes on. Then come events
/// `{seq, at, type, …}`, each once and in order, gaps being what the reader may not see. `head {head}` says that everything up to
/// there has been sent: resume from it. `reset {head}` says that what was asked for cannot be resumed (too old, or in the future):
/// read everything anew. So does `access_changed`, an event or a frame without a number: what may be read grew or shrank.
///
/// A browser that has a token instead of a cookie asks for the protocols `casewire` and `bearer.` with the token; the answer is `casewire`.
///
/// Close codes: 4401 signed out, expired or deactivated; 4408 too slow or silent, resume from the last `seq`; 1001 the server
/// stops, 1013 its database is away: try again. What a client sends is ignored; it must answer pings.
#[utoipa::path(
    get,
    path = "/ws/omnichannel",
    tag = "live",
    params(SubscribeQuery),
    responses(
        (status = 101, description = "The stream begins"),
        (status = 401, description = "Nobody is signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "The page is of another site", body = crate::problem::ProblemBody),
        (status = 422, description = "`since` is no number, or no WebSocket was asked for", body = crate::problem::ProblemBody),
    )
)]
pub async fn subscribe(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<SubscribeQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let since = query.since.as_deref().map(number).transpose()?;
    let upgrade = upgrade.map_err(|_| {
        Problem::new(
            ProblemCode::InvalidQuery,
            "This address speaks WebSocket alone: ask for an upgrade.",
        )
    })?;
    let seat = app.hub.enter(caller.tenant()).await?;
    Ok(socket::accept(upgrade, seat, caller.sign_in(), since))
}

/// A number of an event. One with more digits than any event will have lies in the future like others.
fn number(since: &str) -> Result<i64, Problem> {
    if since.is_empty() || !since.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::new(
            ProblemCode::InvalidQuery,
            "`since` is the number of an event, 0 or more.",
        ));
    }
    Ok(since.parse().unwrap_or(i64::MAX))
}
