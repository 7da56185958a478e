//! What PostgreSQL's errors mean to us. Its messages and details, which quote values, never leave this file: SQLSTATE and
//! constraint name do.

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity};

use crate::error::{StoreError, Unavailable};

/// The error of a statement without its message.
pub(crate) fn of(error: &Error) -> StoreError {
    match error.as_db_error() {
        Some(refusal) => of_refusal(refusal),
        None if is_lost(error) => Unavailable::Away.into(),
        None => StoreError::bug("a parameter or a column is of another type than its statement says"),
    }
}

/// The error of a connection that could not be made: the server is away unless it says something else.
pub(crate) fn of_connecting(error: &Error) -> StoreError {
    match error.as_db_error().map(|refusal| refusal.code().code()) {
        Some("28000" | "28P01") => StoreError::Address("the server does not accept this user and password"),
        Some("3D000") => StoreError::Address("the server has no such database"),
        _ => Unavailable::Away.into(),
    }
}

/// Whether a failed commit certainly did not happen: the server said so and the connection lives on.
pub(crate) fn is_definite(error: &Error) -> bool {
    error
        .as_db_error()
        .is_some_and(|refusal| refusal.parsed_severity() == Some(Severity::Error))
}

/// Whether another attempt in a new transaction makes sense at once.
pub(crate) fn is_passing(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(Unavailable::Contended | Unavailable::Away))
}

fn is_lost(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    error.is_closed() || source.is_some_and(|source| source.is::<std::io::Error>())
}

fn of_refusal(refusal: &DbError) -> StoreError {
    match refusal.code().code() {
        "23505" => StoreError::Conflict {
            constraint: refusal.constraint().unwrap_or("unknown").into(),
        },
        "23503" => StoreError::Conflict {
            constraint: "foreign key".into(),
        },
        "40001" | "40P01" => Unavailable::Contended.into(),
        "55P03" | "57014" => Unavailable::Locked.into(),
        "53100" => Unavailable::Full.into(),
        "25006" => Unavailable::ReadOnly.into(),
        "53300" => Unavailable::Busy.into(),
        code if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Unavailable::Away.into(),
        code => StoreError::bug(format!("PostgreSQL refused a statement with SQLSTATE {code}")),
    }
}
