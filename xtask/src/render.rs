//! The documents that say in words what the rules in `core` hold: the access policy, for a lawyer to read, and the problem
//! codes, for a programmer. Printed on standard output; `check` compares and writes the files.

use std::process::ExitCode;

use casewire_core::access::policy;
use casewire_core::problem::ProblemCode;

use crate::process::Failure;
use crate::say;

/// Prints the document that is named.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let text = match arguments.first().map(String::as_str) {
        Some("policy") => access_policy(),
        Some("problems") => problems(),
        Some(_) | None => return Err(Failure::new("`render` prints `policy` or `problems`")),
    };
    say::line(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn access_policy() -> String {
    format!(
        "# Who may do what\n\n\
         Written by the program (`cargo xtask check --write`) from the rules that it enforces.\n\n\
         Levels: 0 nothing, 1 see, 2 act, 3 manage. *Cases in scope*: whose matters a role reaches at all. Users with several\n\
         roles have what any of them gives. A wall between a user and a case denies everything of that case and beats every role.\n\
         These are the roles that every organization starts with; it may define its own besides.\n\n{}",
        policy::table()
    )
}

fn problems() -> String {
    let mut text = String::from(
        "# Problem codes\n\n\
         Written by the program (`cargo xtask check --write`). Every error of the API is an `application/problem+json` document\n\
         whose `code` is one of these words. A code never changes its meaning; programs may rely on it.\n\n\
         | code | status | title |\n| --- | --- | --- |\n",
    );
    for code in ProblemCode::ALL {
        text.push_str(&format!("| `{}` | {} | {} |\n", code.as_str(), code.status(), code.title()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_code_stands_in_the_list_once() {
        let text = problems();
        for code in ProblemCode::ALL {
            assert_eq!(text.matches(&format!("| `{}` |", code.as_str())).count(), 1);
        }
    }

    #[test]
    fn the_policy_names_every_default_role() {
        let text = access_policy();
        assert!(policy::DEFAULT_ROLES.iter().all(|role| text.contains(role.name)));
    }
}
