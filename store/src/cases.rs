//! Cases: who reaches them, how they are shown and listed, how they change.

pub(crate) mod reach;

pub use reach::{reach, reach_by_id, reaches};
