//! The local voice engine: WebRTC legs of a call in, who hears whom mixed for each of them, recordings out. Knows of no case, no user,
//! no number and no name: legs are numbers. Start at [`hears`] (the policy), then `bridge.rs` (one call's audio) and `switchboard.rs`
//! (all of them, without I/O); `engine.rs` is what the server holds, and only `engine/`, `recorder.rs` and
//! `outline.rs` do I/O.

mod bridge;
mod clip;
mod crypto;
mod engine;
mod event;
mod g711;
mod hears;
mod id;
mod jitter;
mod keypad;
mod mixer;
mod outline;
pub mod peer;
mod recorder;
mod session;
mod switchboard;
mod wav;

pub use bridge::{Bridge, BridgeError, StereoFrame, Tape, Ticked};
pub use clip::{Clip, ClipError, Repeat};
pub use engine::{Config, Engine, EngineError, Events, Health, OpenError, addresses_of_this_machine};
pub use event::{Event, LeftWhy, Level, Meter, Quality};
pub use hears::{Hold, Listener, Microphone, Party, Role, Supervision, hears};
pub use id::{BridgeId, LegId, PlaybackId, RecordingId};
pub use jitter::{Counters, FRAME, Frame};
pub use keypad::Digit;
pub use outline::{Extent, Outline, mend, outline};
pub use session::{OfferError, Reach};
pub use switchboard::VoiceError;
