//! The documents that are written by the program: fresh means that the program would write the same today. `cargo xtask check
//! --write` writes them anew. Nobody edits them by hand. (`docs/policy.md` is compared, and written, by a test of `core`.)

use super::Findings;
use crate::process::{Failure, cargo, output};
use crate::{say, tree};

/// A document and the arguments of `cargo` that print it.
struct Document {
    path: &'static str,
    printed_by: &'static [&'static str],
}

const DOCUMENTS: [Document; 2] = [
    Document {
        path: "docs/openapi.json",
        printed_by: &["run", "--quiet", "--package", "casewire", "--", "openapi"],
    },
    Document {
        path: "docs/problems.md",
        printed_by: &[
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--features",
            "render",
            "--",
            "render",
            "problems",
        ],
    },
];

impl Document {
    fn fresh(&self) -> Result<String, Failure> {
        output(cargo().args(self.printed_by))
    }
}

/// The documents that do not stand as the program would write them.
pub fn findings() -> Result<Findings, Failure> {
    let mut findings = Findings::new();
    for document in DOCUMENTS {
        let standing = std::fs::read_to_string(tree::root().join(document.path)).ok();
        findings.extend(stale(document.path, standing.as_deref(), &document.fresh()?));
    }
    Ok(findings)
}

/// Writes all of them.
pub fn write() -> Result<(), Failure> {
    for document in DOCUMENTS {
        std::fs::write(tree::root().join(document.path), document.fresh()?)?;
        say::line(&format!("wrote {}", document.path));
    }
    Ok(())
}

fn stale(path: &str, standing: Option<&str>, fresh: &str) -> Option<String> {
    let Some(standing) = standing else {
        return Some(format!("{path} is missing; `cargo xtask check --write` writes it"));
    };
    if standing == fresh {
        return None;
    }
    let same = standing.lines().zip(fresh.lines()).take_while(|(old, new)| old == new).count();
    Some(format!(
        "{path} is stale from line {}; `cargo xtask check --write` writes it anew",
        same + 1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_differs_is_found_with_the_line() {
        let found = stale("docs/problems.md", Some("a\nb\n"), "a\nc\n");
        assert!(found.is_some_and(|found| found.starts_with("docs/problems.md is stale from line 2")));
        assert_eq!(stale("docs/problems.md", Some("a\n"), "a\n"), None);
    }

    #[test]
    fn a_document_that_is_missing_is_found() {
        assert!(stale("docs/problems.md", None, "a\n").is_some_and(|found| found.contains("is missing")));
    }
}
