//! What can go wrong between an act and its database. Refuses personal data: constraint names, SQLSTATEs and statement texts
//! are kept, parameter values and the database's own messages (which quote values) never are.

/// A statement, an act or a commit that did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A unique constraint or a foreign key refused a row. Both engines give the constraint's name; a primary key is
    /// `<table>_pkey`, a foreign key is `foreign key`.
    #[error("the constraint {constraint} refused a row")]
    Conflict {
        /// The name in the migrations.
        constraint: Box<str>,
    },
    /// Something was done with the `Idempotency-Key` that the act was to take: see [`crate::idempotency`].
    #[error("the key of the request is taken")]
    KeyTaken,
    /// The database could not do it now; the same act may succeed later.
    #[error("the database is unavailable: {0}")]
    Unavailable(Unavailable),
    /// A stored value is not what its column promises.
    #[error("column {column} of the result of `{statement}` does not hold what it should")]
    Corrupt {
        /// The text of the statement that read it.
        statement: &'static str,
        /// The position in the result, from 0.
        column: usize,
    },
    /// The database was migrated by a newer version of the program.
    #[error("the database has schema version {database}, this program knows versions up to {program}: use a newer program")]
    Newer {
        /// The version of the database.
        database: u32,
        /// The newest version this program knows.
        program: u32,
    },
    /// A migration failed; the text names it.
    #[error("migration failed: {0}")]
    Migration(Box<str>),
    /// The address of the database, or its TLS set-up, is not usable.
    #[error("the database cannot be opened: {0}")]
    Address(&'static str),
    /// A defect in this program: a statement the engine refuses, a write on a reader, an act that waits for something else.
    #[error("defect: {what}")]
    Bug {
        /// What was wrong, without values.
        what: Box<str>,
    },
}

/// Why the database could not do it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Another process holds the lock, or a lock was not given in time.
    #[error("locked")]
    Locked,
    /// No space is left.
    #[error("full")]
    Full,
    /// It takes no writes: a read-only file or a standby server.
    #[error("read-only")]
    ReadOnly,
    /// The file is damaged: restore a backup.
    #[error("damaged")]
    Damaged,
    /// The file or the server cannot be reached, or the connection was lost before the commit.
    #[error("away")]
    Away,
    /// Other transactions were in the way more often than a retry makes sense.
    #[error("contended")]
    Contended,
    /// All connections are taken.
    #[error("busy")]
    Busy,
    /// The connection was lost while the commit was under way: it may have happened or not.
    #[error("the outcome of the commit is unknown")]
    CommitUnknown,
    /// The store is shutting down.
    #[error("closed")]
    Closed,
}

impl StoreError {
    /// A defect, described without values.
    pub fn bug(what: impl Into<Box<str>>) -> Self {
        Self::Bug { what: what.into() }
    }
}

impl From<Unavailable> for StoreError {
    fn from(kind: Unavailable) -> Self {
        Self::Unavailable(kind)
    }
}
