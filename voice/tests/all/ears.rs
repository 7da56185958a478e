//! Ears without a browser: three and four peers over real UDP, each with its tone, and the spectrum of what each receives, over every
//! live switch of mode, hold, mute, transfer and leave. The supervisor is behind a network that loses 5%.

use casewire_voice::{Digit, Event, Hold, LeftWhy, Microphone, Role, Supervision};

use crate::hall::{Hall, Network};

const AGENT: &str = "agent";
const OUTSIDE: &str = "outside";
const BOSS: &str = "supervisor";
const SECOND: &str = "second supervisor";
const SUCCESSOR: &str = "second agent";

async fn three(network: Network) -> (Hall, casewire_voice::BridgeId) {
    let mut hall = Hall::new();
    let bridge = hall.engine.start().await.unwrap();
    hall.enter(AGENT, 440.0, bridge, Role::Agent, Network::Direct).await;
    hall.enter(OUTSIDE, 660.0, bridge, Role::Outside, Network::Direct).await;
    hall.enter(BOSS, 880.0, bridge, Role::Supervisor(Supervision::Listen), network)
        .await;
    (hall, bridge)
}

/// What the mode of one supervisor allows.
fn assert_mode(hall: &Hall, supervision: Supervision, when: &str) {
    let (agent, outside): (&[&str], &[&str]) = match supervision {
        Supervision::Listen => (&[OUTSIDE], &[AGENT]),
        Supervision::Whisper { .. } => (&[OUTSIDE, BOSS], &[AGENT]),
        Supervision::Barge => (&[OUTSIDE, BOSS], &[AGENT, BOSS]),
    };
    hall.assert_hears(AGENT, agent, when);
    hall.assert_hears(OUTSIDE, outside, when);
    hall.assert_hears(BOSS, &[AGENT, OUTSIDE], when);
}

#[tokio::test]
async fn everybody_hears_exactly_what_each_mode_allows_over_every_switch_through_a_bad_network() {
    let (mut hall, _bridge) = three(Network::Lossy).await;
    let whisper = Supervision::Whisper { agent: hall.leg(AGENT) };
    let boss = hall.leg(BOSS);
    let (listen, barge) = (Supervision::Listen, Supervision::Barge);
    // Every ordered pair of two modes occurs.
    for (number, mode) in [listen, whisper, barge, whisper, listen, barge, listen].into_iter().enumerate() {
        hall.engine.set_supervision(boss, mode).await.unwrap();
        hall.listen().await;
        assert_mode(&hall, mode, &format!("step {number}, {mode:?}"));
    }
    let lost = hall.people.get(BOSS).unwrap().relay.as_ref().unwrap().lost();
    assert!(lost > 20, "the network lost only {lost} packets");
}

#[tokio::test]
async fn hold_and_mute_silence_whom_they_should_and_nobody_else() {
    let (mut hall, _bridge) = three(Network::Direct).await;
    let (agent, outside, boss) = (hall.leg(AGENT), hall.leg(OUTSIDE), hall.leg(BOSS));
    hall.engine.set_supervision(boss, Supervision::Barge).await.unwrap();
    hall.engine.set_hold(outside, Hold::OnHold).await.unwrap();
    hall.listen().await;
    hall.assert_hears(AGENT, &[BOSS], "on hold");
    hall.assert_hears(OUTSIDE, &[], "on hold");
    hall.assert_hears(BOSS, &[AGENT], "on hold");
    hall.engine.set_hold(outside, Hold::Talking).await.unwrap();
    hall.engine.set_microphone(agent, Microphone::Muted).await.unwrap();
    hall.listen().await;
    hall.assert_hears(AGENT, &[OUTSIDE, BOSS], "muted");
    hall.assert_hears(OUTSIDE, &[BOSS], "muted");
    hall.assert_hears(BOSS, &[OUTSIDE], "muted");
    hall.engine.set_microphone(agent, Microphone::Open).await.unwrap();
    hall.listen().await;
    assert_mode(&hall, Supervision::Barge, "after hold and mute");
}

#[tokio::test]
async fn a_second_supervisor_a_transfer_and_leaves_change_only_who_they_should() {
    let (mut hall, bridge) = three(Network::Direct).await;
    let whisper = Supervision::Whisper { agent: hall.leg(AGENT) };
    hall.engine.set_supervision(hall.leg(BOSS), whisper).await.unwrap();
    let second = Role::Supervisor(Supervision::Barge);
    hall.enter(SECOND, 1_230.0, bridge, second, Network::Direct).await;
    hall.listen().await;
    hall.assert_hears(AGENT, &[OUTSIDE, BOSS, SECOND], "two supervisors");
    hall.assert_hears(OUTSIDE, &[AGENT, SECOND], "two supervisors");
    hall.assert_hears(BOSS, &[AGENT, OUTSIDE, SECOND], "two supervisors");
    hall.assert_hears(SECOND, &[AGENT, OUTSIDE], "two supervisors");

    // A transfer: the next agent comes, the first goes, and with them the whisper.
    hall.enter(SUCCESSOR, 1_010.0, bridge, Role::Agent, Network::Direct).await;
    let first = hall.leg(AGENT);
    hall.engine.remove_leg(first).await.unwrap();
    hall.kill(AGENT);
    hall.listen().await;
    hall.assert_hears(SUCCESSOR, &[OUTSIDE, SECOND], "transferred");
    hall.assert_hears(OUTSIDE, &[SUCCESSOR, SECOND], "transferred");
    hall.assert_hears(BOSS, &[SUCCESSOR, OUTSIDE, SECOND], "transferred");

    // One supervisor leaves by themselves, the other is taken off.
    let second = hall.leg(SECOND);
    hall.goodbye(SECOND);
    let left = hall
        .event(|event| matches!(event, Event::LegLeft { leg, .. } if *leg == second))
        .await;
    assert_eq!(
        left,
        Event::LegLeft {
            leg: second,
            why: LeftWhy::Closed
        }
    );
    hall.engine.remove_leg(hall.leg(BOSS)).await.unwrap();
    hall.listen().await;
    hall.assert_hears(SUCCESSOR, &[OUTSIDE], "alone again");
    hall.assert_hears(OUTSIDE, &[SUCCESSOR], "alone again");
    hall.assert_sent_nothing(BOSS);
}

#[tokio::test]
async fn keys_are_told_once_each_and_can_be_sent() {
    let (mut hall, _bridge) = three(Network::Direct).await;
    let outside = hall.leg(OUTSIDE);
    for key in ['4', '#'] {
        let digit = Digit::of_key(key).unwrap();
        hall.press(OUTSIDE, digit);
        let told = hall.event(|event| matches!(event, Event::Pressed { .. })).await;
        assert_eq!(told, Event::Pressed { leg: outside, digit });
        // Long enough for all repetitions of the packet, and for the pause that must follow.
        for _ in 0..20 {
            hall.frame().await;
        }
    }
    while let Ok(event) = hall.events.events.try_recv() {
        assert!(!matches!(event, Event::Pressed { .. }), "told twice");
    }
    hall.engine.press(outside, Digit::of_key('7').unwrap()).await.unwrap();
    for _ in 0..50 {
        hall.frame().await;
    }
    assert_eq!(hall.people.get(OUTSIDE).unwrap().pressed, ['7']);
}
