//! [`Caller`]: the signed-in, active user behind a request, with their rights as they are in this moment: one statement on every
//! request and no cache, so that a right that is taken away is gone with the next request.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use axum::http::request::Parts;
use casewire_core::access::{Access, Level, OfficePermit, Resource, Tenant};
use casewire_core::id::{OrganizationId, SessionId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::sign_ins::{self, SignInKind, SignedIn};
use casewire_store::{Act, StoreError, Tx};

use super::{cookie, origin, secret};
use crate::problem::{Problem, ProblemCode};
use crate::state::App;
use crate::telemetry::requests::RequestNotes;

/// A use is noted at most this often.
const NOTED_EVERY: Duration = Duration::from_secs(300);

/// The signed-in, active user behind a request. As an argument of a handler it refuses strangers with 401.
#[derive(Debug, Clone)]
pub struct Caller(Arc<SignedIn>);

impl Caller {
    /// What the user may do now.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.0.access
    }

    /// The organization.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.0.access.organization()
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.0.access.user()
    }

    /// The proof that an act works within this user's organization.
    #[must_use]
    pub fn tenant(&self) -> Tenant {
        self.0.access.tenant()
    }

    /// The sign-in or token.
    #[must_use]
    pub fn sign_in(&self) -> SessionId {
        self.0.id
    }

    /// By what the user is signed in.
    #[must_use]
    pub fn kind(&self) -> SignInKind {
        self.0.kind
    }

    /// The user's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.user_name
    }

    /// The user's e-mail address.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.0.email
    }

    /// The name of the organization.
    #[must_use]
    pub fn organization_name(&self) -> &str {
        &self.0.organization_name
    }

    /// The permit for what belongs to the organization and to no case.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn office(&self, resource: Resource, level: Level) -> Result<OfficePermit, Problem> {
        Ok(self.0.access.office(resource, level)?)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(caller) = parts.extensions.get::<Self>() {
            return Ok(caller.clone());
        }
        let Some(presented) = Presented::of(&parts.headers) else {
            return Err(Problem::of(ProblemCode::Unauthenticated));
        };
        if presented.by_cookie && origin::could_harm(&parts.method, &parts.headers) {
            origin::check(&parts.headers, &app.config.public_address.url(""))?;
        }
        let caller = Self::by_secret(app, presented.secret).await?;
        if presented.by_cookie != (caller.kind() == SignInKind::Session) {
            return Err(Problem::of(ProblemCode::Unauthenticated));
        }
        if let Some(notes) = parts.extensions.get::<RequestNotes>() {
            notes.asked_by(caller.tenant(), caller.user());
        }
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

impl Caller {
    /// The user to whom a secret belongs.
    ///
    /// # Errors
    /// `unauthenticated` where it belongs to nobody, has ended, or its user is not active.
    pub async fn by_secret(app: &App, secret: &str) -> Result<Self, Problem> {
        let now = app.clock.now();
        let find = Find {
            token_hash: secret::hash(secret),
            now,
            idle: app.config.sessions.idle,
        };
        let Some(signed_in) = app.store.read(find).await? else {
            return Err(Problem::of(ProblemCode::Unauthenticated));
        };
        let caller = Self(Arc::new(signed_in));
        if now.since(caller.0.seen_at) >= NOTED_EVERY {
            caller.note_use(app, now);
        }
        Ok(caller)
    }

    /// Beside the request, which does not wait for it.
    fn note_use(&self, app: &App, now: Timestamp) {
        let (app, touch) = (
            app.clone(),
            Touch {
                tenant: self.tenant(),
                id: self.sign_in(),
                now,
            },
        );
        let tasks = app.tasks.clone();
        tasks.spawn(async move {
            if let Err(error) = app.store.write(touch.tenant.organization(), touch).await {
                tracing::warn!(%error, "the use of a sign-in could not be noted");
            }
        });
    }
}

struct Presented<'h> {
    secret: &'h str,
    by_cookie: bool,
}

impl<'h> Presented<'h> {
    fn of(headers: &'h HeaderMap) -> Option<Self> {
        if let Some(header) = headers.get(AUTHORIZATION) {
            let (scheme, secret) = header.to_str().ok()?.split_once(' ')?;
            return scheme.eq_ignore_ascii_case("bearer").then_some(Self {
                secret: secret.trim(),
                by_cookie: false,
            });
        }
        if let Some(secret) = of_socket(headers) {
            return Some(Self { secret, by_cookie: false });
        }
        cookie::read(headers).map(|secret| Self { secret, by_cookie: true })
    }
}

/// The token among the protocols that a socket asks for, where a browser can give no other header: `casewire, bearer.<token>`.
fn of_socket(headers: &HeaderMap) -> Option<&str> {
    if !headers.contains_key(UPGRADE) {
        return None;
    }
    let protocols = headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok());
    protocols
        .flat_map(|list| list.split(','))
        .find_map(|protocol| protocol.trim().strip_prefix("bearer."))
}

struct Find {
    token_hash: [u8; 32],
    now: Timestamp,
    idle: Duration,
}

impl Act for Find {
    type Out = Option<SignedIn>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        sign_ins::find(tx, self.token_hash, self.now, self.idle).await
    }
}

struct Touch {
    tenant: Tenant,
    id: SessionId,
    now: Timestamp,
}

impl Act for Touch {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        sign_ins::touch(tx, self.tenant, self.id, self.now).await
    }
}
