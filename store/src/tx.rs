//! The transaction an act works in: one type for both engines, which owns its connection while the act runs. Remembers
//! the first failure, so that an act that goes on after one is never committed. Engine differences end here.

use casewire_core::event::NewEvent;
use casewire_core::id::OrganizationId;
use casewire_core::time::Timestamp;

use crate::act::Effects;
use crate::dialect::{Sought, Spoken};
use crate::error::StoreError;
use crate::open::Clock;
use crate::row::Row;
use crate::value::Value;
use crate::{postgres, sqlite};

/// The connection beneath a transaction.
pub(crate) enum Engine {
    /// The embedded database.
    Sqlite(sqlite::Session),
    /// A server's session.
    Postgres(postgres::Session),
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Reads alone.
    Read,
    /// Everything.
    Write,
}

/// One transaction. Statements are texts in the subset both engines understand, with `$1` parameters.
pub struct Tx {
    pub(crate) engine: Engine,
    mode: Mode,
    clock: Clock,
    effects: Effects,
    wrote: bool,
    failure: Option<StoreError>,
}

impl Tx {
    pub(crate) fn new(engine: Engine, mode: Mode, clock: Clock) -> Self {
        Self {
            engine,
            mode,
            clock,
            effects: Effects::default(),
            wrote: false,
            failure: None,
        }
    }

    /// Runs a statement that writes; how many rows it touched.
    ///
    /// # Errors
    /// [`StoreError`]; after one, nothing of this act is committed. On a reader always.
    pub async fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        self.may_write()?;
        let result = match &mut self.engine {
            Engine::Sqlite(session) => session.execute(sql, params),
            Engine::Postgres(session) => session.execute(sql, params).await,
        };
        self.note(result)
    }

    /// Runs a statement that returns rows: a `select`, or a write with `returning`.
    ///
    /// # Errors
    /// [`StoreError`]; after one, nothing of this act is committed.
    pub async fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        if !is_select(sql) {
            self.may_write()?;
        }
        let result = match &mut self.engine {
            Engine::Sqlite(session) => session.rows(sql, params),
            Engine::Postgres(session) => session.rows(sql, params).await,
        };
        self.note(result)
    }

    /// The only row of a result; the first where there are more.
    ///
    /// # Errors
    /// [`StoreError`]; after one, nothing of this act is committed.
    pub async fn row(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// Runs writes whose results are not needed in between: one round trip on PostgreSQL. How many rows each touched.
    ///
    /// # Errors
    /// The first [`StoreError`]; after one, nothing of this act is committed.
    pub async fn pipeline(&mut self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<u64>, StoreError> {
        self.may_write()?;
        let result = match &mut self.engine {
            Engine::Sqlite(session) => statements.iter().map(|(sql, params)| session.execute(sql, params)).collect(),
            Engine::Postgres(session) => session.pipeline(&statements).await,
        };
        self.note(result)
    }

    /// A statement in the language of the engine beneath.
    pub(crate) const fn spoken(&self, statement: Spoken) -> &'static str {
        match &self.engine {
            Engine::Sqlite(_) => statement.sqlite,
            Engine::Postgres(_) => statement.postgres,
        }
    }

    /// A statement that PostgreSQL alone understands, where that is beneath.
    pub(crate) const fn only_on_postgres(&self, statement: &'static str) -> Option<&'static str> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(_) => Some(statement),
        }
    }

    /// A question in the language of the engine beneath.
    pub(crate) fn sought(&self, question: &Sought<'_>) -> String {
        match &self.engine {
            Engine::Sqlite(_) => question.in_sqlite(),
            Engine::Postgres(_) => question.in_postgres(),
        }
    }

    /// Adds an event, to be numbered and written at the commit.
    pub fn emit(&mut self, organization: OrganizationId, event: NewEvent) {
        self.wrote = true;
        self.effects.events.push((organization, event));
    }

    /// Adds an entry of the audit, to be numbered and chained at the commit.
    pub(crate) fn record(&mut self, organization: OrganizationId, entry: crate::audit::Recorded) -> Result<(), StoreError> {
        self.may_write()?;
        self.effects.audit.push((organization, entry));
        Ok(())
    }

    /// Tells the organization's listeners after the commit although no event is written: its jobs changed.
    pub(crate) fn nudge(&mut self, organization: OrganizationId) {
        self.effects.nudges.push(organization);
    }

    /// The time on the store's clock.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Forgets the act that ran before.
    pub(crate) fn start_act(&mut self) {
        self.effects = Effects::default();
        self.wrote = false;
        self.failure = None;
    }

    /// What the act that ran left behind.
    pub(crate) fn take_effects(&mut self) -> Effects {
        std::mem::take(&mut self.effects)
    }

    /// The first failure of the act that ran.
    pub(crate) fn take_failure(&mut self) -> Option<StoreError> {
        self.failure.take()
    }

    /// Whether the act that ran may have written.
    pub(crate) fn wrote(&self) -> bool {
        self.wrote
    }

    fn may_write(&mut self) -> Result<(), StoreError> {
        match self.mode {
            Mode::Write => {
                self.wrote = true;
                Ok(())
            }
            Mode::Read => self.note(Err(StoreError::bug("an act that only reads tried to write"))),
        }
    }

    fn note<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result
            && self.failure.is_none()
        {
            self.failure = Some(error.clone());
        }
        result
    }
}

/// Whether a statement only reads. `with … select` counts as a write, which costs at most a needless rollback.
fn is_select(sql: &str) -> bool {
    sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}
