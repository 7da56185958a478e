//! Calls: every step from the states where it matters, in words; then random lives of a call, checked against a room that does
//! nothing but carry out effects.

#[path = "calls/clearances.rs"]
mod clearances;
#[path = "calls/lives.rs"]
mod lives;

use std::time::Duration;

use casewire_core::calls::{
    Call, CallError, CallStatus, CarrierStatus, Departure, Effect, EndReason, GRACE, Heard, Microphone, Mode, Outcome, OutsideLine, State,
    SuperviseError,
};
use casewire_core::id::{OrganizationId, UserId};
use casewire_core::time::Timestamp;

use crate::naive::id;
use clearances::{ORGANIZATION, case, in_case, in_office};

fn user(number: u64) -> UserId {
    id(number)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

fn organization() -> OrganizationId {
    id(ORGANIZATION)
}

const AGENT: u64 = 1;
const OTHER: u64 = 2;
const BOSS: u64 = 3;

fn talking() -> Call {
    let mut call = Call::outgoing(organization(), Some(case(1)), user(AGENT));
    assert_eq!(
        call.hear(CarrierStatus::InProgress, at(10)),
        Heard::Moved(vec![Effect::Seat { agent: user(AGENT) }])
    );
    call
}

fn supervised(mode: Mode) -> Call {
    let mut call = talking();
    call.supervise(&in_case(BOSS, 1), mode, at(11)).unwrap();
    call
}

fn dismissed(why: Departure) -> Effect {
    Effect::Dismiss {
        supervisor: user(BOSS),
        why,
    }
}

fn listens() -> Effect {
    Effect::Supervise {
        supervisor: user(BOSS),
        mode: Mode::Listen,
    }
}

fn end(call: &Call) -> casewire_core::calls::End {
    match call.state() {
        State::Ended(end) => *end,
        state @ (State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_)) => {
            panic!("not ended: {state:?}")
        }
    }
}

#[test]
fn what_the_carrier_says_twice_or_too_late_changes_nothing() {
    let mut call = Call::outgoing(organization(), None, user(AGENT));
    assert_eq!(call.hear(CarrierStatus::Initiated, at(1)), Heard::Stale);
    assert_eq!(call.hear(CarrierStatus::Ringing, at(2)), Heard::Moved(vec![]));
    assert_eq!(call.hear(CarrierStatus::Ringing, at(3)), Heard::Stale);
    assert!(matches!(call.hear(CarrierStatus::InProgress, at(4)), Heard::Moved(_)));
    for late in [CarrierStatus::InProgress, CarrierStatus::Ringing, CarrierStatus::Queued] {
        assert_eq!(call.hear(late, at(5)), Heard::Stale);
    }
    assert_eq!(
        call.hear(CarrierStatus::Completed { talked: None }, at(64)),
        Heard::Moved(vec![Effect::HangUp])
    );
    assert_eq!(end(&call).talked(), Duration::from_mins(1));
    for late in [
        CarrierStatus::Completed { talked: None },
        CarrierStatus::Busy,
        CarrierStatus::InProgress,
        CarrierStatus::Ringing,
    ] {
        assert_eq!(call.hear(late, at(70)), Heard::Stale);
    }
    assert_eq!(call.status(), CallStatus::Completed);
}

#[test]
fn an_answer_that_is_overtaken_by_the_end_still_says_how_long_they_talked() {
    let mut call = Call::outgoing(organization(), None, user(AGENT));
    assert!(matches!(
        call.hear(CarrierStatus::Completed { talked: None }, at(30)),
        Heard::Moved(_)
    ));
    assert_eq!(end(&call).talked(), Duration::ZERO);
    assert_eq!(call.hear(CarrierStatus::InProgress, at(12)), Heard::Moved(vec![]));
    assert_eq!(end(&call).talked(), Duration::from_secs(18));
    assert_eq!(call.status(), CallStatus::Completed);
}

#[test]
fn the_carriers_duration_counts_where_the_answer_was_never_heard_of() {
    let mut call = Call::outgoing(organization(), None, user(AGENT));
    let talked = Some(Duration::from_secs(7));
    assert!(matches!(call.hear(CarrierStatus::Completed { talked }, at(30)), Heard::Moved(_)));
    assert_eq!(end(&call).answered_at, Some(at(23)));
}

