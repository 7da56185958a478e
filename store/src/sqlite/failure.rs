//! What SQLite's errors mean to us. Its messages never leave this file: only constraint names, found in the schema, do.

use rusqlite::{Connection, Error, ErrorCode, ffi};

use crate::error::{StoreError, Unavailable};

/// The error without the message. With the connection, a refused row gives its constraint's name.
#[expect(clippy::wildcard_enum_match_arm, reason = "the driver's errors are many and not ours")]
pub(crate) fn of(error: &Error, connection: Option<&Connection>) -> StoreError {
    match error {
        Error::SqliteFailure(failure, message) => of_failure(*failure, message.as_deref(), connection),
        Error::SqlInputError { .. } => StoreError::bug("SQLite does not understand a statement"),
        Error::InvalidParameterCount(given, expected) => {
            StoreError::bug(format!("a statement has {expected} parameters and was given {given}"))
        }
        Error::ExecuteReturnedResults => StoreError::bug("a statement that returns rows was executed as if it returned none"),
        _ => StoreError::bug("SQLite refused a statement, or a stored value has a type of its own"),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the driver's error codes are many and not ours")]
fn of_failure(failure: ffi::Error, message: Option<&str>, connection: Option<&Connection>) -> StoreError {
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Unavailable::Locked.into(),
        ErrorCode::DiskFull => Unavailable::Full.into(),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Unavailable::ReadOnly.into(),
        ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed | ErrorCode::OutOfMemory => {
            Unavailable::Away.into()
        }
        ErrorCode::NotADatabase => StoreError::Address("the file is not a SQLite database"),
        ErrorCode::DatabaseCorrupt => Unavailable::Damaged.into(),
        ErrorCode::ConstraintViolation => of_constraint(failure.extended_code, message.unwrap_or_default(), connection),
        _ => StoreError::bug(format!("SQLite refused a statement with code {}", failure.extended_code)),
    }
}

fn of_constraint(code: i32, message: &str, connection: Option<&Connection>) -> StoreError {
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or_default();
            let name = connection.and_then(|connection| constraint_name(connection, columns));
            StoreError::Conflict {
                constraint: name.unwrap_or_else(|| "unknown".to_owned()).into(),
            }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::Conflict {
            constraint: "foreign key".into(),
        },
        _ => StoreError::bug(format!("a row does not fit its table, SQLite code {code}")),
    }
}

/// SQLite tells the columns (`users.email`), the schema tells the name (`users_email`); a primary key is `users_pkey`.
fn constraint_name(connection: &Connection, columns: &str) -> Option<String> {
    let (table, _) = columns.split_once('.')?;
    let wanted: Vec<&str> = columns
        .split(", ")
        .filter_map(|column| column.split_once('.').map(|(_, name)| name))
        .collect();
    let mut statement = connection
        .prepare_cached("select name, sql from sqlite_schema where tbl_name = ?1 and sql is not null")
        .ok()?;
    let texts: Vec<(String, String)> = statement
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))
        .ok()?
        .filter_map(Result::ok)
        .collect();
    texts
        .iter()
        .find_map(|(name, sql)| named(name, sql, &wanted))
        .or_else(|| Some(format!("{table}_pkey")))
}

/// The unique constraint or index over exactly these columns that a schema text declares.
fn named(object: &str, sql: &str, wanted: &[&str]) -> Option<String> {
    if sql.starts_with("CREATE UNIQUE INDEX") || sql.starts_with("create unique index") {
        let (_, rest) = sql.split_once(" on ")?;
        return (listed(rest)? == wanted).then(|| object.to_owned());
    }
    sql.split("constraint ").skip(1).find_map(|rest| {
        let (name, rest) = rest.split_once(" unique ")?;
        (!name.contains(char::is_whitespace) && listed(rest)? == wanted).then(|| name.to_owned())
    })
}

fn listed(text: &str) -> Option<Vec<&str>> {
    let (_, rest) = text.split_once('(')?;
    let (list, _) = rest.split_once(')')?;
    Some(list.split(',').map(str::trim).collect())
}
