//! What `casewire-voice` promises, heard from outside. One binary; a module per promise.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking; real sockets run on the real clock, and a child process is told its task by its environment"
)]

#[path = "all/ears.rs"]
mod ears;
#[path = "all/hall.rs"]
mod hall;
#[path = "all/never.rs"]
mod never;
#[path = "all/recording.rs"]
mod recording;
#[path = "all/relay.rs"]
mod relay;
#[path = "all/spectrum.rs"]
mod spectrum;
#[path = "all/wires.rs"]
mod wires;
