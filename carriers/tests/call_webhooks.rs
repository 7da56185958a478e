//! Webhooks about calls that are made by hand: what is refused, how the good ones are read, and that order does not matter.

use casewire_carriers::calls::{LegId, RecordingState};
use casewire_carriers::twilio::call_webhook::{
    Caller, ConferenceChange, ConferenceEvent, ConferenceRoll, DialEnded, EndedReason, LeftReason, LegStatus, MessageTaken, Noted,
    RecordedWhat, RecordingStatus, VoiceRequest,
};
use casewire_carriers::twilio::form::Form;
use casewire_carriers::twilio::signature::{Algorithm, Content, sign};
use casewire_carriers::twilio::webhook::{FromSigned, PublicAddress, WebhookRefusal, WebhookRequest, verify_as};
use casewire_core::calls::CarrierStatus;
use proptest::prelude::*;
use serde_json::Value;

use super::scene::{ACCOUNT, FIRM, JANE, OTHER_ACCOUNT, TOKEN, keys};

const PUBLIC: &str = "https://hub.example.org";
const CALL: &str = "CA0123456789abcdef0123456789abcdef";
const OTHER: &str = "CA0123456789abcdef0123456789abcde0";
const ROOM: &str = "CF0123456789abcdef0123456789abcdef";
const TAPE: &str = "RE0123456789abcdef0123456789abcdef";

fn arrives_at<T: FromSigned>(path: &str, form: &Form, secret: &str) -> Result<T, WebhookRefusal> {
    let body = form.encode();
    let signature = sign(&secret.into(), Algorithm::HmacSha1, &format!("{PUBLIC}{path}"), Content::Form(form));
    let request = WebhookRequest {
        method: "POST",
        path_and_query: path,
        content_type: Some("application/x-www-form-urlencoded"),
        signature: Some(&signature),
        signature_settings: None,
        body: body.as_bytes(),
    };
    verify_as(&PublicAddress::parse(PUBLIC).unwrap(), &keys(), &request).map(|verified| verified.into_inner())
}

fn arrives<T: FromSigned>(form: &Form) -> Result<T, WebhookRefusal> {
    arrives_at("/calls?l=leg_1", form, TOKEN)
}

fn malformed<T: FromSigned + std::fmt::Debug>(form: &Form) -> &'static str {
    match arrives::<T>(form).unwrap_err() {
        WebhookRefusal::Malformed { field } => field,
        other => panic!("{other:?}"),
    }
}

fn without(form: &Form, gone: &str) -> Form {
    let mut left = Form::default();
    for (name, value) in form.pairs().filter(|(name, _)| *name != gone.as_bytes()) {
        left.push(std::str::from_utf8(name).unwrap(), value);
    }
    left
}

fn about(sid: &str) -> Form {
    Form::default().with("AccountSid", ACCOUNT).with("CallSid", sid)
}

fn status(word: &str, sequence: u32) -> Form {
    about(CALL)
        .with("From", FIRM)
        .with("To", JANE)
        .with("Direction", "outbound-api")
        .with("CallStatus", word)
        .with("Timestamp", "Fri, 20 Nov 2026 10:00:00 +0000")
        .with("CallbackSource", "call-progress-events")
        .with("SequenceNumber", sequence.to_string())
}

fn room(event: &str, leg: &str, sequence: u32) -> Form {
    about(leg)
        .with("ConferenceSid", ROOM)
        .with("FriendlyName", "call_1")
        .with("SequenceNumber", sequence.to_string())
        .with("Timestamp", "Fri, 20 Nov 2026 10:00:00 +0000")
        .with("StatusCallbackEvent", event)
        .with("Muted", "true")
        .with("Hold", "false")
        .with("Coaching", "true")
        .with("ParticipantLabel", "leg_1")
}

fn voice() -> Form {
    about(CALL)
        .with("From", JANE)
        .with("To", FIRM)
        .with("CallStatus", "ringing")
        .with("Direction", "inbound")
        .with("ApiVersion", "2010-04-01")
}

