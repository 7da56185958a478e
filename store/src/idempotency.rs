//! Answers that are kept so that an unsafe request sent again is answered again and not done again. The key is the asker's; what
//! it was used for is kept as a hash. Old ones go in [`crate::upkeep`].

use casewire_core::access::Tenant;
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A key is taken, unless it is taken already.
    TAKE = "insert into idempotency_keys (organization_id, user_id, key, request_hash, status, response, created_at) \
        values ($1, $2, $3, $4, null, null, $5) on conflict do nothing";
    /// What a key was taken for, and its answer.
    READ = "select request_hash, status, response from idempotency_keys where organization_id = $1 and user_id = $2 and key = $3";
    /// The answer.
    ANSWER = "update idempotency_keys set status = $4, response = $5 where organization_id = $1 and user_id = $2 and key = $3";
    /// Nothing was done: the key is free again.
    FREE = "delete from idempotency_keys where organization_id = $1 and user_id = $2 and key = $3 and status is null";
}

/// Whose key it is.
#[derive(Debug, Clone)]
pub struct KeyOwner {
    /// The organization.
    pub tenant: Tenant,
    /// The user.
    pub user: UserId,
    /// The key.
    pub key: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is ours now: do the work and [`answer`].
    Now,
    /// The same request is being worked on, or its server died on the way.
    Running,
    /// The same request was answered.
    Answered {
        /// With this HTTP status.
        status: u16,
        /// And this JSON.
        response: String,
    },
    /// It was used for another request.
    Reused,
}

/// Takes a key for a request, unless it is taken. One whose request was never answered stays taken: its server may have died
/// after it was done.
///
/// # Errors
/// [`StoreError`].
pub async fn take(tx: &mut Tx, owner: &KeyOwner, request_hash: [u8; 32], now: Timestamp) -> Result<Taken, StoreError> {
    let organization = owner.tenant.organization();
    let hash: &[u8] = &request_hash;
    if tx.execute(TAKE, &params![organization, owner.user, &owner.key, hash, now]).await? > 0 {
        return Ok(Taken::Now);
    }
    let Some(row) = tx.row(READ, &params![organization, owner.user, &owner.key]).await? else {
        return Ok(Taken::Running);
    };
    let mut columns = row.columns();
    let (was, status, response) = (columns.bytes()?, columns.opt_int()?, columns.opt_text()?);
    if was != hash {
        return Ok(Taken::Reused);
    }
    Ok(match status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => Taken::Answered {
            status,
            response: response.unwrap_or_default(),
        },
        None => Taken::Running,
    })
}

/// Keeps the answer to a request.
///
/// # Errors
/// [`StoreError`].
pub async fn answer(tx: &mut Tx, owner: &KeyOwner, status: u16, response: &str) -> Result<(), StoreError> {
    let answer = params![owner.tenant.organization(), owner.user, &owner.key, status, response];
    tx.execute(ANSWER, &answer).await.map(drop)
}

/// Frees a key whose request did nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn free(tx: &mut Tx, owner: &KeyOwner) -> Result<(), StoreError> {
    tx.execute(FREE, &params![owner.tenant.organization(), owner.user, &owner.key])
        .await
        .map(drop)
}
