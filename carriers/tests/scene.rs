//! The set-up of the tests: a sandbox with two accounts, an adapter to it, and a firm's server that notes the webhooks.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use casewire_carriers::carrier::{Carrier, HandOver, OutboundText, ProviderId};
use casewire_carriers::sandbox::{
    Pace, RunningSandbox, Sandbox, SandboxAccount, SandboxApplication, SandboxCalls, SandboxConfig, SandboxHandset, SandboxNumber,
    SandboxVoice,
};
use casewire_carriers::twilio::twiml::{CONTENT_TYPE, Twiml};
use casewire_carriers::twilio::webhook::{
    AccountKeys, FromSigned, PublicAddress, SIGNATURE, SIGNATURE_SETTINGS, Verified, Webhook, WebhookRefusal, WebhookRequest, verify,
    verify_as,
};
use casewire_carriers::twilio::{Credentials, Secret, Twilio, TwilioConfig};
use casewire_core::phone::E164;
use casewire_core::time::{Timestamp, micros};
use serde_json::{Value, json};

pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub const TOKEN: &str = "token-of-account-one";
pub const OTHER_ACCOUNT: &str = "AC00000000000000000000000000000002";
pub const OTHER_TOKEN: &str = "token-of-account-two";
pub const FIRM: &str = "+15005550006";
pub const SECOND: &str = "+15005550007";
pub const FOREIGN: &str = "+15005550008";
pub const JANE: &str = "+15551230001";
pub const JOHN: &str = "+15551230002";
pub const APPLICATION: &str = "AP00000000000000000000000000000001";
pub const START: i64 = 1_795_000_000_000_000;

pub fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

/// A webhook as the firm's server got it.
#[derive(Clone)]
pub struct Noted {
    pub method: String,
    pub path_and_query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Noted {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn request(&self) -> WebhookRequest<'_> {
        WebhookRequest {
            method: &self.method,
            path_and_query: &self.path_and_query,
            content_type: self.header("content-type"),
            signature: self.header(SIGNATURE),
            signature_settings: self.header(SIGNATURE_SETTINGS),
            body: &self.body,
        }
    }
}

/// The firm's server: notes everything and answers with one status, or with the document of a path.
pub struct Firm {
    pub address: SocketAddr,
    pub answers: Arc<AtomicU16>,
    noted: Arc<Mutex<Vec<Noted>>>,
    documents: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Firm {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let noted: Arc<Mutex<Vec<Noted>>> = Arc::default();
        let answers = Arc::new(AtomicU16::new(200));
        let (notes, status) = (Arc::clone(&noted), Arc::clone(&answers));
        let documents: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
        let written = Arc::clone(&documents);
        let app = Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let path_and_query = uri.path_and_query().unwrap().to_string();
            let document = written.lock().unwrap().get(uri.path()).cloned();
            notes.lock().unwrap().push(Noted {
                method: method.to_string(),
                path_and_query,
                headers,
                body: body.to_vec(),
            });
            let status = StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap();
            async move { (status, [("content-type", CONTENT_TYPE)], document.unwrap_or_default()) }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            address,
            answers,
            noted,
            documents,
        }
    }

    /// From now on that path answers with the document.
    pub fn answers_with(&self, path: &str, document: &Twiml) {
        self.documents.lock().unwrap().insert(path.to_owned(), document.to_xml());
    }

    /// Waits until there are `count` webhooks at a path, and reads them as what is expected there.
    pub async fn told<T: FromSigned>(&self, path: &str, count: usize) -> Vec<T> {
        let at = |noted: &Noted| noted.path_and_query.split('?').next() == Some(path);
        until(|| self.noted().iter().filter(|noted| at(noted)).count() >= count).await;
        let public = PublicAddress::parse(&format!("http://{}", self.address)).unwrap();
        let noted = self.noted();
        let all = noted.iter().filter(|noted| at(noted));
        all.map(|noted| verify_as(&public, &keys(), &noted.request()).unwrap().into_inner())
            .collect()
    }

    /// The full address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn noted(&self) -> Vec<Noted> {
        self.noted.lock().unwrap().clone()
    }

    /// Waits until there are `count` webhooks.
    pub async fn webhooks(&self, count: usize) -> Vec<Noted> {
        until(|| self.noted().len() >= count).await;
        self.noted()
    }

    /// Waits for `count` webhooks and has them all verified.
    pub async fn verified(&self, count: usize) -> Vec<Webhook> {
        let noted = self.webhooks(count).await;
        noted.iter().map(|noted| self.verify(noted).unwrap().into_inner()).collect()
    }

    pub fn verify(&self, noted: &Noted) -> Result<Verified<Webhook>, WebhookRefusal> {
        let public = PublicAddress::parse(&format!("http://{}", self.address)).unwrap();
        verify(&public, &keys(), &noted.request())
    }
}

