//! The ways in: ICE-TCP where UDP is blocked, offers that are refused, and limits.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use casewire_voice::peer::{Offering, Packet, Way};
use casewire_voice::{Config, Engine, EngineError, Event, FRAME, OfferError, OpenError, Role, VoiceError};

use crate::hall::engine;
use crate::spectrum;

#[tokio::test]
async fn a_peer_without_udp_gets_through_by_tcp() {
    let (engine, mut events) = engine();
    let bridge = engine.start().await.unwrap();
    let to = *engine.reach().tcp.first().unwrap();
    let mut stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
    let (offering, offer) = Offering::new(stream.local_addr().unwrap(), Way::Tcp, Instant::now()).unwrap();
    let (leg, answer) = engine.add_leg(bridge, Role::Outside, &offer).await.unwrap();
    let mut peer = offering.answered(&answer, Instant::now()).unwrap();
    engine
        .announce(bridge, casewire_voice::Clip::tone(440.0, 1_000), casewire_voice::Repeat::Forever)
        .await
        .unwrap();

    let (mut incoming, mut heard): (Vec<u8>, Vec<i16>) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    while heard.len() < spectrum::WINDOW * 4 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing comes through");
        let packets = peer.say(&[0; FRAME], Instant::now()).unwrap();
        send(&mut stream, packets);
        let mut buffer = [0; 4_000];
        match stream.read(&mut buffer) {
            Ok(length) => incoming.extend(buffer.get(..length).unwrap()),
            Err(error) => assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)),
        }
        while let Some(packet) = unframed(&mut incoming) {
            let packets = peer.take(to, &packet, Instant::now()).unwrap();
            send(&mut stream, packets);
        }
        heard.extend(peer.heard().into_iter().flat_map(|piece| piece.samples));
        // The engine runs on a thread of its own; this one must let the runtime breathe.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(events.events.try_recv().unwrap(), Event::LegConnected { leg });
    assert!(spectrum::loudness(&heard, 440.0).is_heard());
}

fn send(stream: &mut TcpStream, packets: Vec<Packet>) {
    for packet in packets {
        let length = u16::try_from(packet.bytes.len()).unwrap();
        stream.write_all(&length.to_be_bytes()).unwrap();
        stream.write_all(&packet.bytes).unwrap();
    }
}

fn unframed(incoming: &mut Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::from(u16::from_be_bytes(*incoming.first_chunk::<2>()?));
    let packet = incoming.get(2..2 + length)?.to_vec();
    incoming.drain(..2 + length);
    Some(packet)
}

#[tokio::test]
async fn an_offer_that_cannot_be_answered_is_refused_and_leaves_no_leg() {
    let (engine, _events) = engine();
    let bridge = engine.start().await.unwrap();
    let (_offering, good) = Offering::new("127.0.0.1:9999".parse().unwrap(), Way::Udp, Instant::now()).unwrap();
    let long = format!("{good}{}", "a=x\r\n".repeat(20_000));
    let other_codec = good
        .replace("PCMU/8000", "L16/8000")
        .replace("RTP/SAVPF 0 ", "RTP/SAVPF 96 ")
        .replace("a=rtpmap:0 ", "a=rtpmap:96 ");
    for (offer, expected) in [
        ("no session description", OfferError::Unreadable),
        (long.as_str(), OfferError::TooLong),
        (other_codec.as_str(), OfferError::NoCodec),
    ] {
        match engine.add_leg(bridge, Role::Agent, offer).await {
            Err(EngineError::Offer(error)) => assert_eq!(error, expected),
            other => panic!("{expected:?} expected, and it was {other:?}"),
        }
    }
    assert_eq!(engine.health().await.unwrap().legs, 0);
}

#[tokio::test]
async fn calls_that_have_ended_and_calls_that_are_full_take_no_leg() {
    let (engine, mut events) = engine();
    let bridge = engine.start().await.unwrap();
    let (_offering, offer) = Offering::new("127.0.0.1:9999".parse().unwrap(), Way::Udp, Instant::now()).unwrap();
    let mut legs = Vec::new();
    for _ in 0..8 {
        legs.push(engine.add_leg(bridge, Role::Agent, &offer).await.unwrap().0);
    }
    let refused = engine.add_leg(bridge, Role::Agent, &offer).await;
    assert!(matches!(refused, Err(EngineError::Voice(VoiceError::Full))));
    engine.hang_up(bridge).await.unwrap();
    let refused = engine.add_leg(bridge, Role::Agent, &offer).await;
    assert!(matches!(refused, Err(EngineError::Voice(VoiceError::NoSuchBridge))));
    let mut left = Vec::new();
    while left.len() < 8 {
        if let Some(Event::LegLeft { leg, .. }) = events.events.recv().await {
            left.push(leg);
        }
    }
    left.sort();
    assert_eq!(left, legs);
    assert_eq!(engine.health().await.unwrap().legs, 0);
}

#[test]
fn an_engine_that_listens_everywhere_must_be_told_what_to_advertise() {
    let config = Config {
        listen: "0.0.0.0:0".parse().unwrap(),
        listen_tcp: None,
        advertise: Vec::new(),
        most_legs: 1,
    };
    assert!(matches!(Engine::open(&config), Err(OpenError::NothingToAdvertise)));
    let advertise = casewire_voice::addresses_of_this_machine();
    let (engine, _events) = Engine::open(&Config { advertise, ..config }).unwrap();
    assert!(
        engine
            .reach()
            .udp
            .iter()
            .all(|address| address.port() != 0 && !address.ip().is_unspecified())
    );
}
