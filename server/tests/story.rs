//! The story of the requirement, on real input: the real binary with its demo, driven over HTTP and WebSocket through the
//! sandbox, on both engines. Jane Doe is a witness in cases 123, 456 and 789, and texts.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]
#![expect(clippy::disallowed_methods, reason = "how long an event took is measured on the machine's clock")]

mod binary;
mod person;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use binary::Demo;
use person::{Person, text_in};

/// Jane Doe's handset.
const JANE: &str = "+12125550123";
/// How long a change may take until it stands on a socket: a second, and what a busy machine adds.
const ON_THE_SOCKET: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_requirements_story_on_sqlite() {
    tell(Demo::start_on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_requirements_story_on_postgres() {
    tell(Demo::start_on_postgres().await).await;
}

/// The script of the README, run as it stands there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readmes_script_tells_the_same_story() {
    let demo = Demo::start_on_sqlite();
    let readme = include_str!("../../README.md");
    let script = readme
        .split("```sh\n")
        .find(|block| block.contains("sign_in()"))
        .and_then(|block| block.split("```").next());
    let script = script.unwrap_or_else(|| panic!("the README has no script"));
    let said = demo.run_script(script).await;
    for expected in [
        "\"rule\":\"no_session\"",
        "\"code\":\"already_claimed\"",
        "\"rule\":\"one_session\"",
        "\"is_clarifying\":true",
        "\"type\":\"dismissed\"",
        "\"type\":\"moved\"",
    ] {
        assert!(said.contains(expected), "the script does not show {expected}");
    }
}

async fn tell(demo: Demo) {
    let mut office = Office::open(&demo).await;
    let first = a_text_appears_unclaimed_in_all_three_and_says_why(&mut office).await;
    claiming_it_removes_it_from_the_others(&mut office, &first).await;
    two_claims_at_once_have_one_winner(&mut office).await;
    let routed = a_text_from_789_routes_the_next_text_to_789(&mut office).await;
    a_moved_text_is_there_and_nowhere_else(&mut office, &routed).await;
    let late = two_days_and_a_second_later_it_is_offered_to_all_again(&mut office).await;
    a_clarifying_reply_routes_nothing(&mut office, &late).await;
    dismissing_hides_it_for_one_user_only(&mut office).await;
    nothing_reached_the_other_firm(&mut office).await;
}

/// The people of the story, signed in and connected.
struct Office<'d> {
    demo: &'d Demo,
    agent: Person,
    paralegal: Person,
    attorney: Person,
    supervisor: Person,
    manager: Person,
    stranger: Person,
}

impl<'d> Office<'d> {
    async fn open(demo: &'d Demo) -> Self {
        let sign_in = |login: &'static str| Person::sign_in(demo, login);
        Self {
            demo,
            agent: sign_in("agent@demo.example").await,
            paralegal: sign_in("paralegal@demo.example").await,
            attorney: sign_in("attorney@demo.example").await,
            supervisor: sign_in("supervisor@demo.example").await,
            manager: sign_in("manager@demo.example").await,
            stranger: sign_in("attorney@other.example").await,
        }
    }

    /// Jane texts the firm; the id of the text, once it stands somewhere on the manager's socket.
    async fn jane_texts(&mut self, body: &str) -> String {
        self.demo.handset_sends(JANE, body).await;
        let event = self
            .manager
            .event(|event| event["type"] == "message_placed" && event["message"]["body"] == body)
            .await;
        id_of(&event["message"])
    }

    async fn in_case(&self, person: &Person, case: &str, id: &str) -> Option<Value> {
        text_in(person, &format!("case_id={case}"), id).await
    }
}

fn id_of(view: &Value) -> String {
    view["id"].as_str().unwrap_or_default().to_owned()
}

async fn a_text_appears_unclaimed_in_all_three_and_says_why(office: &mut Office<'_>) -> String {
    let id = office.jane_texts("I remember the color of the truck.").await;
    for case in ["123", "456", "789"] {
        let text = office.in_case(&office.attorney, case, &id).await;
        let text = text.unwrap_or_else(|| panic!("the text is not in case {case}"));
        assert_eq!(text["standing"], "unclaimed", "in {case}");
        assert_eq!(text["rule"], "no_session", "in {case}");
        assert_eq!(text["person"]["display_name"], "Jane Doe - Witness", "in {case}");
    }
    let listed = office.attorney.get("/api/omnichannel/conversations/?view=unclaimed").await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3), "one conversation per case");
    let why = office.attorney.get(&format!("/api/omnichannel/messages/{id}/routing/")).await;
    assert_eq!(why["rule"], "no_session");
    assert_eq!(why["window_seconds"], 172_800);
    let numbers: Vec<&str> = why["candidates"]
        .as_array()
        .map(|all| all.iter().filter_map(|one| one["case_number"].as_str()).collect())
        .unwrap_or_default();
    assert_eq!(sorted(numbers), ["123", "456", "789"]);
    let receipt = why["receipt"].to_string();
    assert!(
        !receipt.contains(JANE.trim_start_matches('+')) && !receipt.contains("Jane"),
        "a receipt holds ids and times only"
    );
    let own = office.agent.get(&format!("/api/omnichannel/messages/{id}/routing/")).await;
    assert_eq!(own["candidates"].as_array().map(Vec::len), Some(2), "the agent may not know of 789");
    id
}

