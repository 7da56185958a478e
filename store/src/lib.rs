//! Everything that is stored: two engines behind one transaction type, the event log, the job queue, and one file of SQL per
//! noun. Refuses HTTP, carriers and rules. Start at [`Act`] and [`Store::write`]; the group commit is in `sqlite/writer.rs`
//! and `postgres/writer.rs`.

pub mod access;
mod act;
mod acting;
pub mod agents;
pub mod announce;
pub mod attention;
pub mod audit;
pub mod call_news;
pub mod calls;
pub mod case_contacts;
pub mod cases;
mod commits;
pub mod communications;
pub mod contact_roles;
pub mod contacts;
pub mod conversations;
mod dialect;
pub mod dismissals;
pub mod documents;
pub mod error;
pub mod events;
pub mod exports;
pub mod flow;
pub mod idempotency;
pub mod imports;
pub mod inbound;
pub mod inbox;
pub mod items;
pub mod jobs;
pub mod leads;
pub mod live;
pub mod local_line;
pub mod media;
pub mod message_view;
pub mod messages;
mod migrate;
mod mint;
pub mod numbers;
pub mod open;
pub mod opt_outs;
pub mod organizations;
pub mod phones;
mod postgres;
pub mod receipts;
pub mod reconciliation;
pub mod reports;
pub mod roles;
pub mod row;
pub mod search;
pub mod sends;
pub mod sessions;
pub mod sign_ins;
pub mod softphones;
mod sqlite;
mod statements;
pub mod step_lines;
pub mod strays;
pub mod tasks;
pub mod teams;
#[cfg(feature = "testing")]
pub mod testing;
pub mod twilio;
mod tx;
pub mod upkeep;
pub mod users;
pub mod value;
mod visible;
pub mod walls;
pub mod wipe;

use std::path::PathBuf;
use std::sync::Arc;

use casewire_core::id::{Id, OrganizationId};
use tokio::sync::{broadcast, mpsc};

pub use crate::act::Act;
use crate::act::{Waiter, Waiting};
use crate::commits::Commits;
pub use crate::error::{StoreError, Unavailable};
pub use crate::mint::mint;
use crate::open::Clock;
pub use crate::open::{Database, OpenOptions};
pub use crate::row::{Columns, Row};
pub use crate::tx::Tx;
pub use crate::value::Value;

/// How many acts may wait for a writer; more wait in their callers.
const QUEUE: usize = 1024;

type Queue = mpsc::Sender<Box<dyn Waiting>>;

/// An open database. Cheap to clone; closes with the last clone, after what was queued is done.
#[derive(Clone)]
pub struct Store {
    backend: Arc<Backend>,
    commits: Commits,
}

enum Backend {
    Sqlite {
        path: PathBuf,
        writer: Queue,
        readers: sqlite::readers::Readers,
    },
    Postgres {
        writers: Vec<Queue>,
        writer_pool: deadpool_postgres::Pool,
        reader_pool: deadpool_postgres::Pool,
        clock: Clock,
    },
}

impl Store {
    /// Opens the database, and creates the file on SQLite. Migrates nothing: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Newer`] where the database is newer than the program, [`StoreError::Unavailable`] where it is away.
    pub async fn open(options: OpenOptions) -> Result<Self, StoreError> {
        let commits = Commits::new();
        let backend = match &options.database {
            Database::Sqlite(path) => open_sqlite(path.clone(), options.readers, options.clock, &commits).await?,
            Database::Postgres(config) => open_postgres(config, &options, &commits)?,
        };
        let store = Self {
            backend: Arc::new(backend),
            commits,
        };
        migrate::check(store.schema_version().await?, store.migrations())?;
        Ok(store)
    }

