//! Compares a call with what Twilio has of it, every few seconds while there is something to compare: finds legs that came, answered or
//! ended and recordings that are complete where no webhook told of it. The acts: [`crate::ops::twilio_calls::look`].

use casewire_carriers::calls::{ConferenceId, LegId, RecordingState, VoiceCarrier};
use casewire_carriers::carrier::CarrierError;
use casewire_core::calls::CarrierStatus;
use casewire_core::id::CallId;
use casewire_store::jobs::LeasedJob;
use casewire_store::twilio::legs::{LegParty, LegState};

use super::JobOutcome;
use super::carry_out_call::of_problem;
use crate::ops::twilio_calls::commit;
use crate::ops::twilio_calls::look::{Found, Known, LookAgain, LookAtCall, TakeInFound};
use crate::problem::Problem;
use crate::state::App;

/// Does the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, call: CallId) -> JobOutcome {
    match look(app, leased, call).await {
        Ok(()) => JobOutcome::Done,
        Err(problem) => of_problem(&problem),
    }
}

async fn look(app: &App, leased: &LeasedJob, call: CallId) -> Result<(), Problem> {
    let (tenant, organization, now) = (leased.tenant, leased.tenant.organization(), app.clock.now());
    let Some(known) = app.store.write(organization, LookAtCall { tenant, call, now }).await? else {
        return Ok(());
    };
    if let Some(carrier) = app.carriers.voice(&known.account_sid) {
        match compare(carrier.as_ref(), &known).await {
            Ok(found) => {
                let act = TakeInFound { tenant, call, found, now };
                let news = commit(app, organization, act).await?;
                if news > 0 {
                    tracing::warn!(%call, news, "what no webhook told of a call was found at Twilio");
                }
            }
            Err(error) => tracing::warn!(%call, %error, "a call could not be compared with Twilio's"),
        }
    }
    let now = app.clock.now();
    app.store.write(organization, LookAgain { tenant, call, now }).await?;
    Ok(())
}

async fn compare(carrier: &dyn VoiceCarrier, known: &Known) -> Result<Vec<Found>, CarrierError> {
    let mut found = Vec::new();
    let conference = match &known.conference_sid {
        Some(sid) => Some(ConferenceId::from(sid.as_str())),
        None => carrier
            .conference(&known.row.id.to_string())
            .await?
            .map(|conference| conference.conference),
    };
    let seats = match &conference {
        Some(conference) => match carrier.seated(conference).await {
            Err(CarrierError::NotFound) => Vec::new(),
            seats => seats?,
        },
        None => Vec::new(),
    };
    for leg in known.legs.iter().filter(|leg| leg.state != LegState::Gone) {
        let label = leg.id.to_string();
        let seat = seats
            .iter()
            .find(|seat| seat.label.as_deref() == Some(label.as_str()) || leg.sid.as_deref() == Some(seat.leg.as_str()));
        let sid = leg.sid.as_deref().map(LegId::from).or_else(|| seat.map(|seat| seat.leg.clone()));
        let Some(sid) = sid else { continue };
        if leg.sid.is_none() {
            found.push(Found::Sid(leg.id, sid.clone()));
        }
        if leg.state == LegState::Expected && seat.is_some_and(|seat| seat.connected) {
            found.push(Found::Seated(leg.id));
        }
        let status = match carrier.leg(&sid).await {
            Ok(there) => there.status,
            Err(CarrierError::NotFound) => Some(CarrierStatus::Completed { talked: None }),
            Err(error) => return Err(error),
        };
        found.extend(status.map(|status| Found::Status(leg.id, status)));
    }
    found.extend(recordings(carrier, known).await?);
    Ok(found)
}

/// Recordings of the other side's leg: those whose id is known, and a message, of which only the leg is.
async fn recordings(carrier: &dyn VoiceCarrier, known: &Known) -> Result<Vec<Found>, CarrierError> {
    let mut found = Vec::new();
    let outside = known.legs.iter().find(|leg| leg.party == LegParty::Outside);
    let Some(sid) = outside.and_then(|leg| leg.sid.as_deref()) else {
        return Ok(found);
    };
    if known.recordings.is_empty() {
        return Ok(found);
    }
    for tape in carrier.recordings(&LegId::from(sid)).await? {
        let by_sid = known
            .recordings
            .iter()
            .find(|ours| ours.sid.as_deref() == Some(tape.recording.as_str()));
        let unnamed = || known.recordings.iter().find(|ours| ours.sid.is_none() && tape.channels == 1);
        if let Some(ours) = by_sid.or_else(unnamed)
            && tape.state == RecordingState::Completed
        {
            found.push(Found::Recording(ours.id, Some(tape.recording.to_string()), tape.state));
        }
    }
    // Who hung up during the greeting left nothing.
    let is_over = known.row.has_ended() && outside.is_some_and(|leg| leg.state == LegState::Gone);
    for ours in known.recordings.iter().filter(|ours| is_over && ours.sid.is_none()) {
        let is_there = |known: &Found| matches!(known, Found::Recording(id, ..) if *id == ours.id);
        if !found.iter().any(is_there) {
            found.push(Found::Recording(ours.id, None, RecordingState::Absent));
        }
    }
    Ok(found)
}
