//! The rules of Casewire, decided from values alone: who may see what, where a text goes, who owns it, what may happen next.
//! No I/O, no clock, no randomness, no SQL: `now` is an argument, ids are minted elsewhere. Start at [`messaging::routing`].

pub mod access;
pub mod audit;
pub mod calls;
pub mod documents;
pub mod event;
pub mod id;
pub mod job;
pub mod messaging;
pub mod phone;
pub mod problem;
pub mod reports;
pub mod search;
pub mod settings;
pub mod tasks;
pub mod time;
pub mod view;
