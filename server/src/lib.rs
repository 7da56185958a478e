//! The Casewire server: one library behind the binary, the demo and the tests. Start at [`api`] (every route is there), then
//! [`state`] (what a handler is given), [`auth`] (who asks), [`problem`] (how an answer says no) and [`serve`].

pub mod api;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod csv;
pub mod demo;
pub mod export;
pub mod jobs;
pub mod lines;
pub mod live;
pub mod ops;
pub mod problem;
pub mod serve;
pub mod state;
pub mod storage;
pub mod telemetry;
pub mod web;
pub mod webhooks;
pub mod wire;