fn sorted(mut words: Vec<&str>) -> Vec<&str> {
    words.sort_unstable();
    words
}

async fn claiming_it_removes_it_from_the_others(office: &mut Office<'_>, id: &str) {
    let claimed_at = Instant::now();
    let claim = office
        .attorney
        .post(&format!("/api/omnichannel/messages/{id}/claim/"), &json!({ "case_id": "456" }))
        .await;
    assert_eq!(claim.0, 200);
    let withdrawn = |event: &Value| event["type"] == "message_withdrawn" && event["message_id"] == id;
    let from_123 = office.agent.event(withdrawn).await;
    let from_789 = office.paralegal.event(withdrawn).await;
    assert!(claimed_at.elapsed() < ON_THE_SOCKET, "not gone after {:?}", claimed_at.elapsed());
    assert_eq!(from_123["conversation"]["mycase_case_id"], "123");
    assert_eq!(from_789["conversation"]["mycase_case_id"], "789");
    assert_eq!(from_123["reason"], "claimed_elsewhere");
    assert!(office.in_case(&office.attorney, "123", id).await.is_none());
    assert!(office.in_case(&office.attorney, "789", id).await.is_none());
    let text = office.in_case(&office.attorney, "456", id).await.unwrap_or_default();
    assert_eq!(text["standing"], "claimed");
    assert_eq!(text["claim"]["by"]["name"], "Jordan Blake");
}

async fn two_claims_at_once_have_one_winner(office: &mut Office<'_>) {
    let id = office.jane_texts("It was blue, I think.").await;
    let path = format!("/api/omnichannel/messages/{id}/claim/");
    let (body_123, body_456) = (json!({ "case_id": "123" }), json!({ "case_id": "456" }));
    let (one, other) = tokio::join!(office.agent.post(&path, &body_123), office.paralegal.post(&path, &body_456));
    let (winner, loser) = if one.0 == 200 {
        (("Avery Quinn", one), other)
    } else {
        (("Parker Lee", other), one)
    };
    assert_eq!((winner.1.0, loser.0), (200, 409));
    assert_eq!(loser.1["code"], "already_claimed");
    assert_eq!(loser.1["claimed_by"]["name"], winner.0, "the loser learns who won");
    assert!(loser.1["claimed_at"].is_string(), "and when");
}

async fn a_text_from_789_routes_the_next_text_to_789(office: &mut Office<'_>) -> String {
    let contacts = office.paralegal.get("/api/cases/789/contacts/").await;
    let jane = contacts["items"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["contact"]["name"] == "Jane Doe"))
        .cloned();
    let jane = jane.unwrap_or_else(|| panic!("Jane Doe is not on case 789"));
    let request = json!({ "case_id": "789", "case_contact_id": jane["id"], "body": "Could you call our office about the site visit?" });
    let (status, sent) = office.paralegal.post("/api/omnichannel/messages/", &request).await;
    assert_eq!(status, 201, "{sent}");
    let delivered = |event: &Value| event["message"]["id"] == sent["id"] && event["message"]["state"] == "delivered";
    office.paralegal.event(delivered).await;
    let inbox = office.demo.handset_inbox(JANE).await;
    assert!(inbox.to_string().contains("site visit"), "the text is on Jane's handset");
    let id = office.jane_texts("Yes, this afternoon.").await;
    let text = office.in_case(&office.paralegal, "789", &id).await.unwrap_or_default();
    assert_eq!((&text["standing"], &text["rule"]), (&json!("routed"), &json!("one_session")));
    for case in ["123", "456"] {
        assert!(office.in_case(&office.attorney, case, &id).await.is_none(), "it is in {case} too");
    }
    id
}

