//! The server engine: pools, sessions and the few words that only PostgreSQL knows. A session begins its transaction with
//! its first statement and rolls it back when it is dropped before the commit. Acts are batched in [`writer`], commits told in [`nudges`].

pub(crate) mod connect;
pub(crate) mod failure;
pub(crate) mod nudges;
pub(crate) mod values;
pub(crate) mod writer;

use deadpool_postgres::Object;
use futures_util::FutureExt;
use futures_util::future::{join, join_all};
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use crate::act::Effects;
use crate::commits::News;
use crate::error::{StoreError, Unavailable};
use crate::events;
use crate::params;
use crate::row::Row;
use crate::value::Value;
use casewire_core::id::Id;
use casewire_core::time::Timestamp;

/// Futures polled in order, and so sent in order; beyond 30 `join_all` promises no order.
const PIPELINE: usize = 30;

/// [`crate::jobs::lease`] without waiting for, or deadlocking with, the runner of another node.
pub(crate) const LEASE: &str = "with due as materialized (select id from jobs where dead_at is null and run_at <= $3 \
    and (leased_until is null or leased_until <= $3) order by run_at limit $4 for update skip locked) \
    update jobs set lease_id = $1, leased_until = $2, attempts = attempts + 1 from due where jobs.id = due.id \
    returning jobs.id, jobs.organization_id, jobs.payload, jobs.run_at, jobs.attempts";

/// Writes the events of a batch in one statement.
pub(crate) const INSERT_EVENTS: &str = "insert into events (organization_id, seq, at, type, audience, audience_id, audience_user_id, payload) \
    select e.organization_id, e.seq, $3, e.type, e.audience, e.audience_id, e.audience_user_id, e.payload \
    from unnest($1::uuid[], $2::bigint[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[]) \
    as e (organization_id, seq, type, audience, audience_id, audience_user_id, payload)";

/// The statements that only this engine prepares.
#[cfg(any(test, feature = "testing"))]
pub(crate) const ALL: &[&str] = &[LEASE, INSERT_EVENTS];

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

    /// Numbers and writes the events, the counters locked last and in order, and commits.
    pub(crate) async fn commit(&mut self, effects: Effects, at: Timestamp) -> Result<News, CommitFailure> {
        let mut news = effects.news();
        let rows = self.number(effects, &mut news).await.map_err(CommitFailure::Refused)?;
        if self.state == State::Unbegun {
            return Ok(news);
        }
        let insert = if rows.seqs.is_empty() {
            None
        } else {
            Some(self.prepare(INSERT_EVENTS).await.map_err(CommitFailure::Refused)?)
        };
        self.state = State::Ended;
        let client = &self.client;
        let (inserted, committed) = match &insert {
            Some(insert) => {
                let EventRows {
                    organizations,
                    seqs,
                    kinds,
                    audiences,
                    audience_ids,
                    audience_user_ids,
                    payloads,
                } = &rows;
                let at = at.as_micros();
                let params: [&(dyn ToSql + Sync); 8] = [
                    organizations,
                    seqs,
                    &at,
                    kinds,
                    audiences,
                    audience_ids,
                    audience_user_ids,
                    payloads,
                ];
                join(client.execute(insert, &params), client.batch_execute("commit")).await
            }
            None => (Ok(0), client.batch_execute("commit").await),
        };
        // After a failed insert the commit answers ROLLBACK without an error, so both are looked at.
        match inserted.map(|_| ()).and(committed) {
            Ok(()) => Ok(news),
            Err(error) if failure::is_definite(&error) => Err(CommitFailure::Refused(failure::of(&error))),
            Err(_) => Err(CommitFailure::Unknown),
        }
    }

    /// Takes numbers for the events; their rows.
    async fn number(&mut self, effects: Effects, news: &mut News) -> Result<EventRows, StoreError> {
        let by_organization = events::by_organization(effects.events);
        let mut rows = EventRows::default();
        if by_organization.is_empty() {
            return Ok(rows);
        }
        let statement = self.prepare(events::TAKE_NUMBERS).await?;
        let counters: Vec<_> = by_organization
            .iter()
            .map(|(organization, events)| params![*organization, events.len()])
            .collect();
        let mut lasts = Vec::with_capacity(counters.len());
        for chunk in counters.chunks(PIPELINE) {
            let begin = self.take_begin();
            let client = &self.client;
            let params: Vec<_> = chunk.iter().map(|params| borrowed(params)).collect();
            let all = join_all(params.iter().map(|params| client.query_one(&statement, params))).map(Ok);
            for row in after(client, begin, all).await.map_err(|error| failure::of(&error))? {
                let row = row.map_err(|error| failure::of(&error))?;
                lasts.push(row.try_get::<_, i64>(0).map_err(|error| failure::of(&error))?);
            }
        }
        for ((organization, events), last) in by_organization.iter().zip(lasts) {
            let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
            for (seq, event) in (events::first_of(last, count)..).zip(events) {
                rows.organizations.push(organization.uuid());
                rows.seqs.push(seq);
                rows.kinds.push(event.event.type_str());
                rows.audiences.push(event.audience.kind_str());
                rows.audience_ids.push(event.audience.id());
                rows.audience_user_ids.push(event.audience.user_id());
                rows.payloads.push(events::payload(event)?);
            }
            news.insert(*organization, Some(last));
        }
        Ok(rows)
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

/// The columns of the events of a batch.
#[derive(Default)]
struct EventRows {
    organizations: Vec<uuid::Uuid>,
    seqs: Vec<i64>,
    kinds: Vec<&'static str>,
    audiences: Vec<&'static str>,
    audience_ids: Vec<Option<uuid::Uuid>>,
    audience_user_ids: Vec<Option<uuid::Uuid>>,
    payloads: Vec<String>,
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
