//! Twilio's REST interface as far as it is imitated: which path and method does what, who may ask, and where faults strike.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::answers::{self, Problem, json_answer};
use super::faults::Kind;
use super::listing::{self, Paging};
use super::world::{MediaSource, Message};
use super::{DropConnection, Shared, calls, messages};
use crate::twilio::form::Form;

/// More than any form of Twilio's.
const LARGEST_BODY: usize = 1024 * 1024;

/// A request after everything that is the same for all of them.
pub(super) struct Asked<'a> {
    pub shared: &'a Shared,
    pub account: &'a str,
    pub method: &'a Method,
    pub path: &'a str,
    pub query: Form,
    pub form: Form,
}

pub(super) type Answer = Result<Response, Problem>;

/// Answers any request that is not for the handsets.
pub(super) async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        return Problem::of(20001).with_status(413).answer();
    };
    let form = Form::decode(&body);
    let slow = {
        let mut world = shared.world();
        world.requests.record(&head.method, &head.uri, &head.headers, &form);
        if world.faults.strike(Kind::Down, &parties(&form)).is_some() {
            return Problem::of(20503).answer();
        }
        world.faults.strike(Kind::Slow, &parties(&form))
    };
    let path = head.uri.path();
    let steps: Vec<&str> = path.strip_prefix("/2010-04-01/Accounts/").unwrap_or_default().split('/').collect();
    let account = steps
        .first()
        .map(|step| step.strip_suffix(".json").unwrap_or(step))
        .unwrap_or_default();
    let answer = if may_ask(&shared, account, &head.headers) {
        let query = Form::decode(head.uri.query().unwrap_or_default().as_bytes());
        let asked = Asked {
            shared: &shared,
            account,
            method: &head.method,
            path,
            query,
            form,
        };
        asked.dispatch(&steps).unwrap_or_else(|problem| problem.answer())
    } else {
        Problem::of(20003).answer()
    };
    if let Some(fault) = slow {
        tokio::time::sleep(Duration::from_millis(fault.ms.unwrap_or(1000))).await;
    }
    answer
}

fn may_ask(shared: &Shared, account: &str, headers: &HeaderMap) -> bool {
    let Some(account) = shared.config.accounts.iter().find(|known| known.sid == account) else {
        return false;
    };
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok())
        .unwrap_or_default();
    let keys = account.api_keys.iter().map(|(sid, secret)| (sid, secret));
    keys.chain([(&account.sid, &account.token)]).any(|(user, secret)| {
        let expected = format!("{user}:{}", secret.text());
        bool::from(expected.as_bytes().ct_eq(&given))
    })
}

/// The numbers that a request is about.
fn parties(form: &Form) -> Vec<String> {
    ["From", "To"].into_iter().filter_map(|name| form.text(name)).collect()
}

