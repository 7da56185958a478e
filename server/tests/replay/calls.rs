//! The same for calls: started, taken, supervised, handed over, ended, missed, filed; what was told is kept in `data/call-events/`.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use casewire::lines::{LineEvent, LineOrder, switch};
use casewire::ops::receive_call::ReceiveCall;
use casewire_core::calls::CarrierStatus;
use casewire_core::phone::Address;
use casewire_store::{mint, on_both_engines};
use serde_json::{Value, json};

use super::fixture::Recorder;
use super::{Replay, told};
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, Desk, MANAGER, MARK, STRANGER, SUPERVISOR, text};
use crate::support::NULL;

impl Replay {
    async fn ready(&mut self, who: &str, act: &str) {
        let id = self.desk.firm.user_id(who).to_string().replace('_', "-");
        self.changes(who, "POST", "/api/softphones", json!({"id": id, "takeover": true}), act)
            .await;
    }

    /// Changes settings. Who sees them is told in the words of the marker, once more than the others; then everybody reads anew.
    async fn set(&mut self, settings: Value) {
        self.desk.as_user(ADMIN).patch("/api/settings", settings).await.ok();
        for role in [MANAGER, ADMIN] {
            told(&mut self.readers.get_mut(role).unwrap().1).await;
        }
        self.begin_here().await;
    }

    async fn on(&mut self, who: &str, call: &str, order: Value, act: &str) -> Value {
        self.changes(who, "PATCH", &format!("/api/calls/{call}"), order, act).await
    }

    async fn supervision(&mut self, who: &str, method: &str, call: &str, mode: Option<&str>, act: &str) {
        let body = mode.map_or(Value::Null, |mode| json!({"mode": mode}));
        self.changes(who, method, &format!("/api/calls/{call}/supervision"), body, act)
            .await;
    }

    async fn hears(&mut self, call: &str, event: LineEvent, act: &str) {
        let firm = &self.desk.firm;
        switch::hear(&firm.app, firm.organization(), call.parse().unwrap(), event)
            .await
            .unwrap();
        self.check(act).await;
    }

    async fn rings(&mut self, from: &str, act: &str) -> String {
        let firm = &self.desk.firm;
        firm.advance(std::time::Duration::from_secs(1));
        let call = ReceiveCall {
            tenant: firm.tenant,
            number_id: firm.number,
            number: firm.number_e164.clone(),
            id: mint(),
            from: Address::read(from),
            line: NULL,
            provider_id: None,
            now: firm.now(),
        };
        let id = switch::receive(&firm.app, call).await.unwrap().row.id.to_string();
        self.check(act).await;
        id
    }
}

on_both_engines! {
    async fn calls_go_their_way_and_everybody_sees_what_they_may(db: TestDatabase) {
        let recorder = Recorder::in_folder(&db, "call-events");
        let mut replay = Replay::open(Desk::open(db).await, recorder).await;
        replay.ready(AGENT, "an agent is ready").await;
        replay.ready(ATTORNEY, "an attorney is ready").await;
        let to_mark = json!({"case_id": "123", "contact_id": replay.desk.mark});
        let call = text(&replay.changes(AGENT, "POST", "/api/calls", to_mark, "a call is started").await["id"]);
        let user = replay.desk.firm.user_id(AGENT);
        replay.hears(&call, LineEvent::AgentConnected { user }, "the agent is on the line").await;
        replay.hears(&call, LineEvent::OutsideRinging, "the outside phone rings").await;
        replay.hears(&call, LineEvent::OutsideAnswered, "a call is taken").await;
        replay.on(AGENT, &call, json!({"act": "hold", "on": true}), "the outside party is on hold").await;
        replay.on(AGENT, &call, json!({"act": "mute", "on": true}), "the agent is muted").await;
        replay.supervision(MANAGER, "POST", &call, Some("listen"), "a manager listens").await;
        replay.supervision(SUPERVISOR, "POST", &call, Some("whisper"), "a supervisor whispers").await;
        let told = json!({"calls": {"supervision_notice": "tell_agent"}});
        replay.set(told).await;
        replay.supervision(SUPERVISOR, "PATCH", &call, Some("barge"), "a supervisor barges in").await;
        replay.hears(&call, LineEvent::AgentLost { user }, "the agent is lost").await;
        replay.hears(&call, LineEvent::AgentConnected { user }, "the agent is back").await;
        replay.supervision(MANAGER, "DELETE", &call, None, "a manager leaves").await;
        let attorney = replay.desk.firm.user_id(ATTORNEY).to_string();
        replay.on(AGENT, &call, json!({"act": "transfer", "to_user_id": attorney}), "a call is handed over").await;
        replay.on(ATTORNEY, &call, json!({"act": "take_over"}), "a colleague takes it over").await;
        replay.on(ATTORNEY, &call, json!({"act": "hang_up"}), "a call is over").await;
        replay.on(ATTORNEY, &call, json!({"act": "wrap_up", "disposition": "spoke", "note": "All is said"}), "an agent notes what came of it").await;
        let rung = replay.rings(MARK, "somebody calls the firm").await;
        replay.on(ATTORNEY, &rung, json!({"act": "decline"}), "an agent does not take it").await;
        let order = replay.desk.firm.line.told(rung.parse().unwrap()).into_iter().find_map(|order| {
            if let LineOrder::TakeVoicemail { recording } = order { Some(recording) } else { None }
        });
        replay.hears(&rung, LineEvent::OutsideEnded(CarrierStatus::Completed { talked: None }), "the caller hangs up").await;
        let ready = LineEvent::RecordingReady { recording: order.unwrap(), file: "a.wav".to_owned(), duration_ms: 900, bytes: 14_444 };
        replay.hears(&rung, ready, "a voicemail can be heard").await;
        replay.on(AGENT, &rung, json!({"act": "file", "mycase_case_id": "123"}), "a call is filed in a case").await;
        let stranger = replay.rings(STRANGER, "a stranger calls").await;
        replay.hears(&stranger, LineEvent::OutsideEnded(CarrierStatus::NoAnswer), "a stranger hangs up").await;
        replay.on(ATTORNEY, &stranger, json!({"act": "file", "mycase_case_id": "789"}), "a call is filed where few see it").await;
        let path = format!("/api/contacts/{}", text(&replay.desk.mark));
        replay.changes(AGENT, "PATCH", &path, json!({"name": "Mark Renamed"}), "who was called is renamed").await;
        let path = format!("/api/users/{}", replay.desk.firm.user_id(ATTORNEY));
        replay.changes(ADMIN, "PATCH", &path, json!({"name": "Anna Renamed"}), "who called is renamed").await;
        replay.recorder.finish();
    }
}
