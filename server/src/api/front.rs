//! What a browser opens: the web client's pages and files, and a plain page where a build has no web client in it. The pages are
//! the same for everybody and hold nothing of anybody: what they show they ask the API for.

use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::state::App;
use crate::web;

/// The addresses of the client's screens. Whatever else a browser opens is told by the client that it does not exist.
pub const SCREENS: [&str; 21] = [
    "/",
    "/sign-in",
    "/inbox",
    "/cases",
    "/cases/{number}",
    "/cases/{number}/activity",
    "/cases/{number}/communications",
    "/contacts",
    "/contacts/{id}",
    "/leads",
    "/leads/{id}",
    "/search",
    "/reports",
    "/reports/{name}",
    "/phone",
    "/supervisor",
    "/tasks",
    "/audit",
    "/admin",
    "/admin/{part}",
    "/settings",
];

const PLAIN: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Casewire</title>
<h1>Casewire</h1>
<p>The server runs. This build has no web client in it: <code>npm ci --ignore-scripts</code> and <code>npm run build</code> in
<code>web/</code> make it, and <code>cargo xtask demo</code> does so by itself.</p>
<ul>
<li>The API is described at <a href=\"/api/openapi.json\">/api/openapi.json</a>.</li>
<li>Its health: <a href=\"/livez\">/livez</a>, <a href=\"/readyz\">/readyz</a>.</li>
<li>The README tells the way of a text with curl.</li>
</ul>
</html>
";

/// The plain page.
#[must_use]
pub fn plain() -> Response {
    (
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
            ),
        ],
        PLAIN,
    )
        .into_response()
}

/// A screen of the client.
pub async fn screen(State(app): State<App>, headers: HeaderMap) -> Response {
    web::page_with("index.html", web::NO_FRAMES, app.config.voice_gateway(), &headers)
}

/// A file whose name holds a hash of what is in it.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    web::asset(&name, &headers)
}

/// A file at the top whose name stays.
pub async fn top(uri: Uri, headers: HeaderMap) -> Response {
    web::changing(uri.path().trim_start_matches('/'), &headers)
}

/// What is nowhere: a person in a browser sees the client's own page for that, a program a problem.
pub async fn nowhere(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_programs = ["/api", "/ws", "/webhooks", "/assets"]
        .iter()
        .any(|start| uri.path().starts_with(start));
    if method == Method::GET && accepts.contains("text/html") && !is_programs && web::is_built() {
        let mut answer = web::page_with("index.html", web::NO_FRAMES, app.config.voice_gateway(), &HeaderMap::new());
        *answer.status_mut() = StatusCode::NOT_FOUND;
        return answer;
    }
    Problem::not_found().into_response()
}
