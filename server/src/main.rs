//! The binary: hands its arguments to [`casewire::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    casewire::cli::main()
}
