//! Signing in and out. A password is checked outside of any transaction; what is stored of the sign-in is a hash of its secret.

use std::net::IpAddr;

use casewire_core::access::Tenant;
use casewire_core::id::{SessionId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::sign_ins::{self, NewSignIn, SignInKind};
use casewire_store::users::{self, Credentials, Standing};
use casewire_store::{Act, StoreError, Tx, mint};

use crate::auth::caller::Caller;
use crate::auth::secret::BearerSecret;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// The secret of a new sign-in, for the cookie. Says the same of an unknown address, a wrong password and an account that is
/// not active, after the same work.
///
/// # Errors
/// `wrong_credentials`, `rate_limited`.
pub async fn sign_in(app: &App, peer: IpAddr, email: &str, password: String) -> Result<BearerSecret, Problem> {
    let (now, email) = (app.clock.now(), email_key(email));
    app.sign_in_limit
        .sign_in(peer, &email, now)
        .map_err(|wait| Problem::of(ProblemCode::RateLimited).retry_after(wait))?;
    let known = app.store.read(FindCredentials(email.clone())).await?;
    let hash = known
        .as_ref()
        .filter(|known| known.standing == Standing::Active)
        .map(|known| known.password_hash.clone());
    let is_right = app.passwords.is_right(password, hash).await?;
    let Some(known) = known.filter(|_| is_right) else {
        return Err(Problem::of(ProblemCode::WrongCredentials));
    };
    let secret = BearerSecret::for_cookie()?;
    let new = NewSignIn {
        id: mint(),
        token_hash: secret.hash(),
        user: known.user,
        kind: SignInKind::Session,
        label: String::new(),
        expires_at: now.plus(app.config.sessions.absolute),
    };
    app.store
        .write(
            known.tenant.organization(),
            Begin {
                tenant: known.tenant,
                new,
                now,
            },
        )
        .await?;
    app.sign_in_limit.signed_in(peer, &email);
    Ok(secret)
}

/// Ends the sign-in behind a request.
///
/// # Errors
/// [`Problem`] where the database is away.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<(), Problem> {
    let end = End {
        tenant: caller.tenant(),
        id: caller.sign_in(),
        user: caller.user(),
        now: app.clock.now(),
    };
    Ok(app.store.write(caller.organization(), end).await?)
}

/// An e-mail address as it is stored and compared.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

struct FindCredentials(String);

impl Act for FindCredentials {
    type Out = Option<Credentials>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        users::credentials(tx, &self.0).await
    }
}

struct Begin {
    tenant: Tenant,
    new: NewSignIn,
    now: Timestamp,
}

impl Act for Begin {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        sign_ins::add(tx, self.tenant, &self.new, self.now).await?;
        audit::write(tx, self.tenant, &Entry::by(self.new.user, "sign_in", self.new.id), self.now).await
    }
}

struct End {
    tenant: Tenant,
    id: SessionId,
    user: UserId,
    now: Timestamp,
}

impl Act for End {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if sign_ins::end(tx, self.tenant, self.id).await? {
            audit::write(tx, self.tenant, &Entry::by(self.user, "sign_out", self.id), self.now).await?;
        }
        Ok(())
    }
}