#[test]
fn an_unsigned_a_wrongly_signed_a_foreign_and_a_replayed_one_at_another_address_are_refused() {
    let form = status("ringing", 1);
    assert!(arrives::<LegStatus>(&form).is_ok());
    assert_eq!(arrives_at::<LegStatus>("/calls", &form, "guess"), Err(WebhookRefusal::BadSignature));
    let foreign = without(&form, "AccountSid").with("AccountSid", "AC00000000000000000000000000000009");
    assert_eq!(arrives::<LegStatus>(&foreign), Err(WebhookRefusal::ForeignAccount));
    let others = without(&form, "AccountSid").with("AccountSid", OTHER_ACCOUNT);
    assert_eq!(
        arrives::<LegStatus>(&others),
        Err(WebhookRefusal::BadSignature),
        "another account's key"
    );
    let body = form.encode();
    let signature = sign(
        &TOKEN.into(),
        Algorithm::HmacSha1,
        &format!("{PUBLIC}/calls?l=leg_1"),
        Content::Form(&form),
    );
    let mut request = WebhookRequest {
        method: "POST",
        path_and_query: "/calls?l=leg_2",
        content_type: Some("application/x-www-form-urlencoded"),
        signature: Some(&signature),
        signature_settings: None,
        body: body.as_bytes(),
    };
    let public = PublicAddress::parse(PUBLIC).unwrap();
    let refused = |request: &WebhookRequest<'_>| verify_as::<LegStatus>(&public, &keys(), request).unwrap_err();
    assert_eq!(
        refused(&request),
        WebhookRefusal::BadSignature,
        "our id in the address is signed too"
    );
    request.signature = None;
    assert_eq!(refused(&request), WebhookRefusal::Unsigned);
}

#[test]
fn a_status_is_read_with_our_id_and_its_place() {
    let form = status("completed", 3).with("CallDuration", "61").with("SipResponseCode", "200");
    let read: LegStatus = arrives(&form).unwrap();
    let talked = Some(std::time::Duration::from_secs(61));
    assert_eq!(read.status, CarrierStatus::Completed { talked });
    assert_eq!(
        (read.sequence, read.sip_response, read.label.as_deref()),
        (3, Some(200), Some("leg_1"))
    );
    assert_eq!(read.at.unwrap().as_micros(), 1_795_168_800_000_000);
    assert_eq!(read.dedupe_key(), format!("{CALL}/3"));
    assert_eq!(arrives::<LegStatus>(&form).unwrap(), read, "a replay is the same");
    for field in ["CallSid", "CallStatus", "SequenceNumber"] {
        assert_eq!(malformed::<LegStatus>(&without(&form, field)), field);
    }
    assert_eq!(malformed::<LegStatus>(&status("dancing", 1)), "CallStatus");
    assert_eq!(malformed::<LegStatus>(&about("CA12").with("CallStatus", "ringing")), "CallSid");
    let odd = without(&form, "SequenceNumber").with("SequenceNumber", "-1");
    assert_eq!(malformed::<LegStatus>(&odd), "SequenceNumber");
}

#[test]
fn a_call_that_comes_in_says_who_calls_and_what_a_browser_sent_is_kept_apart() {
    let read: VoiceRequest = arrives(&voice().with("StirVerstat", "TN-Validation-Passed-A").with("ForwardedFrom", "72345")).unwrap();
    let Caller::Outside {
        from,
        to,
        forwarded_from,
        attestation,
    } = read.caller
    else {
        panic!("a browser")
    };
    assert_eq!((from.expose(), to.expose()), (JANE, FIRM));
    assert_eq!(forwarded_from.unwrap().expose(), "72345");
    assert_eq!(attestation.as_deref(), Some("TN-Validation-Passed-A"));
    let anonymous: VoiceRequest = arrives(&without(&voice(), "From").with("From", "anonymous")).unwrap();
    assert!(matches!(anonymous.caller, Caller::Outside { from, .. } if from.number().is_none()));
    let client = without(&voice(), "From").with("From", "client:agent_1");
    assert_eq!(malformed::<VoiceRequest>(&client), "ApplicationSid");
    let client = client
        .with("ApplicationSid", "AP00000000000000000000000000000001")
        .with("call", "call_1");
    let read: VoiceRequest = arrives(&client).unwrap();
    assert!(
        matches!(read.caller, Caller::Client { identity, hints, .. } if identity == "agent_1" && hints["call"] == "call_1" && hints.len() == 2)
    );
    for field in ["CallSid", "From", "To", "Direction"] {
        assert_eq!(malformed::<VoiceRequest>(&without(&voice(), field)), field);
    }
}

