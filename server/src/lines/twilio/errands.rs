//! Asks Twilio for one thing, and says what came of it. Nothing that rings somebody is asked twice: what is in doubt is found out by its
//! label in the conference, else by Twilio's list. What says how something shall *be* is asked again. A supervisor who cannot be muted
//! is taken off at once.

use std::time::Duration;

use casewire_carriers::calls::{
    Audience, CallOutcome, CallQuery, CallRefusal, CallRefusedReason, Callee, ConferenceId, Entry, LegId, Line, Microphone, NewLeg,
    NewRecording, OnExit, RecordingId as TapeId, RecordingOrder, RecordingState, Seat, Switch, VoiceCarrier,
};
use casewire_carriers::carrier::{CarrierError, Direction, Retry};
use casewire_core::calls::{CarrierStatus, Mode};
use casewire_core::id::{RecordingId, UserId};
use casewire_core::settings::calls::Announcement;
use casewire_store::twilio::legs::{Leg, LegParty};
use casewire_store::twilio::recordings::{Tape, TwilioRecording};

use super::addresses::Addresses;
use super::documents;
use super::orders::TwilioOrder;
use crate::lines::LineEvent;
use crate::ops::twilio_calls::carry_out::{Errand, Learned, LeaveOutKnown, Verdict};
use crate::state::App;

/// How long the outside phone rings at most.
const RINGS: Duration = Duration::from_secs(60);
/// How often something is asked that does nothing by itself.
const MOST_ATTEMPTS: u32 = 6;
/// How long it may stay open whether a phone rings.
const PATIENCE: Duration = Duration::from_secs(30);
/// How far Twilio's clock may be off.
const SKEW: Duration = Duration::from_secs(60);

/// One errand, and where it is done.
pub struct Desk<'a> {
    /// The server.
    pub app: &'a App,
    /// Twilio.
    pub carrier: &'a dyn VoiceCarrier,
    /// What is asked.
    pub errand: &'a Errand,
    /// Our addresses.
    pub addresses: Addresses<'a>,
}

