//! How what can be found is written down: in one line, tags before and after the words. A tag begins with `#`, which no word does, and
//! says of which organization something is, what it is, and where it stands, so that the index itself keeps apart what is apart.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::id::{CaseId, Id, OrganizationId};
use crate::time::Timestamp;

/// The tag of people.
pub const PERSON: &str = "#p";
/// The tag of cases.
pub const CASE: &str = "#k";

/// The tag of an organization: the end of its id, which is random.
#[must_use]
pub fn tag_of_organization(organization: OrganizationId) -> String {
    let id = organization.uuid().simple().to_string();
    format!("#o{}", id.get(20..).unwrap_or_default())
}

/// The tag of a case.
#[must_use]
pub fn tag_of_case(case: CaseId) -> String {
    format!("#{}", case.uuid().simple())
}

/// The line of an organization's document.
#[must_use]
pub fn line(organization: OrganizationId, tags: &[&str], words: &BTreeSet<String>) -> String {
    let mut line = tag_of_organization(organization);
    for word in tags.iter().copied().chain(words.iter().map(String::as_str)) {
        line.push(' ');
        line.push_str(word);
    }
    line
}

/// Where a document stands in time: its second, and a place within it made of its ids. Two at one place are possible and rare.
#[must_use]
pub fn place_in_time(at: Timestamp, subject: Uuid, conversation: Uuid) -> i64 {
    let seconds = at.as_micros().div_euclid(1_000_000).clamp(0, i64::from(u32::MAX));
    let mixed = (subject.as_u128() ^ conversation.as_u128().rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let within = i64::try_from(mixed >> 97).unwrap_or(0);
    (seconds << 31) | within
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_up_with_time_and_differ_within_a_second() {
        let place = |micros, subject| place_in_time(Timestamp::from_micros(micros), Uuid::from_u128(subject), Uuid::nil());
        assert!(place(1_769_506_200_999_999, 1) < place(1_769_506_201_000_000, 2));
        let distinct: BTreeSet<i64> = (0..10_000).map(|subject| place(1_769_506_200_000_000, subject)).collect();
        assert_eq!(distinct.len(), 10_000);
        assert!(place(i64::MAX, 7) > 0);
    }

    #[test]
    fn a_line_has_the_tags_first() {
        let organization = OrganizationId::from_uuid(Uuid::from_u128(0xabc));
        let words = ["knee", "hurts"].map(str::to_owned).into();
        assert_eq!(line(organization, &[PERSON], &words), "#o000000000abc #p hurts knee");
    }
}
