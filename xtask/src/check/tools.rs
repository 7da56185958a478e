//! The rules that are tools of their own: rustfmt, clippy, cargo-machete, cargo-deny. The last two are installed on demand, in
//! pinned versions, under the target folder, so that what a person has installed neither helps nor hinders.

use std::path::PathBuf;
use std::process::Command;

use super::Findings;
use crate::process::{Failure, cargo, status, succeed, succeeds, typed};
use crate::{say, tree, web};

const DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
};
const MACHETE: Tool = Tool {
    name: "cargo-machete",
    version: "0.9.2",
};

/// A tool in the version that the project is checked with.
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// Its executable; installs it if need be.
    fn installed(&self) -> Result<PathBuf, Failure> {
        let folder = tree::target().join("tools").join(format!("{}-{}", self.name, self.version));
        let executable = folder.join("bin").join(self.name);
        if executable.is_file() {
            return Ok(executable);
        }
        say::step(&format!(
            "installing {} {} once; it is compiled, which takes minutes",
            self.name, self.version
        ));
        succeed(
            cargo()
                .args(["install", "--locked", "--quiet", "--version", self.version, self.name, "--root"])
                .arg(&folder),
        )?;
        Ok(executable)
    }
}

/// One finding if the command does not succeed; what is wrong it has then said itself.
fn passes(command: &mut Command) -> Result<Findings, Failure> {
    if command.get_current_dir().is_none() {
        command.current_dir(tree::root());
    }
    let ended = status(command)?;
    Ok(if ended.success() {
        Findings::new()
    } else {
        vec![format!("`{}` found something (above)", typed(command))]
    })
}

/// What the tools of the web client find.
pub fn web() -> Result<Findings, Failure> {
    web::install()?;
    passes(web::npm(&["run", "--silent", "check"])?.current_dir(web::folder()))
}

/// Every file as rustfmt would write it; names those that are not.
pub fn fmt() -> Result<Findings, Failure> {
    let mut command = cargo();
    command.args(["fmt", "--all", "--", "--check", "--files-with-diff"]);
    let looked = command.current_dir(tree::root()).output()?;
    let listed = String::from_utf8_lossy(&looked.stdout);
    let mut findings: Findings = listed.lines().map(|path| format!("{path} is not formatted")).collect();
    if !looked.status.success() && findings.is_empty() {
        findings.push(String::from_utf8_lossy(&looked.stderr).trim().to_owned());
    }
    Ok(findings)
}

/// Every target with every feature.
pub fn clippy() -> Result<Findings, Failure> {
    passes(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "--deny",
        "warnings",
    ]))
}

/// A dependency that nothing uses costs everybody's time.
pub fn unused() -> Result<Findings, Failure> {
    passes(Command::new(MACHETE.installed()?).arg("--with-metadata").arg(tree::root()))
}

/// Licences, sources and bans; known vulnerabilities where the database of them can be reached.
pub fn deny() -> Result<Findings, Failure> {
    let tool = DENY.installed()?;
    let deny = || {
        let mut command = Command::new(&tool);
        command.args(["--all-features", "--log-level", "error"]).current_dir(tree::root());
        command
    };
    let mut findings = passes(deny().args(["check", "bans", "licenses", "sources"]))?;
    if succeeds(deny().args(["fetch", "db"])) {
        findings.extend(passes(deny().args(["check", "--disable-fetch", "advisories"]))?);
    } else {
        say::line("deny: the advisory database cannot be reached from here: known vulnerabilities were NOT checked");
    }
    Ok(findings)
}
