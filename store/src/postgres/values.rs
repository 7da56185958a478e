//! How our values travel to PostgreSQL and back. Refuses types that the migrations do not use.

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use super::failure;
use crate::error::StoreError;
use crate::row::Row;
use crate::value::Value;

type Failure = Box<dyn std::error::Error + Sync + Send>;

/// A row in our own values.
pub(crate) fn row(sql: &'static str, row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let values = (0..row.len()).map(|column| row.try_get(column)).collect::<Result<Vec<Value>, _>>();
    Ok(Row::new(sql, values.map_err(|error| failure::of(&error))?))
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) if *ty == Type::INT8 => int.to_sql(ty, out),
            Self::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
            Self::Text(text) if <&str as ToSql>::accepts(ty) => text.to_sql(ty, out),
            Self::Uuid(uuid) if *ty == Type::UUID => uuid.to_sql(ty, out),
            Self::Uuid(uuid) if *ty == Type::BYTEA => uuid.as_bytes().as_slice().to_sql(ty, out),
            Self::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            Self::Int(_) | Self::Text(_) | Self::Uuid(_) | Self::Bytes(_) => Err("a parameter is of another type".into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(ty, raw).map(Self::from),
            Type::UUID => Uuid::from_sql(ty, raw).map(Self::Uuid),
            Type::BYTEA => Vec::<u8>::from_sql(ty, raw).map(Self::Bytes),
            _ => String::from_sql(ty, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::UUID, Type::BYTEA].contains(ty) || <String as FromSql>::accepts(ty)
    }
}
