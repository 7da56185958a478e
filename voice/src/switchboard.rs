//! Every call of the engine, without a socket, a clock or a file: commands, packets and ticks go in with the time, packets, events and
//! recorded frames come out of [`Outbox`]. `engine/thread.rs` runs it on real sockets, the tests on a clock of their own.

mod legs;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Instant;

use str0m::Input;
use str0m::net::{Protocol, Transmit};

use crate::bridge::{Bridge, BridgeError, StereoFrame, Tape};
use crate::clip::{Clip, Repeat};
use crate::event::{Event, LeftWhy, Level, Meter};
use crate::hears::{Hold, Microphone, Role, Supervision};
use crate::id::{BridgeId, LegId, PlaybackId, RecordingId};
use crate::keypad::Digit;
use crate::session::{Kind, Reach, Session, received};
use legs::Leg;

/// How many legs one call may have.
const MOST_LEGS_OF_A_CALL: usize = 8;
/// Ticks between two level meters (100 ms) and between two reports on quality (5 s).
const METER_EVERY: u64 = 5;
const QUALITY_EVERY: u64 = 250;

/// Why a command is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// No such call.
    #[error("no such call")]
    NoSuchBridge,
    /// No such leg.
    #[error("no such leg")]
    NoSuchLeg,
    /// No such recording, or it has stopped.
    #[error("no such recording")]
    NoSuchRecording,
    /// The call has as many legs as it may have, or the engine has.
    #[error("no room for another leg")]
    Full,
    /// The call is being recorded already.
    #[error("the call is being recorded already")]
    RecordedAlready,
    /// What the bridge refuses.
    #[error(transparent)]
    Bridge(#[from] BridgeError),
}

/// What is to be done with a recording.
#[derive(Debug, PartialEq, Eq)]
pub enum Taped {
    /// These 20 ms go to the file; the number is that of the frame in the file.
    Frame(u64, Box<StereoFrame>),
    /// The file is complete.
    Stopped,
}

/// What came out; whoever runs the switchboard empties it.
#[derive(Debug, Default)]
pub struct Outbox {
    /// Packets to be sent.
    pub packets: Vec<Transmit>,
    /// What happened.
    pub events: Vec<Event>,
    /// Level meters; these may be thrown away.
    pub meters: Vec<Meter>,
    /// What goes to files.
    pub taped: Vec<(RecordingId, Taped)>,
}

#[derive(Debug, Default)]
struct Call {
    bridge: Bridge,
    recording: Option<Recording>,
}

#[derive(Debug)]
struct Recording {
    id: RecordingId,
    frames: u64,
}

/// Every call.
#[derive(Debug)]
pub struct Switchboard {
    reach: Reach,
    most_legs: usize,
    calls: HashMap<BridgeId, Call>,
    legs: HashMap<LegId, Leg>,
    /// Which leg an address belongs to; checked against the session on every packet.
    routes: HashMap<SocketAddr, LegId>,
    ticks: u64,
    /// What came out.
    pub outbox: Outbox,
}

impl Switchboard {
    /// A switchboard that can be reached there, for that many legs.
    #[must_use]
    pub fn new(reach: Reach, most_legs: usize) -> Self {
        Self {
            reach,
            most_legs,
            calls: HashMap::new(),
            legs: HashMap::new(),
            routes: HashMap::new(),
            ticks: 0,
            outbox: Outbox::default(),
        }
    }

