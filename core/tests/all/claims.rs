//! Who owns a text: every step from every standing, as a table in words. Sequences of steps are in `world.rs`.

use casewire_core::id::{CaseId, UserId};
use casewire_core::messaging::claims::{
    AttentionReason, Claim, ClaimError, DismissError, MoveError, ReleaseError, Standing, StandingKind, UnknownWord,
};
use casewire_core::time::Timestamp;

use crate::naive::id;

const OFFERED: u64 = 1;
const ALSO_OFFERED: u64 = 2;
const ELSEWHERE: u64 = 3;

fn case(number: u64) -> CaseId {
    id(number)
}

fn claim_by(user: u64) -> Claim {
    Claim {
        by: id::<UserId>(user),
        at: Timestamp::from_micros(1_000_000 + i64::from(user == 1)),
    }
}

fn offered() -> Vec<CaseId> {
    vec![case(OFFERED), case(ALSO_OFFERED)]
}

fn unclaimed() -> Standing {
    Standing::Unclaimed { candidates: offered() }
}

fn claimed() -> Standing {
    Standing::Claimed {
        case_id: case(OFFERED),
        claim: claim_by(1),
        candidates: offered(),
    }
}

fn routed() -> Standing {
    Standing::Routed { case_id: case(OFFERED) }
}

fn moved() -> Standing {
    Standing::Moved { case_id: case(OFFERED) }
}

#[test]
fn the_first_claim_wins_for_a_case_that_the_text_was_offered_to() {
    assert_eq!(unclaimed().claim(case(OFFERED), claim_by(1)), Ok(claimed()));
    assert_eq!(unclaimed().claim(case(ELSEWHERE), claim_by(1)), Err(ClaimError::NotACandidate));
}

#[test]
fn the_second_claim_learns_who_won_and_when_also_for_the_same_case_or_by_the_winner() {
    let winner = claim_by(1);
    let lost = Err(ClaimError::AlreadyClaimed {
        by: winner.by,
        at: winner.at,
    });
    for (case_number, user) in [(OFFERED, 2), (ALSO_OFFERED, 2), (ELSEWHERE, 2), (OFFERED, 1)] {
        assert_eq!(claimed().claim(case(case_number), claim_by(user)), lost);
    }
}

#[test]
fn what_a_rule_or_a_move_placed_or_what_has_no_case_cannot_be_claimed() {
    for standing in [routed(), moved(), Standing::Personal, Standing::Unknown] {
        assert_eq!(standing.claim(case(OFFERED), claim_by(1)), Err(ClaimError::NotUnclaimed));
    }
}

#[test]
fn a_release_offers_the_text_to_the_same_cases_again() {
    assert_eq!(claimed().release(), Ok(unclaimed()));
    for standing in [unclaimed(), routed(), moved(), Standing::Personal, Standing::Unknown] {
        assert_eq!(standing.release(), Err(ReleaseError::NotClaimed));
    }
}

#[test]
fn a_text_moves_to_any_other_case_but_an_unclaimed_one_is_claimed_first() {
    let there = Standing::Moved { case_id: case(ELSEWHERE) };
    for standing in [routed(), claimed(), moved(), Standing::Personal, Standing::Unknown] {
        assert_eq!(standing.move_to(case(ELSEWHERE)), Ok(there.clone()));
    }
    for standing in [routed(), claimed(), moved()] {
        assert_eq!(standing.move_to(case(OFFERED)), Err(MoveError::AlreadyThere));
    }
    assert_eq!(unclaimed().move_to(case(ELSEWHERE)), Err(MoveError::Unclaimed));
    assert_eq!(unclaimed().move_to(case(OFFERED)), Err(MoveError::Unclaimed));
}

#[test]
fn only_what_is_offered_or_unknown_can_be_dismissed() {
    assert_eq!(unclaimed().dismissible(Some(case(ALSO_OFFERED))), Ok(()));
    assert_eq!(unclaimed().dismissible(Some(case(ELSEWHERE))), Err(DismissError::NotACandidate));
    assert_eq!(unclaimed().dismissible(None), Err(DismissError::NotACandidate));
    assert_eq!(Standing::Unknown.dismissible(None), Ok(()));
    assert_eq!(Standing::Unknown.dismissible(Some(case(OFFERED))), Err(DismissError::NotACandidate));
    for standing in [routed(), claimed(), moved(), Standing::Personal] {
        for case_id in [None, Some(case(OFFERED))] {
            assert_eq!(standing.dismissible(case_id), Err(DismissError::HasAnOwner));
        }
    }
}

#[test]
fn only_a_text_that_stands_in_a_case_has_an_owner() {
    for standing in [routed(), claimed(), moved()] {
        assert_eq!(standing.owner(), Some(case(OFFERED)));
    }
    for standing in [unclaimed(), Standing::Personal, Standing::Unknown] {
        assert_eq!(standing.owner(), None);
    }
}

#[test]
fn each_standing_and_each_reason_has_its_word_and_reads_back() {
    let standings = [unclaimed(), routed(), claimed(), moved(), Standing::Personal, Standing::Unknown];
    let words = standings.map(|standing| standing.kind().as_str());
    assert_eq!(words, ["unclaimed", "routed", "claimed", "moved", "personal", "unknown"]);
    assert_eq!(StandingKind::Sent.as_str(), "sent");
    for kind in StandingKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).ok(), Some(kind.as_str().into()));
    }
    assert_eq!("lost".parse::<StandingKind>(), Err(UnknownWord));

    let words = AttentionReason::ALL.map(AttentionReason::as_str);
    assert_eq!(words, ["dismissed_by_all", "nobody_entitled", "unknown_outcome"]);
    for reason in AttentionReason::ALL {
        assert_eq!(reason.as_str().parse(), Ok(reason));
        assert_eq!(serde_json::to_value(reason).ok(), Some(reason.as_str().into()));
    }
    assert_eq!("bored".parse::<AttentionReason>(), Err(UnknownWord));
}

#[test]
fn a_text_needs_attention_when_nobody_can_act_or_everybody_dismissed_it() {
    assert_eq!(AttentionReason::of(0, 0), Some(AttentionReason::NobodyEntitled));
    assert_eq!(AttentionReason::of(0, 1), Some(AttentionReason::NobodyEntitled));
    assert_eq!(AttentionReason::of(1, 0), Some(AttentionReason::DismissedByAll));
    assert_eq!(AttentionReason::of(5, 0), Some(AttentionReason::DismissedByAll));
    assert_eq!(AttentionReason::of(1, 1), None);
    assert_eq!(AttentionReason::of(5, 1), None);
}
