//! Twilio's webhooks about calls, one address for each kind: `voice` asks what a call or a browser shall do and `next` what a leg does
//! next, `sound` what is played; `leg`, `conference`, `recording` and `message` tell. Each takes its own verified type. What is told twice
//! is answered alike and does nothing; what is asked twice is answered as the call stands.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casewire_carriers::twilio::call_webhook::{
    Caller, ConferenceEvent, LegStatus, MessageTaken, NextAsked, RecordingStatus, SoundAsked, VoiceRequest,
};
use casewire_carriers::twilio::twiml::{CONTENT_TYPE, RejectReason, Step, Twiml};
use casewire_carriers::twilio::webhook::FromSigned;
use casewire_core::access::Tenant;
use casewire_core::id::{CallLegId, CallOrderId, OrganizationId};
use casewire_core::phone::{Address, E164};
use casewire_core::settings::calls::Announcement;
use casewire_store::mint;

use super::storable_address;
use super::twilio::{FindOwner, answer, believed};
use crate::lines::twilio::addresses::{Addresses, announcement_word};
use crate::lines::twilio::{NAME, documents, identity, sounds};
use crate::ops::twilio_calls::carry_out::TakeKeys;
use crate::ops::twilio_calls::commit;
use crate::ops::twilio_calls::enter::{EnterCall, FindPlace, Place, TakeCall};
use crate::ops::twilio_calls::hear::{HearConference, HearLeg, HearMessage, HearRecording, Taken};
use crate::problem::{Problem, ProblemCode};
use crate::state::App;
use crate::wire::ReceivedUri;

/// A request as it came, with what is needed to believe it.
type Came = (Method, Extension<ReceivedUri>, HeaderMap, Result<Bytes, BytesRejection>);

/// Somebody calls, or a browser comes in.
pub async fn voice(
    State(app): State<App>,
    method: Method,
    uri: Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let outcome = match read::<VoiceRequest>(&app, (method, uri, headers, body)) {
        Ok(request) => take(&app, request).await,
        Err(problem) => Err(problem),
    };
    document(&app, "voice", outcome)
}

/// A leg asks what it does next.
pub async fn next(
    State(app): State<App>,
    method: Method,
    uri: Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let organization = organization_of(&uri.0);
    let outcome = match (read::<NextAsked>(&app, (method, uri, headers, body)), organization) {
        (Ok(asked), Some(organization)) => find_place(&app, organization, asked).await,
        (Ok(_), None) => Ok(documents::nothing()),
        (Err(problem), _) => Err(problem),
    };
    document(&app, "next", outcome)
}

/// What is to be played is fetched.
pub async fn sound(
    State(app): State<App>,
    method: Method,
    uri: Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let organization = organization_of(&uri.0);
    let outcome = match (read::<SoundAsked>(&app, (method, uri, headers, body)), organization) {
        (Ok(asked), Some(organization)) => play(&app, organization, asked).await,
        (Ok(_), None) => Ok(Twiml::default()),
        (Err(problem), _) => Err(problem),
    };
    document(&app, "sound", outcome)
}

/// How far a leg got.
pub async fn leg(
    State(app): State<App>,
    method: Method,
    uri: Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (organization, now) = (organization_of(&uri.0), app.clock.now());
    let outcome = match (read::<LegStatus>(&app, (method, uri, headers, body)), organization) {
        (Ok(status), Some(organization)) => commit(&app, organization, HearLeg { organization, status, now }).await,
        (Ok(_), None) => Ok(Taken::Stray),
        (Err(problem), _) => Err(problem),
    };
    told(&app, "leg", outcome)
}

/// What happened in a conference.
pub async fn conference(
    State(app): State<App>,
    method: Method,
    uri: Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (organization, now) = (organization_of(&uri.0), app.clock.now());
    let outcome = match (read::<ConferenceEvent>(&app, (method, uri, headers, body)), organization) {
        (Ok(event), Some(organization)) => commit(&app, organization, HearConference { organization, event, now }).await,
        (Ok(_), None) => Ok(Taken::Stray),
        (Err(problem), _) => Err(problem),
    };
    told(&app, "conference", outcome)
}

/// How far a recording is.
pub async fn recording(
    State(app): State<App>,
    method: Method,
    uri: Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (organization, now) = (organization_of(&uri.0), app.clock.now());
    let outcome = match (read::<RecordingStatus>(&app, (method, uri, headers, body)), organization) {
        (Ok(status), Some(organization)) => commit(&app, organization, HearRecording { organization, status, now }).await,
        (Ok(_), None) => Ok(Taken::Stray),
        (Err(problem), _) => Err(problem),
    };
    told(&app, "recording", outcome)
}

/// A message was taken: the call is over with it.
pub async fn message(
    State(app): State<App>,
    method: Method,
    uri: Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (organization, now) = (organization_of(&uri.0), app.clock.now());
    let outcome = match (read::<MessageTaken>(&app, (method, uri, headers, body)), organization) {
        (Ok(message), Some(organization)) => {
            commit(
                &app,
                organization,
                HearMessage {
                    organization,
                    message,
                    now,
                },
            )
            .await
        }
        (Ok(_), None) => Ok(Taken::Stray),
        (Err(problem), _) => Err(problem),
    };
    document(&app, "message", outcome.map(|_| documents::nothing()))
}

