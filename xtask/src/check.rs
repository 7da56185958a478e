//! `cargo xtask check`: all that a reviewer would ask for, as a list of rules, each of which names what it finds. What the tests
//! show is not repeated here: `cargo xtask test` stands beside it. The rules are in the files of `check/`.

mod direction;
mod generated;
mod text;
mod tools;

use std::process::ExitCode;

use crate::process::Failure;
use crate::{say, tree};
use text::TextRule;

/// What a rule found, in words with the place; nothing found is a pass.
type Findings = Vec<String>;

/// A rule.
struct Rule {
    name: &'static str,
    says: &'static str,
    how: How,
}

/// How a rule looks.
enum How {
    /// At the project's files.
    Text(TextRule),
    /// In its own way, mostly by a tool of cargo's.
    Own(fn() -> Result<Findings, Failure>),
}

/// The rules, cheap ones first.
const RULES: [Rule; 14] = [
    rule(
        "opening",
        "every file of code opens with one to six lines that say what it owns",
        How::Text(text::openings),
    ),
    rule(
        "sizes",
        "code files of 500 lines at most, test files of 800",
        How::Text(text::sizes),
    ),
    rule("names", "no file named utils, common, helpers and the like", How::Text(text::names)),
    rule("sql", "SQL stands in the store only", How::Text(text::sql)),
    rule("routes", "routes stand in server/src/api.rs only", How::Text(text::routes)),
    rule("paths", "no path of somebody's machine", How::Text(text::machine_paths)),
    rule("ignored", "no test is switched off", How::Text(text::ignored_tests)),
    rule("direction", "dependencies run one way", How::Own(direction::findings)),
    rule("fmt", "formatted by rustfmt", How::Own(tools::fmt)),
    rule(
        "clippy",
        "clippy without a warning, functions of 60 lines at most",
        How::Own(tools::clippy),
    ),
    rule("generated", "generated documents are fresh", How::Own(generated::findings)),
    rule(
        "web",
        "the web client: its types, TypeScript strict, Biome without a finding",
        How::Own(tools::web),
    ),
    rule("unused", "no unused dependency (cargo-machete)", How::Own(tools::unused)),
    rule(
        "deny",
        "licences, sources and bans of dependencies (cargo-deny)",
        How::Own(tools::deny),
    ),
];

const fn rule(name: &'static str, says: &'static str, how: How) -> Rule {
    Rule { name, says, how }
}

/// Runs the rules that are named, or all.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    match arguments.first().map(String::as_str) {
        Some("--list") => {
            for rule in RULES {
                say::line(&format!("{:<10} {}", rule.name, rule.says));
            }
            return Ok(ExitCode::SUCCESS);
        }
        Some("--write") => {
            generated::write()?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(_) | None => {}
    }
    if let Some(unknown) = arguments.iter().find(|name| !RULES.iter().any(|rule| rule.name == *name)) {
        return Err(Failure::new(format!(
            "there is no rule `{unknown}`; `cargo xtask check --list` names them"
        )));
    }
    let files = tree::files()?;
    let mut broken = Vec::new();
    for rule in RULES {
        if !arguments.is_empty() && !arguments.iter().any(|name| name == rule.name) {
            continue;
        }
        say::step(&format!("{}: {}", rule.name, rule.says));
        let findings = match rule.how {
            How::Text(look) => look(&files),
            How::Own(look) => look().unwrap_or_else(|failure| vec![failure.to_string()]),
        };
        for finding in &findings {
            say::line(&format!("{}: {finding}", rule.name));
        }
        if !findings.is_empty() {
            broken.push(rule.name);
        }
    }
    if broken.is_empty() {
        say::line("every rule is kept");
        return Ok(ExitCode::SUCCESS);
    }
    say::line(&format!("broken: {}", broken.join(", ")));
    Ok(ExitCode::FAILURE)
}
