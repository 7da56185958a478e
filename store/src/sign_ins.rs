//! Sign-ins by password and tokens of programs: who a secret belongs to, and what they may do now. Only the SHA-256 of a secret
//! is stored. Refuses what has expired, idled or belongs to somebody who is not active.

use std::time::Duration;

use casewire_core::access::{Access, Tenant};
use casewire_core::id::{Id, SessionId, UserId};
use casewire_core::time::Timestamp;

use crate::access::gather;
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

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
        where s.token_hash = $1 and s.expires_at > $2 and (s.kind = 'token' or s.seen_at > $3) and u.is_active = 1";
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
}

impl SignInKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Session, Self::Token].into_iter().find(|kind| kind.as_str() == word)
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
    let rows = tx.rows(FIND, &params![token_hash, now, now.minus(idle)]).await?;
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
