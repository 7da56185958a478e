//! The rows of a file that are fit to be stored, one after the other, each with the name it is found again by. Refuses a key
//! that an earlier row of the file has; history without ids of its own gets one made of what the row says.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::report::{File, Flaw, Reason, Refused, flaw};
use super::rows::{self, HistoryRow, Row, Setting};
use super::table::Table;

/// A row that is fit to be stored.
pub struct Ready {
    /// Where it begins.
    pub line: u64,
    /// What it says.
    pub row: Row,
    /// The name of a text or call; empty for anything else.
    pub provider_id: String,
}

/// A file that is being read.
pub struct Source {
    file: File,
    table: Option<Table>,
    setting: Setting,
    seen: HashMap<[u8; 16], u32>,
    unfit: Option<Refused>,
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn open(file: File, path: &Path, setting: Setting) -> Result<Self, csv::Error> {
        let (table, unfit) = match Table::open(path, rows::columns(file))? {
            Ok(table) => (Some(table), None),
            Err(flaw) => (None, Some(Refused { file, line: 1, flaw })),
        };
        Ok(Self {
            file,
            table,
            setting,
            seen: HashMap::new(),
            unfit,
        })
    }

    /// The next row, fit or refused; none at the end.
    ///
    /// # Errors
    /// Where the file cannot be read any further.
    pub fn next(&mut self) -> Result<Option<Result<Ready, Refused>>, csv::Error> {
        if let Some(unfit) = self.unfit.take() {
            return Ok(Some(Err(unfit)));
        }
        let Some(table) = &mut self.table else { return Ok(None) };
        let Some((line, record)) = table.next()? else { return Ok(None) };
        let read = record.and_then(|record| rows::read(self.file, &record, self.setting));
        let named = read.and_then(|row| Ok((name(&row, &mut self.seen)?, row)));
        let file = self.file;
        Ok(Some(
            named
                .map(|(provider_id, row)| Ready { line, row, provider_id })
                .map_err(|flaw| Refused { file, line, flaw }),
        ))
    }
}

/// What a text or call is found again by, after a look at whether the row's key is new in this file.
fn name(row: &Row, seen: &mut HashMap<[u8; 16], u32>) -> Result<String, Flaw> {
    let (column, key) = match row {
        Row::Contact { external_id, .. } => ("external_id", digest(&[external_id])),
        Row::Phone { contact, e164, .. } => ("number", digest(&[contact, exposed(e164)])),
        Row::Case(case) => ("mycase_case_id", digest(&[&case.mycase_case_id])),
        Row::CaseContact { case, contact, .. } => ("contact_external_id", digest(&[case, contact])),
        Row::Text(history, body) => return history_name(history, &[body], seen),
        Row::Call(history, call) => return history_name(history, &[&call.status, &call.duration_seconds.to_string()], seen),
    };
    if seen.insert(key, 0).is_some() {
        flaw(column, Reason::Duplicate)
    } else {
        Ok(String::new())
    }
}

/// The carrier's id; else a name made of the row, and of how many equal rows stand before it in the file.
fn history_name(row: &HistoryRow, more: &[&str], seen: &mut HashMap<[u8; 16], u32>) -> Result<String, Flaw> {
    if let Some(id) = &row.provider_id {
        let new = seen.insert(digest(&["id", id]), 0).is_none();
        return if new {
            Ok(id.clone())
        } else {
            flaw("provider_id", Reason::Duplicate)
        };
    }
    let at = row.at.as_micros().to_string();
    let own = row.own_number.as_ref().map_or("", exposed);
    let case = row.case.as_deref().unwrap_or_default();
    let mut fields = vec!["row", &at, row.direction.as_str(), exposed(&row.peer), own, case];
    fields.extend(more);
    let key = digest(&fields);
    let before = seen.entry(key).and_modify(|count| *count += 1).or_insert(0);
    Ok(format!("import-{:032x}-{before}", u128::from_be_bytes(key)))
}

#[expect(clippy::disallowed_methods, reason = "a row's name is made of its number, which a digest hides")]
fn exposed(number: &casewire_core::phone::E164) -> &str {
    number.expose()
}

fn digest(fields: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for field in fields {
        hash.update(field.len().to_be_bytes());
        hash.update(field.as_bytes());
    }
    let full: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.iter_mut().zip(full).for_each(|(to, from)| *to = from);
    half
}
