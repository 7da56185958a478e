//! The command line, as an operator types it, against the real binary and a file of its own.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use casewire_carriers::sandbox::{Pace, RunningSandbox, Sandbox, SandboxAccount, SandboxConfig, SandboxNumber};
use casewire_core::phone::E164;
use casewire_store::testing::START;
use serde_json::Value;

/// A folder with a database, gone with the test.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("casewire-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casewire"));
        command
            .args(arguments)
            .env("CASEWIRE_DATABASE__ADDRESS", self.0.join("firm.db"))
            .env_remove("CASEWIRE_CONFIG");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The answer of an `admin` command that works.
    fn admin(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["admin", "--json"], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[test]
fn an_operator_founds_a_firm_from_nothing() {
    let desk = Desk::new("founds");
    let firm = desk.admin(&["organization", "--name", "Doe & Partners"]);
    assert!(firm["organization_id"].as_str().unwrap().starts_with("org_"));
    desk.admin(&["team", "--organization", "Doe & Partners", "--name", "Litigation"]);
    let user = [
        "user",
        "--organization",
        "Doe & Partners",
        "--email",
        "Ann@Doe.Example",
        "--name",
        "Ann",
        "--role",
        "Firm Admin",
    ];
    let user = desk.admin(&[&user[..], &["--team", "Litigation"]].concat());
    assert_eq!(
        (&user["email"], user["password"].as_str().unwrap().len()),
        (&Value::from("ann@doe.example"), 20)
    );
    desk.admin(&["assign", "--email", "ann@doe.example", "--role", "Manager"]);
    let account = "AC00000000000000000000000000000001";
    desk.admin(&[
        "number",
        "--organization",
        "Doe & Partners",
        "--number",
        "+14155550100",
        "--account",
        account,
    ]);
    let token = desk.admin(&["token", "--email", "ann@doe.example", "--label", "export"]);
    assert!(token["token"].as_str().unwrap().starts_with("cw_"));
    let list = desk.admin(&["organizations"]);
    assert_eq!(list["organizations"][0]["organization_id"], firm["organization_id"]);
}

#[test]
fn a_password_can_come_from_standard_input() {
    let desk = Desk::new("stdin");
    desk.admin(&["organization", "--name", "Doe"]);
    let new = [
        "admin",
        "--json",
        "user",
        "--organization",
        "Doe",
        "--email",
        "a@b.example",
        "--name",
        "Ann",
        "--password-stdin",
    ];
    let mut child = desk.command(&new).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"a long password\n").unwrap();
    let answer: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert!(
        answer["user_id"].is_string() && answer["password"].is_null(),
        "who gave it knows it"
    );
}

#[test]
fn what_cannot_be_done_is_said_in_words() {
    let desk = Desk::new("words");
    desk.admin(&["organization", "--name", "Doe"]);
    assert!(
        desk.refused(&["admin", "team", "--organization", "Roe", "--name", "x"])
            .contains("no organization Roe")
    );
    let user = [
        "admin",
        "user",
        "--organization",
        "Doe",
        "--email",
        "a@b.example",
        "--name",
        "Ann",
        "--role",
        "Esquire",
    ];
    assert!(desk.refused(&user).contains("no role Esquire"));
    assert!(
        desk.refused(&["admin", "token", "--email", "nobody@b.example", "--label", "x"])
            .contains("no user")
    );
    let number = ["admin", "number", "--organization", "Doe", "--number", "12", "--account", "AC1"];
    assert!(desk.refused(&number).contains("`number`"));
}

#[test]
fn migrate_says_from_what_to_what() {
    let desk = Desk::new("migrate");
    let first = String::from_utf8(desk.run(&["migrate"]).stdout).unwrap();
    let second = String::from_utf8(desk.run(&["migrate"]).stdout).unwrap();
    assert!(first.contains("from schema version 0 to"), "{first}");
    assert!(second.contains("already"), "{second}");
}

#[test]
fn the_doctor_says_what_is_wrong_and_ends_with_1() {
    let desk = Desk::new("doctor");
    let stale = desk.run(&["doctor"]);
    let said = String::from_utf8(stale.stdout).unwrap();
    assert_eq!(stale.status.code(), Some(1));
    assert!(
        said.contains("run `casewire migrate`") && said.contains("One thing is wrong."),
        "{said}"
    );
    desk.run(&["migrate"]);
    let healthy = desk.run(&["doctor"]);
    assert_eq!(healthy.status.code(), Some(0), "{}", String::from_utf8_lossy(&healthy.stdout));
    let config = desk
        .command(&["doctor"])
        .env("CASEWIRE_COOKIES__SECURE", "perhaps")
        .output()
        .unwrap();
    let said = String::from_utf8(config.stdout).unwrap();
    assert!(
        config.status.code() == Some(1) && said.contains("CASEWIRE_COOKIES__SECURE"),
        "{said}"
    );
}

