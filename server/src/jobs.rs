//! Work after a commit: what each kind of job does, one file per kind, and who runs them ([`runner`]). A job is done at least
//! once, so each bears being done twice. Refuses payloads: a job carries ids and loads what it needs. The queue: the store.

pub mod audit_orphans;
pub mod calls;
pub mod carry_out_call;
pub mod count_days;
pub mod expire;
pub mod export_case;
pub mod fetch_media;
pub mod fetch_recording;
pub mod fill_search;
pub mod missed_calls;
pub mod reconcile;
pub mod recurring;
pub mod remind_task;
pub mod resolve_part;
pub mod runner;
pub mod send_part;
pub mod sign_audit;
pub mod watch_legs;

use std::time::Duration;

use casewire_core::job::Job;
use casewire_store::StoreError;
use casewire_store::jobs::LeasedJob;

pub use runner::{Runner, run_due_now};

use crate::state::App;

/// How a job ended. The codes are words of ours: they are stored and logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobOutcome {
    /// It is done, or there was nothing to do.
    Done,
    /// Try again.
    Retry {
        /// After this long; none: twice as long as the time before.
        after: Option<Duration>,
        /// Why.
        code: &'static str,
    },
    /// Lay it aside for a person.
    Bury {
        /// Why.
        code: &'static str,
    },
}

impl JobOutcome {
    /// The word in the metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retry { .. } => "retried",
            Self::Bury { .. } => "buried",
        }
    }

    /// What an error of the database makes of a job: what is away comes back, what is broken does not.
    #[must_use]
    pub const fn of_store_error(error: &StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Retry {
                after: None,
                code: "database_unavailable",
            },
            StoreError::Conflict { .. } => Self::Retry {
                after: None,
                code: "database_conflict",
            },
            StoreError::Corrupt { .. } => Self::Bury { code: "database_corrupt" },
            StoreError::Newer { .. }
            | StoreError::Migration(_)
            | StoreError::Address(_)
            | StoreError::Bug { .. }
            | StoreError::KeyTaken => Self::Bury { code: "defect" },
        }
    }
}

/// Does a job.
pub async fn perform(app: &App, leased: &LeasedJob) -> JobOutcome {
    match leased.job {
        Job::SendPart { part_id } => send_part::perform(app, leased, part_id).await,
        Job::ResolvePart { part_id } => resolve_part::perform(app, leased, part_id).await,
        Job::Reconcile { number_id } => reconcile::perform(app, leased, number_id).await,
        Job::FetchMedia { message_id } => fetch_media::perform(app, leased, message_id).await,
        Job::RemindTask { task_id } => remind_task::perform(app, leased, task_id).await,
        Job::WatchCall { call_id } => calls::watch(app, leased, call_id).await,
        Job::CarryOutCall { call_id } => carry_out_call::perform(app, leased, call_id).await,
        Job::WatchLegs { call_id } => watch_legs::perform(app, leased, call_id).await,
        Job::FetchRecording { call_id, recording_id } => fetch_recording::perform(app, leased, call_id, recording_id).await,
        Job::RecheckCalls => calls::recheck(app, leased).await,
        Job::AuditOrphans => audit_orphans::perform(app, leased).await,
        Job::ExportCase { export_id } => export_case::perform(app, leased, export_id).await,
        Job::SignAudit => sign_audit::perform(app, leased).await,
        Job::Expire => expire::perform(app, leased).await,
        Job::CountDays => count_days::perform(app, leased).await,
        Job::FillSearch { before } => fill_search::perform(app, leased, before).await,
    }
}
