//! Rights that change while somebody talks: a wall, a role, a team, a deactivation, a case that the call is filed in. Whoever may not be
//! there any more is off the call when the job that the change left behind is done, with a line in the audit; nothing else changes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use casewire::lines::{LineEvent, LineOrder};
use casewire_core::calls::{Departure, Mode};
use casewire_store::on_both_engines;
use serde_json::json;

use super::floor::Floor;
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, MANAGER, MARK, SUPERVISOR, text};

on_both_engines! {
    async fn a_wall_takes_a_supervisor_off_the_call(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        for who in [SUPERVISOR, MANAGER] {
            floor.supervises(who, &call, "POST", "barge").await.ok();
        }
        floor.desk.firm.line.forget();
        let wall = json!({"user_id": floor.id(SUPERVISOR).to_string()});
        floor.desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        floor.work().await;
        let supervisor = floor.id(SUPERVISOR);
        assert_eq!(floor.told(&call), vec![LineOrder::Dismiss { supervisor, why: Departure::Revoked }]);
        assert_eq!(floor.shown(MANAGER, &call).await["supervisors"].as_array().unwrap().len(), 1);
        assert_eq!(floor.supervises(SUPERVISOR, &call, "PATCH", "listen").await.code(), "not_found");
        assert_eq!(floor.audited(&call, &["leave_supervision"]).await, vec!["why=revoked"]);
        assert_eq!(floor.shown(AGENT, &call).await["status"], "in-progress");
    }

    async fn a_lost_role_or_team_takes_a_supervisor_off_and_each_switch_asks_for_the_right_anew(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        for who in [SUPERVISOR, MANAGER] {
            floor.supervises(who, &call, "POST", "listen").await.ok();
        }
        let roles = floor.desk.as_user(ADMIN).get("/api/roles").await.ok();
        let attorney = roles["items"].as_array().unwrap().iter().find(|role| role["name"] == ATTORNEY).unwrap()["id"].clone();
        let path = format!("/api/users/{}", floor.id(MANAGER));
        floor.desk.as_user(ADMIN).patch(&path, json!({"role_ids": [attorney]})).await.ok();
        assert_eq!(floor.supervises(MANAGER, &call, "PATCH", "barge").await.code(), "forbidden", "before the job ran");
        let path = format!("/api/users/{}", floor.id(SUPERVISOR));
        floor.desk.as_user(ADMIN).patch(&path, json!({"team_ids": []})).await.ok();
        assert_eq!(floor.supervises(SUPERVISOR, &call, "PATCH", "barge").await.code(), "not_found", "before the job ran");
        floor.desk.firm.line.forget();
        floor.work().await;
        assert_eq!(floor.told(&call).len(), 2, "both are off: {:?}", floor.told(&call));
        let free = floor.desk.column("select cast(count(*) as text) from call_supervisors", vec![]).await;
        assert_eq!(free, vec!["0"]);
    }

    async fn an_agent_who_is_walled_off_or_deactivated_is_off_their_call(db: TestDatabase) {
        let mut floor = Floor::open(db).await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        let wall = json!({"user_id": floor.id(AGENT).to_string()});
        floor.desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        assert_eq!(floor.does(AGENT, &call, json!({"act": "mute", "on": true})).await.code(), "not_found");
        floor.work().await;
        let ended = floor.shown(MANAGER, &call).await;
        assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("completed"), &json!("agent_revoked")));
        assert_eq!(floor.told(&call).last(), Some(&LineOrder::HangUp));
        let call = floor.talks(ATTORNEY, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        floor.desk.set_active(ATTORNEY, false).await;
        floor.work().await;
        assert_eq!(floor.shown(MANAGER, &call).await["end_reason"], "agent_revoked");
        assert_eq!(floor.audited(&call, &["revoke_agent"]).await, vec!["status=completed"]);
    }

    async fn a_call_that_is_filed_where_its_supervisor_may_not_be_goes_on_without_them(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let body = json!({"case_id": "123", "contact_id": floor.desk.mark, "body": "Please call back"});
        floor.desk.as_user(ATTORNEY).post("/api/omnichannel/messages/", body).await.ok();
        floor.ready(ATTORNEY).await;
        let call = floor.rings(MARK).await;
        floor.does(ATTORNEY, &call, json!({"act": "answer"})).await.ok();
        floor.hears(&call, LineEvent::AgentConnected { user: floor.id(ATTORNEY) }).await;
        for who in [SUPERVISOR, MANAGER] {
            floor.supervises(who, &call, "POST", "listen").await.ok();
        }
        floor.desk.firm.line.forget();
        let filed = floor.does(ATTORNEY, &call, json!({"act": "file", "mycase_case_id": "789"})).await.ok();
        assert_eq!(filed["matter_id"], "789");
        assert_eq!(floor.told(&call), vec![LineOrder::Dismiss { supervisor: floor.id(SUPERVISOR), why: Departure::Revoked }]);
        assert_eq!(floor.desk.as_user(SUPERVISOR).get(&format!("/api/calls/{}", text(&call["id"]))).await.code(), "not_found");
        let left = floor.shown(MANAGER, &call).await["supervisors"].clone();
        assert_eq!((left.as_array().unwrap().len(), &left[0]["mode"]), (1, &json!("listen")));
        assert_eq!(floor.does(ATTORNEY, &call, json!({"act": "file", "mycase_case_id": "no-such"})).await.code(), "not_found");
    }

    async fn nobody_supervises_their_own_call_two_at_once_or_one_that_nobody_took(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let own = floor.talks(MANAGER, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        assert_eq!(floor.supervises(MANAGER, &own, "POST", "listen").await.code(), "own_call");
        let other = floor.talks(AGENT, json!({"case_id": "456", "contact_id": floor.desk.jane})).await;
        assert_eq!(floor.supervises(MANAGER, &other, "POST", "listen").await.code(), "call_in_progress");
        floor.supervises(SUPERVISOR, &own, "POST", "whisper").await.ok();
        assert_eq!(floor.supervises(SUPERVISOR, &other, "POST", "listen").await.code(), "call_in_progress");
        floor.hears(&own, LineEvent::AgentLost { user: floor.id(MANAGER) }).await;
        assert_eq!(floor.told(&own).last(), Some(&LineOrder::Supervise { supervisor: floor.id(SUPERVISOR), mode: Mode::Listen }));
        assert_eq!(floor.supervises(SUPERVISOR, &own, "PATCH", "barge").await.code(), "agent_away");
        floor.hears(&own, LineEvent::SupervisorLost { user: floor.id(SUPERVISOR) }).await;
        assert_eq!(floor.supervises(SUPERVISOR, &own, "PATCH", "listen").await.code(), "not_supervising");
        floor.does(MANAGER, &own, json!({"act": "hang_up"})).await.ok();
        assert_eq!(floor.supervises(SUPERVISOR, &own, "POST", "listen").await.code(), "call_not_in_progress");
    }

    async fn who_reads_a_call_is_not_told_who_supervises_it(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let call = floor.talks(AGENT, json!({"case_id": "123", "contact_id": floor.desk.mark})).await;
        let before = floor.shown(AGENT, &call).await;
        floor.supervises(SUPERVISOR, &call, "POST", "listen").await.ok();
        floor.supervises(SUPERVISOR, &call, "PATCH", "barge").await.ok();
        assert_eq!(floor.shown(AGENT, &call).await, before, "not even by a number that grows");
        for who in [ATTORNEY, COMPLIANCE] {
            for path in [format!("/api/calls/{}", text(&call["id"])), "/api/calls/?view=live".to_owned()] {
                assert!(!floor.desk.as_user(who).get(&path).await.text().contains("supervisors"), "{who} {path}");
            }
        }
        let supervisor = floor.desk.firm.user_id(SUPERVISOR).to_string();
        let agents = floor.desk.as_user(AGENT).get("/api/agents/").await.ok();
        let shown = agents["items"].as_array().unwrap().iter().find(|agent| agent["user"]["id"] == json!(supervisor)).unwrap();
        assert_eq!((&shown["status"], &shown["call_id"]), (&json!("offline"), &json!(null)), "nor by what the supervisor does");
    }

    async fn a_call_from_somebody_known_from_a_walled_case_alone_is_hidden_behind_the_wall(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let wall = json!({"user_id": floor.id(AGENT).to_string()});
        floor.desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        let body = json!({"case_id": "123", "contact_id": floor.desk.mark, "body": "Please call back"});
        floor.desk.as_user(ATTORNEY).post("/api/omnichannel/messages/", body).await.ok();
        floor.ready(AGENT).await;
        let call = floor.rings(MARK).await;
        assert_eq!(call["status"], "recording");
        assert_eq!(floor.desk.as_user(AGENT).get(&format!("/api/calls/{}", text(&call["id"]))).await.code(), "not_found");
        let conversation = format!("/api/omnichannel/conversations/{}", text(&call["conversation_id"]));
        assert_eq!(floor.desk.as_user(AGENT).get(&conversation).await.code(), "not_found");
        for list in ["/api/calls/?view=history", "/api/calls/?view=live", "/api/omnichannel/conversations/?view=all"] {
            assert!(!floor.desk.as_user(AGENT).get(list).await.text().contains("Mark Quill"), "{list}");
            assert!(floor.desk.as_user(ATTORNEY).get(list).await.text().contains("Mark Quill"), "{list}");
        }
    }
}
