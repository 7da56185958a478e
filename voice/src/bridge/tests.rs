//! A bridge on a sample clock: constant levels instead of tones, so that every sample can be told where it comes from.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::*;

const AGENT: LegId = LegId(1);
const OUTSIDE: LegId = LegId(2);
const BOSS: LegId = LegId(3);

/// A bridge on which each leg says its own constant, without pause.
struct Room {
    bridge: Bridge,
    clocks: BTreeMap<LegId, u64>,
    said: BTreeMap<LegId, i16>,
}

impl Room {
    fn new() -> Self {
        let mut bridge = Bridge::default();
        bridge.add(AGENT, Role::Agent).unwrap();
        bridge.add(OUTSIDE, Role::Outside).unwrap();
        bridge.add(BOSS, Role::Supervisor(Supervision::Listen)).unwrap();
        let said = BTreeMap::from([(AGENT, 100), (OUTSIDE, 1_000), (BOSS, 10_000)]);
        Self {
            bridge,
            clocks: BTreeMap::new(),
            said,
        }
    }

    fn tick(&mut self) -> Ticked {
        for (leg, level) in &self.said {
            let clock = self.clocks.entry(*leg).or_insert(0);
            self.bridge.push(*leg, *clock, [*level; FRAME].into_iter());
            *clock += 160;
        }
        self.bridge.tick()
    }

    /// What everybody hears once all has settled.
    fn settled(&mut self) -> Ticked {
        (0..6).map(|_| self.tick()).last().unwrap()
    }
}

fn level(ticked: &Ticked, leg: LegId) -> i16 {
    let (_, frame) = ticked.heard.iter().find(|(heard, _)| *heard == leg).unwrap();
    *frame.last().unwrap()
}

fn channels(ticked: &Ticked) -> (i16, i16) {
    let stereo = ticked.recorded.unwrap();
    let [left, right] = *stereo.last_chunk::<2>().unwrap();
    (left, right)
}

#[test]
fn each_mode_lets_through_whom_it_should_to_legs_and_recording() {
    let mut room = Room::new();
    room.bridge.set_tape(Tape::Running);
    for (supervision, agent, outside, right) in [
        (Supervision::Listen, 1_000, 100, 1_000),
        (Supervision::Whisper { agent: AGENT }, 11_000, 100, 1_000),
        (Supervision::Barge, 11_000, 10_100, 11_000),
        (Supervision::Listen, 1_000, 100, 1_000),
    ] {
        room.bridge.set_supervision(BOSS, supervision).unwrap();
        let ticked = room.settled();
        let levels = [AGENT, OUTSIDE, BOSS].map(|leg| level(&ticked, leg));
        assert_eq!(levels, [agent, outside, 1_100], "{supervision:?}");
        assert_eq!(channels(&ticked), (100, right), "{supervision:?}");
    }
}

#[test]
fn what_a_supervisor_said_before_barging_is_not_heard_after() {
    let mut room = Room::new();
    room.said.insert(AGENT, 0);
    room.settled();
    room.bridge.set_supervision(BOSS, Supervision::Barge).unwrap();
    // From the switch on the supervisor is quiet: whatever the outside party hears now was said before.
    room.said.insert(BOSS, 0);
    for _ in 0..20 {
        let ticked = room.tick();
        let (_, frame) = ticked.heard.iter().find(|(leg, _)| *leg == OUTSIDE).unwrap();
        assert_eq!(*frame, [0; FRAME]);
    }
}

#[test]
fn what_is_said_while_muted_or_on_hold_is_not_heard_after() {
    let mut room = Room::new();
    room.settled();
    room.bridge.set_microphone(AGENT, Microphone::Muted).unwrap();
    room.bridge.set_hold(OUTSIDE, Hold::OnHold).unwrap();
    let muted = room.settled();
    assert_eq!([AGENT, OUTSIDE, BOSS].map(|leg| level(&muted, leg)), [0, 0, 0]);
    room.bridge.set_microphone(AGENT, Microphone::Open).unwrap();
    room.bridge.set_hold(OUTSIDE, Hold::Talking).unwrap();
    room.said = BTreeMap::from([(AGENT, 0), (OUTSIDE, 0)]);
    for _ in 0..20 {
        assert!(room.tick().heard.iter().all(|(_, frame)| *frame == [0; FRAME]));
    }
}

#[test]
fn a_whisper_ends_with_the_agent_it_was_for() {
    let mut room = Room::new();
    room.bridge.set_supervision(BOSS, Supervision::Whisper { agent: AGENT }).unwrap();
    room.settled();
    room.bridge.remove(AGENT);
    let successor = LegId(9);
    room.bridge.add(successor, Role::Agent).unwrap();
    assert_eq!(level(&room.settled(), successor), 1_000);
    assert_eq!(
        room.bridge.set_supervision(BOSS, Supervision::Whisper { agent: AGENT }),
        Err(BridgeError::NoSuchAgent)
    );
    assert_eq!(
        room.bridge.set_supervision(BOSS, Supervision::Whisper { agent: OUTSIDE }),
        Err(BridgeError::NoSuchAgent)
    );
    assert_eq!(
        room.bridge.set_supervision(OUTSIDE, Supervision::Barge),
        Err(BridgeError::NotASupervisor)
    );
}

#[test]
fn nothing_is_recorded_while_paused_or_on_hold() {
    let mut room = Room::new();
    room.bridge.set_tape(Tape::Running);
    assert_eq!(channels(&room.settled()), (100, 1_000));
    room.bridge.set_tape(Tape::Paused);
    assert!(room.settled().recorded.is_none());
    room.bridge.set_tape(Tape::Running);
    room.bridge.set_hold(OUTSIDE, Hold::OnHold).unwrap();
    assert_eq!(channels(&room.settled()), (0, 0));
}

#[test]
fn an_announcement_reaches_everybody_and_a_clip_for_one_leg_only_that_leg() {
    let mut room = Room::new();
    room.said.clear();
    room.bridge.set_tape(Tape::Running);
    let clip = Clip::of_samples(vec![7; 300]);
    room.bridge.announce(PlaybackId(1), clip.clone(), Repeat::Once);
    let first = room.tick();
    assert!([AGENT, OUTSIDE, BOSS].iter().all(|leg| level(&first, *leg) == 7));
    assert_eq!(channels(&first), (0, 7));
    assert_eq!(room.tick().finished, [PlaybackId(1)]);
    room.bridge.set_hold(OUTSIDE, Hold::OnHold).unwrap();
    room.bridge.play_to(OUTSIDE, PlaybackId(2), clip, Repeat::Forever).unwrap();
    for _ in 0..10 {
        let ticked = room.tick();
        assert_eq!([AGENT, OUTSIDE, BOSS].map(|leg| level(&ticked, leg)), [0, 7, 0]);
        assert_eq!(channels(&ticked), (0, 0));
    }
    room.bridge.stop(PlaybackId(2));
    assert_eq!(level(&room.tick(), OUTSIDE), 0);
}

#[test]
fn the_level_meter_shows_who_speaks() {
    let mut room = Room::new();
    room.settled();
    room.bridge.levels();
    room.said.insert(OUTSIDE, 0);
    room.settled();
    room.bridge.levels();
    room.settled();
    let levels = room.bridge.levels();
    let of = |leg: LegId| levels.iter().find(|(there, _)| *there == leg).unwrap().1;
    assert!((of(BOSS) + 10.3).abs() < 0.2, "{}", of(BOSS));
    assert!(of(OUTSIDE) <= -90.0);
}
