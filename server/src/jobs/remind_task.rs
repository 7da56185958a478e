//! Reminds the assignee of a task. Done twice it reminds once. The act: [`crate::ops::remind_task`].

use casewire_core::id::TaskId;
use casewire_store::jobs::LeasedJob;

use super::JobOutcome;
use crate::ops::remind_task::RemindTask;
use crate::state::App;

/// Does the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, task: TaskId) -> JobOutcome {
    let act = RemindTask {
        tenant: leased.tenant,
        task,
        now: app.clock.now(),
    };
    match app.store.write(leased.tenant.organization(), act).await {
        Ok(()) => JobOutcome::Done,
        Err(error) => JobOutcome::of_store_error(&error),
    }
}
