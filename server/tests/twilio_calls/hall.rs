//! A firm that calls over Twilio: its router listens on a port, its line is the real one, and Twilio is the sandbox, which takes the
//! part of the browsers' sound as well. Webhooks come by themselves; jobs run while the test waits.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test's client of the sandbox needs no limits")]

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use casewire::clock::Clock;
use casewire::config::{Config, DatabaseAddress, TwilioAccount};
use casewire::jobs::recurring::QueueRounds;
use casewire::jobs::run_due_now;
use casewire::lines::twilio::addresses::VOICE;
use casewire::lines::twilio::{TwilioLine, identity};
use casewire::lines::{RecordingShelf, ShelfError, SoftphoneIdentity};
use casewire::state::Carriers;
use casewire_carriers::sandbox::{
    Pace, RunningSandbox, Sandbox, SandboxAccount, SandboxApplication, SandboxCalls, SandboxConfig, SandboxNumber, SandboxVoice,
};
use casewire_carriers::tls;
use casewire_carriers::twilio::form::Form;
use casewire_carriers::twilio::signature::{Algorithm, Content, sign};
use casewire_carriers::twilio::webhook::PublicAddress;
use casewire_core::phone::E164;
use casewire_store::testing::TestDatabase;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::case_contacts::{case, contact, link};
use crate::support::{ACCOUNT, Answer, Firm};

pub const FIRM: &str = "+14155550100";
pub const JANE: &str = "+12125550123";
pub const AGENT: &str = "Agent Specialist";
pub const SECOND: &str = "Paralegal";
pub const BOSS: &str = "Manager";
pub const APPLICATION: &str = "AP00000000000000000000000000000001";
const TOKEN: &str = "token-of-the-firm";

/// Recordings in memory.
#[derive(Default)]
pub struct Drawer(Mutex<BTreeMap<String, Bytes>>);

impl Drawer {
    pub fn only(&self) -> Bytes {
        let kept = self.0.lock().unwrap();
        assert_eq!(kept.len(), 1);
        kept.values().next().unwrap().clone()
    }
}

impl RecordingShelf for Drawer {
    fn put<'a>(&'a self, name: &'a str, sound: Bytes) -> BoxFuture<'a, Result<(), ShelfError>> {
        self.0.lock().unwrap().insert(name.to_owned(), sound);
        Box::pin(std::future::ready(Ok(())))
    }

    fn length<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64, ShelfError>> {
        let length = self.0.lock().unwrap().get(name).map(|sound| sound.len() as u64);
        Box::pin(std::future::ready(length.ok_or(ShelfError::Missing)))
    }

