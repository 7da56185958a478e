//! The list of problem codes as a document for programmers, from the codes in `core`. Printed on standard output; `check`
//! compares and writes the file.

use std::process::ExitCode;

use casewire_core::problem::ProblemCode;

use crate::process::Failure;
use crate::say;

/// Prints the document that is named.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    if arguments != ["problems"] {
        return Err(Failure::new("`render` prints `problems`"));
    }
    say::line(problems().trim_end());
    Ok(ExitCode::SUCCESS)
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
}
