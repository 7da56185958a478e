//! What narrows the lists of conversations (mine, searches, roles, channels), and that the counts are the lengths of the lists.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use casewire_core::id::Id as _;
use casewire_store::{Value as Stored, on_both_engines};
use serde_json::{Value, json};

use crate::inbox::desk::{
    ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, LENA, MANAGER, MARK, PARALEGAL, QUINN, STRANGER, SUPERVISOR, text,
};

const JANE_123: &str = "Jane Quill - Witness";
const JANE_456: &str = "Jane Quill - Expert Witness";
const MARK_123: &str = "Mark Quill - Adjuster";
const QUINN_789: &str = "Quinn Quill - Client";

async fn names(desk: &Desk, role: &str, query: &str) -> Vec<String> {
    let mut names = desk.names(role, query).await;
    names.sort_unstable();
    names
}

async fn write(desk: &Desk, role: &str, body: Value) -> String {
    text(&desk.as_user(role).post("/api/omnichannel/messages", body).await.ok()["id"])
}

/// The rows of the table behind "mine" that no text explains, and the texts without a row.
async fn strays(desk: &Desk) -> Vec<String> {
    desk.column(
        "select 'row' from conversation_agents a where a.organization_id = $1 and not exists (select 1 from sms_history m \
            where m.organization_id = $1 and m.conversation_id = a.conversation_id \
            and (m.sent_by_user_id = a.user_id or m.claimed_by_user_id = a.user_id)) \
        union all select 'text' from sms_history m where m.organization_id = $1 and m.conversation_id is not null \
            and (m.sent_by_user_id is not null and not exists (select 1 from conversation_agents a where a.organization_id = $1 \
                    and a.conversation_id = m.conversation_id and a.user_id = m.sent_by_user_id) \
                or m.claimed_by_user_id is not null and not exists (select 1 from conversation_agents a where a.organization_id = $1 \
                    and a.conversation_id = m.conversation_id and a.user_id = m.claimed_by_user_id))",
        vec![Stored::from(desk.firm.organization())],
    )
    .await
}

