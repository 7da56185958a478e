//! The tests of the server, over the real router, on both engines. The set-up is in `support`.

mod access_sweep;
mod administration;
mod attention;
mod case_contacts;
mod cli;
mod config;
mod contact_roles;
mod idempotency;
mod identity;
mod import;
mod inbox;
mod jobs;
mod live;
mod nothing_is_lost;
mod opt_out;
mod people;
mod people_cases;
mod problems;
mod reconcile;
mod replay;
mod sending;
mod serving;
mod stage;
mod story;
mod support;
mod webhooks;
