//! Delivery states under callbacks that come late, twice and in any order.

use DeliveryState::{Accepted, Canceled, Delivered, Failed, HandingOver, Queued, Read, Refused, Sending, Sent, Undelivered, Unknown};
use casewire_core::messaging::delivery::{DeliveryState, HandOver, Refusal, message_state};
use proptest::prelude::*;

fn refused(refusal: Refusal) -> HandOver {
    HandOver::Refused {
        code: Some(21_610),
        refusal,
    }
}

fn after_all(start: DeliveryState, news: &[DeliveryState]) -> DeliveryState {
    news.iter().fold(start, |state, to| state.advance(*to).unwrap_or(state))
}

#[test]
fn the_usual_way_goes_forward_step_by_step() {
    let way = [Queued, HandingOver, Accepted, Sending, Sent, Delivered, Read];
    for (from, to) in way.iter().zip(way.iter().skip(1)) {
        assert_eq!(from.advance(*to), Some(*to));
        assert_eq!(to.advance(*from), None);
    }
}

#[test]
fn the_first_end_stays() {
    for end in [Delivered, Undelivered, Failed, Refused, Canceled] {
        for news in DeliveryState::ALL {
            let read_after_all = news == Read && !matches!(end, Refused | Canceled);
            assert_eq!(end.advance(news), read_after_all.then_some(Read), "{end} then {news}");
        }
    }
    assert!(DeliveryState::ALL.iter().all(|news| Read.advance(*news).is_none()));
}

#[test]
fn what_has_been_sent_is_neither_refused_nor_canceled() {
    for state in [Sending, Sent, Delivered, Read] {
        assert_eq!((state.advance(Refused), state.advance(Canceled)), (None, None));
    }
    assert_eq!(Accepted.advance(Refused), None);
    assert_eq!(Accepted.advance(Canceled), Some(Canceled));
}

#[test]
fn a_hand_over_ends_in_one_of_its_outcomes() {
    let accepted = HandOver::Accepted { provider_id: "SM1".into() };
    for state in [HandingOver, Unknown] {
        assert_eq!(state.after(&accepted), Some(Accepted));
        assert_eq!(state.after(&refused(Refusal::Final)), Some(Refused));
        assert_eq!(state.after(&refused(Refusal::Passing)), Some(Queued));
    }
    assert_eq!(HandingOver.after(&HandOver::Unknown), Some(Unknown));
    for state in [Sent, Delivered, Failed] {
        for outcome in [
            accepted.clone(),
            refused(Refusal::Final),
            refused(Refusal::Passing),
            HandOver::Unknown,
        ] {
            assert_eq!(state.after(&outcome), None, "a callback was quicker");
        }
    }
}

#[test]
fn the_message_is_where_its_last_part_is() {
    for state in DeliveryState::ALL {
        assert_eq!(message_state(&[state]), state);
        assert_eq!(message_state(&[state, state]), state);
    }
    assert_eq!(message_state(&[]), Queued);
    assert_eq!(message_state(&[HandingOver, Queued]), HandingOver);
    assert_eq!(message_state(&[Accepted, Queued]), Accepted);
    assert_eq!(message_state(&[Sent, Queued]), Sending);
    assert_eq!(message_state(&[Delivered, Sending]), Sending);
    assert_eq!(message_state(&[Read, Delivered, Sent]), Sent);
    assert_eq!(message_state(&[Read, Delivered]), Delivered);
}

#[test]
fn a_lost_part_speaks_for_the_message() {
    assert_eq!(message_state(&[Delivered, Failed, Queued]), Failed);
    assert_eq!(message_state(&[Undelivered, Refused]), Undelivered);
    assert_eq!(message_state(&[Sent, Unknown, Queued]), Unknown);
    assert_eq!(message_state(&[Unknown, Refused]), Refused);
}

#[test]
fn the_next_part_goes_only_after_this_one_was_sent() {
    let go: Vec<_> = DeliveryState::ALL.into_iter().filter(|state| state.lets_the_next_go()).collect();
    assert_eq!(go, [Sent, Delivered, Read]);
    let stop: Vec<_> = DeliveryState::ALL.into_iter().filter(|state| state.stops_the_rest()).collect();
    assert_eq!(stop, [Undelivered, Failed, Refused, Canceled]);
}

#[test]
fn names_are_the_same_in_the_database_and_on_the_wire() {
    for state in DeliveryState::ALL {
        assert_eq!(state.as_str().parse(), Ok(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    assert!("Sent".parse::<DeliveryState>().is_err());
}

fn callbacks() -> impl Strategy<Value = Vec<DeliveryState>> {
    prop::collection::vec(
        prop::sample::select(vec![Accepted, Sending, Sent, Delivered, Undelivered, Failed, Read]),
        0..20,
    )
}

fn callbacks_with_one_end() -> impl Strategy<Value = Vec<DeliveryState>> {
    prop::sample::select(vec![Delivered, Undelivered, Failed])
        .prop_flat_map(|end| prop::collection::vec(prop::sample::select(vec![Accepted, Sending, Sent, end, Read]), 0..20))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn callbacks_in_any_order_end_at_the_highest_rank(news in callbacks()) {
        let highest = news.iter().map(|state| state.rank()).max().unwrap_or(0).max(HandingOver.rank());
        prop_assert_eq!(after_all(HandingOver, &news).rank(), highest);
    }

    #[test]
    fn order_and_repetition_change_nothing(
        (news, shuffled) in callbacks_with_one_end().prop_flat_map(|news| {
            let twice = news.iter().chain(&news).copied().collect::<Vec<_>>();
            (Just(news), Just(twice).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(after_all(HandingOver, &news), after_all(HandingOver, &shuffled));
    }

    #[test]
    fn no_news_goes_backward(news in prop::collection::vec(prop::sample::select(DeliveryState::ALL.to_vec()), 0..30)) {
        let mut state = Queued;
        for to in news {
            if let Some(next) = state.advance(to) {
                prop_assert!(next == to && next.rank() > state.rank());
                state = next;
            }
        }
    }
}
