//! The check of an exported case: the signature of its manifest, the size and hash of every file, and every other byte of the ZIP, which
//! all follow from these. Names the file in which something was changed.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use casewire_core::audit::{hex, unhex};
use sha2::{Digest as _, Sha256};

use super::Findings;
use crate::audit::key::is_signed;
use crate::cli::Failure;
use crate::export::manifest::{FORMAT, MANIFEST, Manifest, SIGNATURE, SignatureOfManifest};
use crate::export::zip::{Crc, LOCAL_LENGTH, Member, directory, local_header};

/// The largest manifest that is read into memory.
const LARGEST_MANIFEST: u64 = 16 * 1024 * 1024;

/// A file as it was found.
struct Found {
    member: Member,
    sha256: String,
    /// Its bytes, of the manifest and its signature alone.
    bytes: Vec<u8>,
}

/// Checks the file.
///
/// # Errors
/// Where it cannot be read.
pub fn check(path: &Path, trusted: Option<&[u8; 32]>) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    let mut file = BufReader::new(File::open(path)?);
    match members(&mut file) {
        Ok(found) => judge(&found, trusted, &mut findings),
        Err(Damage::Words(words)) => findings.broken.push(words),
        Err(Damage::File(error)) if error.kind() == ErrorKind::UnexpectedEof => {
            findings.broken.push("the export ends before its end".to_owned());
        }
        Err(Damage::File(error)) => return Err(error.into()),
    }
    Ok(findings)
}

enum Damage {
    Words(String),
    File(std::io::Error),
}

impl From<std::io::Error> for Damage {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

/// Every file of the ZIP, which is as this program writes it to the byte.
fn members(file: &mut impl Read) -> Result<Vec<Found>, Damage> {
    let mut found: Vec<Found> = Vec::new();
    loop {
        let mut start = [0; 4];
        file.read_exact(&mut start)?;
        let behind = found
            .last()
            .map_or_else(|| "at its start".to_owned(), |last| format!("behind {}", last.member.name));
        let damaged = || Damage::Words(format!("the container is damaged {behind}"));
        if start == *b"PK\x01\x02" {
            let members: Vec<Member> = found.iter().map(|found| found.member.clone()).collect();
            let expected = directory(&members).map_err(|_| damaged())?;
            let mut rest = start.to_vec();
            file.read_to_end(&mut rest)?;
            return if rest == expected {
                Ok(found)
            } else {
                Err(Damage::Words("the list of files at the end of the container is damaged".to_owned()))
            };
        }
        let mut header = vec![0; LOCAL_LENGTH];
        let (head, rest) = header.split_at_mut(start.len());
        head.copy_from_slice(&start);
        file.read_exact(rest)?;
        let size = number::<4>(&header, 18).map(u32::from_le_bytes).ok_or_else(damaged)?;
        let length = number::<2>(&header, 26).map(u16::from_le_bytes).ok_or_else(damaged)?;
        let mut name = vec![0; usize::from(length)];
        file.read_exact(&mut name)?;
        header.extend(&name);
        let name = String::from_utf8(name).map_err(|_| damaged())?;
        let one = content(file, name, size)?;
        if local_header(&one.member).map_err(|_| damaged())? != header {
            return Err(Damage::Words(format!(
                "{} does not hold: its bytes, or those before it, were changed",
                one.member.name
            )));
        }
        found.push(one);
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn content(file: &mut impl Read, name: String, size: u32) -> Result<Found, Damage> {
    let is_small = [MANIFEST, SIGNATURE].contains(&name.as_str()) && u64::from(size) <= LARGEST_MANIFEST;
    let (mut crc, mut sha256, mut bytes) = (Crc::default(), Sha256::new(), Vec::new());
    let mut left = usize::try_from(size).unwrap_or(usize::MAX);
    let mut buffer = vec![0; 64 * 1024];
    while left > 0 {
        let most = left.min(buffer.len());
        let Some(piece) = buffer.get_mut(..most) else { break };
        let count = file.read(piece)?;
        let piece = piece.get(..count).unwrap_or_default();
        if piece.is_empty() {
            return Err(Damage::Words(format!("the export ends within {name}")));
        }
        crc.update(piece);
        sha256.update(piece);
        if is_small {
            bytes.extend_from_slice(piece);
        }
        left = left.saturating_sub(count);
    }
    Ok(Found {
        member: Member {
            name,
            size,
            crc: crc.sum(),
        },
        sha256: hex(&sha256.finalize()),
        bytes,
    })
}

fn judge(found: &[Found], trusted: Option<&[u8; 32]>, findings: &mut Findings) {
    let bytes_of = |name: &str| {
        found
            .iter()
            .find(|found| found.member.name == name)
            .map(|found| found.bytes.as_slice())
    };
    let (Some(manifest_bytes), Some(signature_bytes)) = (bytes_of(MANIFEST), bytes_of(SIGNATURE)) else {
        return findings.broken.push("there is no manifest, or no signature of it".to_owned());
    };
    let Ok(signature) = serde_json::from_slice::<SignatureOfManifest>(signature_bytes) else {
        return findings.broken.push(format!("{SIGNATURE} cannot be read"));
    };
    let (Some(key), Some(signed)) = (unhex::<32>(&signature.public_key), unhex::<64>(&signature.signature)) else {
        return findings.broken.push(format!("{SIGNATURE} cannot be read"));
    };
    if !is_signed(&key, manifest_bytes, &signed) {
        return findings.broken.push(format!("{MANIFEST} is not signed by its key"));
    }
    if trusted.is_some_and(|trusted| *trusted != key) {
        return findings
            .broken
            .push(format!("{MANIFEST} is signed with another key than the one given"));
    }
    findings.keys.insert(key);
    let Ok(manifest) = serde_json::from_slice::<Manifest>(manifest_bytes) else {
        return findings.broken.push(format!("{MANIFEST} cannot be read"));
    };
    if manifest.format != FORMAT {
        return findings.broken.push(format!("{MANIFEST} is of another form than {FORMAT}"));
    }
    compare(found, &manifest, findings);
}

fn compare(found: &[Found], manifest: &Manifest, findings: &mut Findings) {
    for file in &manifest.files {
        match found.iter().find(|found| found.member.name == file.name) {
            None => findings.broken.push(format!("{} is missing", file.name)),
            Some(found) if found.sha256 != file.sha256 || u64::from(found.member.size) != file.size => {
                findings
                    .broken
                    .push(format!("{} does not hold: its hash is not that of the manifest", file.name));
            }
            Some(_) => {}
        }
    }
    for Found { member, .. } in found {
        let is_known = [MANIFEST, SIGNATURE].contains(&member.name.as_str()) || manifest.files.iter().any(|file| file.name == member.name);
        if !is_known {
            findings.broken.push(format!("{} is not in the manifest", member.name));
        }
    }
    if findings.broken.is_empty() {
        findings.lines.push(format!(
            "case {}: {} entries in {} files hold",
            manifest.case.mycase_case_id,
            manifest.entries,
            manifest.files.len()
        ));
    }
}
