//! THE route table: every address of the server is here and nowhere else. A trailing slash is optional everywhere. Handlers
//! are in `api/`, one file per noun; what they are given is in [`crate::state`], how a request is read in [`crate::wire`].

pub mod agents;
pub mod audit;
pub mod audit_export;
pub mod calls;
pub mod case_contacts;
pub mod cases;
pub mod choices;
pub mod colleagues;
pub mod communications;
pub mod contact_roles;
pub mod contacts;
pub mod content;
pub mod conversations;
pub mod counts;
pub mod documents;
pub mod embed;
pub mod exports;
pub mod front;
pub mod health;
pub mod idempotency;
pub mod leads;
pub mod me;
pub mod messages;
pub mod messages_send;
pub mod numbers;
pub mod openapi;
pub mod page;
pub mod phones;
pub mod recordings;
pub mod reports;
pub mod roles;
pub mod search;
pub mod session;
pub mod settings;
pub mod softphones;
pub mod steps;
pub mod supervision;
pub mod tasks;
pub mod teams;
pub mod users;
pub mod walls;
pub mod window_trial;

use std::convert::Infallible;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::{get, post};
use tower::ServiceExt as _;
use tower::util::BoxCloneSyncService;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::openapi::SignedIn;
use crate::lines::twilio::addresses;
use crate::live::subscribe;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;
use crate::telemetry::requests;
use crate::webhooks;
use crate::wire::ReceivedUri;

/// The largest body of a request to the API.
pub const LARGEST_BODY: usize = 1024 * 1024;
/// The largest body of a carrier's webhook.
pub const LARGEST_WEBHOOK: usize = 256 * 1024;

/// The server as one service, from a request to its answer.
pub type Service = BoxCloneSyncService<Request, Response, Infallible>;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Casewire", description = "Texts and calls with every person on a case. A trailing slash is optional in every path."),
    modifiers(&SignedIn),
    components(schemas(
        crate::problem::ProblemBody,
        casewire_core::event::Event,
        calls::CallsView,
        conversations::ViewName,
        conversations::ChannelName,
        tasks::TaskShareName,
        reports::ReportFormat
    )),
)]
struct Description;

/// What people and programs ask for.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(session::show, session::sign_in, session::sign_out))
        .routes(routes!(me::me))
        .routes(routes!(settings::read, settings::change))
        .routes(routes!(window_trial::try_window))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::change))
        .routes(routes!(teams::list, teams::create))
        .routes(routes!(teams::change))
        .routes(routes!(colleagues::list))
        .routes(routes!(roles::list, roles::create))
        .routes(routes!(roles::change, roles::remove))
        .routes(routes!(numbers::list, numbers::create))
        .routes(routes!(numbers::change))
        .routes(routes!(audit::list))
        .routes(routes!(audit::chain))
        .routes(routes!(audit_export::export))
        .routes(routes!(subscribe::subscribe))
        .routes(routes!(cases::list, cases::open))
        .routes(routes!(cases::show, cases::change))
        .routes(routes!(communications::list))
        .routes(routes!(exports::list, exports::create))
        .routes(routes!(exports::show))
        .routes(routes!(exports::file))
        .routes(routes!(case_contacts::list, case_contacts::add))
        .routes(routes!(case_contacts::change, case_contacts::remove))
        .routes(routes!(walls::list, walls::build))
        .routes(routes!(walls::remove))
        .routes(routes!(walls::report))
        .routes(routes!(contact_roles::list, contact_roles::create))
        .routes(routes!(contact_roles::change))
        .routes(routes!(contact_roles::merge))
        .routes(routes!(contact_roles::unmerge))
        .routes(routes!(contacts::list, contacts::create))
        .routes(routes!(contacts::show, contacts::change))
        .routes(routes!(phones::add))
        .routes(routes!(phones::change, phones::remove))
        .routes(routes!(leads::list, leads::create))
        .routes(routes!(leads::show, leads::change))
        .merge(communication())
        .routes(routes!(embed::launch))
        .routes(routes!(embed::begin))
        .routes(routes!(openapi::describe))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

