//! The outside party: handsets that write to the firm's numbers and get its texts, faults, the clock, and the page with all of
//! them. For programs and for people; read `page.html` for the description of each route. JSON only, unknown fields refused.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Shared;
use super::faults::FaultRequest;
use super::messages::{self, FromHandset};
use super::world::{MediaSource, Message, Status, Way};

/// Texts with pictures in them fit in.
const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// The longest sender there is: a browser's name, `client:` and the 121 characters that Twilio allows.
const LONGEST_SENDER: usize = 128;
/// A year.
const LONGEST_ADVANCE: u64 = 366 * 24 * 3600;

pub(super) type Sandbox = State<Arc<Shared>>;

/// All routes that are not Twilio's.
#[expect(clippy::disallowed_methods, reason = "the sandbox's own table of routes")]
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", page("text/html; charset=utf-8", include_str!("page.html")))
        .route("/handsets.js", page("text/javascript; charset=utf-8", include_str!("page.js")))
        .route("/phone.js", page("text/javascript; charset=utf-8", include_str!("phone.js")))
        .route("/handsets.css", page("text/css; charset=utf-8", include_str!("page.css")))
        .route("/handsets", get(list_handsets))
        .route("/handsets/{handset}/messages", get(list_texts).post(write_text))
        .route("/numbers", get(list_numbers))
        .route("/faults", post(add_fault).get(list_faults).delete(clear_faults))
        .route("/clock", get(read_clock).post(advance_clock))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

fn page(content_type: &'static str, text: &'static str) -> MethodRouter<Arc<Shared>> {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    get(move || async move {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (headers, text)
    })
}

/// A problem document (RFC 9457).
pub(super) struct Refused {
    status: StatusCode,
    code: &'static str,
    detail: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Problem");
        let body = json!({"type": "about:blank", "title": title, "status": self.status.as_u16(), "code": self.code, "detail": self.detail});
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}

