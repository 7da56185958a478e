//! `casewire verify`: a sound audit passes, and whatever is changed in it, in the database or in an export, is named.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::path::PathBuf;
use std::time::Duration;

use casewire::audit::key::SigningKey;
use casewire::cli::verify::{Findings, audit_file, database};
use casewire::jobs::{recurring, run_due_now};
use casewire_store::testing::TestDatabase;
use casewire_store::{Value as Stored, on_both_engines};
use serde_json::{Value, json};

use super::lines;
use crate::inbox::desk::{AGENT, COMPLIANCE, Desk, JANE, SUPERVISOR};

/// Signs what there is.
async fn sign(desk: &Desk) {
    desk.firm.advance(Duration::from_secs(60));
    let rounds = recurring::QueueRounds {
        now: desk.firm.now(),
        times: desk.firm.app.config.jobs,
    };
    desk.firm.store().write_for_all(rounds).await.unwrap();
    desk.firm.advance(Duration::from_secs(60));
    run_due_now(&desk.firm.app).await.unwrap();
}

async fn check(desk: &Desk) -> Findings {
    database::check_store(desk.firm.store(), None).await.unwrap()
}

/// A firm whose audit has entries before and behind a checkpoint.
async fn at_work(db: TestDatabase) -> Desk {
    let desk = Desk::open(db).await;
    sign(&desk).await;
    let offered = desk.arrives(JANE, "Which one?").await;
    desk.act(AGENT, &offered, "claim", json!({"case_id": "123"})).await.ok();
    sign(&desk).await;
    desk.act(AGENT, &offered, "release", json!({})).await.ok();
    desk
}

/// Whoever owns the database can take the triggers away. That is what the chain and its signatures are for.
async fn without_triggers(desk: &Desk) {
    let is_sqlite = desk.firm.database().path().is_some();
    let drops: [&'static str; 4] = if is_sqlite {
        [
            "drop trigger audit_entries_stay",
            "drop trigger audit_entries_remain",
            "drop trigger audit_checkpoints_stay",
            "drop trigger audit_checkpoints_remain",
        ]
    } else {
        [
            "drop trigger audit_entries_stay on audit_entries",
            "drop trigger audit_entries_remain on audit_entries",
            "drop trigger audit_checkpoints_stay on audit_checkpoints",
            "drop trigger audit_checkpoints_remain on audit_checkpoints",
        ]
    };
    for sql in drops.into_iter().chain([
        "create table kept_entries as select * from audit_entries",
        "create table kept_checkpoints as select * from audit_checkpoints",
        "create table kept_heads as select * from audit_heads",
    ]) {
        desk.sql(sql, Vec::new()).await;
    }
}

async fn restore(desk: &Desk) {
    for sql in [
        "delete from audit_entries",
        "insert into audit_entries select * from kept_entries",
        "delete from audit_checkpoints",
        "insert into audit_checkpoints select * from kept_checkpoints",
        "delete from audit_heads",
        "insert into audit_heads select * from kept_heads",
    ] {
        desk.sql(sql, Vec::new()).await;
    }
}

/// Every field that there is, changed once, and what is named then.
const CHANGES: &[(&str, &str)] = &[
    ("update audit_entries set at = at + 1 where seq = 5", "entry 5 does not hold"),
    ("update audit_entries set kind = 'read' where seq = 5", "entry 5 does not hold"),
    (
        "update audit_entries set kind = 'none of ours' where seq = 5",
        "entry 5 does not hold",
    ),
    ("update audit_entries set user_id = null where seq = 5", "entry 5 does not hold"),
    ("update audit_entries set user_id = case_id where seq = 5", "entry 5 does not hold"),
    ("update audit_entries set act = act || 'x' where seq = 5", "entry 5 does not hold"),
    ("update audit_entries set subject = '' where seq = 5", "entry 5 does not hold"),
    ("update audit_entries set case_id = user_id where seq = 5", "entry 5 does not hold"),
    (
        "update audit_entries set contact_id = user_id where seq = 5",
        "entry 5 does not hold",
    ),
    (
        "update audit_entries set outcome = 'refused' where seq = 5",
        "entry 5 does not hold",
    ),
    ("update audit_entries set detail = 'x' where seq = 5", "entry 5 does not hold"),
    ("update audit_entries set hash = $1 where seq = 5", "entry 5 does not hold"),
    ("update audit_entries set seq = seq + 1000 where seq = 5", "entry 5 is missing"),
    ("delete from audit_entries where seq = 5", "entry 5 is missing"),
    ("delete from audit_entries where seq = 1", "entry 1 is missing"),
    (
        "delete from audit_entries where seq = (select max(last_seq) from audit_heads)",
        "is missing",
    ),
    (
        "update audit_heads set last_seq = last_seq - 1",
        "the end of the chain does not hold",
    ),
    ("update audit_heads set last_hash = $1", "the end of the chain does not hold"),
    (
        "update audit_checkpoints set hash = $1 where seq = (select min(seq) from audit_checkpoints)",
        "is not signed by its key",
    ),
    (
        "update audit_checkpoints set at = at + 1 where seq = (select min(seq) from audit_checkpoints)",
        "is not signed by its key",
    ),
    (
        "update audit_checkpoints set seq = seq - 1 where seq = (select min(seq) from audit_checkpoints)",
        "is not signed by its key",
    ),
    (
        "update audit_checkpoints set public_key = $1 where seq = (select min(seq) from audit_checkpoints)",
        "is not signed by its key",
    ),
    (
        "update audit_checkpoints set signature = $2 where seq = (select min(seq) from audit_checkpoints)",
        "is not signed by its key",
    ),
];

