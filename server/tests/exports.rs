//! What was said in a case, in order and as a file: nothing of another case, the same bytes each time, and every changed byte named.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::path::PathBuf;
use std::time::Duration;

use casewire::cli::verify::case_export;
use casewire::export::build::Workshop;
use casewire::jobs::run_due_now;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::audit::audit;
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, MANAGER, MARK, PARALEGAL, text};

/// A firm in whose cases something was said, a minute apart.
async fn talking(db: casewire_store::testing::TestDatabase) -> Desk {
    let desk = Desk::open(db).await;
    for (from, body) in [
        (MARK, "=HYPERLINK(\"http://evil\")"),
        (JANE, "Which case is this?"),
        (MARK, "Sent from 123 👍"),
    ] {
        desk.arrives(from, body).await;
        desk.firm.advance(Duration::from_secs(60));
    }
    let claimed = desk.arrives(JANE, "For 456 alone").await;
    desk.act(ATTORNEY, &claimed, "claim", json!({"case_id": "456"})).await.ok();
    desk.firm.advance(Duration::from_secs(60));
    let body = json!({"case_id": "123", "contact_id": desk.mark, "body": "We answer in 123"});
    desk.as_user(AGENT).post("/api/omnichannel/messages/", body).await.ok();
    desk
}

async fn bodies(desk: &Desk, role: &str, case: &str, query: &str) -> Vec<String> {
    let path = format!("/api/cases/{case}/communications/?{query}");
    let page = desk.as_user(role).get(&path).await.ok();
    let items = page["items"].as_array().unwrap().clone();
    items.iter().map(|item| text(&item["message"]["body"])).collect()
}

/// Asks for an export, does the jobs, and fetches the file.
async fn export(desk: &Desk, role: &str, case: &str, request: Value) -> Vec<u8> {
    let asked = desk.as_user(role).post(&format!("/api/cases/{case}/exports/"), request).await.ok();
    run_due_now(&desk.firm.app).await.unwrap();
    let path = format!("/api/cases/{case}/exports/{}", text(&asked["id"]));
    let made = desk.as_user(role).get(&path).await.ok();
    assert_eq!(
        (&made["state"], &made["items_done"]),
        (&json!("ready"), &made["items_total"]),
        "{made}"
    );
    let file = desk.as_user(role).get(&format!("{path}/file")).await;
    assert!(file.status.is_success(), "{}", file.text());
    assert_eq!(file.header("content-length"), file.body.len().to_string());
    file.body.to_vec()
}

struct Kept(PathBuf);

impl Kept {
    fn new(bytes: &[u8]) -> Self {
        let name = format!("casewire-test-{}.zip", casewire_store::mint::<casewire_core::id::JobId>());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }

