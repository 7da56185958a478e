//! The job queue: enqueued in the caller's transaction, leased to one runner at a time, done at least once. Every change of
//! a leased job is conditional on its lease, so that a runner that lost its lease changes nothing. What jobs do: `server/src/jobs/`.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::{Id, JobId, OrganizationId};
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::statements::statements;
use crate::tx::{Engine, Tx};

/// The first wait after a failure.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

statements! {
    /// Queues a job, once per unique key.
    ENQUEUE = "insert into jobs (id, organization_id, type, payload, unique_key, run_at, attempts, created_at) \
        values ($1, $2, $3, $4, $5, $6, 0, $7) on conflict (unique_key) do nothing";
    /// Leases what is due to whoever comes first.
    LEASE = "update jobs set lease_id = $1, leased_until = $2, attempts = attempts + 1 \
        where id in (select id from jobs where dead_at is null and run_at <= $3 and (leased_until is null or leased_until <= $3) \
        order by run_at limit $4) \
        and dead_at is null and (leased_until is null or leased_until <= $3) \
        returning id, organization_id, payload, run_at, attempts";
    /// Removes a job that is done.
    COMPLETE = "delete from jobs where id = $1 and lease_id = $2";
    /// Gives a job back for another attempt.
    RETRY = "update jobs set run_at = $3, last_error = $4, lease_id = null, leased_until = null where id = $1 and lease_id = $2";
    /// Lays a job aside for a person.
    BURY = "update jobs set dead_at = $3, last_error = $4, lease_id = null, leased_until = null, unique_key = null \
        where id = $1 and lease_id = $2";
    /// The jobs that were laid aside.
    DEAD = "select id, organization_id, payload, attempts, last_error, dead_at from jobs where dead_at is not null order by dead_at, id limit $1";
    /// When the next job is due.
    NEXT_DUE = "select min(case when leased_until is null then run_at when leased_until > run_at then leased_until else run_at end) \
        from jobs where dead_at is null";
}

/// A job to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What is to be done.
    pub job: Job,
    /// Not before.
    pub run_at: Timestamp,
    /// While a job with this key waits or runs, another is not queued. Unique across organizations: begin it with the id.
    pub unique_key: Option<String>,
}

/// A job that this runner has until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedJob {
    /// Which job.
    pub id: JobId,
    /// The proof that it is ours.
    pub lease: Lease,
    /// Whose job: the proof that the job's acts need.
    pub tenant: Tenant,
    /// What is to be done.
    pub job: Job,
    /// When it was due.
    pub run_at: Timestamp,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// The proof that a job was leased; made by [`lease`] alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    job: JobId,
    id: Uuid,
}

/// A job that was laid aside for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// Which job.
    pub id: JobId,
    /// Whose job.
    pub organization: OrganizationId,
    /// What was to be done.
    pub job: Job,
    /// How often it was tried.
    pub attempts: u32,
    /// The code of the last failure.
    pub last_error: Option<String>,
    /// When it was laid aside.
    pub dead_at: Timestamp,
}

/// Whether a change by a lease took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Held {
    /// The lease was ours.
    Held,
    /// The lease had ended and somebody else has the job, or it is gone: nothing changed.
    Lost,
}

/// Queues a job in the caller's transaction; none where its unique key is taken. `None` then.
///
/// # Errors
/// [`StoreError`].
pub async fn enqueue(tx: &mut Tx, tenant: Tenant, new: NewJob) -> Result<Option<JobId>, StoreError> {
    let id: JobId = mint();
    let payload = serde_json::to_string(&new.job).map_err(|_| StoreError::bug("a job cannot be written as JSON"))?;
    let organization = tenant.organization();
    let now = tx.now();
    let added = tx
        .execute(
            ENQUEUE,
            &params![id, organization, new.job.type_str(), payload, new.unique_key, new.run_at, now],
        )
        .await?;
    if added == 0 {
        return Ok(None);
    }
    tx.nudge(organization);
    Ok(Some(id))
}

