//! No orphan, ever: whatever is done, each inbound text is seen by somebody active who works on texts, or stands in "Needs
//! attention" before somebody who oversees, or is counted for the Firm Admins. The random walk is in `walk`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod auditor;
mod walk;
mod watch;

use casewire_store::on_both_engines;
use serde_json::{Value, json};

use self::watch::{assert_no_orphan, in_attention};
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, Desk, JANE, LENA, MANAGER, MARK, PARALEGAL, QUINN, STRANGER, SUPERVISOR, text};

/// Why a text needs attention, as a manager reads it.
async fn reason(desk: &Desk, message: &str) -> Value {
    for conversation in desk.list(MANAGER, "view=attention").await {
        let texts = desk.texts(MANAGER, &conversation, "dismissed=true").await;
        if let Some(found) = texts.into_iter().find(|text| text["id"] == message) {
            assert!(conversation["attention_count"].as_u64().unwrap() > 0);
            return found["attention"].clone();
        }
    }
    Value::Null
}

/// Everybody who works on Jane's texts dismisses one.
async fn dismissed_by_all(desk: &Desk, message: &str) {
    for who in [AGENT, PARALEGAL, ATTORNEY] {
        assert_eq!(reason(desk, message).await, Value::Null, "{who} is left");
        desk.act(who, message, "dismiss", json!({})).await.ok();
    }
}

