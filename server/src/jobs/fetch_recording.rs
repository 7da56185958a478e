//! Brings a recording from Twilio onto our shelf, as ours are (the agent left, the others right), and has Twilio forget it where the
//! operator wants that. Bears being done twice: the same name on the shelf takes the place of what was there.

use axum::body::Bytes;
use casewire_carriers::calls::{RecordingId as TapeId, VoiceCarrier};
use casewire_carriers::carrier::CarrierError;
use casewire_core::access::Tenant;
use casewire_core::id::{CallId, Id as _, RecordingId};
use casewire_store::jobs::LeasedJob;
use casewire_store::twilio::recordings::{self, Tape, TwilioRecording};
use casewire_store::{Act, StoreError, Tx};
use futures_util::StreamExt as _;

use super::JobOutcome;
use super::carry_out_call::of_problem;
use super::resolve_part::code;
use crate::lines::LineEvent;
use crate::lines::switch;
use crate::lines::twilio::channels;
use crate::ops::twilio_calls::look::LookAtCall;
use crate::state::App;

/// More than a call of ten hours has.
const LARGEST: usize = 1_200 * 1024 * 1024;

/// Does the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, call: CallId, recording: RecordingId) -> JobOutcome {
    match bring(app, leased.tenant, call, recording).await {
        Ok(()) => JobOutcome::Done,
        Err(outcome) => outcome,
    }
}

async fn bring(app: &App, tenant: Tenant, call: CallId, recording: RecordingId) -> Result<(), JobOutcome> {
    let organization = tenant.organization();
    let store_error = |error: StoreError| JobOutcome::of_store_error(&error);
    let now = app.clock.now();
    let known = app
        .store
        .write(organization, LookAtCall { tenant, call, now })
        .await
        .map_err(store_error)?;
    let made = app.store.read(FindTape { tenant, call, recording }).await.map_err(store_error)?;
    let (Some(known), Some(made)) = (known, made) else { return Ok(()) };
    let (Some(sid), Tape::Complete) = (&made.sid, made.tape) else {
        return Ok(());
    };
    let (Some(carrier), Some(shelf)) = (app.carriers.voice(&known.account_sid), app.lines.shelf()) else {
        return Err(later("no_place_for_recordings"));
    };
    let sid = TapeId::from(sid.as_str());
    let mut sound = fetch(carrier.as_ref(), &sid).await.map_err(|error| later(code(error)))?;
    let duration_ms = channels::exchange(&mut sound).unwrap_or(0);
    let (file, bytes) = (
        format!("{}/{}.wav", organization.uuid().simple(), recording.uuid().simple()),
        u64::try_from(sound.len()).unwrap_or(0),
    );
    shelf.put(&file, Bytes::from(sound)).await.map_err(|_| later("recordings_away"))?;
    let ready = LineEvent::RecordingReady {
        recording,
        file,
        duration_ms,
        bytes,
    };
    switch::hear(app, organization, call, ready)
        .await
        .map_err(|problem| of_problem(&problem))?;
    let here = KeepTape {
        tenant,
        call,
        tape: TwilioRecording { tape: Tape::Here, ..made },
    };
    app.store.write(organization, here).await.map_err(store_error)?;
    if deletes(app, &known.account_sid) {
        carrier.delete_recording(&sid).await.map_err(|error| later(code(error)))?;
    }
    Ok(())
}

const fn later(code: &'static str) -> JobOutcome {
    JobOutcome::Retry { after: None, code }
}

fn deletes(app: &App, account_sid: &str) -> bool {
    let mut accounts = app.config.twilio.values();
    accounts.any(|account| account.account_sid == account_sid && account.deletes_recordings)
}

async fn fetch(carrier: &dyn VoiceCarrier, sid: &TapeId) -> Result<Vec<u8>, CarrierError> {
    let mut audio = carrier.fetch_recording(sid).await?;
    let mut sound = Vec::new();
    while let Some(piece) = audio.bytes.next().await {
        sound.extend_from_slice(&piece?);
        if sound.len() > LARGEST {
            return Err(CarrierError::Nonsense {
                what: "a recording without an end",
            });
        }
    }
    Ok(sound)
}

struct FindTape {
    tenant: Tenant,
    call: CallId,
    recording: RecordingId,
}

impl Act for FindTape {
    type Out = Option<TwilioRecording>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let made = recordings::list(tx, self.tenant, self.call).await?;
        Ok(made.into_iter().find(|made| made.id == self.recording))
    }
}

struct KeepTape {
    tenant: Tenant,
    call: CallId,
    tape: TwilioRecording,
}

impl Act for KeepTape {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        recordings::keep(tx, self.tenant, self.call, &self.tape).await
    }
}
