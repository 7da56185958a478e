//! The switch: every step of a call goes through here, whoever asks for it (a person, a carrier, a timer). It takes the call's lane,
//! commits the act, and only then has the line do what follows; what the line cannot do is a step too, never swallowed. The audit line
//! of a supervisor's step is in that commit, so it stands before any audio flows.

use casewire_core::id::{CallId, OrganizationId};
use casewire_store::calls::CallRow;
use casewire_store::{Act, idempotency};

use super::orders::{LineEvent, LineOrder};
use super::{LegParty, LineFailure};
use crate::ops::calls::Stepped;
use crate::ops::hear_call::HearCall;
use crate::ops::offer_leg::OfferLeg;
use crate::ops::receive_call::ReceiveCall;
use crate::ops::recheck_call::ListOnLine;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// How often a step is tried where another node changed the call meanwhile.
const TRIES: usize = 4;

/// Commits a step of a call and has the line do what follows. Carried through although whoever asked goes away.
///
/// # Errors
/// What the act refuses.
pub async fn step<A>(app: &App, organization: OrganizationId, call: CallId, act: A) -> Result<Stepped, Problem>
where
    A: Act<Out = Stepped, Error = Problem> + Clone,
{
    let (server, tasks) = (app.clone(), app.tasks.clone());
    let work = idempotency::accompanied(async move {
        let _held = server.lines.lane(call).await;
        let stepped = commit(&server, organization, act).await?;
        follow(&server, stepped).await
    });
    tasks.spawn(work).await.unwrap_or_else(|_| Err(Problem::of(ProblemCode::Internal)))
}

/// Takes in what a line heard.
///
/// # Errors
/// What the database says; what is stale is no error.
pub async fn hear(app: &App, organization: OrganizationId, call_id: CallId, event: LineEvent) -> Result<Stepped, Problem> {
    let act = HearCall {
        organization,
        call_id,
        event,
        now: app.clock.now(),
    };
    step(app, organization, call_id, act).await
}

/// A browser offers the audio of its own leg: judged as the call stands, in the call's lane, so that nobody who was sent away comes on.
///
/// # Errors
/// `not_found`, `not_your_call`, `call_ended`, `no_softphone`, and what the line refuses.
pub async fn offer(app: &App, organization: OrganizationId, act: OfferLeg, sdp: String) -> Result<String, Problem> {
    let (server, tasks) = (app.clone(), app.tasks.clone());
    let work = async move {
        let _held = server.lines.lane(act.call_id).await;
        let (row, party): (CallRow, LegParty) = server.store.read(act).await?;
        let line = server.lines.named(&row.line).ok_or_else(|| Problem::of(ProblemCode::NoLine))?;
        tracing::debug!(call = %row.id, %organization, "a browser offers its audio");
        line.offer(row, party, sdp).await
    };
    tasks.spawn(work).await.unwrap_or_else(|_| Err(Problem::of(ProblemCode::Internal)))
}

async fn commit<A>(app: &App, organization: OrganizationId, act: A) -> Result<Stepped, Problem>
where
    A: Act<Out = Stepped, Error = Problem> + Clone,
{
    for _ in 1..TRIES {
        match app.store.write(organization, act.clone()).await {
            Err(problem) if problem.code() == ProblemCode::CallChanged => {}
            ended => return ended,
        }
    }
    app.store.write(organization, act).await
}

/// Has the line do what a step asks for; where it cannot, the call goes on without, or ends.
async fn follow(app: &App, stepped: Stepped) -> Result<Stepped, Problem> {
    let Some(failure) = carry_out(app, &stepped).await else {
        return Ok(stepped);
    };
    let (call, organization) = (stepped.row.id, stepped.row.tenant.organization());
    let (event, code): (LineEvent, _) = match failure {
        LineFailure::Call { code } => (LineEvent::LineLost, code),
        LineFailure::Supervisor { user, code } => (LineEvent::SupervisorLost { user }, code),
    };
    tracing::error!(%call, line = %stepped.row.line, code, "a line could not do what a step of a call asks for");
    let act = HearCall {
        organization,
        call_id: call,
        event,
        now: app.clock.now(),
    };
    let after = commit(app, organization, act).await?;
    if let Some(again) = carry_out(app, &after).await {
        tracing::error!(%call, failure = ?again, "a line could not end what it failed to do");
    }
    Ok(after)
}

async fn carry_out(app: &App, stepped: &Stepped) -> Option<LineFailure> {
    if stepped.orders.is_empty() {
        return None;
    }
    let Some(line) = app.lines.named(&stepped.row.line) else {
        // The line that carried it is not configured any more; only its end can be told of.
        let is_end = stepped.orders.contains(&LineOrder::HangUp);
        return (!is_end).then_some(LineFailure::Call { code: "no_such_line" });
    };
    line.carry_out(stepped.row.clone(), stepped.orders.clone()).await.err()
}

/// Ends the calls that were under way on a line when its server stopped: for the start of a line that keeps its audio in the process.
/// What was recorded stays.
///
/// # Errors
/// What the database says.
pub async fn end_what_was_left(app: &App, line: &'static str) -> Result<usize, Problem> {
    let left = app.store.read(ListOnLine(line)).await?;
    for (tenant, call) in &left {
        hear(app, tenant.organization(), *call, LineEvent::LineLost).await?;
    }
    Ok(left.len())
}

/// Takes in a call from outside, for a number of the firm's.
///
/// # Errors
/// What the database says.
pub async fn receive(app: &App, act: ReceiveCall) -> Result<Stepped, Problem> {
    step(app, act.tenant.organization(), act.id, act).await
}
