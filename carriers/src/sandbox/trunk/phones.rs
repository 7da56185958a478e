//! What a person or a program does at a handset: it calls, answers, declines and hangs up, each by JSON with a session description of
//! its own where audio begins. The routes stand in [`routes`]; `page.html` describes them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State as Given};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use casewire_core::id::CallId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{FarEnd, PhoneCall, State, Way, Why, take_order, tell};
use crate::sandbox::Shared;
use crate::sandbox::handsets::{Refused, Sandbox, read, refused, sender};
use crate::trunk::{Accepted, LONGEST_SDP, ORDERS, SIGNATURE, TrunkEvent, TrunkFailure, TrunkRefusal, TrunkRequest, verify};

/// A session description and what is around it.
const LARGEST_BODY: usize = 2 * LONGEST_SDP;
/// How long a page waits for news before it asks again.
const NEWS_WITHIN: Duration = Duration::from_secs(20);

/// The routes:
/// - `GET /phones?after=N`: every handset's calls, newest last, as soon as there is something newer than version `N` (20 s at most).
/// - `POST /handsets/{handset}/phone/dial` `{"to": firm's number, "sdp"}`; `…/answer` `{"call", "sdp", "again": whether it is on that call
///   already}`; both with the server's `sdp`. `…/decline` and `…/hang-up` `{"call"}`. 204.
/// - `POST /trunk`: what the server asks, signed.
#[expect(clippy::disallowed_methods, reason = "the sandbox's own table of routes")]
pub(in crate::sandbox) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/phones", get(news))
        .route("/handsets/{handset}/phone/dial", post(dial))
        .route("/handsets/{handset}/phone/answer", post(answer))
        .route("/handsets/{handset}/phone/decline", post(decline))
        .route("/handsets/{handset}/phone/hang-up", post(hang_up))
        .route(ORDERS, post(order))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

