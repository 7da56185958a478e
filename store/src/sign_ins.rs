//! Sign-ins by password, tokens of programs, and what signs a person in to the case view in another site: who a secret belongs to,
//! and what they may do now. Only the SHA-256 of a secret is stored. Refuses what has expired, idled or belongs to somebody who is
//! not active; a launch token signs nobody in, it is traded for a session, once.

use std::time::Duration;

use casewire_core::access::{Access, Tenant};
use casewire_core::id::{Id, SessionId, UserId};
use casewire_core::time::Timestamp;

use crate::access::gather;
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

/// A session of the embedded case view ends when it was not used for so long. The site around it launches it again by itself.
pub const EMBED_IDLE: Duration = Duration::from_secs(60 * 60);

statements! {
    /// Whose secret it is, with roles and teams: a row per pair of role and team.
    FIND = "select s.id, s.kind, s.seen_at, o.name, u.name, u.email, u.organization_id, u.id, tm.team_id, \
        r.id, r.case_scope, r.case_contacts, r.sms, r.calls, r.audit, r.settings \
        from sign_ins s \
        join users u on u.organization_id = s.organization_id and u.id = s.user_id \
        join organizations o on o.id = s.organization_id \
        left join team_members tm on tm.organization_id = u.organization_id and tm.user_id = u.id \
        left join role_assignments ra on ra.organization_id = u.organization_id and ra.user_id = u.id \
        left join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id \
        where s.token_hash = $1 and s.expires_at > $2 and u.is_active = 1 and (s.kind = 'token' \
            or s.kind = 'session' and s.seen_at > $3 or s.kind = 'embed' and s.seen_at > $4)";
    /// Whose launch token it is.
    FIND_LAUNCH = "select s.organization_id, s.id, s.user_id from sign_ins s \
        join users u on u.organization_id = s.organization_id and u.id = s.user_id \
        where s.token_hash = $1 and s.kind = 'launch' and s.expires_at > $2 and u.is_active = 1";
    /// A launch token is traded in: of two who come with it one finds a row.
    TRADE_LAUNCH = "delete from sign_ins where organization_id = $1 and id = $2 and kind = 'launch' and expires_at > $3";
    /// A new sign-in or token.
    ADD = "insert into sign_ins (token_hash, organization_id, id, user_id, kind, label, created_at, seen_at, expires_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
    /// It was used.
    TOUCH = "update sign_ins set seen_at = $3 where organization_id = $1 and id = $2 and seen_at < $3";
    /// One ends.
    END = "delete from sign_ins where organization_id = $1 and id = $2";
    /// All of a user end, but one.
    END_OF_USER = "delete from sign_ins where organization_id = $1 and user_id = $2 and id <> $3";
    /// The tokens of an organization.
    TOKENS = "select id, user_id, label, created_at, seen_at, expires_at from sign_ins \
        where organization_id = $1 and kind = 'token' order by created_at, id";
}

/// By what somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInKind {
    /// A password; the secret is in a cookie.
    Session,
    /// A program's token.
    Token,
    /// A launch token; the secret is a bearer token of the case view in another site.
    Embed,
    /// A launch token that nobody has traded in yet.
    Launch,
}

impl SignInKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
            Self::Embed => "embed",
            Self::Launch => "launch",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Session, Self::Token, Self::Embed, Self::Launch]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// Who a secret belongs to.
