//! Random lives of a call. Beside the call stands a room that knows nothing of the rules and only carries out effects: were one
//! missing, somebody would sit in it who is not on the call any more.

use std::collections::BTreeMap;
use std::time::Duration;

use casewire_core::calls::{Call, CarrierStatus, Effect, GRACE, Heard, Line, Microphone, Mode, OutsideLine, State, Talk};
use casewire_core::id::UserId;
use proptest::prelude::*;

use super::clearances::{case, in_case};
use super::{at, organization, user};

#[derive(Debug, Clone)]
enum Step {
    Hear(CarrierStatus),
    Answer(u64),
    Decline(u64),
    Mute(u64, Microphone),
    Hold(u64, OutsideLine),
    Transfer(u64, u64),
    TakeOver(u64),
    CancelTransfer,
    HangUp(u64),
    OutsideLeft,
    RevokeAgent(u64),
    AgentLost(u64),
    AgentBack(u64),
    OutsideLost,
    OutsideBack,
    Lapse,
    Supervise(u64, u64, Mode),
    Switch(u64, u64, Mode),
    Leave(u64),
    Recheck(Vec<u64>),
    File(u64, u64, Vec<u64>),
}

fn who() -> impl Strategy<Value = u64> {
    0..5_u64
}

fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(Mode::ALL.to_vec())
}

fn matter() -> impl Strategy<Value = u64> {
    prop_oneof![4 => Just(1_u64), 1 => Just(2_u64)]
}

fn word() -> impl Strategy<Value = CarrierStatus> {
    prop::sample::select(vec![
        CarrierStatus::Queued,
        CarrierStatus::Ringing,
        CarrierStatus::InProgress,
        CarrierStatus::InProgress,
        CarrierStatus::Completed { talked: None },
        CarrierStatus::NoAnswer,
    ])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => word().prop_map(Step::Hear),
        2 => who().prop_map(Step::Answer),
        1 => who().prop_map(Step::Decline),
        2 => (who(), any::<bool>()).prop_map(|(agent, on)| Step::Mute(agent, if on { Microphone::Open } else { Microphone::Muted })),
        2 => (who(), any::<bool>()).prop_map(|(agent, on)| Step::Hold(agent, if on { OutsideLine::Talking } else { OutsideLine::OnHold })),
        4 => (who(), who()).prop_map(|(from, to)| Step::Transfer(from, to)),
        4 => who().prop_map(Step::TakeOver),
        1 => Just(Step::CancelTransfer),
        1 => who().prop_map(Step::HangUp),
        1 => Just(Step::OutsideLeft),
        1 => who().prop_map(Step::RevokeAgent),
        2 => who().prop_map(Step::AgentLost),
        2 => who().prop_map(Step::AgentBack),
        1 => Just(Step::OutsideLost),
        1 => Just(Step::OutsideBack),
        2 => Just(Step::Lapse),
        8 => (who(), matter(), mode()).prop_map(|(who, matter, mode)| Step::Supervise(who, matter, mode)),
        8 => (who(), matter(), mode()).prop_map(|(who, matter, mode)| Step::Switch(who, matter, mode)),
        2 => who().prop_map(Step::Leave),
        2 => prop::collection::vec(who(), 0..4).prop_map(Step::Recheck),
        1 => (who(), matter(), prop::collection::vec(who(), 0..4)).prop_map(|(agent, matter, cleared)| Step::File(agent, matter, cleared)),
    ]
}

/// Carries out one step; what is refused must have changed nothing.
fn take(call: &mut Call, step: &Step, second: i64) -> Vec<Effect> {
    let before = call.clone();
    let now = at(second);
    let refused = |effects: Result<Vec<Effect>, ()>, call: &Call| {
        effects.unwrap_or_else(|()| {
            assert_eq!(*call, before, "a refused step changed the call");
            Vec::new()
        })
    };
    let result = match step {
        Step::Hear(word) => match call.hear(*word, now) {
            Heard::Moved(effects) => Ok(effects),
            Heard::Stale => Err(()),
        },
        Step::Answer(agent) => call.answer(user(*agent), now).map_err(drop),
        Step::Decline(agent) => call.decline(user(*agent), now).map_err(drop),
        Step::Mute(agent, microphone) => call.set_microphone(user(*agent), *microphone).map_err(drop),
        Step::Hold(agent, outside) => call.set_outside(user(*agent), *outside).map_err(drop),
        Step::Transfer(from, to) => call.transfer(user(*from), user(*to)).map_err(drop),
        Step::TakeOver(to) => call.take_over(user(*to)).map_err(drop),
        Step::CancelTransfer => call.cancel_transfer().map_err(drop),
        Step::HangUp(agent) => call.hang_up(user(*agent), now).map_err(drop),
        Step::OutsideLeft => Ok(call.outside_left(now)),
        Step::RevokeAgent(agent) => Ok(call.revoke_agent(user(*agent), now)),
        Step::AgentLost(agent) => call.agent_lost(user(*agent), now).map_err(drop),
        Step::AgentBack(agent) => call.agent_back(user(*agent)).map_err(drop),
        Step::OutsideLost => call.outside_lost(now).map_err(drop),
        Step::OutsideBack => call.outside_back().map_err(drop),
        Step::Lapse => Ok(call.lapse(now)),
        Step::Supervise(who, matter, mode) => call.supervise(&in_case(*who, *matter), *mode, now).map_err(drop),
        Step::Switch(who, matter, mode) => call.switch(&in_case(*who, *matter), *mode).map_err(drop),
        Step::Leave(who) => call.leave(user(*who)).map_err(drop),
        Step::Recheck(cleared) => {
            let cleared: Vec<_> = cleared.iter().map(|who| in_case(*who, 1)).collect();
            Ok(call.recheck(&cleared))
        }
        Step::File(agent, matter, cleared) => {
            let cleared: Vec<_> = cleared.iter().map(|who| in_case(*who, *matter)).collect();
            call.file_in(user(*agent), case(*matter), &cleared).map_err(drop)
        }
    };
    refused(result, call)
}

