//! Answers that are kept so that an unsafe request sent again is answered again and not done again. The key is the asker's; what
//! it was used for is kept as a hash. It is written in the transaction of the act that it was sent with: the key is there if and
//! only if the act was committed, whenever the process dies. Old ones go in [`crate::upkeep`].

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casewire_core::access::Tenant;
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;

use crate::act::Act;
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A key is taken by what was done with it, unless it is taken already.
    TAKE = "insert into idempotency_keys (organization_id, user_id, key, request_hash, status, response, created_at) \
        values ($1, $2, $3, $4, null, null, $5) on conflict do nothing";
    /// Whether a key is taken.
    IS_TAKEN = "select 1 from idempotency_keys where organization_id = $1 and user_id = $2 and key = $3";
    /// What a key was taken for, its answer, and since when.
    READ = "select request_hash, status, response, created_at from idempotency_keys \
        where organization_id = $1 and user_id = $2 and key = $3";
    /// The answer, once; a request that wrote nothing takes its key with it.
    ANSWER = "insert into idempotency_keys (organization_id, user_id, key, request_hash, created_at, status, response) \
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (organization_id, user_id, key) do update \
        set status = excluded.status, response = excluded.response \
        where idempotency_keys.status is null and idempotency_keys.request_hash = excluded.request_hash";
}

/// Whose key it is, and for which request.
#[derive(Debug, Clone)]
pub struct Key {
    /// The organization.
    pub tenant: Tenant,
    /// The user.
    pub user: UserId,
    /// What they chose.
    pub key: String,
    /// The request.
    pub request_hash: [u8; 32],
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// Nothing was done with it.
    Free,
    /// The same request was done, and its answer is not kept, or not yet.
    Done {
        /// When it was done.
        at: Timestamp,
    },
    /// The same request was done and answered.
    Answered {
        /// With this HTTP status.
        status: u16,
        /// And this JSON.
        response: String,
    },
    /// It was used for another request.
    Reused,
}

/// A key on its way into the transaction of an act.
#[derive(Debug)]
pub(crate) struct Carried {
    key: Key,
    /// Whether an act was committed with it: what the same request writes after that has no key.
    is_spent: AtomicBool,
}

tokio::task_local! {
    static CARRIED: Arc<Carried>;
}

/// Does the work of a request with its key: the first act that it commits takes the key in its own transaction, and is not done
/// where the key is taken ([`StoreError::KeyTaken`]). What the work hands to other tasks has no key.
pub async fn with_key<F: Future>(key: Key, work: F) -> F::Output {
    let carried = Carried {
        key,
        is_spent: AtomicBool::new(false),
    };
    CARRIED.scope(Arc::new(carried), work).await
}

/// The same work with the key of the request that is being worked on, for another task: what must be carried through although whoever
/// asked went away.
pub fn accompanied<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let carried = CARRIED.try_with(Arc::clone).ok();
    async move {
        match carried {
            Some(carried) => CARRIED.scope(carried, work).await,
            None => work.await,
        }
    }
}

/// The key of the request that is being worked on, until an act was committed with it.
pub(crate) fn carried() -> Option<Arc<Carried>> {
    let carried = CARRIED.try_with(Arc::clone).ok()?;
    (!carried.is_spent.load(Ordering::Acquire)).then_some(carried)
}

impl Carried {
    /// An act was committed with the key.
    pub(crate) fn spend(&self) {
        self.is_spent.store(true, Ordering::Release);
    }

    /// Runs an act and takes the key with it. Looks first and takes last, so that neither a key that is taken nor a refusal of the
    /// act comes after a write; only where another node is as fast does the second one's act go as a whole.
    pub(crate) async fn run<A: Act>(&self, act: &A, tx: &mut Tx) -> Result<A::Out, A::Error> {
        let Key {
            tenant,
            user,
            key,
            request_hash,
        } = &self.key;
        let organization = tenant.organization();
        if tx.row(IS_TAKEN, &params![organization, *user, key]).await?.is_some() {
            return Err(StoreError::KeyTaken.into());
        }
        let out = act.run(tx).await?;
        let (hash, now): (&[u8], _) = (request_hash, tx.now());
        match tx.execute(TAKE, &params![organization, *user, key, hash, now]).await? {
            0 => Err(StoreError::KeyTaken.into()),
            _ => Ok(out),
        }
    }
}

/// What is known of a key.
///
/// # Errors
/// [`StoreError`].
pub async fn look(tx: &mut Tx, key: &Key) -> Result<KeyState, StoreError> {
    let Some(row) = tx.row(READ, &params![key.tenant.organization(), key.user, &key.key]).await? else {
        return Ok(KeyState::Free);
    };
    let mut columns = row.columns();
    let (was, status, response, at) = (columns.bytes()?, columns.opt_int()?, columns.opt_text()?, columns.time()?);
    if was != key.request_hash {
        return Ok(KeyState::Reused);
    }
    Ok(match status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => KeyState::Answered {
            status,
            response: response.unwrap_or_default(),
        },
        None => KeyState::Done { at },
    })
}

/// Keeps the answer to a request; the first one stays.
///
/// # Errors
/// [`StoreError`].
pub async fn answer(tx: &mut Tx, key: &Key, status: u16, response: &str) -> Result<(), StoreError> {
    let (hash, now): (&[u8], _) = (&key.request_hash, tx.now());
    let answer = params![key.tenant.organization(), key.user, &key.key, hash, now, status, response];
    tx.execute(ANSWER, &answer).await.map(drop)
}
