//! The inbox at the API: what each list holds, paging, dismissals, names and roles, and the acts on one text with their refusals.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod acts;
pub mod desk;

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use self::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, LENA, MANAGER, MARK, PARALEGAL, QUINN, STRANGER, SUPERVISOR, text};

/// A number that nobody holds.
fn number(n: usize) -> String {
    format!("+1212556{:04}", 1000 + n)
}

on_both_engines! {
    async fn each_list_holds_what_belongs_there(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "I have the report").await;
        desk.arrives(QUINN, "When do we meet?").await;
        desk.arrives(LENA, "Can you help me?").await;
        desk.arrives(STRANGER, "Who is this?").await;
        desk.arrives(JANE, "I saw it").await;
        let (jane_123, jane_456) = ("Jane Quill - Witness", "Jane Quill - Expert Witness");
        let table: [(&str, &str, &[&str]); 17] = [
            (ATTORNEY, "view=unclaimed", &[jane_123, jane_456]),
            (ATTORNEY, "view=unknown", &["(212) 555-0177"]),
            (ATTORNEY, "view=dismissed", &[]),
            (ATTORNEY, "case_id=123", &[jane_123, "Mark Quill - Adjuster"]),
            (ATTORNEY, "case_id=789", &["Quinn Quill - Client"]),
            (ATTORNEY, "contact_id={jane}", &[jane_123, jane_456]),
            (ATTORNEY, "case_id=123&contact_id={jane}", &[jane_123]),
            (ATTORNEY, "case_id=456&contact_id={mark}", &[]),
            (ATTORNEY, "lead_id={lead}", &["Lena Quill"]),
            (MANAGER, "view=attention", &[]),
            (COMPLIANCE, "view=all", &[jane_123, jane_456, "Lena Quill", "Quinn Quill - Client", "Mark Quill - Adjuster"]),
            (AGENT, "view=all", &[jane_123, jane_456, "(212) 555-0177", "Lena Quill", "Mark Quill - Adjuster"]),
            (SUPERVISOR, "view=unclaimed", &[jane_123, jane_456]),
            (AGENT, "contact_id={quinn}", &[]),
            (ATTORNEY, "case_id=123&view=unclaimed", &[jane_123]),
            (ATTORNEY, "contact_id={jane}&view=unclaimed", &[jane_123, jane_456]),
            (ATTORNEY, "lead_id={lead}&view=unclaimed", &[]),
        ];
        for (who, query, expected) in table {
            let query = query.replace("{jane}", &text(&desk.jane)).replace("{mark}", &text(&desk.mark)).replace("{lead}", &text(&desk.lead))
                .replace("{quinn}", &text(&desk.quinn));
            let (mut names, mut expected) = (desk.names(who, &query).await, expected.to_vec());
            names.sort_unstable();
            expected.sort_unstable();
            assert_eq!(names, expected, "{who} {query}");
        }
        let order: Vec<_> = desk.list(ATTORNEY, "view=all").await.iter().map(|conversation| text(&conversation["last_at"])).collect();
        assert!(order.is_sorted_by(|a, b| a >= b) && order.len() == 6, "{order:?}");
        for (who, query, code) in [(COMPLIANCE, "view=unknown", "forbidden"), (ATTORNEY, "view=attention", "forbidden"), (ADMIN, "view=all", "forbidden"),
            (AGENT, "case_id=789", "not_found"), (AGENT, "case_id=nothing", "not_found"), (ATTORNEY, "case_id=123&view=attention", "forbidden"),
            (ATTORNEY, "case_id=123&lead_id={lead}", "invalid_query"), (ATTORNEY, "view=ajar", "invalid_query"), (ATTORNEY, "limit=0", "invalid_query"),
            (ATTORNEY, "limit=201", "invalid_query"), (ATTORNEY, "page=2", "invalid_query")] {
            let path = format!("/api/omnichannel/conversations/?{}", query.replace("{lead}", &text(&desk.lead)));
            assert_eq!(desk.as_user(who).get(&path).await.code(), code, "{who} {query}");
        }
    }

    async fn paging_gives_each_conversation_once_while_new_ones_arrive(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let mut expected = Vec::new();
        for n in 0..120 {
            desk.arrives(&number(n), "Hello").await;
        }
        for conversation in desk.list(ATTORNEY, "view=unknown&limit=200").await {
            expected.push(text(&conversation["id"]));
        }
        assert_eq!(expected.len(), 120);
        let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = desk.as_user(ATTORNEY).get(&format!("/api/omnichannel/conversations/?view=unknown&limit=17{cursor}")).await.ok();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 17);
            seen.extend(items.iter().map(|conversation| text(&conversation["id"])));
            pages += 1;
            desk.arrives(&number(200 + pages), "I am new").await;
            desk.arrives(&number(119), "And I was seen already").await;
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((seen, pages), (expected, 8));
        let newest = desk.list(ATTORNEY, "view=unknown&limit=1").await;
        assert_eq!(newest[0]["preview"], "And I was seen already");
    }

    async fn the_items_of_a_conversation_are_paged_without_a_gap(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for n in 0..23 {
            desk.arrives(MARK, &format!("Text {n}")).await;
        }
        let conversation = desk.list(AGENT, "case_id=123").await[0].clone();
        let base = format!("/api/omnichannel/conversations/{}/items/?limit=5", text(&conversation["id"]));
        let (mut bodies, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = desk.as_user(AGENT).get(&format!("{base}{cursor}")).await.ok();
            bodies.extend(page["items"].as_array().unwrap().iter().map(|item| text(&item["message"]["body"])));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(bodies, (0..23).rev().map(|n| format!("Text {n}")).collect::<Vec<_>>());
    }

    async fn a_cursor_that_was_made_up_or_is_of_another_list_is_refused(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for n in 0..3 {
            desk.arrives(MARK, "One").await;
            desk.arrives(&number(n), "Two").await;
        }
        let agent = desk.as_user(AGENT);
        let list = agent.get("/api/omnichannel/conversations/?limit=1").await.ok();
        let conversation = desk.list(AGENT, "case_id=123").await[0].clone();
        let items = format!("/api/omnichannel/conversations/{}/items/", text(&conversation["id"]));
        let of_items = text(&agent.get(&format!("{items}?limit=1")).await.ok()["next_cursor"]);
        let (of_list, of_cases) = (text(&list["next_cursor"]), text(&agent.get("/api/cases/?limit=1").await.ok()["next_cursor"]));
        assert!(!of_items.is_empty() && !of_list.is_empty() && !of_cases.is_empty());
        for cursor in ["", "x", "AAAA", "bm9uc2Vuc2V8MXwy", "%00", &of_items, &of_cases, &format!("{of_list}A")] {
            let answer = agent.get(&format!("/api/omnichannel/conversations/?cursor={cursor}")).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_cursor"), "{cursor}");
        }
        assert_eq!(agent.get(&format!("{items}?cursor={of_list}")).await.code(), "invalid_cursor");
        assert_eq!(agent.get(&format!("/api/cases/?cursor={of_list}")).await.code(), "invalid_cursor");
        assert_eq!(agent.get(&format!("/api/omnichannel/conversations/?cursor={of_list}")).await.status, StatusCode::OK);
    }

    async fn what_one_dismissed_is_hidden_from_that_one_alone(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let (first, second) = (desk.arrives(JANE, "First").await, desk.arrives(JANE, "Second").await);
        let unclaimed = |who: &'static str| desk.list(who, "view=unclaimed");
        desk.act(AGENT, &first, "dismiss", json!({"case_id": "123"})).await.ok();
        assert_eq!((desk.found_in(AGENT, &first).await, desk.found_in(PARALEGAL, &first).await), (vec!["456".to_owned()], vec!["123".to_owned(), "456".to_owned()]));
        assert_eq!(unclaimed(AGENT).await.len(), 2, "the second text is left in both");
        desk.act(AGENT, &second, "dismiss", json!({})).await.ok();
        let left = unclaimed(AGENT).await;
        assert_eq!((left.len(), &left[0]["mycase_case_id"]), (1, &json!("456")), "123 has nothing left");
        assert_eq!(desk.names(AGENT, "view=all").await, ["Jane Quill - Expert Witness"]);
        assert_eq!(left[0]["unclaimed_count"], 2, "the count is everybody's");
        let hidden = desk.standing(AGENT, "view=dismissed", "dismissed=true").await;
        assert_eq!(hidden.len(), 4, "{hidden:?}");
        let shown = desk.list(AGENT, "view=dismissed").await;
        let of_123 = shown.iter().find(|conversation| conversation["mycase_case_id"] == "123").unwrap();
        let texts = desk.texts(AGENT, of_123, "dismissed=true").await;
        assert!(texts.iter().all(|text| text["dismissed"] == true), "{texts:?}");
        assert!(desk.texts(AGENT, of_123, "").await.is_empty());
        assert_eq!((unclaimed(PARALEGAL).await.len(), desk.list(PARALEGAL, "view=dismissed").await.len()), (2, 0));
        desk.act(AGENT, &first, "undismiss", json!({})).await.ok();
        assert_eq!(desk.found_in(AGENT, &first).await, ["123", "456"]);
        desk.act(PARALEGAL, &second, "claim", json!({"case_id": "123"})).await.ok();
        assert_eq!(desk.found_in(AGENT, &second).await, ["123"], "a claimed text is nobody's to hide");
    }

    async fn an_unknown_sender_is_dismissed_and_brought_back(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let text = desk.arrives(STRANGER, "Hello?").await;
        for who in [AGENT, PARALEGAL, ATTORNEY, SUPERVISOR, MANAGER] {
            assert_eq!(desk.list(who, "view=unknown").await.len(), 1, "{who}");
            assert_eq!(desk.list(who, "view=all").await.len(), 1, "{who}");
        }
        let conversation = desk.list(AGENT, "view=unknown").await[0].clone();
        for who in [COMPLIANCE, ADMIN] {
            let path = format!("/api/omnichannel/conversations/{}/", self::text(&conversation["id"]));
            assert_eq!(desk.as_user(who).get(&path).await.code(), "not_found", "{who}");
        }
        desk.act(AGENT, &text, "dismiss", json!({})).await.ok();
        assert_eq!((desk.list(AGENT, "view=unknown").await.len(), desk.list(AGENT, "view=all").await.len()), (0, 0));
        assert_eq!((desk.list(AGENT, "view=dismissed").await.len(), desk.list(PARALEGAL, "view=unknown").await.len()), (1, 1));
        desk.act(AGENT, &text, "undismiss", json!({})).await.ok();
        assert_eq!((desk.list(AGENT, "view=dismissed").await.len(), desk.list(AGENT, "view=unknown").await.len()), (0, 1));
    }

    async fn an_old_row_has_the_name_of_the_only_holder_of_its_number(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let old = desk.old_row("123", STRANGER, "From before").await;
        let person = async || {
            let conversation = desk.list(AGENT, "case_id=123").await[0].clone();
            let row = desk.texts(AGENT, &conversation, "").await[0].clone();
            assert_eq!((&row["id"], &row["case_number"], &row["person"]["case_contact_id"]), (&json!(old), &json!("123"), &Value::Null));
            assert_eq!(row["person"]["display_name"], conversation["person"]["display_name"]);
            text(&row["person"]["display_name"])
        };
        assert_eq!(person().await, "(212) 555-0177");
        let add = |name: &'static str| crate::case_contacts::contact(&desk.firm, name, &[STRANGER]);
        let first = add("Rita Holder").await;
        assert_eq!(person().await, "Rita Holder");
        let second = add("Rolf Holder").await;
        assert_eq!(person().await, "(212) 555-0177", "two hold the number");
        let phones = desk.as_user(AGENT).get(&format!("/api/contacts/{}", text(&second))).await.ok();
        let phone = text(&phones["contact"]["phones"][0]["id"]);
        desk.as_user(AGENT).delete(&format!("/api/contacts/{}/phones/{phone}", text(&second))).await.ok();
        assert_eq!(person().await, "Rita Holder");
        desk.as_user(AGENT).patch(&format!("/api/contacts/{}", text(&first)), json!({"name": "Rita Renamed"})).await.ok();
        assert_eq!(person().await, "Rita Renamed");
    }

    async fn names_are_of_now_and_roles_of_then(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "As an adjuster").await;
        let shown = async |query: &str| {
            let conversation = desk.list(AGENT, query).await[0].clone();
            let texts = desk.texts(AGENT, &conversation, "").await;
            (text(&conversation["person"]["display_name"]), texts.iter().map(|row| text(&row["person"]["display_name"])).collect::<Vec<_>>())
        };
        let people = desk.as_user(AGENT).get("/api/cases/123/contacts").await.ok();
        let link = people["items"].as_array().unwrap().iter().find(|person| person["contact"]["id"] == desk.mark).unwrap()["id"].clone();
        let path = format!("/api/cases/123/contacts/{}", text(&link));
        let other = crate::case_contacts::role(&desk.firm, "Other").await;
        desk.as_user(AGENT).patch(&path, json!({"contact_role_id": other})).await.ok();
        desk.as_user(AGENT).patch(&format!("/api/contacts/{}", text(&desk.mark)), json!({"name": "Mark Renamed"})).await.ok();
        desk.arrives(MARK, "As another").await;
        let both = vec!["Mark Renamed - Other".to_owned(), "Mark Renamed - Adjuster".to_owned()];
        assert_eq!(shown("case_id=123").await, ("Mark Renamed - Other".to_owned(), both.clone()));
        desk.as_user(ATTORNEY).delete(&path).await.ok();
        assert_eq!(shown("case_id=123").await.1, both, "the history keeps the role as of then");
        let claimed = desk.arrives(JANE, "Which case is it?").await;
        desk.act(AGENT, &claimed, "claim", json!({"case_id": "456"})).await.ok();
        assert_eq!(shown("case_id=456").await.1, ["Jane Quill - Expert Witness"]);
    }

    async fn the_conversations_of_another_organization_do_not_exist(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let theirs = Desk::of(desk.firm.another().await).await;
        let (ours, foreign) = (desk.arrives(MARK, "Ours").await, theirs.arrives(MARK, "Theirs").await);
        let conversation = theirs.list(AGENT, "case_id=123").await[0].clone();
        for who in [ATTORNEY, MANAGER, SUPERVISOR] {
            let user = desk.as_user(who);
            for path in ["", "items/"] {
                let path = format!("/api/omnichannel/conversations/{}/{path}", text(&conversation["id"]));
                assert_eq!(user.get(&path).await.code(), "not_found", "{who}");
            }
            for verb in ["claim", "move"] {
                assert_eq!(desk.act(who, &foreign, verb, json!({"case_id": "123"})).await.code(), "not_found", "{who} {verb}");
            }
            let found: Vec<_> = desk.standing(who, "view=all", "").await.into_iter().map(|(_, id)| id).collect();
            assert_eq!(found, std::slice::from_ref(&ours), "the same number writes to both firms");
            assert_eq!(desk.list(who, &format!("contact_id={}", text(&theirs.mark))).await.len(), 0);
            assert_eq!(desk.list(who, &format!("lead_id={}", text(&theirs.lead))).await.len(), 0);
        }
    }
}
