//! Documents and what is attached to texts: what a name may be, what a content is by its first bytes whatever it claims to be, what
//! carriers take, and what a browser may show by itself. Pure; where contents lie: `server/src/storage.rs`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::messaging::claims::UnknownWord;

/// The largest document, in bytes: 100 MB.
pub const LARGEST_DOCUMENT: u64 = 100_000_000;
/// The largest attachment that is taken from a carrier, in bytes; carriers themselves stop far below.
pub const LARGEST_RECEIVED: u64 = 20_000_000;
/// How many documents one text takes (twilio.com/docs/messaging/api/message-resource, `MediaUrl`).
pub const MOST_ATTACHMENTS: usize = 10;
/// How large they are together at most (the same page): 5 MB.
pub const LARGEST_ATTACHMENTS: u64 = 5_000_000;
/// How large one that is neither JPEG, PNG nor GIF is at most (the same page): 500 kB.
pub const LARGEST_OTHER_ATTACHMENT: u64 = 500_000;
/// The longest name, in characters.
pub const LONGEST_FILE_NAME: usize = 200;
/// How many bytes of a content its kind is judged by.
pub const JUDGED_BYTES: usize = 4096;

/// The SHA-256 of a content: its address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash with these bytes.
    #[must_use]
    pub const fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How far something attached to a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MediaState {
    /// It is still to be fetched from the carrier.
    Waiting,
    /// It is here.
    Stored,
    /// The carrier does not have it any more.
    Gone,
    /// It was not taken: empty, too large, or at an address that is not the carrier's.
    Refused,
}

impl MediaState {
    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Stored => "stored",
            Self::Gone => "gone",
            Self::Refused => "refused",
        }
    }
}

impl FromStr for MediaState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        [Self::Waiting, Self::Stored, Self::Gone, Self::Refused]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or(UnknownWord)
    }
}

/// What is wrong with the name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// There is none.
    #[error("it is empty")]
    Empty,
    /// It is too long.
    #[error("it has more than 200 characters")]
    TooLong,
    /// It names a place.
    #[error("it is the name of a file, without a path")]
    Path,
    /// It has characters that are not seen, or that turn the direction of what follows.
    #[error("it has characters that cannot be seen or that turn the direction of the text")]
    Unseen,
}

/// The name of a file as it is stored: trimmed, composed, of one file and nothing that deceives the eye.
///
/// # Errors
/// [`FileNameError`].
pub fn file_name(written: &str) -> Result<String, FileNameError> {
    let name: String = written.trim().nfc().collect();
    if name.is_empty() {
        return Err(FileNameError::Empty);
    }
    if name.chars().count() > LONGEST_FILE_NAME {
        return Err(FileNameError::TooLong);
    }
    if name == "." || name == ".." || name.contains(['/', '\\']) {
        return Err(FileNameError::Path);
    }
    if name.chars().any(|char| char.is_control() || is_unseen(char)) {
        return Err(FileNameError::Unseen);
    }
    Ok(name)
}

/// Format characters: of direction (UAX 9), of no width, and those that begin or end what nobody sees.
const fn is_unseen(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The name as it is compared: two that differ in case alone are one.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// What a content is by its first [`JUDGED_BYTES`], whatever it is called or claims to be.
#[must_use]
pub fn content_type(first: &[u8]) -> &'static str {
    let starts = |magic: &[u8]| first.starts_with(magic);
    let at = |place: usize, magic: &[u8]| first.get(place..).is_some_and(|rest| rest.starts_with(magic));
    if starts(b"\xff\xd8\xff") {
        "image/jpeg"
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        "image/gif"
    } else if starts(b"RIFF") && at(8, b"WEBP") {
        "image/webp"
    } else if starts(b"RIFF") && at(8, b"WAVE") {
        "audio/wav"
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        "image/tiff"
    } else if at(4, b"ftyp") {
        of_brand(first.get(8..12).unwrap_or_default())
    } else if starts(b"%PDF-") {
        "application/pdf"
    } else if starts(b"PK\x03\x04") {
        of_archive(first)
    } else if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        "application/x-ole-storage"
    } else if starts(b"{\\rtf") {
        "application/rtf"
    } else if starts(b"#!AMR") {
        "audio/amr"
    } else if starts(b"OggS") {
        "audio/ogg"
    } else if starts(b"ID3") || starts(b"\xff\xfb") || starts(b"\xff\xf3") {
        "audio/mpeg"
    } else if is_program(first) {
        PROGRAM
    } else {
        of_text(first)
    }
}

