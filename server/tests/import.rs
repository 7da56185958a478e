//! The import from CSV: twice is once, a refused row stops nothing, and no file's content reaches a log or the report.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::PathBuf;

use casewire::cli::import::{self, ImportArgs, ImportError, Outcome, report::File};
use casewire_core::id::OrganizationId;
use casewire_store::on_both_engines;
use serde_json::json;

use crate::support::Firm;

const CONTACTS: &str = "external_id,name,contact_type\nc-1,Jane Smith,WITNESS\nc-2,Robert Roe,client\nc-3,Twin One,\nc-4,Twin Two,\n";
const PHONES: &str = "contact_external_id,number,label,is_primary\nc-1,(212) 555-0123,mobile,\nc-1,+12125550124,work,yes\n\
    c-2,+442079460018,,\nc-3,+12125550177,,\nc-4,+12125550177,,\n";
const CASES: &str = "mycase_case_id,name,status,client_external_id,team,assigned\n\
    123,Roe v. Acme,,c-2,Litigation,agent@firm.example; paralegal@firm.example\n456,Old matter,closed,,,\n";
const LINKS: &str = "mycase_case_id,contact_external_id,role\n123,c-1,witness\n456,c-1,Opposing Party\n";
const SMS: &str = "provider_id,at,direction,number,organization_number,case_number,user,body\n\
    SM1,2025-11-03T16:20:00Z,inbound,+12125550123,+14155550100,123,,\"Yes, I\nsaw it.\"\n\
    ,2025-11-03T16:21:00Z,outbound,+12125550123,,123,agent@firm.example,Thank you.\n\
    ,2025-11-03T16:21:00Z,outbound,+12125550123,,123,agent@firm.example,Thank you.\n\
    ,2025-11-04T10:00:00Z,inbound,+12125550177,,123,,Who of us?\n\
    ,2025-11-05T10:00:00Z,inbound,+442079460018,,,,A word\n\
    ,2025-11-06T10:00:00Z,inbound,+13105550142,,,,A stranger\n";
const CALLS: &str = "started_at,direction,number,matter_id,status,duration_seconds\n\
    2025-11-04T09:00:00-05:00,outbound,+12125550123,123,completed,185\n";

