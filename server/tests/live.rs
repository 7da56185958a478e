//! Live events over real sockets: what a client gets, in which order, and what it never gets. On both engines. The set-up is
//! `house`; rights are changed in the database as the API does it, the route itself is tried
//! with the API.

pub mod house;
mod resume;
mod rights;
mod route;
mod slow;