/// Who is in the room, by effects alone.
#[derive(Debug, Default)]
struct Room {
    agent: Option<UserId>,
    ringing: Option<UserId>,
    supervisors: BTreeMap<UserId, Mode>,
    closed: bool,
}

impl Room {
    fn carry_out(&mut self, effect: Effect) {
        assert!(!self.closed, "{effect:?} after the end");
        match effect {
            Effect::Ring { agent } => self.ringing = Some(agent),
            Effect::StopRinging { agent } => {
                assert_eq!(self.ringing.take(), Some(agent));
            }
            Effect::Seat { agent } => {
                assert!(self.agent.is_none_or(|there| there == agent), "two agents");
                self.agent = Some(agent);
            }
            Effect::Unseat { agent } => assert_eq!(self.agent.take(), Some(agent)),
            Effect::Supervise { supervisor, mode } => {
                self.supervisors.insert(supervisor, mode);
            }
            Effect::Dismiss { supervisor, .. } => assert!(self.supervisors.remove(&supervisor).is_some()),
            Effect::RecordVoicemail | Effect::SetMicrophone { .. } | Effect::SetOutside(_) => {}
            Effect::HangUp => self.closed = true,
        }
    }
}

fn check(call: &Call, room: &Room) {
    let roster: BTreeMap<UserId, Mode> = call.supervisors().iter().map(|there| (there.user, there.mode)).collect();
    assert_eq!(roster, room.supervisors, "the room and the call disagree on who supervises");
    assert_eq!(room.closed, call.status().is_final());
    match call.state() {
        State::Answered(talk) => {
            assert_eq!(room.agent, Some(talk.agent));
            assert_eq!(room.ringing, talk.transfer_to);
            assert!(!roster.contains_key(&talk.agent), "an agent supervises their own call");
            let speaks = roster.values().any(|mode| *mode != Mode::Listen);
            assert!(!speaks || talk.agent_line == Line::Here, "somebody speaks to an agent who is away");
        }
        State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Ended(_) => {
            assert!(roster.is_empty(), "supervised while nobody talks");
        }
    }
}

fn lost(talk: &Talk) -> bool {
    talk.agent_line != Line::Here || talk.outside_line != Line::Here
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn effects_keep_the_room_as_the_call_says_and_nothing_goes_back(
        inbound in any::<bool>(),
        steps in prop::collection::vec((step(), 0..8_i64), 1..60),
    ) {
        let (mut call, first) = if inbound {
            Call::incoming(organization(), Some(case(1)), user(0))
        } else {
            (Call::outgoing(organization(), Some(case(1)), user(0)), Vec::new())
        };
        let mut room = Room::default();
        first.into_iter().for_each(|effect| room.carry_out(effect));
        let mut second = 0;
        for (step, pause) in steps {
            second += pause;
            let before = call.status();
            let effects = take(&mut call, &step, second);
            effects.into_iter().for_each(|effect| room.carry_out(effect));
            prop_assert!(call.status().step() >= before.step(), "{before:?} went back to {:?}", call.status());
            if before.is_final() {
                prop_assert_eq!(call.status(), before);
            }
            check(&call, &room);
        }
        // Whoever supervises, a call that misses a party ends once the grace is over.
        let misses_somebody = matches!(call.state(), State::Answered(talk) if lost(talk));
        call.lapse(at(second).plus(GRACE).plus(Duration::from_secs(1))).into_iter().for_each(|effect| room.carry_out(effect));
        prop_assert!(!misses_somebody || call.status().is_final());
        check(&call, &room);
    }
}
