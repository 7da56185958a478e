//! Twilio as a [`VoiceCarrier`]: legs are participants of a conference, made by its name and led by three fields (`Muted`,
//! `Coaching`, `CallSidToCoach`) that always go together. Orders are in `orders`, questions in `ask`, Twilio's shapes in `wire`.
//! Source: twilio.com/docs/voice/api/conference-participant-resource.

mod ask;
mod orders;
mod wire;

use casewire_core::calls::Mode;
use futures_util::future::BoxFuture;

use super::Twilio;
use crate::calls::{
    Audience, CallOutcome, CallQuery, CarrierConference, CarrierLeg, CarrierRecording, ConferenceId, ConferencePlan, LegId, Line,
    Microphone, NewCall, NewLeg, NewRecording, RecordingAudio, RecordingId, RecordingOrder, Seat, SeatedLeg, Started, Switch, VoiceCarrier,
};
use crate::carrier::{CarrierError, Page};

impl VoiceCarrier for Twilio {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn start(&self, call: NewCall) -> BoxFuture<'_, Started> {
        Box::pin(async move {
            let agent = orders::add_leg(&self.client, &call.conference, &call.agent).await;
            let outside = match &agent {
                CallOutcome::Accepted(_) => Some(orders::add_leg(&self.client, &call.conference, &call.outside).await),
                CallOutcome::Refused(_) | CallOutcome::NotSent | CallOutcome::Unknown(_) => None,
            };
            Started { agent, outside }
        })
    }

    fn add_leg(&self, conference: ConferencePlan, leg: NewLeg) -> BoxFuture<'_, CallOutcome<Seat>> {
        Box::pin(async move { orders::add_leg(&self.client, &conference, &leg).await })
    }

    fn transfer<'a>(&'a self, from: &'a Seat, conference: ConferencePlan, to: NewLeg) -> BoxFuture<'a, CallOutcome<Seat>> {
        Box::pin(async move {
            let stays = orders::seat(&self.client, from, &[("EndConferenceOnExit", "false".to_owned())]).await;
            match stays.or_stop() {
                Ok(()) => orders::add_leg(&self.client, &conference, &to).await,
                Err(why) => why,
            }
        })
    }

    fn set_supervision<'a>(&'a self, supervisor: &'a Seat, switch: Switch) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(async move {
            if switch.from == Mode::Barge && switch.to == Mode::Whisper {
                let muted = orders::seat(&self.client, supervisor, &orders::supervision(Mode::Listen, &switch.agent)).await;
                if let Err(why) = muted.or_stop() {
                    return why;
                }
            }
            orders::seat(&self.client, supervisor, &orders::supervision(switch.to, &switch.agent)).await
        })
    }

    fn set_microphone<'a>(&'a self, leg: &'a Seat, microphone: Microphone) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(async move { orders::seat(&self.client, leg, &orders::microphone(microphone)).await })
    }

    fn set_line<'a>(&'a self, leg: &'a Seat, line: Line) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(async move { orders::seat(&self.client, leg, &orders::line(line)).await })
    }

    fn send_on<'a>(&'a self, leg: &'a LegId, address: &'a str) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(orders::send_on(&self.client, leg, address))
    }

    fn announce<'a>(&'a self, conference: &'a ConferenceId, audience: Audience, address: &'a str) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(orders::announce(&self.client, conference, audience, address))
    }

    fn record<'a>(&'a self, leg: &'a LegId, recording: NewRecording) -> BoxFuture<'a, CallOutcome<RecordingId>> {
        Box::pin(orders::record(&self.client, leg, recording))
    }

    fn steer_recording<'a>(&'a self, leg: &'a LegId, recording: &'a RecordingId, order: RecordingOrder) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(orders::steer_recording(&self.client, leg, recording, order))
    }

    fn hang_up<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(orders::hang_up(&self.client, leg))
    }

    fn end<'a>(&'a self, conference: &'a ConferenceId) -> BoxFuture<'a, CallOutcome<()>> {
        Box::pin(orders::end(&self.client, conference))
    }

    fn leg<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, Result<CarrierLeg, CarrierError>> {
        Box::pin(ask::leg(&self.client, leg))
    }

    fn calls(&self, query: CallQuery) -> BoxFuture<'_, Result<Page<CarrierLeg>, CarrierError>> {
        Box::pin(async move { ask::calls(&self.client, &query).await })
    }

    fn conference<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<CarrierConference>, CarrierError>> {
        Box::pin(ask::conference(&self.client, name))
    }

    fn seated<'a>(&'a self, conference: &'a ConferenceId) -> BoxFuture<'a, Result<Vec<SeatedLeg>, CarrierError>> {
        Box::pin(ask::seated(&self.client, conference))
    }

    fn recordings<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, Result<Vec<CarrierRecording>, CarrierError>> {
        Box::pin(ask::recordings(&self.client, leg))
    }

    fn fetch_recording<'a>(&'a self, recording: &'a RecordingId) -> BoxFuture<'a, Result<RecordingAudio, CarrierError>> {
        Box::pin(ask::audio(&self.client, recording))
    }

    fn delete_recording<'a>(&'a self, recording: &'a RecordingId) -> BoxFuture<'a, Result<(), CarrierError>> {
        Box::pin(orders::delete_recording(&self.client, recording))
    }
}