on_both_engines! {
    async fn mine_is_where_somebody_wrote_or_holds_a_claim(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let (first, second) = (desk.arrives(JANE, "Which case?").await, desk.arrives(JANE, "And this?").await);
        assert!(desk.list(AGENT, "view=mine").await.is_empty());
        desk.act(AGENT, &first, "claim", json!({"case_id": "123"})).await.ok();
        assert_eq!(names(&desk, AGENT, "view=mine").await, [JANE_123]);
        assert!(desk.list(PARALEGAL, "view=mine").await.is_empty());
        write(&desk, PARALEGAL, json!({"case_id": "123", "contact_id": desk.mark, "body": "Hello"})).await;
        assert_eq!(names(&desk, PARALEGAL, "view=mine").await, [MARK_123]);
        desk.act(AGENT, &second, "claim", json!({"case_id": "123"})).await.ok();
        desk.act(AGENT, &first, "release", json!({})).await;
        assert_eq!(names(&desk, AGENT, "view=mine").await, [JANE_123], "the second claim holds");
        desk.act(AGENT, &second, "release", json!({})).await;
        assert!(desk.list(AGENT, "view=mine").await.is_empty());
        assert_eq!(strays(&desk).await, Vec::<String>::new());
    }

    async fn what_is_moved_takes_its_writer_along(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let sent = write(&desk, AGENT, json!({"case_id": "123", "contact_id": desk.jane, "body": "Hello"})).await;
        let claimed = desk.arrives(JANE, "Which?").await;
        desk.act(PARALEGAL, &claimed, "claim", json!({"case_id": "123"})).await.ok();
        desk.act(AGENT, &sent, "move", json!({"case_id": "456", "contact_id": desk.jane})).await.ok();
        desk.act(PARALEGAL, &claimed, "move", json!({"case_id": "456", "contact_id": desk.jane})).await.ok();
        assert_eq!(names(&desk, AGENT, "view=mine").await, [JANE_456]);
        assert!(desk.list(PARALEGAL, "view=mine").await.is_empty(), "a move ends the claim");
        assert_eq!(strays(&desk).await, Vec::<String>::new());
    }

    async fn mine_shows_nothing_of_a_case_behind_a_wall(db: TestDatabase) {
        let desk = Desk::open(db).await;
        write(&desk, AGENT, json!({"case_id": "123", "contact_id": desk.mark, "body": "Hello"})).await;
        desk.as_user(ADMIN).post("/api/cases/123/walls", json!({"user_id": desk.firm.user_id(AGENT).to_string()})).await.ok();
        assert!(desk.list(AGENT, "view=mine").await.is_empty());
        assert!(desk.list(AGENT, "q=Mark").await.is_empty());
        assert_eq!(desk.as_user(AGENT).get("/api/omnichannel/counts").await.ok()["mine"], 0);
    }

    async fn a_search_finds_people_cases_numbers_and_texts_in_reach(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for (from, body) in [(MARK, "The LADDER was wet"), (JANE, "100% sure_thing!"), (QUINN, "Only for managers"), (STRANGER, "Ärger"), (LENA, "Hi")] {
            desk.arrives(from, body).await;
        }
        let table: [(&str, &str, &[&str]); 18] = [
            (ATTORNEY, "q=mark", &[MARK_123]),
            (ATTORNEY, "q=QUILL&role=client", &[QUINN_789]),
            (AGENT, "q=quinn", &[]),
            (AGENT, "q=managers", &[]),
            (ATTORNEY, "q=ladder", &[MARK_123]),
            (ATTORNEY, "q=Matter%20456", &[JANE_456]),
            (ATTORNEY, "q=789", &[QUINN_789]),
            (ATTORNEY, "q=5550177", &["(212) 555-0177"]),
            (ATTORNEY, "q=%C3%84rger", &["(212) 555-0177"]),
            (ATTORNEY, "q=100%25", &[JANE_456, JANE_123]),
            (ATTORNEY, "q=1%25%25s", &[]),
            (ATTORNEY, "q=sure_thing!", &[JANE_456, JANE_123]),
            // Words are looked for; what stands between them is no matter, and nothing is a wildcard.
            (ATTORNEY, "q=sure!_thing", &[JANE_456, JANE_123]),
            (ATTORNEY, "q=s_re_thing", &[]),
            (ATTORNEY, "q=ladder&case_id=123", &[MARK_123]),
            (ATTORNEY, "q=ladder&case_id=456", &[]),
            (ATTORNEY, "q=sure&view=unclaimed&contact_id={jane}", &[JANE_456, JANE_123]),
            (ATTORNEY, "q=lena&lead_id={lead}", &["Lena Quill"]),
        ];
        for (who, query, expected) in table {
            let query = query.replace("{jane}", &text(&desk.jane)).replace("{lead}", &text(&desk.lead));
            assert_eq!(names(&desk, who, &query).await, expected, "{who} {query}");
        }
        for (who, query, code) in [(COMPLIANCE, "q=x&view=unknown", "forbidden"), (ADMIN, "q=x", "forbidden"), (AGENT, "q=x&case_id=789", "not_found"),
            (AGENT, "q=x&case_id=nothing", "not_found"), (ATTORNEY, "q=a%00b", "invalid_query")] {
            assert_eq!(desk.as_user(who).get(&format!("/api/omnichannel/conversations?{query}")).await.code(), code, "{who} {query}");
        }
    }

    async fn roles_and_channels_narrow_every_list(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for from in [MARK, JANE, QUINN] {
            desk.arrives(from, "Hello").await;
        }
        let witness = text(&crate::case_contacts::role(&desk.firm, "Witness").await);
        let called = desk.list(ATTORNEY, "case_id=123").await;
        let conversation = called.iter().find(|one| one["person"]["name"] == "Mark Quill").unwrap();
        let id: casewire_core::id::ConversationId = text(&conversation["id"]).parse().unwrap();
        desk.sql("insert into conversation_items (organization_id, conversation_id, at, item_id, kind) values ($1, $2, 1, $3, 'call')",
            vec![Stored::from(desk.firm.organization()), Stored::from(id.uuid()), Stored::from(id.uuid())]).await;
        for (query, expected) in [(format!("role={witness}"), vec![JANE_123]), ("role=client".to_owned(), vec![QUINN_789]),
            (format!("role={witness}&case_id=456"), vec![]), ("channel=call".to_owned(), vec![MARK_123]),
            ("channel=call&role=client".to_owned(), vec![]), (format!("channel=text&role={witness}&q=jane&view=unclaimed"), vec![JANE_123])] {
            assert_eq!(names(&desk, ATTORNEY, &query).await, expected, "{query}");
        }
        for query in ["role=boss", "role=msg_1", "channel=fax", "view=theirs", "quest=x", "case_id=123&lead_id={lead}", "contact_id={jane}&lead_id={lead}"] {
            let query = query.replace("{jane}", &text(&desk.jane)).replace("{lead}", &text(&desk.lead));
            assert_eq!(desk.as_user(ATTORNEY).get(&format!("/api/omnichannel/conversations?{query}")).await.code(), "invalid_query", "{query}");
        }
    }

    async fn a_narrowed_list_is_paged_and_takes_no_made_up_cursor(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for n in 0..7 {
            desk.arrives(&format!("+121255501{n:02}"), "About the ladder").await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = desk.as_user(ATTORNEY).get(&format!("/api/omnichannel/conversations?q=ladder&limit=3{cursor}")).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|one| text(&one["id"])));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let mut once = seen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (7, 7));
        for made_up in ["x", "Y29udmVyc2F0aW9uc3wxfDI", "%00"] {
            let path = format!("/api/omnichannel/conversations?q=ladder&cursor={made_up}");
            assert_eq!(desk.as_user(ATTORNEY).get(&path).await.code(), "invalid_cursor");
        }
    }

    async fn the_counts_are_the_lengths_of_the_lists(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let dismissed = desk.arrives(JANE, "Which case?").await;
        for (from, body) in [(JANE, "Still which?"), (STRANGER, "Who is this?"), (MARK, "Hello")] {
            desk.arrives(from, body).await;
        }
        desk.act(ATTORNEY, &dismissed, "dismiss", json!({})).await;
        desk.act(MANAGER, &dismissed, "dismiss", json!({"case_id": "123"})).await;
        write(&desk, ATTORNEY, json!({"case_id": "123", "contact_id": desk.mark, "body": "Hello"})).await;
        desk.assign("456", &[]).await;
        for role in [AGENT, PARALEGAL, ATTORNEY, SUPERVISOR, MANAGER, COMPLIANCE] {
            for scope in ["", "&case_id=123"] {
                let counts = desk.as_user(role).get(&format!("/api/omnichannel/counts?{}", scope.trim_start_matches('&'))).await.ok();
                for view in ["unclaimed", "mine", "unknown", "attention", "dismissed"] {
                    let list = desk.as_user(role).get(&format!("/api/omnichannel/conversations?limit=200&view={view}{scope}")).await;
                    let expected = if list.status.is_success() { json!(list.ok()["items"].as_array().unwrap().len()) } else { Value::Null };
                    assert_eq!(counts[view], expected, "{role} {view} {scope}");
                }
            }
        }
        assert_eq!(desk.as_user(ATTORNEY).get("/api/omnichannel/counts").await.ok()["dismissed"], 2, "offered in two cases");
        assert_eq!(desk.as_user(MANAGER).get("/api/omnichannel/counts").await.ok()["dismissed"], 1, "dismissed in one of them");
        assert_eq!(desk.as_user(AGENT).get("/api/omnichannel/counts").await.ok()["attention"], Value::Null);
        for (who, path, code) in [(ADMIN, "counts", "forbidden"), (AGENT, "counts?case_id=789", "not_found"), (AGENT, "counts?case_id=nothing", "not_found"),
            (AGENT, "counts?view=all", "invalid_query")] {
            assert_eq!(desk.as_user(who).get(&format!("/api/omnichannel/{path}")).await.code(), code, "{who} {path}");
        }
    }
}
