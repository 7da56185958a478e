//! The configuration: the documented file, the variables over it, and what is said of each mistake.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use casewire::config::{Config, ConfigError, LogFormat, Origin, read};

const SID: &str = "AC0123456789abcdef0123456789abcdef";

/// A file that is gone with the test.
struct Written(PathBuf);

impl Written {
    fn new(text: &str) -> Self {
        let name = format!("casewire-config-{:?}-{}.toml", std::thread::current().id(), std::process::id());
        let path = std::env::temp_dir().join(name.replace(['(', ')'], ""));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn read_with(&self, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        read(&Origin {
            file: Some(self.0.clone()),
            variables: map(variables),
        })
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

fn map(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn said(text: &str) -> String {
    Written::new(text).read_with(&[]).unwrap_err().to_string()
}

fn example() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../casewire.example.toml")).unwrap()
}

#[test]
fn nothing_at_all_is_a_configuration_with_defaults() {
    let config = read(&Origin::default()).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_address.url("/x"), "http://127.0.0.1:8080/x");
    assert_eq!(config.sessions.idle, Duration::from_secs(7 * 86_400));
    assert_eq!(config.sessions.absolute, Duration::from_secs(30 * 86_400));
    assert!(!config.secure_cookies());
}

#[test]
fn variables_lie_over_the_file() {
    let file = Written::new("listen = \"127.0.0.1:1\"\n[log]\nformat = \"pretty\"\n");
    let over = [
        ("CASEWIRE_LISTEN", "127.0.0.1:2"),
        ("CASEWIRE_LOG__FORMAT", "json"),
        ("CASEWIRE_SESSIONS__IDLE_DAYS", "3"),
    ];
    let config = file.read_with(&over).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.sessions.idle, Duration::from_secs(3 * 86_400));
}

#[test]
fn an_account_can_be_given_by_variables_alone() {
    let origin = Origin {
        file: None,
        variables: map(&[
            ("CASEWIRE_TWILIO__MAIN__ACCOUNT_SID", SID),
            ("CASEWIRE_TWILIO__MAIN__AUTH_TOKEN", "12345678"),
        ]),
    };
    assert_eq!(read(&origin).unwrap().twilio["main"].account_sid, SID);
}

#[test]
fn a_secret_can_be_in_a_file_and_is_never_printed() {
    let secret = Written::new("s3cret-token\n");
    let path = secret.0.display();
    let config = Written(secret.0.with_extension("main.toml"));
    std::fs::write(
        &config.0,
        format!("[twilio.main]\naccount_sid = \"{SID}\"\nauth_token_file = \"{path}\"\n"),
    )
    .unwrap();
    let config = config
        .read_with(&[("CASEWIRE_DATABASE__ADDRESS", "postgres://u:hunter2@db/x")])
        .unwrap();
    let printed = format!("{config:?}");
    assert!(!printed.contains("s3cret") && !printed.contains("hunter2"), "{printed}");
}

#[test]
fn an_unknown_key_is_an_error_that_names_it_and_its_line() {
    let said = said("listen = \"127.0.0.1:1\"\n\n[sessions]\nidle_hours = 3\n");
    assert!(said.contains("line 4") && said.contains("idle_hours"), "{said}");
    let over = Written::new("").read_with(&[("CASEWIRE_NONSENSE", "1")]).unwrap_err().to_string();
    assert!(over.contains("nonsense") && over.contains("variables"), "{over}");
}

#[test]
fn a_value_that_cannot_be_used_is_named_with_its_origin() {
    assert!(said("listen = \"everywhere\"").contains("listen ("));
    assert!(said("public_address = \"casewire.example.com\"").contains("https://"));
    assert!(said("[cookies]\nsecure = \"perhaps\"").contains("auto, always or never"));
    assert!(said("[sessions]\nidle_days = 0").contains("sessions.idle_days"));
    assert!(said("[twilio.main]\naccount_sid = \"AC1\"\nauth_token = \"x\"").contains("twilio.main.account_sid"));
    assert!(said(&format!("[twilio.main]\naccount_sid = \"{SID}\"")).contains("twilio.main.auth_token"));
    assert!(
        said(&format!(
            "[twilio.main]\naccount_sid = \"{SID}\"\nauth_token = \"x\"\nauth_token_file = \"/y\""
        ))
        .contains("not both")
    );
    let over = Written::new("").read_with(&[("CASEWIRE_LISTEN", "here")]).unwrap_err().to_string();
    assert!(over.contains("CASEWIRE_LISTEN"), "{over}");
}

#[test]
fn a_node_carries_calls_only_where_it_is_told_to_and_has_both_halves_of_a_trunk() {
    assert!(read(&Origin::default()).unwrap().voice.is_none());
    let voice = |text: &str| format!("[voice]\n{text}");
    let alone = Written::new(&voice("listen = \"0.0.0.0:7882\""))
        .read_with(&[])
        .unwrap()
        .voice
        .unwrap();
    assert!(alone.trunk.is_none() && alone.advertise.is_empty() && alone.recordings.ends_with("recordings"));
    assert!(said(&voice("listen = \"here\"")).contains("voice.listen"));
    assert!(said(&voice("listen = \"0.0.0.0:1\"\nadvertise = [\"everywhere\"]")).contains("voice.advertise"));
    assert!(said(&voice("listen = \"0.0.0.0:1\"\ntrunk = \"http://x\"")).contains("voice.trunk_key"));
    assert!(said(&voice("trunk = \"http://x\"\ntrunk_key = \"k\"")).contains("voice.listen"));
}

#[test]
fn a_mistake_never_repeats_a_secret() {
    let said = said(&format!(
        "[twilio.main]\naccount_sid = \"{SID}\"\nauth_token = \"hunter2\"\napi_key_secret = \"hunter3\"\n"
    ));
    assert!(said.contains("api_key_sid") && !said.contains("hunter"), "{said}");
}

#[test]
fn the_example_documents_every_key_and_reads() {
    let text = example();
    let fields = concat!(include_str!("../src/config/file.rs"), include_str!("../src/config/voice.rs"))
        .lines()
        .filter_map(|line| line.strip_prefix("    pub(super) "));
    let keys: BTreeSet<&str> = fields
        .filter_map(|field| field.split_once(": "))
        .filter(|(_, kind)| kind.starts_with("Option<") || kind.starts_with("Addresses"))
        .map(|(name, _)| name)
        .collect();
    assert!(keys.len() > 20);
    let names: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once(" = "))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, keys);
    // With every key in use, but for those that exclude each other.
    let used: String = text
        .lines()
        .map(|line| {
            if line.starts_with("# ") && line.contains(" = ") {
                line.trim_start_matches("# ")
            } else {
                line
            }
        })
        .filter(|line| !line.contains("_file ="))
        .fold(String::new(), |text, line| text + line + "\n");
    let config = Written::new(&used).read_with(&[]).unwrap();
    assert_eq!(config.twilio.len(), 1);
    assert_eq!(config.trusted_proxies.len(), 1);
    assert!(config.voice.is_some_and(|voice| voice.trunk.is_some() && voice.most_legs == 600));
}
