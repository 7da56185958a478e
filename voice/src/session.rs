//! One WebRTC connection: an SDP offer becomes an answer, packets become audio and digits, frames become packets. Str0m does the
//! protocol; this file keeps its rules (a written frame leaves only after a timeout at once) and survives its panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::SdpOffer;
use str0m::crypto::CryptoProvider;
use str0m::crypto::dtls::DtlsCert;
use str0m::format::{Codec, CodecExtra, FormatParams, PayloadParams};
use str0m::media::{Frequency, MediaData, MediaTime, Mid, Pt, TelephoneEvent};
use str0m::net::{Protocol, Receive, TcpType, Transmit};
use str0m::{Candidate, Event, Input, Output, Rtc};

use crate::g711;
use crate::jitter::Frame;

/// The longest offer that is read.
pub const LONGEST_OFFER: usize = 64 * 1024;
/// How often the peer's view of the connection is asked for.
const STATS_EVERY: Duration = Duration::from_secs(5);
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

/// A key on the keypad (RFC 4733, events 0 to 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digit(u8);

impl Digit {
    const KEYS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

    /// The key, if it is one.
    #[must_use]
    pub fn of_key(key: char) -> Option<Self> {
        let place = Self::KEYS.iter().position(|known| *known == key.to_ascii_uppercase())?;
        u8::try_from(place).ok().map(Self)
    }

    /// What is printed on it.
    #[must_use]
    pub fn key(self) -> char {
        Self::KEYS.get(usize::from(self.0)).copied().unwrap_or('0')
    }

    fn of_event(event: u8) -> Option<Self> {
        (event < 16).then_some(Self(event))
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
    mid: Mid,
    audio: Pt,
    /// When it wants to be woken.
    pub deadline: Instant,
    /// Our clock, in samples.
    clock: u64,
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
            // The jitter buffer puts packets in order.
            .set_reordering_size_audio(0)
            .set_stats_interval(Some(STATS_EVERY))
            .set_ice_lite(true);
        config.codec_config().add_config(
            DIGITS.into(),
            None,
            Codec::Tele,
            Frequency::EIGHT_KHZ,
            None,
            FormatParams::parse_line("0-15"),
        );
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
        let writer = rtc.writer(mid)?;
        let audio = writer.payload_params().find(|params| params.spec().codec == Codec::PCMU)?.pt();
        Some(Self {
            rtc,
            mid,
            audio,
            deadline: now,
            clock: 0,
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

    /// Sends a frame. It is sent also where there is only silence: the peer's buffer and the way through the network live on it.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn send(&mut self, now: Instant, frame: &Frame, sent: &mut Vec<Transmit>, happened: &mut Vec<Happening>) -> Result<(), Broken> {
        let payload: Arc<[u8]> = frame.iter().map(|sample| g711::encode(*sample)).collect();
        let time = MediaTime::new(self.clock, Frequency::EIGHT_KHZ);
        self.clock += 160;
        guarded(|| {
            let writer = self.rtc.writer(self.mid).ok_or(Broken)?;
            writer.write(self.audio, now, time, payload).map_err(|_| Broken)?;
            // Only a timeout makes packets of what was written.
            self.rtc.handle_input(Input::Timeout(now)).map_err(|_| Broken)?;
            self.drain(now, sent, happened)
        })
        .unwrap_or(Err(Broken))
    }

    /// Presses a key, for 100 ms. A peer that takes no keys gets none.
    pub fn press(&mut self, now: Instant, digit: Digit) {
        let event = TelephoneEvent {
            event: digit.0,
            end: true,
            volume: 10,
            duration: Duration::from_millis(100),
        };
        let time = MediaTime::new(self.clock, Frequency::EIGHT_KHZ);
        let pressed = guarded(|| {
            self.rtc
                .writer(self.mid)
                .map(|writer| writer.telephone_event(event).write(self.audio, now, time, Vec::new()))
        });
        if !matches!(pressed, Some(Some(Ok(())))) {
            tracing::debug!("a key could not be sent");
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
            Event::MediaData(data) if data.mid == self.mid => happened.extend(self.media(&data)),
            Event::MediaEgressStats(stats) => happened.push(Happening::Way {
                round_trip: stats.rtt,
                lost_there: stats.loss,
            }),
            _ => {}
        }
    }

    fn media(&mut self, data: &MediaData) -> Option<Happening> {
        if let CodecExtra::Tele(event) = data.codec_extra {
            // A press comes as many packets with the same time.
            let pressed_at = data.time.numer();
            if self.last_digit == Some(pressed_at) {
                return None;
            }
            self.last_digit = Some(pressed_at);
            return Digit::of_event(event.event).map(Happening::Pressed);
        }
        (data.params.spec().codec == Codec::PCMU).then(|| Happening::Audio {
            timestamp: data.time.numer(),
            payload: Arc::clone(&data.data),
        })
    }
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
