//! Reports: each number is what stands, whether days were counted before or not, and for nobody more than they may see.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::jobs::run_due_now;
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::jobs::{NewJob, enqueue};
use casewire_store::{Act, StoreError, Tx, on_both_engines};
use serde_json::{Value, json};

use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, MANAGER, MARK, QUINN, SUPERVISOR, text};

const HOUR: Duration = Duration::from_secs(3600);
const ALL: [&str; 9] = [
    "logged",
    "volumes",
    "roles",
    "responses",
    "claims",
    "unclaimed",
    "calls",
    "last_contact",
    "failures",
];
const READERS: [&str; 5] = [AGENT, ATTORNEY, SUPERVISOR, MANAGER, COMPLIANCE];

struct Queue(casewire_core::access::Tenant, Timestamp);

impl Act for Queue {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let job = NewJob {
            job: Job::CountDays,
            run_at: self.1,
            unique_key: None,
        };
        enqueue(tx, self.0, job).await.map(drop)
    }
}

impl Desk {
    async fn report(&self, role: &str, path: &str) -> Value {
        self.as_user(role).get(&format!("/api/reports/{path}")).await.ok()
    }

    /// A figure of a report.
    async fn figure(&self, role: &str, path: &str, name: &str) -> Option<i64> {
        let report = self.report(role, path).await;
        let figures = report["figures"].as_array().unwrap().clone();
        figures.iter().find(|figure| figure["name"] == name).unwrap()["value"].as_i64()
    }

    /// Every report for everybody.
    async fn reports(&self) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        let team = self.firm.team.to_string();
        for role in READERS {
            for name in ALL {
                for narrowed in [
                    "",
                    "&case_id=456",
                    &format!("&team_id={team}"),
                    &format!("&agent_id={}", self.firm.user_id(ATTORNEY)),
                ] {
                    let path = format!("{name}?from=2026-01-01&to=2026-02-28{narrowed}");
                    all.push((format!("{role} {path}"), self.report(role, &path).await));
                }
            }
        }
        all
    }

    async fn count_days(&self) {
        self.firm
            .store()
            .write(self.firm.organization(), Queue(self.firm.tenant, self.firm.now()))
            .await
            .unwrap();
        run_due_now(&self.firm.app).await.unwrap();
    }

    async fn writes(&self, case: &str, contact: &Value) {
        self.firm.advance(HOUR);
        let body = json!({"case_id": case, "contact_id": contact, "body": "An answer"});
        self.as_user(ATTORNEY).post("/api/omnichannel/messages", body).await.ok();
    }

    /// Some days of a firm's life.
    async fn live(&self) {
        for day in 0..4 {
            self.arrives(MARK, "A text of 123").await;
            self.arrives(QUINN, "A text of 789").await;
            self.writes("123", &self.mark).await;
            self.writes("789", &self.quinn).await;
            let offered = self.arrives(JANE, "Offered").await;
            self.firm.advance(HOUR);
            if day % 2 == 0 {
                self.act(ATTORNEY, &offered, "claim", json!({"case_id": "456"})).await.ok();
            }
            self.firm.advance(HOUR * 21);
        }
    }
}

fn same(one: &[(String, Value)], other: &[(String, Value)]) {
    for ((name, one), (_, other)) in one.iter().zip(other) {
        assert_eq!(one, other, "{name}");
    }
}

