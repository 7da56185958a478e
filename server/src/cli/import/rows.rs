//! What a row says, read without the database: numbers in E.164, times, words. The columns of each file: `docs/import.md`.

use casewire_core::messaging::routing::CaseStatus;
use casewire_core::phone::{E164, Region, normalize_phone_to_e164};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::contacts::ContactType;
use casewire_store::phones::Designation;

use super::report::{File, Flaw, Reason, flaw};
use super::table::{Columns, Record};
use crate::ops::cases::{LONGEST_NUMBER, number_of_case};
use crate::ops::people::{LONGEST_LABEL, LONGEST_NAME};

/// The longest name that another system has for a row, in characters.
const LONGEST_ID: usize = 128;
/// The longest text, in characters.
const LONGEST_BODY: usize = 20_000;
/// The longest address of a recording.
const LONGEST_ADDRESS: usize = 2_000;

/// A row of any file.
pub enum Row {
    /// A person.
    Contact {
        external_id: String,
        name: String,
        kind: ContactType,
    },
    /// A number.
    Phone {
        contact: String,
        e164: E164,
        label: String,
        designation: Designation,
    },
    /// A case.
    Case(CaseRow),
    /// A contact on a case.
    CaseContact { case: String, contact: String, role: String },
    /// A text.
    Text(HistoryRow, String),
    /// A call.
    Call(HistoryRow, CallRow),
}

/// A case.
pub struct CaseRow {
    pub mycase_case_id: String,
    pub name: String,
    pub status: CaseStatus,
    pub client: Option<String>,
    pub team: Option<String>,
    pub assigned: Vec<String>,
}

/// What texts and calls have in common.
pub struct HistoryRow {
    pub provider_id: Option<String>,
    pub at: Timestamp,
    pub direction: Direction,
    pub peer: E164,
    pub own_number: Option<E164>,
    pub case: Option<String>,
    pub user: Option<String>,
}

/// What only calls have.
pub struct CallRow {
    pub status: String,
    pub duration_seconds: i64,
    pub recording_url: Option<String>,
}

/// How a call can have ended.
const CALL_STATUSES: [&str; 5] = ["completed", "busy", "no-answer", "failed", "canceled"];

/// The columns of a file.
#[must_use]
pub const fn columns(file: File) -> Columns {
    let (needed, optional): (&[&str], &[&str]) = match file {
        File::Contacts => (&["external_id", "name"], &["contact_type"]),
        File::Phones => (&["contact_external_id", "number"], &["label", "is_primary"]),
        File::Cases => (&["mycase_case_id", "name"], &["status", "client_external_id", "team", "assigned"]),
        File::CaseContacts => (&["mycase_case_id", "contact_external_id", "role"], &[]),
        File::Sms => (
            &["at", "direction", "number", "body"],
            &["provider_id", "organization_number", "case_number", "user"],
        ),
        File::Calls => (
            &["started_at", "direction", "number", "status"],
            &[
                "provider_id",
                "organization_number",
                "matter_id",
                "user",
                "duration_seconds",
                "recording_url",
            ],
        ),
    };
    Columns { needed, optional }
}

/// Where and when rows are read.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Where a number without the code of a country is.
    pub region: Region,
    /// The time: nothing in history is later.
    pub now: Timestamp,
}

/// Reads a row.
///
/// # Errors
/// The first [`Flaw`].
pub fn read(file: File, record: &Record<'_>, setting: Setting) -> Result<Row, Flaw> {
    Ok(match file {
        File::Contacts => Row::Contact {
            external_id: record.needed("external_id", LONGEST_ID)?,
            name: record.needed("name", LONGEST_NAME)?,
            kind: contact_type(record)?,
        },
        File::Phones => Row::Phone {
            contact: record.needed("contact_external_id", LONGEST_ID)?,
            e164: number(record, "number", setting)?,
            label: record.optional("label", LONGEST_LABEL)?.unwrap_or_default(),
            designation: designation(record)?,
        },
        File::Cases => Row::Case(case(record)?),
        File::CaseContacts => Row::CaseContact {
            case: case_number(record, "mycase_case_id")?.map_or_else(|| flaw("mycase_case_id", Reason::Empty), Ok)?,
            contact: record.needed("contact_external_id", LONGEST_ID)?,
            role: record.needed("role", LONGEST_LABEL)?,
        },
        File::Sms => Row::Text(history(record, "at", "case_number", setting)?, record.body("body", LONGEST_BODY)?),
        File::Calls => Row::Call(history(record, "started_at", "matter_id", setting)?, call(record)?),
    })
}

