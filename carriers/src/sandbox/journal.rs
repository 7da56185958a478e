//! The sandbox's state over a restart: a file of JSON lines, one a change. A last line that was torn is left out and cut off.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::calls::{Call, Tape};
use super::world::Message;

/// One change.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// A text as it is from now on.
    Message(Box<Message>),
    /// A leg that is over.
    Call(Box<Call>),
    /// A recording that is complete.
    Tape(Box<Tape>),
    Deleted {
        sid: String,
    },
    Blocked {
        number: String,
        handset: String,
    },
    Unblocked {
        number: String,
        handset: String,
    },
}

/// The open file.
pub(super) struct Journal {
    file: File,
}

impl Journal {
    /// The changes so far, and the file to write further ones to.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Vec<Entry>)> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        bytes.truncate(whole);
        let mut entries = Vec::new();
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
            let entry = serde_json::from_slice(line).map_err(|_| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("line {} of the sandbox's file makes no sense", number + 1),
                )
            })?;
            entries.push(entry);
        }
        file.set_len(u64::try_from(whole).map_err(io::Error::other)?)?;
        file.seek(SeekFrom::End(0))?;
        Ok((Self { file }, entries))
    }

    /// Adds a change. A failure is logged and else ignored: the sandbox goes on with what it has in memory.
    pub(super) fn write(&mut self, entry: &Entry) {
        let written = serde_json::to_vec(entry).map_err(io::Error::other).and_then(|mut line| {
            line.push(b'\n');
            self.file.write_all(&line)
        });
        if let Err(error) = written {
            tracing::error!(kind = %error.kind(), "the sandbox's file cannot be written");
        }
    }
}