on_both_engines! {
    async fn a_report_is_the_same_before_and_after_its_days_were_counted(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.live().await;
        desk.firm.advance(HOUR * 72);
        let before = desk.reports().await;
        desk.count_days().await;
        let counted = desk.column("select cast(count(*) as text) from report_cells", vec![]).await;
        assert_ne!(counted, ["0"]);
        same(&before, &desk.reports().await);
        let wall = json!({"user_id": desk.firm.user_id(MANAGER).to_string()});
        desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        let walled = desk.reports().await;
        desk.sql("delete from report_days", vec![]).await;
        same(&walled, &desk.reports().await);
    }

    async fn whatever_changes_afterwards_is_in_the_report(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.live().await;
        let late = desk.arrives(JANE, "To be claimed late").await;
        let moved = desk.arrives(MARK, "To be moved").await;
        desk.firm.advance(HOUR * 96);
        desk.count_days().await;
        desk.act(ATTORNEY, &late, "claim", json!({"case_id": "456"})).await.ok();
        desk.act(ATTORNEY, &moved, "move", json!({"case_id": "456"})).await.ok();
        let as_counted = desk.reports().await;
        desk.count_days().await;
        same(&as_counted, &desk.reports().await);
        desk.as_user(MANAGER).patch("/api/cases/789", json!({"team_id": desk.firm.team.to_string()})).await.ok();
        let of_the_team = desk.figure(SUPERVISOR, "volumes?from=2026-01-01&to=2026-02-28", "texts_in").await;
        assert_eq!(of_the_team, desk.figure(MANAGER, "volumes?from=2026-01-01&to=2026-02-28", "texts_in").await);
        desk.act(ATTORNEY, &late, "release", json!({})).await.ok();
        desk.as_user(ADMIN).patch("/api/settings", json!({"time_zone": "Asia/Tokyo"})).await.ok();
        let elsewhere = desk.reports().await;
        desk.sql("delete from report_days", vec![]).await;
        same(&elsewhere, &desk.reports().await);
    }

    async fn the_figures_are_what_happened(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.live().await;
        let all = "?from=2026-01-01&to=2026-02-28";
        let figure = async |role: &str, name: &str, figure: &str| desk.figure(role, &format!("{name}{all}"), figure).await;
        assert_eq!(figure(MANAGER, "volumes", "texts_in").await, Some(10), "eight to one case, two claimed");
        assert_eq!(figure(MANAGER, "volumes", "texts_out").await, Some(8));
        assert_eq!(figure(AGENT, "volumes", "texts_in").await, Some(6), "789 is not theirs");
        assert_eq!(figure(MANAGER, "logged", "share").await, Some(10_000));
        assert_eq!(figure(MANAGER, "responses", "count").await, Some(8));
        let waited = figure(MANAGER, "responses", "p50").await.unwrap();
        assert!((3600..=7400).contains(&waited), "{waited}");
        assert_eq!(figure(MANAGER, "claims", "count").await, Some(2));
        let claimed = figure(MANAGER, "claims", "p90").await.unwrap();
        assert!((3400..=3900).contains(&claimed), "an hour, to a sixteenth: {claimed}");
        assert_eq!(figure(MANAGER, "unclaimed", "count").await, Some(2));
        let roles = desk.report(MANAGER, &format!("roles{all}")).await;
        let names: Vec<String> = roles["rows"].as_array().unwrap().iter().map(|row| text(&row["label"])).collect();
        assert_eq!(names, ["Adjuster", "Client", "Expert Witness"]);
        let contacts = desk.report(MANAGER, "last_contact").await;
        assert_eq!((text(&contacts["rows"][0]["label"]), contacts["rows"].as_array().unwrap().len()), ("789".to_owned(), 1));
        assert_eq!(desk.report(AGENT, "last_contact").await["rows"], json!([]));
        desk.old_row("123", "+12125550777", "From before case contacts").await;
        let share = figure(MANAGER, "logged", "share").await.unwrap();
        assert!((9_400..9_500).contains(&share), "18 of 19: {share}");
    }

    async fn a_wall_is_in_every_number(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.live().await;
        desk.firm.advance(HOUR * 96);
        desk.count_days().await;
        let all = "?from=2026-01-01&to=2026-02-28";
        let wall = json!({"user_id": desk.firm.user_id(MANAGER).to_string()});
        for case in ["123", "789"] {
            desk.as_user(ADMIN).post(&format!("/api/cases/{case}/walls"), wall.clone()).await.ok();
        }
        let figure = async |name: &str, figure: &str| desk.figure(MANAGER, &format!("{name}{all}"), figure).await;
        assert_eq!((figure("volumes", "texts_in").await, figure("volumes", "texts_out").await), (Some(2), Some(0)));
        assert_eq!((figure("responses", "count").await, figure("claims", "count").await), (Some(0), Some(2)));
        assert_eq!(figure("logged", "listed").await, None, "carriers' lists are of the whole organization");
        for name in ALL {
            let told = desk.as_user(MANAGER).get(&format!("/api/reports/{name}{all}&case_id=789")).await;
            assert_eq!(told.code(), "not_found", "{name}");
            let report = desk.report(MANAGER, &format!("{name}{all}")).await.to_string();
            assert!(!report.contains("789") && !report.contains("Quinn"), "{name}");
        }
    }

    async fn a_file_for_a_spreadsheet_holds_no_formula(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let body = json!({"mycase_case_id": "-1", "name": "@SUM(A1), \"quoted\"", "client_contact_id": desk.quinn});
        desk.as_user(MANAGER).post("/api/cases/", body).await.ok();
        let told = desk.as_user(MANAGER).get("/api/reports/last_contact?format=csv").await;
        assert_eq!(told.header("content-type"), "text/csv; charset=utf-8");
        assert!(told.header("content-disposition").starts_with("attachment; filename=\"last_contact-"), "{}", told.header("content-disposition"));
        let expected = "\"'-1\",\"'@SUM(A1), \"\"quoted\"\" · Quinn Quill\",,\r\n";
        assert!(told.text().contains(expected), "{}", told.text());
    }

    async fn what_cannot_be_asked_is_said_so(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for (path, code) in [
            ("volumes?from=yesterday", "invalid_query"),
            ("volumes?from=2026-02-01&to=2026-01-01", "invalid_query"),
            ("volumes?from=2020-01-01&to=2026-01-01", "invalid_query"),
            ("weather", "not_found"),
            ("volumes?case_id=nowhere", "not_found"),
        ] {
            assert_eq!(desk.as_user(MANAGER).get(&format!("/api/reports/{path}")).await.code(), code, "{path}");
        }
        assert_eq!(desk.as_user(ADMIN).get("/api/reports/volumes").await.code(), "forbidden");
        let choices = desk.as_user(SUPERVISOR).get("/api/report-choices").await.ok();
        assert_eq!(choices["teams"].as_array().unwrap().len(), 1);
        assert_eq!(desk.as_user(AGENT).get("/api/report-choices").await.ok()["teams"], json!([]));
    }
}
