//! One WebRTC connection: an SDP offer becomes an answer, packets become audio and digits, frames become packets. Str0m does the
//! protocol; this file keeps its rules (a written frame leaves only after a timeout at once) and survives its panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::SdpOffer;
use str0m::crypto::CryptoProvider;
use str0m::crypto::dtls::DtlsCert;
use str0m::format::{Codec, FormatParams, PayloadParams};
use str0m::media::{Frequency, Mid, Pt};
use str0m::net::{Protocol, Receive, TcpType, Transmit};
use str0m::rtp::{Extension, RtpPacket, RtpWrite, SeqNo, Ssrc};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use crate::g711;
use crate::jitter::Frame;
use crate::keypad::{Digit, Keypad};

/// The longest offer that is read.
pub const LONGEST_OFFER: usize = 64 * 1024;
/// How often the peer's view of the connection is asked for.
const STATS_EVERY: Duration = Duration::from_secs(5);
/// Every so many packets (100 ms) everything that a session wants to say is taken out of it.
const DRAIN_EVERY: u64 = 5;
/// More output than this from one input is a fault of the library.
const MOST_OUTPUTS: usize = 2_000;
/// The payload type that digits are offered as; browsers ask for this one.
pub const DIGITS: u8 = 126;

/// Where the engine can be reached.
#[derive(Debug, Clone)]
pub struct Reach {
    /// UDP addresses.
    pub udp: Vec<std::net::SocketAddr>,
    /// TCP addresses, for networks that let no UDP through.
    pub tcp: Vec<std::net::SocketAddr>,
}

/// What all sessions of an engine share.
pub struct Identity {
    /// The cryptography.
    pub crypto: Arc<CryptoProvider>,
    /// The certificate whose hash stands in every answer.
    pub certificate: DtlsCert,
}

/// Why an offer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// No session description, or one that cannot be answered.
    #[error("the offer cannot be read")]
    Unreadable,
    /// Longer than 64 KiB.
    #[error("the offer is too long")]
    TooLong,
    /// No audio in a codec that the engine speaks.
    #[error("the offer has no audio in PCMU")]
    NoCodec,
    /// None of the engine's own addresses can be put into an answer.
    #[error("no address to be reached at")]
    NoAddress,
}

/// The session is of no more use: its state is broken, or it was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// What the first bytes of a packet say that it is (RFC 7983, RFC 5761).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// ICE.
    Stun,
    /// RTP, without its reports.
    Media,
    /// Handshakes and reports.
    Other,
}

impl Kind {
    /// What a packet is.
    pub fn of(packet: &[u8]) -> Self {
        match packet.first_chunk::<2>() {
            Some([0..=3, _]) => Self::Stun,
            Some([128..=191, 0..=191 | 224..=255]) => Self::Media,
            Some(_) | None => Self::Other,
        }
    }
}

/// What came of some input.
#[derive(Debug)]
pub enum Happening {
    /// The connection stands: keys are exchanged.
    Connected,
    /// Audio.
    Audio {
        /// The sender's clock, in samples.
        timestamp: u64,
        /// One byte a sample.
        payload: Arc<[u8]>,
    },
    /// A key was pressed.
    Pressed(Digit),
    /// What the peer's reports say of the way there.
    Way {
        /// There and back.
        round_trip: Option<Duration>,
        /// Of what we sent, which share was lost.
        lost_there: Option<f32>,
    },
    /// The peer said goodbye.
    Closed,
}

