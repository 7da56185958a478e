//! The one place where ids are made: UUIDv7, so that new rows land at the end of their indexes.

use casewire_core::id::Id;
use uuid::Uuid;

/// A new id.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn mint<I: Id>() -> I {
    I::from_uuid(Uuid::now_v7())
}
