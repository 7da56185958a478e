//! Jobs that come round: which, how often, and when the next is due. However many nodes there are, one is queued at a time: all
//! name the same slot and the same unique key. What they do is in the files beside this one.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::job::Job;
use casewire_core::time::{Timestamp, micros};
use casewire_store::jobs::{NewJob, enqueue};
use casewire_store::{Act, StoreError, Tx, upkeep};

use crate::config::JobTimes;

/// How often an organization is audited.
pub const AUDIT_EVERY: Duration = Duration::from_secs(120);

/// How often the audit is signed: twice a minute, so that a late round still is within one.
const SIGN_EVERY: Duration = Duration::from_secs(30);

/// How long until a job of this kind is to be done again; none where it is done once.
#[must_use]
pub const fn period(job: &Job, times: &JobTimes) -> Option<Duration> {
    match job {
        Job::Expire | Job::CountDays => Some(Duration::from_secs(3600)),
        Job::AuditOrphans => Some(AUDIT_EVERY),
        Job::SignAudit => Some(SIGN_EVERY),
        Job::Reconcile { .. } => Some(times.reconcile_every),
        Job::SendPart { .. }
        | Job::ResolvePart { .. }
        | Job::RemindTask { .. }
        | Job::ExportCase { .. }
        | Job::FetchMedia { .. }
        | Job::WatchCall { .. }
        | Job::CarryOutCall { .. }
        | Job::WatchLegs { .. }
        | Job::FetchRecording { .. }
        | Job::RecheckCalls
        | Job::FillSearch { .. } => None,
    }
}

/// The next round of a recurring job after `now`; none where it is done once. Organizations take their turns at different
/// moments of the period.
#[must_use]
pub fn next_round(tenant: Tenant, job: Job, times: &JobTimes, now: Timestamp) -> Option<NewJob> {
    let period = micros(period(&job, times)?);
    let organization = tenant.organization();
    let unique_key = match job {
        Job::Reconcile { number_id } => format!("{organization}:reconcile:{number_id}"),
        Job::Expire
        | Job::CountDays
        | Job::AuditOrphans
        | Job::SignAudit
        | Job::RemindTask { .. }
        | Job::ExportCase { .. }
        | Job::FetchMedia { .. }
        | Job::SendPart { .. }
        | Job::ResolvePart { .. }
        | Job::WatchCall { .. }
        | Job::CarryOutCall { .. }
        | Job::WatchLegs { .. }
        | Job::FetchRecording { .. }
        | Job::RecheckCalls
        | Job::FillSearch { .. } => {
            format!("{organization}:{}", job.type_str())
        }
    };
    let offset = unique_key.bytes().fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % period);
    let rounds = (now.as_micros() - offset).div_euclid(period) + 1;
    Some(NewJob {
        job,
        run_at: Timestamp::from_micros(rounds * period + offset),
        unique_key: Some(unique_key),
    })
}

/// Queues whatever recurring job is not queued yet, for all organizations and numbers: at the start of a node, and now and
/// then for those that came since.
pub struct QueueRounds {
    /// The rounds after this time.
    pub now: Timestamp,
    /// How often they come.
    pub times: JobTimes,
}

impl Act for QueueRounds {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let upkept = upkeep::upkept(tx).await?;
        let of_organizations = upkept
            .organizations
            .iter()
            .flat_map(|tenant| [Job::Expire, Job::CountDays, Job::AuditOrphans, Job::SignAudit].map(|job| (*tenant, job)));
        let of_numbers = upkept
            .numbers
            .iter()
            .map(|(tenant, number_id)| (*tenant, Job::Reconcile { number_id: *number_id }));
        for (tenant, job) in of_organizations.chain(of_numbers) {
            if let Some(round) = next_round(tenant, job, &self.times, self.now) {
                enqueue(tx, tenant, round).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests fail by panicking and name tenants freely"
)]
mod tests {
    use super::*;
    use casewire_core::id::{Id, OrganizationId};
    use uuid::Uuid;

    #[test]
    fn all_nodes_name_the_same_next_round_and_it_is_within_one_period() {
        let tenant = Tenant::of_row(OrganizationId::from_uuid(Uuid::from_u128(7)));
        let now = Timestamp::from_micros(1_769_506_200_000_001);
        let times = JobTimes::default();
        for job in [Job::Expire, Job::AuditOrphans, Job::SignAudit] {
            let one = next_round(tenant, job, &times, now).unwrap();
            let moments_later = next_round(tenant, job, &times, now.plus(Duration::from_micros(1))).unwrap();
            let wait = one.run_at.since(now);
            assert!(one.run_at > now && wait <= period(&job, &times).unwrap(), "{wait:?}");
            assert_eq!(one.unique_key, moments_later.unique_key);
            let next = next_round(tenant, job, &times, one.run_at).unwrap();
            assert_eq!(next.run_at.since(one.run_at), period(&job, &times).unwrap());
        }
    }
}
