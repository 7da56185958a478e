//! Starting other programs: run and wait, run and read, run and pass the lines on. Knows when the person has pressed Ctrl-C,
//! so that what was started is ended and what must be cleaned up is. Ends only what it has started.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::say;

/// Why a command of xtask could not do its work, in words for the person at the terminal.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure that says this.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Cargo in the project's top folder, as a person would call it there. `cargo run` has told this process about the package xtask;
/// handed on, that would make build scripts that look at it, and all that stands on them, run anew each time.
pub fn cargo() -> Command {
    const OF_XTASK: [&str; 20] = [
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_LINKS",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_AUTHORS",
        "CARGO_PKG_DESCRIPTION",
        "CARGO_PKG_HOMEPAGE",
        "CARGO_PKG_LICENSE",
        "CARGO_PKG_LICENSE_FILE",
        "CARGO_PKG_NAME",
        "CARGO_PKG_README",
        "CARGO_PKG_REPOSITORY",
        "CARGO_PKG_RUST_VERSION",
        "CARGO_PKG_VERSION",
        "CARGO_PKG_VERSION_MAJOR",
        "CARGO_PKG_VERSION_MINOR",
        "CARGO_PKG_VERSION_PATCH",
        "CARGO_PKG_VERSION_PRE",
        "CARGO_PRIMARY_PACKAGE",
    ];
    let mut command = Command::new("cargo");
    for name in OF_XTASK {
        command.env_remove(name);
    }
    command.current_dir(crate::tree::root());
    command
}

/// The command as a person would type it, without its environment (which may hold a password).
pub fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` could not be started: {error}", typed(command)))
}

/// Runs it to its end, its output straight to the terminal.
pub fn status(command: &mut Command) -> Result<ExitStatus, Failure> {
    command.status().map_err(|error| not_started(command, &error))
}

/// Runs it to its end; anything but success is a failure.
pub fn succeed(command: &mut Command) -> Result<(), Failure> {
    let status = status(command)?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` failed: {status}", typed(command))))
}

/// Runs it to its end and gives its standard output; anything but success is a failure that tells its standard error.
pub fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::new(format!("`{}` failed: {}\n{said}", typed(command), output.status)))
}

/// Whether it can be run and succeeds; says nothing.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Becomes xtask once more, built with what its light form leaves out.
#[cfg(not(feature = "load"))]
pub fn again(how: &[&str], arguments: &[String]) -> Result<std::process::ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    say::step("building what measures and breaks (some minutes the first time)");
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "xtask"]).args(how).args(arguments);
    let error = command.exec();
    Err(not_started(&command, &error))
}

/// Whether the person, or whoever runs us, has asked to stop.
#[derive(Debug, Clone)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    const LOOK_EVERY: Duration = Duration::from_millis(50);
    /// How long a child that got the same Ctrl-C has to end by itself before it is told once more, and before it is killed.
    const PATIENCE: u32 = 60;

    /// From now on Ctrl-C and SIGTERM no longer end xtask at once; they are noted here.
    pub fn listen() -> Result<Self, Failure> {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [
            signal_hook::consts::SIGINT,
            signal_hook::consts::SIGTERM,
            signal_hook::consts::SIGHUP,
        ] {
            signal_hook::flag::register(signal, Arc::clone(&flag))?;
        }
        Ok(Self(flag))
    }

    /// Whether it has happened.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Fails if it has happened.
    pub fn refuse(&self) -> Result<(), Failure> {
        if self.happened() {
            Err(Failure::new("interrupted"))
        } else {
            Ok(())
        }
    }

    /// Waits for the child; after an interrupt the child is asked to end, then made to.
    fn wait(&self, child: &mut Child) -> Result<ExitStatus, Failure> {
        let mut looks_since = 0;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.happened() {
                looks_since += 1;
                if looks_since == Self::PATIENCE {
                    succeeds(Command::new("kill").args(["-TERM", &child.id().to_string()]));
                } else if looks_since == 3 * Self::PATIENCE {
                    child.kill()?;
                }
            }
            std::thread::sleep(Self::LOOK_EVERY);
        }
    }

    /// Runs it, passing on what it writes line by line, and gives it back together with how it ended.
    pub fn run_reading(&self, command: &mut Command) -> Result<(ExitStatus, String), Failure> {
        self.refuse()?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(command, &error))?;
        let readers = [child.stdout.take().map(pass_on), child.stderr.take().map(pass_on)];
        let status = self.wait(&mut child)?;
        let mut text = String::new();
        for reader in readers.into_iter().flatten() {
            text.push_str(
                &reader
                    .join()
                    .map_err(|_| Failure::new("the output of a command could not be read"))?,
            );
        }
        Ok((status, text))
    }
}

fn pass_on(stream: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let line = String::from_utf8_lossy(&bytes);
            say::passed_on(line.trim_end_matches('\n'));
            text.push_str(&line);
            bytes.clear();
        }
        text
    })
}