    fn read<'a>(&'a self, name: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ShelfError>> {
        let kept = self.0.lock().unwrap().get(name).cloned();
        let at = |place: u64, sound: &Bytes| usize::try_from(place).unwrap().min(sound.len());
        let part = kept.map(|sound| sound.slice(at(range.start, &sound)..at(range.end, &sound)));
        Box::pin(std::future::ready(part.ok_or(ShelfError::Missing)))
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), ShelfError>> {
        self.0.lock().unwrap().remove(name);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The firm, Twilio and the outside. Jane Quill is a witness in the case 123.
pub struct Hall {
    pub firm: Firm,
    pub sandbox: RunningSandbox,
    pub drawer: Arc<Drawer>,
    pub jane: Value,
    http: reqwest::Client,
}

impl Hall {
    pub async fn open(db: TestDatabase) -> Self {
        tls::install();
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let public = PublicAddress::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let clock: Arc<OnceLock<Clock>> = Arc::default();
        let (config, calls) = outside(&public, &clock);
        let sandbox = Sandbox::start_with_calls(config, calls).await.unwrap();
        let account = TwilioAccount {
            account_sid: ACCOUNT.to_owned(),
            auth_token: TOKEN.into(),
            secondary_auth_token: None,
            api_key: Some(("SK00000000000000000000000000000001".to_owned(), "a-secret".into())),
            voice_application_sid: Some(APPLICATION.to_owned()),
            deletes_recordings: true,
            base: sandbox.base().to_owned(),
        };
        let configure = |mut config: Config| {
            config.public_address = public.clone();
            config.twilio.insert("main".to_owned(), account.clone());
            config
        };
        let nowhere = Config::local(([127, 0, 0, 1], 0).into(), DatabaseAddress::new("unused"), public.clone());
        let carriers = Carriers::of_config(&configure(nowhere)).unwrap();
        let mut firm = Firm::start_with(db, carriers, configure).await;
        clock.get_or_init(|| firm.clock.clone());
        firm.app
            .lines
            .lead(Arc::new(TwilioLine::silent(&firm.app, sandbox.silent_browsers())));
        let drawer = Arc::new(Drawer::default());
        firm.app.lines.keep_on(drawer.clone());
        let router = axum::Router::new().fallback_service(firm.service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        for word in [FIRM, JANE, "Jane Quill"] {
            firm.keep_out_of_logs(word);
        }
        case(&firm, "123").await;
        let jane = contact(&firm, "Jane Quill", &[JANE]).await;
        link(&firm, "123", &jane, "Witness").await;
        Self {
            firm,
            sandbox,
            drawer,
            jane,
            http: reqwest::Client::new(),
        }
    }

    /// A softphone of that user takes calls.
    pub async fn ready(&self, role: &str) {
        let body = json!({"id": self.tab(role), "takeover": true});
        let elected = self.firm.user(role).post("/api/softphones/", body).await.ok();
        assert_eq!((&elected["is_elected"], &elected["line"]), (&json!(true), &json!("twilio")));
    }

    /// What the user's browser is called at Twilio.
    pub fn name(&self, role: &str) -> String {
        identity::of(SoftphoneIdentity {
            organization: self.firm.organization(),
            user: self.firm.user_id(role),
        })
    }

    /// The agent called Jane once, and waits for calls now.
    pub async fn talks_before(&self) {
        let call = self.talks().await;
        self.does(AGENT, &call, json!({"act": "hang_up"})).await.ok();
        self.until(&call, "status", json!("completed")).await;
        self.does(AGENT, &call, json!({"act": "wrap_up", "disposition": "spoke"}))
            .await
            .ok();
        self.ready(AGENT).await;
    }

    /// The newest call, once it is there.
    pub async fn newest(&self) -> Value {
        let find = || async {
            let calls = self.firm.user(BOSS).get("/api/calls/?view=history").await.ok();
            calls["items"]
                .as_array()
                .unwrap()
                .iter()
                .find(|call| call["direction"] == "inbound")
                .cloned()
        };
        self.wait("the call is there", || async { find().await.is_some() }).await;
        find().await.unwrap()
    }

    /// Somebody calls while Twilio reaches nobody of ours.
    pub async fn silently_rings(&self) {
        let number = format!(
            "{}/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/PN{:032x}.json",
            self.sandbox.base(),
            1
        );
        let form = Form::default().with("VoiceUrl", "http://127.0.0.1:9/voice").encode();
        let request = self.http.post(number).basic_auth(ACCOUNT, Some(TOKEN));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
        self.rings().await;
        self.wait("Twilio gives up", || async { self.phone(JANE).await[0]["status"] == "failed" })
            .await;
    }

    /// Compares the firm's number with Twilio.
    pub async fn reconciles(&self) {
        let act = QueueRounds {
            now: self.firm.now(),
            times: self.firm.app.config.jobs,
        };
        self.firm.app.store.write_for_all(act).await.unwrap();
        self.firm.advance(Duration::from_secs(301));
        run_due_now(&self.firm.app).await.unwrap();
    }

    pub async fn inbound_calls(&self) -> usize {
        let calls = self.firm.user(BOSS).get("/api/calls/?view=history").await.ok();
        let calls = calls["items"].as_array().unwrap().iter();
        calls.filter(|call| call["direction"] == "inbound").count()
    }

    /// How many recordings Twilio still has, of those that were made.
    pub fn recordings_at_twilio(&self) -> usize {
        let requests = self.sandbox.requests();
        let count = |method: &str, part: &str| {
            let asked = requests
                .iter()
                .filter(|request| request.method == method && request.path.contains(part));
            asked.count()
        };
        count("POST", "/Recordings.json").saturating_sub(count("DELETE", "/Recordings/RE"))
    }

    /// Posts a webhook that is signed as Twilio does.
    pub async fn signed(&self, path: &str, form: &Form) -> Answer {
        let url = self.firm.app.config.public_address.url(path);
        let signature = sign(&TOKEN.into(), Algorithm::HmacSha1, &url, Content::Form(form));
        let twilio = self.firm.stranger().with("content-type", "application/x-www-form-urlencoded");
        let twilio = twilio.with("x-twilio-signature", signature);
        twilio
            .send(axum::http::Method::POST, path, Some(form.encode().into_bytes().into()))
            .await
    }

    fn tab(&self, role: &str) -> String {
        self.firm.user_id(role).to_string().replace('_', "-")
    }

    /// The user's browser comes into a call.
    pub async fn comes(&self, role: &str, call: &str) -> Answer {
        let body = json!({"softphone_id": self.tab(role), "sdp": ""});
        self.firm.user(role).post(&format!("/api/calls/{call}/leg/"), body).await
    }

    pub async fn does(&self, role: &str, call: &str, act: Value) -> Answer {
        self.firm.user(role).patch(&format!("/api/calls/{call}/"), act).await
    }

    pub async fn supervises(&self, method: &str, call: &str, mode: &str) -> Answer {
        let path = format!("/api/calls/{call}/supervision/");
        let body = json!({"mode": mode}).to_string().into();
        self.firm.user(BOSS).send(method.parse().unwrap(), &path, Some(body)).await
    }

    pub async fn shown(&self, role: &str, call: &str) -> Value {
        self.firm.user(role).get(&format!("/api/calls/{call}/")).await.ok()
    }

    /// Chooses about calls.
    pub async fn set(&self, calls: Value) {
        self.firm
            .user("Firm Admin")
            .patch("/api/settings", json!({"calls": calls}))
            .await
            .ok();
    }

    /// The agent calls Jane in the case 123, and their browser comes in.
    pub async fn calls(&self) -> String {
        self.ready(AGENT).await;
        let body = json!({"case_id": "123", "contact_id": self.jane});
        let call = self.firm.user(AGENT).post("/api/calls/", body).await.ok();
        let id = call["id"].as_str().unwrap().to_owned();
        self.comes(AGENT, &id).await.ok();
        id
    }

    /// The agent and Jane talk.
    pub async fn talks(&self) -> String {
        let id = self.calls().await;
        self.answers(JANE).await;
        self.until(&id, "status", json!("in-progress")).await;
        id
    }

    /// Does the jobs that are due, until something is so.
    pub async fn wait<F: Future<Output = bool>>(&self, what: &str, so: impl Fn() -> F) {
        for _ in 0..600 {
            run_due_now(&self.firm.app).await.unwrap();
            if so().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        panic!("it did not come to be so: {what}");
    }

    /// Waits until a call is shown so.
    pub async fn until(&self, call: &str, field: &str, value: Value) -> Value {
        let so = || async { self.shown(BOSS, call).await[field] == value };
        self.wait(&format!("{field} is {value}"), so).await;
        self.shown(BOSS, call).await
    }

    /// What becomes due in that time.
    pub async fn after(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(5) {
            self.firm.advance(Duration::from_secs(5.min(seconds)));
            run_due_now(&self.firm.app).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn ask(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.sandbox.base())).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.sandbox.base()));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
    }

    /// The calls of a phone, newest last.
    pub async fn phone(&self, phone: &str) -> Vec<Value> {
        self.ask(&format!("/handsets/{phone}/calls")).await["calls"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The newest call of a phone takes part in something.
    pub async fn at_phone(&self, phone: &str, act: &str, body: Value) -> (u16, Value) {
        let sid = self.phone(phone).await.last().unwrap()["sid"].as_str().unwrap().to_owned();
        self.post(&format!("/handsets/{phone}/calls/{sid}/{act}"), body).await
    }

    /// A phone rings, and somebody answers it.
    pub async fn answers(&self, phone: &str) {
        self.wait("the phone rings", || async {
            self.phone(phone).await.last().is_some_and(|call| call["status"] == "ringing")
        })
        .await;
        assert_eq!(self.at_phone(phone, "answer", json!({})).await.0, 200);
    }

    /// Somebody outside calls the firm.
    pub async fn rings(&self) -> Value {
        let (status, call) = self.post(&format!("/handsets/{JANE}/calls"), json!({"to": FIRM})).await;
        assert_eq!(status, 201);
        call
    }

    pub async fn fault(&self, fault: Value) {
        assert_eq!(self.post("/faults", fault).await.0, 201);
    }

    /// Whom somebody in the only conference hears: agent, outside, boss, second.
    pub async fn hears(&self, who: &str) -> Vec<&'static str> {
        let rooms = self.ask("/conferences").await;
        let Some(room) = rooms["conferences"].as_array().unwrap().first().cloned() else {
            return Vec::new();
        };
        let seats = room["participants"].as_array().unwrap();
        let named = |seat: &Value| -> &'static str {
            let phone = seat["phone"].as_str().unwrap();
            let of = |role: &str| phone.ends_with(&self.firm.user_id(role).to_string());
            match phone {
                JANE => "outside",
                _ if of(AGENT) => "agent",
                _ if of(BOSS) => "boss",
                _ if of(SECOND) => "second",
                _ => "nobody",
            }
        };
        let Some(listener) = seats.iter().rfind(|seat| named(seat) == who && seat["inside"] == true) else {
            return Vec::new();
        };
        let heard = listener["hears"].as_array().unwrap().iter();
        let mut heard: Vec<&'static str> = heard
            .map(|sid| named(seats.iter().find(|seat| seat["call_sid"] == *sid).unwrap()))
            .collect();
        heard.sort_unstable();
        heard
    }

    /// Waits until somebody hears exactly these.
    pub async fn heard(&self, who: &str, whom: &[&str]) {
        self.wait(&format!("{who} hears {whom:?}"), || async { self.hears(who).await == whom })
            .await;
    }

    /// How often a leg was rung.
    pub fn rung(&self) -> usize {
        let requests = self.sandbox.requests();
        let rings = requests
            .iter()
            .filter(|request| request.method == "POST" && request.path.ends_with("/Participants.json"));
        rings.count()
    }

    /// The acts of the audit about a call.
    pub async fn audited(&self, call: &str) -> Vec<String> {
        let path = format!("/api/audit/?limit=200&subject={call}");
        let entries = self.firm.user("Compliance Officer").get(&path).await.ok();
        let entries = entries["items"].as_array().unwrap().iter();
        entries.map(|entry| entry["act"].as_str().unwrap().to_owned()).collect()
    }
}

fn outside(public: &PublicAddress, clock: &Arc<OnceLock<Clock>>) -> (SandboxConfig, SandboxCalls) {
    let (number, reads) = (E164::parse(FIRM).unwrap(), Arc::clone(clock));
    let config = SandboxConfig {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        accounts: vec![SandboxAccount {
            sid: ACCOUNT.to_owned(),
            token: TOKEN.into(),
            api_keys: vec![("SK00000000000000000000000000000001".to_owned(), "a-secret".into())],
        }],
        numbers: vec![SandboxNumber {
            number: number.clone(),
            account_sid: ACCOUNT.to_owned(),
            sms_url: casewire::webhooks::twilio::messages_address(public),
        }],
        handsets: Vec::new(),
        pace: Pace {
            sent_after: Duration::from_millis(5),
            delivered_after: Duration::from_millis(10),
        },
        clock: Arc::new(move || reads.get().unwrap().now()),
        clock_control: None,
        persist: None,
    };
    let calls = SandboxCalls {
        numbers: vec![SandboxVoice {
            number,
            voice_url: public.url(VOICE),
            status_url: String::new(),
        }],
        applications: vec![SandboxApplication {
            sid: APPLICATION.to_owned(),
            account_sid: ACCOUNT.to_owned(),
            voice_url: public.url(VOICE),
            status_url: String::new(),
        }],
    };
    (config, calls)
}
