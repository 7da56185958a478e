//! Dependencies run one way: `core <- store, carriers <- server`, and the manifest of each crate makes impossible what it must
//! never do. Read from `cargo metadata`, so that a rename or a feature hides nothing.

use serde_json::Value;

use super::Findings;
use crate::process::{Failure, cargo, output};

/// What a crate may and may not depend on.
struct Bounds {
    package: &'static str,
    /// Crates of ours that it may know.
    ours: &'static [&'static str],
    /// Foreign crates that it must not know, in product code; `crate/feature` forbids that feature of it.
    never: &'static [&'static str],
}

const DATABASE: [&str; 6] = ["rusqlite", "tokio-postgres", "deadpool-postgres", "refinery", "sqlx", "diesel"];
const NETWORK: [&str; 6] = ["axum", "hyper", "hyper-util", "reqwest", "tower-http", "tokio-tungstenite"];

const BOUNDS: [Bounds; 5] = [
    Bounds {
        package: "casewire-core",
        ours: &[],
        never: &[
            "tokio",
            "futures-util",
            "getrandom",
            "rand",
            "uuid/v4",
            "uuid/v7",
            "jiff/std",
            "tracing",
            "rusqlite",
            "tokio-postgres",
            "deadpool-postgres",
            "refinery",
            "sqlx",
            "diesel",
            "axum",
            "hyper",
            "hyper-util",
            "reqwest",
            "tower-http",
            "tokio-tungstenite",
        ],
    },
    Bounds {
        package: "casewire-store",
        ours: &["casewire-core", "casewire-store"],
        never: &NETWORK,
    },
    Bounds {
        package: "casewire-carriers",
        ours: &["casewire-core"],
        never: &DATABASE,
    },
    Bounds {
        package: "casewire-voice",
        ours: &["casewire-core"],
        never: &DATABASE,
    },
    Bounds {
        package: "casewire",
        ours: &["casewire-core", "casewire-store", "casewire-carriers", "casewire-voice"],
        never: &DATABASE,
    },
];

/// What breaks the direction in this workspace.
pub fn findings() -> Result<Findings, Failure> {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata = serde_json::from_str(&text).map_err(|error| Failure::new(format!("cargo metadata: {error}")))?;
    Ok(broken(&metadata))
}

fn broken(metadata: &Value) -> Findings {
    let mut findings = Findings::new();
    for package in entries(metadata, "packages") {
        let name = word(package, "name");
        let bounds = BOUNDS.iter().find(|bounds| bounds.package == name);
        if bounds.is_none() && name != "xtask" {
            findings.push(format!("{name} has no bounds; give it some in xtask/src/check/direction.rs"));
        }
        let Some(bounds) = bounds else { continue };
        for dependency in entries(package, "dependencies") {
            findings.extend(crossed(bounds, dependency).map(|what| format!("{name} must not depend on {what}")));
        }
    }
    findings
}

fn crossed(bounds: &Bounds, dependency: &Value) -> Option<String> {
    let name = word(dependency, "name");
    if name.starts_with("casewire") {
        return (!bounds.ours.contains(&name)).then(|| name.to_owned());
    }
    if word(dependency, "kind") == "dev" {
        return None;
    }
    if bounds.never.contains(&name) {
        return Some(name.to_owned());
    }
    let features = entries(dependency, "features").iter().filter_map(Value::as_str);
    let mut features = features.map(|feature| format!("{name}/{feature}"));
    features.find(|feature| bounds.never.contains(&feature.as_str()))
}

fn entries<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, dependency: &Value) -> Value {
        json!({ "packages": [{ "name": name, "dependencies": [dependency] }] })
    }

    #[test]
    fn a_dependency_against_the_direction_is_found() {
        let upward = package(
            "casewire-store",
            &json!({ "name": "casewire-carriers", "kind": null, "features": [] }),
        );
        assert_eq!(broken(&upward), ["casewire-store must not depend on casewire-carriers"]);
        let even_in_tests = package("casewire-core", &json!({ "name": "casewire-store", "kind": "dev", "features": [] }));
        assert_eq!(broken(&even_in_tests).len(), 1);
        let downward = package("casewire-store", &json!({ "name": "casewire-core", "kind": null, "features": [] }));
        assert!(broken(&downward).is_empty());
    }

    #[test]
    fn a_foreign_crate_that_a_manifest_must_forbid_is_found() {
        for (name, never) in [
            ("casewire-core", "tokio"),
            ("casewire-store", "axum"),
            ("casewire-carriers", "rusqlite"),
            ("casewire", "rusqlite"),
        ] {
            let metadata = package(name, &json!({ "name": never, "kind": null, "features": [] }));
            assert_eq!(broken(&metadata), [format!("{name} must not depend on {never}")]);
            let in_tests = package(name, &json!({ "name": never, "kind": "dev", "features": [] }));
            assert!(broken(&in_tests).is_empty());
        }
    }

    #[test]
    fn randomness_by_a_feature_is_found() {
        let metadata = package("casewire-core", &json!({ "name": "uuid", "kind": null, "features": ["v7"] }));
        assert_eq!(broken(&metadata), ["casewire-core must not depend on uuid/v7"]);
    }

    #[test]
    fn a_crate_without_bounds_is_found() {
        let metadata = json!({ "packages": [{ "name": "casewire-more", "dependencies": [] }] });
        assert_eq!(broken(&metadata).len(), 1);
    }
}
