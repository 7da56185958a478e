//! Databases that are locked, full, read-only or away: callers are told so, and everything goes on when they are back.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use casewire_store::testing::TestDatabase;
use casewire_store::{Act, Database, OpenOptions, Store, StoreError, Tx, Unavailable, mint, params};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::engine::{INSERT, all};

/// Writes a row of so many bytes.
struct Fill(usize);

impl Act for Fill {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let key = uuid::Uuid::now_v7().to_string();
        tx.execute(INSERT, &params![key, "x".repeat(self.0)]).await.map(|_| ())
    }
}

struct Pragma(&'static str);

impl Act for Pragma {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.rows(self.0, &[]).await.map(|_| ())
    }
}

struct Count;

impl Act for Count {
    type Out = i64;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        tx.row("select count(*) from stray_texts", &[])
            .await?
            .map_or(Ok(0), |row| row.columns().int())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_the_large_act_and_the_writer_lives_on() {
    let db = TestDatabase::sqlite().await;
    let store = db.store();
    store.write_for_all(Pragma("pragma max_page_count = 400")).await.unwrap();
    let acts = (0..20).map(|number| {
        let store = store.clone();
        async move {
            (
                number,
                store.write(mint(), Fill(if number % 5 == 0 { 3_000_000 } else { 10 })).await,
            )
        }
    });
    for (number, answer) in all(acts).await {
        let expected = if number % 5 == 0 { Err(Unavailable::Full.into()) } else { Ok(()) };
        assert_eq!(answer, expected, "act {number}");
    }
    assert_eq!(store.read(Count).await, Ok(16));
    store.write_for_all(Pragma("pragma max_page_count = 100000")).await.unwrap();
    store.write(mint(), Fill(3_000_000)).await.unwrap();
    assert_eq!(store.read(Count).await, Ok(17));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_process_locks_is_unavailable_until_it_lets_go() {
    let db = TestDatabase::sqlite().await;
    let other = rusqlite::Connection::open(db.path().unwrap()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    assert_eq!(db.store().write(mint(), Fill(1)).await, Err(Unavailable::Locked.into()));
    assert_eq!(db.store().read(Count).await, Ok(0), "readers do not wait for a writer");
    other.execute_batch("rollback").unwrap();
    assert_eq!(db.store().write(mint(), Fill(1)).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_database_is_refused() {
    let path = std::env::temp_dir().join(format!("casewire-test-{}.txt", uuid::Uuid::now_v7()));
    std::fs::write(&path, "this is no database, however long it may be ".repeat(200)).unwrap();
    let options = OpenOptions {
        database: Database::Sqlite(path.clone()),
        ..TestDatabase::sqlite().await.options()
    };
    let error = Store::open(options).await.err();
    assert_eq!(error, Some(StoreError::Address("the file is not a SQLite database")));
    std::fs::remove_file(path).unwrap();
}

/// A way to the server that can be cut.
struct Line {
    is_cut: Arc<AtomicBool>,
    port: u16,
}

async fn line(db: &TestDatabase) -> Line {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = db.server().unwrap();
    let tokio_postgres::config::Host::Tcp(host) = config.get_hosts()[0].clone() else {
        unreachable!("tests reach their server by TCP")
    };
    let server = (host, config.get_ports()[0]);
    let is_cut = Arc::new(AtomicBool::new(false));
    let cut = Arc::clone(&is_cut);
    tokio::spawn(async move {
        let mut open = JoinSet::new();
        let mut look = tokio::time::interval(Duration::from_millis(5));
        loop {
            tokio::select! {
                near = listener.accept() => if !cut.load(Ordering::SeqCst) {
                    let (mut near, server) = (near.unwrap().0, server.clone());
                    open.spawn(async move {
                        let mut far = TcpStream::connect(server).await.unwrap();
                        drop(copy_bidirectional(&mut near, &mut far).await);
                    });
                },
                _ = look.tick() => if cut.load(Ordering::SeqCst) {
                    open.abort_all();
                },
            }
        }
    });
    Line { is_cut, port }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_is_told_as_such_and_found_again() {
    let db = TestDatabase::postgres().await;
    let line = line(&db).await;
    let mut config = tokio_postgres::Config::new();
    let real = db.server().unwrap();
    config
        .host("127.0.0.1")
        .port(line.port)
        .dbname(real.get_dbname().unwrap())
        .user(real.get_user().unwrap());
    if let Some(password) = real.get_password() {
        config.password(password);
    }
    let store = Store::open(OpenOptions {
        database: Database::Postgres(Box::new(config)),
        ..db.options()
    })
    .await
    .unwrap();
    store.write(mint(), Fill(1)).await.unwrap();

    line.is_cut.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let acts = (0..8).map(|_| {
        let store = store.clone();
        async move { store.write(mint(), Fill(1)).await }
    });
    for answer in all(acts).await {
        assert_eq!(answer, Err(Unavailable::Away.into()));
    }
    assert_eq!(store.read(Count).await, Err(Unavailable::Away.into()));

    line.is_cut.store(false, Ordering::SeqCst);
    let mut commits = store.commits();
    assert_eq!(store.write(mint(), Fill(1)).await, Ok(()));
    assert_eq!(store.read(Count).await, Ok(2));
    let organization: casewire_core::id::OrganizationId = mint();
    db.store()
        .write(organization, crate::engine_events::emit(organization, 1))
        .await
        .unwrap();
    let told = tokio::time::timeout(Duration::from_secs(5), commits.recv()).await;
    assert_eq!(told.unwrap().unwrap(), organization, "wake-ups arrive again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_the_server_ends_are_replaced_without_a_caller_noticing() {
    let db = TestDatabase::postgres().await;
    let (admin, connection) = db.server().unwrap().connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and application_name = 'casewire'";
    for round in 1..=5 {
        assert_eq!(db.store().write(mint(), Fill(1)).await, Ok(()));
        admin.batch_execute(end).await.unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(db.store().read(Count).await, Ok(round));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_somebody_else_holds_is_not_waited_for_without_end() {
    let db = TestDatabase::postgres().await;
    let (mut holder, connection) = db.server().unwrap().connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let lock = holder.transaction().await.unwrap();
    lock.batch_execute("lock table stray_texts in exclusive mode").await.unwrap();
    let patience = Duration::from_secs(20);
    let refused = tokio::time::timeout(patience, db.store().write(mint(), Fill(1))).await.unwrap();
    assert_eq!(refused, Err(Unavailable::Locked.into()));
    assert_eq!(db.store().read(Count).await, Ok(0), "who reads is in nobody's way");
    lock.rollback().await.unwrap();
    db.store().write(mint(), Fill(1)).await.unwrap();
    assert_eq!(db.store().read(Count).await, Ok(1));
}
