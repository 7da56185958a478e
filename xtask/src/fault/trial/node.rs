//! The server under trial: `casewire serve` as a child process with a configuration of its own, killed as by a power cut and
//! started again on the same database and port. `casewire admin` gives it a firm. Dropped, it is killed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::process::{Child, Command};

use crate::outside::{ACCOUNT, FIRM, TOKEN};
use crate::plan::Times;
use crate::trouble::Trouble;
use crate::watch::Stopwatch;

/// How long a start may take.
const READY_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(5);
const OFFICE: &str = "Trial & Partners";
const MANAGER: &str = "manager@trial.example";

/// The server, running or not.
pub(crate) struct Node {
    executable: PathBuf,
    folder: PathBuf,
    listen: SocketAddr,
    child: Option<Child>,
}

impl Node {
    /// Writes the configuration; the world is to reach the server by the gate, and the server the carrier too.
    pub(crate) fn prepare(
        executable: &Path,
        database: &str,
        folder: &Path,
        (listen, gate): (SocketAddr, SocketAddr),
        times: Times,
    ) -> Result<Self, Trouble> {
        let Times {
            timeout,
            lease,
            reconcile_every,
            silence,
            unknown_outcome,
        } = times;
        let configuration = format!(
            "listen = \"{listen}\"\npublic_address = \"http://{gate}\"\n\
             [database]\naddress = {address}\n\
             [twilio.trial]\naccount_sid = \"{ACCOUNT}\"\nauth_token = \"{TOKEN}\"\nbase = \"http://{gate}\"\n\
             [jobs]\ntimeout_seconds = {timeout}\nlease_seconds = {lease}\nreconcile_every_seconds = {reconcile_every}\n\
             silence_seconds = {silence}\nunknown_outcome_seconds = {unknown_outcome}\n\
             [log]\nformat = \"json\"\nlevel = \"warn\"\n",
            address = Value::from(database),
        );
        std::fs::write(folder.join("casewire.toml"), configuration)?;
        Ok(Self {
            executable: executable.to_owned(),
            folder: folder.to_owned(),
            listen,
            child: None,
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command
            .arg("--config")
            .arg(self.folder.join("casewire.toml"))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Starts it and waits until it is ready; how long that took.
    pub(crate) async fn start(&mut self) -> Result<Duration, Trouble> {
        let log = File::options().create(true).append(true).open(self.folder.join("server.log"))?;
        let mut command = self.command();
        command.arg("serve").stdout(log.try_clone()?).stderr(log);
        let watch = Stopwatch::start();
        let mut child = command.spawn()?;
        while !self.is_ready().await {
            if let Some(status) = child.try_wait()? {
                return Err(Trouble::new(format!(
                    "the server ended at its start ({status}); see {}",
                    self.folder.display()
                )));
            }
            if watch.elapsed() > READY_WITHIN {
                return Err(Trouble::new(format!(
                    "the server was not ready within a minute; see {}",
                    self.folder.display()
                )));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.child = Some(child);
        Ok(watch.elapsed())
    }

    async fn is_ready(&self) -> bool {
        let Ok(http) = crate::api::http() else { return false };
        let asked = http.get(format!("http://{}/readyz", self.listen)).send().await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// Kills it without warning (SIGKILL).
    pub(crate) async fn kill(&mut self) -> Result<(), Trouble> {
        match self.child.take() {
            Some(mut child) => Ok(child.kill().await?),
            None => Err(Trouble::new("there is no server to kill")),
        }
    }

    /// A firm with a number and a manager; the token of the manager.
    pub(crate) async fn create_firm(&self) -> Result<String, Trouble> {
        self.admin(&["organization", "--name", OFFICE]).await?;
        self.admin(&["number", "--organization", OFFICE, "--number", FIRM, "--account", ACCOUNT])
            .await?;
        let user = [
            "user",
            "--organization",
            OFFICE,
            "--email",
            MANAGER,
            "--name",
            "Manager",
            "--role",
            "Manager",
        ];
        self.admin(&user).await?;
        let made = self.admin(&["token", "--email", MANAGER, "--label", "trial"]).await?;
        let token = made.get("token").and_then(Value::as_str);
        token
            .map(str::to_owned)
            .ok_or_else(|| Trouble::new("`casewire admin token` gave no token"))
    }

    async fn admin(&self, words: &[&str]) -> Result<Value, Trouble> {
        let mut command = self.command();
        command.args(["admin", "--json"]).args(words);
        let ended = command.output().await?;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
            let task = words.first().copied().unwrap_or_default();
            return Err(Trouble::new(format!("`casewire admin {task}` failed: {said}")));
        }
        Ok(serde_json::from_slice(&ended.stdout)?)
    }
}