#[test]
fn what_comes_after_a_connection_and_a_message_is_read() {
    let form = about(CALL)
        .with("CallStatus", "in-progress")
        .with("DialCallStatus", "no-answer")
        .with("DialCallSid", OTHER);
    let read: DialEnded = arrives(&form).unwrap();
    assert_eq!((read.outcome, read.caller), (CarrierStatus::NoAnswer, CarrierStatus::InProgress));
    assert_eq!(read.dialled, Some(LegId::from(OTHER)));
    let conference: DialEnded = arrives(&about(CALL).with("CallStatus", "completed").with("DialCallStatus", "answered")).unwrap();
    assert_eq!((conference.outcome, conference.dialled), (CarrierStatus::InProgress, None));
    assert_eq!(malformed::<DialEnded>(&without(&form, "DialCallStatus")), "DialCallStatus");
    let form = about(CALL)
        .with(
            "RecordingUrl",
            format!("https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{TAPE}"),
        )
        .with("RecordingDuration", "7")
        .with("Digits", "hangup");
    let read: MessageTaken = arrives(&form).unwrap();
    assert_eq!(read.recording.as_ref().map(|id| id.as_str()), Some(TAPE));
    assert_eq!((read.length.as_secs(), read.ended_by.as_deref()), (7, Some("hangup")));
    assert_eq!(malformed::<MessageTaken>(&without(&form, "RecordingDuration")), "RecordingDuration");
}

#[test]
fn a_recordings_status_is_read_for_a_leg_and_for_a_conference() {
    let form = about(CALL)
        .with("RecordingSid", TAPE)
        .with("RecordingStatus", "completed")
        .with("RecordingDuration", "12")
        .with("RecordingChannels", "2");
    let read: RecordingStatus = arrives(&form).unwrap();
    assert_eq!((read.state, read.channels), (RecordingState::Completed, 2));
    assert_eq!(read.of, RecordedWhat::Leg(LegId::from(CALL)));
    assert_eq!(read.dedupe_key(), format!("{TAPE}/completed"));
    let room: RecordingStatus = arrives(&without(&form, "CallSid").with("ConferenceSid", ROOM)).unwrap();
    assert!(matches!(room.of, RecordedWhat::Conference(_)));
    for field in ["CallSid", "RecordingSid", "RecordingStatus"] {
        assert_eq!(malformed::<RecordingStatus>(&without(&form, field)), field);
    }
}

#[test]
fn a_conferences_events_are_read_and_unknown_ones_do_no_harm() {
    let read: ConferenceEvent = arrives(&room("participant-join", CALL, 4)).unwrap();
    let ConferenceChange::Joined(seat) = &read.change else { panic!() };
    assert!(seat.muted && seat.coaching && !seat.held && seat.label.as_deref() == Some("leg_1"));
    assert_eq!((read.name.as_str(), read.dedupe_key()), ("call_1", format!("{ROOM}/4")));
    let left = room("participant-leave", CALL, 5)
        .with("ReasonParticipantLeft", "participant_hung_up")
        .with("ParticipantCallStatus", "completed");
    let read: ConferenceEvent = arrives(&left).unwrap();
    assert!(matches!(
        read.change,
        ConferenceChange::Left {
            reason: Some(LeftReason::HungUp),
            status: Some(CarrierStatus::Completed { .. }),
            ..
        }
    ));
    let ended = room("conference-end", CALL, 6)
        .with("ReasonConferenceEnded", "last-participant-left")
        .with("CallSidEndingConference", OTHER);
    let read: ConferenceEvent = arrives(&ended).unwrap();
    let expected = ConferenceChange::Ended {
        reason: Some(EndedReason::Empty),
        by: Some(LegId::from(OTHER)),
    };
    assert_eq!(read.change, expected);
    let read: ConferenceEvent = arrives(&room("participant-speech-start", CALL, 7)).unwrap();
    assert_eq!(read.change, ConferenceChange::Other);
    for field in ["ConferenceSid", "SequenceNumber", "StatusCallbackEvent", "Muted", "Hold", "CallSid"] {
        assert_eq!(
            malformed::<ConferenceEvent>(&without(&room("participant-mute", CALL, 1), field)),
            field
        );
    }
    let odd = without(&room("participant-mute", CALL, 1), "Muted").with("Muted", "maybe");
    assert_eq!(malformed::<ConferenceEvent>(&odd), "Muted");
}