/// Files in a folder that is gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = casewire_store::mint::<OrganizationId>().to_string();
        let path = std::env::temp_dir().join(format!("casewire-import-{name}"));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> Option<PathBuf> {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        Some(path)
    }

    fn everything(&self, firm: &Firm) -> ImportArgs {
        ImportArgs {
            contacts: self.file("contacts", CONTACTS),
            phones: self.file("phones", PHONES),
            cases: self.file("cases", CASES),
            case_contacts: self.file("links", LINKS),
            sms: self.file("sms", SMS),
            calls: self.file("calls", CALLS),
            ..nothing(firm)
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn nothing(firm: &Firm) -> ImportArgs {
    ImportArgs {
        organization: firm.organization().to_string(),
        contacts: None,
        phones: None,
        cases: None,
        case_contacts: None,
        sms: None,
        calls: None,
        dry_run: false,
        report: None,
    }
}

async fn import(firm: &Firm, args: &ImportArgs) -> Result<(Outcome, String), ImportError> {
    let mut out = Vec::new();
    let outcome = import::run(firm.store(), firm.now(), args, &mut out).await?;
    Ok((outcome, String::from_utf8(out).unwrap()))
}

fn counts(outcome: &Outcome) -> Vec<(File, [u64; 4])> {
    outcome
        .counts
        .iter()
        .map(|(file, c)| (*file, [c.added, c.changed, c.unchanged, c.refused]))
        .collect()
}

/// Line, column and reason of each refused row.
fn refused(outcome: &Outcome) -> Vec<(u64, &'static str, &'static str)> {
    outcome
        .refused
        .iter()
        .map(|refused| (refused.line, refused.flaw.column, refused.flaw.reason.code()))
        .collect()
}

on_both_engines! {
    async fn everything_arrives_and_a_second_import_changes_nothing(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        let args = folder.everything(&firm);
        let (first, said) = import(&firm, &args).await.unwrap();
        let files = [File::Contacts, File::Phones, File::Cases, File::CaseContacts, File::Sms, File::Calls];
        let rows = [4, 5, 2, 2, 6, 1];
        let expected: Vec<_> = files.into_iter().zip(rows).map(|(file, count)| (file, [count, 0, 0, 0])).collect();
        assert_eq!(counts(&first), expected);
        assert!(said.contains("sms: 6 added, 0 changed, 0 unchanged, 0 refused"), "{said}");
        let (second, _) = import(&firm, &args).await.unwrap();
        let expected: Vec<_> = files.into_iter().zip(rows).map(|(file, count)| (file, [0, 0, count, 0])).collect();
        assert_eq!(counts(&second), expected);

        let agent = firm.user("Agent Specialist");
        let case = agent.get("/api/cases/123/").await.ok();
        assert_eq!((&case["client_name"], &case["team_name"]), (&json!("Robert Roe"), &json!("Litigation")));
        assert_eq!(case["assigned"].as_array().map(Vec::len), Some(2));
        let people = agent.get("/api/cases/123/contacts/").await.ok();
        assert_eq!(people["items"][1]["role"], "Witness");
        let phones: Vec<_> = people["items"][1]["contact"]["phones"].as_array().unwrap().iter().map(|phone| phone["e164"].clone()).collect();
        assert_eq!(phones, [json!("+12125550124"), json!("+12125550123")]);
    }

    async fn old_rows_stand_in_the_conversations_of_their_case(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        import(&firm, &folder.everything(&firm)).await.unwrap();
        let agent = firm.user("Agent Specialist");
        let list = agent.get("/api/omnichannel/conversations/?case_id=123").await.ok();
        let names: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["person"]["name"].clone()).collect();
        assert_eq!(names, [json!("Jane Smith"), json!("(212) 555-0177")]);
        let jane = list["items"][0]["id"].as_str().unwrap();
        let items = agent.get(&format!("/api/omnichannel/conversations/{jane}/items/")).await.ok();
        assert_eq!(items["items"].as_array().map(Vec::len), Some(4), "two texts that are equal are two, and there is a call: {items}");
    }

    async fn a_dry_run_tells_the_same_and_stores_nothing(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        let args = folder.everything(&firm);
        let (dry, said) = import(&firm, &ImportArgs { dry_run: true, ..args.clone() }).await.unwrap();
        assert!(said.starts_with("dry run"), "{said}");
        assert_eq!(firm.user("Attorney").get("/api/contacts/").await.ok()["items"], json!([]));
        assert_eq!(firm.user("Attorney").get("/api/cases/").await.ok()["items"], json!([]));
        let (wet, _) = import(&firm, &args).await.unwrap();
        assert_eq!(dry, wet);
    }

    async fn each_bad_row_is_refused_with_line_column_and_reason(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        import(&firm, &ImportArgs { sms: None, calls: None, ..folder.everything(&firm) }).await.unwrap();
        let long = "x".repeat(201);
        let contacts = [b"name,external_id\nGood One,g-1\n,g-2\nNo Id,\n".as_slice(), b"Bad \xff,g-3\n", long.as_bytes(), b",g-4\n",
            b"Twice,g-1\nToo,many,fields\n\"Two\nlines\",g-5\n"].concat();
        let args = ImportArgs { contacts: folder.file("bad", contacts), ..nothing(&firm) };
        let (outcome, _) = import(&firm, &args).await.unwrap();
        assert_eq!(refused(&outcome), [(3, "name", "empty"), (4, "external_id", "empty"), (5, "name", "invalid_utf8"), (6, "name", "too_long"),
            (7, "external_id", "duplicate"), (8, "", "wrong_length"), (9, "name", "control_character")]);
        assert_eq!(counts(&outcome), [(File::Contacts, [1, 0, 0, 7])]);

        let phones = "contact_external_id,number,is_primary\nc-1,12,\nc-99,+12125550100,\nc-1,+12125550150,perhaps\nc-1,+12125550150,\nc-1,212 555 0150,\n";
        let cases = "mycase_case_id,name,status,client_external_id,team,assigned\n1/2,Slash,,,,\n7,Odd,pending,,,\n8,No client,,c-99,,\n\
            9,No team,,,Nobody,\n10,No user,,,,nobody@firm.example\n123,Client linked,,c-1,,\n";
        let links = "mycase_case_id,contact_external_id,role\n999,c-1,Witness\n123,c-99,Witness\n123,c-4,Friend\n123,c-2,Witness\n123,c-3,Other\n123,c-3,Adjuster\n";
        let args = ImportArgs { phones: folder.file("bad-phones", phones), cases: folder.file("bad-cases", cases),
            case_contacts: folder.file("bad-links", links), ..nothing(&firm) };
        let (outcome, _) = import(&firm, &args).await.unwrap();
        assert_eq!(refused(&outcome), [(2, "number", "bad_number"), (3, "contact_external_id", "unknown_contact"), (4, "is_primary", "bad_word"),
            (6, "number", "duplicate"),
            (2, "mycase_case_id", "bad_case_number"), (3, "status", "bad_word"), (4, "client_external_id", "unknown_contact"),
            (5, "team", "unknown_team"), (6, "assigned", "unknown_user"), (7, "client_external_id", "client_on_case"),
            (2, "mycase_case_id", "unknown_case"), (3, "contact_external_id", "unknown_contact"), (4, "role", "unknown_role"),
            (5, "contact_external_id", "client_on_case"), (7, "contact_external_id", "duplicate")]);

        let sms = "at,direction,number,case_number,organization_number,user,body\n\
            yesterday,inbound,+12125550123,,,,a\n2025-11-03 16:20:00,inbound,+12125550123,,,,b\n2093-01-01T00:00:00Z,inbound,+12125550123,,,,c\n\
            2025-11-03T16:20:00Z,sideways,+12125550123,,,,d\n2025-11-03T16:20:00Z,inbound,12,,,,e\n2025-11-03T16:20:00Z,inbound,+12125550123,999,,,f\n\
            2025-11-03T16:20:00Z,inbound,+12125550123,,+12125550199,,g\n2025-11-03T16:20:00Z,outbound,+12125550123,,,nobody@firm.example,h\n";
        let calls = "started_at,direction,number,status,duration_seconds,recording_url\n2025-11-03T16:20:00Z,inbound,+12125550123,answered,,\n\
            2025-11-03T16:20:00Z,inbound,+12125550123,completed,-1,\n2025-11-03T16:20:00Z,inbound,+12125550123,completed,1,file:///etc/passwd\n";
        let args = ImportArgs { sms: folder.file("bad-sms", sms), calls: folder.file("bad-calls", calls), ..nothing(&firm) };
        let (outcome, _) = import(&firm, &args).await.unwrap();
        assert_eq!(refused(&outcome), [(2, "at", "bad_time"), (3, "at", "bad_time"), (4, "at", "bad_time"), (5, "direction", "bad_word"),
            (6, "number", "bad_number"), (7, "case_number", "unknown_case"), (8, "organization_number", "unknown_number"),
            (9, "user", "unknown_user"), (2, "status", "bad_word"), (3, "duration_seconds", "bad_count"), (4, "recording_url", "bad_address")]);
    }

    async fn a_wrong_first_line_refuses_its_file_and_no_other(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        let args = ImportArgs { contacts: folder.file("c", "external_id,nmae\nc-1,Jane\n"), phones: folder.file("p", "contact_external_id,label\n"),
            cases: folder.file("k", "\u{feff}mycase_case_id,name\n123,Good\n"), case_contacts: folder.file("l", ""),
            report: Some(folder.0.join("report")), ..nothing(&firm) };
        let (outcome, _) = import(&firm, &args).await.unwrap();
        assert_eq!(refused(&outcome), [(1, "", "unknown_column"), (1, "number", "missing_column"), (1, "mycase_case_id", "missing_column")]);
        assert_eq!(outcome.counts[&File::Cases].added, 1);
        let report = std::fs::read_to_string(folder.0.join("report")).unwrap();
        assert!(report.starts_with("file,line,column,reason,explanation\ncontacts,1,,unknown_column,"), "{report}");
        assert!(!report.contains("Jane"));
    }

    async fn what_was_removed_by_hand_is_not_added_again(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        let args = folder.everything(&firm);
        import(&firm, &args).await.unwrap();
        let people = firm.user("Attorney").get("/api/cases/123/contacts/").await.ok();
        firm.user("Attorney").delete(&format!("/api/cases/123/contacts/{}/", people["items"][1]["id"].as_str().unwrap())).await.ok();
        let (outcome, _) = import(&firm, &args).await.unwrap();
        assert_eq!(refused(&outcome), [(2, "contact_external_id", "was_removed")]);
    }

    async fn more_rows_than_a_batch_all_arrive(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        let mut contacts = String::from("external_id,name\n");
        for number in 0..1_201 {
            contacts.push_str(&format!("x-{number},Person {number}\n"));
        }
        let args = ImportArgs { contacts: folder.file("many", contacts), ..nothing(&firm) };
        let (outcome, _) = import(&firm, &args).await.unwrap();
        assert_eq!(counts(&outcome), [(File::Contacts, [1_201, 0, 0, 0])]);
        let found = firm.user("Attorney").get("/api/contacts/?q=person%201200").await.ok();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    }

    async fn who_cannot_be_imported_for_and_what_cannot_be_read_is_an_error(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let folder = Folder::new();
        let stranger = ImportArgs { organization: "Nobody LLP".to_owned(), ..folder.everything(&firm) };
        assert!(matches!(import(&firm, &stranger).await, Err(ImportError::Organization)));
        assert!(matches!(import(&firm, &nothing(&firm)).await, Err(ImportError::Nothing)));
        let missing = ImportArgs { contacts: Some(folder.0.join("nowhere")), ..nothing(&firm) };
        assert!(matches!(import(&firm, &missing).await, Err(ImportError::File { file: "contacts", .. })));
        let by_name = ImportArgs { organization: "Quillfeather & Partners".to_owned(), ..folder.everything(&firm) };
        import(&firm, &by_name).await.unwrap();
        assert_eq!(firm.user("Attorney").get("/api/contacts/").await.ok()["items"].as_array().map(Vec::len), Some(4));
    }
}
