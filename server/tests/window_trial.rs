//! What another routing window would have done, and that asking changes nothing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire_core::id::{CaseId, ContactId, Id as _};
use casewire_store::{Value as Stored, on_both_engines};
use serde_json::json;

use crate::inbox::desk::{ADMIN, AGENT, Desk, JANE, MANAGER, MARK, text};

const HOUR: Duration = Duration::from_secs(3600);

on_both_engines! {
    async fn the_past_is_decided_again_with_another_window(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "One case only").await;
        desk.firm.advance(31 * 24 * HOUR);
        desk.arrives(MARK, "One case only").await;
        let case: CaseId = text(&desk.as_user(MANAGER).get("/api/cases/123").await.ok()["id"]).parse().unwrap();
        let jane: ContactId = text(&desk.jane).parse().unwrap();
        desk.sql("insert into sms_sessions (organization_id, contact_id, case_id, opened_at, message_id) values ($1, $2, $3, $4, $3)",
            vec![Stored::from(desk.firm.organization()), Stored::from(jane.uuid()), Stored::from(case.uuid()), Stored::from(desk.firm.now())]).await;
        desk.firm.advance(30 * HOUR);
        desk.arrives(JANE, "Within 48 hours").await;
        desk.firm.advance(30 * HOUR);
        desk.arrives(JANE, "After 60 hours").await;
        let before = desk.standing(MANAGER, "view=all", "").await;
        for (seconds, offered, routed) in [(48 * 3600, 0, 0), (24 * 3600, 1, 0), (72 * 3600, 0, 1)] {
            let trial = desk.as_user(ADMIN).post("/api/settings/routing-window-trial", json!({"routing_window_seconds": seconds})).await.ok();
            assert_eq!(trial["texts"], 3, "the text of long ago is left out");
            let counts = ["unchanged", "newly_offered", "newly_routed", "routed_elsewhere"].map(|name| trial[name].as_u64().unwrap());
            assert_eq!(counts, [3 - offered - routed, offered, routed, 0], "{seconds}");
            assert!(trial["since"].is_string());
        }
        assert_eq!(desk.standing(MANAGER, "view=all", "").await, before);
        assert_eq!(desk.as_user(ADMIN).get("/api/settings").await.ok()["routing_window_seconds"], 172_800);
    }

    async fn a_trial_takes_what_a_setting_takes(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for (body, code) in [(json!({"routing_window_seconds": 0}), "invalid_field"), (json!({"routing_window_seconds": 2_592_001}), "invalid_field"),
            (json!({"routing_window_seconds": -1}), "invalid_field"), (json!({}), "invalid_field"),
            (json!({"routing_window_seconds": 1, "texts": 5}), "unknown_field")] {
            assert_eq!(desk.as_user(ADMIN).post("/api/settings/routing-window-trial", body.clone()).await.code(), code, "{body}");
        }
        assert_eq!(desk.as_user(AGENT).post("/api/settings/routing-window-trial", json!({"routing_window_seconds": 9})).await.code(), "forbidden");
    }
}
