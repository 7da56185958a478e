//! Searching: what is found by what, where it is marked, and that nobody finds what they may not see.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use casewire::jobs::run_due_now;
use casewire_core::access::Tenant;
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::jobs::{NewJob, enqueue};
use casewire_store::{Act, StoreError, Tx, on_both_engines};
use serde_json::{Value, json};

use crate::inbox::desk::{AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, MANAGER, MARK, QUINN, STRANGER, SUPERVISOR, text};

/// Queues what the migration queues.
struct Fill(Tenant, Timestamp);

impl Act for Fill {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let job = NewJob {
            job: Job::FillSearch { before: self.1 },
            run_at: self.1,
            unique_key: None,
        };
        enqueue(tx, self.0, job).await.map(drop)
    }
}

impl Desk {
    /// What a question finds.
    async fn finds(&self, role: &str, question: &str) -> Value {
        self.as_user(role).get(&format!("/api/search/?q={question}")).await.ok()
    }

    /// The texts that a question finds, as they are shown.
    async fn texts_found(&self, role: &str, question: &str) -> Vec<String> {
        let found = self.finds(role, question).await;
        let items = found["messages"]["items"].as_array().unwrap().clone();
        items.iter().map(|hit| text(&hit["snippet"]["text"])).collect()
    }

    async fn names_found(&self, role: &str, question: &str) -> Vec<String> {
        let found = self.finds(role, question).await;
        found["people"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| text(&hit["contact"]["name"]))
            .collect()
    }
}