#[derive(Clone)]
pub struct SignedIn {
    /// The sign-in.
    pub id: SessionId,
    /// By what.
    pub kind: SignInKind,
    /// When it was last noted as used.
    pub seen_at: Timestamp,
    /// The name of the organization.
    pub organization_name: String,
    /// The user's name.
    pub user_name: String,
    /// The user's e-mail address.
    pub email: String,
    /// What the user may do now.
    pub access: Access,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A sign-in to be stored.
#[derive(Clone)]
pub struct NewSignIn {
    /// Its id.
    pub id: SessionId,
    /// The SHA-256 of its secret.
    pub token_hash: [u8; 32],
    /// Whose.
    pub user: UserId,
    /// By what.
    pub kind: SignInKind,
    /// What a person calls it.
    pub label: String,
    /// When it ends, used or not.
    pub expires_at: Timestamp,
}

/// A program's token, without its secret.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// The sign-in.
    pub id: SessionId,
    /// On whose behalf it acts.
    pub user: UserId,
    /// What a person calls it.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last noted as used.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Who the secret with this hash belongs to; none where it has expired, idled for `idle`, or its user is not active.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, token_hash: [u8; 32], now: Timestamp, idle: Duration) -> Result<Option<SignedIn>, StoreError> {
    let rows = tx
        .rows(FIND, &params![token_hash, now, now.minus(idle), now.minus(EMBED_IDLE)])
        .await?;
    let mut found = None;
    let mut gathered = None;
    for row in &rows {
        let mut columns = row.columns();
        let (id, kind, seen_at) = (columns.id()?, columns.text_as(SignInKind::from_word)?, columns.time()?);
        let (organization_name, user_name, email) = (columns.text()?, columns.text()?, columns.text()?);
        gather(&mut gathered, &mut columns)?;
        found.get_or_insert((id, kind, seen_at, organization_name, user_name, email));
    }
    Ok(found
        .zip(gathered)
        .map(|((id, kind, seen_at, organization_name, user_name, email), gathered)| SignedIn {
            id,
            kind,
            seen_at,
            organization_name,
            user_name,
            email,
            access: gathered.access(),
        }))
}

/// A launch token that holds.
#[derive(Debug, Clone, Copy)]
pub struct Launch {
    /// Where.
    pub tenant: Tenant,
    /// The token.
    pub id: SessionId,
    /// Whom it signs in.
    pub user: UserId,
}

/// The launch token with this hash; none where it was traded in, has expired, or its user is not active.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "the row names its owner")]
pub async fn find_launch(tx: &mut Tx, token_hash: [u8; 32], now: Timestamp) -> Result<Option<Launch>, StoreError> {
    let row = tx.row(FIND_LAUNCH, &params![token_hash, now]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok(Launch {
            tenant: Tenant::of_row(columns.id()?),
            id: columns.id()?,
            user: columns.id()?,
        })
    })
    .transpose()
}

/// Trades a launch token in; false where somebody else did.
///
/// # Errors
/// [`StoreError`].
pub async fn trade(tx: &mut Tx, launch: Launch, now: Timestamp) -> Result<bool, StoreError> {
    let params = params![launch.tenant.organization(), launch.id, now];
    Ok(tx.execute(TRADE_LAUNCH, &params).await? == 1)
}

/// Stores a sign-in.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, new: &NewSignIn, now: Timestamp) -> Result<(), StoreError> {
    let hash: &[u8] = &new.token_hash;
    let row = params![
        hash,
        tenant.organization(),
        new.id,
        new.user,
        new.kind.as_str(),
        &new.label,
        now,
        new.expires_at
    ];
    tx.execute(ADD, &row).await.map(drop)
}

/// Notes that a sign-in was used.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(tx: &mut Tx, tenant: Tenant, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(TOUCH, &params![tenant.organization(), id, now]).await.map(drop)
}

/// Ends one sign-in; whether there was one.
///
/// # Errors
/// [`StoreError`].
pub async fn end(tx: &mut Tx, tenant: Tenant, id: SessionId) -> Result<bool, StoreError> {
    Ok(tx.execute(END, &params![tenant.organization(), id]).await? > 0)
}

/// Ends every sign-in and token of a user, but the one to keep.
///
/// # Errors
/// [`StoreError`].
pub async fn end_all(tx: &mut Tx, tenant: Tenant, user: UserId, keep: Option<SessionId>) -> Result<u64, StoreError> {
    let keep = keep.unwrap_or_else(|| SessionId::from_uuid(uuid::Uuid::nil()));
    tx.execute(END_OF_USER, &params![tenant.organization(), user, keep]).await
}

/// The tokens of an organization, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn tokens(tx: &mut Tx, tenant: Tenant) -> Result<Vec<TokenRow>, StoreError> {
    let rows = tx.rows(TOKENS, &params![tenant.organization()]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(TokenRow {
                id: columns.id()?,
                user: columns.id()?,
                label: columns.text()?,
                created_at: columns.time()?,
                seen_at: columns.time()?,
                expires_at: columns.time()?,
            })
        })
        .collect()
}
