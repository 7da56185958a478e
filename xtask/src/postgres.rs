//! A throw-away PostgreSQL with default durability: own folder, own port on the loopback, own password, gone at the end.
//! It never touches a server that runs already, and ends only the one that it has started.

use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::process::{Failure, output, succeeds};
use crate::{say, tree};

/// The oldest major version that Casewire supports.
const OLDEST: u32 = 15;

/// The folder with `initdb` and `pg_ctl`: Debian keeps one per major version, elsewhere it is on the path.
pub fn programs() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = installed
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            (version >= OLDEST && folder.join("initdb").is_file()).then_some((version, folder))
        })
        .max();
    newest.map(|(_, folder)| folder).or_else(on_path)
}

fn on_path() -> Option<PathBuf> {
    let folder = PathBuf::from(output(Command::new("pg_config").arg("--bindir")).ok()?.trim());
    let version = output(Command::new(folder.join("initdb")).arg("--version")).ok()?;
    (major(&version)? >= OLDEST).then_some(folder)
}

/// The major version in what `initdb --version` says: `initdb (PostgreSQL) 15.8 (Debian …)`.
fn major(said: &str) -> Option<u32> {
    said.split_whitespace().nth(2)?.split('.').next()?.parse().ok()
}

/// The account that the server runs as, where we are root: PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

/// A running server; dropped, or when xtask ends in whatever way, it is stopped and its folder removed.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    account: Option<Account>,
    port: u16,
    password: String,
    #[expect(dead_code, reason = "it is held, so that its drop ends the server")]
    guardian: Guardian,
}

impl Postgres {
    /// Makes and starts one.
    pub fn start() -> Result<Self, Failure> {
        let programs = programs().ok_or_else(|| Failure::new("there is no PostgreSQL 15 or newer on this machine"))?;
        let account = account()?;
        sweep()?;
        let folder = folder(account)?;
        let server = Self {
            programs,
            guardian: Guardian::of(&folder)?,
            folder,
            account,
            port: TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port(),
            password: password()?,
        };
        // From here on an error drops the value, and with it whatever stands already.
        server.create()?;
        server.launch()?;
        Ok(server)
    }

    /// Where to reach it, as its superuser.
    pub fn url(&self) -> String {
        format!("postgres://casewire:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    /// The process id of the server's first process.
    #[cfg(feature = "load")]
    pub fn pid(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    /// The file that the server logs to.
    #[cfg(feature = "load")]
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        program(&self.programs, name, self.account)
    }

    fn create(&self) -> Result<(), Failure> {
        let secret = self.folder.join("password");
        std::fs::write(&secret, &self.password)?;
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600))?;
        give(&secret, self.account)?;
        output(
            self.program("initdb")
                .args(["--username=casewire", "--auth=password", "--encoding=UTF8", "--no-locale"])
                .arg("--pwfile")
                .arg(&secret)
                .arg("--pgdata")
                .arg(self.data()),
        )?;
        Ok(())
    }

    fn launch(&self) -> Result<(), Failure> {
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories='' -c max_connections=300",
            self.port
        );
        let log = self.folder.join("log");
        let started = succeeds(
            self.program("pg_ctl")
                .args(["start", "--wait", "--timeout=60", "--options", &settings, "--log"])
                .arg(&log)
                .arg("--pgdata")
                .arg(self.data()),
        );
        if started {
            return Ok(());
        }
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        Err(Failure::new(format!("the throw-away PostgreSQL did not start:\n{said}")))
    }
}

fn program(programs: &Path, name: &str, account: Option<Account>) -> Command {
    let mut command = Command::new(programs.join(name));
    // Its own process group, so that Ctrl-C reaches the tests first and the database last.
    command.current_dir("/").process_group(0);
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
    command
}

/// Ends the server of a folder once nobody holds the other end of its standard input, and removes the folder. It is a process of
/// its own, so that it does its work even after a SIGKILL of ours; dropped, it does it now.
#[derive(Debug)]
struct Guardian(Child);

impl Guardian {
    /// The server is asked to end at once (SIGQUIT: nobody needs its data), if the process of that id is the one that works in
    /// this folder: after a restart of the machine it may be anybody.
    const SCRIPT: &str = r#"
        read -r nothing
        cd -P "$1/data" 2>/dev/null && here=$(pwd -P) && cd / || here=
        pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
        lives() { [ -n "$here" ] && [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$here" ]; }
        tries=0
        while lives && [ $tries -lt 300 ]; do
            [ $tries -gt 0 ] || kill -QUIT "$pid"
            tries=$((tries + 1))
            sleep 0.1
        done
        ! lives && rm -rf "$1"
    "#;

    fn of(folder: &Path) -> Result<Self, Failure> {
        let mut command = Command::new("sh");
        command.args(["-c", Self::SCRIPT, "casewire-guardian"]).arg(folder);
        // Its own process group: Ctrl-C is for the tests, and the server ends after them.
        command.current_dir("/").process_group(0).stdin(Stdio::piped());
        Ok(Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?))
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        if !self.0.wait().is_ok_and(|status| status.success()) {
            say::trouble("the throw-away PostgreSQL could not be stopped, or its folder not be removed");
        }
    }
}

/// Stops and removes what earlier runs left behind because the whole machine went down.
fn sweep() -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(tree::target().join("postgres")) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let owner = entry.file_name();
        if !Path::new("/proc").join(&owner).exists() {
            drop(Guardian::of(&entry.path())?);
        }
    }
    Ok(())
}

fn account() -> Result<Option<Account>, Failure> {
    if output(Command::new("id").arg("-u"))?.trim() != "0" {
        return Ok(None);
    }
    let id = |which: &str| -> Result<u32, Failure> {
        let text = output(Command::new("id").args([which, "postgres"]))?;
        text.trim()
            .parse()
            .map_err(|_| Failure::new("the account `postgres` has no numeric id"))
    };
    Ok(Some(Account {
        uid: id("-u")?,
        gid: id("-g")?,
    }))
}

/// The folder of this run, under the target folder where the server's account may go there, else under the system's temporary
/// folder (a checkout in `/root` is closed to everybody else).
fn folder(account: Option<Account>) -> Result<PathBuf, Failure> {
    let near = tree::target().join("postgres").join(std::process::id().to_string());
    std::fs::create_dir_all(&near)?;
    give(&near, account)?;
    let Some(Account { uid, gid }) = account else {
        return Ok(near);
    };
    if succeeds(Command::new("test").arg("-x").arg(&near).current_dir("/").uid(uid).gid(gid)) {
        return Ok(near);
    }
    std::fs::remove_dir(&near)?;
    let far = output(Command::new("mktemp").args(["--directory", "--tmpdir"]))?;
    let far = PathBuf::from(far.trim());
    give(&far, account)?;
    Ok(far)
}

fn give(path: &Path, account: Option<Account>) -> Result<(), Failure> {
    if let Some(Account { uid, gid }) = account {
        chown(path, Some(uid), Some(gid))?;
    }
    Ok(())
}

fn password() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_initdb_says() {
        assert_eq!(major("initdb (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major("initdb (PostgreSQL) 17beta1\n"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn a_server_ends_and_leaves_nothing_when_its_owner_lets_go() {
        let server = Postgres::start().unwrap();
        let (folder, address) = (server.folder.clone(), ("127.0.0.1", server.port));
        assert!(TcpStream::connect(address).is_ok());
        drop(server);
        assert!(TcpStream::connect(address).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn two_passwords_are_never_the_same() {
        assert_ne!(password().unwrap(), password().unwrap());
    }
}
