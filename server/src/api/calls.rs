//! Calls: `POST /api/calls/` starts one, `GET` lists them or shows one, `PATCH /api/calls/{id}/` does something with it, and
//! `POST …/leg/` brings the audio of a browser. The acts: `crate::ops::{start_call, change_call, offer_leg, list_calls}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::calls::RecordingOrder;
use casewire_core::calls::state::{Microphone, OutsideLine};
use casewire_core::id::{CallId, CaseContactId, ContactId, LeadId, NumberId, PhoneId, UserId};
use casewire_core::view::CallView;
use casewire_store::calls::view;
use casewire_store::inbox::Page;
use casewire_store::mint;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::conversations::{listing, read_cursor};
use super::page;
use crate::auth::caller::Caller;
use crate::lines::switch;
use crate::ops::change_call::{CallOrder, ChangeCall};
use crate::ops::list_calls::{ListCalls, ShowCall, WhichCalls};
use crate::ops::offer_leg::OfferLeg;
use crate::ops::start_call::{CalledParty, StartCall};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Body, Listing, Path, Query};

/// Whom to call: somebody on a case, a lead, or a contact outside of any case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallRequest {
    /// The number of the case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// The lead; not with `case_id`.
    pub lead_id: Option<LeadId>,
    /// Whom on the case, by their link to it.
    pub case_contact_id: Option<CaseContactId>,
    /// Whom; the client, where only `case_id` is given.
    pub contact_id: Option<ContactId>,
    /// Which of their numbers; the primary one, else the one last used.
    pub to_phone_id: Option<PhoneId>,
    /// From which number of the firm; the one last used with them, else the first.
    pub from_number_id: Option<NumberId>,
}

/// Which calls a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallsView {
    /// Those that the reader is on, or busy with after.
    Mine,
    /// Those under way that the reader may supervise; those that they read, where they supervise none.
    Live,
    /// All.
    History,
    /// Those that came in and nobody took.
    Missed,
}

/// Which calls.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CallsQuery {
    /// mine, live, history or missed; history unless it is said.
    pub view: Option<CallsView>,
    /// The number of a case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

/// Something that is done with a call.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum CallRequestedAct {
    /// Take a call that rings here.
    Answer {},
    /// Do not take it, or the call that is being handed over here.
    Decline {},
    /// Hang up, or give up.
    HangUp {},
    /// Put the outside party on hold, or take them back.
    Hold {
        /// Whether they are on hold then.
        on: bool,
    },
    /// Mute the own microphone, or open it.
    Mute {
        /// Whether it is muted then.
        on: bool,
    },
    /// Hand the call to another agent: it rings there, and stays here until they take it.
    Transfer {
        /// Whom.
        to_user_id: UserId,
    },
    /// Take a call that is being handed over here.
    TakeOver {},
    /// Hand it to nobody after all.
    CancelTransfer {},
    /// Press keys.
    Press {
        /// 1 to 32 of 0 to 9, * and #.
        digits: String,
    },
    /// Pause the recording, or go on.
    Recording {
        /// paused or running.
        state: RecordingOrder,
    },
    /// File the call in a case.
    File {
        /// The number of the case.
        mycase_case_id: String,
    },
    /// Note what came of a call that is over.
    WrapUp {
        /// A code of `GET /api/call-dispositions`.
        disposition: String,
        /// More of it, at most 4000 characters.
        note: Option<String>,
    },
}

impl From<CallRequestedAct> for CallOrder {
    fn from(act: CallRequestedAct) -> Self {
        match act {
            CallRequestedAct::Answer {} => Self::Answer,
            CallRequestedAct::Decline {} => Self::Decline,
            CallRequestedAct::HangUp {} => Self::HangUp,
            CallRequestedAct::Hold { on } => Self::Hold(if on { OutsideLine::OnHold } else { OutsideLine::Talking }),
            CallRequestedAct::Mute { on } => Self::Mute(if on { Microphone::Muted } else { Microphone::Open }),
            CallRequestedAct::Transfer { to_user_id } => Self::Transfer(to_user_id),
            CallRequestedAct::TakeOver {} => Self::TakeOver,
            CallRequestedAct::CancelTransfer {} => Self::CancelTransfer,
            CallRequestedAct::Press { digits } => Self::Press(digits),
            CallRequestedAct::Recording { state } => Self::Record(state),
            CallRequestedAct::File { mycase_case_id } => Self::File(mycase_case_id),
            CallRequestedAct::WrapUp { disposition, note } => Self::WrapUp { disposition, note },
        }
    }
}