#[test]
fn every_event_that_twilio_documents_is_read() {
    let fields: Value = serde_json::from_str(include_str!("data/webhook_fields.json")).unwrap();
    let words = |of: &str, list: &str| -> Vec<String> {
        let words = fields[of][list].as_array().unwrap().iter();
        words
            .map(|word| {
                word.as_str()
                    .unwrap()
                    .split([' ', '(', ')'])
                    .find(|word| !word.is_empty())
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    for event in words("conference_status", "events") {
        let read: ConferenceEvent = arrives(&room(&event, CALL, 1)).unwrap();
        assert!(event.contains("speech") || read.change != ConferenceChange::Other, "{event}");
    }
    for word in words("call_status", "values") {
        arrives::<LegStatus>(&status(&word, 1)).unwrap();
    }
    for word in words("dial_action", "values") {
        arrives::<DialEnded>(&about(CALL).with("CallStatus", "in-progress").with("DialCallStatus", &word)).unwrap();
    }
    for word in words("recording_status", "RecordingStatus") {
        arrives::<RecordingStatus>(&about(CALL).with("RecordingSid", TAPE).with("RecordingStatus", &word)).unwrap();
    }
    for reason in words("conference_status", "ReasonConferenceEnded") {
        let form = room("conference-end", CALL, 1).with("ReasonConferenceEnded", &reason);
        let read: ConferenceEvent = arrives(&form).unwrap();
        assert!(matches!(read.change, ConferenceChange::Ended { reason: Some(_), .. }), "{reason}");
    }
    for reason in words("conference_status", "ReasonParticipantLeft") {
        let form = room("participant-leave", CALL, 1).with("ReasonParticipantLeft", &reason);
        let read: ConferenceEvent = arrives(&form).unwrap();
        assert!(matches!(read.change, ConferenceChange::Left { reason: Some(_), .. }), "{reason}");
    }
}

/// Some events of a conference with two legs, numbered in their order.
fn history(steps: &[(bool, u8)]) -> Vec<ConferenceEvent> {
    let numbered = steps.iter().zip(1..);
    numbered
        .map(|((second, what), sequence)| {
            let leg = if *second { OTHER } else { CALL };
            let event = [
                "participant-join",
                "participant-mute",
                "participant-unmute",
                "participant-leave",
                "conference-start",
            ];
            let event = event[usize::from(*what) % event.len()];
            let muted = if event == "participant-mute" { "true" } else { "false" };
            let form = without(&room(event, leg, sequence), "Muted").with("Muted", muted);
            arrives(&form).unwrap()
        })
        .collect()
}

proptest! {
    #[test]
    fn a_conferences_events_come_to_the_same_in_any_order_and_number(
        steps in proptest::collection::vec((any::<bool>(), any::<u8>()), 0..24),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 0..80),
    ) {
        let events = history(&steps);
        let mut plain = ConferenceRoll::default();
        for event in &events {
            plain.note(event);
        }
        let mut mixed = ConferenceRoll::default();
        if !events.is_empty() {
            for index in order {
                mixed.note(index.get(&events));
                mixed = serde_json::from_str(&serde_json::to_string(&mixed).unwrap()).unwrap();
            }
        }
        for event in events.iter().rev() {
            mixed.note(event);
        }
        prop_assert_eq!(&plain, &mixed);
        for event in &events {
            prop_assert_eq!(mixed.note(event), Noted::Stale);
        }
    }
}
