//! The jobs of calls: a timer that looks whether a call waited long enough, and the look at every call under way after rights changed.
//! Both go through the switch, for a line has to do what follows.

use casewire_core::id::CallId;
use casewire_store::jobs::LeasedJob;

use super::JobOutcome;
use crate::lines::switch;
use crate::ops::recheck_call::{ListUnderWay, RecheckCall};
use crate::ops::watch_call::WatchCall;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// Looks at a call.
pub(super) async fn watch(app: &App, leased: &LeasedJob, call_id: CallId) -> JobOutcome {
    let tenant = leased.tenant;
    let act = WatchCall {
        tenant,
        call_id,
        now: app.clock.now(),
    };
    outcome(switch::step(app, tenant.organization(), call_id, act).await.map(drop))
}

/// Looks at everybody on a call.
pub(super) async fn recheck(app: &App, leased: &LeasedJob) -> JobOutcome {
    let tenant = leased.tenant;
    let calls = match app.store.read(ListUnderWay { tenant }).await {
        Ok(calls) => calls,
        Err(error) => return JobOutcome::of_store_error(&error),
    };
    let mut worst = JobOutcome::Done;
    for call_id in calls {
        let act = RecheckCall {
            tenant,
            call_id,
            now: app.clock.now(),
        };
        match outcome(switch::step(app, tenant.organization(), call_id, act).await.map(drop)) {
            JobOutcome::Done => {}
            failed @ (JobOutcome::Retry { .. } | JobOutcome::Bury { .. }) => worst = failed,
        }
    }
    worst
}

fn outcome(ended: Result<(), Problem>) -> JobOutcome {
    match ended {
        Ok(()) => JobOutcome::Done,
        Err(problem) if problem.code() == ProblemCode::NotFound => JobOutcome::Done,
        Err(problem) => JobOutcome::Retry {
            after: None,
            code: problem.code().as_str(),
        },
    }
}
