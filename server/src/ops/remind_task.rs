//! The act that reminds the assignee of a task when its time has come. A task that was done, or put off, in between reminds nobody.

use casewire_core::access::Tenant;
use casewire_core::event::Event;
use casewire_core::id::TaskId;
use casewire_core::time::Timestamp;
use casewire_store::{Act, StoreError, Tx, tasks};

use super::tasks::tell_one;

/// Reminds of a task.
pub struct RemindTask {
    /// Whose.
    pub tenant: Tenant,
    /// Which.
    pub task: TaskId,
    /// The time.
    pub now: Timestamp,
}

impl Act for RemindTask {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(task) = tasks::remind(tx, self.tenant, self.task, self.now).await? else {
            return Ok(());
        };
        let event = Event::TaskReminded { task_id: self.task };
        tell_one(tx, self.tenant, task.assignee, (task.case_id, task.contact_id), event).await
    }
}
