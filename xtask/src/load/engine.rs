//! The two engines, as they are named on the command line.

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// The embedded file.
    Sqlite,
    /// A throw-away server with default durability.
    Postgres,
}

impl Engine {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}
