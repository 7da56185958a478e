//! A firm whose texts really go out and come in: its router listens on a port, its carrier is the real adapter, and the outside
//! is the sandbox, which shares the firm's clock. Callbacks come by themselves; jobs run when the test says so.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test's client of the sandbox needs no limits")]

use std::net::Ipv4Addr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casewire::clock::Clock;
use casewire::config::Config;
use casewire::jobs::run_due_now;
use casewire::state::Carriers;
use casewire_carriers::carrier::Carrier;
use casewire_carriers::sandbox::{Pace, RunningSandbox, Sandbox, SandboxAccount, SandboxConfig, SandboxNumber};
use casewire_carriers::tls;
use casewire_carriers::twilio::form::Form;
use casewire_carriers::twilio::signature::{Algorithm, Content, sign};
use casewire_carriers::twilio::webhook::{AccountKeys, PublicAddress};
use casewire_carriers::twilio::{Credentials, Secret, Twilio, TwilioConfig};
use casewire_core::phone::E164;
use casewire_store::testing::{START, TestDatabase};
use casewire_store::{Act, StoreError, Tx, Value as Stored};
use serde_json::{Value, json};

use crate::case_contacts::{case, contact, link};
use crate::support::{ACCOUNT, Answer, Firm};

pub const TOKEN: &str = "token-of-the-firm";
pub const OTHER_ACCOUNT: &str = "AC00000000000000000000000000000002";
pub const OTHER_TOKEN: &str = "token-of-another-firm";
pub const FIRM: &str = "+14155550100";
pub const UNOWNED: &str = "+14155550199";
pub const JANE: &str = "+12125550123";
pub const JANE_AT_WORK: &str = "+12125550124";
pub const STRANGER: &str = "+12125550177";

/// The firm, the carrier and the outside. Jane Quill is a witness in the cases 123 and 456.
pub struct Stage {
    pub firm: Firm,
    pub sandbox: RunningSandbox,
    pub carrier: Arc<dyn Carrier>,
    pub jane: Value,
    http: reqwest::Client,
    public: PublicAddress,
}

impl Stage {
    pub async fn set(db: TestDatabase) -> Self {
        Self::set_with(db, |config, _, _| config).await
    }

