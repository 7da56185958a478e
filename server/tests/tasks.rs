//! Follow-up tasks: made from a text, a call or alone, given to somebody who sees them, reminded of once, shown on both sides; and
//! hidden by walls.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::jobs::run_due_now;
use casewire_core::event::Audience;
use casewire_core::id::{CallId, ConversationId, Id as _};
use casewire_core::time::Timestamp;
use casewire_store::events::{self, StoredEvent};
use casewire_store::{Act, StoreError, Tx, Value as Stored, mint, on_both_engines};
use serde_json::{Value, json};

use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, MANAGER, MARK, PARALEGAL, STRANGER, SUPERVISOR, text};

const HOUR: Duration = Duration::from_secs(3600);

/// The events of the organization after a number.
struct Since(casewire_core::id::OrganizationId, i64);

impl Act for Since {
    type Out = Vec<StoredEvent>;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<Vec<StoredEvent>, StoreError> {
        events::since(tx, self.0, self.1, 1000).await
    }
}

/// A call as the rows of another version have it.
struct OldCall {
    organization: casewire_core::id::OrganizationId,
    call: CallId,
    conversation: ConversationId,
    case: String,
    at: i64,
}

impl Act for OldCall {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let case: casewire_core::id::CaseId = self.case.parse().unwrap();
        let values: Vec<Stored> = vec![
            self.organization.into(),
            self.call.into(),
            self.conversation.into(),
            case.into(),
            self.at.into(),
        ];
        tx.execute(
            "insert into call_history (organization_id, id, conversation_id, matter_id, case_id, direction, peer, status, started_at, \
             duration_seconds, created_at) values ($1, $2, $3, '123', $4, 'outbound', '+12125550145', 'completed', $5, 60, $5)",
            &values,
        )
        .await?;
        tx.execute(
            "insert into conversation_items (organization_id, conversation_id, at, item_id, kind) values ($1, $3, $4, $2, 'call')",
            &[values[0].clone(), values[1].clone(), values[2].clone(), values[4].clone()],
        )
        .await?;
        Ok(())
    }
}

impl Desk {
    /// The tenth of December, ten in the morning where the firm is.
    fn on_the_tenth(&self) {
        let then: Timestamp = "2026-12-10T15:00:00Z".parse().unwrap();
        self.firm.advance(then.since(self.firm.now()));
    }

    async fn task(&self, role: &str, body: Value) -> Value {
        self.as_user(role).post("/api/tasks/", body).await.ok()
    }

    async fn tasks(&self, role: &str, query: &str) -> Vec<String> {
        let list = self.as_user(role).get(&format!("/api/tasks/?{query}")).await.ok();
        list["items"].as_array().unwrap().iter().map(|task| text(&task["what"])).collect()
    }

    async fn change_task(&self, role: &str, task: &Value, body: Value) -> crate::support::Answer {
        self.as_user(role).patch(&format!("/api/tasks/{}/", text(&task["id"])), body).await
    }

    /// Type and audience of what was told about tasks so far.
    async fn told_of_tasks(&self) -> Vec<(String, Audience)> {
        let all = self.firm.store().read(Since(self.firm.organization(), 0)).await.unwrap();
        all.into_iter()
            .filter(|event| event.kind.starts_with("task_"))
            .map(|event| (event.kind, event.audience))
            .collect()
    }

    async fn reminders(&self) -> Vec<Audience> {
        run_due_now(&self.firm.app).await.unwrap();
        let told = self.told_of_tasks().await;
        told.into_iter()
            .filter(|(kind, _)| kind == "task_reminded")
            .map(|(_, audience)| audience)
            .collect()
    }
}

fn due(on: &str) -> Value {
    json!({"on": on})
}