impl Desk<'_> {
    /// Asks.
    pub async fn run(&self) -> (Verdict, Learned) {
        match &self.errand.order {
            TwilioOrder::RingOutside if self.errand.is_in_doubt => self.find_outside().await,
            TwilioOrder::RingOutside => self.ring_outside().await,
            TwilioOrder::DropLeg { leg } => {
                let legs = self.errand.legs.iter().filter(|known| known.id == *leg);
                self.take_off(legs.collect(), "leg_not_taken_off").await
            }
            TwilioOrder::Unseat { agent } => {
                let legs = self.errand.alive(LegParty::Agent(*agent)).collect();
                self.take_off(legs, "leg_not_taken_off").await
            }
            TwilioOrder::Dismiss { supervisor } => {
                let legs = self.errand.alive(LegParty::Supervisor(*supervisor)).collect();
                self.take_off(legs, "supervisor_not_taken_off").await
            }
            TwilioOrder::TakeVoicemail { .. } => self.take_voicemail().await,
            TwilioOrder::StartRecording { recording, announcement } => self.start_recording(*recording, *announcement).await,
            TwilioOrder::PauseRecording => self.steer_recording(RecordingOrder::Pause).await,
            TwilioOrder::ResumeRecording => self.steer_recording(RecordingOrder::Resume).await,
            TwilioOrder::SetMicrophone { agent, is_open } => self.set_microphone(*agent, *is_open).await,
            TwilioOrder::SetOutside { is_talking } => self.set_outside(*is_talking).await,
            TwilioOrder::Press { .. } => self.press().await,
            TwilioOrder::Supervise { supervisor, mode } => self.supervise(*supervisor, *mode).await,
            TwilioOrder::HangUp => self.hang_up().await,
        }
    }

    async fn ring_outside(&self) -> (Verdict, Learned) {
        let row = &self.errand.row;
        let (Some(to), Some(from), Some(leg)) = (row.peer.number(), &row.number, self.errand.outside()) else {
            return (not_put_through("no_number"), Learned::default());
        };
        if row.has_ended() {
            return (Verdict::Done, gone([leg]));
        }
        let new = NewLeg {
            label: leg.id.to_string(),
            to: Callee::Number(to.clone()),
            from: from.clone(),
            entry: Entry::Speaker { on_exit: OnExit::EndCall },
            ring_for: RINGS,
            status_callback: self.addresses.leg(),
        };
        match self.carrier.add_leg(documents::plan(&self.addresses, row), new).await {
            CallOutcome::Accepted(seat) => (Verdict::Done, seated(leg, &seat.leg, Some(&seat.conference))),
            CallOutcome::Unknown(_) => (Verdict::Unknown, Learned::default()),
            CallOutcome::Refused(CallRefusal {
                reason: CallRefusedReason::LabelTaken,
                ..
            }) => (Verdict::Unknown, Learned::default()),
            CallOutcome::Refused(CallRefusal {
                retry: Retry::After(_), ..
            })
            | CallOutcome::NotSent
                if self.errand.attempt < MOST_ATTEMPTS =>
            {
                (Verdict::Again, Learned::default())
            }
            CallOutcome::Refused(_) | CallOutcome::NotSent => (not_put_through("outside_refused"), gone([leg])),
        }
    }

    /// Finds out whether the phone was rung: by its label, else as the only leg between the two numbers that nobody else is.
    async fn find_outside(&self) -> (Verdict, Learned) {
        let Some(leg) = self.errand.outside() else {
            return (Verdict::Done, Learned::default());
        };
        if leg.sid.is_some() {
            return (Verdict::Done, Learned::default());
        }
        match self.looked_up(leg).await {
            Ok(Some(learned)) => (Verdict::Done, learned),
            Ok(None) | Err(_) if self.app.clock.now().since(leg.created_at) < PATIENCE => (Verdict::Unknown, Learned::default()),
            Ok(None) | Err(_) => (not_put_through("outcome_unknown"), Learned::default()),
        }
    }

    async fn looked_up(&self, leg: &Leg) -> Result<Option<Learned>, CarrierError> {
        let row = &self.errand.row;
        if let Some(conference) = self.carrier.conference(&row.id.to_string()).await? {
            let label = leg.id.to_string();
            let seats = self.carrier.seated(&conference.conference).await?;
            if let Some(seat) = seats.iter().find(|seat| seat.label.as_deref() == Some(label.as_str())) {
                return Ok(Some(seated(leg, &seat.leg, Some(&conference.conference))));
            }
        }
        let (Some(to), Some(from)) = (row.peer.number(), &row.number) else {
            return Ok(None);
        };
        let query = CallQuery {
            to: Some(to.clone()),
            from: Some(from.clone()),
            direction: Some(Direction::Outbound),
            ..CallQuery::default()
        };
        let since = leg.created_at.minus(SKEW);
        let page = self.carrier.calls(query).await?;
        let sids = page
            .items
            .iter()
            .filter(|call| call.created_at >= since)
            .map(|call| call.leg.to_string());
        let act = LeaveOutKnown {
            tenant: row.tenant,
            sids: sids.collect(),
        };
        let free = self.app.store.read(act).await.unwrap_or_default();
        Ok(match free.as_slice() {
            [only] => Some(seated(leg, &LegId::from(only.as_str()), None)),
            [] | [_, _, ..] => None,
        })
    }

    async fn take_off(&self, legs: Vec<&Leg>, code: &'static str) -> (Verdict, Learned) {
        let mut learned = Learned::default();
        let mut is_open = false;
        for leg in legs {
            let Some(sid) = &leg.sid else { continue };
            match self.carrier.hang_up(&LegId::from(sid.as_str())).await {
                CallOutcome::Accepted(()) => learned.gone.push(leg.id),
                CallOutcome::Refused(refusal) if is_gone(refusal) => learned.gone.push(leg.id),
                CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => is_open = true,
            }
        }
        (self.again_or(is_open, code, None), learned)
    }

    async fn take_voicemail(&self) -> (Verdict, Learned) {
        let Some((leg, sid)) = self.errand.outside().and_then(|leg| Some((leg, leg.sid.as_ref()?))) else {
            return (Verdict::Done, Learned::default());
        };
        let sid = LegId::from(sid.as_str());
        match self.carrier.send_on(&sid, &self.addresses.next(leg.id)).await {
            CallOutcome::Accepted(()) => (Verdict::Done, Learned::default()),
            CallOutcome::Refused(refusal) if is_gone(refusal) => {
                // The caller gave up meanwhile.
                let status = self.carrier.leg(&sid).await.ok().and_then(|leg| leg.status);
                let ended = LineEvent::OutsideEnded(status.unwrap_or(CarrierStatus::NoAnswer));
                let verdict = Verdict::Failed {
                    code: "caller_gone",
                    event: Some(ended),
                };
                (verdict, gone([leg]))
            }
            CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => (
                self.again_or(true, "machine_not_reached", Some(LineEvent::LineLost)),
                Learned::default(),
            ),
        }
    }

    /// Nothing is recorded that was not announced.
    async fn start_recording(&self, recording: RecordingId, announcement: Option<Announcement>) -> (Verdict, Learned) {
        let failed = || self.again_or(true, "not_recorded", Some(LineEvent::RecordingFailed { recording }));
        let Some((sid, seat)) = self.errand.outside().and_then(|leg| Some((leg.sid.as_ref()?, self.seat_of(leg)?))) else {
            return (failed(), Learned::default());
        };
        let leg = LegId::from(sid.as_str());
        if self.errand.is_in_doubt
            && let Ok(there) = self.carrier.recordings(&leg).await
            && let Some(known) = there.iter().find(|tape| tape.state == RecordingState::InProgress)
        {
            return (Verdict::Done, running(recording, &known.recording));
        }
        if let Some(announcement) = announcement {
            let address = self.addresses.announcement(announcement);
            match self.carrier.announce(&seat.conference, Audience::Everyone, &address).await {
                CallOutcome::Accepted(()) => {}
                CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => return (failed(), Learned::default()),
            }
        }
        let new = NewRecording {
            label: recording.to_string(),
            status_callback: self.addresses.recording(),
        };
        match self.carrier.record(&leg, new).await {
            CallOutcome::Accepted(tape) => (Verdict::Done, running(recording, &tape)),
            CallOutcome::Unknown(_) if self.errand.attempt < MOST_ATTEMPTS => (Verdict::Unknown, Learned::default()),
            CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => (failed(), Learned::default()),
        }
    }

    async fn steer_recording(&self, order: RecordingOrder) -> (Verdict, Learned) {
        let tape = self.errand.recordings.iter().rfind(|known| known.tape == Tape::Running);
        let sids = tape
            .and_then(|tape| tape.sid.as_ref())
            .zip(self.errand.outside().and_then(|leg| leg.sid.as_ref()));
        let Some((tape, leg)) = sids else {
            return (Verdict::Done, Learned::default());
        };
        let outcome = self
            .carrier
            .steer_recording(&LegId::from(leg.as_str()), &TapeId::from(tape.as_str()), order)
            .await;
        (self.settled(&outcome, "recording_not_steered"), Learned::default())
    }

    async fn set_microphone(&self, agent: UserId, is_open: bool) -> (Verdict, Learned) {
        let seat = self.errand.seat(LegParty::Agent(agent)).and_then(|leg| self.seat_of(leg));
        let Some(seat) = seat else {
            return (Verdict::Done, Learned::default());
        };
        let microphone = if is_open { Microphone::Open } else { Microphone::Muted };
        let outcome = self.carrier.set_microphone(&seat, microphone).await;
        (self.settled(&outcome, "microphone_not_set"), Learned::default())
    }

    async fn set_outside(&self, is_talking: bool) -> (Verdict, Learned) {
        let seat = self.errand.outside().and_then(|leg| self.seat_of(leg));
        let Some(seat) = seat else {
            return (Verdict::Done, Learned::default());
        };
        let line = if is_talking { Line::Open } else { Line::Held { music: None } };
        let outcome = self.carrier.set_line(&seat, line).await;
        (self.settled(&outcome, "hold_not_set"), Learned::default())
    }

    /// Keys are pressed once: pressed twice they are others.
    async fn press(&self) -> (Verdict, Learned) {
        let seat = self.errand.outside().and_then(|leg| self.seat_of(leg));
        let Some(seat) = seat.filter(|_| !self.errand.is_in_doubt) else {
            return (failed("keys_not_pressed", None), Learned::default());
        };
        let address = self.addresses.keys(self.errand.id);
        let outcome = self.carrier.announce(&seat.conference, Audience::Leg(seat.leg), &address).await;
        let verdict = match outcome {
            CallOutcome::Accepted(()) => Verdict::Kept,
            CallOutcome::NotSent if self.errand.attempt < MOST_ATTEMPTS => Verdict::Again,
            CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => failed("keys_not_pressed", None),
        };
        (verdict, Learned::default())
    }

    async fn supervise(&self, user: UserId, mode: Mode) -> (Verdict, Learned) {
        let seated = self
            .errand
            .seat(LegParty::Supervisor(user))
            .and_then(|leg| Some((leg, self.seat_of(leg)?)));
        // Who is not in yet comes in muted, and is set then.
        let Some((leg, seat)) = seated else {
            return (Verdict::Done, Learned::default());
        };
        let from = leg.mode.unwrap_or(Mode::Listen);
        let agent = self
            .errand
            .row
            .call
            .agent()
            .and_then(|agent| self.errand.seat(LegParty::Agent(agent)));
        let outcome = match agent.and_then(|leg| leg.sid.as_deref()) {
            Some(agent) => {
                let agent = LegId::from(agent);
                self.carrier.set_supervision(&seat, Switch { from, to: mode, agent }).await
            }
            // There is nobody to be heard by.
            None => self.carrier.set_microphone(&seat, Microphone::Muted).await,
        };
        let lost = Some(LineEvent::SupervisorLost { user });
        let is_muting = mode == Mode::Listen || from == Mode::Barge || agent.is_none();
        match outcome {
            CallOutcome::Accepted(()) => {
                let learned = Learned {
                    mode: Some((leg.id, if agent.is_some() { mode } else { Mode::Listen })),
                    ..Learned::default()
                };
                (Verdict::Done, learned)
            }
            CallOutcome::Refused(refusal) if is_gone(refusal) => (failed("supervisor_gone", lost), gone([leg])),
            CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_)
                if !is_muting && self.errand.attempt < MOST_ATTEMPTS / 2 =>
            {
                (Verdict::Again, Learned::default())
            }
            CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => {
                tracing::error!(call = %self.errand.row.id, supervisor = %user, "a supervisor could not be set and is taken off");
                (failed("supervision_not_set", lost), Learned::default())
            }
        }
    }

    async fn hang_up(&self) -> (Verdict, Learned) {
        let (verdict, mut learned) = self.take_off(self.errand.legs.iter().collect(), "call_not_ended").await;
        let known = self.errand.conference_sid.as_deref().map(ConferenceId::from);
        let conference = match known {
            Some(conference) => Some(conference),
            None => match self.carrier.conference(&self.errand.row.id.to_string()).await {
                Ok(found) => found.map(|found| found.conference),
                Err(_) => return (self.again_or(true, "call_not_ended", None), learned),
            },
        };
        let Some(conference) = conference else { return (verdict, learned) };
        // A leg of which nothing was heard, such as one that nobody knows whether it rings.
        let mut is_open = matches!(verdict, Verdict::Again | Verdict::Failed { .. });
        for seat in self.carrier.seated(&conference).await.unwrap_or_default() {
            let outcome = self.carrier.hang_up(&seat.leg).await;
            is_open |= !matches!(self.settled(&outcome, "call_not_ended"), Verdict::Done);
        }
        let ended = self.carrier.end(&conference).await;
        is_open |= !matches!(self.settled(&ended, "call_not_ended"), Verdict::Done);
        learned.conference_sid = Some(conference.to_string());
        (self.again_or(is_open, "call_not_ended", None), learned)
    }

    fn seat_of(&self, leg: &Leg) -> Option<Seat> {
        Some(Seat {
            conference: ConferenceId::from(self.errand.conference_sid.as_deref()?),
            leg: LegId::from(leg.sid.as_deref()?),
        })
    }

    /// What an outcome means for something that may be asked any number of times; what is gone needs nothing any more.
    fn settled<T>(&self, outcome: &CallOutcome<T>, code: &'static str) -> Verdict {
        match outcome {
            CallOutcome::Accepted(_) => Verdict::Done,
            CallOutcome::Refused(refusal) if is_gone(*refusal) => Verdict::Done,
            CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => self.again_or(true, code, None),
        }
    }

    fn again_or(&self, is_open: bool, code: &'static str, event: Option<LineEvent>) -> Verdict {
        if !is_open {
            Verdict::Done
        } else if self.errand.attempt < MOST_ATTEMPTS {
            Verdict::Again
        } else {
            failed(code, event)
        }
    }
}

fn failed(code: &'static str, event: Option<LineEvent>) -> Verdict {
    Verdict::Failed { code, event }
}

fn not_put_through(code: &'static str) -> Verdict {
    failed(code, Some(LineEvent::OutsideEnded(CarrierStatus::Failed)))
}

fn is_gone(refusal: CallRefusal) -> bool {
    matches!(refusal.reason, CallRefusedReason::Gone | CallRefusedReason::WrongState)
}

fn gone<'a>(legs: impl IntoIterator<Item = &'a Leg>) -> Learned {
    Learned {
        gone: legs.into_iter().map(|leg| leg.id).collect(),
        ..Learned::default()
    }
}

fn seated(leg: &Leg, sid: &LegId, conference: Option<&ConferenceId>) -> Learned {
    Learned {
        leg: Some((leg.id, sid.to_string())),
        conference_sid: conference.map(ToString::to_string),
        ..Learned::default()
    }
}

fn running(id: RecordingId, tape: &TapeId) -> Learned {
    Learned {
        recording: Some(TwilioRecording {
            id,
            sid: Some(tape.to_string()),
            tape: Tape::Running,
        }),
        ..Learned::default()
    }
}