fn laid(shared: &Shared) -> Result<&FarEnd, Refused> {
    shared.far_end.get().ok_or_else(|| {
        refused(
            StatusCode::NOT_FOUND,
            "no_trunk",
            "no server with a voice engine is at the other end: handsets only write here",
        )
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewsQuery {
    #[serde(default)]
    after: u64,
}

async fn news(Given(shared): Sandbox, Query(query): Query<NewsQuery>) -> Json<Value> {
    let Some(far_end) = shared.far_end.get() else {
        return Json(json!({"laid": false, "version": 0, "calls": []}));
    };
    let mut changed = far_end.changed.subscribe();
    let newer = changed.wait_for(|version| *version != query.after);
    // Nothing new is an answer as well.
    let version = match tokio::time::timeout(NEWS_WITHIN, newer).await {
        Ok(Ok(version)) => *version,
        Ok(Err(_)) | Err(_) => query.after,
    };
    let calls: Vec<Value> = far_end.phones().calls.iter().map(PhoneCall::shown).collect();
    Json(json!({"laid": true, "version": version, "now": shared.now(), "calls": calls}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DialRequest {
    to: String,
    sdp: String,
}

#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
async fn dial(
    Given(shared): Sandbox,
    Path(handset): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Accepted>), Refused> {
    let far_end = laid(&shared)?;
    let handset = sender(&handset)?.to_owned();
    let request: DialRequest = read(&headers, &body)?;
    if !shared.config.numbers.iter().any(|number| number.number.expose() == request.to) {
        return Err(refused(
            StatusCode::NOT_FOUND,
            "no_such_number",
            "no firm has the number in `to`; see /numbers",
        ));
    }
    if far_end.phones().is_engaged(&handset) {
        return Err(refused(StatusCode::CONFLICT, "engaged", "this handset is on a call already"));
    }
    let event = TrunkEvent::Incoming {
        from: handset.clone(),
        to: request.to.clone(),
        sdp: request.sdp,
    };
    let accepted: Accepted = far_end.trunk.ask(&event, shared.now()).await.map_err(not_taken)?;
    let new = PhoneCall {
        call: accepted.call,
        handset,
        with: request.to,
        way: Way::Out,
        state: State::Calling,
        since: shared.now(),
    };
    far_end.change(|phones| phones.add(new));
    Ok((StatusCode::CREATED, Json(accepted)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerRequest {
    call: CallId,
    sdp: String,
    #[serde(default)]
    again: bool,
}

async fn answer(Given(shared): Sandbox, Path(handset): Path<String>, headers: HeaderMap, body: Bytes) -> Result<Json<Accepted>, Refused> {
    let far_end = laid(&shared)?;
    let request: AnswerRequest = read(&headers, &body)?;
    let call = of_handset(far_end, &handset, request.call)?;
    let may = |state| match (state, request.again) {
        (State::Ringing, _) | (State::Talking, true) => Some(State::Talking),
        (State::Calling, true) => Some(State::Calling),
        (State::Calling | State::Talking, false) | (State::Ended(_), _) => None,
    };
    let before = far_end
        .step(call, shared.now(), may)
        .ok_or_else(|| refused(StatusCode::CONFLICT, "not_ringing", "this call does not ring here any more"))?;
    let event = TrunkEvent::Answered { call, sdp: request.sdp };
    match far_end.trunk.ask(&event, shared.now()).await {
        Ok(accepted) => Ok(Json(accepted)),
        Err(failure) => {
            let after = match failure {
                TrunkFailure::Refused(404 | 409) => State::Ended(Why::FirmHungUp),
                TrunkFailure::Refused(_) | TrunkFailure::NotReached | TrunkFailure::Nonsense | TrunkFailure::Address => before,
            };
            far_end.step(call, shared.now(), |_| Some(after));
            Err(not_taken(failure))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallRequest {
    call: CallId,
}

async fn decline(Given(shared): Sandbox, Path(handset): Path<String>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Refused> {
    let far_end = laid(&shared)?;
    let request: CallRequest = read(&headers, &body)?;
    let call = of_handset(far_end, &handset, request.call)?;
    let ringing = |state| (state == State::Ringing).then_some(State::Ended(Why::Declined));
    far_end
        .step(call, shared.now(), ringing)
        .ok_or_else(|| refused(StatusCode::CONFLICT, "not_ringing", "this call does not ring here any more"))?;
    tell(&shared, TrunkEvent::Declined { call });
    Ok(StatusCode::NO_CONTENT)
}

async fn hang_up(Given(shared): Sandbox, Path(handset): Path<String>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Refused> {
    let far_end = laid(&shared)?;
    let request: CallRequest = read(&headers, &body)?;
    let call = of_handset(far_end, &handset, request.call)?;
    if far_end.step(call, shared.now(), |_| Some(State::Ended(Why::HungUp))).is_some() {
        tell(&shared, TrunkEvent::HungUp { call });
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A call, if it is this handset's.
fn of_handset(far_end: &FarEnd, handset: &str, call: CallId) -> Result<CallId, Refused> {
    let is_theirs = far_end.phones().call(call).is_some_and(|there| there.handset == handset);
    if is_theirs {
        Ok(call)
    } else {
        Err(refused(
            StatusCode::NOT_FOUND,
            "no_such_call",
            "this handset has no such call; see /phones",
        ))
    }
}

fn not_taken(failure: TrunkFailure) -> Refused {
    match failure {
        TrunkFailure::Refused(404) => refused(
            StatusCode::NOT_FOUND,
            "not_in_service",
            "the firm does not take calls at this number",
        ),
        TrunkFailure::Refused(409) => refused(StatusCode::CONFLICT, "over", "the call is over"),
        TrunkFailure::Refused(status) if status < 500 => refused(
            StatusCode::BAD_REQUEST,
            "bad_offer",
            "the firm's server cannot use this session description",
        ),
        TrunkFailure::Refused(_) | TrunkFailure::NotReached | TrunkFailure::Nonsense | TrunkFailure::Address => {
            refused(StatusCode::BAD_GATEWAY, "not_reached", "the firm's server does not answer")
        }
    }
}

/// Only the server at the other end is believed.
async fn order(Given(shared): Sandbox, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Refused> {
    let far_end = laid(&shared)?;
    let request = TrunkRequest {
        path: ORDERS,
        signature: headers.get(SIGNATURE).and_then(|value| value.to_str().ok()),
        body: &body,
    };
    let order = verify(far_end.trunk.key(), &far_end.replays, &request, shared.now()).map_err(|refusal| match refusal {
        TrunkRefusal::Unsigned | TrunkRefusal::BadSignature => {
            refused(StatusCode::FORBIDDEN, "bad_signature", "the trunk's orders are signed")
        }
        TrunkRefusal::Malformed => refused(StatusCode::BAD_REQUEST, "bad_body", "not an order of the trunk"),
    })?;
    take_order(&shared, far_end, order);
    Ok(StatusCode::NO_CONTENT)
}