on_both_engines! {
    async fn a_sound_audit_holds_and_is_signed_by_the_key_of_the_file(db: TestDatabase) {
        let desk = at_work(db).await;
        let findings = check(&desk).await;
        assert_eq!(findings.broken, [] as [&str; 0]);
        let key = SigningKey::of_file(&desk.firm.app.config.audit_key_file).unwrap().public();
        assert_eq!(findings.keys.into_iter().collect::<Vec<_>>(), [key]);
        assert!(database::check_store(desk.firm.store(), Some(&key)).await.unwrap().broken.is_empty());
        let other = database::check_store(desk.firm.store(), Some(&[7; 32])).await.unwrap();
        assert!(other.broken[0].contains("another key"), "{:?}", other.broken);
        let chain = desk.as_user(COMPLIANCE).get("/api/audit/chain").await.ok();
        assert_eq!((&chain["verified_to"], &chain["breaks_at"]), (&chain["entries"], &Value::Null));
        assert!(chain["checkpoint"]["seq"].as_i64().unwrap() < chain["entries"].as_i64().unwrap());
        assert_eq!(chain["checkpoint"]["public_key"], casewire_core::audit::hex(&key));
    }

    async fn every_field_of_the_audit_that_is_changed_is_named(db: TestDatabase) {
        let desk = at_work(db).await;
        without_triggers(&desk).await;
        let bytes = [Stored::Bytes(vec![9; 32]), Stored::Bytes(vec![9; 64])];
        for (sql, named) in CHANGES {
            let values = match (sql.contains("$1"), sql.contains("$2")) {
                (true, _) => vec![bytes[0].clone()],
                (_, true) => vec![bytes[1].clone()],
                (false, false) => Vec::new(),
            };
            // One parameter is always the first.
            let sql: &'static str = Box::leak(sql.replace("$2", "$1").into_boxed_str());
            desk.sql(sql, values).await;
            let findings = check(&desk).await;
            assert!(findings.broken.len() == 1 && findings.broken[0].contains(named), "{sql}: {:?}", findings.broken);
            restore(&desk).await;
            assert!(check(&desk).await.broken.is_empty(), "{sql} was undone");
        }
    }

    async fn an_audit_whose_end_was_cut_off_together_with_its_head_is_short_of_its_last_checkpoint(db: TestDatabase) {
        let desk = at_work(db).await;
        without_triggers(&desk).await;
        let first = "(select min(seq) from audit_checkpoints)";
        for sql in [
            format!("delete from audit_entries where seq > {first}"),
            format!("update audit_heads set last_seq = {first}, last_hash = (select hash from audit_entries where seq = {first})"),
        ] {
            desk.sql(Box::leak(sql.into_boxed_str()), Vec::new()).await;
        }
        let findings = check(&desk).await;
        assert!(findings.broken[0].ends_with("is missing"), "{:?}", findings.broken);
    }

    async fn what_does_not_hold_is_never_signed_and_is_shown(db: TestDatabase) {
        let desk = at_work(db).await;
        without_triggers(&desk).await;
        let last = "select cast(max(seq) as text) from audit_checkpoints";
        let signed = desk.column(last, Vec::new()).await;
        desk.sql("update audit_entries set detail = 'x' where act = 'release_text'", Vec::new()).await;
        sign(&desk).await;
        assert_eq!(desk.column(last, Vec::new()).await, signed);
        let chain = desk.as_user(COMPLIANCE).get("/api/audit/chain").await.ok();
        let changed = lines(&desk, COMPLIANCE, "act=release_text").await[0]["seq"].clone();
        assert_eq!(chain["breaks_at"], changed);
    }

    async fn an_export_of_the_audit_holds_by_itself_and_every_line_that_is_changed_is_named(db: TestDatabase) {
        let desk = at_work(db).await;
        for (role, query) in [(COMPLIANCE, ""), (COMPLIANCE, "case=123"), (SUPERVISOR, "kind=act&act=claim_text")] {
            let file = export(&desk, role, query).await;
            let findings = audit_file::check(&file.0, None).unwrap();
            assert_eq!(findings.broken, [] as [&str; 0], "{query}");
            let text = std::fs::read_to_string(&file.0).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for (index, line) in lines.iter().enumerate() {
                // Every byte of an entry's line would take long: a digit or letter in the middle of each field does.
                for (at, byte) in line.bytes().enumerate().filter(|(at, byte)| at % 5 == index % 5 && byte.is_ascii_alphanumeric()) {
                    let mut changed: Vec<Vec<u8>> = lines.iter().map(|line| line.as_bytes().to_vec()).collect();
                    changed[index][at] = if byte == b'1' { b'2' } else { b'1' };
                    std::fs::write(&file.0, changed.join(&b'\n')).unwrap();
                    let is_named = audit_file::check(&file.0, None).map_or(true, |findings| !findings.broken.is_empty());
                    assert!(is_named, "{query}: line {index}, byte {at}: {line}");
                }
                let mut without = lines.clone();
                without.remove(index);
                std::fs::write(&file.0, without.join("\n")).unwrap();
                let is_named = audit_file::check(&file.0, None).map_or(true, |findings| !findings.broken.is_empty());
                assert!(is_named, "{query}: without line {index}: {line}");
            }
        }
        let entries = lines(&desk, COMPLIANCE, "act=export_audit").await;
        assert_eq!(entries.len(), 3, "the exports are in the audit: {entries:?}");
    }
}

/// A file that is gone with the test.
struct Exported(PathBuf);

impl Drop for Exported {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

async fn export(desk: &Desk, role: &str, query: &str) -> Exported {
    let told = desk.as_user(role).get(&format!("/api/audit/export?{query}")).await;
    assert!(told.status.is_success(), "{}", told.text());
    let name = format!("casewire-test-{}.jsonl", casewire_store::mint::<casewire_core::id::JobId>());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, &told.body).unwrap();
    Exported(path)
}
