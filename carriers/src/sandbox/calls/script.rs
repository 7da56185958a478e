//! Carries out a leg's document, verb by verb.

use std::time::Duration;

use super::life::{Fetch, Later, NewCall};
use super::rooms::Leave;
use super::tapes::Of;
use super::verbs::{Dial, Take, Taping, Verb};
use super::{Desk, Doing, OnAnswer, Standing, Way};

/// The longest pause; Twilio itself waits longer, but nobody wants to wait for a sandbox.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

impl Desk<'_> {
    /// Goes on with the document, unless something else came in between.
    pub(super) fn go_on(&mut self, sid: &str, turn: u32) {
        let Some(doing) = self
            .call(sid)
            .filter(|call| call.live.turn == turn)
            .map(|call| call.live.doing.clone())
        else {
            return;
        };
        match doing {
            Doing::Hearing => self.run(sid),
            Doing::Taking { tape, take } => self.taken(sid, &tape, &take, ""),
            Doing::Waiting | Doing::Fetching | Doing::Dialling { .. } | Doing::Bridged { .. } | Doing::Sitting { .. } => {}
        }
    }

    /// The next verb; at the end the leg is hung up.
    pub(super) fn run(&mut self, sid: &str) {
        let Some(call) = self.call_mut(sid).filter(|call| !call.standing.is_final()) else {
            return;
        };
        let Some(verb) = call.live.script.pop_front() else {
            return self.end(sid, Standing::Completed, Leave::HungUp);
        };
        match verb {
            Verb::Redirect(_) | Verb::Reject { .. } | Verb::Pause(_) => {}
            Verb::Hear(_) | Verb::Conference(_) | Verb::Dial(_) | Verb::Record(_) | Verb::Hangup => self.answered(sid),
        }
        match verb {
            Verb::Hear(what) => {
                if let Some(call) = self.call_mut(sid) {
                    call.heard.push(what);
                }
                self.wait(sid, self.shared.config.pace.sent_after);
            }
            Verb::Pause(length) => self.wait(sid, length.min(LONGEST_PAUSE)),
            Verb::Redirect(url) => self.fetch(sid, &url, &[]),
            Verb::Reject { busy: true } => self.end(sid, Standing::Busy, Leave::HungUp),
            Verb::Reject { busy: false } => self.end(sid, Standing::NoAnswer, Leave::HungUp),
            Verb::Hangup => self.end(sid, Standing::Completed, Leave::HungUp),
            Verb::Conference(join) => self.sit_down(sid, *join),
            Verb::Dial(dial) => self.dial(sid, *dial),
            Verb::Record(take) => self.take(sid, take),
        }
    }

    fn wait(&mut self, sid: &str, length: Duration) {
        let turn = self.set(sid, Doing::Hearing);
        self.plan(length, Later::Over { sid: sid.to_owned(), turn });
    }

    /// Fetches a leg's next document, telling what else there is to tell.
    pub(super) fn fetch(&mut self, sid: &str, url: &str, said: &[(&str, String)]) {
        let turn = self.set(sid, Doing::Fetching);
        self.ask(sid, turn, url, said);
    }

    fn ask(&mut self, sid: &str, turn: u32, url: &str, said: &[(&str, String)]) {
        let Some(call) = self.call(sid) else { return };
        let url = match reqwest::Url::parse(&call.live.base).and_then(|base| base.join(url)) {
            Ok(url) => url.to_string(),
            Err(_) => url.to_owned(),
        };
        let form = said
            .iter()
            .fold(super::tell::voice_form(call), |form, (name, value)| form.with(name, value));
        let fetch = Fetch {
            sid: sid.to_owned(),
            turn,
            account_sid: call.account_sid.clone(),
            url,
            form,
        };
        self.plan(Duration::ZERO, Later::Fetch(Box::new(fetch)));
    }

    fn dial(&mut self, sid: &str, dial: Dial) {
        let Some((account_sid, own, caller)) = self
            .call(sid)
            .map(|call| (call.account_sid.clone(), call.firm().to_owned(), call.from.clone()))
        else {
            return;
        };
        let mut children = Vec::new();
        for (to, watch) in dial.phones {
            // A browser that dials out has no number; a caller is passed on as who they are.
            let passed_on = if caller.starts_with("client:") {
                own.clone()
            } else {
                caller.clone()
            };
            let new = NewCall {
                account_sid: account_sid.clone(),
                way: Way::OutboundDial,
                from: dial.caller_id.clone().unwrap_or(passed_on),
                to,
                parent: Some(sid.to_owned()),
                watch,
                answer: OnAnswer::Bridge,
            };
            children.extend(self.make(new, dial.timeout));
        }
        self.set(
            sid,
            Doing::Dialling {
                children,
                action: dial.action,
                record: dial.record,
            },
        );
    }

    fn take(&mut self, sid: &str, take: Box<Take>) {
        let taping = Taping {
            dual: false,
            watch: take.watch.clone(),
        };
        let Some(tape) = self.start_tape(Of::Call(sid.to_owned()), &taping, "RecordVerb") else {
            return self.end(sid, Standing::Failed, Leave::HungUp);
        };
        let longest = take.longest;
        let turn = self.set(sid, Doing::Taking { tape, take });
        self.plan(longest, Later::Over { sid: sid.to_owned(), turn });
    }

    /// A message is taken; `keys` ended it.
    pub(super) fn taken(&mut self, sid: &str, tape: &str, take: &Take, keys: &str) {
        self.stop_tape(tape);
        match &take.action {
            Some(url) => {
                let said = self.said_of(tape, keys);
                self.fetch(sid, url, &said);
            }
            None => self.run(sid),
        }
    }

    /// The caller hung up while speaking: the address is asked all the same, and what it answers is for nobody.
    pub(super) fn ask_after_taking(&mut self, sid: &str, tape: &str, take: &Take, keys: &str) {
        if let Some(url) = &take.action {
            let said = self.said_of(tape, keys);
            self.ask(sid, u32::MAX, url, &said);
        }
    }

    fn said_of(&self, tape: &str, keys: &str) -> Vec<(&'static str, String)> {
        let Some(kept) = self.world.exchange.tape(tape) else {
            return Vec::new();
        };
        let mut said = vec![
            ("RecordingUrl", self.tape_url(kept)),
            ("RecordingSid", kept.sid.clone()),
            ("RecordingDuration", kept.seconds(self.now).to_string()),
        ];
        if !keys.is_empty() {
            said.push(("Digits", keys.to_owned()));
        }
        said
    }

    /// Keys pressed at a phone: they end a message, and the others in a call hear them.
    pub(super) fn press(&mut self, sid: &str, keys: &str) {
        let Some(call) = self.call_mut(sid) else { return };
        call.keys.push_str(keys);
        let doing = call.live.doing.clone();
        if let Doing::Taking { tape, take } = doing
            && let Some(key) = keys.chars().find(|key| take.finish_on.contains(*key))
        {
            self.taken(sid, &tape, &take, &key.to_string());
        }
    }
}
