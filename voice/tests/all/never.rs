//! Never: over random sequences of joins, switches, leaves, transfers, holds, mutes, lost connections and changes of rights, no sample
//! of a listening or whispering supervisor reaches the outside party or the recording. The rules of `casewire-core` decide what happens,
//! a real bridge carries it out, and every sample a supervisor speaks while they are not barging is loud; everything else is silent.

use std::collections::{BTreeMap, BTreeSet};

use casewire_core::access::{Access, CaseReach, CaseScope, Grant, Level};
use casewire_core::calls::{Call, CarrierStatus, Clearance, Effect, Heard, Microphone as Mic, Mode, OutsideLine};
use casewire_core::id::{CaseId, Id, OrganizationId, UserId};
use casewire_core::time::Timestamp;
use casewire_voice::{Bridge, FRAME, Hold, LegId, Microphone, Role, Supervision, Tape};
use proptest::prelude::*;
use uuid::Uuid;

/// What a supervisor says while nobody outside may hear it.
const SECRET: i16 = 12_000;

#[derive(Debug, Clone)]
enum Step {
    Supervise(u64, Mode),
    Switch(u64, Mode),
    Leave(u64),
    Recheck(Vec<u64>),
    Mute(u64, Mic),
    Hold(u64, OutsideLine),
    Transfer(u64, u64),
    TakeOver(u64),
    AgentLost(u64),
    AgentBack(u64),
    Tape(Tape),
    Ticks(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..4_u64;
    let mode = || prop::sample::select(Mode::ALL.to_vec());
    prop_oneof![
        6 => (who(), mode()).prop_map(|(who, mode)| Step::Supervise(who, mode)),
        8 => (who(), mode()).prop_map(|(who, mode)| Step::Switch(who, mode)),
        1 => who().prop_map(Step::Leave),
        1 => prop::collection::vec(who(), 0..4).prop_map(Step::Recheck),
        1 => (who(), prop::sample::select(vec![Mic::Open, Mic::Muted])).prop_map(|(who, microphone)| Step::Mute(who, microphone)),
        1 => (who(), prop::sample::select(vec![OutsideLine::Talking, OutsideLine::OnHold])).prop_map(|(who, line)| Step::Hold(who, line)),
        2 => (who(), who()).prop_map(|(from, to)| Step::Transfer(from, to)),
        2 => who().prop_map(Step::TakeOver),
        1 => who().prop_map(Step::AgentLost),
        1 => who().prop_map(Step::AgentBack),
        1 => prop::sample::select(vec![Tape::Running, Tape::Paused]).prop_map(Step::Tape),
        12 => (1..8_u8).prop_map(Step::Ticks),
    ]
}

fn id<I: Id>(number: u64) -> I {
    I::from_uuid(Uuid::from_u128(u128::from(number) + 1))
}

fn clearance(user: u64) -> Clearance {
    let grant = Grant {
        scope: CaseScope::All,
        case_contacts: Level::Manage,
        sms: Level::Manage,
        calls: Level::Manage,
        audit: Level::See,
        settings: Level::See,
    };
    let access = Access::new(id::<OrganizationId>(7), id::<UserId>(user), BTreeSet::new(), vec![grant]);
    let reach = CaseReach {
        organization_id: id(7),
        case_id: id::<CaseId>(9),
        team_id: None,
        assigned: BTreeSet::new(),
        walled: BTreeSet::new(),
    };
    Clearance::Case(access.supervise(&reach).unwrap())
}

/// The bridge, and who sits where on it.
struct Room {
    bridge: Bridge,
    outside: LegId,
    seats: BTreeMap<UserId, LegId>,
    agent: Option<LegId>,
    last_leg: u64,
    clock: u64,
}

impl Room {
    fn new() -> Self {
        let mut bridge = Bridge::default();
        let outside = LegId::of_number(0);
        bridge.add(outside, Role::Outside).unwrap();
        bridge.set_tape(Tape::Running);
        Self {
            bridge,
            outside,
            seats: BTreeMap::new(),
            agent: None,
            last_leg: 0,
            clock: 0,
        }
    }

    fn sit(&mut self, user: UserId, role: Role) -> LegId {
        self.last_leg += 1;
        let leg = LegId::of_number(self.last_leg);
        self.bridge.add(leg, role).unwrap();
        if let Some(before) = self.seats.insert(user, leg) {
            self.bridge.remove(before);
        }
        leg
    }

