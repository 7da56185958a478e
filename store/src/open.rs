//! How a store is opened: which database, how many connections, whose clock. Refuses addresses it cannot understand; the
//! password in one is never printed.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use casewire_core::time::Timestamp;

use crate::error::StoreError;

/// The clock by which events and jobs are stamped. The program's only clock lives in the server; tests move theirs by hand.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Which database.
#[derive(Clone)]
pub enum Database {
    /// A file of the embedded database, created where there is none.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(Box<tokio_postgres::Config>),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite(…)",
            Self::Postgres(_) => "Postgres(…)",
        })
    }
}

/// How a store is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// Which database.
    pub database: Database,
    /// How many acts read at the same time: threads on SQLite, connections on PostgreSQL. 4 by default.
    pub readers: usize,
    /// How many connections of this node write to PostgreSQL, 2 by default. SQLite has one writer.
    pub writers: usize,
    /// The clock by which events and jobs are stamped.
    pub clock: Clock,
}

impl fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOptions")
            .field("database", &self.database)
            .field("readers", &self.readers)
            .field("writers", &self.writers)
            .finish_non_exhaustive()
    }
}

impl OpenOptions {
    /// From `postgres://user@host/name` (with `sslmode=require` for TLS, which then verifies the certificate), or
    /// `sqlite:path`, or a bare path.
    ///
    /// # Errors
    /// [`StoreError::Address`] where it is neither.
    pub fn parse(address: &str, clock: Clock) -> Result<Self, StoreError> {
        let database = if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let config = address.parse().map_err(|_| StoreError::Address("not a PostgreSQL URL"))?;
            Database::Postgres(Box::new(config))
        } else {
            let path = address.strip_prefix("sqlite:").unwrap_or(address);
            if path.is_empty() || path.contains("://") {
                return Err(StoreError::Address("neither a file nor a postgres:// URL"));
            }
            Database::Sqlite(PathBuf::from(path))
        };
        Ok(Self::new(database, clock))
    }

    /// With the default number of connections.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        Self {
            database,
            readers: 4,
            writers: 2,
            clock,
        }
    }
}
