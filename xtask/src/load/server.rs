//! The real `casewire` binary as a child process: built, started with its own ports and data, waited for, killed or asked to
//! end. Its output goes to a file, so that a failure can show it. Dropped, it is killed.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::stopwatch::Stopwatch;
use crate::process::{Failure, cargo, succeed, succeeds};
use crate::{tree, web};

/// Builds it as this xtask itself is built (`bench` in release, `fault` not), and gives the executable.
pub fn build() -> Result<PathBuf, Failure> {
    let (flags, folder): (&[&str], _) = if cfg!(debug_assertions) {
        (&[], "debug")
    } else {
        (&["--release"], "release")
    };
    if !cfg!(debug_assertions) {
        web::build()?;
    }
    succeed(cargo().args(["build", "--package", "casewire", "--bin", "casewire"]).args(flags))?;
    Ok(tree::target().join(folder).join("casewire"))
}

/// A port of the loopback that is free now.
pub fn free_address() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Where a server listens and keeps its data.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The API.
    pub listen: SocketAddr,
    /// The sandbox carrier.
    pub sandbox: SocketAddr,
    /// The folder of the embedded database, and of the log.
    pub data: PathBuf,
}

impl Setting {
    /// Free ports and an empty folder under the target folder.
    pub fn fresh(purpose: &str) -> Result<Self, Failure> {
        let data = tree::target().join(purpose).join(std::process::id().to_string());
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        std::fs::create_dir_all(&data)?;
        Ok(Self {
            listen: free_address()?,
            sandbox: free_address()?,
            data,
        })
    }

    fn log(&self) -> PathBuf {
        self.data.join("server.log")
    }
}

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    child: Child,
    setting: Setting,
}

impl Server {
    const READY_WITHIN: Duration = Duration::from_secs(60);
    const LOOK_EVERY: Duration = Duration::from_millis(10);

    /// Starts `casewire serve` with a configuration file, which must name the same address, and waits until it is ready.
    pub fn serve(executable: &Path, setting: &Setting, configuration: &Path) -> Result<Self, Failure> {
        let mut command = Command::new(executable);
        command.arg("--config").arg(configuration).arg("serve");
        Self::launch(command, setting)
    }

    fn launch(mut command: Command, setting: &Setting) -> Result<Self, Failure> {
        let log = File::options().create(true).append(true).open(setting.log())?;
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Self {
            child,
            setting: setting.clone(),
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end and waits until it has.
    pub fn stop(mut self) -> Result<ExitStatus, Failure> {
        succeeds(Command::new("kill").args(["-TERM", &self.pid().to_string()]));
        let watch = Stopwatch::start();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if watch.elapsed() > Self::READY_WITHIN {
                return Err(Failure::new("the server did not end within a minute of SIGTERM"));
            }
            std::thread::sleep(Self::LOOK_EVERY);
        }
    }

    fn wait_until_ready(&mut self) -> Result<(), Failure> {
        let watch = Stopwatch::start();
        while !is_ready(self.setting.listen) {
            if let Some(status) = self.child.try_wait()? {
                return Err(self.trouble(&format!("the server ended at its start: {status}")));
            }
            if watch.elapsed() > Self::READY_WITHIN {
                return Err(self.trouble("the server was not ready within a minute"));
            }
            std::thread::sleep(Self::LOOK_EVERY);
        }
        Ok(())
    }

    fn trouble(&self, what: &str) -> Failure {
        let log = std::fs::read_to_string(self.setting.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        let end = lines.into_iter().rev().collect::<Vec<_>>().join("\n");
        Failure::new(format!("{what}; the end of its log:\n{end}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Whether `/readyz` answers 200.
fn is_ready(address: SocketAddr) -> bool {
    ask(address).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.0 200"))
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0_u8; 512];
            assert!(stream.read(&mut request).unwrap() > 0);
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn a_server_is_ready_when_it_says_so_and_not_before() {
        assert!(is_ready(answering("HTTP/1.1 200 OK\r\n\r\n")));
        assert!(!is_ready(answering("HTTP/1.1 503 Service Unavailable\r\n\r\n")));
        assert!(!is_ready(free_address().unwrap()));
    }
}
