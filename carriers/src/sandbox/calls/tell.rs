//! The callbacks of calls, with their places among each other. Without a fault those about one leg, one conference or one recording
//! come in order; faults double, delay or drop them as they do those about texts.

use super::{Call, Chair, Desk, TapeState, Watch, Way};
use crate::sandbox::deliveries::{self, Told};
use crate::twilio::form::Form;
use crate::twilio::words::to_rest_date;

/// What Twilio says whenever it asks what a leg shall do.
pub(super) fn voice_form(call: &Call) -> Form {
    let mut form = Form::default()
        .with("CallSid", &call.sid)
        .with("AccountSid", &call.account_sid)
        .with("ApiVersion", "2010-04-01")
        .with("CallStatus", call.standing.as_str())
        .with("Direction", call.way.as_str())
        .with("From", &call.from)
        .with("Caller", &call.from);
    if call.application.is_none() {
        form = form.with("To", &call.to).with("Called", &call.to);
    }
    if let Some(application) = &call.application {
        form.push("ApplicationSid", application);
    }
    if let Some(parent) = &call.parent {
        form.push("ParentCallSid", parent);
    }
    if call.way == Way::Inbound {
        for (name, value) in &call.params {
            form.push(name, value);
        }
    }
    form
}

impl Way {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundDial => "outbound-dial",
        }
    }
}

impl Desk<'_> {
    /// Tells how a leg stands, if somebody wants that event.
    pub(super) fn tell_status(&mut self, sid: &str, event: &str) {
        let now = self.now;
        let Some(call) = self.call_mut(sid) else { return };
        let Some(watch) = call.watch.clone().filter(|watch| watch.wants(event)) else {
            return;
        };
        let word = if event == "initiated" {
            "initiated"
        } else {
            call.standing.as_str()
        };
        let sequence = call.sequence;
        call.sequence += 1;
        let call = call.clone();
        let mut form = Form::default()
            .with("CallSid", &call.sid)
            .with("AccountSid", &call.account_sid)
            .with("From", &call.from)
            .with("To", &call.to)
            .with("Caller", &call.from)
            .with("Called", &call.to)
            .with("Direction", call.way.as_str())
            .with("ApiVersion", "2010-04-01")
            .with("CallStatus", word)
            .with("Timestamp", to_rest_date(now))
            .with("CallbackSource", "call-progress-events")
            .with("SequenceNumber", sequence.to_string());
        if let Some(parent) = &call.parent {
            form.push("ParentCallSid", parent);
        }
        if call.standing.is_final() {
            let seconds = call.seconds();
            form.push("CallDuration", seconds.to_string());
            form.push("Duration", (seconds + 59).div_euclid(60).to_string());
            form.push("SipResponseCode", call.standing.sip().to_string());
        }
        self.tell(&call.account_sid, &call.sid, watch.url, form, [&call.from, &call.to]);
    }

    /// Tells what happened to a leg in a conference.
    pub(super) fn tell_seat(&mut self, room: &str, chair: &Chair, event: &str, said: &[(&str, &str)]) {
        let (muted, held, coaching) = (chair.muted.to_string(), chair.held.to_string(), chair.coaching.to_string());
        let (ends, starts) = (chair.end_on_exit.to_string(), chair.start_on_enter.to_string());
        let mut all = vec![
            ("CallSid", chair.call_sid.as_str()),
            ("Muted", &muted),
            ("Hold", &held),
            ("Coaching", &coaching),
            ("EndConferenceOnExit", &ends),
            ("StartConferenceOnEnter", &starts),
        ];
        all.extend(chair.label.as_deref().map(|label| ("ParticipantLabel", label)));
        all.extend_from_slice(said);
        self.tell_room(room, event, &all);
    }

    /// Tells what happened in a conference, if somebody wants that event.
    pub(super) fn tell_room(&mut self, sid: &str, event: &str, said: &[(&str, &str)]) {
        let now = self.now;
        let Some(room) = self.exchange().room_mut(sid) else { return };
        let group = match event.strip_prefix("participant-").unwrap_or(event) {
            "unmute" => "mute",
            "unhold" => "hold",
            "conference-start" => "start",
            "conference-end" => "end",
            "announcement-end" => "announcement",
            other => other,
        };
        let Some(watch) = room.watch.clone().flatten().filter(|watch| watch.wants(group)) else {
            return;
        };
        room.sequence += 1;
        let form = Form::default()
            .with("ConferenceSid", &room.sid)
            .with("FriendlyName", &room.name)
            .with("AccountSid", &room.account_sid)
            .with("SequenceNumber", room.sequence.to_string())
            .with("Timestamp", to_rest_date(now))
            .with("StatusCallbackEvent", event);
        let form = said.iter().fold(form, |form, (name, value)| form.with(name, value));
        let account = room.account_sid.clone();
        self.tell(&account, sid, watch.url, form, [""; 2]);
    }

    /// Tells how a recording stands, if somebody wants that event.
    pub(super) fn tell_tape(&mut self, sid: &str, event: &str) {
        let Some(tape) = self.world.exchange.tape(sid).cloned() else {
            return;
        };
        let Some(watch) = tape.watch.clone().filter(|watch| watch.wants(event)) else {
            return;
        };
        let mut form = Form::default()
            .with("AccountSid", &tape.account_sid)
            .with("RecordingSid", &tape.sid)
            .with("RecordingUrl", self.tape_url(&tape))
            .with("RecordingStatus", event)
            .with("RecordingChannels", if tape.dual { "2" } else { "1" })
            .with("RecordingStartTime", to_rest_date(tape.created_at))
            .with("RecordingSource", &tape.source)
            .with("RecordingTrack", &tape.track);
        match tape.state {
            TapeState::Completed | TapeState::Absent => form.push("RecordingDuration", tape.seconds(self.now).to_string()),
            TapeState::InProgress | TapeState::Paused => {}
        }
        for (name, value) in [("CallSid", &tape.call_sid), ("ConferenceSid", &tape.conference_sid)] {
            if let Some(value) = value {
                form.push(name, value);
            }
        }
        self.tell(&tape.account_sid, sid, watch.url, form, [""; 2]);
    }

    fn tell(&mut self, account_sid: &str, lane: &str, url: String, form: Form, numbers: [impl AsRef<str>; 2]) {
        let told = Told {
            account_sid: account_sid.to_owned(),
            lane: lane.to_owned(),
            url,
            form,
        };
        deliveries::tell(self.shared, &mut self.world, told, &numbers);
    }
}

impl Watch {
    /// Whether that event is among those asked for.
    fn wants(&self, event: &str) -> bool {
        self.events.iter().any(|asked| asked == event)
    }
}

impl super::Standing {
    /// The network's word for an end (RFC 3261, 21).
    fn sip(self) -> u16 {
        match self {
            Self::Queued | Self::Ringing | Self::InProgress | Self::Completed => 200,
            Self::Busy => 486,
            Self::NoAnswer | Self::Canceled => 487,
            Self::Failed => 404,
        }
    }
}
