//! The web client: set up from npm's registry and built into `web/dist`, from where the binary takes it. Builds only what has
//! changed. Refuses to run install scripts of packages, but that of `node` itself where the system's is too old.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsString;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;

use crate::packages::{self, require};
use crate::process::{Failure, output, succeed};
use crate::{say, tree};

/// What the tools of the client ask for.
const OLDEST_NODE: (u32, u32) = (20, 19);
/// What is taken from npm where the system has an older one.
const NODE_PACKAGE: &str = "node@22.21.1";

/// The folder of the client.
pub fn folder() -> PathBuf {
    tree::root().join("web")
}

/// npm in the client's folder, with a Node that is new enough.
pub fn npm(arguments: &[&str]) -> Result<Command, Failure> {
    Ok(with_node("npm", arguments, &node()?))
}

/// A tool of the client's packages, in the client's folder.
pub fn tool(name: &str, arguments: &[&str]) -> Result<Command, Failure> {
    let program = folder().join("node_modules").join(".bin").join(name);
    let mut command = with_node("node", &[], &node()?);
    command.arg(program).args(arguments);
    Ok(command)
}

/// Sets up the client's packages, where they are not as the lock file says.
pub fn install() -> Result<(), Failure> {
    require(&[packages::NODE])?;
    let lock = std::fs::read_to_string(folder().join("package-lock.json"))?;
    let mark = folder().join("node_modules").join(".casewire-lock");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    say::step("setting up the web client's packages");
    succeed(&mut npm(&[
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel",
        "error",
    ])?)?;
    std::fs::write(mark, lock)?;
    Ok(())
}

/// Builds the client, unless what it is made of is as it was.
pub fn build() -> Result<(), Failure> {
    let sources = sources()?;
    let mark = tree::target().join("web-client.sources");
    let is_there = folder().join("dist").join("index.html").exists();
    if is_there && std::fs::read_to_string(&mark).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    install()?;
    say::step("building the web client");
    succeed(&mut npm(&["run", "--silent", "build"])?)?;
    std::fs::create_dir_all(tree::target())?;
    std::fs::write(mark, sources)?;
    Ok(())
}

/// A word for all that the client is built from.
fn sources() -> Result<String, Failure> {
    let mut hasher = DefaultHasher::new();
    for file in tree::files()? {
        let is_source = file.path.starts_with("web/") && !file.path.starts_with("web/e2e/");
        if is_source || file.path == "docs/openapi.json" {
            (file.path, file.text).hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[expect(clippy::disallowed_methods, reason = "the programs of another Node go before those on the path")]
fn with_node(program: &str, arguments: &[&str], node: &Node) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder());
    if let Node::OfNpm(bin) = node {
        let mut path = OsString::from(bin);
        if let Some(rest) = std::env::var_os("PATH") {
            path.push(":");
            path.push(rest);
        }
        command.env("PATH", path);
    }
    command
}

/// Which Node runs the tools.
enum Node {
    /// The system's.
    OfSystem,
    /// One of npm's packages, by its folder of programs.
    OfNpm(PathBuf),
}

fn node() -> Result<Node, Failure> {
    let version = output(Command::new("node").arg("--version"))?;
    if is_new_enough(&version) {
        return Ok(Node::OfSystem);
    }
    let place = tree::target().join("node");
    let bin = place.join("node_modules").join("node").join("bin");
    if !bin.join("node").exists() {
        say::step(&format!(
            "the system's Node is {}, older than needed: taking {NODE_PACKAGE}",
            version.trim()
        ));
        std::fs::create_dir_all(&place)?;
        succeed(
            Command::new("npm")
                .args(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel", "error", "--prefix"])
                .arg(&place)
                .arg(NODE_PACKAGE)
                .current_dir(&place),
        )?;
    }
    Ok(Node::OfNpm(bin))
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST_NODE,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_new_enough_by_its_first_two_numbers() {
        assert!(is_new_enough("v20.19.0\n"));
        assert!(is_new_enough("v22.1.0"));
        assert!(!is_new_enough("v20.18.9"));
        assert!(!is_new_enough("v18.19.0"));
        assert!(!is_new_enough("command not found"));
    }
}
