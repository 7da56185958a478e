//! Sees to it that no release goes out without the web client. A debug build reads the client from the disk when it is asked for
//! it, and may be built before there is one.

#![expect(clippy::disallowed_methods, reason = "a build script is told by its environment")]
#![expect(clippy::print_stderr, reason = "a build script speaks to cargo and to who builds")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    if !std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        // What is read from the disk later is found only if the folder was there now.
        return match std::fs::create_dir_all("../web/dist") {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("the folder web/dist cannot be made: {error}");
                ExitCode::FAILURE
            }
        };
    }
    println!("cargo:rerun-if-changed=../web/dist");
    let missing: Vec<&str> = ["index.html", "embed.html", "embed.js", "assets"]
        .into_iter()
        .filter(|name| !Path::new("../web/dist").join(name).exists())
        .collect();
    if missing.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!(
        "a release has the web client in it, and web/dist lacks {}: run `npm ci --ignore-scripts` and `npm run build` in web/, or \
         `cargo xtask release`, which does both",
        missing.join(", ")
    );
    ExitCode::FAILURE
}