#[test]
fn who_does_not_answer_is_logged_as_the_carrier_says() {
    for (said, outcome, reason) in [
        (CarrierStatus::Busy, Outcome::Busy, EndReason::OutsideHungUp),
        (CarrierStatus::NoAnswer, Outcome::NoAnswer, EndReason::OutsideHungUp),
        (CarrierStatus::Failed, Outcome::Failed, EndReason::CarrierFailed),
        (CarrierStatus::Canceled, Outcome::Canceled, EndReason::AgentHungUp),
    ] {
        let mut call = Call::outgoing(organization(), None, user(AGENT));
        assert_eq!(call.hear(said, at(9)), Heard::Moved(vec![Effect::HangUp]));
        assert_eq!((end(&call).outcome, end(&call).reason), (outcome, reason));
        assert_eq!(end(&call).answered_at, None);
    }
}

#[test]
fn an_incoming_call_is_answered_by_the_agent_and_not_by_the_carriers_word() {
    let (mut call, effects) = Call::incoming(organization(), None, user(AGENT));
    assert_eq!(effects, [Effect::Ring { agent: user(AGENT) }]);
    assert_eq!(call.hear(CarrierStatus::InProgress, at(1)), Heard::Stale);
    assert_eq!(call.answer(user(OTHER), at(2)), Err(CallError::NotRinging));
    assert_eq!(
        call.answer(user(AGENT), at(2)),
        Ok(vec![
            Effect::StopRinging { agent: user(AGENT) },
            Effect::Seat { agent: user(AGENT) }
        ])
    );
    assert_eq!(call.status(), CallStatus::InProgress);
}

#[test]
fn what_nobody_takes_goes_to_the_machine_and_ends_as_voicemail() {
    let (mut call, _) = Call::incoming(organization(), None, user(AGENT));
    assert_eq!(
        call.decline(user(AGENT), at(20)),
        Ok(vec![Effect::StopRinging { agent: user(AGENT) }, Effect::RecordVoicemail])
    );
    assert_eq!(call.answer(user(AGENT), at(21)), Err(CallError::NotRinging));
    assert_eq!(call.outside_left(at(40)), [Effect::HangUp]);
    assert_eq!(call.status(), CallStatus::Voicemail);
}

#[test]
fn a_caller_who_gives_up_before_anybody_answers_is_a_call_that_nobody_took() {
    let (mut call, _) = Call::incoming(organization(), None, user(AGENT));
    assert_eq!(
        call.hear(CarrierStatus::Completed { talked: None }, at(3)),
        Heard::Moved(vec![Effect::StopRinging { agent: user(AGENT) }, Effect::HangUp])
    );
    assert_eq!((end(&call).outcome, end(&call).talked()), (Outcome::NoAnswer, Duration::ZERO));
}

#[test]
fn only_the_agent_on_the_call_mutes_holds_hands_over_and_hangs_up() {
    let mut call = talking();
    let other = user(OTHER);
    assert_eq!(call.set_microphone(other, Microphone::Muted), Err(CallError::NotYours));
    assert_eq!(call.set_outside(other, OutsideLine::OnHold), Err(CallError::NotYours));
    assert_eq!(call.transfer(other, user(9)), Err(CallError::NotYours));
    assert_eq!(call.hang_up(other, at(20)), Err(CallError::NotYours));
    assert_eq!(call, talking());
}

#[test]
fn mute_and_hold_said_twice_are_done_once() {
    let (mut call, agent) = (talking(), user(AGENT));
    let microphone = Microphone::Muted;
    assert_eq!(
        call.set_microphone(agent, microphone),
        Ok(vec![Effect::SetMicrophone { agent, microphone }])
    );
    assert_eq!(call.set_microphone(agent, microphone), Ok(vec![]));
    assert_eq!(
        call.set_outside(agent, OutsideLine::OnHold),
        Ok(vec![Effect::SetOutside(OutsideLine::OnHold)])
    );
    assert_eq!(call.set_outside(agent, OutsideLine::OnHold), Ok(vec![]));
}