on_both_engines! {
    async fn a_text_is_found_by_its_words_however_they_are_written(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "José saw the ACCIDENT on 5th").await;
        desk.arrives(MARK, "Call (212) 555-0188 tomorrow 👍").await;
        desk.arrives(MARK, "أنا محمد وهذا رقمي").await;
        for question in ["jose", "JOSE%CC%81", "accid", "saw%20jose", "%22accident%22", "accident*", "5th%20-%20accident%20AND"] {
            let expected = if question.contains("AND") { 0 } else { 1 };
            assert_eq!(desk.texts_found(ATTORNEY, question).await.len(), expected, "{question}");
        }
        for question in ["2125550188", "%28212%29%20555-0188", "555-0188", "%F0%9F%91%8D", "tomorrow"] {
            assert_eq!(desk.texts_found(ATTORNEY, question).await, ["Call (212) 555-0188 tomorrow 👍"], "{question}");
        }
        assert_eq!(desk.texts_found(ATTORNEY, "%D9%85%D9%8F%D8%AD%D9%85%D8%AF").await.len(), 1, "without its vowel signs");
        for question in ["acc%20jose", "cident", "x", "%22%27%28%29%26%7C!", "%3Cb%3E"] {
            assert_eq!(desk.texts_found(ATTORNEY, question).await, Vec::<String>::new(), "{question}");
        }
        let hit = desk.finds(ATTORNEY, "accident").await["messages"]["items"][0].clone();
        assert_eq!(hit["snippet"]["marks"], json!([[13, 21]]));
        assert_eq!((text(&hit["mycase_case_id"]), text(&hit["person"]["name"])), ("123".to_owned(), "Mark Quill".to_owned()));
    }

    async fn a_question_that_is_too_long_or_names_nothing_is_said_so(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let long = "a".repeat(10_000);
        for (path, code) in [
            (format!("/api/search/?q={long}"), "invalid_query"),
            ("/api/search/?q=a&kinds=people,letters".to_owned(), "invalid_query"),
            ("/api/search/?q=a&limit=51".to_owned(), "invalid_query"),
            ("/api/search/?q=a&cursor=made-up".to_owned(), "invalid_cursor"),
            ("/api/search/".to_owned(), "invalid_query"),
            ("/api/search/?q=a&case_id=nowhere".to_owned(), "not_found"),
        ] {
            assert_eq!(desk.as_user(ATTORNEY).get(&path).await.code(), code, "{path:.60}");
        }
        let none = desk.finds(ATTORNEY, "%20%20").await;
        for kind in ["people", "cases", "messages", "calls"] {
            assert_eq!(none[kind]["items"], json!([]), "{kind}");
        }
    }

    async fn people_are_found_by_name_and_any_digits_also_after_a_change(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for question in ["jane", "quill%20jan", "2125550123", "%2B1%20212%20555%200123", "0123", "550123"] {
            let names = desk.names_found(ATTORNEY, question).await;
            assert!(names.contains(&"Jane Quill".to_owned()), "{question}: {names:?}");
        }
        assert_eq!(desk.names_found(ATTORNEY, "quill").await.len(), 4);
        let path = format!("/api/contacts/{}", text(&desk.jane));
        desk.as_user(ATTORNEY).patch(&path, json!({"name": "Janina Ćwikła"})).await.ok();
        assert_eq!(desk.names_found(ATTORNEY, "cwikla").await, ["Janina Ćwikła"]);
        assert_eq!(desk.names_found(ATTORNEY, "jane").await, Vec::<String>::new());
        let phone = desk.as_user(ATTORNEY).post(&format!("{path}/phones"), json!({"number": "+12125550999"})).await.ok();
        assert_eq!(desk.names_found(ATTORNEY, "5550999").await, ["Janina Ćwikła"]);
        desk.as_user(ATTORNEY).delete(&format!("{path}/phones/{}", text(&phone["phones"][1]["id"]))).await.ok();
        assert_eq!(desk.names_found(ATTORNEY, "5550999").await, Vec::<String>::new());
    }

    async fn cases_are_found_by_number_and_caption(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let body = json!({"mycase_case_id": "24-CV-00456", "name": "Peña v. Ødegård"});
        desk.as_user(MANAGER).post("/api/cases/", body).await.ok();
        for question in ["24-cv-00456", "24cv", "00456", "456", "pena", "odegard%20v"] {
            let found = desk.finds(MANAGER, question).await;
            let numbers: Vec<String> = found["cases"]["items"].as_array().unwrap().iter().map(|hit| text(&hit["case"]["mycase_case_id"])).collect();
            assert!(numbers.contains(&"24-CV-00456".to_owned()), "{question}: {numbers:?}");
        }
        let found = desk.finds(MANAGER, "456").await;
        assert_eq!(text(&found["cases"]["items"][0]["case"]["mycase_case_id"]), "456", "the number that begins with it comes first");
        desk.as_user(MANAGER).patch("/api/cases/24-CV-00456", json!({"name": "Settled"})).await.ok();
        assert_eq!(desk.finds(MANAGER, "pena").await["cases"]["items"], json!([]));
    }

    async fn a_text_follows_its_claim_and_its_move(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(JANE, "Needle in two cases").await;
        assert_eq!(desk.texts_found(ATTORNEY, "needle").await.len(), 2, "offered in two cases");
        desk.act(ATTORNEY, &message, "claim", json!({"case_id": "456"})).await.ok();
        let hits = desk.finds(ATTORNEY, "needle").await["messages"]["items"].clone();
        assert_eq!((hits.as_array().unwrap().len(), text(&hits[0]["mycase_case_id"])), (1, "456".to_owned()));
        desk.act(ATTORNEY, &message, "move", json!({"case_id": "123"})).await.ok();
        let hits = desk.finds(ATTORNEY, "needle").await["messages"]["items"].clone();
        assert_eq!((hits.as_array().unwrap().len(), text(&hits[0]["mycase_case_id"])), (1, "123".to_owned()));
        let within = desk.as_user(ATTORNEY).get("/api/search/?q=needle&case_id=123").await.ok();
        assert_eq!(within["messages"]["items"].as_array().unwrap().len(), 1);
        let elsewhere = desk.as_user(ATTORNEY).get("/api/search/?q=needle&case_id=456").await.ok();
        assert_eq!(elsewhere["messages"]["items"], json!([]));
    }

    async fn everybody_finds_what_they_may_see_and_nothing_else(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(QUINN, "Needle of 789").await;
        desk.arrives(MARK, "Needle of 123").await;
        desk.arrives(STRANGER, "Needle of a stranger").await;
        desk.arrives(crate::inbox::desk::LENA, "Needle of a lead").await;
        let of_all = ["Needle of a lead", "Needle of a stranger", "Needle of 123", "Needle of 789"];
        assert_eq!(desk.texts_found(ATTORNEY, "needle").await, of_all);
        assert_eq!(desk.texts_found(AGENT, "needle").await, &of_all[..3], "is assigned to 123 and 456");
        assert_eq!(desk.texts_found(SUPERVISOR, "needle").await, &of_all[..3], "whose team has 123 and 456");
        let of_compliance = ["Needle of a lead", "Needle of 123", "Needle of 789"];
        assert_eq!(desk.texts_found(COMPLIANCE, "needle").await, of_compliance, "only looks");
        let admin = desk.finds(crate::inbox::desk::ADMIN, "needle").await;
        assert_eq!(admin["messages"]["items"], json!([]));
        let other = desk.firm.another().await;
        let theirs = other.user(MANAGER).get("/api/search/?q=needle").await.ok();
        assert_eq!(theirs["messages"]["items"], json!([]));
        assert_eq!(other.user(MANAGER).get("/api/search/?q=quill").await.ok()["people"]["items"], json!([]));
        let wall = json!({"user_id": desk.firm.user_id(ATTORNEY).to_string()});
        desk.as_user(crate::inbox::desk::ADMIN).post("/api/cases/123/walls", wall).await.ok();
        assert_eq!(desk.texts_found(ATTORNEY, "needle").await.len(), 3);
        assert!(!desk.names_found(ATTORNEY, "quill").await.contains(&"Mark Quill".to_owned()));
        assert_eq!(desk.finds(ATTORNEY, "123").await["cases"]["items"], json!([]));
    }

    async fn the_pages_of_texts_join_without_gap_or_repetition(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for number in 0..9 {
            desk.arrives(MARK, &format!("needle number{number}")).await;
        }
        for role in [ATTORNEY, AGENT] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let path = format!("/api/search/?q=needle&kinds=messages&limit=4{cursor}");
                let found = desk.as_user(role).get(&path).await.ok()["messages"].clone();
                seen.extend(found["items"].as_array().unwrap().iter().map(|hit| text(&hit["snippet"]["text"])));
                match found["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            let expected: Vec<String> = (0..9).rev().map(|number| format!("needle number{number}")).collect();
            assert_eq!(seen, expected, "{role}");
        }
    }

    async fn the_inbox_is_searched_by_the_words_of_all_texts(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "José's needle").await;
        desk.arrives(MARK, "Something later").await;
        for question in ["q=needle", "q=jose", "q=JOS%C3%89S%20need", "q=needle&view=all"] {
            assert_eq!(desk.names(ATTORNEY, question).await, ["Mark Quill - Adjuster"], "{question}");
        }
        assert_eq!(desk.names(ATTORNEY, "q=nothing").await, Vec::<String>::new());
    }

    async fn the_wall_report_names_who_since_when_by_whom_and_how_often_in_vain(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let admin = desk.as_user(crate::inbox::desk::ADMIN);
        let wall = json!({"user_id": desk.firm.user_id(AGENT).to_string()});
        admin.post("/api/cases/123/walls", wall).await.ok();
        assert_eq!(desk.as_user(AGENT).get("/api/cases/123").await.code(), "not_found");
        assert_eq!(desk.as_user(AGENT).get("/api/search/?q=quill&case_id=123").await.code(), "not_found");
        desk.firm.app.audit.flush().await.unwrap();
        let report = desk.as_user(MANAGER).get("/api/walls").await.ok();
        assert_eq!(report["items"].as_array().unwrap().len(), 1);
        let one = &report["items"][0];
        assert_eq!((text(&one["mycase_case_id"]), one["attempts"].as_i64()), ("123".to_owned(), Some(2)));
        assert!(text(&one["user"]["name"]).contains("Agent") && text(&one["added_by"]["name"]).contains("Admin"), "{one}");
        let own = json!({"user_id": desk.firm.user_id(MANAGER).to_string()});
        admin.post("/api/cases/123/walls", own).await.ok();
        assert_eq!(desk.as_user(MANAGER).get("/api/walls").await.ok()["items"], json!([]), "who is kept out does not see it");
        assert_eq!(desk.as_user(AGENT).get("/api/walls").await.code(), "forbidden");
    }


    async fn what_was_stored_before_becomes_findable_batch_by_batch(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(JANE, "Needle of before").await;
        desk.arrives(MARK, "Another needle").await;
        desk.sql("delete from search_documents", vec![]).await;
        assert_eq!(desk.texts_found(ATTORNEY, "needle").await, Vec::<String>::new());
        desk.firm.store().write(desk.firm.organization(), Fill(desk.firm.tenant, desk.firm.now())).await.unwrap();
        run_due_now(&desk.firm.app).await.unwrap();
        assert_eq!(desk.texts_found(ATTORNEY, "needle").await.len(), 3, "one of them in two cases");
        assert_eq!(desk.names_found(ATTORNEY, "quill").await.len(), 4);
        assert_eq!(desk.finds(ATTORNEY, "123").await["cases"]["items"].as_array().unwrap().len(), 1);
        let lines = "select cast(count(*) as text) from search_documents";
        let before = desk.column(lines, vec![]).await;
        desk.firm.store().write(desk.firm.organization(), Fill(desk.firm.tenant, desk.firm.now())).await.unwrap();
        run_due_now(&desk.firm.app).await.unwrap();
        assert_eq!(desk.column(lines, vec![]).await, before, "twice is once");
    }

}
