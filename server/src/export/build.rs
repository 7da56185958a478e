//! The building of an export in a folder: a stretch of entries at a time, each leaving a volume of the PDF and its piece of the CSV
//! and JSON, and a note of how far it is; then all of it as one ZIP. What is begun is taken up again from the note, by whatever node
//! sees the folder. No more than one stretch is in memory.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use casewire_core::audit::hex;
use casewire_core::time::Timestamp;
use casewire_store::inbox::After;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::entry::Entry;
use super::manifest::{FORMAT, FileOfExport, MANIFEST, Manifest, SIGNATURE, SignatureOfManifest};
use super::zip::{self, Crc, Member};
use super::{ExportError, csv, pdf};
use crate::audit::key::SigningKey;

/// How many entries make a volume.
pub const VOLUME: u32 = 500;

/// How far an export is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// How many volumes there are.
    pub volumes: u32,
    /// How many entries are in them.
    pub entries: u64,
    at: i64,
    id: String,
}

impl Note {
    /// Nothing was done yet.
    #[must_use]
    pub fn start() -> Self {
        let After { at, id } = casewire_store::communications::START;
        Self {
            volumes: 0,
            entries: 0,
            at: at.as_micros(),
            id: id.simple().to_string(),
        }
    }

    /// Behind which entry the next stretch begins.
    #[must_use]
    pub fn after(&self) -> After {
        After {
            at: Timestamp::from_micros(self.at),
            id: uuid::Uuid::try_parse(&self.id).unwrap_or_default(),
        }
    }

    /// Behind a stretch that ends there.
    #[must_use]
    pub fn behind(&self, count: usize, end: After) -> Self {
        Self {
            volumes: self.volumes.saturating_add(1),
            entries: self.entries.saturating_add(u64::try_from(count).unwrap_or(0)),
            at: end.at.as_micros(),
            id: end.id.simple().to_string(),
        }
    }
}

/// The folder in which an export is built.
pub struct Workshop {
    folder: PathBuf,
}

impl Workshop {
    /// A folder of its own in the folder of all exports.
    ///
    /// # Errors
    /// [`ExportError::File`].
    pub fn open(exports: &Path, name: &str) -> Result<Self, ExportError> {
        let folder = exports.join(format!("{name}.part"));
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// How far it is; where the note cannot be read, nothing was done.
    #[must_use]
    pub fn note(&self) -> Note {
        let read = || serde_json::from_slice(&fs::read(self.folder.join("note.json")).ok()?).ok();
        read().unwrap_or_else(Note::start)
    }

    /// Writes a volume, and notes it when all of it is written.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn add(&self, entries: &[Entry], note: &Note, about: &pdf::About) -> Result<(), ExportError> {
        let volume = note.volumes;
        let mut json = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 || volume > 1 {
                json.extend(b",\n");
            }
            json.extend(serde_json::to_vec(entry)?);
        }
        self.put(&format!("{volume:04}.json"), &json)?;
        self.put(&format!("{volume:04}.csv"), &csv::rows(entries)?)?;
        self.put(&format!("{volume:04}.pdf"), &pdf::volume(about, volume, entries)?)?;
        self.put("note.json", &serde_json::to_vec(note)?)
    }

    /// Whole or not at all.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let draft = self.folder.join(format!("{name}.draft"));
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(fs::rename(draft, self.folder.join(name))?)
    }

    /// Puts everything into one ZIP, beside the folder. Its size and its SHA-256.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn pack(&self, note: &Note, head: Manifest, key: &SigningKey, to: &Path) -> Result<(u64, [u8; 32]), ExportError> {
        let opening = format!(
            "{{\"format\":{},\"case\":{},\"time_zone\":{},\"entries\":[\n",
            serde_json::to_string(FORMAT)?,
            serde_json::to_string(&head.case)?,
            serde_json::to_string(&head.time_zone)?
        );
        self.join("communications.json", note.volumes, "json", opening.as_bytes(), b"\n]}\n")?;
        self.join("communications.csv", note.volumes, "csv", csv::HEAD.as_bytes(), b"")?;
        let mut names = vec![("communications.csv".to_owned(), self.folder.join("communications.csv"))];
        names.push(("communications.json".to_owned(), self.folder.join("communications.json")));
        for volume in 1..=note.volumes {
            let name = if note.volumes == 1 {
                "communications.pdf".to_owned()
            } else {
                format!("communications-{volume:04}.pdf")
            };
            names.push((name, self.folder.join(format!("{volume:04}.pdf"))));
        }
        let mut manifest = Manifest {
            entries: note.entries,
            ..head
        };
        let mut members = Vec::new();
        for (name, path) in &names {
            let (member, sha256) = measure(name, path)?;
            manifest.files.push(FileOfExport {
                name: name.clone(),
                size: u64::from(member.size),
                sha256: hex(&sha256),
            });
            members.push((member, path.clone()));
        }
        let mut text = serde_json::to_vec_pretty(&manifest)?;
        text.push(b'\n');
        let signature = SignatureOfManifest {
            public_key: hex(&key.public()),
            signature: hex(&key.sign(&text)),
        };
        self.put(MANIFEST, &text)?;
        let mut text = serde_json::to_vec_pretty(&signature)?;
        text.push(b'\n');
        self.put(SIGNATURE, &text)?;
        for name in [MANIFEST, SIGNATURE] {
            let path = self.folder.join(name);
            members.push((measure(name, &path)?.0, path));
        }
        self.zip(&members, to)
    }

    fn join(&self, name: &str, volumes: u32, kind: &str, opening: &[u8], closing: &[u8]) -> Result<(), ExportError> {
        let mut file = BufWriter::new(File::create(self.folder.join(name))?);
        file.write_all(opening)?;
        for volume in 1..=volumes {
            std::io::copy(&mut File::open(self.folder.join(format!("{volume:04}.{kind}")))?, &mut file)?;
        }
        file.write_all(closing)?;
        Ok(file.flush()?)
    }

    fn zip(&self, members: &[(Member, PathBuf)], to: &Path) -> Result<(u64, [u8; 32]), ExportError> {
        let draft = self.folder.join("all.zip");
        let mut file = BufWriter::new(File::create(&draft)?);
        for (member, path) in members {
            zip::write(&mut file, member, &mut BufReader::new(File::open(path)?))?;
        }
        let members: Vec<Member> = members.iter().map(|(member, _)| member.clone()).collect();
        file.write_all(&zip::directory(&members)?)?;
        file.into_inner()
            .map_err(|error| ExportError::File(error.into_error()))?
            .sync_all()?;
        let (sum, sha256) = measure("all.zip", &draft)?;
        fs::rename(&draft, to)?;
        Ok((u64::from(sum.size), sha256))
    }

    /// Takes the folder away.
    ///
    /// # Errors
    /// [`ExportError::File`].
    pub fn clear(self) -> Result<(), ExportError> {
        Ok(fs::remove_dir_all(self.folder)?)
    }
}

/// The size, the CRC and the SHA-256 of a file.
fn measure(name: &str, path: &Path) -> Result<(Member, [u8; 32]), ExportError> {
    let mut file = File::open(path)?;
    let (mut crc, mut sha256, mut size) = (Crc::default(), Sha256::new(), 0_u64);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        crc.update(bytes);
        sha256.update(bytes);
        size += u64::try_from(count).unwrap_or(0);
    }
    let member = Member {
        name: name.to_owned(),
        size: u32::try_from(size).map_err(|_| ExportError::TooLarge)?,
        crc: crc.sum(),
    };
    Ok((member, sha256.finalize().into()))
}
