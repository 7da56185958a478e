//! A row of a result, read column by column in the order of the statement. A value that is not what it should be is
//! [`StoreError::Corrupt`], naming statement and column, never the value.

use std::str::FromStr;

use casewire_core::id::Id;
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::value::Value;

/// One row of a result.
#[derive(Debug, Clone)]
pub struct Row {
    statement: &'static str,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(statement: &'static str, values: Vec<Value>) -> Self {
        Self { statement, values }
    }

    /// Reads the columns from the first on.
    #[must_use]
    pub fn columns(&self) -> Columns<'_> {
        Columns {
            statement: self.statement,
            rest: &self.values,
            column: 0,
        }
    }
}

/// The columns of a row that are still to be read. Each method reads one; the `opt_` methods take null for `None`.
#[derive(Debug)]
pub struct Columns<'r> {
    statement: &'static str,
    rest: &'r [Value],
    column: usize,
}

/// Every method here fails with [`StoreError::Corrupt`] where the column holds something else, and with
/// [`StoreError::Bug`] where the statement gives no further column.
impl<'r> Columns<'r> {
    fn next(&mut self) -> Result<&'r Value, StoreError> {
        let (first, rest) = self
            .rest
            .split_first()
            .ok_or_else(|| StoreError::bug(format!("`{}` gives only {} columns", self.statement, self.column)))?;
        self.rest = rest;
        self.column += 1;
        Ok(first)
    }

    fn corrupt(&self) -> StoreError {
        StoreError::Corrupt {
            statement: self.statement,
            column: self.column.saturating_sub(1),
        }
    }

    fn read<T>(&mut self, read: impl FnOnce(&'r Value) -> Option<T>) -> Result<T, StoreError> {
        let value = self.next()?;
        read(value).ok_or_else(|| self.corrupt())
    }

    fn opt<T>(&mut self, read: impl FnOnce(&'r Value) -> Option<T>) -> Result<Option<T>, StoreError> {
        match self.next()? {
            Value::Null => Ok(None),
            value @ (Value::Int(_) | Value::Text(_) | Value::Uuid(_) | Value::Bytes(_)) => {
                read(value).map(Some).ok_or_else(|| self.corrupt())
            }
        }
    }

    /// A bare UUID.
    pub fn uuid(&mut self) -> Result<Uuid, StoreError> {
        self.read(as_uuid)
    }

    /// A bare UUID or null.
    pub fn opt_uuid(&mut self) -> Result<Option<Uuid>, StoreError> {
        self.opt(as_uuid)
    }

    /// An id.
    pub fn id<I: Id>(&mut self) -> Result<I, StoreError> {
        self.uuid().map(I::from_uuid)
    }

    /// An id or null.
    pub fn opt_id<I: Id>(&mut self) -> Result<Option<I>, StoreError> {
        Ok(self.opt_uuid()?.map(I::from_uuid))
    }

    /// An integer.
    pub fn int(&mut self) -> Result<i64, StoreError> {
        self.read(as_int)
    }

    /// An integer or null.
    pub fn opt_int(&mut self) -> Result<Option<i64>, StoreError> {
        self.opt(as_int)
    }

    /// A text.
    pub fn text(&mut self) -> Result<String, StoreError> {
        self.read(as_text).map(str::to_owned)
    }

    /// An integer that stands for something else, such as a level.
    pub fn int_as<T>(&mut self, meaning: impl FnOnce(i64) -> Option<T>) -> Result<T, StoreError> {
        self.read(|value| meaning(as_int(value)?))
    }

    /// A text that stands for something else.
    pub fn text_as<T>(&mut self, meaning: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        self.read(|value| meaning(as_text(value)?))
    }

    /// A text or null.
    pub fn opt_text(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.opt(as_text)?.map(str::to_owned))
    }

    /// A time.
    pub fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.int().map(Timestamp::from_micros)
    }

    /// A time or null.
    pub fn opt_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int()?.map(Timestamp::from_micros))
    }

    /// A flag: 0 or 1.
    pub fn flag(&mut self) -> Result<bool, StoreError> {
        match self.int()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.corrupt()),
        }
    }

    /// Bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.read(as_bytes).map(<[u8]>::to_vec)
    }

    /// Exactly that many bytes, such as a hash.
    pub fn sized<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        self.read(|value| as_bytes(value)?.try_into().ok())
    }

    /// Exactly that many bytes, or null.
    pub fn opt_sized<const N: usize>(&mut self) -> Result<Option<[u8; N]>, StoreError> {
        self.opt(|value| as_bytes(value)?.try_into().ok())
    }

    /// Bytes or null.
    pub fn opt_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.opt(as_bytes)?.map(<[u8]>::to_vec))
    }

    /// A phone number.
    pub fn number(&mut self) -> Result<E164, StoreError> {
        self.read(|value| E164::parse(as_text(value)?).ok())
    }

    /// A phone number or null.
    pub fn opt_number(&mut self) -> Result<Option<E164>, StoreError> {
        self.opt(|value| E164::parse(as_text(value)?).ok())
    }

    /// A text that is a word of ours, such as a state.
    pub fn parsed<T: FromStr>(&mut self) -> Result<T, StoreError> {
        self.read(|value| as_text(value)?.parse().ok())
    }

    /// A text that is a word of ours, or null.
    pub fn opt_parsed<T: FromStr>(&mut self) -> Result<Option<T>, StoreError> {
        self.opt(|value| as_text(value)?.parse().ok())
    }
}

fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(int) => Some(*int),
        Value::Null | Value::Text(_) | Value::Uuid(_) | Value::Bytes(_) => None,
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::Null | Value::Int(_) | Value::Uuid(_) | Value::Bytes(_) => None,
    }
}

/// SQLite has one type for ids and bytes: 16 bytes are read as a UUID there.
fn as_uuid(value: &Value) -> Option<Uuid> {
    match value {
        Value::Uuid(uuid) => Some(*uuid),
        Value::Bytes(bytes) => Uuid::from_slice(bytes).ok(),
        Value::Null | Value::Int(_) | Value::Text(_) => None,
    }
}

fn as_bytes(value: &Value) -> Option<&[u8]> {
    match value {
        Value::Bytes(bytes) => Some(bytes),
        Value::Uuid(uuid) => Some(uuid.as_bytes()),
        Value::Null | Value::Int(_) | Value::Text(_) => None,
    }
}