/// What a caller hears until somebody takes the call. The same for everybody, so nothing is signed.
pub async fn ringing() -> Response {
    wav(sounds::ringing())
}

/// The tone before a recording.
pub async fn tone() -> Response {
    wav(sounds::tone())
}

fn wav(sound: &'static [u8]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "audio/wav"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, sound).into_response()
}

fn read<T: FromSigned>(app: &App, came: Came) -> Result<T, Problem> {
    let (method, Extension(uri), headers, body) = came;
    believed::<T>(app, &method, &uri, &headers, body).map(casewire_carriers::twilio::webhook::Verified::into_inner)
}

fn document(app: &App, kind: &'static str, outcome: Result<Twiml, Problem>) -> Response {
    let (word, xml) = match outcome {
        Ok(document) => (Ok("answered"), document.to_xml()),
        Err(problem) => (Err(problem), String::new()),
    };
    answer(app, kind, word, || ([(header::CONTENT_TYPE, CONTENT_TYPE)], xml).into_response())
}

fn told(app: &App, kind: &'static str, outcome: Result<Taken, Problem>) -> Response {
    answer(app, kind, outcome.map(Taken::as_str), || StatusCode::NO_CONTENT.into_response())
}

/// The organization in an address that we gave out.
fn organization_of(uri: &ReceivedUri) -> Option<OrganizationId> {
    let query = uri.0.query().unwrap_or_default();
    query.split('&').find_map(|pair| pair.strip_prefix("o=")?.parse().ok())
}

async fn take(app: &App, request: VoiceRequest) -> Result<Twiml, Problem> {
    if app.lines.named(NAME).is_none() {
        return Ok(Twiml::of(Step::Reject(RejectReason::Rejected)));
    }
    let VoiceRequest { leg, account, caller } = request;
    let (from, to) = match caller {
        Caller::Client { identity, hints, .. } => {
            let (who, call) = (
                identity::read(&identity),
                hints.get(identity::CALL).and_then(|call| call.parse().ok()),
            );
            let (Some(who), Some(call)) = (who, call) else {
                return Ok(documents::nothing());
            };
            let act = EnterCall {
                organization: who.organization,
                user: who.user,
                call,
                softphone: hints.get(identity::SOFTPHONE).cloned(),
                leg,
                account,
                now: app.clock.now(),
            };
            let place = commit(app, who.organization, act).await?;
            return Ok(shown(app, who.organization, &place));
        }
        Caller::Outside { from, to, .. } => (from, to),
    };
    call_in(app, account, leg, from, to).await
}

/// Somebody calls one of the firm's numbers.
async fn call_in(app: &App, account: String, leg: casewire_carriers::calls::LegId, from: Address, to: E164) -> Result<Twiml, Problem> {
    let Some(number) = app.store.read(FindOwner(to)).await? else {
        tracing::warn!(%leg, "a call came to a number that no organization owns");
        return Ok(Twiml::of(Step::Reject(RejectReason::Rejected)));
    };
    if number.account_sid != account {
        return Err(Problem::of(ProblemCode::ForeignAccount));
    }
    let organization = number.organization;
    let act = TakeCall {
        number,
        from: storable_address(from),
        leg,
        id: mint(),
        found: None,
        now: app.clock.now(),
    };
    let place = commit(app, organization, act).await?;
    Ok(shown(app, organization, &place))
}

async fn find_place(app: &App, organization: OrganizationId, asked: NextAsked) -> Result<Twiml, Problem> {
    let label: Option<CallLegId> = asked.label.as_deref().and_then(|label| label.parse().ok());
    let Some(leg) = label else { return Ok(documents::nothing()) };
    let act = FindPlace {
        organization,
        leg,
        sid: asked.leg,
        now: app.clock.now(),
    };
    let place = commit(app, organization, act).await?;
    Ok(shown(app, organization, &place))
}

fn shown(app: &App, organization: OrganizationId, place: &Place) -> Twiml {
    let addresses = addresses(app, organization);
    match place {
        Place::None => documents::nothing(),
        Place::Outside { row, leg, machine } => documents::for_outside(&addresses, row, *leg, *machine),
        Place::Agent { row, leg } => documents::for_agent(&addresses, row, *leg),
        Place::Supervisor { row, leg, agent } => documents::for_supervisor(&addresses, row, *leg, agent.clone()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the address that was signed names the organization, whose order is looked for there"
)]
async fn play(app: &App, organization: OrganizationId, asked: SoundAsked) -> Result<Twiml, Problem> {
    let label = asked.label.unwrap_or_default();
    for announcement in [Announcement::Spoken, Announcement::Tone] {
        if label == announcement_word(announcement) {
            return Ok(documents::announcement(announcement, &addresses(app, organization)));
        }
    }
    let Ok(order) = label.parse::<CallOrderId>() else {
        return Ok(Twiml::default());
    };
    let tenant = Tenant::of_row(organization);
    let keys = app.store.write(organization, TakeKeys { tenant, order }).await?;
    Ok(keys.map_or_else(Twiml::default, |keys| Twiml::of(Step::Keys(keys))))
}

fn addresses(app: &App, organization: OrganizationId) -> Addresses<'_> {
    Addresses {
        public: &app.config.public_address,
        organization,
    }
}
