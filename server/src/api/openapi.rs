//! The description of the API, generated from the route table and the types of requests and answers.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::Modify;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, SecurityRequirement};

use crate::auth::cookie;
use crate::problem::{Problem, ProblemCode};

/// The description as JSON.
///
/// # Errors
/// Where it cannot be written, which would be a defect.
pub fn text() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&super::description())
}

/// The description of this API.
#[utoipa::path(get, path = "/api/openapi.json", tag = "description", security(()), responses((status = 200, content_type = "application/json")))]
pub async fn describe() -> Result<impl IntoResponse, Problem> {
    let text = text().map_err(|_| Problem::of(ProblemCode::Internal))?;
    Ok(([(CONTENT_TYPE, "application/json")], text))
}

/// Gives every operation a name of its own, made of method and path: `patch_contacts_by_id`. The handlers' names repeat.
pub(super) fn name_operations(openapi: &mut OpenApi) {
    for (path, item) in &mut openapi.paths.paths {
        let words = path.trim_start_matches("/api").split('/').filter(|word| !word.is_empty());
        let words = words.map(|word| match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(parameter) => format!("by_{parameter}"),
            None => word.replace(['-', '.'], "_"),
        });
        let about = words.collect::<Vec<_>>().join("_");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{about}"));
            }
        }
    }
}

/// How one is signed in: by cookie or by token.
pub(super) struct SignedIn;

impl Modify for SignedIn {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(cookie::NAME)));
        components.add_security_scheme("cookie", cookie);
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("token", bearer);
        let nothing: [&str; 0] = [];
        openapi.security = Some(vec![
            SecurityRequirement::new("cookie", nothing),
            SecurityRequirement::new("token", nothing),
        ]);
    }
}
