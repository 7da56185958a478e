//! The rules that look at the files themselves: how they open, how long they are, what they are called and what must not stand
//! in them. Each is a function of the files alone, and has a test below that shows it can fail.

use std::path::Path;

use super::Findings;
use crate::tree::{self, SourceFile};

/// A rule over the project's files.
pub type TextRule = fn(&[SourceFile]) -> Findings;

const LONGEST_OPENING: usize = 6;
const LONGEST_CODE: usize = 500;
const LONGEST_TEST: usize = 800;
const VAGUE: [&str; 10] = [
    "utils", "util", "common", "helpers", "helper", "misc", "manager", "service", "base", "mod",
];

fn has_ending(file: &SourceFile, endings: &[&str]) -> bool {
    let ending = Path::new(&file.path).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.contains(&ending))
}

fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.contains("/tests/") || path.contains("/e2e/") || name == "tests.rs" || name.contains(".test.") || name.contains(".spec.")
}

fn is_generated(path: &str) -> bool {
    path.contains(".gen.") || path.ends_with(".d.ts")
}

/// Every Rust file opens with one to six lines of `//!`, every TypeScript file with as many of `//`. Examples in them, which the
/// documentation tests compile, do not count.
pub fn openings(files: &[SourceFile]) -> Findings {
    let code = files
        .iter()
        .filter(|file| has_ending(file, &["rs", "ts", "tsx"]) && !is_generated(&file.path));
    code.filter_map(|file| {
        let mark = if has_ending(file, &["rs"]) { "//!" } else { "//" };
        match lines_of_prose(&file.text, mark) {
            0 => Some(format!("{} does not open with {mark}", file.path)),
            lines if lines > LONGEST_OPENING => Some(format!("{} opens with {lines} lines of {mark}", file.path)),
            _ => None,
        }
    })
    .collect()
}

fn lines_of_prose(text: &str, mark: &str) -> usize {
    let mut is_example = false;
    let mut lines = 0;
    for line in text.lines().map_while(|line| line.strip_prefix(mark)) {
        let is_fence = line.trim_start().starts_with("```");
        lines += usize::from(!is_fence && !is_example && !line.trim().is_empty());
        is_example ^= is_fence;
    }
    lines
}

/// Code files have at most 500 lines, test files at most 800.
pub fn sizes(files: &[SourceFile]) -> Findings {
    let code = files
        .iter()
        .filter(|file| has_ending(file, &["rs", "ts", "tsx", "css", "py", "sh"]) && !is_generated(&file.path));
    code.filter_map(|file| {
        let most = if is_test(&file.path) { LONGEST_TEST } else { LONGEST_CODE };
        let lines = file.text.lines().count();
        (lines > most).then(|| format!("{} has {lines} lines, {most} at most", file.path))
    })
    .collect()
}

/// No file or folder of code has a name that says nothing.
pub fn names(files: &[SourceFile]) -> Findings {
    let code = files.iter().filter(|file| has_ending(file, &["rs", "ts", "tsx"]));
    code.filter_map(|file| {
        let mut words = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        let vague = words.find(|word| VAGUE.contains(&word.to_lowercase().as_str()))?;
        Some(format!("{}: `{vague}` says nothing about what is in it", file.path))
    })
    .collect()
}

fn lines_with(file: &SourceFile, is_wrong: impl Fn(&str) -> bool) -> Findings {
    let numbered = file.text.lines().enumerate();
    numbered
        .filter(|(_, line)| !line.trim_start().starts_with("//") && is_wrong(line))
        .map(|(index, line)| format!("{}:{}: {}", file.path, index + 1, line.trim()))
        .collect()
}

