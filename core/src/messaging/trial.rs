//! What another routing window would have done to texts that are here already: each is decided again from its receipt, and the two
//! outcomes are told apart. Pure; what really happened to a text after its decision (claims, moves) plays no part.

use std::time::Duration;

use super::routing::{Receipt, Route, decide};

/// How another decision differs from the one that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// It does not.
    Unchanged,
    /// It went to one case, and would have been offered to several.
    NewlyOffered,
    /// It was offered to several cases, and would have gone to one.
    NewlyRouted,
    /// It went to one place, and would have gone to another one.
    RoutedElsewhere,
}

/// Decides a text again with another window.
#[must_use]
pub fn with_window(receipt: Receipt, window: Duration) -> Difference {
    let Receipt { mut facts, route: was, .. } = receipt;
    facts.window_micros = u64::try_from(window.as_micros()).unwrap_or(u64::MAX);
    difference(&was, &decide(facts).route)
}

/// Places are compared, not persons: which of a case's people a text is from does not depend on the window.
fn difference(was: &Route, would_be: &Route) -> Difference {
    match (was, would_be) {
        (Route::Case(was), Route::Case(would_be)) if was.case_id == would_be.case_id => Difference::Unchanged,
        (Route::Broadcast { .. }, Route::Broadcast { .. }) => Difference::Unchanged,
        (Route::Case(_), Route::Broadcast { .. }) => Difference::NewlyOffered,
        (Route::Broadcast { .. }, Route::Case(_)) => Difference::NewlyRouted,
        (was, would_be) if was == would_be => Difference::Unchanged,
        (Route::Case(_) | Route::Broadcast { .. } | Route::Lead { .. } | Route::Contact { .. } | Route::Unknown, _) => {
            Difference::RoutedElsewhere
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CaseId, ContactId, Id};
    use crate::messaging::routing::{CaseStatus, Facts, Holder, Link};
    use crate::time::Timestamp;
    use uuid::Uuid;

    const HOUR: u64 = 3600;

    /// A text of somebody on two cases, to whom the firm wrote so many hours before in each.
    fn receipt(window_hours: u64, first: Option<u64>, second: Option<u64>) -> Receipt {
        let at = Timestamp::from_micros(1_790_000_000_000_000);
        let contact_id = ContactId::from_uuid(Uuid::from_u128(7));
        let link = |case: u128, hours: Option<u64>| Link {
            case_id: CaseId::from_uuid(Uuid::from_u128(case)),
            status: CaseStatus::Open,
            contact_id,
            case_contact_id: None,
            session_opened_at: hours.map(|hours| at.minus(Duration::from_secs(hours * HOUR))),
        };
        decide(Facts {
            at,
            window_micros: window_hours * HOUR * 1_000_000,
            links: vec![link(1, first), link(2, second)],
            holders: vec![Holder { contact_id, lead_id: None }],
        })
    }

    fn hours(hours: u64) -> Duration {
        Duration::from_secs(hours * HOUR)
    }

    #[test]
    fn the_same_window_changes_nothing() {
        for (first, second) in [(None, None), (Some(3), None), (Some(3), Some(40)), (Some(60), None)] {
            assert_eq!(with_window(receipt(48, first, second), hours(48)), Difference::Unchanged);
        }
    }

    #[test]
    fn a_shorter_window_offers_what_it_no_longer_knows_and_routes_what_was_ambiguous() {
        assert_eq!(with_window(receipt(48, Some(30), None), hours(24)), Difference::NewlyOffered);
        assert_eq!(with_window(receipt(48, Some(30), Some(3)), hours(24)), Difference::NewlyRouted);
        assert_eq!(with_window(receipt(48, Some(24), None), hours(24)), Difference::Unchanged);
    }

    #[test]
    fn a_longer_window_routes_by_older_sessions_and_offers_where_it_finds_two() {
        assert_eq!(with_window(receipt(48, Some(60), None), hours(72)), Difference::NewlyRouted);
        assert_eq!(with_window(receipt(48, Some(60), Some(3)), hours(72)), Difference::NewlyOffered);
    }

    #[test]
    fn a_decision_that_no_window_explains_counts_as_elsewhere() {
        let mut receipt = receipt(48, Some(3), None);
        receipt.route = Route::Unknown;
        assert_eq!(with_window(receipt, hours(48)), Difference::RoutedElsewhere);
    }
}
