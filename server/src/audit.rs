//! The audit in the server: what no act writes by itself ([`notes`]), the key that signs its checkpoints ([`key`]), the file that it is exported to ([`file`]), and the check of a
//! chain, from a database or from an export ([`verify`]). The chain itself: `casewire_core::audit` and `casewire_store::audit`.

pub mod file;
pub mod key;
pub mod notes;
pub mod targets;
pub mod verify;
