//! `/`: a plain page for builds without the web client. It says so, and where to go instead.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const PAGE: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Casewire</title>
<h1>Casewire</h1>
<p>The server runs. This build has no web client in it.</p>
<ul>
<li>The API is described at <a href=\"/api/openapi.json\">/api/openapi.json</a>.</li>
<li>Its health: <a href=\"/livez\">/livez</a>, <a href=\"/readyz\">/readyz</a>.</li>
<li>The README tells the way of a text with curl.</li>
</ul>
</html>
";

/// The plain page.
pub async fn page() -> Response {
    (
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
            ),
        ],
        PAGE,
    )
        .into_response()
}
