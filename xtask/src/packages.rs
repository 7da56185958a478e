//! What the commands need from the system's packages: looks whether it is there, installs it with apt where it may, and
//! otherwise names the packages. Never removes or upgrades anything.

use std::process::{Command, Stdio};

use crate::process::{Failure, output, status, succeeds};
use crate::say;

/// Something that must be on the machine.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// Debian's packages that bring it.
    pub packages: &'static [&'static str],
    /// What it is for, in words.
    pub purpose: &'static str,
    /// Whether it is there.
    pub is_present: fn() -> bool,
}

/// SQLite and the cryptography are compiled from C.
pub const C_COMPILER: Need = Need {
    packages: &["build-essential"],
    purpose: "a C compiler and linker",
    is_present: || succeeds(Command::new("cc").arg("--version")),
};

/// The throw-away PostgreSQL.
pub const POSTGRES: Need = Need {
    packages: &["postgresql"],
    purpose: "the PostgreSQL server, 15 or newer",
    is_present: || crate::postgres::programs().is_some(),
};

/// The Python peers of the tests (Twilio's own library drives the sandbox).
pub const PYTHON: Need = Need {
    packages: &["python3", "python3-venv", "python3-pip"],
    purpose: "Python with venv and pip",
    is_present: || succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])),
};

/// Builds and checks the web client; a newer Node than the system's is taken from npm where it is needed.
pub const NODE: Need = Need {
    packages: &["nodejs", "npm"],
    purpose: "Node.js and npm",
    is_present: || succeeds(Command::new("node").arg("--version")) && succeeds(Command::new("npm").arg("--version")),
};

/// The browser in which the web client is tested.
pub const CHROMIUM: Need = Need {
    packages: &["chromium"],
    purpose: "the browser Chromium",
    is_present: || succeeds(Command::new("chromium").arg("--version")),
};

/// Makes the certificate of the gateway that Twilio's browser library is tested against.
pub const OPENSSL: Need = Need {
    packages: &["openssl"],
    purpose: "openssl",
    is_present: || succeeds(Command::new("openssl").arg("version")),
};

/// The README's script, which a test runs as it stands there.
pub const CURL: Need = Need {
    packages: &["curl", "ca-certificates"],
    purpose: "curl",
    is_present: || succeeds(Command::new("curl").arg("--version")),
};

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Makes sure of all of them, in one installation.
pub fn require(needs: &[Need]) -> Result<(), Failure> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let has_apt = succeeds(Command::new("apt-get").arg("--version"));
    if !is_root() || !has_apt {
        return Err(Failure::new(refusal(&missing)));
    }
    say::step(&format!("installing from the system's packages: {}", packages.join(" ")));
    apt(&["update", "-q"])?;
    let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
    install.extend(&packages);
    apt(&install)?;
    match missing.iter().find(|need| !(need.is_present)()) {
        None => Ok(()),
        Some(need) => Err(Failure::new(format!(
            "{} is still missing after installing {}",
            need.purpose,
            need.packages.join(" ")
        ))),
    }
}

fn apt(arguments: &[&str]) -> Result<(), Failure> {
    let ended = status(
        Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null()),
    )?;
    if ended.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`apt-get {}` failed: {ended}", arguments.join(" "))))
}

fn refusal(missing: &[&Need]) -> String {
    let mut text = String::from("something that this needs is not installed:\n");
    for need in missing {
        text.push_str(&format!("  {} (Debian: {})\n", need.purpose, need.packages.join(" ")));
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    text.push_str(&format!(
        "xtask installs it by itself only as root on a system with apt; otherwise run\n  sudo apt-get install {}",
        packages.join(" ")
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_names_every_missing_package_and_the_command() {
        let text = refusal(&[&POSTGRES, &PYTHON]);
        assert!(text.contains("the PostgreSQL server, 15 or newer (Debian: postgresql)"));
        assert!(text.ends_with("sudo apt-get install postgresql python3 python3-venv python3-pip"));
    }
}