/// Whether a string literal on this line begins as a statement does.
fn begins_statement(line: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "select ",
        "insert into ",
        "delete from ",
        "update ",
        "create table ",
        "alter table ",
        "with recursive ",
        "pragma ",
    ];
    line.split('"').skip(1).any(|literal| {
        let literal = literal.trim_start().to_lowercase();
        let statement = BEGINNINGS.iter().any(|beginning| literal.starts_with(beginning));
        // "Update …" may begin an English sentence; a statement goes on with `set`.
        statement && (!literal.starts_with("update ") || literal.contains(" set ")) && is_more_than_prose(&literal)
    })
}

/// "Select a case first" is a sentence: a query names where it reads from, and no statement ends with a full stop.
fn is_more_than_prose(literal: &str) -> bool {
    !literal.trim_end().ends_with('.') && (!literal.starts_with("select ") || literal.contains(" from ") || literal.contains('$'))
}

/// SQL stands in the store. Tests may look into the database and bring it into a state that the product never would; xtask
/// measures the bare databases with statements of its own.
pub fn sql(files: &[SourceFile]) -> Findings {
    let is_free = |path: &str| path.starts_with("store/") || path.starts_with("xtask/") || is_test(path);
    let elsewhere = files.iter().filter(|file| has_ending(file, &["rs"]) && !is_free(&file.path));
    elsewhere.flat_map(|file| lines_with(file, begins_statement)).collect()
}

/// All routes of the server stand in one file.
pub fn routes(files: &[SourceFile]) -> Findings {
    const CALLS: [&str; 5] = [".route(", ".routes(", ".nest(", ".route_service(", ".nest_service("];
    let others = files
        .iter()
        .filter(|file| file.path.starts_with("server/src/") && has_ending(file, &["rs"]) && file.path != "server/src/api.rs");
    others
        .flat_map(|file| lines_with(file, |line| CALLS.iter().any(|call| line.contains(call))))
        .collect()
}

/// Nothing names a folder of the machine that it was written on.
pub fn machine_paths(files: &[SourceFile]) -> Findings {
    let mut folders: Vec<String> = ["home", "root", "Users"].iter().map(|folder| format!("/{folder}/")).collect();
    folders.extend(foreign_folder(&tree::root()));
    machine_paths_among(files, &folders)
}

fn machine_paths_among(files: &[SourceFile], folders: &[String]) -> Findings {
    let names_one = |line: &str| {
        folders.iter().any(|folder| {
            line.match_indices(folder.as_str()).any(|(at, _)| {
                let before = line.get(..at).and_then(|before| before.chars().next_back());
                !before.is_some_and(|letter| letter.is_alphanumeric() || "_.-/}".contains(letter))
            })
        })
    };
    let numbered = files
        .iter()
        .flat_map(|file| file.text.lines().enumerate().map(move |line| (file, line)));
    numbered
        .filter(|(_, (_, line))| names_one(line))
        .map(|(file, (index, line))| format!("{}:{}: {}", file.path, index + 1, line.trim()))
        .collect()
}

/// The top folder that the checkout is in, unless it is one that every machine has and a document may well name.
fn foreign_folder(root: &Path) -> Option<String> {
    const EVERYWHERE: [&str; 9] = ["etc", "media", "mnt", "opt", "run", "srv", "tmp", "usr", "var"];
    let mut parts = root.components().skip(1);
    let top = parts.next()?.as_os_str().to_str()?;
    parts.next()?;
    (!EVERYWHERE.contains(&top)).then(|| format!("/{top}/"))
}

/// A test is run or removed.
pub fn ignored_tests(files: &[SourceFile]) -> Findings {
    let marks = [concat!("#[", "ignore"), concat!(".sk", "ip("), concat!(".on", "ly(")];
    let [rust, skip, only] = marks;
    files
        .iter()
        .flat_map(|file| {
            let is_script = has_ending(file, &["ts", "tsx"]) && is_test(&file.path);
            let is_rust = has_ending(file, &["rs"]);
            lines_with(file, |line| {
                (is_rust && line.contains(rust)) || (is_script && (line.contains(skip) || line.contains(only)))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
