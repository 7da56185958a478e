//! `casewire doctor`: says in words what is wrong with the configuration, the database, the carrier accounts, the numbers' webhook
//! addresses, the voice engine's ports and the public address. Changes nothing. Ends with 1 if something is wrong.

mod carriers;
mod database;
mod voice;

use std::process::ExitCode;

use super::{Failure, configuration, open, say};
use crate::clock::Clock;
use crate::config::{Config, Origin};
use crate::state::Carriers;

/// What was found, line by line.
#[derive(Debug, Default)]
struct Findings {
    wrong: u32,
}

impl Findings {
    fn fine(&mut self, words: &str) {
        say(&format!("fine   {words}"));
    }

    fn note(&mut self, words: &str) {
        say(&format!("note   {words}"));
    }

    fn wrong(&mut self, words: &str) {
        self.wrong += 1;
        say(&format!("WRONG  {words}"));
    }
}

/// Looks at everything and says what it finds.
///
/// # Errors
/// None but that of a terminal: what is wrong is a finding.
pub async fn run(origin: &Origin) -> Result<ExitCode, Failure> {
    let mut findings = Findings::default();
    match configuration(origin) {
        Err(failure) => findings.wrong(&format!("configuration: {failure}")),
        Ok(config) => {
            findings.fine("configuration: every key is known and can be used");
            public_address(&mut findings, &config);
            let store = match open(&config.database, &Clock::System).await {
                Ok(store) => Some(store),
                Err(failure) => {
                    findings.wrong(&format!("database: {failure}"));
                    None
                }
            };
            database::look(&mut findings, &config, store.as_ref()).await;
            voice::look(&mut findings, &config).await;
            match Carriers::of_config(&config) {
                Ok(accounts) => carriers::look(&mut findings, &config, &accounts, store.as_ref()).await,
                Err((name, error)) => findings.wrong(&format!("carrier twilio.{name}: {error}")),
            }
        }
    }
    let verdict = match findings.wrong {
        0 => "Nothing is wrong.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        count => format!("{count} things are wrong."),
    };
    say(&verdict);
    Ok(if findings.wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Carriers call it from outside, and sign the address that they call.
fn public_address(findings: &mut Findings, config: &Config) {
    let address = config.public_address.url("");
    let (scheme, authority) = address.split_once("://").unwrap_or_default();
    let local = ["127.", "localhost", "[::1]", "0.0.0.0"]
        .iter()
        .any(|start| authority.starts_with(start));
    match (local, scheme) {
        (true, _) if config.twilio.is_empty() => findings.note("public address: only this machine reaches it, and no carrier has to"),
        (true, _) => {
            findings.wrong("public address: only this machine reaches it, so no carrier can send webhooks: set public_address to the address by which the world reaches this server");
        }
        (false, "https") => findings.fine("public address: carriers can call it over HTTPS"),
        (false, _) => findings.wrong("public address: it is plain HTTP, so texts and passwords can be read on the way: use https://"),
    }
}