/// A connection.
pub struct Session {
    rtc: Rtc,
    ssrc: Ssrc,
    audio: Pt,
    digits: Option<Pt>,
    /// When it wants to be woken.
    pub deadline: Instant,
    /// Our clock, in samples, and the number of our next packet.
    clock: u64,
    number: u64,
    keypad: Keypad,
    last_digit: Option<u64>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl Session {
    /// Answers an offer. Costs a millisecond or so: not to be done on the media thread.
    ///
    /// # Errors
    /// [`OfferError`].
    pub fn answer(identity: &Identity, reach: &Reach, offer: &str, now: Instant) -> Result<(Self, String), OfferError> {
        if offer.len() > LONGEST_OFFER {
            return Err(OfferError::TooLong);
        }
        let offer = SdpOffer::from_sdp_string(offer).map_err(|_| OfferError::Unreadable)?;
        guarded(|| Self::answer_parsed(identity, reach, offer, now)).unwrap_or(Err(OfferError::Unreadable))
    }

    fn answer_parsed(identity: &Identity, reach: &Reach, offer: SdpOffer, now: Instant) -> Result<(Self, String), OfferError> {
        let mut config = Rtc::builder()
            .set_crypto_provider(Arc::clone(&identity.crypto))
            .set_dtls_cert(DtlsCert {
                certificate: identity.certificate.certificate.clone(),
                private_key: identity.certificate.private_key.clone(),
            })
            .clear_codecs()
            .enable_pcmu(true, false)
            .set_stats_interval(Some(STATS_EVERY))
            .set_ice_lite(true);
        config = plain(config);
        let mut rtc = config.build(now);
        for candidate in candidates(reach)? {
            rtc.add_local_candidate(candidate).ok_or(OfferError::NoAddress)?;
        }
        let mid = audio_line(&offer).ok_or(OfferError::NoCodec)?;
        let answer = rtc.sdp_api().accept_offer(offer).map_err(|_| OfferError::Unreadable)?;
        let session = Self::offered(rtc, mid, now).ok_or(OfferError::NoCodec)?;
        Ok((session, answer.to_sdp_string()))
    }

    /// The session of a finished negotiation; none where it has no audio in our codec.
    pub fn offered(mut rtc: Rtc, mid: Mid, now: Instant) -> Option<Self> {
        let agreed: Vec<Pt> = rtc.media(mid)?.remote_pts().to_vec();
        let params = rtc.codec_config().params();
        let of = |codec: Codec| {
            let eight = |params: &&PayloadParams| params.spec().codec == codec && params.spec().clock_rate == Frequency::EIGHT_KHZ;
            params.iter().filter(eight).map(PayloadParams::pt).find(|pt| agreed.contains(pt))
        };
        let (audio, digits) = (of(Codec::PCMU)?, of(Codec::Tele));
        let ssrc = rtc.direct_api().stream_tx_by_mid(mid, None)?.ssrc();
        Some(Self {
            rtc,
            ssrc,
            audio,
            digits,
            deadline: now,
            clock: 0,
            number: 0,
            keypad: Keypad::default(),
            last_digit: None,
        })
    }

    /// Whether a packet is for this session.
    #[must_use]
    pub fn accepts(&self, input: &Input<'_>) -> bool {
        guarded(|| self.rtc.accepts(input)).unwrap_or(false)
    }

    /// Takes a packet in, or the time.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn take(&mut self, now: Instant, input: Input<'_>, sent: &mut Vec<Transmit>, happened: &mut Vec<Happening>) -> Result<(), Broken> {
        guarded(|| {
            self.rtc.handle_input(input).map_err(|_| Broken)?;
            self.drain(now, sent, happened)
        })
        .unwrap_or(Err(Broken))
    }