    /// The same with a configuration of the test's own, made of the sandbox and of the address of the firm's server.
    pub async fn set_with(db: TestDatabase, configure: impl FnOnce(Config, &RunningSandbox, &str) -> Config) -> Self {
        tls::install();
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let public = PublicAddress::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let clock: Arc<OnceLock<Clock>> = Arc::default();
        let sandbox = Sandbox::start(outside(&public, &clock)).await.unwrap();
        let config = TwilioConfig {
            base: sandbox.base().to_owned(),
            answer_timeout: Duration::from_millis(800),
            ..TwilioConfig::new(ACCOUNT, Credentials::AuthToken(Secret::from(TOKEN)))
        };
        let carrier: Arc<dyn Carrier> = Arc::new(Twilio::new(&config).unwrap());
        let other = Arc::new(
            Twilio::new(&TwilioConfig {
                account_sid: OTHER_ACCOUNT.to_owned(),
                ..config
            })
            .unwrap(),
        );
        let carriers = Carriers::default()
            .with(keys(ACCOUNT, TOKEN), Arc::clone(&carrier))
            .with(keys(OTHER_ACCOUNT, OTHER_TOKEN), other);
        let address = public.clone();
        let mut firm = Firm::start_with(db, carriers, |mut config| {
            config.public_address = address;
            let server = config.public_address.url("");
            configure(config, &sandbox, &server)
        })
        .await;
        clock.get_or_init(|| firm.clock.clone());
        let router = axum::Router::new().fallback_service(firm.service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        for number in [FIRM, JANE, JANE_AT_WORK, STRANGER, "Jane Quill"] {
            firm.keep_out_of_logs(number);
        }
        case(&firm, "123").await;
        case(&firm, "456").await;
        let jane = contact(&firm, "Jane Quill", &[JANE, JANE_AT_WORK]).await;
        link(&firm, "123", &jane, "Witness").await;
        link(&firm, "456", &jane, "Witness").await;
        Self {
            firm,
            sandbox,
            carrier,
            jane,
            http: reqwest::Client::new(),
            public,
        }
    }

    /// The agent writes to Jane in a case.
    pub async fn write(&self, case: &str, body: &str) -> Value {
        self.send(json!({"case_id": case, "contact_id": self.jane, "body": body}))
            .await
            .ok()
    }

    /// The agent sends.
    pub async fn send(&self, request: Value) -> Answer {
        self.firm.user("Agent Specialist").post("/api/omnichannel/messages/", request).await
    }

    pub async fn retry(&self, text: &Value, request: Value) -> Answer {
        let path = format!("/api/omnichannel/messages/{}/retry/", text["id"].as_str().unwrap());
        self.firm.user("Agent Specialist").post(&path, request).await
    }

    /// Does every job that is due.
    pub async fn work(&self) -> usize {
        run_due_now(&self.firm.app).await.unwrap()
    }

    /// Moves the clock and does what is due then.
    pub async fn work_after(&self, span: Duration) {
        self.firm.advance(span);
        self.work().await;
    }

    /// A text as it stands now in its conversation.
    pub async fn read(&self, text: &Value) -> Value {
        let path = format!(
            "/api/omnichannel/conversations/{}/items/",
            text["conversation_id"].as_str().unwrap()
        );
        let items = self.firm.user("Agent Specialist").get(&path).await.ok();
        let mut texts = items["items"].as_array().unwrap().iter().map(|item| &item["message"]);
        texts
            .find(|item| item["id"] == text["id"])
            .unwrap_or_else(|| panic!("the text does not stand in its conversation"))
            .clone()
    }

    /// Waits until a text is in a state, doing the jobs that become due meanwhile.
    pub async fn until(&self, text: &Value, state: &str) -> Value {
        let mut last = Value::Null;
        for _ in 0..400 {
            self.work().await;
            let text = self.read(text).await;
            if text["state"] == state {
                return text;
            }
            last = text["state"].clone();
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        panic!("the text never came to be {state}: it is {last}");
    }

    /// The conversations of a case, or of a view.
    pub async fn conversations(&self, query: &str) -> Vec<Value> {
        let found = self
            .firm
            .user("Supervisor")
            .get(&format!("/api/omnichannel/conversations/?{query}"))
            .await
            .ok();
        found["items"].as_array().unwrap().clone()
    }

    /// Tells the sandbox to misbehave.
    pub async fn fault(&self, fault: Value) {
        let url = format!("{}/faults", self.sandbox.base());
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(fault.to_string());
        assert_eq!(request.send().await.unwrap().status().as_u16(), 201);
    }

    pub async fn clear_faults(&self) {
        self.http.delete(format!("{}/faults", self.sandbox.base())).send().await.unwrap();
    }

    /// A handset writes to the firm; the carrier's id of the text.
    pub async fn handset(&self, handset: &str, request: Value) -> String {
        let url = format!("{}/handsets/{handset}/messages", self.sandbox.base());
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(request.to_string());
        let answer: Value = serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap();
        answer["sid"]
            .as_str()
            .unwrap_or_else(|| panic!("the handset could not write"))
            .to_owned()
    }

    /// What a handset got from the firm.
    pub async fn got(&self, handset: &str) -> Vec<String> {
        let url = format!("{}/handsets/{handset}/messages", self.sandbox.base());
        let answer: Value = serde_json::from_slice(&self.http.get(url).send().await.unwrap().bytes().await.unwrap()).unwrap();
        let texts = answer["messages"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|text| text["direction"] != "inbound");
        texts.map(|text| text["body"].as_str().unwrap().to_owned()).collect()
    }

    /// What came to a handset with texts from the firm: each its type and content, the oldest first.
    pub async fn got_media(&self, handset: &str) -> Vec<(String, Vec<u8>)> {
        let url = format!("{}/handsets/{handset}/messages", self.sandbox.base());
        let answer: Value = serde_json::from_slice(&self.http.get(url).send().await.unwrap().bytes().await.unwrap()).unwrap();
        let texts = answer["messages"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|text| text["direction"] != "inbound");
        let media = texts.flat_map(|text| text["media"].as_array().unwrap());
        media
            .map(|one| {
                let (kind, held) = one["url"]
                    .as_str()
                    .unwrap()
                    .strip_prefix("data:")
                    .unwrap()
                    .split_once(";base64,")
                    .unwrap();
                (kind.to_owned(), STANDARD.decode(held).unwrap())
            })
            .collect()
    }

    /// The carrier drops what is attached to the last text that came in.
    pub async fn forget_media(&self) {
        let texts = self
            .carrier
            .texts(casewire_carriers::carrier::TextQuery::default())
            .await
            .unwrap()
            .items;
        let text = texts.iter().find(|text| text.media_count > 0).unwrap();
        for media in self.carrier.media(&text.provider_id).await.unwrap() {
            let answer = self
                .http
                .delete(format!("{}.json", media.url))
                .basic_auth(ACCOUNT, Some(TOKEN))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status().as_u16(), 204);
        }
    }

    /// How often a text was posted to the carrier.
    pub fn posted(&self) -> usize {
        self.sandbox
            .requests()
            .iter()
            .filter(|request| request.method == "POST" && request.path.ends_with("/Messages.json"))
            .count()
    }

    /// Posts a webhook that is signed as Twilio does.
    pub async fn signed(&self, token: &str, path: &str, form: &Form) -> Answer {
        let signature = sign(
            &Secret::from(token),
            Algorithm::HmacSha1,
            &self.public.url(path),
            Content::Form(form),
        );
        self.posts(path, form.encode().into_bytes(), Some(&signature)).await
    }

    /// Posts a webhook with whatever signature.
    pub async fn posts(&self, path: &str, body: Vec<u8>, signature: Option<&str>) -> Answer {
        let mut carrier = self.firm.stranger().with("content-type", "application/x-www-form-urlencoded");
        if let Some(signature) = signature {
            carrier = carrier.with("x-twilio-signature", signature);
        }
        carrier.send(axum::http::Method::POST, path, Some(body.into())).await
    }

    /// The signature of a form posted to a path.
    pub fn signature(&self, path: &str, form: &Form) -> String {
        sign(
            &Secret::from(TOKEN),
            Algorithm::HmacSha1,
            &self.public.url(path),
            Content::Form(form),
        )
    }

    /// A number out of the database.
    pub async fn count(&self, sql: &'static str, values: Vec<Stored>) -> i64 {
        self.firm.store().read(Count(sql, values)).await.unwrap()
    }

    /// How many texts the firm has.
    pub async fn stored(&self, direction: &str) -> i64 {
        let values = vec![self.firm.organization().into(), direction.into()];
        self.count(
            "select count(*) from sms_history where organization_id = $1 and direction = $2",
            values,
        )
        .await
    }

    pub async fn sessions(&self) -> i64 {
        self.count(
            "select count(*) from sms_sessions where organization_id = $1",
            vec![self.firm.organization().into()],
        )
        .await
    }
}

/// The fields of an inbound text.
pub fn inbound(sid: u32, from: &str, to: &str, body: &str) -> Form {
    Form::default()
        .with("MessageSid", format!("SM{sid:032x}"))
        .with("AccountSid", ACCOUNT)
        .with("From", from)
        .with("To", to)
        .with("Body", body)
        .with("NumMedia", "0")
        .with("NumSegments", "1")
}

fn keys(account_sid: &str, token: &str) -> AccountKeys {
    AccountKeys {
        account_sid: account_sid.to_owned(),
        auth_tokens: vec![token.into()],
        shared_keys: Vec::new(),
    }
}

fn outside(public: &PublicAddress, clock: &Arc<OnceLock<Clock>>) -> SandboxConfig {
    let account = |sid: &str, token: &str| SandboxAccount {
        sid: sid.to_owned(),
        token: token.into(),
        api_keys: Vec::new(),
    };
    let number = |number: &str| SandboxNumber {
        number: E164::parse(number).unwrap(),
        account_sid: ACCOUNT.to_owned(),
        sms_url: casewire::webhooks::twilio::messages_address(public),
    };
    let reads = Arc::clone(clock);
    SandboxConfig {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        accounts: vec![account(ACCOUNT, TOKEN), account(OTHER_ACCOUNT, OTHER_TOKEN)],
        numbers: vec![number(FIRM), number(UNOWNED)],
        handsets: Vec::new(),
        pace: Pace {
            sent_after: Duration::from_millis(20),
            delivered_after: Duration::from_millis(50),
        },
        clock: Arc::new(move || reads.get().map_or(START, Clock::now)),
        clock_control: None,
        persist: None,
    }
}

struct Count(&'static str, Vec<Stored>);

impl Act for Count {
    type Out = i64;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        tx.row(self.0, &self.1).await?.map_or(Ok(0), |row| row.columns().int())
    }
}
