//! Nothing is lost: the real binary is killed at random moments while texts flow through a sandbox that misbehaves. The short run
//! of `cargo xtask fault kill`, which runs the same trial at length; what is compared stands in its library.
#![expect(clippy::disallowed_methods, reason = "a test names its folder by chance")]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::Path;

use casewire_store::testing::TestDatabase;
use tokio_postgres::config::Host;
use trial::Plan;
use uuid::Uuid;

async fn nothing_is_lost_on(database: Option<&TestDatabase>) {
    let folder = std::env::temp_dir().join(format!("casewire-trial-{}", Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder).unwrap();
    let address = database.map_or_else(|| folder.join("casewire.db").display().to_string(), address);
    let report = trial::run(Path::new(env!("CARGO_BIN_EXE_casewire")), &address, &folder, &Plan::short(1))
        .await
        .unwrap();
    assert_eq!(
        report.broken(),
        Vec::<String>::new(),
        "database and log are kept in {}",
        folder.display()
    );
    std::fs::remove_dir_all(folder).unwrap();
}

/// The URL of a test's database.
fn address(database: &TestDatabase) -> String {
    let server = database.server().unwrap();
    let host = match server.get_hosts().first().unwrap() {
        Host::Tcp(host) => host.clone(),
        Host::Unix(path) => path.display().to_string().replace('/', "%2F"),
    };
    let (user, port) = (server.get_user().unwrap(), server.get_ports().first().copied().unwrap_or(5432));
    let password = server
        .get_password()
        .map(|password| format!(":{}", String::from_utf8_lossy(password)))
        .unwrap_or_default();
    format!("postgres://{user}{password}@{host}:{port}/{}", server.get_dbname().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_kills_on_sqlite() {
    nothing_is_lost_on(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_kills_on_postgres() {
    nothing_is_lost_on(Some(&TestDatabase::postgres().await)).await;
}