/// Leases at most `limit` jobs that are due, of all organizations, until `now` plus `lease_for`.
///
/// # Errors
/// [`StoreError`].
#[expect(
    clippy::disallowed_methods,
    reason = "a lease has an id of its own, and a job's row names its organization"
)]
pub async fn lease(tx: &mut Tx, now: Timestamp, lease_for: Duration, limit: u32) -> Result<Vec<LeasedJob>, StoreError> {
    let lease = Uuid::now_v7();
    let text = match tx.engine {
        Engine::Sqlite(_) => LEASE,
        Engine::Postgres(_) => crate::postgres::LEASE,
    };
    let rows = tx.rows(text, &params![lease, now.plus(lease_for), now, limit]).await?;
    let mut jobs = rows
        .iter()
        .map(|row| {
            let mut c = row.columns();
            let (id, tenant) = (c.id()?, Tenant::of_row(c.id()?));
            let job = job(&c.text()?, text)?;
            Ok(LeasedJob {
                id,
                lease: Lease { job: id, id: lease },
                tenant,
                job,
                run_at: c.time()?,
                attempt: count(c.int()?),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    jobs.sort_unstable_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// Removes a job that is done.
///
/// # Errors
/// [`StoreError`].
pub async fn complete(tx: &mut Tx, lease: Lease) -> Result<Held, StoreError> {
    tx.execute(COMPLETE, &params![lease.job, lease.id]).await.map(held)
}

/// Gives a job back, to be tried again at `at` ([`next_attempt_at`]); `error_code` is a word of ours, never a message.
///
/// # Errors
/// [`StoreError`].
pub async fn retry(tx: &mut Tx, lease: Lease, at: Timestamp, error_code: &str) -> Result<Held, StoreError> {
    tx.execute(RETRY, &params![lease.job, lease.id, at, error_code]).await.map(held)
}

/// Lays a job aside for a person; its unique key is free again.
///
/// # Errors
/// [`StoreError`].
pub async fn bury(tx: &mut Tx, lease: Lease, now: Timestamp, error_code: &str) -> Result<Held, StoreError> {
    tx.execute(BURY, &params![lease.job, lease.id, now, error_code]).await.map(held)
}

/// The jobs that were laid aside, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn dead(tx: &mut Tx, limit: u32) -> Result<Vec<DeadJob>, StoreError> {
    let rows = tx.rows(DEAD, &params![limit]).await?;
    rows.iter()
        .map(|row| {
            let mut c = row.columns();
            let (id, organization) = (c.id()?, c.id()?);
            let job = job(&c.text()?, DEAD)?;
            Ok(DeadJob {
                id,
                organization,
                job,
                attempts: count(c.int()?),
                last_error: c.opt_text()?,
                dead_at: c.time()?,
            })
        })
        .collect()
}

/// When the next job is due or its lease ends; `None` where none waits.
///
/// # Errors
/// [`StoreError`].
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    match tx.row(NEXT_DUE, &[]).await? {
        Some(row) => row.columns().opt_time(),
        None => Ok(None),
    }
}

/// When to try again after `attempt` (from 1) failed at `now`: twice the wait each time, from 1 second up to 15 minutes, less
/// up to a quarter that the job's id decides, so that jobs that failed together do not return together.
#[must_use]
pub fn next_attempt_at(now: Timestamp, attempt: u32, job: JobId) -> Timestamp {
    let doublings = attempt.saturating_sub(1).min(16);
    let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    let (.., last) = job.uuid().as_u64_pair();
    let share = u32::try_from(last % 1024).unwrap_or(0);
    now.plus(wait.saturating_sub(wait / 4 * share / 1024))
}

fn held(rows: u64) -> Held {
    if rows == 0 { Held::Lost } else { Held::Held }
}

fn job(payload: &str, statement: &'static str) -> Result<Job, StoreError> {
    serde_json::from_str(payload).map_err(|_| StoreError::Corrupt { statement, column: 2 })
}

fn count(attempts: i64) -> u32 {
    u32::try_from(attempts).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_one_before_less_at_most_a_quarter_and_never_over_15_minutes() {
        let now = Timestamp::from_micros(0);
        let job = JobId::from_uuid(Uuid::from_u128(1023));
        for (attempt, seconds) in [(0, 1), (1, 1), (2, 2), (3, 4), (10, 512), (11, 900), (u32::MAX, 900)] {
            let full = Duration::from_secs(seconds);
            let wait = next_attempt_at(now, attempt, job).since(now);
            assert!(wait <= full && wait > full * 3 / 4, "attempt {attempt}: {wait:?}");
        }
        assert_eq!(next_attempt_at(now, 1, JobId::from_uuid(Uuid::nil())).since(now), FIRST_WAIT);
    }
}