/// What is said between the firm and its people, and what is to follow from it.
fn communication() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(conversations::conversations))
        .routes(routes!(conversations::conversation))
        .routes(routes!(conversations::items))
        .routes(routes!(steps::steps))
        .routes(routes!(counts::counts))
        .routes(routes!(choices::choices))
        .routes(routes!(search::search))
        .routes(routes!(reports::report))
        .routes(routes!(reports::choices))
        .routes(routes!(messages_send::send))
        .routes(routes!(messages_send::retry))
        .routes(routes!(messages::claim))
        .routes(routes!(messages::release))
        .routes(routes!(messages::dismiss))
        .routes(routes!(messages::undismiss))
        .routes(routes!(messages::move_text))
        .routes(routes!(messages::routing))
        .routes(routes!(documents::list, documents::add))
        .routes(routes!(documents::flow))
        .routes(routes!(documents::show))
        .routes(routes!(documents::contents))
        .routes(routes!(documents::flow_of))
        .routes(routes!(documents::media))
        .routes(routes!(tasks::list, tasks::create))
        .routes(routes!(tasks::counts))
        .routes(routes!(tasks::assignees))
        .routes(routes!(tasks::show, tasks::change))
        .routes(routes!(softphones::elect))
        .routes(routes!(softphones::release))
        .routes(routes!(calls::list, calls::start))
        .routes(routes!(calls::show, calls::change))
        .routes(routes!(calls::leg))
        .routes(routes!(supervision::enter, supervision::switch_mode, supervision::leave))
        .routes(routes!(recordings::list))
        .routes(routes!(recordings::audio))
        .routes(routes!(recordings::peaks))
        .routes(routes!(agents::list))
        .routes(routes!(agents::dispositions))
}

/// What carriers send. Not in the API description: the carrier decides its shape.
#[expect(clippy::disallowed_methods, reason = "this is the route table")]
fn webhooks() -> Router<App> {
    Router::new()
        .route(webhooks::twilio::MESSAGES, post(webhooks::twilio::messages))
        .route(webhooks::twilio::STATUS, post(webhooks::twilio::status))
        .route(webhooks::trunk::TRUNK, post(webhooks::trunk::event))
        .route(addresses::VOICE, post(webhooks::twilio_calls::voice))
        .route(addresses::NEXT, post(webhooks::twilio_calls::next))
        .route(addresses::SOUND, post(webhooks::twilio_calls::sound))
        .route(addresses::LEG, post(webhooks::twilio_calls::leg))
        .route(addresses::CONFERENCE, post(webhooks::twilio_calls::conference))
        .route(addresses::RECORDING, post(webhooks::twilio_calls::recording))
        .route(addresses::MESSAGE, post(webhooks::twilio_calls::message))
        .route(
            addresses::RINGING,
            get(webhooks::twilio_calls::ringing).post(webhooks::twilio_calls::ringing),
        )
        .route(
            addresses::TONE,
            get(webhooks::twilio_calls::tone).post(webhooks::twilio_calls::tone),
        )
        .route(webhooks::media::MEDIA, get(webhooks::media::fetch))
        .layer(DefaultBodyLimit::max(LARGEST_WEBHOOK))
}

/// What a person sees who opens the address in a browser.
#[expect(clippy::disallowed_methods, reason = "this is the route table")]
fn front() -> Router<App> {
    let screens = front::SCREENS
        .into_iter()
        .fold(Router::new(), |router, screen| router.route(screen, get(front::screen)));
    screens
        .route("/assets/{name}", get(front::asset))
        .route("/embed.js", get(front::top))
        .route("/embed/cases/{number}", get(embed::page))
        .route("/icon.svg", get(front::top))
}

/// The server over its state.
#[must_use]
pub fn service(app: &App) -> Service {
    let (router, _) = api().split_for_parts();
    let router = router
        .layer(axum::middleware::from_fn_with_state(app.clone(), idempotency::once))
        .merge(webhooks())
        .merge(front())
        .fallback(front::nowhere)
        .method_not_allowed_fallback(|| async { Problem::of(ProblemCode::MethodNotAllowed) })
        .layer(axum::middleware::from_fn_with_state(app.clone(), requests::watch))
        .with_state(app.clone());
    BoxCloneSyncService::new(router.into_service().map_request(without_trailing_slash))
}

/// The description of the API, as `GET /api/openapi.json` and `casewire openapi` give it.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    let mut description = api().split_for_parts().1;
    openapi::name_operations(&mut description);
    description
}

fn without_trailing_slash(mut request: Request) -> Request {
    let received = request.uri().clone();
    let path = received.path().trim_end_matches('/');
    if path.len() < received.path().len() && !path.is_empty() {
        let shorter = received.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        if let Ok(uri) = Uri::try_from(shorter) {
            *request.uri_mut() = uri;
        }
    }
    request.extensions_mut().insert(ReceivedUri(received));
    request
}