    /// How many calls and legs there are.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.calls.len(), self.legs.len())
    }

    /// Begins a call.
    pub fn start(&mut self, bridge: BridgeId) {
        self.calls.insert(bridge, Call::default());
    }

    /// Lets a leg in.
    ///
    /// # Errors
    /// [`VoiceError`].
    pub fn add_leg(&mut self, bridge: BridgeId, id: LegId, role: Role, session: Session, now: Instant) -> Result<(), VoiceError> {
        if self.legs.len() >= self.most_legs {
            return Err(VoiceError::Full);
        }
        let call = self.calls.get_mut(&bridge).ok_or(VoiceError::NoSuchBridge)?;
        if call.bridge.legs().count() >= MOST_LEGS_OF_A_CALL {
            return Err(VoiceError::Full);
        }
        call.bridge.add(id, role)?;
        self.legs.insert(id, Leg::new(bridge, session, now));
        Ok(())
    }

    /// Sets what a supervisor does, from the next tick on.
    ///
    /// # Errors
    /// [`VoiceError`].
    pub fn set_supervision(&mut self, leg: LegId, supervision: Supervision) -> Result<(), VoiceError> {
        Ok(self.bridge_of(leg)?.set_supervision(leg, supervision)?)
    }

    /// Sets a microphone.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchLeg`].
    pub fn set_microphone(&mut self, leg: LegId, microphone: Microphone) -> Result<(), VoiceError> {
        Ok(self.bridge_of(leg)?.set_microphone(leg, microphone)?)
    }

    /// Puts a leg on hold, or takes it back.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchLeg`].
    pub fn set_hold(&mut self, leg: LegId, hold: Hold) -> Result<(), VoiceError> {
        Ok(self.bridge_of(leg)?.set_hold(leg, hold)?)
    }

    /// Plays a clip to one leg.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchLeg`].
    pub fn play(&mut self, leg: LegId, id: PlaybackId, clip: Clip, repeat: Repeat) -> Result<(), VoiceError> {
        Ok(self.bridge_of(leg)?.play_to(leg, id, clip, repeat)?)
    }

    /// Plays a clip to everybody on a call, and to its recording.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchBridge`].
    pub fn announce(&mut self, bridge: BridgeId, id: PlaybackId, clip: Clip, repeat: Repeat) -> Result<(), VoiceError> {
        self.call(bridge)?.bridge.announce(id, clip, repeat);
        Ok(())
    }

    /// Stops what is played.
    pub fn stop_playing(&mut self, id: PlaybackId) {
        for call in self.calls.values_mut() {
            call.bridge.stop(id);
        }
    }

    /// Sends a key to a leg.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchLeg`].
    pub fn press(&mut self, leg: LegId, digit: Digit) -> Result<(), VoiceError> {
        self.legs.get_mut(&leg).ok_or(VoiceError::NoSuchLeg)?.session.press(digit);
        Ok(())
    }

    /// Starts a recording.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchBridge`], [`VoiceError::RecordedAlready`].
    pub fn record(&mut self, bridge: BridgeId, id: RecordingId) -> Result<(), VoiceError> {
        let call = self.call(bridge)?;
        if call.recording.is_some() {
            return Err(VoiceError::RecordedAlready);
        }
        call.recording = Some(Recording { id, frames: 0 });
        call.bridge.set_tape(Tape::Running);
        Ok(())
    }

    /// Pauses a recording, lets it go on, or ends it.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchRecording`].
    pub fn set_tape(&mut self, id: RecordingId, tape: Tape) -> Result<(), VoiceError> {
        let call = self
            .calls
            .values_mut()
            .find(|call| call.recording.as_ref().is_some_and(|recording| recording.id == id))
            .ok_or(VoiceError::NoSuchRecording)?;
        call.bridge.set_tape(tape);
        if tape == Tape::Off {
            call.recording = None;
            self.outbox.taped.push((id, Taped::Stopped));
        }
        Ok(())
    }

    /// Takes a leg off.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchLeg`].
    pub fn remove_leg(&mut self, leg: LegId, now: Instant) -> Result<(), VoiceError> {
        if !self.legs.contains_key(&leg) {
            return Err(VoiceError::NoSuchLeg);
        }
        self.drop_leg(leg, LeftWhy::Removed, now);
        Ok(())
    }

    /// Ends a call: everybody off, its recording complete.
    ///
    /// # Errors
    /// [`VoiceError::NoSuchBridge`].
    pub fn hang_up(&mut self, bridge: BridgeId, now: Instant) -> Result<(), VoiceError> {
        let call = self.calls.remove(&bridge).ok_or(VoiceError::NoSuchBridge)?;
        for leg in call.bridge.legs() {
            self.drop_leg(leg, LeftWhy::Removed, now);
        }
        if let Some(recording) = call.recording {
            self.outbox.taped.push((recording.id, Taped::Stopped));
        }
        Ok(())
    }

    /// Twenty milliseconds of every call.
    pub fn tick(&mut self, now: Instant) {
        self.ticks += 1;
        let mut gone = Vec::new();
        for (id, call) in &mut self.calls {
            let ticked = call.bridge.tick();
            for (leg, frame) in &ticked.heard {
                if let Some(there) = self.legs.get_mut(leg)
                    && let Some(why) = there.hear(now, frame, &mut self.outbox.packets)
                {
                    gone.push((*leg, why));
                }
            }
            if let (Some(frame), Some(recording)) = (ticked.recorded, call.recording.as_mut()) {
                let taped = Taped::Frame(recording.frames, Box::new(frame));
                recording.frames += 1;
                self.outbox.taped.push((recording.id, taped));
            }
            self.outbox.events.extend(ticked.finished.into_iter().map(Event::Played));
            if self.ticks.is_multiple_of(METER_EVERY) {
                let levels = call.bridge.levels().into_iter().map(|(leg, decibels)| Level { leg, decibels });
                self.outbox.meters.push(Meter {
                    bridge: *id,
                    levels: levels.collect(),
                });
            }
        }
        for (leg, why) in gone {
            self.drop_leg(leg, why, now);
        }
        self.settle(now);
        if self.ticks.is_multiple_of(QUALITY_EVERY) {
            self.report();
        }
    }

    /// Does what was due by now, and drops legs that nothing has been heard of.
    pub fn wake(&mut self, now: Instant) {
        let mut gone = Vec::new();
        for (id, leg) in &mut self.legs {
            if let Some(why) = leg.wake(now, &mut self.outbox.packets) {
                gone.push((*id, why));
            }
        }
        for (leg, why) in gone {
            self.drop_leg(leg, why, now);
        }
        self.settle(now);
    }

    /// Takes a packet in.
    pub fn receive(&mut self, protocol: Protocol, source: SocketAddr, packet: &[u8], now: Instant) {
        let destination = self.destination(protocol, source);
        let Some(receive) = destination.and_then(|destination| received(protocol, source, destination, packet)) else {
            return;
        };
        let input = Input::Receive(now, receive);
        let Some(leg) = self.addressee(source, packet, &input) else {
            return;
        };
        let Some(there) = self.legs.get_mut(&leg) else {
            return;
        };
        let taken = match Kind::of(packet) {
            Kind::Media => there.take_media(input, now, &mut self.outbox.packets),
            Kind::Stun => {
                self.routes.insert(source, leg);
                there.take(input, now, &mut self.outbox.packets)
            }
            Kind::Other => there.take(input, now, &mut self.outbox.packets),
        };
        if let Some(why) = taken {
            self.drop_leg(leg, why, now);
        }
        self.settle_leg(leg, now);
    }

    /// Whom a packet is for: the leg that its sender belonged to, if that still accepts it, or whichever a STUN packet names. A
    /// stranger begins with STUN, so that nothing else of theirs is shown to every leg.
    fn addressee(&self, source: SocketAddr, packet: &[u8], input: &Input<'_>) -> Option<LegId> {
        let known = self.routes.get(&source).copied();
        let accepts = |leg: &LegId| self.legs.get(leg).is_some_and(|leg| leg.session.accepts(input));
        match Kind::of(packet) {
            // Whose it really is, its keys tell.
            Kind::Media => known,
            Kind::Other => known.filter(accepts),
            Kind::Stun => known.filter(accepts).or_else(|| self.legs.keys().copied().find(accepts)),
        }
    }

    /// The candidate that a packet came to, as far as str0m is concerned: it drops what came to no candidate of its, and a
    /// socket on 0.0.0.0 or behind a NAT cannot tell. Any of the sender's family will do, for the answer goes out by one socket.
    fn destination(&self, protocol: Protocol, source: SocketAddr) -> Option<SocketAddr> {
        let ours = match protocol {
            Protocol::Udp => &self.reach.udp,
            Protocol::Tcp | Protocol::SslTcp | Protocol::Tls => &self.reach.tcp,
        };
        ours.iter().find(|address| address.is_ipv4() == source.is_ipv4()).copied()
    }

    fn settle(&mut self, now: Instant) {
        let legs: Vec<LegId> = self.legs.iter().filter(|(_, leg)| leg.has_news()).map(|(id, _)| *id).collect();
        for leg in legs {
            self.settle_leg(leg, now);
        }
    }

    /// Does what a leg's packets said: audio to the bridge, the rest to whoever listens to events.
    fn settle_leg(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let bridge = self.calls.get_mut(&leg.bridge).map(|call| &mut call.bridge);
        if leg.settle(id, bridge, &mut self.outbox.events) {
            self.drop_leg(id, LeftWhy::Closed, now);
        }
    }

    fn drop_leg(&mut self, id: LegId, why: LeftWhy, now: Instant) {
        let Some(mut leg) = self.legs.remove(&id) else {
            return;
        };
        leg.session.close(now, &mut self.outbox.packets);
        self.routes.retain(|_, there| *there != id);
        if let Some(call) = self.calls.get_mut(&leg.bridge) {
            call.bridge.remove(id);
        }
        self.outbox.events.push(Event::LegLeft { leg: id, why });
    }

    fn report(&mut self) {
        for (id, leg) in &mut self.legs {
            let counters = self.calls.get(&leg.bridge).and_then(|call| call.bridge.counters(*id));
            if let Some((counters, buffered_ms)) = counters {
                self.outbox.events.push(Event::Quality {
                    leg: *id,
                    quality: leg.quality(counters, buffered_ms),
                });
            }
        }
    }

    fn call(&mut self, bridge: BridgeId) -> Result<&mut Call, VoiceError> {
        self.calls.get_mut(&bridge).ok_or(VoiceError::NoSuchBridge)
    }

    fn bridge_of(&mut self, leg: LegId) -> Result<&mut Bridge, VoiceError> {
        let bridge = self.legs.get(&leg).ok_or(VoiceError::NoSuchLeg)?.bridge;
        self.call(bridge).map(|call| &mut call.bridge)
    }
}

#[cfg(test)]
#[path = "switchboard/tests.rs"]
mod tests;
