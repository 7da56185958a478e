//! Where the project's folders are, and the files that belong to it as git sees them. Refuses to guess: no git, no list.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Failure, output};

/// The project's top folder.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    // The running xtask stands in `<target>/<profile>/xtask`, wherever the person has put the target folder.
    std::env::current_exe()
        .ok()
        .and_then(|executable| executable.parent()?.parent().map(Path::to_owned))
        .unwrap_or_else(|| root().join("target"))
}

/// A text file of the project.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path from the top folder, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Every text file that git tracks or would track (ignored files are none of the project's). Binary files are left out.
pub fn files() -> Result<Vec<SourceFile>, Failure> {
    let root = root();
    let listed = output(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(&root),
    )?;
    let mut files = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        // A file that is deleted but still tracked, or is not text, has nothing to be read.
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.push(SourceFile {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}
