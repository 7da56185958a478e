//! The outside of a trial: the sandbox carrier in this process, the faults that it is told to have, the handsets that write, and
//! the list of what it has, asked for as the product asks Twilio.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use casewire_carriers::sandbox::{Pace, RunningSandbox, Sandbox, SandboxAccount, SandboxConfig, SandboxNumber};
use casewire_carriers::twilio::{CALLBACK_OVERRIDES, Secret};
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;
use serde_json::{Value, json};

use crate::trouble::Trouble;

/// The account that the trial's firm has.
pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
/// Its token; it guards nothing but the loopback.
pub(crate) const TOKEN: &str = "token-of-the-trial";
/// The firm's number.
pub(crate) const FIRM: &str = "+14155550100";

/// What goes wrong and how often, of a hundred times. Half of the callbacks do not come while a hasty sender would wait for them.
const FAULTS: [(&str, u32); 15] = [
    ("inbound_duplicate", 15),
    ("inbound_reorder", 15),
    ("inbound_drop", 2),
    ("callback_duplicate", 20),
    ("callback_reorder", 20),
    ("callback_delay", 25),
    ("callback_drop", 25),
    ("error_after_create", 6),
    ("error_before_create", 4),
    ("drop_after_create", 6),
    ("drop_before_create", 4),
    ("answer_nonsense", 6),
    ("rate_limit", 5),
    ("refuse_send", 2),
    ("fail_delivery", 5),
];

/// How late a delayed callback comes, in milliseconds.
const DELAY: u32 = 4000;

/// A text as the carrier has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CarrierText {
    /// Whether a handset wrote it.
    pub inbound: bool,
    /// What it says: its mark.
    pub body: String,
    /// How far it got, in the carrier's words.
    pub status: String,
}

/// The outside, running.
pub(crate) struct Outside {
    sandbox: RunningSandbox,
    http: reqwest::Client,
}

impl Outside {
    /// Starts it; its webhooks go to the gate.
    pub(crate) async fn start(gate: SocketAddr) -> Result<Self, Trouble> {
        let number = E164::parse(FIRM).map_err(|_| Trouble::new("the firm's number is none"))?;
        let config = SandboxConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            accounts: vec![SandboxAccount {
                sid: ACCOUNT.to_owned(),
                token: Secret::from(TOKEN),
                api_keys: Vec::new(),
            }],
            numbers: vec![SandboxNumber {
                number,
                account_sid: ACCOUNT.to_owned(),
                sms_url: format!("http://{gate}/webhooks/twilio/messages{CALLBACK_OVERRIDES}"),
            }],
            handsets: Vec::new(),
            pace: Pace::default(),
            clock: Arc::new(now),
            clock_control: None,
            persist: None,
        };
        Ok(Self {
            sandbox: Sandbox::start(config).await?,
            http: crate::api::http()?,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.sandbox.address()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base())
    }

    /// From now on things go wrong.
    pub(crate) async fn misbehave(&self, seed: u64) -> Result<(), Trouble> {
        for (number, (kind, percent)) in (0_u64..).zip(FAULTS) {
            // Each has a sequence of its own, or they would all strike together.
            let seed = seed.wrapping_mul(1_000_003).wrapping_add(number);
            let mut fault = json!({ "kind": kind, "probability": f64::from(percent) / 100.0, "seed": seed });
            if let (Some((name, value)), Some(fault)) = (parameter(kind), fault.as_object_mut()) {
                fault.insert(name.to_owned(), Value::from(value));
            }
            self.http.post(self.url("/faults")).json(&fault).send().await?.error_for_status()?;
        }
        Ok(())
    }

    /// Nothing goes wrong any more; how often something did.
    pub(crate) async fn behave(&self) -> Result<u64, Trouble> {
        let listed: Value = self.http.get(self.url("/faults")).send().await?.error_for_status()?.json().await?;
        let faults = listed.get("faults").and_then(Value::as_array).into_iter().flatten();
        let struck = faults.filter_map(|fault| fault.get("struck")?.as_u64()).sum();
        self.http.delete(self.url("/faults")).send().await?.error_for_status()?;
        Ok(struck)
    }

    /// A handset writes to the firm.
    pub(crate) async fn write(&self, handset: &str, body: &str) -> Result<(), Trouble> {
        let text = json!({ "to": FIRM, "body": body });
        let url = self.url(&format!("/handsets/{handset}/messages"));
        self.http.post(url).json(&text).send().await?.error_for_status()?;
        Ok(())
    }

    /// Every text that the carrier has, by its id.
    pub(crate) async fn texts(&self) -> Result<BTreeMap<String, CarrierText>, Trouble> {
        let mut texts = BTreeMap::new();
        let mut next = Some(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageSize=1000"));
        while let Some(path) = next {
            let asked = self.http.get(self.url(&path)).basic_auth(ACCOUNT, Some(TOKEN)).send().await?;
            let page: Value = asked.error_for_status()?.json().await?;
            for text in page.get("messages").and_then(Value::as_array).into_iter().flatten() {
                let word = |name: &str| text.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let known = CarrierText {
                    inbound: word("direction") == "inbound",
                    body: word("body"),
                    status: word("status"),
                };
                texts.insert(word("sid"), known);
            }
            next = page.get("next_page_uri").and_then(Value::as_str).map(str::to_owned);
        }
        Ok(texts)
    }
}

/// What goes with a fault: how late, or Twilio's code (no mobile number, unreachable handset).
fn parameter(kind: &str) -> Option<(&'static str, u32)> {
    match kind {
        "callback_delay" => Some(("ms", DELAY)),
        "refuse_send" => Some(("code", 21614)),
        "fail_delivery" => Some(("code", 30003)),
        _ => None,
    }
}

/// The carrier's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the carrier of a trial has a clock of its own, as every carrier"
)]
fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