    fn broken(&self) -> Vec<String> {
        case_export::check(&self.0, None).unwrap().broken
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// The bytes of a file in the ZIP, by a reader that is not ours.
fn unzipped(bytes: &[u8], name: &str) -> String {
    let kept = Kept::new(bytes);
    let script =
        "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; sys.stdout.buffer.write(z.read(sys.argv[2]))";
    let output = std::process::Command::new("python3")
        .args(["-c", script])
        .arg(&kept.0)
        .arg(name)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

on_both_engines! {
    async fn everything_said_in_a_case_is_there_in_order_and_nothing_of_another_case_on_the_same_number(db: TestDatabase) {
        let desk = talking(db).await;
        let said = bodies(&desk, COMPLIANCE, "123", "").await;
        assert_eq!(said, ["=HYPERLINK(\"http://evil\")", "Which case is this?", "Sent from 123 👍", "We answer in 123"]);
        assert_eq!(bodies(&desk, COMPLIANCE, "456", "").await, ["Which case is this?", "For 456 alone"]);
        let first = desk.as_user(AGENT).get("/api/cases/123/communications?limit=3").await.ok();
        assert_eq!(first["total"], 4);
        let next = format!("limit=3&cursor={}", first["next_cursor"].as_str().unwrap());
        assert_eq!(bodies(&desk, AGENT, "123", &next).await, ["We answer in 123"]);
        let read = audit(&desk, COMPLIANCE, "act=read_communications&case=123").await;
        assert_eq!(read.len(), 3, "{read:?}");
    }

    async fn it_is_narrowed_by_person_role_channel_agent_direction_and_time(db: TestDatabase) {
        let desk = talking(db).await;
        let agent = desk.firm.user_id(AGENT);
        let noon = desk.as_user(AGENT).get("/api/cases/123/communications").await.ok()["items"][1]["message"]["at"].clone();
        let noon = text(&noon);
        for (query, count) in [
            (format!("contact_id={}", text(&desk.jane)), 1),
            (format!("contact_id={}", text(&desk.mark)), 3),
            ("role=Witness".to_owned(), 1),
            ("role=Adjuster".to_owned(), 3),
            ("role=Client".to_owned(), 0),
            ("channel=text".to_owned(), 4),
            ("channel=call".to_owned(), 0),
            (format!("user_id={agent}"), 1),
            ("direction=inbound".to_owned(), 3),
            ("direction=outbound".to_owned(), 1),
            (format!("from={noon}"), 3),
            (format!("until={noon}"), 1),
        ] {
            assert_eq!(bodies(&desk, AGENT, "123", &query).await.len(), count, "{query}");
            let total = desk.as_user(AGENT).get(&format!("/api/cases/123/communications?{query}")).await.ok()["total"].clone();
            assert_eq!(total, count, "{query}");
        }
    }

    async fn an_export_repeated_is_the_same_to_the_byte_and_has_all_of_the_case_and_nothing_else(db: TestDatabase) {
        let desk = talking(db).await;
        let bytes = export(&desk, COMPLIANCE, "123", json!({"time_zone": "America/New_York"})).await;
        assert!(Kept::new(&bytes).broken().is_empty());
        desk.firm.advance(Duration::from_secs(3600));
        assert!(bytes == export(&desk, ATTORNEY, "123", json!({"time_zone": "America/New_York"})).await, "whoever asks, and whenever");
        let json: Value = serde_json::from_str(&unzipped(&bytes, "communications.json")).unwrap();
        let entries = json["entries"].as_array().unwrap();
        let said: Vec<_> = entries.iter().map(|entry| text(&entry["body"])).collect();
        assert_eq!(said, ["=HYPERLINK(\"http://evil\")", "Which case is this?", "Sent from 123 👍", "We answer in 123"]);
        assert_eq!(entries[0]["at_for_people"], "Jan 27, 2026, 4:30:01 AM EST (UTC-05:00)");
        assert_eq!((&entries[0]["person"]["role"], &entries[1]["standing"]), (&json!("Adjuster"), &json!("unclaimed")));
        assert!(entries[1]["notes"][0].as_str().unwrap().starts_with("Unclaimed"));
        let csv = unzipped(&bytes, "communications.csv");
        assert!(csv.contains("\"'=HYPERLINK(\"\"http://evil\"\")\""), "{csv}");
        assert_eq!(csv.matches("\r\n").count(), 5);
        assert!(!json.to_string().contains("456 alone") && !csv.contains("456 alone"));
        assert!(bytes.windows(5).any(|window| window == b"%PDF-"));
        let narrowed = export(&desk, COMPLIANCE, "123", json!({"filter": {"contact_id": desk.jane}})).await;
        let json: Value = serde_json::from_str(&unzipped(&narrowed, "communications.json")).unwrap();
        assert_eq!(json["entries"].as_array().unwrap().len(), 1);
        let empty = export(&desk, COMPLIANCE, "123", json!({"filter": {"channel": "call"}})).await;
        assert!(Kept::new(&empty).broken().is_empty());
    }

    async fn any_byte_of_an_export_that_is_changed_is_named(db: TestDatabase) {
        let desk = talking(db).await;
        let bytes = export(&desk, COMPLIANCE, "456", json!({})).await;
        // The containers and the small files byte by byte, the fonts in the PDF in steps.
        let step = |at: usize| if at < 128 || at + 2048 > bytes.len() { 1 } else { 101 };
        let mut at = 0;
        while at < bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(!Kept::new(&changed).broken().is_empty(), "byte {at}");
            at += step(at);
        }
        for shorter in [bytes.len() - 1, bytes.len() / 2, 10] {
            assert!(!Kept::new(&bytes[..shorter]).broken().is_empty(), "cut to {shorter}");
        }
        let text = unzipped(&bytes, "communications.csv");
        let at = bytes.windows(13).position(|window| window == b"For 456 alone").unwrap();
        let mut changed = bytes.clone();
        changed[at] = b'f';
        let broken = Kept::new(&changed).broken();
        assert!(text.contains("For 456 alone") && broken[0].starts_with("communications.csv"), "{broken:?}");
    }

    async fn an_export_that_was_begun_is_gone_on_with(db: TestDatabase) {
        let desk = talking(db).await;
        let whole = export(&desk, COMPLIANCE, "123", json!({})).await;
        let asked = desk.as_user(COMPLIANCE).post("/api/cases/123/exports/", json!({})).await.ok();
        let id = text(&asked["id"]);
        // A node that died while it wrote left a folder with a draft in it and no note.
        let folder = desk.firm.app.config.exports_folder.clone();
        drop(Workshop::open(&folder, &id).unwrap());
        std::fs::write(folder.join(format!("{id}.part/0001.json.draft")), "half").unwrap();
        run_due_now(&desk.firm.app).await.unwrap();
        let file = desk.as_user(COMPLIANCE).get(&format!("/api/cases/123/exports/{id}/file")).await;
        assert!(file.body == whole);
        assert!(!folder.join(format!("{id}.part")).exists());
    }

    async fn a_wall_that_is_built_meanwhile_ends_an_export_and_hides_those_that_are_made(db: TestDatabase) {
        let desk = talking(db).await;
        export(&desk, PARALEGAL, "123", json!({})).await;
        let asked = desk.as_user(PARALEGAL).post("/api/cases/123/exports/", json!({})).await.ok();
        let path = format!("/api/cases/123/exports/{}", text(&asked["id"]));
        assert_eq!(desk.as_user(PARALEGAL).get(&format!("{path}/file")).await.code(), "export_not_ready");
        let wall = json!({"user_id": desk.firm.user_id(PARALEGAL).to_string()});
        desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
        run_due_now(&desk.firm.app).await.unwrap();
        let ended = desk.as_user(MANAGER).get(&path).await.ok();
        assert_eq!((&ended["state"], &ended["error_code"]), (&json!("failed"), &json!("forbidden")));
        for path in [path.as_str(), "/api/cases/123/exports", "/api/cases/123/communications"] {
            assert_eq!(desk.as_user(PARALEGAL).get(path).await.code(), "not_found", "{path}");
        }
    }

    async fn a_file_is_kept_for_a_week_and_asking_and_fetching_are_in_the_audit(db: TestDatabase) {
        let desk = talking(db).await;
        export(&desk, COMPLIANCE, "123", json!({})).await;
        let acts: Vec<_> = audit(&desk, MANAGER, "case=123").await;
        let named: Vec<_> = acts.iter().map(|(_, act, _)| act.as_str()).filter(|act| act.contains("export")).collect();
        assert_eq!(named, ["download_export", "export_case"]);
        desk.firm.advance(Duration::from_secs(8 * 24 * 3600));
        let rounds = casewire::jobs::recurring::QueueRounds { now: desk.firm.now(), times: desk.firm.app.config.jobs };
        desk.firm.store().write_for_all(rounds).await.unwrap();
        desk.firm.advance(Duration::from_secs(3600));
        run_due_now(&desk.firm.app).await.unwrap();
        let list = desk.as_user(COMPLIANCE).get("/api/cases/123/exports").await.ok();
        assert_eq!(list["items"][0]["state"], "expired");
        let path = format!("/api/cases/123/exports/{}/file", text(&list["items"][0]["id"]));
        assert_eq!(desk.as_user(COMPLIANCE).get(&path).await.code(), "export_expired");
        let left = std::fs::read_dir(&desk.firm.app.config.exports_folder).unwrap().count();
        assert_eq!(left, 0);
    }
}
