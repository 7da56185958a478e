//! Why a row was refused, and the report that says so: file, line, column and reason. Refuses to repeat what stood there.

use std::io::Write;

use casewire_store::imports::Stored;

/// The files, in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// People.
    Contacts,
    /// Their numbers.
    Phones,
    /// Cases.
    Cases,
    /// Who is on a case.
    CaseContacts,
    /// Old texts.
    Sms,
    /// Old calls.
    Calls,
}

impl File {
    /// The word in the report and of the option.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Phones => "phones",
            Self::Cases => "cases",
            Self::CaseContacts => "case-contacts",
            Self::Sms => "sms",
            Self::Calls => "calls",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $sentence:literal;)*) => {
        /// Why a row was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// The word for programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The sentence for people.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

reasons! {
    /// The file has no such column.
    MissingColumn = "missing_column", "the file has no column of this name";
    /// The file has a column that is not known, or one twice.
    UnknownColumn = "unknown_column", "this column is not known here, or is there twice";
    /// The row has more or fewer fields than the first line.
    WrongLength = "wrong_length", "the row has more or fewer fields than the first line";
    /// The row cannot be read.
    Unreadable = "unreadable", "the row cannot be read as CSV";
    /// Bytes that are no text.
    InvalidUtf8 = "invalid_utf8", "this is not valid UTF-8";
    /// Nothing where something is needed.
    Empty = "empty", "this is empty";
    /// More characters than fit.
    TooLong = "too_long", "this has too many characters";
    /// Line breaks and the like where there can be none.
    ControlCharacter = "control_character", "this has a line break or another control character";
    /// No phone number.
    BadNumber = "bad_number", "this is not a phone number that exists";
    /// No time with an offset, or one to come.
    BadTime = "bad_time", "this is not a time of the past such as 2026-01-27T09:30:00Z";
    /// None of the words that can stand here.
    BadWord = "bad_word", "this is none of the words that can stand here";
    /// No whole number.
    BadCount = "bad_count", "this is not a whole number from 0 on";
    /// No number of a case.
    BadCaseNumber = "bad_case_number", "this has other characters than letters, digits, -, _ and .";
    /// No address.
    BadAddress = "bad_address", "this is not an address that begins with https://";
    /// No such contact.
    UnknownContact = "unknown_contact", "there is no contact with this external id";
    /// No such case.
    UnknownCase = "unknown_case", "there is no case with this number";
    /// No such role.
    UnknownRole = "unknown_role", "there is no contact role of this name";
    /// No such team.
    UnknownTeam = "unknown_team", "there is no team of this name";
    /// No such user.
    UnknownUser = "unknown_user", "there is no user with this e-mail address";
    /// Not a number of ours.
    UnknownNumber = "unknown_number", "the organization does not own this number";
    /// The same thing stands in an earlier row.
    Duplicate = "duplicate", "an earlier row of this file has the same key";
    /// The client cannot be linked too, nor a linked contact become the client.
    ClientOnCase = "client_on_case", "the client of a case cannot be one of its other contacts too";
    /// Somebody removed this contact from the case.
    WasRemoved = "was_removed", "this contact was removed from this case: add it there by hand";
    /// A contact has as many numbers as it can have.
    TooMany = "too_many", "there are as many of these as there can be";
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// The column, or empty where the whole row is meant.
    pub column: &'static str,
    /// Why.
    pub reason: Reason,
}

/// Shorthand: a flaw as an error.
pub(super) const fn flaw<T>(column: &'static str, reason: Reason) -> Result<T, Flaw> {
    Err(Flaw { column, reason })
}

/// A row that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// In which file.
    pub file: File,
    /// In which line, from 1.
    pub line: u64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// How many rows of a file came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// New.
    pub added: u64,
    /// There before, and different now.
    pub changed: u64,
    /// There before as they are.
    pub unchanged: u64,
    /// Refused.
    pub refused: u64,
}

impl Counts {
    /// Counts a row.
    pub const fn count(&mut self, stored: Stored) {
        match stored {
            Stored::Added => self.added += 1,
            Stored::Changed => self.changed += 1,
            Stored::Unchanged => self.unchanged += 1,
        }
    }
}

/// Writes the report as CSV.
///
/// # Errors
/// What the writer says.
pub fn write(to: impl Write, refused: &[Refused]) -> Result<(), csv::Error> {
    let mut report = csv::Writer::from_writer(to);
    report.write_record(["file", "line", "column", "reason", "explanation"])?;
    for Refused { file, line, flaw } in refused {
        report.write_record([
            file.as_str(),
            &line.to_string(),
            flaw.column,
            flaw.reason.code(),
            flaw.reason.sentence(),
        ])?;
    }
    report.flush()?;
    Ok(())
}