#[test]
fn the_doctor_asks_the_carrier_and_names_accounts_that_are_missing() {
    let desk = Desk::new("carrier");
    desk.admin(&["organization", "--name", "Doe"]);
    let lost = "AC00000000000000000000000000000009";
    desk.admin(&["number", "--organization", "Doe", "--number", "+14155550100", "--account", lost]);
    let doctor = desk
        .command(&["doctor"])
        .env("CASEWIRE_PUBLIC_ADDRESS", "https://casewire.example")
        .env("CASEWIRE_TWILIO__MAIN__ACCOUNT_SID", "AC00000000000000000000000000000001")
        .env("CASEWIRE_TWILIO__MAIN__AUTH_TOKEN", "s3cret")
        .env("CASEWIRE_TWILIO__MAIN__BASE", "http://127.0.0.1:9")
        .output()
        .unwrap();
    let said = String::from_utf8(doctor.stdout).unwrap();
    assert!(said.contains(lost) && said.contains("not configured"), "{said}");
    assert!(said.contains("no connection to the carrier"), "{said}");
    assert!(!said.contains("s3cret") && !said.contains("4155550100"), "{said}");
}

#[test]
fn the_doctor_says_whether_this_node_can_carry_calls() {
    let desk = Desk::new("voice");
    let doctor = |address: &str| {
        let mut doctor = desk.command(&["doctor"]);
        doctor
            .env("CASEWIRE_PUBLIC_ADDRESS", address)
            .env("CASEWIRE_VOICE__LISTEN", "127.0.0.1:0")
            .env("CASEWIRE_VOICE__RECORDINGS", std::env::temp_dir())
            .env("CASEWIRE_VOICE__TRUNK", "http://127.0.0.1:9")
            .env("CASEWIRE_VOICE__TRUNK_KEY", "s3cret");
        String::from_utf8(doctor.output().unwrap().stdout).unwrap()
    };
    let said = doctor("http://casewire.example");
    assert!(
        said.contains("WRONG  voice: no browser gives a page over plain HTTP a microphone"),
        "{said}"
    );
    assert!(said.contains("WRONG  voice: the other end of the trunk does not answer"), "{said}");
    assert!(
        said.contains("fine   voice: UDP 127.0.0.1:0 is free") && said.contains("only browsers on this machine"),
        "{said}"
    );
    assert!(!said.contains("s3cret"), "{said}");
    assert!(doctor("https://casewire.example").contains("fine   voice: browsers give this address a microphone"));
}

/// A carrier whose numbers send their texts to these addresses.
async fn carrier(numbers: &[(&str, &str)]) -> RunningSandbox {
    let number = |(number, sms_url): &(&str, &str)| SandboxNumber {
        number: E164::parse(number).unwrap(),
        account_sid: ACCOUNT.to_owned(),
        sms_url: (*sms_url).to_owned(),
    };
    let config = SandboxConfig {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        accounts: vec![SandboxAccount {
            sid: ACCOUNT.to_owned(),
            token: "s3cret".into(),
            api_keys: Vec::new(),
        }],
        numbers: numbers.iter().map(number).collect(),
        handsets: Vec::new(),
        pace: Pace {
            sent_after: Duration::ZERO,
            delivered_after: Duration::ZERO,
        },
        clock: Arc::new(|| START),
        clock_control: None,
        persist: None,
    };
    Sandbox::start(config).await.unwrap()
}

const ACCOUNT: &str = "AC00000000000000000000000000000001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_says_of_each_number_where_its_texts_are_sent() {
    let here = "https://casewire.example/webhooks/twilio/messages";
    let sandbox = carrier(&[
        ("+14155550101", here),
        ("+14155550102", &format!("{here}/#rc=3&rp=all")),
        ("+14155550103", "https://before.example/sms"),
        ("+14155550104", ""),
    ])
    .await;
    let desk = Desk::new("webhooks");
    desk.admin(&["organization", "--name", "Doe"]);
    let add = |number| {
        let added = desk.admin(&["number", "--organization", "Doe", "--number", number, "--account", ACCOUNT]);
        added["number_id"].as_str().unwrap().to_owned()
    };
    let doctor = || {
        let mut command = desk.command(&["doctor"]);
        command
            .env("CASEWIRE_PUBLIC_ADDRESS", "https://casewire.example")
            .env("CASEWIRE_TWILIO__MAIN__ACCOUNT_SID", ACCOUNT)
            .env("CASEWIRE_TWILIO__MAIN__AUTH_TOKEN", "s3cret")
            .env("CASEWIRE_TWILIO__MAIN__BASE", sandbox.base());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let wrong = |said: &str, id: &str, what: &str| {
        let line = said.lines().find(|line| line.starts_with("WRONG") && line.contains(id));
        assert!(line.is_some_and(|line| line.contains(what)), "{id}: {what}: {said}");
    };
    for number in ["+14155550101", "+14155550102"] {
        add(number);
    }
    let (code, said) = doctor();
    assert_eq!((code, said.matches("its texts are sent here").count()), (Some(0), 2), "{said}");
    let ids = ["+14155550103", "+14155550104", "+14155550105"].map(add);
    let (code, said) = doctor();
    assert_eq!((code, said.matches("its texts are sent here").count()), (Some(1), 2), "{said}");
    wrong(
        &said,
        &ids[0],
        "sent to https://before.example/sms; set its webhook for messages to https://casewire.example",
    );
    wrong(&said, &ids[1], "sent to nowhere");
    wrong(&said, &ids[2], "the account does not have it");
    assert!(said.contains("3 things are wrong.") && !said.contains("4155550103"), "{said}");
}