    /// Brings the database up to date; safe while other nodes do the same.
    ///
    /// # Errors
    /// [`StoreError::Migration`], [`StoreError::Newer`], [`StoreError::Unavailable`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self.backend.as_ref() {
            Backend::Sqlite { path, .. } => {
                let path = path.clone();
                blocking(move || migrate::sqlite(&path)).await
            }
            Backend::Postgres { writer_pool, .. } => migrate::postgres(writer_pool).await,
        }
    }

    /// The newest migration that was applied; 0 where none was.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn schema_version(&self) -> Result<u32, StoreError> {
        match self.backend.as_ref() {
            Backend::Sqlite { path, .. } => {
                let path = path.clone();
                blocking(move || migrate::sqlite_version(&sqlite::Session::reader(&path)?.connection)).await
            }
            Backend::Postgres { writer_pool, .. } => {
                let client = postgres::session(writer_pool).await?;
                migrate::postgres_version(&client).await
            }
        }
    }

    /// The schema version that this program brings a database to.
    #[must_use]
    pub fn newest_schema_version(&self) -> u32 {
        migrate::newest(self.migrations())
    }

    /// Runs an act on behalf of an organization and commits it, together with the acts that wait beside it. Answers after
    /// the commit. Once queued, the act is run even if the caller goes away. Inside of [`idempotency::with_key`] it takes the key.
    ///
    /// # Errors
    /// What the act returns, or [`StoreError`] as its error.
    pub async fn write<A: Act>(&self, organization: OrganizationId, act: A) -> Result<A::Out, A::Error> {
        let key = idempotency::carried();
        let (waiter, answer) = Waiter::with_key(act, key.clone());
        let returned = match self.writer(organization) {
            Some(queue) if queue.send(waiter).await.is_ok() => answer.wait().await,
            _ => Err(StoreError::from(Unavailable::Closed).into()),
        };
        if let (Some(key), Ok(_)) = (key, &returned) {
            key.spend();
        }
        returned
    }

    /// [`Store::write`] for an act of the whole platform, such as leasing jobs.
    ///
    /// # Errors
    /// What the act returns, or [`StoreError`] as its error.
    pub async fn write_for_all<A: Act>(&self, act: A) -> Result<A::Out, A::Error> {
        self.write(OrganizationId::from_uuid(uuid::Uuid::nil()), act).await
    }

    /// Runs an act that only reads, in one snapshot. Never waits for the writer.
    ///
    /// # Errors
    /// What the act returns, or [`StoreError`] as its error.
    pub async fn read<A: Act>(&self, act: A) -> Result<A::Out, A::Error> {
        let (waiter, answer) = Waiter::new(act);
        match self.backend.as_ref() {
            Backend::Sqlite { readers, .. } => readers.queue(waiter).await,
            Backend::Postgres { reader_pool, clock, .. } => postgres::writer::read(reader_pool, clock, waiter).await,
        }
        answer.wait().await
    }

    /// A nudge after each commit that wrote events or jobs, also from other nodes. Carries no data: read the log. Who falls
    /// behind gets `Lagged` and looks everywhere.
    #[must_use]
    pub fn commits(&self) -> broadcast::Receiver<OrganizationId> {
        self.commits.subscribe()
    }

    /// An organization always has the same writer of a node, so that its acts do not wait for each other's locks.
    fn writer(&self, organization: OrganizationId) -> Option<&Queue> {
        match self.backend.as_ref() {
            Backend::Sqlite { writer, .. } => Some(writer),
            Backend::Postgres { writers, .. } => {
                let (_, random) = organization.uuid().as_u64_pair();
                let count = u64::try_from(writers.len()).unwrap_or(1).max(1);
                writers.get(usize::try_from(random % count).unwrap_or(0))
            }
        }
    }

    fn migrations(&self) -> migrate::Texts {
        match self.backend.as_ref() {
            Backend::Sqlite { .. } => migrate::SQLITE,
            Backend::Postgres { .. } => migrate::POSTGRES,
        }
    }
}

async fn open_sqlite(path: PathBuf, readers: usize, clock: Clock, commits: &Commits) -> Result<Backend, StoreError> {
    let (writer, queue) = mpsc::channel(QUEUE);
    let commits = commits.clone();
    blocking(move || {
        let session = sqlite::Session::writer(&path)?;
        let readers = sqlite::readers::Readers::spawn(&path, readers, &clock)?;
        sqlite::writer::spawn(session, clock, commits, queue)?;
        Ok(Backend::Sqlite { path, writer, readers })
    })
    .await
}

fn open_postgres(config: &tokio_postgres::Config, options: &OpenOptions, commits: &Commits) -> Result<Backend, StoreError> {
    let server = postgres::connect::Server::new(config.clone())?;
    let count = options.writers.max(1);
    let writer_pool = server.writers(count)?;
    let reader_pool = server.readers(options.readers)?;
    let nudger = postgres::nudges::Nudger::spawn(server, commits.clone());
    let mut writers = Vec::with_capacity(count);
    for _ in 0..count {
        let (sender, queue) = mpsc::channel(QUEUE);
        let writer = postgres::writer::Writer {
            pool: writer_pool.clone(),
            clock: options.clock.clone(),
            nudger: nudger.clone(),
        };
        tokio::spawn(writer.run(queue));
        writers.push(sender);
    }
    Ok(Backend::Postgres {
        writers,
        writer_pool,
        reader_pool,
        clock: options.clock.clone(),
    })
}

/// Runs what blocks on a thread that may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(StoreError::bug("opening or migrating panicked")))
}