async fn a_moved_text_is_there_and_nowhere_else(office: &mut Office<'_>, id: &str) {
    let (status, _) = office
        .paralegal
        .post(&format!("/api/omnichannel/messages/{id}/move/"), &json!({ "case_id": "123" }))
        .await;
    assert_eq!(status, 404, "the paralegal may not know of 123");
    let (status, moved) = office
        .attorney
        .post(&format!("/api/omnichannel/messages/{id}/move/"), &json!({ "case_id": "123" }))
        .await;
    assert_eq!(status, 200, "{moved}");
    assert_eq!(moved["case_number"], "123");
    assert!(office.in_case(&office.attorney, "123", id).await.is_some());
    for case in ["456", "789"] {
        assert!(office.in_case(&office.attorney, case, id).await.is_none(), "it is still in {case}");
    }
    let why = office.attorney.get(&format!("/api/omnichannel/messages/{id}/routing/")).await;
    let history: Vec<&str> = why["history"]
        .as_array()
        .map(|all| all.iter().filter_map(|step| step["type"].as_str()).collect())
        .unwrap_or_default();
    assert_eq!(history, ["routed", "moved"]);
    let last = why["history"].as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
    assert_eq!((&last["from_case"], &last["to_case"]), (&json!("789"), &json!("123")));
}

async fn two_days_and_a_second_later_it_is_offered_to_all_again(office: &mut Office<'_>) -> String {
    office.demo.move_clock(Duration::from_secs(48 * 3600 + 1)).await;
    let id = office.jane_texts("One more thing.").await;
    for case in ["123", "456", "789"] {
        let text = office.in_case(&office.attorney, case, &id).await.unwrap_or_default();
        assert_eq!(text["standing"], "unclaimed", "in {case}");
    }
    id
}

async fn a_clarifying_reply_routes_nothing(office: &mut Office<'_>, unclaimed: &str) {
    let contacts = office.agent.get("/api/cases/123/contacts/").await;
    let jane = contacts["items"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["contact"]["name"] == "Jane Doe"))
        .cloned();
    let jane = jane.unwrap_or_else(|| panic!("Jane Doe is not on case 123"));
    let request = json!({ "case_id": "123", "case_contact_id": jane["id"], "in_reply_to": unclaimed, "body": "Which matter is it about?" });
    let (status, sent) = office.agent.post("/api/omnichannel/messages/", &request).await;
    assert_eq!(status, 201, "{sent}");
    assert_eq!(sent["is_clarifying"], true);
    office
        .agent
        .event(|event| event["message"]["id"] == sent["id"] && event["message"]["state"] == "delivered")
        .await;
    let still = office.in_case(&office.attorney, "123", unclaimed).await.unwrap_or_default();
    assert_eq!(still["standing"], "unclaimed", "a reply claims nothing");
    let id = office.jane_texts("About the truck.").await;
    let text = office.in_case(&office.attorney, "456", &id).await.unwrap_or_default();
    assert_eq!((&text["standing"], &text["rule"]), (&json!("unclaimed"), &json!("no_session")));
}

async fn dismissing_hides_it_for_one_user_only(office: &mut Office<'_>) {
    let id = office.jane_texts("Never mind.").await;
    let path = format!("/api/omnichannel/messages/{id}/dismiss/");
    assert_eq!(office.agent.post(&path, &json!({})).await.0, 204);
    assert!(office.in_case(&office.agent, "123", &id).await.is_none(), "the agent still sees it");
    for case in ["123", "456", "789"] {
        assert!(
            office.in_case(&office.attorney, case, &id).await.is_some(),
            "the attorney does not see it in {case}"
        );
    }
    assert!(
        text_in(&office.agent, "view=dismissed", &id).await.is_some(),
        "it is not among the dismissed"
    );
    assert!(
        text_in(&office.manager, "view=attention", &id).await.is_none(),
        "it needs no attention yet"
    );
    assert_eq!(
        office
            .agent
            .post(&format!("/api/omnichannel/messages/{id}/undismiss/"), &json!({}))
            .await
            .0,
        204
    );
    assert!(office.in_case(&office.agent, "123", &id).await.is_some(), "it did not come back");
    for person in [
        &office.agent,
        &office.paralegal,
        &office.attorney,
        &office.supervisor,
        &office.manager,
    ] {
        assert_eq!(person.post(&path, &json!({})).await.0, 204);
    }
    for person in [&office.manager, &office.supervisor] {
        let text = text_in(person, "view=attention", &id)
            .await
            .unwrap_or_else(|| panic!("it does not stand in Needs attention"));
        assert_eq!(text["attention"], "dismissed_by_all");
    }
    let (status, _) = office.agent.try_get("/api/omnichannel/conversations/?view=attention").await;
    assert_eq!(status, 403, "agents have no such view");
}

async fn nothing_reached_the_other_firm(office: &mut Office<'_>) {
    let all = office.stranger.get("/api/omnichannel/conversations/").await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(0), "the other firm sees something");
    assert!(
        office.stranger.has_seen_nothing().await,
        "the other firm's socket carried something"
    );
}