/// The audio of a browser, offered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegRequest {
    /// The tab's own name of itself, elected by `POST /api/softphones`.
    pub softphone_id: String,
    /// The offer as SDP.
    pub sdp: String,
}

/// The audio of a browser, taken.
#[derive(Serialize, ToSchema)]
pub struct LegView {
    /// The answer as SDP.
    pub sdp: String,
}

/// Starts a call. The outside phone rings when the audio of the caller's softphone is there.
#[utoipa::path(post, path = "/api/calls", tag = "calls", request_body = CallRequest,
    responses((status = 201, body = CallView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn start(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<CallRequest>,
) -> Result<(StatusCode, Json<CallView>), Problem> {
    let line = app.lines.usual().ok_or_else(|| Problem::of(ProblemCode::NoLine))?;
    let act = StartCall {
        access: caller.access().clone(),
        id: mint(),
        to: CalledParty {
            case_id: request.case_id,
            lead_id: request.lead_id,
            case_contact_id: request.case_contact_id,
            contact_id: request.contact_id,
            to_phone_id: request.to_phone_id,
            from_number_id: request.from_number_id,
        },
        line: line.name(),
        now: app.clock.now(),
    };
    let stepped = switch::step(&app, caller.organization(), act.id, act).await?;
    Ok((StatusCode::CREATED, Json(stepped.view)))
}

/// Calls, the latest first.
#[utoipa::path(get, path = "/api/calls", tag = "calls", params(CallsQuery),
    responses((status = 200, body = Listing<CallView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller, Query(query): Query<CallsQuery>) -> Result<Json<Listing<CallView>>, Problem> {
    let limit = page::limit(query.limit)?;
    let act = ListCalls {
        access: caller.access().clone(),
        which: match query.view {
            Some(CallsView::Mine) => WhichCalls::Mine,
            Some(CallsView::Live) => WhichCalls::Live,
            Some(CallsView::Missed) => WhichCalls::Missed,
            Some(CallsView::History) | None => WhichCalls::History,
        },
        mycase_case_id: query.case_id,
        page: Page {
            after: read_cursor("calls", query.cursor.as_deref())?,
            limit: limit + 1,
        },
        now: app.clock.now(),
    };
    let found = app.store.read(act).await?;
    Ok(Json(listing("calls", found, limit, view::after)))
}

/// One call.
#[utoipa::path(get, path = "/api/calls/{id}", tag = "calls", params(("id" = CallId, Path)),
    responses((status = 200, body = CallView), (status = 404, body = ProblemBody)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(call_id): Path<CallId>) -> Result<Json<CallView>, Problem> {
    let access = caller.access().clone();
    Ok(Json(app.store.read(ShowCall { access, call_id }).await?))
}

/// Does something with a call.
#[utoipa::path(patch, path = "/api/calls/{id}", tag = "calls", params(("id" = CallId, Path)), request_body = CallRequestedAct,
    responses((status = 200, body = CallView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(call_id): Path<CallId>,
    Body(request): Body<CallRequestedAct>,
) -> Result<Json<CallView>, Problem> {
    let act = ChangeCall {
        access: caller.access().clone(),
        call_id,
        order: request.into(),
        now: app.clock.now(),
    };
    let stepped = switch::step(&app, caller.organization(), call_id, act).await?;
    Ok(Json(stepped.view))
}

/// Brings the audio of the caller's softphone to a call that they are on, or supervise. Again: in place of what was there.
#[utoipa::path(post, path = "/api/calls/{id}/leg", tag = "calls", params(("id" = CallId, Path)), request_body = LegRequest,
    responses((status = 200, body = LegView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn leg(
    State(app): State<App>,
    caller: Caller,
    Path(call_id): Path<CallId>,
    Body(request): Body<LegRequest>,
) -> Result<Json<LegView>, Problem> {
    let act = OfferLeg {
        access: caller.access().clone(),
        call_id,
        softphone_id: request.softphone_id,
        now: app.clock.now(),
    };
    let sdp = switch::offer(&app, caller.organization(), act, request.sdp).await?;
    Ok(Json(LegView { sdp }))
}
