//! The few kinds of values that both engines store, and how everything of ours becomes one. Refuses floats, booleans and
//! engine types: flags are 0 or 1, times are microseconds, JSON is text.

use std::fmt;

use casewire_core::id::{self, Id};
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;
use uuid::Uuid;

/// A parameter of a statement, or a column of its result.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A number, a flag, or a time in microseconds.
    Int(i64),
    /// Text, also JSON.
    Text(String),
    /// An id.
    Uuid(Uuid),
    /// Bytes, such as a hash.
    Bytes(Vec<u8>),
}

/// Prints the kind alone: values are people's numbers, names and texts.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Int(_) => "Int(…)",
            Self::Text(_) => "Text(…)",
            Self::Uuid(_) => "Uuid(…)",
            Self::Bytes(_) => "Bytes(…)",
        })
    }
}

/// The parameters of a statement: `params![organization, id, now]` is an array of [`Value`]s.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::value::Value::from($value)),*] };
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<u8> for Value {
    fn from(value: u8) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<u16> for Value {
    fn from(value: u16) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

/// The largest integer where it would not fit.
impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

/// The largest integer where it would not fit.
impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.as_micros())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Uuid(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

/// The database holds the full number.
impl From<&E164> for Value {
    #[expect(clippy::disallowed_methods, reason = "the database holds the full number")]
    fn from(value: &E164) -> Self {
        Self::Text(value.expose().to_owned())
    }
}

/// The database holds the full number.
impl From<E164> for Value {
    fn from(value: E164) -> Self {
        Self::from(&value)
    }
}

impl From<&Address> for Value {
    #[expect(clippy::disallowed_methods, reason = "the database holds the full number")]
    fn from(value: &Address) -> Self {
        Self::Text(value.expose().to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from_ids {
    ($($name:ident)*) => {$(
        impl From<id::$name> for Value {
            fn from(value: id::$name) -> Self {
                Self::Uuid(value.uuid())
            }
        }
    )*};
}

from_ids! {
    OrganizationId UserId TeamId RoleId NumberId ContactId PhoneId CaseId CaseContactId ContactRoleId LeadId
    ConversationId MessageId PartId CallId CallLegId CallOrderId RecordingId SessionId TokenId JobId ExportId StepId TaskId
    DocumentId
}