#[test]
fn a_transfer_takes_the_hold_and_the_whisper_away_with_the_agent() {
    let mut call = supervised(Mode::Whisper);
    call.set_outside(user(AGENT), OutsideLine::OnHold).unwrap();
    assert_eq!(
        call.transfer(user(AGENT), user(OTHER)),
        Ok(vec![Effect::Ring { agent: user(OTHER) }])
    );
    assert_eq!(call.transfer(user(AGENT), user(9)), Err(CallError::TransferPending));
    assert_eq!(call.take_over(user(9)), Err(CallError::NoTransfer));
    assert_eq!(
        call.take_over(user(OTHER)),
        Ok(vec![
            Effect::StopRinging { agent: user(OTHER) },
            listens(),
            Effect::Unseat { agent: user(AGENT) },
            Effect::Seat { agent: user(OTHER) },
            Effect::SetOutside(OutsideLine::Talking),
        ])
    );
    assert_eq!(call.agent(), Some(user(OTHER)));
    assert_eq!(call.hang_up(user(AGENT), at(30)), Err(CallError::NotYours));
}

#[test]
fn a_supervisor_who_takes_the_call_over_supervises_it_no_more() {
    let mut call = supervised(Mode::Barge);
    call.transfer(user(AGENT), user(BOSS)).unwrap();
    let effects = call.take_over(user(BOSS)).unwrap();
    assert!(effects.contains(&dismissed(Departure::BecameAgent)));
    assert!(call.supervisors().is_empty());
    assert_eq!(
        call.supervise(&in_case(BOSS, 1), Mode::Listen, at(40)),
        Err(SuperviseError::OwnCall)
    );
}

#[test]
fn supervision_needs_a_clearance_for_this_very_case() {
    let mut call = talking();
    for clearance in [in_case(BOSS, 2), in_office(BOSS)] {
        assert_eq!(call.supervise(&clearance, Mode::Listen, at(1)), Err(SuperviseError::NotCleared));
    }
    assert_eq!(
        call.supervise(&in_case(AGENT, 1), Mode::Listen, at(1)),
        Err(SuperviseError::OwnCall)
    );
    let mut ringing = Call::outgoing(organization(), Some(case(1)), user(AGENT));
    assert_eq!(
        ringing.supervise(&in_case(BOSS, 1), Mode::Listen, at(1)),
        Err(SuperviseError::NotTalking)
    );
    let mut caseless = Call::outgoing(organization(), None, user(AGENT));
    caseless.hear(CarrierStatus::InProgress, at(2));
    assert_eq!(
        caseless.supervise(&in_case(BOSS, 1), Mode::Listen, at(3)),
        Err(SuperviseError::NotCleared)
    );
    assert!(caseless.supervise(&in_office(BOSS), Mode::Listen, at(3)).is_ok());
}

#[test]
fn each_switch_asks_for_the_right_again() {
    let mut call = supervised(Mode::Listen);
    assert_eq!(call.switch(&in_case(BOSS, 2), Mode::Barge), Err(SuperviseError::NotCleared));
    assert_eq!(call.supervisors().first().map(|there| there.mode), Some(Mode::Listen));
    assert_eq!(
        call.switch(&in_case(BOSS, 1), Mode::Barge),
        Ok(vec![Effect::Supervise {
            supervisor: user(BOSS),
            mode: Mode::Barge
        }])
    );
    assert_eq!(call.switch(&in_case(BOSS, 1), Mode::Barge), Ok(vec![]));
    assert_eq!(call.switch(&in_case(OTHER, 1), Mode::Barge), Err(SuperviseError::NotThere));
    assert_eq!(
        call.supervise(&in_case(BOSS, 1), Mode::Listen, at(9)),
        Err(SuperviseError::AlreadyThere { mode: Mode::Barge })
    );
}

