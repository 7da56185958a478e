//! A CSV file, row by row, with the line each row begins in. Refuses a file whose first line lacks a column or names an unknown
//! one; a row that cannot be read stops nothing but itself.

use std::fs;
use std::path::Path;

use csv::ByteRecord;

use super::report::{Flaw, Reason, flaw};

/// The columns of a kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// Those it must have.
    pub needed: &'static [&'static str],
    /// Those it may have.
    pub optional: &'static [&'static str],
}

/// An open file.
pub struct Table {
    reader: csv::Reader<fs::File>,
    header: Vec<&'static str>,
}

/// A row.
pub struct Record<'t> {
    header: &'t [&'static str],
    fields: ByteRecord,
}

/// The line in which a row begins, and the row.
pub type Line<'t> = (u64, Result<Record<'t>, Flaw>);

/// The column and what is wrong with it; the column's name is cut off where it is not one of ours.
pub type Header = Result<Table, Flaw>;

impl Table {
    /// Opens a file and reads its first line.
    ///
    /// # Errors
    /// Where the file cannot be read; within it, where the first line is not what it should be.
    pub fn open(path: &Path, columns: Columns) -> Result<Header, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
        let names = reader.byte_headers()?.clone();
        let mut header: Vec<&'static str> = Vec::with_capacity(names.len());
        for name in &names {
            let known = columns
                .needed
                .iter()
                .chain(columns.optional)
                .find(|known| known.as_bytes() == name.trim_ascii());
            match known {
                Some(known) if !header.contains(known) => header.push(known),
                _ => return Ok(flaw("", Reason::UnknownColumn)),
            }
        }
        if let Some(missing) = columns.needed.iter().find(|needed| !header.contains(needed)) {
            return Ok(flaw(missing, Reason::MissingColumn));
        }
        Ok(Ok(Self { reader, header }))
    }

    /// The next row and its line; none at the end.
    ///
    /// # Errors
    /// Where the file cannot be read any further.
    pub fn next(&mut self) -> Result<Option<Line<'_>>, csv::Error> {
        let mut fields = ByteRecord::new();
        if !self.reader.read_byte_record(&mut fields)? {
            return Ok(None);
        }
        let line = fields.position().map_or(0, csv::Position::line);
        let record = if fields.len() == self.header.len() {
            Ok(Record {
                header: &self.header,
                fields,
            })
        } else {
            flaw("", Reason::WrongLength)
        };
        Ok(Some((line, record)))
    }
}

impl Record<'_> {
    /// A text that must be there, on one line.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn needed(&self, column: &'static str, longest: usize) -> Result<String, Flaw> {
        self.optional(column, longest)?.map_or_else(|| flaw(column, Reason::Empty), Ok)
    }

    /// A text that may be there, on one line.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn optional(&self, column: &'static str, longest: usize) -> Result<Option<String>, Flaw> {
        let text = self.body(column, longest)?;
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().any(char::is_control) {
            return flaw(column, Reason::ControlCharacter);
        }
        Ok(Some(text.to_owned()))
    }

    /// A text as it stands there, line breaks and all; empty where the column is not there.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn body(&self, column: &'static str, longest: usize) -> Result<String, Flaw> {
        let place = self.header.iter().position(|name| *name == column);
        let bytes = place.and_then(|place| self.fields.get(place)).unwrap_or_default();
        let Ok(text) = std::str::from_utf8(bytes) else {
            return flaw(column, Reason::InvalidUtf8);
        };
        if text.chars().count() > longest {
            return flaw(column, Reason::TooLong);
        }
        if text.contains('\0') {
            return flaw(column, Reason::ControlCharacter);
        }
        Ok(text.to_owned())
    }
}
