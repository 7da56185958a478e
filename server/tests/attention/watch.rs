//! Whether there is an orphan, as users find out: by what the API shows to each of them, and by what the admins are told.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use crate::inbox::desk::{AGENT, ATTORNEY, Desk, MANAGER, PARALEGAL, SUPERVISOR};

/// Those who work on texts.
pub const WORKERS: [&str; 5] = [AGENT, PARALEGAL, ATTORNEY, SUPERVISOR, MANAGER];

/// The ids of all texts that came in.
async fn inbound(desk: &Desk) -> BTreeSet<String> {
    let sql = "select cast(id as text) from sms_history where organization_id = $1 and direction = 'inbound'";
    let hex = "select lower(hex(id)) from sms_history where organization_id = $1 and direction = 'inbound'";
    let sql = if desk.firm.database().server().is_some() { sql } else { hex };
    let ids = desk.column(sql, vec![desk.firm.organization().into()]).await;
    ids.into_iter().map(|id| format!("msg_{}", id.replace('-', ""))).collect()
}

/// Whether a user can sign in just now.
pub async fn is_active(desk: &Desk, role: &str) -> bool {
    desk.as_user(role).get("/api/me").await.status.is_success()
}

async fn has_level(desk: &Desk, role: &str, level: u64) -> bool {
    let me = desk.as_user(role).get("/api/me").await;
    me.status.is_success() && me.json().pointer("/levels/sms").unwrap().as_u64().unwrap() >= level
}

/// The texts that a user finds in their inbox.
async fn in_inbox(desk: &Desk, role: &str) -> BTreeSet<String> {
    desk.standing(role, "view=all", "").await.into_iter().map(|(_, id)| id).collect()
}

/// The texts that need attention, as a user who oversees finds them.
pub async fn in_attention(desk: &Desk, role: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for conversation in desk.list(role, "view=attention&limit=200").await {
        let texts = desk.texts(role, &conversation, "dismissed=true").await;
        let marked = texts
            .iter()
            .filter(|text| text.get("attention").is_some_and(serde_json::Value::is_string));
        found.extend(marked.filter_map(|text| text.get("id")?.as_str().map(str::to_owned)));
    }
    found
}

/// How many texts nobody sees and nobody has before them in "Needs attention", and how many the admins are told of.
pub async fn unseen_and_told(desk: &Desk) -> (usize, usize) {
    let mut left = inbound(desk).await;
    for who in WORKERS {
        if has_level(desk, who, 2).await {
            let seen = in_inbox(desk, who).await;
            left.retain(|id| !seen.contains(id));
        }
        if has_level(desk, who, 3).await {
            let attended = in_attention(desk, who).await;
            left.retain(|id| !attended.contains(id));
        }
    }
    (left.len(), usize::try_from(desk.orphans().await).unwrap())
}

/// Every text that came in is seen or needs attention before somebody; the rest is exactly what the admins are told of.
pub async fn assert_no_orphan(desk: &Desk) {
    let (unseen, told) = unseen_and_told(desk).await;
    assert_eq!(unseen, told, "what nobody sees, and what the admins are told");
}
