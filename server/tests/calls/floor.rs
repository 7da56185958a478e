//! A firm on the phone: the desk's people, a line without audio that hears what the test says, and softphones that are ready when the
//! test says so.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::jobs::run_due_now;
use casewire::lines::{LineEvent, LineOrder, switch};
use casewire::ops::receive_call::ReceiveCall;
use casewire_core::id::{CallId, UserId};
use casewire_core::phone::Address;
use casewire_store::mint;
use casewire_store::testing::TestDatabase;
use serde_json::{Value, json};

use crate::inbox::desk::{ADMIN, COMPLIANCE, Desk, text};
use crate::support::{Answer, Client, Firm, NULL};

/// The name of the tab of a user.
fn tab(user: UserId) -> String {
    user.to_string().replace('_', "-")
}

/// Elects the softphone of a user.
async fn elect(client: &Client, user: UserId) {
    let body = json!({"id": tab(user), "takeover": true});
    assert_eq!(client.post("/api/softphones/", body).await.ok()["is_elected"], true);
}

/// Somebody talks to whom they called; the id of the call.
pub async fn talking(firm: &Firm, client: &Client, user: UserId, body: Value) -> String {
    elect(client, user).await;
    let id = text(&client.post("/api/calls/", body).await.ok()["id"]);
    for event in [LineEvent::AgentConnected { user }, LineEvent::OutsideAnswered] {
        switch::hear(&firm.app, firm.organization(), id.parse().unwrap(), event)
            .await
            .unwrap();
    }
    id
}

pub struct Floor {
    pub desk: Desk,
}

impl Floor {
    pub async fn open(db: TestDatabase) -> Self {
        Self {
            desk: Desk::open(db).await,
        }
    }

    pub fn id(&self, role: &str) -> UserId {
        self.desk.firm.user_id(role)
    }

    /// A softphone of that user takes calls.
    pub async fn ready(&self, role: &str) {
        elect(self.desk.as_user(role), self.id(role)).await;
    }

    /// Chooses about calls.
    pub async fn set(&self, calls: Value) {
        self.desk.as_user(ADMIN).patch("/api/settings", json!({"calls": calls})).await.ok();
    }

    pub async fn record(&self) {
        self.set(json!({"recording": {"mode": "on", "consent_ack": true}})).await;
    }

    pub async fn call(&self, role: &str, body: Value) -> Answer {
        self.desk.as_user(role).post("/api/calls/", body).await
    }

    /// The user calls, and somebody takes it.
    pub async fn talks(&self, role: &str, body: Value) -> Value {
        let id = talking(&self.desk.firm, self.desk.as_user(role), self.id(role), body).await;
        self.shown(role, &json!({"id": id})).await
    }

    /// A call comes in.
    pub async fn rings(&self, from: &str) -> Value {
        let firm = &self.desk.firm;
        let act = ReceiveCall {
            tenant: firm.tenant,
            number_id: firm.number,
            number: firm.number_e164.clone(),
            id: mint(),
            from: Address::read(from),
            line: NULL,
            provider_id: None,
            now: firm.now(),
        };
        serde_json::to_value(switch::receive(&firm.app, act).await.unwrap().view).unwrap()
    }

    pub async fn leg(&self, role: &str, call: &Value) -> Answer {
        let body = json!({"softphone_id": tab(self.id(role)), "sdp": "offer"});
        self.desk
            .as_user(role)
            .post(&format!("/api/calls/{}/leg/", text(&call["id"])), body)
            .await
    }

    pub async fn does(&self, role: &str, call: &Value, act: Value) -> Answer {
        self.desk
            .as_user(role)
            .patch(&format!("/api/calls/{}/", text(&call["id"])), act)
            .await
    }

    pub async fn supervises(&self, role: &str, call: &Value, method: &str, mode: &str) -> Answer {
        let path = format!("/api/calls/{}/supervision/", text(&call["id"]));
        let body = json!({"mode": mode}).to_string().into();
        self.desk.as_user(role).send(method.parse().unwrap(), &path, Some(body)).await
    }

    /// The line hears something.
    pub async fn hears(&self, call: &Value, event: LineEvent) {
        let firm = &self.desk.firm;
        switch::hear(&firm.app, firm.organization(), call_id(call), event).await.unwrap();
    }

    /// What the line was told.
    pub fn told(&self, call: &Value) -> Vec<LineOrder> {
        self.desk.firm.line.told(call_id(call))
    }

    pub async fn shown(&self, role: &str, call: &Value) -> Value {
        self.desk
            .as_user(role)
            .get(&format!("/api/calls/{}/", text(&call["id"])))
            .await
            .ok()
    }

    /// Seconds later, with the jobs that are due then.
    pub async fn after(&self, seconds: u64) {
        self.desk.firm.advance(Duration::from_secs(seconds));
        self.work().await;
    }

    pub async fn work(&self) {
        run_due_now(&self.desk.firm.app).await.unwrap();
    }

    /// The last word of the details of these acts on a call, in order.
    pub async fn audited(&self, call: &Value, acts: &[&str]) -> Vec<String> {
        let path = format!("/api/audit/?limit=200&subject={}", text(&call["id"]));
        let lines = self.desk.as_user(COMPLIANCE).get(&path).await.ok();
        let mut found: Vec<String> = lines["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| acts.contains(&line["act"].as_str().unwrap()))
            .map(|line| text(&line["detail"]).split(' ').next_back().unwrap_or_default().to_owned())
            .collect();
        found.reverse();
        found
    }
}

pub fn call_id(call: &Value) -> CallId {
    text(&call["id"]).parse().unwrap()
}
