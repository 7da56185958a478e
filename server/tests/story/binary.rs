//! The real binary, running its demo on free ports, and the outside party at its sandbox.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and talk to the binary as anybody would"
)]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use casewire_store::testing::TestDatabase;
use serde_json::{Value, json};
use uuid::Uuid;

/// A demo that runs, and ends with the test.
pub struct Demo {
    child: Child,
    data: PathBuf,
    pub server: String,
    pub sandbox: String,
    http: reqwest::Client,
    _database: Option<TestDatabase>,
}

impl Demo {
    pub fn start_on_sqlite() -> Self {
        Self::start(None)
    }

    pub async fn start_on_postgres() -> Self {
        Self::start(Some(TestDatabase::postgres().await))
    }

    fn start(database: Option<TestDatabase>) -> Self {
        casewire_carriers::tls::install();
        let data = std::env::temp_dir().join(format!("casewire-story-{}", Uuid::now_v7().simple()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_casewire"));
        command
            .args(["demo", "--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0", "--data"])
            .arg(&data);
        if let Some(database) = &database {
            command.args(["--database", &address(database)]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut after = |word: &str| {
            let line = lines.find(|line| line.trim_start().starts_with(word)).unwrap();
            line.split_whitespace().nth(1).unwrap().trim_end_matches('/').to_owned()
        };
        let (server, sandbox) = (after("Casewire   http"), after("Handsets"));
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            data,
            server,
            sandbox,
            http: reqwest::Client::new(),
            _database: database,
        }
    }

    /// What a script for a person prints, with this demo's addresses as S and H.
    pub async fn run_script(&self, script: &str) -> String {
        let mut bash = tokio::process::Command::new("bash");
        let output = bash
            .args(["-c", script])
            .env("S", &self.server)
            .env("H", &self.sandbox)
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "the script failed");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Somebody outside texts the first number of the firm.
    pub async fn handset_sends(&self, from: &str, body: &str) {
        let url = format!("{}/handsets/{from}/messages", self.sandbox);
        let answer = self
            .http
            .post(url)
            .json(&json!({ "to": "+14155550100", "body": body }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
    }

    /// What a handset shows.
    pub async fn handset_inbox(&self, number: &str) -> Value {
        let url = format!("{}/handsets/{number}/messages", self.sandbox);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Moves the demo's clock on.
    pub async fn move_clock(&self, span: Duration) {
        let url = format!("{}/clock", self.sandbox);
        let answer = self
            .http
            .post(url)
            .json(&json!({ "advance_seconds": span.as_secs() }))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.data));
    }
}

/// The URL of a test's database.
fn address(database: &TestDatabase) -> String {
    let server = database.server().unwrap();
    let host = match server.get_hosts().first() {
        Some(tokio_postgres::config::Host::Tcp(host)) => host.clone(),
        Some(tokio_postgres::config::Host::Unix(path)) => path.display().to_string().replace('/', "%2F"),
        None => "127.0.0.1".to_owned(),
    };
    let port = server.get_ports().first().copied().unwrap_or(5432);
    let password = server
        .get_password()
        .map(|bytes| format!(":{}", String::from_utf8_lossy(bytes)))
        .unwrap_or_default();
    format!(
        "postgres://{}{password}@{host}:{port}/{}",
        server.get_user().unwrap_or("postgres"),
        server.get_dbname().unwrap()
    )
}
