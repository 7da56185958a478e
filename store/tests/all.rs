//! The stories of the store, each on both engines with a fresh database. PostgreSQL's need `CASEWIRE_TEST_POSTGRES`.

mod audit;
mod engine;
mod engine_away;
mod engine_events;
mod engine_jobs;
mod engine_keys;
mod engine_schema;
mod people;
