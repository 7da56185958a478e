//! The firm's people and the handsets, each with a softphone or a phone that is a peer.
#![expect(clippy::panic, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::Method;
use casewire::config::{Config, TrunkSettings, VoiceSettings};
use casewire::lines::local;
use casewire::state::App;
use casewire_carriers::sandbox::{RunningSandbox, SandboxTrunk};
use casewire_store::Store;
use casewire_store::testing::TestDatabase;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::peers::{self, HEARD, Offered, UNHEARD, Voice};
use crate::stage::Stage;
use crate::support::Client;

pub const AGENT: &str = "Agent Specialist";
pub const SUPERVISOR: &str = "Supervisor";
const KEY: &str = "the key of the trunk";
/// How often something is looked at before a test gives up: a minute and more.
const LOOKS: usize = 1_500;

pub struct Floor {
    pub stage: Stage,
    people: BTreeMap<&'static str, Voice>,
    folder: PathBuf,
    http: reqwest::Client,
    /// What the first node's voice engine runs on, so that it can end without a word.
    first: Option<Runtime>,
}

fn settings(sandbox: &RunningSandbox, folder: PathBuf) -> VoiceSettings {
    VoiceSettings {
        listen: "127.0.0.1:0".parse().unwrap(),
        listen_tcp: None,
        advertise: Vec::new(),
        most_legs: 100,
        recordings: folder,
        sounds: None,
        trunk: Some(TrunkSettings {
            address: sandbox.base().to_owned(),
            key: KEY.into(),
        }),
    }
}

/// The browser tab of a user.
fn tab(role: &str) -> &'static str {
    if role == AGENT {
        "01900000-0000-7000-8000-0000000000a1"
    } else {
        "01900000-0000-7000-8000-0000000000b1"
    }
}

/// The samples of both channels of a recording.
pub fn sides(sound: &[u8]) -> (Vec<i16>, Vec<i16>) {
    let steps = sound[44..].chunks_exact(4);
    steps
        .map(|step| (i16::from_le_bytes([step[0], step[1]]), i16::from_le_bytes([step[2], step[3]])))
        .unzip()
}

#[expect(clippy::disallowed_methods, reason = "a test's client of the sandbox needs no limits")]
fn client() -> reqwest::Client {
    reqwest::Client::new()
}

impl Floor {
    pub async fn open(db: TestDatabase) -> Self {
        let name = format!("casewire-calls-{}-{:?}", std::process::id(), std::thread::current().id());
        let folder = std::env::temp_dir().join(name.replace(['(', ')'], ""));
        let recordings = folder.clone();
        let configure = |mut config: Config, sandbox: &RunningSandbox, server: &str| {
            let trunk = SandboxTrunk {
                server: server.to_owned(),
                key: KEY.into(),
                rings_for: Duration::from_secs(60),
            };
            sandbox.lay_trunk(trunk).unwrap();
            config.voice = Some(settings(sandbox, recordings));
            config
        };
        let stage = Stage::set_with(db, configure).await;
        let app = &stage.firm.app;
        let first = Runtime::new().unwrap();
        {
            let _on_its_own = first.enter();
            local::open(app, app.config.voice.as_ref().unwrap()).unwrap().join(app);
        }
        let floor = Self {
            stage,
            people: BTreeMap::new(),
            folder,
            http: client(),
            first: Some(first),
        };
        floor.until_joined(&floor.stage.firm.app).await;
        floor
    }

