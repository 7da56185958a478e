//! The check of an exported audit: each line an entry, the digest of one that is not in the export, or a checkpoint. The chain is
//! whole either way, so that a line that was changed, left out or added is named.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use casewire_core::audit::{Hash, genesis, hex, link, unhex};

use super::Findings;
use crate::audit::file::{Header, Line, Start};
use crate::audit::verify::{Break, Walk, Why};
use crate::cli::Failure;

/// Checks the file.
///
/// # Errors
/// Where it cannot be read, or is none of ours.
pub fn check(path: &Path, trusted: Option<&[u8; 32]>) -> Result<Findings, Failure> {
    let mut lines = BufReader::new(File::open(path)?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let header: Header = serde_json::from_str(&first).map_err(|_| not_ours(path))?;
    if header.format != crate::audit::file::FORMAT {
        return Err(not_ours(path));
    }
    let mut findings = Findings::default();
    let (mut entries, mut signed_to, mut ended) = (0_u64, None, false);
    let mut walk = match begin(&header, trusted, &mut findings) {
        Ok(walk) => walk,
        Err(broken) => {
            findings.broken.push(broken.to_string());
            return Ok(findings);
        }
    };
    for (number, line) in lines.enumerate() {
        let line = line?;
        // The header is the first line.
        let number = number.saturating_add(2);
        let Ok(line) = serde_json::from_str::<Line>(&line) else {
            findings.broken.push(format!("line {number} of the export cannot be read"));
            return Ok(findings);
        };
        match step(&mut walk, &header, &line, trusted, &mut findings) {
            Ok(Step::Entry) => entries = entries.saturating_add(1),
            Ok(Step::Digest) => {}
            Ok(Step::Checkpoint(seq)) => signed_to = Some(seq),
            Ok(Step::End(said)) => {
                ended = true;
                if said != (entries, signed_to) {
                    findings.broken.push("the export does not have what its last line says".to_owned());
                }
            }
            Err(broken) => {
                findings.broken.push(broken.to_string());
                return Ok(findings);
            }
        }
    }
    if !ended {
        findings
            .broken
            .push(format!("the export ends before its end, behind entry {}", walk.seq()));
    }
    let signed = signed_to.map_or_else(|| "not signed yet".to_owned(), |seq| format!("signed up to entry {seq}"));
    findings
        .lines
        .push(format!("{}: {entries} entries hold, {signed}", header.organization_id));
    Ok(findings)
}

fn not_ours(path: &Path) -> Failure {
    Failure::Words(format!("{} is no export of the audit", path.display()))
}

enum Step {
    Entry,
    Digest,
    Checkpoint(i64),
    End((u64, Option<i64>)),
}

fn begin(header: &Header, trusted: Option<&[u8; 32]>, findings: &mut Findings) -> Result<Walk, Break> {
    match &header.start {
        Start::First => Ok(Walk::behind(0, genesis(header.organization_id))),
        Start::Checkpoint(checkpoint) => {
            let why = Why::Checkpoint;
            let signed = checkpoint
                .signed(header.organization_id)
                .ok_or(Break { seq: checkpoint.seq, why })?;
            findings.keys.insert(signed.public_key);
            let mut walk = Walk::behind(signed.checkpoint.seq, signed.checkpoint.hash);
            walk.expect(vec![signed], trusted)?;
            Ok(walk)
        }
    }
}

fn step(walk: &mut Walk, header: &Header, line: &Line, trusted: Option<&[u8; 32]>, findings: &mut Findings) -> Result<Step, Break> {
    match line {
        Line::Entry(line) => {
            let (entry, content) = (line.numbered(header.organization_id), Why::Content);
            let stored: Hash = unhex(&line.hash).ok_or(Break {
                seq: entry.seq,
                why: content,
            })?;
            walk.entry(&entry, &stored)?;
            Ok(Step::Entry)
        }
        Line::Digest { seq, digest } => {
            let digest = unhex(digest).ok_or(Break {
                seq: *seq,
                why: Why::Content,
            })?;
            // Its hash is not told: the next entry's, or the next checkpoint's, shows whether it holds.
            let hash = link(&walk.hash(), &digest);
            walk.step(*seq, &digest, &hash)?;
            Ok(Step::Digest)
        }
        Line::Checkpoint(checkpoint) => {
            let broken = Break {
                seq: checkpoint.seq,
                why: Why::Checkpoint,
            };
            let signed = checkpoint.signed(header.organization_id).ok_or_else(|| broken.clone())?;
            findings.keys.insert(signed.public_key);
            if signed.checkpoint.seq != walk.seq() || hex(&signed.checkpoint.hash) != hex(&walk.hash()) {
                return Err(broken);
            }
            walk.expect(vec![signed], trusted)?;
            Ok(Step::Checkpoint(checkpoint.seq))
        }
        Line::End { entries, signed_to } => Ok(Step::End((*entries, *signed_to))),
    }
}
