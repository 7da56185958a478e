//! The local line's end of the trunk: it lets phones ring and tells them what becomes of their call; what the far end says of one is
//! taken in here, after `webhooks/trunk.rs` has believed it.

use std::time::Duration;

use casewire_carriers::trunk::{Accepted, TrunkEvent, TrunkFailure, TrunkOrder, parties};
use casewire_core::calls::CarrierStatus;
use casewire_core::id::CallId;
use casewire_core::phone::{Address, E164};
use casewire_store::numbers::{self, OrganizationNumber};
use casewire_store::{Act, StoreError, Tx, mint};

use super::room::{Room, Stage};
use super::{LocalLine, NAME, desk, seats};
use crate::lines::{LineEvent, LineFailure, switch};
use crate::ops::receive_call::ReceiveCall;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// How often the far end is told of something that it did not take, and how long to wait between.
const TRIES: u32 = 4;
const BETWEEN: Duration = Duration::from_secs(1);

/// Lets the outside party's phone ring.
pub(super) async fn ring(line: &LocalLine, room: &Room, to: &E164, from: &E164) -> Result<(), LineFailure> {
    let failed = |code| LineFailure::Call { code };
    let (Some(trunk), Some(app)) = (&line.trunk, line.server.get()) else {
        return Err(failed("no_trunk"));
    };
    room.seats.lock().await.outside.is_at_the_far_end = true;
    let order = TrunkOrder::ring(room.call, to, from);
    trunk.post(&order, app.clock.now()).await.map_err(|failure| {
        tracing::error!(call = %room.call, %failure, "a phone cannot be rung");
        failed("trunk")
    })
}

/// Somebody, or the machine, took the phone's call.
pub(super) fn connected(line: &LocalLine, room: &Room) {
    tell(line, room, TrunkOrder::Connected { call: room.call });
}

/// Tells the far end, more than once if need be; nobody waits for it.
pub(super) fn tell(line: &LocalLine, room: &Room, order: TrunkOrder) {
    let (Some(trunk), Some(app)) = (line.trunk.clone(), line.server.get()) else {
        return;
    };
    let call = room.call;
    tokio::spawn(async move {
        for _ in 0..TRIES {
            match trunk.post(&order, app.clock.now()).await {
                Ok(()) => return,
                Err(TrunkFailure::Refused(status)) if status < 500 => break,
                Err(_) => tokio::time::sleep(BETWEEN).await,
            }
        }
        tracing::warn!(%call, "the far end of the trunk was not told what became of a call");
    });
}

impl LocalLine {
    /// Takes in what the far end of the trunk says; an answer where audio begins.
    ///
    /// # Errors
    /// `not_found` for a number that is nobody's or a call that is over, `offer_refused`.
    pub async fn hear_trunk(&self, app: &App, event: TrunkEvent) -> Result<Option<Accepted>, Problem> {
        let (call, status) = match event {
            TrunkEvent::Incoming { from, to, sdp } => {
                let (from, to) = parties(&from, &to).ok_or_else(Problem::not_found)?;
                return self.incoming(app, from, to, &sdp).await.map(Some);
            }
            TrunkEvent::Answered { call, sdp } => return self.answered(call, &sdp).await.map(Some),
            TrunkEvent::Ringing { call } => {
                let room = self.room(call).ok_or_else(Problem::not_found)?;
                self.rings(&room).await;
                return Ok(None);
            }
            TrunkEvent::Declined { call } => (call, CarrierStatus::Busy),
            TrunkEvent::Busy { call } => (call, CarrierStatus::Busy),
            TrunkEvent::NoAnswer { call } => (call, CarrierStatus::NoAnswer),
            TrunkEvent::HungUp { call } => (call, CarrierStatus::Completed { talked: None }),
        };
        let room = self.room(call).ok_or_else(Problem::not_found)?;
        room.seats.lock().await.outside.is_at_the_far_end = false;
        room.hear(LineEvent::OutsideEnded(status));
        Ok(None)
    }

    async fn rings(&self, room: &Room) {
        let mut seats = room.seats.lock().await;
        let waiting = seats.agents.values().next().copied();
        if let (Stage::Ringing, Some(leg)) = (seats.stage, waiting)
            && desk::ring_back(self, &mut seats, leg).await.is_err()
        {
            tracing::debug!(call = %room.call, "nobody hears the ringing tone");
        }
        room.hear(LineEvent::OutsideRinging);
    }

    /// Somebody took the call at the phone, or offers its audio anew.
    async fn answered(&self, call: CallId, sdp: &str) -> Result<Accepted, Problem> {
        let room = self.room(call).ok_or_else(|| Problem::of(ProblemCode::CallEnded))?;
        let sdp = seats::outside(self, &room, sdp).await?;
        room.hear(LineEvent::OutsideAnswered);
        Ok(Accepted { call, sdp })
    }

    /// Somebody calls the firm: the caller is let in at once and hears what becomes of the call.
    async fn incoming(&self, app: &App, from: Address, to: E164, sdp: &str) -> Result<Accepted, Problem> {
        let number = app.store.read(FindOwner(to)).await?.ok_or_else(Problem::not_found)?;
        let (call, organization) = (mint(), number.organization);
        let room = self.room_or_new(call, organization).await?;
        let answer = match seats::outside(self, &room, sdp).await {
            Ok(answer) => answer,
            Err(problem) => {
                self.close(call).await;
                return Err(problem);
            }
        };
        let act = ReceiveCall {
            tenant: number.tenant(),
            number_id: number.id,
            number: number.e164,
            id: call,
            from,
            line: NAME,
            provider_id: None,
            now: app.clock.now(),
        };
        match switch::receive(app, act).await {
            Ok(stepped) if stepped.row.has_ended() => Err(Problem::not_found()),
            Ok(_) => Ok(Accepted { call, sdp: answer }),
            Err(problem) => {
                self.close(call).await;
                Err(problem)
            }
        }
    }
}

struct FindOwner(E164);

impl Act for FindOwner {
    type Out = Option<OrganizationNumber>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        numbers::owner(tx, &self.0).await
    }
}