    /// Waits until a node carries calls.
    pub async fn until_joined(&self, node: &App) {
        for _ in 0..LOOKS {
            if node.lines.usual().is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        panic!("the node never carries calls");
    }

    /// Another node of the same database, with a voice engine of its own.
    pub async fn second_node(&self) -> App {
        let firm = &self.stage.firm;
        let mut options = firm.database().options();
        options.clock = firm.clock.reading();
        let store = Store::open(options).await.unwrap();
        let app = App::new(
            firm.app.config.clone(),
            store,
            firm.clock.clone(),
            casewire::state::Carriers::default(),
        );
        local::open(&app, app.config.voice.as_ref().unwrap()).unwrap().join(&app);
        // Long enough for it to have asked for the lease.
        tokio::time::sleep(Duration::from_millis(500)).await;
        app
    }

    /// The first node is gone without a word, and its lease runs out.
    pub async fn abandon(&mut self) {
        self.people.clear();
        self.first.take().unwrap().shutdown_background();
        self.stage.firm.advance(Duration::from_secs(60));
    }

    pub async fn record(&self) {
        let on = json!({"calls": {"recording": {"mode": "on", "consent_ack": true, "announcement": "tone"}}});
        self.stage.firm.user("Firm Admin").patch("/api/settings", on).await.ok();
    }

    /// A softphone of that user takes calls.
    pub async fn ready(&self, role: &str) {
        let body = json!({"id": tab(role), "takeover": true});
        let elected = self.stage.firm.user(role).post("/api/softphones/", body).await.ok();
        assert_eq!((&elected["is_elected"], &elected["line"]), (&json!(true), &json!("local")));
    }

    /// The agent calls Jane, and their audio is there.
    pub async fn calls_jane(&mut self, hertz: f64) -> Value {
        self.ready(AGENT).await;
        let body = json!({"case_id": "123", "contact_id": self.stage.jane});
        let call = self.stage.firm.user(AGENT).post("/api/calls/", body).await.ok();
        self.offers(AGENT, &call, hertz).await;
        call
    }

    /// Somebody's browser brings its audio.
    pub async fn offers(&mut self, role: &'static str, call: &Value, hertz: f64) {
        let offered = Offered::new(hertz);
        let path = format!("/api/calls/{}/leg/", call["id"].as_str().unwrap());
        let body = json!({"softphone_id": tab(role), "sdp": offered.sdp});
        let answer = self.stage.firm.user(role).post(&path, body).await.ok();
        let voice = offered.answered(answer["sdp"].as_str().unwrap());
        self.connects(role, voice).await;
    }

    async fn connects(&mut self, who: &'static str, voice: Voice) {
        self.people.insert(who, voice);
        for _ in 0..LOOKS {
            if self.people[who].is_connected() {
                return;
            }
            self.talk(2).await;
        }
        panic!("{who} does not connect");
    }

    pub async fn does(&self, role: &str, call: &Value, act: Value) -> Value {
        let path = format!("/api/calls/{}/", call["id"].as_str().unwrap());
        self.stage.firm.user(role).patch(&path, act).await.ok()
    }

    pub async fn supervises(&self, call: &Value, method: &str, mode: &str) {
        let path = format!("/api/calls/{}/supervision/", call["id"].as_str().unwrap());
        let body = (method != "DELETE").then(|| json!({"mode": mode}).to_string().into());
        let answer = self
            .stage
            .firm
            .user(SUPERVISOR)
            .send(Method::try_from(method).unwrap(), &path, body)
            .await;
        assert!(answer.status.is_success(), "{mode}: {}", answer.status);
    }

    /// Waits until a field of a call is so, while everybody talks on.
    pub async fn until(&mut self, role: &str, call: &Value, field: &str, wanted: Value) -> Value {
        let path = format!("/api/calls/{}/", call["id"].as_str().unwrap());
        let mut last = Value::Null;
        for _ in 0..LOOKS {
            let shown = self.stage.firm.user(role).get(&path).await.ok();
            if shown[field] == wanted {
                return shown;
            }
            last = shown[field].clone();
            self.talk(2).await;
        }
        panic!("the call never has {field} {wanted}: it has {last}");
    }

    // ---- handsets

    async fn at(&self, handset: &str, act: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/handsets/{handset}/phone/{act}", self.stage.sandbox.base());
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (
            status,
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null),
        )
    }

    /// The newest call of a handset.
    pub async fn phone(&self, handset: &str) -> Value {
        let url = format!("{}/phones", self.stage.sandbox.base());
        let news: Value = serde_json::from_slice(&self.http.get(url).send().await.unwrap().bytes().await.unwrap()).unwrap();
        let mut calls = news["calls"].as_array().unwrap().iter();
        calls.rfind(|call| call["handset"] == handset).cloned().unwrap_or(Value::Null)
    }