on_both_engines! {
    async fn what_all_dismissed_needs_attention_until_one_brings_it_back(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(JANE, "Anybody?").await;
        dismissed_by_all(&desk, &message).await;
        assert_eq!(reason(&desk, &message).await, "dismissed_by_all");
        assert_eq!(desk.list(SUPERVISOR, "view=attention").await.len(), 2, "in both cases");
        assert_no_orphan(&desk).await;
        desk.act(PARALEGAL, &message, "undismiss", json!({"case_id": "456"})).await.ok();
        assert_eq!(reason(&desk, &message).await, Value::Null, "one is left in one case");
        desk.act(PARALEGAL, &message, "dismiss", json!({})).await.ok();
        assert_eq!(reason(&desk, &message).await, "dismissed_by_all");
        desk.act(MANAGER, &message, "claim", json!({"case_id": "456"})).await.ok();
        assert!(desk.list(MANAGER, "view=attention").await.is_empty());
        desk.act(MANAGER, &message, "release", json!({})).await.ok();
        assert_eq!(reason(&desk, &message).await, "dismissed_by_all", "released, it is where it was");
        assert_no_orphan(&desk).await;
    }

    async fn an_unknown_sender_whom_all_dismissed_needs_attention(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(STRANGER, "Hello?").await;
        dismissed_by_all(&desk, &message).await;
        assert_eq!(reason(&desk, &message).await, "dismissed_by_all");
        assert_no_orphan(&desk).await;
        desk.act(ATTORNEY, &message, "undismiss", json!({})).await.ok();
        assert_eq!(reason(&desk, &message).await, Value::Null);
    }

    async fn the_last_agent_is_deactivated_and_comes_back(db: TestDatabase) {
        let mut desk = Desk::open(db).await;
        let message = desk.arrives(JANE, "Anybody?").await;
        desk.act(PARALEGAL, &message, "dismiss", json!({})).await.ok();
        desk.act(ATTORNEY, &message, "dismiss", json!({})).await.ok();
        desk.set_active(AGENT, false).await;
        assert_eq!(reason(&desk, &message).await, "dismissed_by_all", "the one who had not is gone");
        assert_no_orphan(&desk).await;
        desk.set_active(AGENT, true).await;
        assert_eq!(reason(&desk, &message).await, Value::Null);
        desk.set_active(AGENT, false).await;
        desk.assign("123", &[PARALEGAL]).await;
        assert_eq!(reason(&desk, &message).await, "dismissed_by_all");
        for who in [PARALEGAL, ATTORNEY] {
            desk.set_active(who, false).await;
        }
        assert_eq!(reason(&desk, &message).await, Value::Null, "nobody works on texts: those who oversee have it in their inbox");
        assert_eq!(desk.found_in(MANAGER, &message).await, ["123", "456"]);
        assert_no_orphan(&desk).await;
    }

    async fn a_case_that_nobody_reaches_is_counted_for_the_admins_until_somebody_is_assigned(db: TestDatabase) {
        let mut desk = Desk::open(db).await;
        desk.arrives(QUINN, "My case").await;
        desk.arrives(QUINN, "My case again").await;
        desk.set_active(ATTORNEY, false).await;
        assert_eq!(desk.orphans().await, 0, "the manager reaches all cases");
        desk.set_active(MANAGER, false).await;
        assert_eq!(desk.orphans().await, 2);
        assert_no_orphan(&desk).await;
        desk.arrives(QUINN, "Nobody answers").await;
        assert_eq!(desk.orphans().await, 3, "counted as it comes");
        desk.assign("789", &[AGENT]).await;
        assert_eq!(desk.orphans().await, 0);
        assert_eq!(desk.names(AGENT, "case_id=789").await, ["Quinn Quill - Client"]);
        for who in [AGENT, PARALEGAL, ATTORNEY, SUPERVISOR] {
            assert_eq!(desk.as_user(who).get("/api/me").await.json()["orphans"].as_u64().unwrap_or(0), 0, "{who}");
        }
    }

    async fn what_all_dismissed_is_counted_where_nobody_oversees(db: TestDatabase) {
        let mut desk = Desk::open(db).await;
        for who in [SUPERVISOR, MANAGER] {
            desk.set_active(who, false).await;
        }
        let (offered, unknown) = (desk.arrives(JANE, "Anybody?").await, desk.arrives(STRANGER, "Hello?").await);
        assert_eq!(desk.orphans().await, 0);
        for message in [&offered, &unknown] {
            for who in [AGENT, PARALEGAL, ATTORNEY] {
                desk.act(who, message, "dismiss", json!({})).await.ok();
            }
        }
        assert_eq!(desk.orphans().await, 2);
        assert_no_orphan(&desk).await;
        desk.set_active(SUPERVISOR, true).await;
        assert_eq!(desk.orphans().await, 0);
        assert_eq!(in_attention(&desk, SUPERVISOR).await.len(), 2);
    }

    async fn where_nobody_works_on_texts_all_are_counted(db: TestDatabase) {
        let mut desk = Desk::open(db).await;
        for from in [JANE, MARK, QUINN, LENA, STRANGER] {
            desk.arrives(from, "Is anybody there?").await;
        }
        for who in [AGENT, PARALEGAL, ATTORNEY, SUPERVISOR, MANAGER] {
            desk.set_active(who, false).await;
        }
        assert_eq!(desk.orphans().await, 5);
        desk.arrives(LENA, "Hello?").await;
        assert_eq!(desk.orphans().await, 6);
        assert_no_orphan(&desk).await;
        desk.set_active(PARALEGAL, true).await;
        assert_eq!(desk.orphans().await, 1, "the client of a case that a paralegal is not assigned to");
        assert_no_orphan(&desk).await;
    }

    async fn a_wall_on_the_last_who_reaches_a_case_leaves_it_to_the_admins(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(QUINN, "My case").await;
        let wall = |who: &str| json!({"user_id": desk.firm.user_id(who).to_string()});
        desk.as_user(ADMIN).post("/api/cases/789/walls", wall(ATTORNEY)).await.ok();
        assert_eq!(desk.orphans().await, 0);
        desk.as_user(ADMIN).post("/api/cases/789/walls", wall(MANAGER)).await.ok();
        assert_eq!(desk.orphans().await, 1);
        assert!(desk.list(MANAGER, "view=attention").await.is_empty() && desk.names(ATTORNEY, "view=all").await.is_empty());
        assert_no_orphan(&desk).await;
        let path = format!("/api/cases/789/walls/{}", desk.firm.user_id(MANAGER));
        desk.as_user(ADMIN).delete(&path).await.ok();
        assert_eq!(desk.orphans().await, 0);
        assert_no_orphan(&desk).await;
    }

    async fn a_wall_on_the_last_who_had_not_dismissed_it_brings_a_text_to_attention(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(JANE, "Anybody?").await;
        for who in [AGENT, PARALEGAL] {
            desk.act(who, &message, "dismiss", json!({})).await.ok();
        }
        for case in ["123", "456"] {
            assert_eq!(reason(&desk, &message).await, Value::Null, "{case}");
            let wall = json!({"user_id": desk.firm.user_id(ATTORNEY).to_string()});
            desk.as_user(ADMIN).post(&format!("/api/cases/{case}/walls"), wall).await.ok();
        }
        assert_eq!(reason(&desk, &message).await, "dismissed_by_all");
        assert_no_orphan(&desk).await;
    }

    async fn neither_a_removed_contact_nor_a_closed_case_loses_a_text(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let (unclaimed, routed) = (desk.arrives(JANE, "Anybody?").await, desk.arrives(MARK, "The report").await);
        let path = format!("/api/cases/123/contacts/{}", text(&desk.jane_in_123));
        desk.as_user(ATTORNEY).delete(&path).await.ok();
        for case in ["123", "456"] {
            desk.as_user(MANAGER).patch(&format!("/api/cases/{case}"), json!({"status": "closed"})).await.ok();
        }
        assert_eq!(desk.found_in(AGENT, &unclaimed).await, ["123", "456"], "it stays where it was offered");
        assert_eq!(desk.found_in(AGENT, &routed).await, ["123"]);
        assert_no_orphan(&desk).await;
        desk.act(AGENT, &unclaimed, "claim", json!({"case_id": "123"})).await.ok();
        assert_eq!(desk.found_in(PARALEGAL, &unclaimed).await, ["123"]);
        let late = desk.arrives(JANE, "Closed, and then?").await;
        assert_eq!(desk.found_in(AGENT, &late).await, ["456"], "the only case that she is still on");
        assert_no_orphan(&desk).await;
    }

    async fn the_last_two_dismiss_at_once_and_leave_no_orphan(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let elsewhere = desk.at_another_node(PARALEGAL).await;
        for round in 0..24 {
            let from = if round % 2 == 0 { JANE } else { STRANGER };
            let message = desk.arrives(from, "Anybody?").await;
            desk.act(ATTORNEY, &message, "dismiss", json!({})).await.ok();
            let path = format!("/api/omnichannel/messages/{message}/dismiss/");
            let (agent, paralegal) = tokio::join!(desk.act(AGENT, &message, "dismiss", json!({})), elsewhere.post(&path, json!({})));
            assert!(agent.status.is_success() && paralegal.status.is_success(), "{} {}", agent.text(), paralegal.text());
            assert_eq!(reason(&desk, &message).await, "dismissed_by_all", "round {round}");
        }
        assert_no_orphan(&desk).await;
    }
}