#[test]
fn a_revoked_right_takes_the_supervisor_off_and_so_does_another_case() {
    let mut call = supervised(Mode::Barge);
    assert_eq!(call.recheck(&[in_case(BOSS, 1)]), []);
    assert_eq!(
        call.recheck(&[in_case(BOSS, 2), in_case(OTHER, 1)]),
        [dismissed(Departure::Revoked)]
    );
    let mut call = supervised(Mode::Barge);
    assert_eq!(
        call.file_in(user(AGENT), case(2), &[in_case(BOSS, 1)]),
        Ok(vec![dismissed(Departure::Revoked)])
    );
    let mut call = supervised(Mode::Barge);
    assert_eq!(call.file_in(user(AGENT), case(2), &[in_case(BOSS, 2)]), Ok(vec![]));
    assert_eq!(call.supervisors().len(), 1);
}

#[test]
fn while_the_agent_is_away_a_supervisor_can_only_listen() {
    let mut call = supervised(Mode::Barge);
    assert_eq!(call.agent_lost(user(AGENT), at(20)), Ok(vec![listens()]));
    for mode in [Mode::Whisper, Mode::Barge] {
        assert_eq!(call.switch(&in_case(BOSS, 1), mode), Err(SuperviseError::AgentAway));
    }
    call.agent_back(user(AGENT)).unwrap();
    assert!(call.switch(&in_case(BOSS, 1), Mode::Whisper).is_ok());
}

#[test]
fn a_supervisor_alone_never_keeps_a_call_alive() {
    let mut call = supervised(Mode::Barge);
    call.agent_lost(user(AGENT), at(20)).unwrap();
    assert_eq!(call.lapse(at(20).plus(GRACE).minus(Duration::from_micros(1))), []);
    assert_eq!(call.lapse(at(20).plus(GRACE)), [dismissed(Departure::CallEnded), Effect::HangUp]);
    assert_eq!(end(&call).reason, EndReason::AgentLost);
    let mut call = supervised(Mode::Listen);
    assert_eq!(call.outside_left(at(20)), [dismissed(Departure::CallEnded), Effect::HangUp]);
    let mut call = supervised(Mode::Listen);
    call.outside_lost(at(20)).unwrap();
    assert!(call.lapse(at(20).plus(GRACE)).contains(&Effect::HangUp));
}

#[test]
fn a_reload_leaves_microphone_and_hold_as_they_were() {
    let mut call = talking();
    call.set_microphone(user(AGENT), Microphone::Muted).unwrap();
    call.agent_lost(user(AGENT), at(20)).unwrap();
    let still_muted = Effect::SetMicrophone {
        agent: user(AGENT),
        microphone: Microphone::Muted,
    };
    assert_eq!(call.agent_back(user(AGENT)).unwrap().last(), Some(&still_muted));
    assert_eq!(call.lapse(at(1000)), []);
}

#[test]
fn an_agent_without_rights_is_off_the_call_whatever_its_state() {
    let mut call = talking();
    assert_eq!(call.revoke_agent(user(OTHER), at(20)), []);
    assert_eq!(call.revoke_agent(user(AGENT), at(20)), [Effect::HangUp]);
    assert_eq!(end(&call).reason, EndReason::AgentRevoked);
    let (mut call, _) = Call::incoming(organization(), None, user(AGENT));
    assert!(call.revoke_agent(user(AGENT), at(20)).contains(&Effect::RecordVoicemail));
    let mut call = talking();
    call.transfer(user(AGENT), user(OTHER)).unwrap();
    assert_eq!(call.revoke_agent(user(OTHER), at(20)), [Effect::StopRinging { agent: user(OTHER) }]);
}

#[test]
fn every_word_reads_back() {
    for status in CallStatus::ALL {
        assert_eq!(status.as_str().parse::<CallStatus>(), Ok(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
    }
    for mode in Mode::ALL {
        assert_eq!(mode.as_str().parse::<Mode>(), Ok(mode));
    }
    for reason in EndReason::ALL {
        assert_eq!(reason.as_str().parse::<EndReason>(), Ok(reason));
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
    }
    assert_eq!(CarrierStatus::of_word("answered", None), Ok(CarrierStatus::InProgress));
    assert!(CarrierStatus::of_word("Ringing", None).is_err());
}
