//! Asks Twilio for what the steps of a call ask of it, one thing after the other: note it, ask once, note what came of it. Bears being
//! done twice, for the first note is taken by one only. The acts: [`crate::ops::twilio_calls::carry_out`].

use std::time::Duration;

use casewire_core::id::CallId;
use casewire_store::jobs::LeasedJob;

use super::JobOutcome;
use crate::lines::twilio::addresses::Addresses;
use crate::lines::twilio::errands::Desk;
use crate::ops::twilio_calls::carry_out::{Errand, FinishOrder, Learned, Next, TakeOrder, Verdict};
use crate::ops::twilio_calls::commit;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// How long to wait until something is asked again: people hear it.
const AGAIN: Duration = Duration::from_millis(400);
/// How long to wait until something unknown is looked for: its callback may come meanwhile.
const LOOK: Duration = Duration::from_secs(2);

/// Does the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, call: CallId) -> JobOutcome {
    match work_off(app, leased, call).await {
        Ok(outcome) => outcome,
        Err(problem) => of_problem(&problem),
    }
}

/// What a refusal makes of a job on a call.
pub(super) fn of_problem(problem: &Problem) -> JobOutcome {
    if problem.code() == ProblemCode::NotFound {
        return JobOutcome::Done;
    }
    JobOutcome::Retry {
        after: None,
        code: "call_step_refused",
    }
}

async fn work_off(app: &App, leased: &LeasedJob, call: CallId) -> Result<JobOutcome, Problem> {
    let (tenant, organization) = (leased.tenant, leased.tenant.organization());
    loop {
        let now = app.clock.now();
        let errand = match commit(app, organization, TakeOrder { tenant, call, now }).await? {
            Next::Ask(errand) => errand,
            Next::Nothing => return Ok(JobOutcome::Done),
        };
        let (verdict, learned) = ask(app, &errand).await;
        let wait = match &verdict {
            Verdict::Done | Verdict::Kept => None,
            Verdict::Again => Some(AGAIN),
            Verdict::Unknown => Some(LOOK),
            Verdict::Failed { code, .. } => {
                app.metrics.call_alarm(code);
                tracing::error!(%call, code, "Twilio did not do what a call asks of it");
                None
            }
        };
        let finish = FinishOrder {
            tenant,
            call,
            order: errand.id,
            verdict,
            learned,
            now: app.clock.now(),
        };
        commit(app, organization, finish).await?;
        if let Some(after) = wait {
            return Ok(JobOutcome::Retry {
                after: Some(after),
                code: "twilio_asked_again",
            });
        }
    }
}

async fn ask(app: &App, errand: &Errand) -> (Verdict, Learned) {
    let Some(carrier) = app.carriers.voice(&errand.account_sid) else {
        let failed = Verdict::Failed {
            code: "no_such_account",
            event: Some(crate::lines::LineEvent::LineLost),
        };
        return (failed, Learned::default());
    };
    let desk = Desk {
        app,
        carrier: carrier.as_ref(),
        errand,
        addresses: Addresses {
            public: &app.config.public_address,
            organization: errand.row.tenant.organization(),
        },
    };
    desk.run().await
}
