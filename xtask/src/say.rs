//! The only place of xtask that prints: results on standard output, what is being done and what is wrong on standard error.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to the person at the terminal"
)]

/// A line of the result.
pub fn line(text: &str) {
    println!("{text}");
}

/// What is being done now.
pub fn step(text: &str) {
    eprintln!("xtask: {text}");
}

/// What is wrong.
pub fn trouble(text: &str) {
    eprintln!("xtask: error: {text}");
}

/// A line that a child process wrote, passed on as it came.
pub fn passed_on(text: &str) {
    eprintln!("{text}");
}
