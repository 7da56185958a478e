//! Signing in to the case view in another site's frame: the site's server asks for a launch token for one of its users, the frame
//! trades it for a session of its own. Refuses a token that was traded in, is older than a minute, or of somebody who is not active.

use std::net::IpAddr;
use std::time::Duration;

use casewire_core::access::OfficePermit;
use casewire_core::id::OrganizationId;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::sign_ins::{self, Launch, NewSignIn, SignInKind};
use casewire_store::users::{self, Standing};
use casewire_store::{Act, StoreError, Tx, mint, organizations};

use super::people;
use super::sign_in::email_key;
use crate::auth::secret::{self, BearerSecret};
use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// How long a launch token holds.
pub const LAUNCH_LASTS: Duration = Duration::from_secs(60);
/// How long a session of the embedded case view lasts, used or not.
pub const EMBED_LASTS: Duration = Duration::from_secs(12 * 60 * 60);

/// Makes a launch token.
pub struct CreateLaunchToken {
    /// `settings:3`, by a program's token.
    pub permit: OfficePermit,
    /// Whom it is to sign in.
    pub user_email: String,
    /// The hash of its secret.
    pub token_hash: [u8; 32],
    /// Now.
    pub now: Timestamp,
}

impl Act for CreateLaunchToken {
    type Out = Timestamp;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Timestamp, Problem> {
        let tenant = self.permit.tenant();
        let user = users::credentials(tx, &email_key(&self.user_email))
            .await?
            .filter(|known| known.tenant == tenant && known.standing == Standing::Active)
            .ok_or_else(|| people::missing("user_email"))?
            .user;
        let new = NewSignIn {
            id: mint(),
            token_hash: self.token_hash,
            user,
            kind: SignInKind::Launch,
            label: String::new(),
            expires_at: self.now.plus(LAUNCH_LASTS),
        };
        sign_ins::add(tx, tenant, &new, self.now).await?;
        let entry = Entry::by(self.permit.user(), "create_launch_token", new.id).with_detail(format!("user={user}"));
        audit::write(tx, tenant, &entry, self.now).await?;
        Ok(new.expires_at)
    }
}

/// Trades a launch token for a session; the secret of that, and when it ends.
///
/// # Errors
/// `launch_token_refused`, `rate_limited`.
pub async fn begin(app: &App, peer: IpAddr, launch_token: &str) -> Result<(BearerSecret, Timestamp), Problem> {
    let now = app.clock.now();
    app.sign_in_limit
        .launch(peer, now)
        .map_err(|wait| Problem::of(ProblemCode::RateLimited).retry_after(wait))?;
    let refused = || {
        app.sign_in_limit.launch_refused(peer, now);
        Problem::of(ProblemCode::LaunchTokenRefused)
    };
    let find = FindLaunch {
        token_hash: secret::hash(launch_token),
        now,
    };
    let launch = app.store.read(find).await?.ok_or_else(refused)?;
    let session = BearerSecret::for_embed()?;
    let begin = Begin {
        launch,
        token_hash: session.hash(),
        now,
    };
    let expires_at = app.store.write(launch.tenant.organization(), begin).await?;
    Ok((session, expires_at.ok_or_else(refused)?))
}

struct FindLaunch {
    token_hash: [u8; 32],
    now: Timestamp,
}

impl Act for FindLaunch {
    type Out = Option<Launch>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Launch>, StoreError> {
        sign_ins::find_launch(tx, self.token_hash, self.now).await
    }
}

struct Begin {
    launch: Launch,
    token_hash: [u8; 32],
    now: Timestamp,
}

impl Act for Begin {
    type Out = Option<Timestamp>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
        let Launch { tenant, id, user } = self.launch;
        if !sign_ins::trade(tx, self.launch, self.now).await? {
            return Ok(None);
        }
        let new = NewSignIn {
            id: mint(),
            token_hash: self.token_hash,
            user,
            kind: SignInKind::Embed,
            label: String::new(),
            expires_at: self.now.plus(EMBED_LASTS),
        };
        sign_ins::add(tx, tenant, &new, self.now).await?;
        let entry = Entry::by(user, "begin_embed_session", new.id).with_detail(format!("launch_token={id}"));
        audit::write(tx, tenant, &entry, self.now).await?;
        Ok(Some(new.expires_at))
    }
}

/// The sites that may show an organization's case view; none where there is no such organization.
pub struct ReadEmbedOrigins(pub OrganizationId);

impl Act for ReadEmbedOrigins {
    type Out = Vec<String>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        organizations::embed_origins(tx, self.0).await
    }
}