impl Asked<'_> {
    fn dispatch(&self, steps: &[&str]) -> Answer {
        let get = self.method == Method::GET;
        match steps {
            [_] if get => Ok(self.account()),
            [_, "Messages.json"] if get => self.list(),
            [_, "Messages.json"] if self.method == Method::POST => self.send(),
            [_, "Messages", sid] => self.message(sid.strip_suffix(".json").ok_or(Problem::of(20404))?),
            [_, "Messages", sid, "Media.json"] if get => self.media_list(sid),
            [_, "Messages", sid, "Media", media] => self.media(sid, media),
            [_, "IncomingPhoneNumbers.json"] if get => self.numbers(),
            [_, "IncomingPhoneNumbers", sid] => self.number(sid.strip_suffix(".json").ok_or(Problem::of(20404))?),
            [_] | [_, "Messages.json" | "IncomingPhoneNumbers.json"] | [_, "Messages", _, "Media.json"] => Err(Problem::of(20004)),
            [_, about @ ..] => calls::answer(self, about),
            [] => Err(Problem::of(20404)),
        }
    }

    fn strike(&self, kind: Kind) -> Option<super::faults::Struck> {
        self.shared.world().faults.strike(kind, &parties(&self.form))
    }

    fn account(&self) -> Response {
        let found = self.shared.config.accounts.iter().find(|account| account.sid == self.account);
        match found {
            Some(account) => json_answer(StatusCode::OK, &answers::account(account, self.shared.now())),
            None => Problem::of(20404).answer(),
        }
    }

    fn send(&self) -> Answer {
        self.create(21610, || {
            messages::create(self.shared, self.account, &self.form).map(|message| answers::message(&message))
        })
    }

    /// Creates a text or a leg, with the faults that may strike before and after; `refusal` is the code where a fault names none.
    pub(super) fn create(&self, refusal: u32, make: impl FnOnce() -> Result<Value, Problem>) -> Answer {
        if self.strike(Kind::RateLimit).is_some() {
            return Err(Problem::of(20429));
        }
        if let Some(fault) = self.strike(Kind::ErrorBeforeCreate) {
            return Err(Problem::of(20500).with_status(fault.status.unwrap_or(500)));
        }
        if self.strike(Kind::DropBeforeCreate).is_some() {
            return Ok(dropped());
        }
        if let Some(fault) = self.strike(Kind::RefuseSend) {
            return Err(Problem::of(fault.code.unwrap_or(refusal)));
        }
        let made = make()?;
        if self.strike(Kind::DropAfterCreate).is_some() {
            return Ok(dropped());
        }
        if let Some(fault) = self.strike(Kind::ErrorAfterCreate) {
            return Err(Problem::of(20500).with_status(fault.status.unwrap_or(500)));
        }
        if self.strike(Kind::AnswerNonsense).is_some() {
            return Ok(answers::answer(
                StatusCode::CREATED,
                "text/html",
                Body::from("<html>It works!</html>"),
            ));
        }
        Ok(json_answer(StatusCode::CREATED, &made))
    }

    fn list(&self) -> Answer {
        let page = listing::messages(&self.shared.world(), self.account, self.path, &self.query, answers::message)?;
        Ok(json_answer(StatusCode::OK, &page))
    }

    fn find(&self, sid: &str) -> Result<Message, Problem> {
        let world = self.shared.world();
        world
            .message(sid)
            .filter(|message| message.account_sid == self.account)
            .cloned()
            .ok_or(Problem::of(20404))
    }

    fn message(&self, sid: &str) -> Answer {
        match *self.method {
            Method::GET => Ok(json_answer(StatusCode::OK, &answers::message(&self.find(sid)?))),
            Method::POST => {
                let message = messages::update(self.shared, self.account, sid, &self.form)?;
                Ok(json_answer(StatusCode::OK, &answers::message(&message)))
            }
            Method::DELETE => {
                if !self.find(sid)?.status.is_final() {
                    return Err(Problem::of(20009));
                }
                self.shared.world().delete(sid);
                Ok(nothing())
            }
            _ => Err(Problem::of(20004)),
        }
    }

    fn media_list(&self, sid: &str) -> Answer {
        let message = self.find(sid)?;
        let paging = Paging::read(&self.query)?;
        let rest = message
            .media
            .iter()
            .skip_while(|item| paging.after().is_some_and(|after| after != item.sid));
        let rest = rest.skip(usize::from(paging.after().is_some()));
        let page = paging.page(
            "media_list",
            self.path,
            &self.query,
            rest,
            |item| item.sid.as_str(),
            |item| answers::media(&message, item),
        );
        Ok(json_answer(StatusCode::OK, &page))
    }

    fn media(&self, sid: &str, named: &str) -> Answer {
        let mut message = self.find(sid)?;
        let media_sid = named.strip_suffix(".json").unwrap_or(named);
        let item = message
            .media
            .iter()
            .find(|item| item.sid == media_sid)
            .cloned()
            .ok_or(Problem::of(20404))?;
        match *self.method {
            Method::GET if named.ends_with(".json") => Ok(json_answer(StatusCode::OK, &answers::media(&message, &item))),
            Method::GET => Ok(content(&item.content_type, &item.source)),
            Method::DELETE => {
                message.media.retain(|kept| kept.sid != media_sid);
                self.shared.world().put(message);
                Ok(nothing())
            }
            _ => Err(Problem::of(20004)),
        }
    }

    fn numbers(&self) -> Answer {
        let paging = Paging::read(&self.query)?;
        let wanted = self.query.text("PhoneNumber");
        let all = self.own_numbers(wanted.as_deref());
        let rest = all.iter().skip_while(|(sid, _)| paging.after().is_some_and(|after| after != sid));
        let rest = rest.skip(usize::from(paging.after().is_some()));
        let page = paging.page(
            "incoming_phone_numbers",
            self.path,
            &self.query,
            rest,
            |(sid, _)| sid.as_str(),
            |(_, number)| number.clone(),
        );
        Ok(json_answer(StatusCode::OK, &page))
    }

    /// The numbers of the account, by their ids.
    #[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
    fn own_numbers(&self, wanted: Option<&str>) -> Vec<(String, Value)> {
        let now = self.shared.now();
        let numbers = self.shared.config.numbers.iter().enumerate();
        numbers
            .filter(|(_, number)| number.account_sid == self.account)
            .filter(|(_, number)| wanted.is_none_or(|wanted| number.number.expose().contains(wanted)))
            .map(|(at, number)| {
                let mut shown = answers::number(number, at, now);
                let voice_url = calls::voice_url(self.shared, number.number.expose());
                if let Some(field) = shown.get_mut("voice_url") {
                    *field = voice_url.into();
                }
                if let (Some(field), Some(url)) = (
                    shown.get_mut("status_callback"),
                    calls::status_url(self.shared, number.number.expose()),
                ) {
                    *field = url.into();
                }
                (format!("PN{:032x}", at + 1), shown)
            })
            .collect()
    }

    /// One number; its address for calls can be set.
    fn number(&self, sid: &str) -> Answer {
        let find = || {
            self.own_numbers(None)
                .into_iter()
                .find(|(known, _)| known == sid)
                .map(|(_, shown)| shown)
        };
        let shown = find().ok_or(Problem::of(20404))?;
        match *self.method {
            Method::GET => Ok(json_answer(StatusCode::OK, &shown)),
            Method::POST => {
                if let (Some(number), Some(url)) = (shown.get("phone_number").and_then(Value::as_str), self.form.text("VoiceUrl")) {
                    self.shared.world().exchange.voice_urls.insert(number.to_owned(), url);
                }
                Ok(json_answer(StatusCode::OK, &find().unwrap_or(shown)))
            }
            _ => Err(Problem::of(20004)),
        }
    }
}

fn dropped() -> Response {
    let mut answer = Response::new(Body::empty());
    answer.extensions_mut().insert(DropConnection);
    answer
}

pub(super) fn nothing() -> Response {
    answers::answer(StatusCode::NO_CONTENT, "application/json", Body::empty())
}

fn content(content_type: &str, source: &MediaSource) -> Response {
    match source {
        MediaSource::Held(held) => match STANDARD.decode(held) {
            Ok(bytes) => answers::answer(StatusCode::OK, content_type, Body::from(bytes)),
            Err(_) => Problem::of(20404).answer(),
        },
        MediaSource::At(url) => {
            let mut answer = answers::answer(StatusCode::TEMPORARY_REDIRECT, content_type, Body::empty());
            if let Ok(url) = HeaderValue::from_str(url) {
                answer.headers_mut().insert(header::LOCATION, url);
            }
            answer
        }
    }
}
