//! A password for a user: read from standard input, asked for unseen where that is a terminal, or made up.

use std::io::{BufRead as _, IsTerminal as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::auth::random;
use crate::cli::Failure;

/// The password: the first line of standard input, or 120 random bits.
pub(super) fn chosen(from_stdin: bool) -> Result<String, Failure> {
    if !from_stdin {
        let bytes = random::bytes::<15>().map_err(|error| Failure::Words(error.to_string()))?;
        return Ok(URL_SAFE_NO_PAD.encode(bytes));
    }
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok(rpassword::prompt_password("The password (it does not show; end with Enter): ")?);
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
