//! The embedded engine: connections with the settings that make a commit durable, and statements on them. One writer
//! thread ([`writer`]), several readers ([`readers`]); nothing else may open the file for writing while the store is open.

pub(crate) mod failure;
pub(crate) mod plans;
pub(crate) mod readers;
pub(crate) mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags};
use uuid::Uuid;

use crate::error::StoreError;
use crate::row::Row;
use crate::value::Value;

/// How long a lock of another process is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// More than there are statements in the crate.
const STATEMENTS: usize = 1024;

/// A connection and the texts of its statements.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    /// Statement texts in SQLite's own parameter style, by the address of the original.
    texts: HashMap<usize, Box<str>>,
}

impl Session {
    /// The connection that writes; creates the file.
    pub(crate) fn writer(path: &Path) -> Result<Self, StoreError> {
        let session = Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        session
            .connection
            .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -32000; pragma journal_size_limit = 67108864;")
            .map_err(|error| failure::of(&error, None))?;
        Ok(session)
    }

    /// A connection that only reads.
    pub(crate) fn reader(path: &Path) -> Result<Self, StoreError> {
        let session = Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        session
            .connection
            .execute_batch("pragma query_only = on; pragma cache_size = -8000;")
            .map_err(|error| failure::of(&error, None))?;
        Ok(session)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let connection =
            Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|error| failure::of(&error, None))?;
        connection.busy_timeout(LOCK_WAIT).map_err(|error| failure::of(&error, None))?;
        // A plan does not turn on what a parameter holds; otherwise most statements were planned anew at each execution.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| failure::of(&error, None))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self {
            connection,
            texts: HashMap::new(),
        })
    }

    /// Runs a statement without parameters and results, such as `commit`.
    pub(crate) fn command(&self, sql: &'static str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .map(|_| ())
            .map_err(|error| failure::of(&error, Some(&self.connection)))
    }

    pub(crate) fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let (connection, text) = self.text(sql);
        bound(connection, text, params)
            .and_then(|mut statement| statement.raw_execute())
            .map(|count| u64::try_from(count).unwrap_or(u64::MAX))
            .map_err(|error| failure::of(&error, Some(connection)))
    }

    pub(crate) fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let (connection, text) = self.text(sql);
        read(connection, text, params, sql).map_err(|error| failure::of(&error, Some(connection)))
    }

    fn text(&mut self, sql: &'static str) -> (&Connection, &str) {
        let text = self.texts.entry(sql.as_ptr().addr()).or_insert_with(|| numbered(sql).into());
        (&self.connection, text)
    }
}

fn bound<'c>(connection: &'c Connection, text: &str, params: &[Value]) -> rusqlite::Result<CachedStatement<'c>> {
    let mut statement = connection.prepare_cached(text)?;
    let expected = statement.parameter_count();
    if expected != params.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), expected));
    }
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(statement)
}

fn read(connection: &Connection, text: &str, params: &[Value], sql: &'static str) -> rusqlite::Result<Vec<Row>> {
    let mut statement = bound(connection, text, params)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(value(row.get_ref(column)?, column)?);
        }
        all.push(Row::new(sql, values));
    }
    Ok(all)
}

/// Sixteen bytes are an id here, which spares it an allocation; [`crate::row::Columns::bytes`] reads them as bytes again.
fn value(stored: ValueRef<'_>, column: usize) -> rusqlite::Result<Value> {
    match stored {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(int) => Ok(Value::Int(int)),
        ValueRef::Text(text) => Ok(Value::Text(std::str::from_utf8(text)?.to_owned())),
        ValueRef::Blob(bytes) => Ok(Uuid::from_slice(bytes).map_or_else(|_| Value::Bytes(bytes.to_vec()), Value::Uuid)),
        ValueRef::Real(_) => Err(rusqlite::Error::InvalidColumnType(
            column,
            String::new(),
            rusqlite::types::Type::Real,
        )),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Uuid(uuid) => ValueRef::Blob(uuid.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// SQLite numbers `$1` by first appearance, `?1` by its digits.
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut chars = sql.chars().peekable();
    while let Some(char) = chars.next() {
        let is_parameter = char == '$' && chars.peek().is_some_and(char::is_ascii_digit);
        text.push(if is_parameter { '?' } else { char });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_by_their_digits() {
        assert_eq!(numbered("select $2, '$', $1"), "select ?2, '$', ?1");
    }
}
