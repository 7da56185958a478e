//! A password for a user: read from standard input, asked for unseen where that is a terminal, or made up.

use std::io::{BufRead as _, IsTerminal as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::auth::random;
use crate::cli::Failure;

/// A password, and where it came from.
pub(super) enum Chosen {
    /// 120 random bits, to be shown once: nobody knows it yet.
    MadeUp(String),
    /// By the operator, and so not to be shown.
    Given(String),
}

impl Chosen {
    /// The password itself.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::MadeUp(words) | Self::Given(words) => words,
        }
    }

    /// Adds it to an answer, where that is the only place to learn it.
    pub(super) fn shown_in(&self, mut answer: Value) -> Value {
        match (self, answer.as_object_mut()) {
            (Self::MadeUp(words), Some(members)) => drop(members.insert("password".to_owned(), Value::from(words.as_str()))),
            (Self::MadeUp(_) | Self::Given(_), _) => {}
        }
        answer
    }
}

/// The password: the first line of standard input, or made up.
pub(super) fn chosen(from_stdin: bool) -> Result<Chosen, Failure> {
    if !from_stdin {
        let bytes = random::bytes::<15>().map_err(|error| Failure::Words(error.to_string()))?;
        return Ok(Chosen::MadeUp(URL_SAFE_NO_PAD.encode(bytes)));
    }
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let typed = rpassword::prompt_password("The password (it does not show; end with Enter): ")?;
        return Ok(Chosen::Given(typed));
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(Chosen::Given(line.trim_end_matches(['\r', '\n']).to_owned()))
}
