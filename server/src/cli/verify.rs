//! `casewire verify`: checks a database, an export of the audit or an export of a case, offline, and names the first thing that does
//! not hold. What a check is worth hangs on the key: `--key` names the one that is trusted.

pub mod audit_file;
pub mod case_export;
pub mod database;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use casewire_core::audit::{hex, unhex};

use super::{Failure, say, say_error};
use crate::clock::Clock;

/// What `verify` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A database (a file of SQLite, or postgres://…), or a file that was exported: the audit (.jsonl) or a case (.zip).
    target: String,
    /// The public key that is trusted, in 64 hexadecimal digits. Without it the keys that signed are shown, to be compared by hand.
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Findings {
    /// What holds, in words.
    pub lines: Vec<String>,
    /// What does not hold, in words.
    pub broken: Vec<String>,
    /// The keys that signed.
    pub keys: BTreeSet<[u8; 32]>,
}

/// What a target is.
enum Kind {
    Database,
    Audit(PathBuf),
    Case(PathBuf),
}

/// Checks, and says what holds and what does not.
///
/// # Errors
/// Where the target cannot be read at all.
pub async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let trusted = match &args.key {
        None => None,
        Some(text) => Some(unhex::<32>(text.trim()).ok_or_else(|| Failure::Words("--key is 64 hexadecimal digits".to_owned()))?),
    };
    let findings = match kind(&args.target)? {
        Kind::Database => database::check(&args.target, trusted.as_ref(), &Clock::System).await?,
        Kind::Audit(path) => audit_file::check(&path, trusted.as_ref())?,
        Kind::Case(path) => case_export::check(&path, trusted.as_ref())?,
    };
    findings.lines.iter().for_each(|line| say(line));
    for key in &findings.keys {
        let word = if trusted.is_some() {
            "signed by the given key"
        } else {
            "signed by the key"
        };
        say(&format!("{word} {}", hex(key)));
    }
    if findings.broken.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    findings.broken.iter().for_each(|line| say_error(&format!("casewire: {line}")));
    Ok(ExitCode::FAILURE)
}

fn kind(target: &str) -> Result<Kind, Failure> {
    if target.starts_with("postgres://") || target.starts_with("postgresql://") || target.starts_with("sqlite:") {
        return Ok(Kind::Database);
    }
    let path = Path::new(target);
    let mut start = Vec::new();
    match File::open(path) {
        Ok(file) => {
            file.take(16).read_to_end(&mut start)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(Failure::Words(format!("there is no file {target}"))),
        Err(error) => return Err(error.into()),
    }
    if start.starts_with(b"SQLite format 3") {
        Ok(Kind::Database)
    } else if start.starts_with(b"{") {
        Ok(Kind::Audit(path.to_owned()))
    } else if start.starts_with(b"PK") {
        Ok(Kind::Case(path.to_owned()))
    } else {
        Err(Failure::Words(format!(
            "{target} is neither a database of Casewire nor a file that it exported"
        )))
    }
}
