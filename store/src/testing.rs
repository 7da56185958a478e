//! A fresh database per test on either engine, its clock moved by hand. Refuses to skip: without `CASEWIRE_TEST_POSTGRES`
//! (the URL of a user that may create databases) the tests on PostgreSQL fail. Only with the feature `testing`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and name their databases by chance"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use casewire_core::time::Timestamp;
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use crate::open::Clock;
use crate::{Database, OpenOptions, Store};

/// Where every test's clock starts: 2026-01-27T09:30:00Z.
pub const START: Timestamp = Timestamp::from_micros(1_769_506_200_000_000);
/// The name of the variable with the address of a server for tests.
const SERVER: &str = "CASEWIRE_TEST_POSTGRES";

/// An open, migrated database of its own, gone when this is dropped.
pub struct TestDatabase {
    store: Store,
    clock: Arc<AtomicI64>,
    place: Place,
}

/// Where the database is, and how it goes away.
enum Place {
    File(PathBuf),
    Server { admin: Box<Config>, name: String },
}

/// Expands each story into two tests, `on_sqlite` and `on_postgres`, in a module with the story's name:
/// `on_both_engines! { async fn a_claim_has_one_winner(db: TestDatabase) { … } }`.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDatabase) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "a story may need nothing of its file")]
            use super::*;

            $(#[$meta])*
            async fn story($db: $crate::testing::TestDatabase) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story($crate::testing::TestDatabase::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                story($crate::testing::TestDatabase::postgres().await).await;
            }
        }
    )*};
}

impl TestDatabase {
    /// A file in the system's folder for temporary files.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub async fn sqlite() -> Self {
        let path = std::env::temp_dir().join(format!("casewire-test-{}.db", Uuid::now_v7().simple()));
        Self::open(Place::File(path)).await
    }

    /// A database on the server of `CASEWIRE_TEST_POSTGRES`, copied from a migrated one.
    ///
    /// # Panics
    /// Without the variable, and where the database cannot be made.
    pub async fn postgres() -> Self {
        let Ok(address) = std::env::var(SERVER) else {
            panic!("{SERVER} is not set: tests on PostgreSQL need the URL of a user that may create databases, and are never skipped");
        };
        let admin: Config = address.parse().unwrap_or_else(|_| panic!("{SERVER} is not a PostgreSQL URL"));
        let name = format!("casewire_test_{}", Uuid::now_v7().simple());
        let client = connect(&admin).await;
        let template = template(&client, &admin).await;
        client
            .batch_execute(&format!("create database {name} template {template}"))
            .await
            .expect("a database for this test");
        Self::open(Place::Server {
            admin: Box::new(admin),
            name,
        })
        .await
    }

    async fn open(place: Place) -> Self {
        let clock = Arc::new(AtomicI64::new(START.as_micros()));
        let store = Store::open(options(&place, &clock)).await.expect("a store on the test's database");
        store.migrate().await.expect("a migrated database");
        Self { store, clock, place }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// How to open the same database once more, as another node does.
    #[must_use]
    pub fn options(&self) -> OpenOptions {
        options(&self.place, &self.clock)
    }

    /// The clock of this database's stores.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.load(Ordering::SeqCst))
    }

    /// Moves the clock.
    pub fn set_now(&self, now: Timestamp) {
        self.clock.store(now.as_micros(), Ordering::SeqCst);
    }

    /// The file, on SQLite.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::File(path) => Some(path),
            Place::Server { .. } => None,
        }
    }

    /// How to connect to the database without the store, on PostgreSQL.
    #[must_use]
    pub fn server(&self) -> Option<Config> {
        match &self.place {
            Place::File(_) => None,
            Place::Server { admin, name } => Some(named(admin, name)),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.place {
            Place::File(path) => {
                for end in ["", "-wal", "-shm"] {
                    let mut file = path.clone().into_os_string();
                    file.push(end);
                    drop(std::fs::remove_file(file));
                }
            }
            Place::Server { admin, name } => remove(admin.as_ref().clone(), name.clone()),
        }
    }
}

/// Every statement of the crate that both engines understand.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    crate::statements::ALL.iter().flat_map(|file| file.iter().copied()).collect()
}

/// The few statements that PostgreSQL alone understands.
#[must_use]
pub fn postgres_statements() -> Vec<&'static str> {
    let spoken = crate::statements::SPOKEN
        .iter()
        .flat_map(|file| file.iter().map(|text| text.postgres));
    let own = [crate::search::asking::RECENT_TEXTS];
    crate::postgres::ALL.iter().copied().chain(spoken).chain(own).collect()
}

/// The few statements that SQLite alone understands.
#[must_use]
pub fn sqlite_statements() -> Vec<&'static str> {
    let spoken = crate::statements::SPOKEN.iter().flat_map(|file| file.iter());
    spoken.map(|text| text.sqlite).collect()
}

fn options(place: &Place, clock: &Arc<AtomicI64>) -> OpenOptions {
    let clock = Arc::clone(clock);
    let clock: Clock = Arc::new(move || Timestamp::from_micros(clock.load(Ordering::SeqCst)));
    let database = match place {
        Place::File(path) => Database::Sqlite(path.clone()),
        Place::Server { admin, name } => Database::Postgres(Box::new(named(admin, name))),
    };
    OpenOptions::new(database, clock)
}

fn named(admin: &Config, name: &str) -> Config {
    let mut config = admin.clone();
    config.dbname(name);
    config
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config
        .connect(NoTls)
        .await
        .unwrap_or_else(|_| panic!("the server of {SERVER} does not answer"));
    tokio::spawn(async move { drop(connection.await) });
    client
}

/// The migrated database that tests are copied from, made by the first test after a migration changed.
async fn template(client: &Client, admin: &Config) -> String {
    let texts: String = crate::migrate::POSTGRES.iter().map(|(_, text)| *text).collect();
    let digest = texts.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let name = format!("casewire_template_{digest:016x}");
    let count = "select count(*) from pg_database where datname = $1";
    client
        .batch_execute("select pg_advisory_lock(4854362)")
        .await
        .expect("the lock on templates");
    let found: i64 = client.query_one(count, &[&name]).await.expect("the list of databases").get(0);
    if found == 0 {
        let draft = format!("{name}_{}", Uuid::now_v7().simple());
        client
            .batch_execute(&format!("create database {draft}"))
            .await
            .expect("a template database");
        migrate(&named(admin, &draft)).await;
        client
            .batch_execute(&format!("alter database {draft} rename to {name}"))
            .await
            .expect("a template without connections");
    }
    client
        .batch_execute("select pg_advisory_unlock(4854362)")
        .await
        .expect("the lock on templates");
    name
}

async fn migrate(config: &Config) {
    let (mut client, connection) = config.connect(NoTls).await.expect("the template database");
    let driver = tokio::spawn(connection);
    let runner = crate::migrate::runner(crate::migrate::POSTGRES).expect("migrations with names");
    runner.run_async(&mut client).await.expect("migrations that run");
    drop(client);
    drop(driver.await);
}

/// Drops the database on a thread of its own, as the test's runtime may be on its way out.
fn remove(admin: Config, name: String) {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (client, connection) = admin.connect(NoTls).await.map_err(std::io::Error::other)?;
            tokio::spawn(async move { drop(connection.await) });
            client
                .batch_execute(&format!("drop database if exists {name} with (force)"))
                .await
                .map_err(std::io::Error::other)
        })
    };
    // A database that stays behind is no reason to fail a test that passed.
    drop(std::thread::spawn(work).join());
}