    /// Takes a packet of media in. What else it leads to (reports, mostly) comes out with the next timeout: to look for it after each of
    /// fifty packets a second is what a leg would spend most on.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn take_media(&mut self, input: Input<'_>, sent: &mut Vec<Transmit>, happened: &mut Vec<Happening>) -> Result<(), Broken> {
        guarded(|| {
            self.rtc.handle_input(input).map_err(|_| Broken)?;
            loop {
                match self.rtc.poll_output().map_err(|_| Broken)? {
                    Output::Timeout(_) => return Ok(()),
                    Output::Transmit(transmit) => sent.push(transmit),
                    Output::Event(Event::RtpPacket(packet)) => {
                        happened.extend(self.media(&packet));
                        return Ok(());
                    }
                    Output::Event(event) => self.happen(event, happened),
                }
            }
        })
        .unwrap_or(Err(Broken))
    }

    /// Sends a frame, or what of a key is due in its place. It is sent also where there is only silence: the peer's buffer and the way
    /// through the network live on it.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn send(&mut self, now: Instant, frame: &Frame, sent: &mut Vec<Transmit>, happened: &mut Vec<Happening>) -> Result<(), Broken> {
        guarded(|| {
            let key = self.digits.and_then(|pt| Some((pt, self.keypad.next(self.clock)?)));
            if let Some((pt, key)) = key {
                for _ in 0..key.copies {
                    self.write(now, pt, key.began, key.marker, key.payload.into())?;
                }
            } else {
                let payload = frame.iter().map(|sample| g711::encode(*sample)).collect();
                self.write(now, self.audio, self.clock, false, payload)?;
            }
            self.clock += 160;
            // Only a timeout makes packets of what was written.
            self.rtc.handle_input(Input::Timeout(now)).map_err(|_| Broken)?;
            if key.is_some() || self.number.is_multiple_of(DRAIN_EVERY) {
                return self.drain(now, sent, happened);
            }
            self.out_of(sent, happened)
        })
        .unwrap_or(Err(Broken))
    }

    /// Takes out what was sent, as far as the media; whatever else there is comes with the next full look.
    fn out_of(&mut self, sent: &mut Vec<Transmit>, happened: &mut Vec<Happening>) -> Result<(), Broken> {
        for _ in 0..MOST_OUTPUTS {
            match self.rtc.poll_output().map_err(|_| Broken)? {
                Output::Timeout(_) => return Ok(()),
                Output::Transmit(transmit) => {
                    let is_media = Kind::of(&transmit.contents) == Kind::Media;
                    sent.push(transmit);
                    if is_media {
                        return Ok(());
                    }
                }
                Output::Event(event) => self.happen(event, happened),
            }
        }
        Err(Broken)
    }

    fn write(&mut self, now: Instant, pt: Pt, time: u64, marker: bool, payload: Arc<[u8]>) -> Result<(), Broken> {
        // The clock of the wire has 32 bits and begins anew after them.
        let time = u32::try_from(time & u64::from(u32::MAX)).unwrap_or(0);
        let number = SeqNo::from(self.number);
        self.number += 1;
        let mut direct = self.rtc.direct_api();
        let stream = direct.stream_tx(&self.ssrc).ok_or(Broken)?;
        stream.write_rtp(RtpWrite::new(pt, number, time, now, payload).marker(marker));
        Ok(())
    }

    /// Presses a key, for 100 ms. A peer that takes no keys gets none.
    pub fn press(&mut self, digit: Digit) {
        if self.digits.is_some() {
            self.keypad.press(digit);
        }
    }

    /// Says goodbye.
    pub fn close(&mut self, now: Instant, sent: &mut Vec<Transmit>) {
        let mut ignored = Vec::new();
        let closed = guarded(|| {
            self.rtc.close().map_err(|_| Broken)?;
            self.rtc.handle_input(Input::Timeout(now)).map_err(|_| Broken)?;
            self.drain(now, sent, &mut ignored)
        });
        if closed != Some(Ok(())) {
            tracing::debug!("a session ended without goodbye");
        }
    }

    fn drain(&mut self, now: Instant, sent: &mut Vec<Transmit>, happened: &mut Vec<Happening>) -> Result<(), Broken> {
        for _ in 0..MOST_OUTPUTS {
            match self.rtc.poll_output().map_err(|_| Broken)? {
                Output::Timeout(at) if at > now => {
                    self.deadline = at;
                    return Ok(());
                }
                Output::Timeout(_) if !self.rtc.is_alive() => return Err(Broken),
                Output::Timeout(_) => self.rtc.handle_input(Input::Timeout(now)).map_err(|_| Broken)?,
                Output::Transmit(transmit) => sent.push(transmit),
                Output::Event(event) => self.happen(event, happened),
            }
        }
        Err(Broken)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "str0m's events are many and grow; what is not named has no meaning here"
    )]
    fn happen(&mut self, event: Event, happened: &mut Vec<Happening>) {
        match event {
            Event::Connected => happened.push(Happening::Connected),
            Event::Closed => happened.push(Happening::Closed),
            Event::RtpPacket(packet) => happened.extend(self.media(&packet)),
            Event::MediaEgressStats(stats) => happened.push(Happening::Way {
                round_trip: stats.rtt,
                lost_there: stats.loss,
            }),
            _ => {}
        }
    }

    fn media(&mut self, packet: &RtpPacket) -> Option<Happening> {
        let (pt, timestamp) = (packet.header.payload_type, packet.time.numer());
        if Some(pt) == self.digits {
            // A press comes as many packets with the same time.
            if self.last_digit == Some(timestamp) {
                return None;
            }
            self.last_digit = Some(timestamp);
            return packet.payload.first().copied().and_then(Digit::of_event).map(Happening::Pressed);
        }
        (pt == self.audio).then(|| Happening::Audio {
            timestamp,
            payload: Arc::clone(&packet.payload),
        })
    }
}

/// Packets as they are, for the jitter buffer puts them in order; keys; and no extension that costs more than it tells.
pub fn plain(config: RtcConfig) -> RtcConfig {
    let mut config = config.set_rtp_mode(true).clear_extension_map().set_extension(4, Extension::RtpMid);
    let keys = FormatParams::parse_line("0-15");
    config
        .codec_config()
        .add_config(DIGITS.into(), None, Codec::Tele, Frequency::EIGHT_KHZ, None, keys);
    config
}

/// The first line of an offer that has our codec.
fn audio_line(offer: &SdpOffer) -> Option<Mid> {
    let ours = |params: &PayloadParams| params.spec().codec == Codec::PCMU;
    let mut lines = offer.media_lines.iter();
    lines.find(|line| line.rtp_params().iter().any(ours)).map(|line| line.mid())
}

fn candidates(reach: &Reach) -> Result<Vec<Candidate>, OfferError> {
    let udp = reach.udp.iter().map(|address| Candidate::host(*address, "udp"));
    let tcp = reach
        .tcp
        .iter()
        .map(|address| Candidate::builder().tcp().host(*address).tcptype(TcpType::Passive).build());
    udp.chain(tcp).collect::<Result<_, _>>().map_err(|_| OfferError::NoAddress)
}

/// Runs the library, which panics on its own bugs by policy: one call's bug must not end the others.
fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run))
        .inspect_err(|_| tracing::error!("the WebRTC library panicked; its session is given up"))
        .ok()
}

/// A packet as str0m wants it; none if it is none of STUN, DTLS, RTP or RTCP.
pub fn received<'a>(
    protocol: Protocol,
    source: std::net::SocketAddr,
    destination: std::net::SocketAddr,
    packet: &'a [u8],
) -> Option<Receive<'a>> {
    Some(Receive {
        proto: protocol,
        source,
        destination,
        contents: packet.try_into().ok()?,
    })
}