on_both_engines! {
    async fn a_task_follows_up_a_text_and_each_leads_to_the_other(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(MARK, "Please call me back").await;
        let body = json!({"what": "  Call Mark back ", "due": {"on": "2026-12-24", "time": "09:30"}, "reminder_minutes": 30, "message_id": message});
        let task = desk.task(AGENT, body).await;
        assert_eq!(task["what"], "Call Mark back");
        assert_eq!((&task["mycase_case_id"], &task["case_name"]), (&json!("123"), &json!("Matter 123")));
        assert_eq!((&task["contact_id"], &task["contact_name"]), (&desk.mark, &json!("Mark Quill")));
        assert_eq!((&task["due_at"], &task["remind_at"]), (&json!("2026-12-24T14:30:00.000000Z"), &json!("2026-12-24T14:00:00.000000Z")));
        assert_eq!((&task["assignee"]["id"], &task["created_by"]["id"]), (&json!(desk.firm.user_id(AGENT).to_string()), &task["assignee"]["id"]));
        assert_eq!((&task["status"], &task["time_zone"]), (&json!("open"), &json!("America/New_York")));
        let conversation = desk.list(AGENT, "case_id=123").await[0]["id"].clone();
        assert_eq!(task["conversation_id"], conversation, "the task opens the text");
        assert_eq!(desk.tasks(AGENT, &format!("conversation_id={}", text(&conversation))).await, ["Call Mark back"], "the text shows its task");
        assert_eq!(desk.tasks(PARALEGAL, "case_id=123").await, ["Call Mark back"]);
        assert_eq!(desk.tasks(PARALEGAL, &format!("contact_id={}", text(&desk.mark))).await, ["Call Mark back"]);
        assert!(desk.tasks(PARALEGAL, "assignee=me").await.is_empty());
        desk.act(ATTORNEY, &message, "move", json!({"case_id": "789"})).await.ok();
        let moved = desk.as_user(AGENT).get(&format!("/api/tasks/{}", text(&task["id"]))).await.ok();
        assert_eq!((&moved["mycase_case_id"], &moved["conversation_id"]), (&json!("123"), &Value::Null), "what went elsewhere is not shown from here");
    }

    async fn a_text_that_is_offered_to_several_cases_is_followed_up_in_one_of_them(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(JANE, "It is me").await;
        let mut body = json!({"what": "Ask which matter", "due": due("2026-12-24"), "message_id": message});
        assert_eq!(desk.as_user(AGENT).post("/api/tasks/", body.clone()).await.json()["field"], "case_id");
        body["case_id"] = json!("789");
        assert_eq!(desk.as_user(ATTORNEY).post("/api/tasks/", body.clone()).await.json()["field"], "message_id");
        body["case_id"] = json!("456");
        let task = desk.task(AGENT, body).await;
        assert_eq!((&task["mycase_case_id"], &task["contact_name"]), (&json!("456"), &json!("Jane Quill")));
        let in_456 = desk.list(AGENT, "case_id=456").await[0]["id"].clone();
        assert_eq!(task["conversation_id"], in_456);
    }

    async fn a_task_follows_up_a_call(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "Hello").await;
        let conversation = desk.list(AGENT, "case_id=123").await[0].clone();
        let call = mint::<CallId>();
        let row = OldCall {
            organization: desk.firm.organization(),
            call,
            conversation: text(&conversation["id"]).parse().unwrap(),
            case: text(&conversation["case_id"]),
            at: desk.firm.now().as_micros(),
        };
        desk.firm.store().write(desk.firm.organization(), row).await.unwrap();
        let task = desk.task(AGENT, json!({"what": "Send the form", "due": due("2026-12-24"), "call_id": call})).await;
        assert_eq!((&task["mycase_case_id"], &task["call_id"]), (&json!("123"), &json!(call.to_string())));
        assert_eq!(task["conversation_id"], conversation["id"]);
        let elsewhere = json!({"what": "Send", "due": due("2026-12-24"), "call_id": call, "case_id": "456"});
        assert_eq!(desk.as_user(AGENT).post("/api/tasks/", elsewhere).await.json()["field"], "call_id");
        let wall = json!({"user_id": desk.firm.user_id(AGENT).to_string()});
        desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        let walled = json!({"what": "Send", "due": due("2026-12-24"), "call_id": call});
        assert_eq!(desk.as_user(AGENT).post("/api/tasks/", walled).await.code(), "not_found");
    }

    async fn lists_are_in_the_order_in_which_things_are_due_and_page_by_page(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.on_the_tenth();
        for (what, on) in [("Third", "2026-12-12"), ("First", "2026-12-09"), ("Second", "2026-12-10"), ("Fourth", "2027-01-12")] {
            desk.task(AGENT, json!({"what": what, "due": due(on), "case_id": "123"})).await;
        }
        assert_eq!(desk.tasks(AGENT, "case_id=123").await, ["First", "Second", "Third", "Fourth"]);
        assert_eq!(desk.tasks(AGENT, "status=overdue&assignee=me").await, ["First"]);
        assert_eq!(desk.tasks(AGENT, "status=today").await, ["First", "Second"]);
        let counts = desk.as_user(AGENT).get("/api/tasks/counts").await.ok();
        assert_eq!(counts, json!({"open": 4, "today": 2, "overdue": 1}));
        assert_eq!(desk.as_user(PARALEGAL).get("/api/tasks/counts").await.ok(), json!({"open": 0, "today": 0, "overdue": 0}), "one's own");
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = desk.as_user(AGENT).get(&format!("/api/tasks/?status=open&limit=1{cursor}")).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|task| text(&task["what"])));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, ["First", "Second", "Third", "Fourth"]);
        for what in ["Second", "First"] {
            let list = desk.as_user(AGENT).get("/api/tasks/?status=open").await.ok();
            let task = list["items"].as_array().unwrap().iter().find(|task| task["what"] == what).unwrap().clone();
            desk.firm.advance(Duration::from_secs(1));
            let done = desk.change_task(PARALEGAL, &task, json!({"status": "done"})).await.ok();
            assert_eq!(done["done_by"]["id"], json!(desk.firm.user_id(PARALEGAL).to_string()));
        }
        assert_eq!(desk.tasks(AGENT, "status=done").await, ["First", "Second"], "the latest that was done first");
        let first = desk.as_user(AGENT).get("/api/tasks/?status=done&limit=1").await.ok();
        let next = format!("status=done&limit=1&cursor={}", text(&first["next_cursor"]));
        assert_eq!(desk.tasks(AGENT, &next).await, ["Second"]);
        let reopened = desk.change_task(AGENT, &first["items"][0], json!({"status": "open"})).await.ok();
        assert_eq!((&reopened["status"], &reopened["done_by"], &reopened["done_at"]), (&json!("open"), &Value::Null, &Value::Null));
        assert_eq!(desk.tasks(AGENT, "status=overdue").await, ["First"]);
    }

    async fn who_is_given_a_task_must_see_its_case(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let agent = desk.firm.user_id(AGENT).to_string();
        let mut body = json!({"what": "Write to Quinn", "due": due("2026-12-24"), "case_id": "789", "assignee_id": agent});
        let refused = desk.as_user(ATTORNEY).post("/api/tasks/", body.clone()).await;
        assert_eq!((refused.code().as_str(), &refused.json()["field"]), ("assignee_without_access", &json!("assignee_id")));
        body["case_id"] = json!("123");
        let task = desk.task(ATTORNEY, body).await;
        let admin = desk.firm.user_id(ADMIN).to_string();
        assert_eq!(desk.change_task(ATTORNEY, &task, json!({"assignee_id": admin})).await.code(), "assignee_without_access");
        let nobody = json!({"assignee_id": mint::<casewire_core::id::UserId>().to_string()});
        assert_eq!(desk.change_task(ATTORNEY, &task, nobody).await.code(), "not_found");
        let names = |list: Value| list["items"].as_array().unwrap().iter().map(|user| text(&user["id"])).collect::<Vec<_>>();
        let in_789 = names(desk.as_user(ATTORNEY).get("/api/tasks/assignees?case_id=789").await.ok());
        let mut expected = [ATTORNEY, COMPLIANCE, MANAGER].map(|role| desk.firm.user_id(role).to_string());
        expected.sort();
        let mut found = in_789.clone();
        found.sort();
        assert_eq!(found, expected, "the team's and the assigned ones do not reach it");
        let wall = json!({"user_id": desk.firm.user_id(MANAGER).to_string()});
        desk.as_user(ADMIN).post("/api/cases/789/walls", wall).await.ok();
        assert_eq!(names(desk.as_user(ATTORNEY).get("/api/tasks/assignees?case_id=789").await.ok()).len(), 2);
        assert_eq!(names(desk.as_user(AGENT).get("/api/tasks/assignees").await.ok()).len(), 6, "all but the admin");
        assert_eq!(desk.as_user(AGENT).get("/api/tasks/assignees?case_id=789").await.code(), "not_found");
    }

    async fn a_task_in_no_case_is_of_its_assignee_and_its_maker_alone(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let stranger = desk.arrives(STRANGER, "Hello").await;
        let (agent, paralegal, attorney) = (desk.firm.user_id(AGENT), desk.firm.user_id(PARALEGAL), desk.firm.user_id(ATTORNEY));
        let body = json!({"what": "Find out who this is", "due": due("2026-12-24"), "message_id": stranger, "assignee_id": paralegal.to_string()});
        let task = desk.task(AGENT, body).await;
        assert!(task["conversation_id"].is_string() && task["case_id"].is_null());
        for (role, sees) in [(AGENT, true), (PARALEGAL, true), (ATTORNEY, false), (MANAGER, false), (ADMIN, false)] {
            assert_eq!(!desk.tasks(role, "").await.is_empty(), sees, "{role}");
            let found = desk.as_user(role).get(&format!("/api/tasks/{}", text(&task["id"]))).await;
            assert_eq!(found.status.as_u16(), if sees { 200 } else { 404 }, "{role}");
        }
        let told = desk.told_of_tasks().await;
        let own = |user| Audience::Own { user, case: None };
        assert_eq!(told, [("task_changed".to_owned(), own(paralegal)), ("task_changed".to_owned(), own(agent))]);
        let given_away = desk.change_task(PARALEGAL, &task, json!({"assignee_id": attorney.to_string()})).await;
        assert_eq!(given_away.status.as_u16(), 204, "who gave it away does not see it any more");
        assert!(desk.tasks(PARALEGAL, "").await.is_empty() && desk.tasks(ATTORNEY, "assignee=me").await.len() == 1);
        let told = desk.told_of_tasks().await;
        assert_eq!(told[2..], [("task_withdrawn".to_owned(), own(paralegal)), ("task_changed".to_owned(), own(attorney)), ("task_changed".to_owned(), own(agent))]);
        assert_eq!(desk.change_task(PARALEGAL, &task, json!({"status": "done"})).await.code(), "not_found");
    }

    async fn one_is_reminded_once_when_it_is_time(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.on_the_tenth();
        run_due_now(&desk.firm.app).await.unwrap();
        let at = json!({"on": "2026-12-10", "time": "12:00"});
        let body = json!({"what": "Call back", "due": at, "reminder_minutes": 60, "case_id": "123"});
        let task = desk.task(AGENT, body.clone()).await;
        let done = desk.task(AGENT, body.clone()).await;
        let put_off = desk.task(AGENT, body.clone()).await;
        let mut without = body;
        without["reminder_minutes"] = Value::Null;
        desk.task(AGENT, without).await;
        assert!(desk.reminders().await.is_empty(), "not before its time");
        desk.change_task(AGENT, &done, json!({"status": "done"})).await.ok();
        desk.change_task(AGENT, &put_off, json!({"due": {"on": "2026-12-10", "time": "14:00"}})).await.ok();
        desk.firm.advance(HOUR);
        let case = text(&task["case_id"]).parse().unwrap();
        let mine = Audience::Own { user: desk.firm.user_id(AGENT), case: Some(case) };
        assert_eq!(desk.reminders().await, [mine], "of the one that is open and due in an hour");
        desk.firm.advance(HOUR);
        assert_eq!(desk.reminders().await, [mine], "and not again");
        desk.firm.advance(HOUR);
        assert_eq!(desk.reminders().await, [mine, mine], "of the one that was put off");
        desk.change_task(AGENT, &task, json!({"due": {"on": "2026-12-10", "time": "15:00"}, "reminder_minutes": 0})).await.ok();
        let wall = json!({"user_id": desk.firm.user_id(AGENT).to_string()});
        desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        desk.firm.advance(3 * HOUR);
        assert_eq!(desk.reminders().await, [mine, mine], "nobody is reminded of what is behind a wall");
        assert_eq!(desk.as_user(AGENT).get("/api/tasks/counts").await.ok()["open"], 0, "nor is it counted");
        assert!(desk.tasks(AGENT, "").await.is_empty(), "nor listed");
    }

    async fn who_only_looks_changes_nothing_but_what_is_theirs(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let task = desk.task(ATTORNEY, json!({"what": "Review", "due": due("2026-12-24"), "case_id": "123"})).await;
        assert_eq!(desk.change_task(COMPLIANCE, &task, json!({"status": "done"})).await.code(), "forbidden");
        let to = json!({"assignee_id": desk.firm.user_id(COMPLIANCE).to_string()});
        desk.change_task(SUPERVISOR, &task, to).await.ok();
        assert_eq!(desk.change_task(COMPLIANCE, &task, json!({"status": "done"})).await.ok()["status"], "done");
        let audit = desk.as_user(COMPLIANCE).get("/api/audit/?limit=10").await.ok().to_string();
        for act in ["create_task", "change_task", "complete_task"] {
            assert!(audit.contains(act), "{act}");
        }
        assert!(!audit.contains("Review"), "the audit holds no words of people");
    }

    async fn what_cannot_be_a_task_is_refused_by_its_field(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let long = "x".repeat(501);
        let table = [
            (json!({"what": " ", "due": due("2026-12-24")}), "what"),
            (json!({"what": long, "due": due("2026-12-24")}), "what"),
            (json!({"what": "Two\nlines", "due": due("2026-12-24")}), "what"),
            (json!({"what": "Call", "due": due("2026-02-30")}), "due.on"),
            (json!({"what": "Call", "due": {"on": "2026-12-24", "time": "25:00"}}), "due.time"),
            (json!({"what": "Call", "due": {"on": "2026-12-24", "time_zone": "Mars/Olympus"}}), "due.time_zone"),
            (json!({"what": "Call", "due": due("2026-12-24"), "reminder_minutes": 40_321}), "reminder_minutes"),
            (json!({"what": "Call", "due": due("2026-12-24"), "contact_id": mint::<casewire_core::id::ContactId>().to_string()}), "contact_id"),
            (json!({"what": "Call", "due": due("2026-12-24"), "message_id": mint::<casewire_core::id::MessageId>().to_string()}), "message_id"),
            (json!({"what": "Call", "due": due("2026-12-24"), "call_id": mint::<CallId>().to_string()}), "call_id"),
        ];
        for (body, field) in table {
            let refused = desk.as_user(AGENT).post("/api/tasks/", body.clone()).await;
            assert_eq!(refused.json()["field"], field, "{body}");
        }
        assert_eq!(desk.as_user(AGENT).get("/api/tasks/?assignee=somebody").await.code(), "invalid_query");
        assert_eq!(desk.as_user(AGENT).get("/api/tasks/?cursor=task_1").await.code(), "invalid_cursor");
        let gone = format!("/api/tasks/?cursor={}", mint::<casewire_core::id::TaskId>());
        assert_eq!(desk.as_user(AGENT).get(&gone).await.code(), "invalid_cursor");
        assert!(desk.tasks(AGENT, "").await.is_empty());
        let uuid = mint::<casewire_core::id::TaskId>().uuid().simple().to_string();
        assert_eq!(desk.as_user(AGENT).get(&format!("/api/tasks/{uuid}")).await.code(), "not_found");
    }
}
