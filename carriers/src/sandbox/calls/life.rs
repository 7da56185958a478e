//! The life of a leg: made, rung, answered or not, ended; and what happens later by itself.

use std::sync::Arc;
use std::time::Duration;

use casewire_core::time::micros;

use super::rooms::Leave;
use super::{Call, Desk, Doing, Live, OnAnswer, Standing, Watch, Way};
use crate::sandbox::Shared;
use crate::sandbox::answers::Problem;
use crate::sandbox::deliveries::{self, Due, Step};
use crate::sandbox::faults::Kind;
use crate::sandbox::messages::new_sid;
use crate::twilio::form::Form;

/// What happens later by itself.
#[derive(Clone)]
pub(in crate::sandbox) enum Later {
    /// The phone begins to ring.
    Ring { sid: String, timeout: Duration },
    /// It has rung long enough.
    Unanswered { sid: String },
    /// What was heard, waited for or taken is over.
    Over { sid: String, turn: u32 },
    /// A document is fetched.
    Fetch(Box<Fetch>),
}

/// A document to be fetched.
#[derive(Clone)]
pub(in crate::sandbox) struct Fetch {
    pub sid: String,
    pub turn: u32,
    pub account_sid: String,
    pub url: String,
    pub form: Form,
}

/// A leg to be made.
pub(super) struct NewCall {
    pub account_sid: String,
    pub way: Way,
    pub from: String,
    pub to: String,
    pub parent: Option<String>,
    pub watch: Option<Watch>,
    pub answer: OnAnswer,
}

pub(in crate::sandbox) async fn later(shared: &Arc<Shared>, later: Later) {
    match later {
        Later::Ring { sid, timeout } => Desk::open(shared).ring(&sid, timeout),
        Later::Unanswered { sid } => Desk::open(shared).give_up(&sid),
        Later::Over { sid, turn } => Desk::open(shared).go_on(&sid, turn),
        Later::Fetch(fetch) => fetch_document(shared, *fetch).await,
    }
}

async fn fetch_document(shared: &Arc<Shared>, fetch: Fetch) {
    let document = deliveries::ask(shared, &fetch.account_sid, &fetch.url, &fetch.form).await;
    let verbs = document.as_deref().and_then(super::verbs::read);
    let mut desk = Desk::open(shared);
    let waits = desk
        .call(&fetch.sid)
        .is_some_and(|call| call.live.turn == fetch.turn && !call.standing.is_final());
    match verbs {
        _ if !waits => {}
        Some(verbs) => {
            if let Some(call) = desk.call_mut(&fetch.sid) {
                call.live.script = verbs.into();
                call.live.base = fetch.url;
            }
            desk.run(&fetch.sid);
        }
        None => {
            tracing::warn!(call = %fetch.sid, "no document for a call could be had; the sandbox ends the call as Twilio does");
            desk.end(&fetch.sid, Standing::Failed, Leave::HungUp);
        }
    }
}

