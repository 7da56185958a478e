//! The server under measurement: `casewire serve` on a database that is filled already, with nothing else to do: reconciliation
//! does not come round, and the carrier is nowhere.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::place::Place;
use super::town::{ACCOUNT, AUTH_TOKEN};
use crate::load::server::{Server, Setting};
use crate::process::Failure;

/// A server that runs.
pub struct Node {
    server: Server,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Node {
    /// Starts one and waits until it is ready.
    pub fn start(executable: &Path, setting: &Setting, place: &Place) -> Result<Self, Failure> {
        let configuration = write_configuration(setting, place)?;
        let server = Server::serve(executable, setting, &configuration)?;
        Ok(Self {
            server,
            address: setting.listen,
        })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Asks it to end and waits until it has.
    pub fn stop(self) -> Result<(), Failure> {
        self.server.stop().map(drop)
    }
}

fn write_configuration(setting: &Setting, place: &Place) -> Result<PathBuf, Failure> {
    let (listen, nowhere) = (setting.listen, setting.sandbox);
    let configuration = format!(
        "listen = \"{listen}\"\npublic_address = \"http://{listen}\"\n\
         [database]\naddress = {address}\n\
         [twilio.bench]\naccount_sid = \"{ACCOUNT}\"\nauth_token = \"{AUTH_TOKEN}\"\nbase = \"http://{nowhere}\"\n\
         [jobs]\nreconcile_every_seconds = 86400\n\
         [log]\nformat = \"json\"\nlevel = \"warn\"\n",
        address = serde_json::Value::from(place.address()),
    );
    let path = setting.data.join("casewire.toml");
    std::fs::write(&path, configuration)?;
    Ok(path)
}