pub(super) fn refused(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Refused {
    Refused {
        status,
        code,
        detail: detail.into(),
    }
}

/// A JSON body. Another content type is refused, so that no other site's page can write here.
pub(super) fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Refused> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !content_type
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    {
        return Err(refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "send the body as application/json",
        ));
    }
    serde_json::from_slice(body).map_err(|error| refused(StatusCode::BAD_REQUEST, "bad_body", error.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextRequest {
    to: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    media: Vec<String>,
}

#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
async fn write_text(
    State(shared): Sandbox,
    Path(handset): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refused> {
    let handset = sender(&handset)?;
    let request: TextRequest = read(&headers, &body)?;
    let number = shared.config.numbers.iter().find(|number| number.number.expose() == request.to);
    let number = number.ok_or_else(|| {
        refused(
            StatusCode::NOT_FOUND,
            "no_such_number",
            "no firm has the number in `to`; see /numbers",
        )
    })?;
    if request.body.is_empty() && request.media.is_empty() {
        return Err(refused(StatusCode::BAD_REQUEST, "empty_text", "a text has a `body` or `media`"));
    }
    let media = request.media.into_iter().map(messages::linked_media).collect::<Result<Vec<_>, _>>();
    let media = media.map_err(|_| {
        refused(
            StatusCode::BAD_REQUEST,
            "bad_media",
            "`media` holds http, https or base64 data addresses",
        )
    })?;
    let text = FromHandset {
        from: handset,
        number,
        body: &request.body,
        media,
    };
    match messages::receive(&shared, text) {
        Ok(message) => Ok((StatusCode::CREATED, Json(shown(&message)))),
        Err(_) => Err(refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "there is no randomness for an id",
        )),
    }
}

/// A number, a short code or a name, as the network lets it through.
pub(super) fn sender(handset: &str) -> Result<&str, Refused> {
    let plain = !handset.is_empty() && handset.len() <= LONGEST_SENDER && handset.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if plain {
        Ok(handset)
    } else {
        Err(refused(
            StatusCode::BAD_REQUEST,
            "bad_handset",
            "a handset is a number such as +15551230001, a short code or a name",
        ))
    }
}

async fn list_texts(State(shared): Sandbox, Path(handset): Path<String>) -> Result<Json<Value>, Refused> {
    let handset = sender(&handset)?;
    let world = shared.world();
    let texts: Vec<Value> = world
        .oldest_first()
        .filter(|message| handset_of(message) == Some(handset))
        .map(shown)
        .collect();
    Ok(Json(json!({"handset": handset, "messages": texts})))
}

/// The handset that has the text: the one that wrote it, or the one that it was delivered to.
fn handset_of(message: &Message) -> Option<&str> {
    match (message.way, message.status) {
        (Way::Inbound, _) => Some(&message.from),
        (Way::OutboundApi | Way::OutboundReply, Status::Delivered) => Some(&message.to),
        (Way::OutboundApi | Way::OutboundReply, _) => None,
    }
}

fn shown(message: &Message) -> Value {
    let media: Vec<Value> = message
        .media
        .iter()
        .map(|item| match &item.source {
            MediaSource::At(url) => json!({"content_type": item.content_type, "url": url}),
            MediaSource::Held(held) => {
                json!({"content_type": item.content_type, "url": format!("data:{};base64,{held}", item.content_type)})
            }
        })
        .collect();
    json!({
        "sid": message.sid,
        "direction": message.way.as_str(),
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "media": media,
        "status": message.status.as_str(),
        "at": message.sent_at.unwrap_or(message.created_at),
    })
}

#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
async fn list_handsets(State(shared): Sandbox) -> Json<Value> {
    let mut handsets: Vec<(String, Option<String>, usize)> = Vec::new();
    handsets.extend(
        shared
            .config
            .handsets
            .iter()
            .map(|handset| (handset.number.expose().to_owned(), Some(handset.label.clone()), 0)),
    );
    let world = shared.world();
    let mut places: std::collections::HashMap<String, usize> = handsets
        .iter()
        .enumerate()
        .map(|(place, (number, ..))| (number.clone(), place))
        .collect();
    for handset in world.oldest_first().filter_map(handset_of) {
        let place = *places.entry(handset.to_owned()).or_insert_with(|| {
            handsets.push((handset.to_owned(), None, 0));
            handsets.len() - 1
        });
        if let Some((.., texts)) = handsets.get_mut(place) {
            *texts += 1;
        }
    }
    let handsets: Vec<Value> = handsets
        .into_iter()
        .map(|(number, label, texts)| json!({"number": number, "label": label, "messages": texts}))
        .collect();
    Json(json!({"handsets": handsets}))
}

#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
async fn list_numbers(State(shared): Sandbox) -> Json<Value> {
    let numbers: Vec<Value> = shared
        .config
        .numbers
        .iter()
        .map(|number| json!({"number": number.number.expose(), "account_sid": number.account_sid, "sms_url": number.sms_url}))
        .collect();
    Json(json!({"numbers": numbers}))
}

async fn add_fault(State(shared): Sandbox, headers: HeaderMap, body: Bytes) -> Result<(StatusCode, Json<Value>), Refused> {
    let request: FaultRequest = read(&headers, &body)?;
    let fault = shared
        .world()
        .faults
        .add(request)
        .map_err(|detail| refused(StatusCode::BAD_REQUEST, "bad_fault", detail))?;
    Ok((StatusCode::CREATED, Json(json!(fault))))
}

async fn list_faults(State(shared): Sandbox) -> Json<Value> {
    Json(json!({"faults": shared.world().faults.all()}))
}

async fn clear_faults(State(shared): Sandbox) -> StatusCode {
    shared.world().faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    advance_seconds: u64,
}

async fn read_clock(State(shared): Sandbox) -> Json<Value> {
    Json(json!({"now": shared.now(), "can_be_advanced": shared.config.clock_control.is_some()}))
}

async fn advance_clock(State(shared): Sandbox, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, Refused> {
    let request: ClockRequest = read(&headers, &body)?;
    let Some(control) = &shared.config.clock_control else {
        return Err(refused(
            StatusCode::CONFLICT,
            "clock_is_fixed",
            "this sandbox's clock cannot be moved",
        ));
    };
    if request.advance_seconds > LONGEST_ADVANCE {
        return Err(refused(StatusCode::BAD_REQUEST, "bad_body", "`advance_seconds` is at most a year"));
    }
    control(Duration::from_secs(request.advance_seconds));
    Ok(Json(json!({"now": shared.now(), "can_be_advanced": true})))
}
