//! The entries of an export as CSV, for a spreadsheet: one row each, UTF-8 with its mark, and no cell that a spreadsheet would take
//! for a formula, whatever somebody texted.

use super::ExportError;
use super::entry::Entry;

/// The mark by which a spreadsheet knows UTF-8, and the names of the columns.
pub const HEAD: &str = "\u{feff}number,at_utc,at_local,time_zone,channel,direction,name,role,their_number,firm_number,agent,text,status,error_code,duration_seconds,attachments,standing,claimed_by,claimed_at,notes,id,in_reply_to\r\n";

/// The rows of entries.
///
/// # Errors
/// [`ExportError`].
pub fn rows(entries: &[Entry]) -> Result<Vec<u8>, ExportError> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .has_headers(false)
        .from_writer(Vec::new());
    for entry in entries {
        let name_of = |user: &Option<super::entry::EntryUser>| user.as_ref().map_or_else(String::new, |user| user.name.clone());
        let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
        let attachments: Vec<_> = entry.attachments.iter().map(|media| media.content_type.as_str()).collect();
        let cells = [
            entry.number.to_string(),
            entry.at.clone(),
            entry.at_local.clone(),
            entry.time_zone.clone(),
            entry.channel.clone(),
            entry.direction.clone(),
            entry.person.name.clone(),
            entry.person.role.clone().unwrap_or_default(),
            entry.person.number.clone(),
            entry.firm_number.clone().unwrap_or_default(),
            name_of(&entry.agent),
            entry.body.clone().unwrap_or_default(),
            entry.status.clone().unwrap_or_default(),
            number(entry.error_code),
            number(entry.duration_seconds),
            attachments.join("; "),
            entry.standing.clone().unwrap_or_default(),
            name_of(&entry.claimed_by),
            entry.claimed_at.clone().unwrap_or_default(),
            entry.notes.join(" "),
            entry.id.clone(),
            entry.in_reply_to.clone().unwrap_or_default(),
        ];
        writer.write_record(cells.iter().map(|cell| harmless(cell)))?;
    }
    writer.into_inner().map_err(|error| ExportError::File(error.into_error()))
}

/// A cell that no spreadsheet takes for a formula: one that begins like a formula has an apostrophe before it, which shows that it is
/// text. Also behind white space, in full width, and where a line within it begins so.
#[must_use]
pub fn harmless(cell: &str) -> String {
    const STARTS: [char; 10] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'];
    let begins = |text: &str| text.starts_with(STARTS) || text.trim_start().starts_with(STARTS);
    if begins(cell) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for cell in [
            "=1+1",
            "+12125550123",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "  =cmd|' /C calc'!A0",
            "＝1",
            "\n=1",
        ] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["", "Hello = yes", "(212) 555-0123", "a\n=1"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