pub fn keys() -> Vec<AccountKeys> {
    let keys = |sid: &str, token: &str| AccountKeys {
        account_sid: sid.to_owned(),
        auth_tokens: vec![token.into()],
        shared_keys: Vec::new(),
    };
    vec![keys(ACCOUNT, TOKEN), keys(OTHER_ACCOUNT, OTHER_TOKEN)]
}

/// Waits until something is so; fails after ten seconds.
pub async fn until(so: impl Fn() -> bool) {
    for _ in 0..1000 {
        if so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come to be so");
}

/// A running sandbox, an adapter to it and the firm's server.
pub struct Scene {
    pub sandbox: RunningSandbox,
    pub twilio: Twilio,
    pub firm: Firm,
    pub http: reqwest::Client,
    pub time: Arc<AtomicI64>,
}

impl Scene {
    pub async fn set() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut SandboxConfig)) -> Self {
        let firm = Firm::open().await;
        let time = Arc::new(AtomicI64::new(START));
        let (reads, moves) = (Arc::clone(&time), Arc::clone(&time));
        let account = |sid: &str, token: &str| SandboxAccount {
            sid: sid.to_owned(),
            token: token.into(),
            api_keys: Vec::new(),
        };
        let own = |text: &str, account_sid: &str| SandboxNumber {
            number: number(text),
            account_sid: account_sid.to_owned(),
            sms_url: format!("http://{}/in#rc=3&rp=all&rt=4000&ct=2000", firm.address),
        };
        let mut config = SandboxConfig {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            accounts: vec![account(ACCOUNT, TOKEN), account(OTHER_ACCOUNT, OTHER_TOKEN)],
            numbers: vec![own(FIRM, ACCOUNT), own(SECOND, ACCOUNT), own(FOREIGN, OTHER_ACCOUNT)],
            handsets: vec![SandboxHandset {
                number: number(JANE),
                label: "Jane".to_owned(),
            }],
            pace: Pace {
                sent_after: Duration::from_millis(20),
                delivered_after: Duration::from_millis(60),
            },
            clock: Arc::new(move || Timestamp::from_micros(reads.fetch_add(1000, Ordering::SeqCst))),
            clock_control: Some(Arc::new(move |span| {
                moves.fetch_add(micros(span), Ordering::SeqCst);
            })),
            persist: None,
        };
        change(&mut config);
        let voice = |text: &str| SandboxVoice {
            number: number(text),
            voice_url: firm.url("/voice"),
            status_url: firm.url("/leg?l=inbound"),
        };
        let calls = SandboxCalls {
            numbers: vec![voice(FIRM), voice(SECOND)],
            applications: vec![SandboxApplication {
                sid: APPLICATION.to_owned(),
                account_sid: ACCOUNT.to_owned(),
                voice_url: firm.url("/client"),
                status_url: String::new(),
            }],
        };
        let sandbox = Sandbox::start_with_calls(config, calls).await.unwrap();
        let twilio = adapter(sandbox.base(), Duration::from_secs(5));
        Self {
            sandbox,
            twilio,
            firm,
            http: reqwest::Client::new(),
            time,
        }
    }

    pub fn callback(&self) -> String {
        format!("http://{}/status", self.firm.address)
    }

    pub fn text(&self, body: &str) -> OutboundText {
        OutboundText {
            from: number(FIRM),
            to: number(JANE),
            body: body.to_owned(),
            media: Vec::new(),
            part: "part_0190000000007000800000000000002a".to_owned(),
            status_callback: self.callback(),
        }
    }

    pub async fn send(&self, body: &str) -> HandOver {
        self.twilio.send_text(self.text(body)).await
    }

    pub async fn accepted(&self, body: &str) -> ProviderId {
        match self.send(body).await {
            HandOver::Accepted { provider_id, .. } => provider_id,
            other => panic!("not accepted: {other:?}"),
        }
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self
            .http
            .post(format!("{}{path}", self.sandbox.base()))
            .header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.http.get(format!("{}{path}", self.sandbox.base())).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn fault(&self, fault: Value) {
        let (status, answer) = self.post("/faults", &fault).await;
        assert_eq!(status, 201, "{answer}");
    }

    pub async fn clear_faults(&self) {
        let answer = self.http.delete(format!("{}/faults", self.sandbox.base())).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// A handset writes to the firm; the answer is the text's id.
    pub async fn writes(&self, handset: &str, to: &str, body: &str) -> String {
        let (status, answer) = self
            .post(&format!("/handsets/{handset}/messages"), &json!({"to": to, "body": body}))
            .await;
        assert_eq!(status, 201, "{answer}");
        answer["sid"].as_str().unwrap().to_owned()
    }

    /// The calls of a phone.
    pub async fn calls(&self, phone: &str) -> Vec<Value> {
        let (_, answer) = self.get(&format!("/handsets/{phone}/calls")).await;
        answer["calls"].as_array().unwrap().clone()
    }

    /// Waits until a phone's newest call is so; the answer is its id.
    pub async fn call_is(&self, phone: &str, status: &str) -> String {
        for _ in 0..500 {
            if let Some(call) = self.calls(phone).await.last().filter(|call| call["status"] == status) {
                return call["sid"].as_str().unwrap().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!(
            "no call is {status}: {:?}",
            self.calls(phone).await.last().map(|call| call["status"].clone())
        );
    }

    /// Does something at a phone with a call.
    pub async fn at_phone(&self, phone: &str, sid: &str, act: &str, body: Value) -> (u16, Value) {
        self.post(&format!("/handsets/{phone}/calls/{sid}/{act}"), &body).await
    }

    /// Waits until a phone rings, and answers it; the answer is the call's id.
    pub async fn answers(&self, phone: &str) -> String {
        let sid = self.call_is(phone, "ringing").await;
        let (status, answer) = self.at_phone(phone, &sid, "answer", json!({})).await;
        assert_eq!((status, &answer["status"]), (200, &json!("in-progress")), "{answer}");
        sid
    }

    /// The texts on a handset.
    pub async fn reads(&self, handset: &str) -> Vec<Value> {
        let (_, answer) = self.get(&format!("/handsets/{handset}/messages")).await;
        answer["messages"].as_array().unwrap().clone()
    }
}

pub fn adapter(base: &str, answer_timeout: Duration) -> Twilio {
    adapter_with(base, Credentials::AuthToken(Secret::from(TOKEN)), answer_timeout)
}

pub fn adapter_with(base: &str, credentials: Credentials, answer_timeout: Duration) -> Twilio {
    let config = TwilioConfig {
        base: base.to_owned(),
        answer_timeout,
        ..TwilioConfig::new(ACCOUNT, credentials)
    };
    Twilio::new(&config).unwrap()
}