impl Desk<'_> {
    pub(super) fn plan(&self, after: Duration, later: Later) {
        let step = Step::Call(later);
        deliveries::plan(self.shared, Due { after, step });
    }

    /// Makes a leg; an outbound one rings soon.
    pub(super) fn make(&mut self, new: NewCall, timeout: Duration) -> Result<String, Problem> {
        let sid = new_sid("CA")?;
        let (to, params) = address(&new.to);
        let standing = match new.way {
            Way::Inbound => Standing::Ringing,
            Way::OutboundApi | Way::OutboundDial => Standing::Queued,
        };
        let call = Call {
            sid: sid.clone(),
            account_sid: new.account_sid,
            way: new.way,
            from: new.from,
            to,
            standing,
            parent: new.parent,
            created_at: self.now,
            updated_at: self.now,
            started_at: None,
            ended_at: None,
            watch: new.watch,
            sequence: 0,
            application: None,
            params,
            heard: Vec::new(),
            keys: String::new(),
            live: Live {
                answer: new.answer,
                ..Live::default()
            },
        };
        self.exchange().put_call(call);
        if new.way != Way::Inbound {
            let ring = Later::Ring { sid: sid.clone(), timeout };
            self.plan(self.shared.config.pace.sent_after, ring);
        }
        Ok(sid)
    }

    fn ring(&mut self, sid: &str, timeout: Duration) {
        let Some((from, to)) = self
            .call(sid)
            .filter(|call| call.standing == Standing::Queued)
            .map(|call| (call.from.clone(), call.to.clone()))
        else {
            return;
        };
        self.tell_status(sid, "initiated");
        if self.world.faults.strike(Kind::FailDelivery, &[from, to]).is_some() {
            return self.end(sid, Standing::Failed, Leave::NotReached);
        }
        if let Some(call) = self.call_mut(sid) {
            call.standing = Standing::Ringing;
        }
        self.tell_status(sid, "ringing");
        self.enter_early(sid);
        self.plan(timeout, Later::Unanswered { sid: sid.to_owned() });
    }

    fn give_up(&mut self, sid: &str) {
        let rings = |call: &&Call| call.way != Way::Inbound && call.standing == Standing::Ringing;
        if self.call(sid).filter(rings).is_some() {
            self.end(sid, Standing::NoAnswer, Leave::NotReached);
        }
    }

    /// Somebody answers a leg that rings.
    pub(super) fn pick_up(&mut self, sid: &str) {
        self.answered(sid);
        let Some(answer) = self.call(sid).map(|call| call.live.answer.clone()) else {
            return;
        };
        match answer {
            OnAnswer::Bridge => self.connect(sid),
            OnAnswer::Sit { conference } => self.enter(&conference, sid),
            OnAnswer::Fetch { url } => self.fetch(sid, &url, &[]),
            OnAnswer::Run => self.run(sid),
        }
    }

    /// A leg that rings is answered, by whomever.
    pub(super) fn answered(&mut self, sid: &str) {
        let now = self.now;
        let Some(call) = self.call_mut(sid).filter(|call| call.standing == Standing::Ringing) else {
            return;
        };
        call.standing = Standing::InProgress;
        call.started_at = Some(now);
        self.tell_status(sid, "answered");
    }

    /// Connects a leg with the one that let it ring; the others stop ringing.
    fn connect(&mut self, sid: &str) {
        let Some(parent) = self.call(sid).and_then(|call| call.parent.clone()) else {
            return;
        };
        let Some(Doing::Dialling { children, action, record }) = self.call(&parent).map(|call| call.live.doing.clone()) else {
            return self.end(sid, Standing::Completed, Leave::HungUp);
        };
        self.set(
            &parent,
            Doing::Bridged {
                with: sid.to_owned(),
                action,
            },
        );
        self.set(
            sid,
            Doing::Bridged {
                with: parent.clone(),
                action: None,
            },
        );
        for child in children.iter().filter(|child| *child != sid) {
            self.end(child, Standing::Canceled, Leave::NotReached);
        }
        if let Some(taping) = record {
            self.start_tape(super::tapes::Of::Call(parent), &taping, "DialVerb");
        }
    }

    /// Sets what a leg does; timers of what it did before are void. Returns the turn for new ones.
    pub(super) fn set(&mut self, sid: &str, doing: Doing) -> u32 {
        self.call_mut(sid).map_or(0, |call| {
            call.live.doing = doing;
            call.live.turn += 1;
            call.live.turn
        })
    }

    /// Ends a leg, and with it what it did.
    pub(super) fn end(&mut self, sid: &str, standing: Standing, why: Leave) {
        let now = self.now;
        let Some(call) = self.call_mut(sid).filter(|call| !call.standing.is_final()) else {
            return;
        };
        call.standing = standing;
        call.ended_at = Some(now);
        let parent = call.parent.clone();
        let live = std::mem::take(&mut call.live);
        self.end_doing(sid, live.doing);
        self.leave_all(sid, why);
        self.stop_tapes_of(sid);
        self.tell_status(sid, "completed");
        if let Some(call) = self.call(sid).cloned() {
            self.world.keep_call(call);
        }
        if let Some(parent) = parent {
            self.child_over(&parent, sid);
        }
    }

    /// A leg stops what it does, for it gets another document.
    pub(super) fn let_go(&mut self, sid: &str) {
        let doing = self.call(sid).map(|call| call.live.doing.clone()).unwrap_or_default();
        self.set(sid, Doing::Waiting);
        self.leave_all(sid, Leave::ByApi);
        match doing {
            Doing::Taking { tape, .. } => self.stop_tape(&tape),
            other @ (Doing::Waiting
            | Doing::Fetching
            | Doing::Hearing
            | Doing::Dialling { .. }
            | Doing::Bridged { .. }
            | Doing::Sitting { .. }) => self.end_doing(sid, other),
        }
    }

    fn end_doing(&mut self, sid: &str, doing: Doing) {
        match doing {
            Doing::Dialling { children, .. } => {
                for child in children {
                    self.end(&child, Standing::Canceled, Leave::NotReached);
                }
            }
            Doing::Bridged { with, .. } => {
                if self.call(&with).is_some_and(|other| other.parent.as_deref() == Some(sid)) {
                    self.end(&with, Standing::Completed, Leave::HungUp);
                }
            }
            Doing::Taking { tape, take } => {
                self.stop_tape(&tape);
                self.ask_after_taking(sid, &tape, &take, "hangup");
            }
            Doing::Waiting | Doing::Fetching | Doing::Hearing | Doing::Sitting { .. } => {}
        }
    }

    /// A leg that was dialled is over: the one that dialled it goes on.
    fn child_over(&mut self, parent: &str, child: &str) {
        let Some(doing) = self.call(parent).map(|call| call.live.doing.clone()) else {
            return;
        };
        let action = match doing {
            Doing::Dialling { children, action, .. } => {
                let all_over = children
                    .iter()
                    .all(|sid| self.call(sid).is_none_or(|call| call.standing.is_final()));
                if !all_over {
                    return;
                }
                action
            }
            Doing::Bridged { with, action } if with == child => action,
            Doing::Waiting | Doing::Fetching | Doing::Hearing | Doing::Bridged { .. } | Doing::Sitting { .. } | Doing::Taking { .. } => {
                return;
            }
        };
        self.stop_tapes_of(parent);
        let Some(call) = self.call(child) else { return };
        let talked = call.seconds();
        let said = [
            ("DialCallStatus", call.standing.as_str().to_owned()),
            ("DialCallSid", child.to_owned()),
            ("DialCallDuration", talked.to_string()),
            ("DialBridged", (call.started_at.is_some()).to_string()),
        ];
        match action {
            Some(url) => self.fetch(parent, &url, &said),
            None => self.run(parent),
        }
    }
}

impl Call {
    /// How long they talked.
    pub(super) fn seconds(&self) -> i64 {
        match (self.started_at, self.ended_at) {
            (Some(started), Some(ended)) => micros(ended.since(started)).div_euclid(1_000_000),
            _ => 0,
        }
    }

    /// The phone that is not Twilio's: who called, or who was called.
    pub(super) fn phone(&self) -> &str {
        match self.way {
            Way::Inbound => &self.from,
            Way::OutboundApi | Way::OutboundDial => &self.to,
        }
    }

    /// The firm's side of it.
    pub(super) fn firm(&self) -> &str {
        match self.way {
            Way::Inbound => &self.to,
            Way::OutboundApi | Way::OutboundDial => &self.from,
        }
    }
}

/// An address without what a browser is told beside the ringing.
fn address(to: &str) -> (String, Vec<(String, String)>) {
    match to.split_once('?') {
        Some((address, query)) if address.starts_with("client:") => {
            let form = Form::decode(query.as_bytes());
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let params = form.pairs().map(|(name, value)| (text(name), text(value))).collect();
            (address.to_owned(), params)
        }
        _ => (to.to_owned(), Vec::new()),
    }
}
