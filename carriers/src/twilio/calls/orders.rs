//! Orders about calls, each one request. Twilio has no idempotency key, so what rings somebody is never posted twice.

use casewire_core::calls::Mode;
use casewire_core::phone::E164;

use super::wire;
use crate::calls::{
    Audience, CallOutcome, CallRefusal, CallRefusedReason, Callee, ConferenceId, ConferencePlan, Entry, LegId, Line, Microphone, NewLeg,
    NewRecording, OnExit, RecordingId, RecordingOrder, Seat,
};
use crate::carrier::{CarrierError, Doubt};
use crate::twilio::client::{Answer, Client, NoAnswer};
use crate::twilio::twiml::{CONFERENCE_EVENTS, LEG_EVENTS, RECORDING_EVENTS};
use crate::twilio::words::{call_refusal, is_sid};
use crate::twilio::{CALLBACK_OVERRIDES, ask, callback, wire as answers};

type Fields = Vec<(&'static str, String)>;

pub(super) async fn add_leg(client: &Client, conference: &ConferencePlan, leg: &NewLeg) -> CallOutcome<Seat> {
    let path = client.path(&format!("/Conferences/{}/Participants.json", step(&conference.name)));
    settled(client.post(&path, &leg_fields(conference, leg)).await, wire::seat)
}

#[expect(clippy::disallowed_methods, reason = "the leg is rung at that number")]
fn leg_fields(conference: &ConferencePlan, leg: &NewLeg) -> Fields {
    let early = match (&leg.to, &leg.entry) {
        // The agent hears the outside phone ring, and what its network says before anybody answers.
        (Callee::Number(_), Entry::Speaker { .. }) => "true",
        (Callee::Client { .. }, _) | (_, Entry::Supervisor { .. }) => "false",
    };
    let mut fields = vec![
        ("To", callee(&leg.to)),
        ("From", leg.from.expose().to_owned()),
        ("Label", leg.label.clone()),
        ("Timeout", leg.ring_for.as_secs().clamp(5, 600).to_string()),
        ("EarlyMedia", early.to_owned()),
        ("Beep", "false".to_owned()),
        ("WaitUrl", conference.waiting.clone().unwrap_or_default()),
        ("StatusCallback", callback(&leg.status_callback, "l", &leg.label)),
        (
            "ConferenceStatusCallback",
            format!("{}{CALLBACK_OVERRIDES}", conference.status_callback),
        ),
        ("ConferenceStatusCallbackEvent", CONFERENCE_EVENTS.join(" ")),
    ];
    fields.extend(LEG_EVENTS.map(|event| ("StatusCallbackEvent", event.to_owned())));
    match &leg.entry {
        Entry::Speaker { on_exit } => fields.extend([
            ("StartConferenceOnEnter", "true".to_owned()),
            ("EndConferenceOnExit", (*on_exit == OnExit::EndCall).to_string()),
        ]),
        Entry::Supervisor { agent } => {
            fields.extend([
                ("StartConferenceOnEnter", "false".to_owned()),
                ("EndConferenceOnExit", "false".to_owned()),
            ]);
            fields.extend(supervision(Mode::Listen, agent));
        }
    }
    fields
}

/// The address of whom to ring.
#[expect(clippy::disallowed_methods, reason = "the leg is rung at that number")]
fn callee(to: &Callee) -> String {
    match to {
        Callee::Number(number) => E164::expose(number).to_owned(),
        Callee::Client { identity, hints } => {
            let hints: Vec<String> = hints
                .iter()
                .map(|(name, value)| format!("{}={}", step(name), step(value)))
                .collect();
            let joint = if hints.is_empty() { "" } else { "?" };
            format!("client:{identity}{joint}{}", hints.join("&"))
        }
    }
}

/// A step of a path, escaped.
fn step(text: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    percent_encoding::utf8_percent_encode(text, KEPT).to_string()
}

/// The three fields of supervision. Never fewer: what is left out stays as it was, and together they could mean something else.
pub(super) fn supervision(mode: Mode, agent: &LegId) -> Fields {
    let (muted, coaching) = match mode {
        Mode::Listen => ("true", "true"),
        Mode::Whisper => ("false", "true"),
        Mode::Barge => ("false", "false"),
    };
    vec![
        ("Muted", muted.to_owned()),
        ("Coaching", coaching.to_owned()),
        ("CallSidToCoach", agent.as_str().to_owned()),
    ]
}

pub(super) fn microphone(microphone: Microphone) -> Fields {
    vec![("Muted", (microphone == Microphone::Muted).to_string())]
}

pub(super) fn line(line: Line) -> Fields {
    match line {
        Line::Open => vec![("Hold", "false".to_owned())],
        Line::Held { music } => {
            let mut fields = vec![("Hold", "true".to_owned())];
            fields.extend(music.map(|url| ("HoldUrl", url)));
            fields
        }
    }
}

/// Changes a participant.
pub(super) async fn seat(client: &Client, seat: &Seat, fields: &[(&'static str, String)]) -> CallOutcome<()> {
    if !is_sid("CF", seat.conference.as_str()) || !is_sid("CA", seat.leg.as_str()) {
        return gone();
    }
    let path = client.path(&format!("/Conferences/{}/Participants/{}.json", seat.conference, seat.leg));
    settled(client.post(&path, fields).await, |body| {
        wire::seat(body).filter(|changed| changed == seat).map(|_| ())
    })
}

pub(super) async fn announce(client: &Client, conference: &ConferenceId, audience: Audience, address: &str) -> CallOutcome<()> {
    let fields = [("AnnounceUrl", address.to_owned())];
    match audience {
        Audience::Leg(leg) => {
            let one = Seat {
                conference: conference.clone(),
                leg,
            };
            seat(client, &one, &fields).await
        }
        Audience::Everyone => conference_post(client, conference, &fields).await,
    }
}

pub(super) async fn end(client: &Client, conference: &ConferenceId) -> CallOutcome<()> {
    conference_post(client, conference, &[("Status", "completed".to_owned())]).await
}

async fn conference_post(client: &Client, conference: &ConferenceId, fields: &[(&'static str, String)]) -> CallOutcome<()> {
    if !is_sid("CF", conference.as_str()) {
        return gone();
    }
    let path = client.path(&format!("/Conferences/{conference}.json"));
    settled(client.post(&path, fields).await, |body| wire::is_about(body, conference.as_str()))
}

pub(super) async fn hang_up(client: &Client, leg: &LegId) -> CallOutcome<()> {
    if !is_sid("CA", leg.as_str()) {
        return gone();
    }
    let path = client.path(&format!("/Calls/{leg}.json"));
    settled(client.post(&path, &[("Status", "completed".to_owned())]).await, |body| {
        wire::is_about(body, leg.as_str())
    })
}

pub(super) async fn send_on(client: &Client, leg: &LegId, address: &str) -> CallOutcome<()> {
    if !is_sid("CA", leg.as_str()) {
        return gone();
    }
    let path = client.path(&format!("/Calls/{leg}.json"));
    let fields = [("Url", address.to_owned()), ("Method", "POST".to_owned())];
    settled(client.post(&path, &fields).await, |body| wire::is_about(body, leg.as_str()))
}

pub(super) async fn record(client: &Client, leg: &LegId, recording: NewRecording) -> CallOutcome<RecordingId> {
    if !is_sid("CA", leg.as_str()) {
        return gone();
    }
    let path = client.path(&format!("/Calls/{leg}/Recordings.json"));
    let mut fields: Fields = vec![
        ("RecordingChannels", "dual".to_owned()),
        ("RecordingTrack", "both".to_owned()),
        (
            "RecordingStatusCallback",
            callback(&recording.status_callback, "l", &recording.label),
        ),
    ];
    fields.extend(RECORDING_EVENTS.map(|event| ("RecordingStatusCallbackEvent", event.to_owned())));
    settled(client.post(&path, &fields).await, wire::recording_id)
}

pub(super) async fn steer_recording(client: &Client, leg: &LegId, recording: &RecordingId, order: RecordingOrder) -> CallOutcome<()> {
    if !is_sid("CA", leg.as_str()) || !is_sid("RE", recording.as_str()) {
        return gone();
    }
    let path = client.path(&format!("/Calls/{leg}/Recordings/{recording}.json"));
    let fields: Fields = match order {
        RecordingOrder::Pause => vec![("Status", "paused".to_owned()), ("PauseBehavior", "silence".to_owned())],
        RecordingOrder::Resume => vec![("Status", "in-progress".to_owned())],
        RecordingOrder::Stop => vec![("Status", "stopped".to_owned())],
    };
    settled(client.post(&path, &fields).await, |body| wire::is_about(body, recording.as_str()))
}

pub(super) async fn delete_recording(client: &Client, recording: &RecordingId) -> Result<(), CarrierError> {
    if !is_sid("RE", recording.as_str()) {
        return Err(CarrierError::NotFound);
    }
    let path = client.path(&format!("/Recordings/{recording}.json"));
    match ask::checked(client.delete(&path).await) {
        Ok(_) | Err(CarrierError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What can be nothing of the carrier's is not asked for.
fn gone<T>() -> CallOutcome<T> {
    CallOutcome::Refused(CallRefusal {
        code: None,
        reason: CallRefusedReason::Gone,
        retry: crate::carrier::Retry::Never,
    })
}

/// What an answer means for an order: a failure after the request was on its way is unknown.
fn settled<T>(answer: Result<Answer, NoAnswer>, read: impl FnOnce(&[u8]) -> Option<T>) -> CallOutcome<T> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(NoAnswer::NotConnected | NoAnswer::NotAllowed) => return CallOutcome::NotSent,
        Err(NoAnswer::TimedOut) => return CallOutcome::Unknown(Doubt::TimedOut),
        Err(NoAnswer::Broken) => return CallOutcome::Unknown(Doubt::Broken),
    };
    match answer.status {
        200..=299 => read(&answer.body).map_or(CallOutcome::Unknown(Doubt::Nonsense), CallOutcome::Accepted),
        // 408 is said by whoever stands between, when the request may have gone through.
        408 => CallOutcome::Unknown(Doubt::TimedOut),
        400..=499 => CallOutcome::Refused(call_refusal(answer.status, answers::error_code(&answer.body), answer.retry_after)),
        500..=599 => CallOutcome::Unknown(Doubt::CarrierFailed { status: answer.status }),
        _ => CallOutcome::Unknown(Doubt::Nonsense),
    }
}