fn case(record: &Record<'_>) -> Result<CaseRow, Flaw> {
    let status = match record.optional("status", 20)?.map(|word| word.to_lowercase()).as_deref() {
        None | Some("open") => CaseStatus::Open,
        Some("closed") => CaseStatus::Closed,
        Some(_) => return flaw("status", Reason::BadWord),
    };
    let assigned = record.optional("assigned", 20_000)?.unwrap_or_default();
    Ok(CaseRow {
        mycase_case_id: case_number(record, "mycase_case_id")?.map_or_else(|| flaw("mycase_case_id", Reason::Empty), Ok)?,
        name: record.needed("name", LONGEST_NAME)?,
        status,
        client: record.optional("client_external_id", LONGEST_ID)?,
        team: record.optional("team", LONGEST_NAME)?,
        assigned: assigned
            .split(';')
            .map(str::trim)
            .filter(|email| !email.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

fn history(record: &Record<'_>, at: &'static str, case: &'static str, setting: Setting) -> Result<HistoryRow, Flaw> {
    let Ok(direction) = record.needed("direction", 20)?.to_lowercase().parse::<Direction>() else {
        return flaw("direction", Reason::BadWord);
    };
    let time = match record.needed(at, 40)?.parse::<Timestamp>() {
        Ok(time) if time <= setting.now => time,
        _ => return flaw(at, Reason::BadTime),
    };
    let has_own_number = record.optional("organization_number", 40)?.is_some();
    Ok(HistoryRow {
        provider_id: record.optional("provider_id", LONGEST_ID)?,
        at: time,
        direction,
        peer: number(record, "number", setting)?,
        own_number: has_own_number.then(|| number(record, "organization_number", setting)).transpose()?,
        case: case_number(record, case)?,
        user: record.optional("user", 320)?,
    })
}

fn call(record: &Record<'_>) -> Result<CallRow, Flaw> {
    let status = record.needed("status", 20)?.to_lowercase();
    if !CALL_STATUSES.contains(&status.as_str()) {
        return flaw("status", Reason::BadWord);
    }
    let duration = record.optional("duration_seconds", 10)?.unwrap_or_else(|| "0".to_owned());
    let Ok(duration_seconds) = duration.parse::<u32>() else {
        return flaw("duration_seconds", Reason::BadCount);
    };
    let recording_url = record.optional("recording_url", LONGEST_ADDRESS)?;
    if recording_url.as_deref().is_some_and(|address| !address.starts_with("https://")) {
        return flaw("recording_url", Reason::BadAddress);
    }
    Ok(CallRow {
        status,
        duration_seconds: duration_seconds.into(),
        recording_url,
    })
}

fn case_number(record: &Record<'_>, column: &'static str) -> Result<Option<String>, Flaw> {
    let Some(text) = record.optional(column, LONGEST_NUMBER)? else {
        return Ok(None);
    };
    number_of_case(&text).map_or_else(|_| flaw(column, Reason::BadCaseNumber), |number| Ok(Some(number)))
}

fn number(record: &Record<'_>, column: &'static str, setting: Setting) -> Result<E164, Flaw> {
    let text = record.needed(column, 40)?;
    normalize_phone_to_e164(&text, Some(setting.region)).or_else(|_| flaw(column, Reason::BadNumber))
}

fn contact_type(record: &Record<'_>) -> Result<ContactType, Flaw> {
    let Some(word) = record.optional("contact_type", 20)? else {
        return Ok(ContactType::Other);
    };
    ContactType::from_word(&word.to_uppercase()).map_or_else(|| flaw("contact_type", Reason::BadWord), Ok)
}

fn designation(record: &Record<'_>) -> Result<Designation, Flaw> {
    match record.optional("is_primary", 20)?.map(|word| word.to_lowercase()).as_deref() {
        Some("true" | "yes" | "1") => Ok(Designation::Primary),
        None | Some("false" | "no" | "0") => Ok(Designation::AsItIs),
        Some(_) => flaw("is_primary", Reason::BadWord),
    }
}