/// What is run rather than read.
const PROGRAM: &str = "application/x-executable";

fn is_program(first: &[u8]) -> bool {
    const MAGIC: [&[u8]; 8] = [
        b"MZ",
        b"\x7fELF",
        b"#!",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ];
    MAGIC.iter().any(|magic| first.starts_with(magic))
}

fn of_brand(brand: &[u8]) -> &'static str {
    match brand {
        b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1" => "image/heic",
        b"avif" => "image/avif",
        b"M4A " => "audio/mp4",
        b"qt  " => "video/quicktime",
        brand if brand.starts_with(b"3g") => "video/3gpp",
        _ => "video/mp4",
    }
}

fn of_archive(first: &[u8]) -> &'static str {
    let names = |part: &[u8]| first.windows(part.len()).any(|window| window == part);
    if names(b"word/") {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    } else if names(b"xl/") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else if names(b"ppt/") {
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    } else {
        "application/zip"
    }
}

fn of_text(first: &[u8]) -> &'static str {
    let text = match std::str::from_utf8(first) {
        Ok(text) => text,
        // The last character may be cut in two.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(first.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
        Err(_) => return "application/octet-stream",
    };
    if text
        .chars()
        .any(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t' | '\u{c}'))
    {
        return "application/octet-stream";
    }
    let lower = text.trim_start_matches('\u{feff}').trim_start().to_lowercase();
    if lower.starts_with("begin:vcard") {
        "text/vcard"
    } else if lower.contains("<svg") {
        "image/svg+xml"
    } else if lower.starts_with("<!doctype html") || lower.contains("<html") || lower.contains("<script") || lower.contains("<body") {
        "text/html"
    } else if lower.starts_with("<?xml") {
        "application/xml"
    } else {
        "text/plain"
    }
}

/// Whether it is kept at all: programs are not.
#[must_use]
pub fn is_kept(content_type: &str) -> bool {
    content_type != PROGRAM
}

/// Whether a browser may show it by itself: pictures that cannot run anything.
#[must_use]
pub fn is_safe_picture(content_type: &str) -> bool {
    matches!(content_type, "image/jpeg" | "image/png" | "image/gif" | "image/webp")
}

/// Why a document cannot go with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSendable {
    /// Carriers do not carry such a thing.
    #[error("phones cannot be sent a document of this type; pictures, sound, video, PDF, vCard and plain text can be")]
    Type,
    /// This kind is limited by itself.
    #[error("carriers take 500 kB of what is neither JPEG, PNG nor GIF")]
    TooLarge,
    /// All together are too large.
    #[error("carriers take 5 MB with one text, all attachments together")]
    TooLargeTogether,
    /// They are too many.
    #[error("carriers take 10 attachments with one text")]
    TooMany,
}

/// Whether carriers take these documents, each a type and a size, with one text
/// (twilio.com/docs/messaging/guides/accepted-mime-types).
///
/// # Errors
/// [`NotSendable`], and at which of them.
pub fn check_attachments(attachments: &[(&str, u64)]) -> Result<(), (usize, NotSendable)> {
    if attachments.len() > MOST_ATTACHMENTS {
        return Err((MOST_ATTACHMENTS, NotSendable::TooMany));
    }
    let mut sum: u64 = 0;
    for (index, (content_type, size)) in attachments.iter().enumerate() {
        let is_resized = matches!(*content_type, "image/jpeg" | "image/png" | "image/gif");
        let is_carried = is_resized
            || matches!(
                *content_type,
                "image/webp" | "image/heic" | "image/tiff" | "application/pdf" | "text/vcard" | "text/plain" | "application/rtf"
            )
            || (content_type.starts_with("audio/") || content_type.starts_with("video/"));
        if !is_carried {
            return Err((index, NotSendable::Type));
        }
        if !is_resized && *size > LARGEST_OTHER_ATTACHMENT {
            return Err((index, NotSendable::TooLarge));
        }
        sum = sum.saturating_add(*size);
        if sum > LARGEST_ATTACHMENTS {
            return Err((index, NotSendable::TooLargeTogether));
        }
    }
    Ok(())
}
