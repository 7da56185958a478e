//! Calls: what may happen next to one, who supervises it and what becomes of them, what the carrier's words mean. Pure; a step
//! returns [`Effect`]s, which the server carries out on whatever carries the audio. Who *hears* whom is decided in one place only,
//! `hears` in `casewire-voice`. Start at [`call`]; [`supervision`] has the three modes, [`status`] the words.

pub mod call;
mod missed;
pub mod recording;
pub mod state;
pub mod status;
mod supervising;
pub mod supervision;

pub use call::Call;
pub use recording::{RecordingKind, RecordingOrder, RecordingState, Tape};
pub use state::{CallError, Effect, GRACE, Line, Microphone, OutsideLine, State, Talk};
pub use status::{CallStatus, CarrierStatus, End, EndReason, Heard, Outcome};
pub use supervision::{Clearance, Departure, Mode, SuperviseError, Supervisor};
