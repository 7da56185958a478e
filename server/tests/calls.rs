//! Calls, from the first ring to the note, by the API and by what a line hears: who may do what, what the line is told, what is told to
//! whom, what stands in the conversation. The set-up is in `floor`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

pub mod floor;
mod recordings;
mod rights;

use std::time::Duration;

use casewire::lines::{LegParty, LineEvent, LineFailure, LineOrder};
use casewire_core::calls::state::{Microphone, OutsideLine};
use casewire_core::calls::{CarrierStatus, Departure, Mode};
use casewire_core::phone::E164;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use self::floor::Floor;
use crate::inbox::desk::{AGENT, ATTORNEY, COMPLIANCE, JANE, MANAGER, MARK, PARALEGAL, QUINN, STRANGER, SUPERVISOR, text};

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

on_both_engines! {
    async fn a_call_to_somebody_on_a_case_rings_when_the_agent_is_there_and_is_logged_to_the_case(db: TestDatabase) {
        let floor = Floor::open(db).await;
        floor.ready(AGENT).await;
        let call = floor.call(AGENT, json!({"case_id": "123", "case_contact_id": floor.desk.jane_in_123})).await.ok();
        assert_eq!((&call["status"], &call["direction"]), (&json!("queued"), &json!("outbound")));
        assert_eq!(call["person"]["display_name"], "Jane Quill - Witness");
        assert_eq!((&call["matter_id"], &call["line"]), (&json!("123"), &json!("null")));
        assert_eq!(floor.told(&call), vec![]);
        let answer = floor.leg(AGENT, &call).await.ok();
        assert_eq!(answer["sdp"], "answer to offer");
        floor.hears(&call, LineEvent::AgentConnected { user: floor.id(AGENT) }).await;
        let (to, from) = (number(JANE), floor.desk.firm.number_e164.clone());
        assert_eq!(floor.told(&call), vec![LineOrder::RingOutside { to, from }]);
        floor.hears(&call, LineEvent::OutsideRinging).await;
        assert_eq!(floor.shown(AGENT, &call).await["status"], "ringing");
        floor.hears(&call, LineEvent::OutsideAnswered).await;
        floor.desk.firm.advance(Duration::from_secs(65));
        let ended = floor.does(AGENT, &call, json!({"act": "hang_up"})).await.ok();
        assert_eq!((&ended["status"], &ended["duration_seconds"], &ended["end_reason"]), (&json!("completed"), &json!(65), &json!("agent_hung_up")));
        assert_eq!(floor.told(&call).last(), Some(&LineOrder::HangUp));
        let list = floor.desk.list(AGENT, "case_id=123&channel=call").await;
        assert_eq!((list.len(), &list[0]["last_call"]), (1, &json!("completed")));
        let items = floor.desk.as_user(COMPLIANCE).get(&format!("/api/omnichannel/conversations/{}/items/", text(&list[0]["id"]))).await.ok();
        assert_eq!((&items["items"][0]["kind"], &items["items"][0]["call"]["id"]), (&json!("call"), &call["id"]));
        let noted = floor.does(AGENT, &call, json!({"act": "wrap_up", "disposition": "statement_taken", "note": "On the phone"})).await.ok();
        assert_eq!((&noted["disposition"], &noted["note"]), (&json!("statement_taken"), &json!("On the phone")));
        assert_eq!(floor.does(AGENT, &call, json!({"act": "wrap_up", "disposition": "unheard_of"})).await.code(), "invalid_field");
    }

    async fn hold_mute_keys_and_the_recording_are_the_agents_alone(db: TestDatabase) {
        let floor = Floor::open(db).await;
        floor.record().await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        assert_eq!(floor.shown(AGENT, &call).await["recording"], "running");
        assert!(floor.told(&call).iter().any(|order| matches!(order, LineOrder::StartRecording { .. })));
        floor.desk.firm.line.forget();
        for act in [json!({"act": "hold", "on": true}), json!({"act": "mute", "on": true}), json!({"act": "press", "digits": "1#"}), json!({"act": "recording", "state": "paused"})] {
            assert_eq!(floor.does(ATTORNEY, &call, act.clone()).await.code(), "not_your_call", "{act}");
            assert_eq!(floor.does(COMPLIANCE, &call, act.clone()).await.code(), "forbidden", "{act}");
            floor.does(AGENT, &call, act).await.ok();
        }
        let agent = floor.id(AGENT);
        let expected = vec![
            LineOrder::SetOutside(OutsideLine::OnHold),
            LineOrder::SetMicrophone { agent, microphone: Microphone::Muted },
            LineOrder::Press { digits: "1#".to_owned() },
            LineOrder::PauseRecording,
        ];
        assert_eq!(floor.told(&call), expected);
        let now = floor.shown(AGENT, &call).await;
        assert_eq!((&now["is_on_hold"], &now["is_muted"], &now["recording"]), (&json!(true), &json!(true), &json!("paused")));
        assert_eq!(floor.does(AGENT, &call, json!({"act": "press", "digits": "12x"})).await.code(), "invalid_field");
    }

    async fn one_call_per_user_and_none_without_a_softphone(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let to_mark = json!({"case_id": "123", "contact_id": floor.desk.mark});
        assert_eq!(floor.call(AGENT, to_mark.clone()).await.code(), "no_softphone");
        floor.ready(AGENT).await;
        let first = floor.call(AGENT, to_mark.clone()).await.ok();
        assert_eq!(floor.call(AGENT, to_mark.clone()).await.code(), "call_in_progress");
        floor.does(AGENT, &first, json!({"act": "hang_up"})).await.ok();
        floor.call(AGENT, to_mark.clone()).await.ok();
        floor.desk.firm.advance(Duration::from_secs(31));
        floor.ready(PARALEGAL).await;
        let both = tokio::join!(floor.call(PARALEGAL, to_mark.clone()), floor.call(PARALEGAL, to_mark));
        let statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        assert!(statuses.contains(&201) && statuses.contains(&409), "{statuses:?}");
    }

    async fn a_call_from_outside_rings_at_whoever_last_wrote_or_called_there_and_is_ready(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let body = json!({"case_id": "123", "contact_id": floor.desk.mark, "body": "Please call back"});
        floor.desk.as_user(AGENT).post("/api/omnichannel/messages/", body.clone()).await.ok();
        floor.desk.firm.advance(Duration::from_secs(60));
        floor.desk.as_user(PARALEGAL).post("/api/omnichannel/messages/", body).await.ok();
        floor.ready(AGENT).await;
        let call = floor.rings(MARK).await;
        let agent = floor.id(AGENT);
        assert_eq!((&call["status"], &call["user"]["id"]), (&json!("ringing"), &json!(agent.to_string())));
        assert_eq!((&call["person"]["name"], &call["case_id"]), (&json!("Mark Quill"), &Value::Null));
        assert_eq!(floor.told(&call), vec![LineOrder::Ring { agent }]);
        assert_eq!(floor.does(PARALEGAL, &call, json!({"act": "answer"})).await.code(), "call_not_ringing");
        floor.does(AGENT, &call, json!({"act": "answer"})).await.ok();
        floor.leg(AGENT, &call).await.ok();
        assert_eq!(floor.desk.firm.line.offers(floor::call_id(&call)), vec![LegParty::Agent(agent)]);
        floor.hears(&call, LineEvent::AgentConnected { user: agent }).await;
        let filed = floor.does(AGENT, &call, json!({"act": "file", "mycase_case_id": "123"})).await.ok();
        assert_eq!((&filed["matter_id"], &filed["person"]["display_name"]), (&json!("123"), &json!("Mark Quill - Adjuster")));
        assert_eq!(floor.desk.list(AGENT, "case_id=123&channel=call").await.len(), 1);
        floor.ready(PARALEGAL).await;
        assert_eq!(floor.rings(MARK).await["user"]["id"], json!(floor.id(PARALEGAL).to_string()), "the agent is on a call");
    }

    async fn a_call_that_nobody_takes_goes_to_the_machine_and_shows_as_missed(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let call = floor.rings(STRANGER).await;
        assert_eq!((&call["status"], &call["recording"]), (&json!("recording"), &json!("running")));
        let LineOrder::TakeVoicemail { recording } = floor.told(&call)[0].clone() else { unreachable!() };
        floor.hears(&call, LineEvent::OutsideEnded(CarrierStatus::Completed { talked: None })).await;
        let ready = LineEvent::RecordingReady { recording, file: "a".to_owned(), duration_ms: 4200, bytes: 67_244 };
        floor.hears(&call, ready.clone()).await;
        floor.hears(&call, ready).await;
        let missed = floor.desk.as_user(AGENT).get("/api/calls/?view=missed").await.ok();
        assert_eq!(missed["items"].as_array().unwrap().len(), 1);
        let call = &missed["items"][0];
        assert_eq!((&call["status"], &call["has_recording"], &call["recordings"][0]["duration_ms"]), (&json!("voicemail"), &json!(true), &json!(4200)));
        assert_eq!((&call["recordings"][0]["kind"], &call["recordings"].as_array().unwrap().len()), (&json!("voicemail"), &1));
        assert!(floor.desk.as_user(COMPLIANCE).get(&format!("/api/calls/{}", text(&call["id"]))).await.code() == "not_found", "unknown callers are for who acts");
        assert_eq!(floor.desk.list(AGENT, "view=unknown&channel=call").await.len(), 1);
        floor.set(json!({"voicemail": false})).await;
        let call = floor.rings(QUINN).await;
        assert_eq!((&call["status"], &call["end_reason"]), (&json!("no-answer"), &json!("nobody_there")));
        assert_eq!(floor.told(&call), vec![LineOrder::HangUp]);
    }

    async fn what_waits_too_long_ends_by_itself(db: TestDatabase) {
        let floor = Floor::open(db).await;
        floor.ready(AGENT).await;
        let to_mark = json!({"case_id": "123", "contact_id": floor.desk.mark});
        let never = floor.call(AGENT, to_mark.clone()).await.ok();
        floor.after(21).await;
        assert_eq!(floor.shown(AGENT, &never).await["end_reason"], "agent_lost");
        floor.does(AGENT, &never, json!({"act": "wrap_up", "disposition": "no_answer"})).await.ok();
        let call = floor.talks(AGENT, to_mark).await;
        floor.hears(&call, LineEvent::AgentLost { user: floor.id(AGENT) }).await;
        assert_eq!(floor.shown(AGENT, &call).await["agent_line"], "lost");
        floor.after(14).await;
        assert_eq!(floor.shown(AGENT, &call).await["status"], "in-progress");
        floor.hears(&call, LineEvent::AgentConnected { user: floor.id(AGENT) }).await;
        floor.after(14).await;
        assert_eq!(floor.shown(AGENT, &call).await["agent_line"], "here");
        floor.hears(&call, LineEvent::AgentLost { user: floor.id(AGENT) }).await;
        floor.after(16).await;
        assert_eq!(floor.shown(AGENT, &call).await["end_reason"], "agent_lost");
        floor.does(AGENT, &call, json!({"act": "wrap_up", "disposition": "spoke"})).await.ok();
        floor.ready(AGENT).await;
        let call = floor.rings(MARK).await;
        assert_eq!(call["status"], "ringing");
        floor.after(26).await;
        assert_eq!(floor.shown(AGENT, &call).await["status"], "recording", "the machine takes it");
        floor.after(181).await;
        assert_eq!(floor.shown(AGENT, &call).await["status"], "voicemail");
    }

    async fn a_supervisor_enters_switches_and_leaves_each_with_a_line_in_the_audit(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        floor.desk.firm.line.forget();
        for who in [PARALEGAL, ATTORNEY, COMPLIANCE, AGENT] {
            assert_eq!(floor.supervises(who, &call, "POST", "listen").await.code(), "forbidden", "{who}");
        }
        let entered = floor.supervises(SUPERVISOR, &call, "POST", "listen").await.ok();
        assert_eq!((&entered["supervisors"][0]["mode"], entered["supervisors"].as_array().unwrap().len()), (&json!("listen"), 1));
        assert_eq!(floor.supervises(SUPERVISOR, &call, "POST", "barge").await.code(), "already_supervising");
        floor.supervises(SUPERVISOR, &call, "PATCH", "whisper").await.ok();
        floor.supervises(MANAGER, &call, "POST", "barge").await.ok();
        let leave = floor.desk.as_user(SUPERVISOR).delete(&format!("/api/calls/{}/supervision", text(&call["id"]))).await;
        assert_eq!(leave.status.as_u16(), 204);
        let supervisor = floor.id(SUPERVISOR);
        let expected = vec![
            LineOrder::Supervise { supervisor, mode: Mode::Listen },
            LineOrder::Supervise { supervisor, mode: Mode::Whisper },
            LineOrder::Supervise { supervisor: floor.id(MANAGER), mode: Mode::Barge },
            LineOrder::Dismiss { supervisor, why: Departure::Left },
        ];
        assert_eq!(floor.told(&call), expected);
        assert_eq!(floor.audited(&call, &["supervise_call", "leave_supervision"]).await, vec!["mode=listen", "mode=whisper", "mode=barge", "why=left"]);
        assert!(floor.shown(AGENT, &call).await.get("supervisors").is_none(), "the agent is not told");
        floor.set(json!({"supervision_notice": "tell_agent"})).await;
        assert_eq!(floor.shown(AGENT, &call).await["supervisors"][0]["mode"], "barge");
        assert!(floor.shown(ATTORNEY, &call).await.get("supervisors").is_none());
    }

    async fn what_the_line_cannot_do_ends_the_call_or_sends_the_supervisor_away(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        let user = floor.id(SUPERVISOR);
        floor.desk.firm.line.fail_once(LineFailure::Supervisor { user, code: "refused" });
        floor.supervises(SUPERVISOR, &call, "POST", "listen").await.ok();
        assert_eq!(floor.told(&call).last(), Some(&LineOrder::Dismiss { supervisor: user, why: Departure::Left }));
        assert_eq!(floor.shown(SUPERVISOR, &call).await["supervisors"], json!([]));
        floor.desk.firm.line.fail_once(LineFailure::Call { code: "away" });
        let failed = floor.does(AGENT, &call, json!({"act": "hold", "on": true})).await.ok();
        assert_eq!((&failed["status"], &failed["end_reason"]), (&json!("completed"), &json!("carrier_failed")));
        assert_eq!(floor.told(&call).last(), Some(&LineOrder::HangUp));
    }

    async fn a_call_is_handed_to_a_colleague_who_is_ready_and_on_no_other_call(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        let (agent, attorney) = (floor.id(AGENT), floor.id(ATTORNEY));
        let to = |user: casewire_core::id::UserId| json!({"act": "transfer", "to_user_id": user.to_string()});
        assert_eq!(floor.does(AGENT, &call, to(attorney)).await.code(), "agent_unavailable", "no softphone");
        floor.ready(ATTORNEY).await;
        let busy = floor.talks(PARALEGAL, json!({"case_id": "456", "contact_id": floor.desk.jane})).await;
        assert_eq!(floor.does(AGENT, &call, to(floor.id(PARALEGAL))).await.code(), "agent_unavailable", "on another call");
        floor.supervises(SUPERVISOR, &call, "POST", "whisper").await.ok();
        floor.desk.firm.line.forget();
        let offered = floor.does(AGENT, &call, to(attorney)).await.ok();
        assert_eq!((&offered["transfer_to"]["id"], &offered["status"]), (&json!(attorney.to_string()), &json!("in-progress")));
        assert_eq!(floor.call(ATTORNEY, json!({"case_id": "123", "contact_id": floor.desk.mark})).await.code(), "call_in_progress", "it rings at them");
        assert_eq!(floor.does(AGENT, &call, to(attorney)).await.code(), "transfer_pending");
        let taken = floor.does(ATTORNEY, &call, json!({"act": "take_over"})).await.ok();
        assert_eq!(taken["user"]["id"], json!(attorney.to_string()));
        let supervisor = floor.id(SUPERVISOR);
        let expected = vec![
            LineOrder::Ring { agent: attorney },
            LineOrder::StopRinging { agent: attorney },
            LineOrder::Supervise { supervisor, mode: Mode::Listen },
            LineOrder::Unseat { agent },
            LineOrder::Seat { agent: attorney },
        ];
        assert_eq!(floor.told(&call), expected);
        assert_eq!(floor.does(AGENT, &call, json!({"act": "hang_up"})).await.code(), "not_your_call");
        floor.does(PARALEGAL, &busy, json!({"act": "hang_up"})).await.ok();
        floor.does(PARALEGAL, &busy, json!({"act": "wrap_up", "disposition": "spoke"})).await.ok();
        floor.does(ATTORNEY, &call, to(floor.id(PARALEGAL))).await.ok();
        floor.after(26).await;
        assert_eq!(floor.shown(ATTORNEY, &call).await["transfer_to"], Value::Null, "not taken in time");
        let agents = floor.desk.as_user(SUPERVISOR).get("/api/agents/").await.ok();
        let found = agents["items"].as_array().unwrap().iter().find(|agent| agent["user"]["id"] == json!(attorney.to_string())).unwrap();
        assert_eq!((&found["status"], &found["call_id"]), (&json!("on_call"), &call["id"]));
    }

    async fn a_start_that_is_sent_again_with_its_key_is_one_call(db: TestDatabase) {
        let floor = Floor::open(db).await;
        floor.ready(AGENT).await;
        let agent = floor.desk.as_user(AGENT).with("idempotency-key", "one-call");
        let body = json!({"case_id": "123", "contact_id": floor.desk.mark});
        let first = agent.post("/api/calls/", body.clone()).await.ok();
        assert_eq!(agent.post("/api/calls/", body).await.ok()["id"], first["id"]);
        let mine = floor.desk.as_user(AGENT).get("/api/calls/?view=mine").await.ok();
        assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    }

    async fn a_second_tab_waits_until_the_first_is_gone_or_takes_over(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let asks = async |id: &str, takeover: bool| {
            let body = json!({"id": id, "takeover": takeover});
            floor.desk.as_user(AGENT).post("/api/softphones/", body).await.ok()["is_elected"].clone()
        };
        assert_eq!(asks("tab-1", false).await, true);
        assert_eq!(asks("tab-2", false).await, false);
        floor.desk.firm.advance(Duration::from_secs(20));
        assert_eq!(asks("tab-1", false).await, true, "renewed");
        floor.desk.firm.advance(Duration::from_secs(20));
        assert_eq!(asks("tab-2", false).await, false);
        assert_eq!(asks("tab-2", true).await, true);
        assert_eq!(asks("tab-1", false).await, false);
        floor.desk.firm.advance(Duration::from_secs(31));
        assert_eq!(asks("tab-1", false).await, true, "the other lease is over");
        assert_eq!(floor.desk.as_user(AGENT).delete("/api/softphones/tab-1/").await.status.as_u16(), 204);
        assert_eq!(floor.desk.as_user(AGENT).delete("/api/softphones/tab-1/").await.code(), "not_found");
    }

    async fn calls_left_under_way_by_a_server_that_went_are_ended_at_the_next_start(db: TestDatabase) {
        let floor = Floor::open(db).await;
        floor.record().await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        assert_eq!(casewire::lines::switch::end_what_was_left(&floor.desk.firm.app, crate::support::NULL).await.unwrap(), 1);
        let ended = floor.shown(AGENT, &call).await;
        assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("completed"), &json!("carrier_failed")));
        assert_eq!(ended["recordings"].as_array().unwrap().len(), 1);
    }
}
