//! The acts on recordings: which a call has, and the right to hear one. Each time that somebody hears one, or looks at its waves, a
//! line in the audit says so before the sound is sent.

use casewire_core::access::Access;
use casewire_core::calls::RecordingState;
use casewire_core::id::{CallId, RecordingId};
use casewire_core::time::Timestamp;
use casewire_core::view::RecordingView;
use casewire_store::audit::{self, Entry};
use casewire_store::calls::recordings;
use casewire_store::{Act, Tx};

use super::calls::in_view;
use crate::problem::{Problem, ProblemCode};

/// Lists the recordings of a call.
pub struct ListRecordings {
    /// The rights of the reader.
    pub access: Access,
    /// The call.
    pub call_id: CallId,
}

impl Act for ListRecordings {
    type Out = Vec<RecordingView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<RecordingView>, Problem> {
        in_view(tx, &self.access, self.call_id).await?;
        let found = recordings::list(tx, self.access.tenant(), self.call_id).await?;
        Ok(found.into_iter().map(|recording| recording.view).collect())
    }
}

/// What somebody does with a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingUse {
    /// Hears it.
    Hear,
    /// Looks at its waves.
    Look,
}

/// Opens a recording to be heard, and writes down that it was.
pub struct OpenRecording {
    /// The rights of the listener.
    pub access: Access,
    /// The call.
    pub call_id: CallId,
    /// The recording.
    pub recording_id: RecordingId,
    /// What for.
    pub purpose: RecordingUse,
    /// The time.
    pub now: Timestamp,
}

impl Act for OpenRecording {
    /// The recording, and the name of its sound on the shelf.
    type Out = (RecordingView, String);
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let tenant = self.access.tenant();
        let case = in_view(tx, &self.access, self.call_id).await?.case;
        let found = recordings::list(tx, tenant, self.call_id).await?;
        let recording = found
            .into_iter()
            .find(|recording| recording.view.id == self.recording_id)
            .ok_or_else(Problem::not_found)?;
        let (RecordingState::Ready, Some(file)) = (recording.view.state, recording.file) else {
            return Err(Problem::of(ProblemCode::RecordingNotReady));
        };
        let act = match self.purpose {
            RecordingUse::Hear => "hear_recording",
            RecordingUse::Look => "look_at_recording",
        };
        let entry = Entry::read(self.access.user(), act, self.recording_id).with_detail(format!("call={}", self.call_id));
        let entry = match case {
            Some(case) => entry.in_case(case),
            None => entry,
        };
        audit::write(tx, tenant, &entry, self.now).await?;
        Ok((recording.view, file))
    }
}
