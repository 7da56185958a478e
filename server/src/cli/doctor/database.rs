//! Whether the database answers, is of the right version and has room.

use std::path::Path;

use casewire_store::Store;

use super::Findings;
use crate::config::Config;

/// With less room than this something will go wrong soon.
const ROOM_MIB: u64 = 1024;

/// Looks at an open database.
pub(super) async fn look(findings: &mut Findings, config: &Config, store: Option<&Store>) {
    let engine = config.database.engine();
    let Some(store) = store else {
        return;
    };
    match store.schema_version().await {
        Ok(is) if is == store.newest_schema_version() => {
            findings.fine(&format!("database: {engine} answers and has schema version {is}"));
        }
        Ok(is) => {
            let should = store.newest_schema_version();
            findings.wrong(&format!(
                "database: {engine} has schema version {is} and needs {should}: run `casewire migrate`"
            ));
        }
        Err(error) => findings.wrong(&format!("database: {engine}: {error}")),
    }
    if engine == "SQLite" {
        room(findings, config.database.expose());
    }
}

fn room(findings: &mut Findings, address: &str) {
    let path = Path::new(address.strip_prefix("sqlite:").unwrap_or(address));
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    match free_mib(folder) {
        Some(free) if free < ROOM_MIB => {
            findings.wrong(&format!(
                "disk: only {free} MiB are free where the database is: it needs room to grow"
            ));
        }
        Some(free) => findings.fine(&format!("disk: {free} MiB are free where the database is")),
        None => findings.note("disk: the system does not say how much room there is"),
    }
}

/// What `df` says, in its POSIX form: the fourth word of the second line, in units of 1024 bytes.
fn free_mib(folder: &Path) -> Option<u64> {
    let output = std::process::Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib / 1024)
}
