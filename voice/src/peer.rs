//! The other end of a leg without a browser: it offers, connects, says what it is given and keeps what it hears. For tests, the
//! benchmark and handsets that play a part by themselves. No I/O and no clock, like the switchboard.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, TcpType};
use str0m::{Candidate, Input, Rtc};

use crate::crypto;
use crate::g711;
use crate::jitter::Frame;
use crate::keypad::Digit;
use crate::session::{Happening, Session, plain, received};

/// How a peer sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By UDP.
    Udp,
    /// By TCP, which the peer opens.
    Tcp,
}

impl Way {
    const fn protocol(self) -> Protocol {
        match self {
            Self::Udp => Protocol::Udp,
            Self::Tcp => Protocol::Tcp,
        }
    }
}

/// Why a peer is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// No offer could be made from this address.
    #[error("no offer could be made")]
    NoOffer,
    /// The answer cannot be used.
    #[error("the answer cannot be used")]
    BadAnswer,
    /// The connection is over.
    #[error("the connection is over")]
    Over,
}

/// A peer that waits for the answer to its offer.
pub struct Offering {
    rtc: Rtc,
    pending: SdpPendingOffer,
    mid: Mid,
    address: SocketAddr,
    way: Way,
}

/// A piece of what a peer heard.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The engine's clock at its first sample.
    pub timestamp: u64,
    /// The samples.
    pub samples: Vec<i16>,
}

/// A packet on its way.
#[derive(Debug)]
pub struct Packet {
    /// Where to.
    pub to: SocketAddr,
    /// The packet.
    pub bytes: Vec<u8>,
}

/// A peer.
#[derive(Debug)]
pub struct Peer {
    session: Session,
    address: SocketAddr,
    way: Way,
    connected: bool,
    heard: Vec<Piece>,
    pressed: Vec<Digit>,
}

impl Offering {
    /// A peer at that address, and its offer.
    ///
    /// # Errors
    /// [`PeerError::NoOffer`].
    pub fn new(address: SocketAddr, way: Way, now: Instant) -> Result<(Self, String), PeerError> {
        let config = Rtc::builder()
            .set_crypto_provider(Arc::new(crypto::provider()))
            .clear_codecs()
            .enable_pcmu(true, false);
        let mut rtc = plain(config).build(now);
        let candidate = match way {
            Way::Udp => Candidate::host(address, "udp"),
            Way::Tcp => Candidate::builder().tcp().host(address).tcptype(TcpType::Active).build(),
        };
        rtc.add_local_candidate(candidate.map_err(|_| PeerError::NoOffer)?)
            .ok_or(PeerError::NoOffer)?;
        let mut change = rtc.sdp_api();
        let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = change.apply().ok_or(PeerError::NoOffer)?;
        let offering = Self {
            rtc,
            pending,
            mid,
            address,
            way,
        };
        Ok((offering, offer.to_sdp_string()))
    }

    /// The peer, with the engine's answer.
    ///
    /// # Errors
    /// [`PeerError::BadAnswer`].
    pub fn answered(mut self, answer: &str, now: Instant) -> Result<Peer, PeerError> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(|_| PeerError::BadAnswer)?;
        let accepted = self.rtc.sdp_api().accept_answer(self.pending, answer);
        accepted.map_err(|_| PeerError::BadAnswer)?;
        let session = Session::offered(self.rtc, self.mid, now).ok_or(PeerError::BadAnswer)?;
        Ok(Peer {
            session,
            address: self.address,
            way: self.way,
            connected: false,
            heard: Vec::new(),
            pressed: Vec::new(),
        })
    }
}

impl Peer {
    /// Whether it is connected.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        self.connected
    }

    /// What it heard since the last time.
    pub fn heard(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.heard)
    }

    /// The keys it was sent since the last time.
    pub fn pressed(&mut self) -> Vec<Digit> {
        std::mem::take(&mut self.pressed)
    }

    /// Says a frame, if it is connected.
    ///
    /// # Errors
    /// [`PeerError::Over`].
    pub fn say(&mut self, frame: &Frame, now: Instant) -> Result<Vec<Packet>, PeerError> {
        if !self.connected {
            return self.wake(now);
        }
        let (mut sent, mut happened) = (Vec::new(), Vec::new());
        let said = self.session.send(now, frame, &mut sent, &mut happened);
        self.settle(said.is_ok(), happened, sent)
    }

    /// Does what is due.
    ///
    /// # Errors
    /// [`PeerError::Over`].
    pub fn wake(&mut self, now: Instant) -> Result<Vec<Packet>, PeerError> {
        let (mut sent, mut happened) = (Vec::new(), Vec::new());
        let woken = self.session.take(now, Input::Timeout(now), &mut sent, &mut happened);
        self.settle(woken.is_ok(), happened, sent)
    }

    /// Takes a packet in.
    ///
    /// # Errors
    /// [`PeerError::Over`].
    pub fn take(&mut self, from: SocketAddr, packet: &[u8], now: Instant) -> Result<Vec<Packet>, PeerError> {
        let Some(receive) = received(self.way.protocol(), from, self.address, packet) else {
            return Ok(Vec::new());
        };
        let (mut sent, mut happened) = (Vec::new(), Vec::new());
        let taken = self.session.take(now, Input::Receive(now, receive), &mut sent, &mut happened);
        self.settle(taken.is_ok(), happened, sent)
    }

    /// Presses a key.
    pub fn press(&mut self, digit: Digit) {
        self.session.press(digit);
    }

    /// Says goodbye.
    pub fn close(&mut self, now: Instant) -> Vec<Packet> {
        let mut sent = Vec::new();
        self.session.close(now, &mut sent);
        packets(sent)
    }

    fn settle(&mut self, well: bool, happened: Vec<Happening>, sent: Vec<str0m::net::Transmit>) -> Result<Vec<Packet>, PeerError> {
        for happening in happened {
            match happening {
                Happening::Connected => self.connected = true,
                Happening::Audio { timestamp, payload } => self.heard.push(Piece {
                    timestamp,
                    samples: payload.iter().map(|byte| g711::decode(*byte)).collect(),
                }),
                Happening::Pressed(digit) => self.pressed.push(digit),
                Happening::Way { .. } => {}
                Happening::Closed => return Err(PeerError::Over),
            }
        }
        if well { Ok(packets(sent)) } else { Err(PeerError::Over) }
    }
}

fn packets(sent: Vec<str0m::net::Transmit>) -> Vec<Packet> {
    sent.into_iter()
        .map(|transmit| Packet {
            to: transmit.destination,
            bytes: transmit.contents.to_vec(),
        })
        .collect()
}
