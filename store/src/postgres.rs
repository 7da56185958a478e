//! The server engine: pools, sessions and the few words that only PostgreSQL knows. A session begins its transaction with
//! its first statement and rolls it back when it is dropped before the commit. Acts are batched in [`writer`], numbered and committed in [`logs`], told in [`nudges`].

pub(crate) mod connect;
pub(crate) mod failure;
mod logs;
pub(crate) mod nudges;
pub(crate) mod values;
pub(crate) mod writer;

use deadpool_postgres::Object;
use futures_util::FutureExt;
use futures_util::future::{join, join_all};
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use crate::error::{StoreError, Unavailable};
use crate::row::Row;
use crate::value::Value;

/// Futures polled in order, and so sent in order; beyond 30 `join_all` promises no order.
const PIPELINE: usize = 30;

/// [`crate::jobs::lease`] without waiting for, or deadlocking with, the runner of another node.
pub(crate) const LEASE: &str = "with due as materialized (select id from jobs where dead_at is null and run_at <= $3 \
    and (leased_until is null or leased_until <= $3) order by run_at limit $4 for update skip locked) \
    update jobs set lease_id = $1, leased_until = $2, attempts = attempts + 1 from due where jobs.id = due.id \
    returning jobs.id, jobs.organization_id, jobs.payload, jobs.run_at, jobs.attempts";

/// The statements that only this engine prepares.
#[cfg(any(test, feature = "testing"))]
pub(crate) const ALL: &[&str] = &[LEASE, logs::INSERT_EVENTS, logs::INSERT_ENTRIES, logs::ADVANCE_HEADS];

/// Where a session's transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unbegun,
    Open,
    Ended,
}

/// How a commit failed.
#[derive(Debug)]
pub(crate) enum CommitFailure {
    /// Nothing was committed.
    Refused(StoreError),
    /// The connection was lost on the way.
    Unknown,
}

/// A connection and the transaction on it.
pub(crate) struct Session {
    client: Object,
    begin: &'static str,
    state: State,
}

impl Session {
    /// For writes: `read committed`, as PostgreSQL does by default.
    pub(crate) fn writer(client: Object) -> Self {
        Self {
            client,
            begin: "begin",
            state: State::Unbegun,
        }
    }

    /// For reads: one snapshot for the whole act.
    pub(crate) fn reader(client: Object) -> Self {
        Self {
            client,
            begin: "begin isolation level repeatable read, read only",
            state: State::Unbegun,
        }
    }

    pub(crate) async fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepare(sql).await?;
        let begin = self.take_begin();
        let client = &self.client;
        after(client, begin, client.execute(&statement, &borrowed(params)))
            .await
            .map_err(|error| failure::of(&error))
    }

    pub(crate) async fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepare(sql).await?;
        let begin = self.take_begin();
        let client = &self.client;
        let rows = after(client, begin, client.query(&statement, &borrowed(params)))
            .await
            .map_err(|error| failure::of(&error))?;
        rows.iter().map(|row| values::row(sql, row)).collect()
    }

    pub(crate) async fn pipeline(&mut self, statements: &[(&'static str, Vec<Value>)]) -> Result<Vec<u64>, StoreError> {
        let mut prepared = Vec::with_capacity(statements.len());
        for (sql, params) in statements {
            prepared.push((self.prepare(sql).await?, borrowed(params)));
        }
        let mut counts = Vec::with_capacity(prepared.len());
        for chunk in prepared.chunks(PIPELINE) {
            let begin = self.take_begin();
            let client = &self.client;
            let all = join_all(chunk.iter().map(|(statement, params)| client.execute(statement, params))).map(Ok);
            for count in after(client, begin, all).await.map_err(|error| failure::of(&error))? {
                counts.push(count.map_err(|error| failure::of(&error))?);
            }
        }
        Ok(counts)
    }

    async fn prepare(&self, sql: &'static str) -> Result<Statement, StoreError> {
        self.client.prepare_cached(sql).await.map_err(|error| failure::of(&error))
    }

    /// What is to be sent before the next statement.
    fn take_begin(&mut self) -> Option<&'static str> {
        match self.state {
            State::Unbegun => {
                self.state = State::Open;
                Some(self.begin)
            }
            State::Open | State::Ended => None,
        }
    }
}

impl Drop for Session {
    /// The rollback is sent at its first poll, behind whatever is still under way; nobody has to wait for it.
    fn drop(&mut self) {
        if self.state == State::Open
            && let Some(Err(error)) = self.client.batch_execute("rollback").now_or_never()
        {
            let error = failure::of(&error);
            tracing::debug!(%error, "a rollback was not sent: the connection is gone");
        }
    }
}

/// Sends `begin`, where there is one, and the statement in one round trip.
async fn after<T>(
    client: &Object,
    begin: Option<&'static str>,
    statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, tokio_postgres::Error> {
    match begin {
        None => statement.await,
        Some(begin) => {
            let (begun, result) = join(client.batch_execute(begin), statement).await;
            begun.and(result)
        }
    }
}

fn borrowed(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

/// A connection from the pool.
pub(crate) async fn session(pool: &deadpool_postgres::Pool) -> Result<Object, StoreError> {
    use deadpool_postgres::PoolError;
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) => failure::of_connecting(&error),
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => Unavailable::Busy.into(),
        PoolError::Timeout(_) | PoolError::PostCreateHook(_) => Unavailable::Away.into(),
        PoolError::Closed => Unavailable::Closed.into(),
        PoolError::NoRuntimeSpecified => StoreError::bug("the pool has no runtime"),
    })
}