    fn rise(&mut self, user: UserId) {
        if let Some(leg) = self.seats.remove(&user) {
            self.bridge.remove(leg);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Ring { .. } | Effect::StopRinging { .. } | Effect::RecordVoicemail | Effect::HangUp => {}
            Effect::Seat { agent } => self.agent = Some(self.sit(agent, Role::Agent)),
            Effect::Unseat { agent } => self.rise(agent),
            Effect::SetMicrophone { agent, microphone } => {
                let microphone = match microphone {
                    Mic::Open => Microphone::Open,
                    Mic::Muted => Microphone::Muted,
                };
                let leg = *self.seats.get(&agent).unwrap();
                self.bridge.set_microphone(leg, microphone).unwrap();
            }
            Effect::SetOutside(line) => {
                let hold = match line {
                    OutsideLine::Talking => Hold::Talking,
                    OutsideLine::OnHold => Hold::OnHold,
                };
                self.bridge.set_hold(self.outside, hold).unwrap();
            }
            Effect::Supervise { supervisor, mode } => {
                let supervision = match mode {
                    Mode::Listen => Supervision::Listen,
                    Mode::Whisper => Supervision::Whisper {
                        agent: self.agent.unwrap(),
                    },
                    Mode::Barge => Supervision::Barge,
                };
                match self.seats.get(&supervisor).copied() {
                    Some(leg) => self.bridge.set_supervision(leg, supervision).unwrap(),
                    None => {
                        self.sit(supervisor, Role::Supervisor(supervision));
                    }
                }
            }
            Effect::Dismiss { supervisor, .. } => self.rise(supervisor),
        }
    }

    /// Twenty milliseconds in which whoever is in `secretive` speaks; says whether anything of it got out.
    fn tick(&mut self, secretive: &BTreeSet<UserId>) -> bool {
        for (user, leg) in &self.seats {
            let said = if secretive.contains(user) { SECRET } else { 0 };
            self.bridge.push(*leg, self.clock, [said; FRAME].into_iter());
        }
        self.bridge.push(self.outside, self.clock, [0; FRAME].into_iter());
        self.clock += 160;
        let ticked = self.bridge.tick();
        let outside = ticked.heard.iter().find(|(leg, _)| *leg == self.outside);
        let heard = outside.is_some_and(|(_, frame)| frame.iter().any(|sample| *sample != 0));
        let recorded = ticked.recorded.is_some_and(|frame| frame.iter().any(|sample| *sample != 0));
        heard || recorded
    }
}

fn take(call: &mut Call, step: &Step, now: Timestamp) -> Vec<Effect> {
    let user = |number: &u64| id::<UserId>(*number);
    match step {
        Step::Supervise(who, mode) => call.supervise(&clearance(*who), *mode, now).unwrap_or_default(),
        Step::Switch(who, mode) => call.switch(&clearance(*who), *mode).unwrap_or_default(),
        Step::Leave(who) => call.leave(user(who)).unwrap_or_default(),
        Step::Recheck(cleared) => call.recheck(&cleared.iter().map(|who| clearance(*who)).collect::<Vec<_>>()),
        Step::Mute(who, microphone) => call.set_microphone(user(who), *microphone).unwrap_or_default(),
        Step::Hold(who, line) => call.set_outside(user(who), *line).unwrap_or_default(),
        Step::Transfer(from, to) => call.transfer(user(from), user(to)).unwrap_or_default(),
        Step::TakeOver(to) => call.take_over(user(to)).unwrap_or_default(),
        Step::AgentLost(who) => call.agent_lost(user(who), now).unwrap_or_default(),
        Step::AgentBack(who) => call.agent_back(user(who)).unwrap_or_default(),
        Step::Tape(_) | Step::Ticks(_) => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sample_of_a_listening_or_whispering_supervisor_gets_out(steps in prop::collection::vec(step(), 1..60)) {
        let mut call = Call::outgoing(id(7), Some(id(9)), id(0));
        let Heard::Moved(seated) = call.hear(CarrierStatus::InProgress, Timestamp::from_micros(1)) else {
            panic!("not answered");
        };
        let mut room = Room::new();
        seated.into_iter().for_each(|effect| room.carry_out(effect));
        for (second, step) in (2..).zip(&steps) {
            let effects = take(&mut call, step, Timestamp::from_micros(second));
            effects.into_iter().for_each(|effect| room.carry_out(effect));
            if let Step::Tape(tape) = step {
                room.bridge.set_tape(*tape);
            }
            let Step::Ticks(ticks) = step else { continue };
            let secretive = call.supervisors().iter().filter(|there| there.mode != Mode::Barge).map(|there| there.user).collect();
            for _ in 0..*ticks {
                prop_assert!(!room.tick(&secretive), "a secret got out with {:?}", call.supervisors());
            }
        }
    }
}

#[test]
fn a_barging_supervisor_does_get_out_so_that_the_property_can_fail() {
    let mut room = Room::new();
    let boss = id::<UserId>(1);
    room.sit(boss, Role::Supervisor(Supervision::Barge));
    assert!((0..10).any(|_| room.tick(&BTreeSet::from([boss]))));
}