    /// The call that rings at a handset.
    async fn ringing(&mut self, handset: &str) -> Value {
        for _ in 0..LOOKS {
            let call = self.phone(handset).await;
            if call["state"] == "ringing" {
                return call["call"].clone();
            }
            self.talk(2).await;
        }
        panic!("the handset never rings");
    }

    pub async fn answers(&mut self, handset: &'static str, hertz: f64) {
        let call = self.ringing(handset).await;
        let offered = Offered::new(hertz);
        let (status, answer) = self.at(handset, "answer", json!({"call": call, "sdp": offered.sdp})).await;
        assert_eq!(status, 200, "{answer}");
        let voice = offered.answered(answer["sdp"].as_str().unwrap());
        self.connects(handset, voice).await;
    }

    pub async fn declines(&mut self, handset: &str) {
        let call = self.ringing(handset).await;
        assert_eq!(self.at(handset, "decline", json!({"call": call})).await.0, 204);
    }

    pub async fn hangs_up(&self, handset: &str) {
        let call = self.phone(handset).await["call"].clone();
        assert_eq!(self.at(handset, "hang-up", json!({"call": call})).await.0, 204);
    }

    pub async fn dial(&self, handset: &str, to: &str, sdp: &str) -> (u16, Value) {
        self.at(handset, "dial", json!({"to": to, "sdp": sdp})).await
    }

    /// A handset calls the firm; the call.
    pub async fn dials(&mut self, handset: &'static str, to: &str, hertz: f64) -> Value {
        let offered = Offered::new(hertz);
        let (status, answer) = self.dial(handset, to, &offered.sdp).await;
        assert_eq!(status, 201, "{answer}");
        let voice = offered.answered(answer["sdp"].as_str().unwrap());
        self.connects(handset, voice).await;
        json!({"id": answer["call"]})
    }

    // ---- ears

    pub async fn talk(&mut self, frames: usize) {
        peers::talk(&mut self.people, frames).await;
    }

    /// Lets a second go by unheard and forgets what was heard so far, then listens for another two.
    pub async fn listen(&mut self) {
        self.talk(50).await;
        self.people.values_mut().for_each(Voice::forget);
        self.talk(100).await;
    }

    pub fn level(&self, who: &str, hertz: f64) -> f64 {
        self.people[who].level(hertz)
    }

    /// Asserts what somebody has heard: of all tones these and no others.
    pub fn assert_hears(&self, who: &str, expected: &[&str], when: &str) {
        for (name, voice) in &self.people {
            let level = self.level(who, voice.hertz);
            let well = if expected.contains(name) { level > HEARD } else { level < UNHEARD };
            assert!(
                well,
                "{when}: {who} hears {name} at {level:.0} dB, to be heard: {}",
                expected.contains(name)
            );
        }
    }

    /// Somebody's page is gone.
    pub fn leave(&mut self, who: &str) {
        self.people.remove(who);
    }

    // ---- recordings

    pub async fn recording(&self, call: &Value) -> (Vec<u8>, Value) {
        self.recording_at(&self.stage.firm.app, call).await
    }

    /// The sound and the waves of a call's recording, from a node.
    pub async fn recording_at(&self, node: &App, call: &Value) -> (Vec<u8>, Value) {
        let recording = &call["recordings"][0];
        assert_eq!(recording["state"], "ready");
        let (call, recording) = (call["id"].as_str().unwrap(), recording["id"].as_str().unwrap());
        let path = format!("/api/calls/{call}/recordings/{recording}");
        let agent = self.stage.firm.user(AGENT);
        let agent = Client::by_token(casewire::api::service(node), agent.user.unwrap(), agent.token());
        let sound = agent.get(&format!("{path}/audio/")).await;
        assert_eq!((sound.status.as_u16(), sound.header("content-type")), (200, "audio/wav"));
        let waves = agent.get(&format!("{path}/peaks/")).await.ok();
        (sound.body.to_vec(), waves)
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        if let Some(first) = self.first.take() {
            first.shutdown_background();
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
