//! What `casewire-core` promises, seen from outside. One binary; a module per noun.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "all/access.rs"]
mod access;
#[path = "all/calls.rs"]
mod calls;
#[path = "all/claims.rs"]
mod claims;
#[path = "all/delivery.rs"]
mod delivery;
#[path = "all/documents.rs"]
mod documents;
#[path = "all/naive.rs"]
mod naive;
#[path = "all/opt_out.rs"]
mod opt_out;
#[path = "all/parts.rs"]
mod parts;
#[path = "all/phone.rs"]
mod phone;
#[path = "all/routing.rs"]
mod routing;
#[path = "all/segments.rs"]
mod segments;
#[path = "all/tasks.rs"]
mod tasks;
#[path = "all/world.rs"]
mod world;
