//! Long texts in parts: nothing lost, nothing too long, nothing cut where it hurts.

use casewire_core::messaging::parts::{DEFAULT_PART_LIMIT, MOST_UTF16_UNITS, PartsError, split_parts};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// Unicode scalar values of the longest cluster in the random texts.
const LONGEST_CLUSTER: usize = 10;

fn fits(part: &str, limit: usize) -> bool {
    part.chars().count() <= limit && part.encode_utf16().count() <= MOST_UTF16_UNITS
}

#[test]
fn a_text_of_999_characters_is_one_part_and_of_1000_two() {
    assert_eq!(split_parts(&"a".repeat(999), DEFAULT_PART_LIMIT).unwrap().len(), 1);
    assert_eq!(split_parts(&"a".repeat(1000), DEFAULT_PART_LIMIT).unwrap().len(), 2);
    assert_eq!(split_parts(&"я".repeat(1999), DEFAULT_PART_LIMIT).unwrap().len(), 3);
}

#[test]
fn a_part_ends_after_a_sentence() {
    let parts = split_parts("We sent the form. Please sign it today.", 30).unwrap();
    assert_eq!(parts, ["We sent the form. ", "Please sign it today."]);
    assert_eq!(
        split_parts("One two three\nfour five six", 20).unwrap(),
        ["One two three\n", "four five six"]
    );
    assert_eq!(split_parts("今日は。明日は。", 6).unwrap(), ["今日は。", "明日は。"]);
}

#[test]
fn a_sentence_that_ends_early_gives_way_to_white_space() {
    assert_eq!(
        split_parts("Hi! alpha beta gamma delta", 19).unwrap(),
        ["Hi! alpha beta ", "gamma delta"]
    );
}

#[test]
fn an_early_sentence_end_is_better_than_none() {
    assert_eq!(split_parts("今。明日明日明日", 7).unwrap(), ["今。", "明日明日明日"]);
}

#[test]
fn a_sentence_end_within_a_cluster_is_none() {
    // U+0E33 begins a sentence by UAX #29 and yet belongs to the cluster before it.
    assert_eq!(split_parts("aaa?\u{e33}bb", 6).unwrap(), ["aaa?\u{e33}b", "b"]);
}

#[test]
fn a_word_that_just_fits_stays_whole() {
    assert_eq!(split_parts("alpha beta gamma", 10).unwrap(), ["alpha beta", " gamma"]);
    assert_eq!(split_parts("alpha beta gamma", 11).unwrap(), ["alpha beta ", "gamma"]);
}

#[test]
fn an_endless_word_is_cut_where_the_part_is_full() {
    assert_eq!(
        split_parts(&"x".repeat(25), 10).unwrap(),
        ["x".repeat(10), "x".repeat(10), "x".repeat(5)]
    );
}

#[test]
fn white_space_at_the_end_makes_no_part_of_its_own() {
    let body = format!("{}   ", "a".repeat(10));
    assert_eq!(split_parts(&body, 10).unwrap(), ["a".repeat(9), "a   ".to_owned()]);
}

#[test]
fn emoji_are_counted_as_the_carrier_counts_them() {
    let body = "😀".repeat(999);
    let parts = split_parts(&body, DEFAULT_PART_LIMIT).unwrap();
    assert_eq!(parts.iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [800, 199]);
}

#[test]
fn a_cluster_is_cut_only_if_no_part_can_hold_it() {
    let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
    assert_eq!(split_parts(&format!("abc{family}"), 8).unwrap(), ["abc", family]);
    let parts = split_parts(family, 3).unwrap();
    assert_eq!(parts.concat(), family);
    assert!(parts.iter().all(|part| fits(part, 3)));
}

#[test]
fn a_blank_text_and_a_part_without_room_are_errors() {
    assert_eq!(split_parts("", 999), Err(PartsError::Empty));
    assert_eq!(split_parts(" \n\u{a0}", 999), Err(PartsError::Empty));
    assert_eq!(split_parts("a", 0), Err(PartsError::NoRoom));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_joined_are_the_original_and_each_fits(
        body in "([a-zA-Z]{1,9}[ .,!?]{1,2}|я{1,30}|👨\u{200d}👩\u{200d}👧|🇺🇸|e\u{301}{1,9}|\r\n|[ \t]{1,20}|क्षि|\\PC){1,60}",
        limit in 1_usize..80,
    ) {
        prop_assume!(!body.trim().is_empty());
        let parts = split_parts(&body, limit).unwrap();
        prop_assert_eq!(parts.concat(), body.as_str());
        // With more than a part's room around the one cluster that is not white space, some of it stands alone.
        let blank_run = body.split(|c: char| !c.is_whitespace()).map(|run| run.chars().count()).max().unwrap_or(0);
        for part in &parts {
            prop_assert!(!part.is_empty() && fits(part, limit));
            prop_assert!(!part.trim().is_empty() || 2 * blank_run + LONGEST_CLUSTER > limit);
        }
    }

    #[test]
    fn no_part_ends_within_a_cluster(
        body in "([a-z]{1,9}[ .]|👨\u{200d}👩\u{200d}👧|🇺🇸|e\u{301}{1,3}|\r\n|क्षि|👍🏽){1,80}",
        limit in 8_usize..80,
    ) {
        prop_assume!(!body.trim().is_empty());
        let boundaries: Vec<usize> = body.grapheme_indices(true).map(|(at, _)| at).collect();
        let mut at = 0;
        for part in split_parts(&body, limit).unwrap() {
            prop_assert!(boundaries.contains(&at));
            at += part.len();
        }
    }

    #[test]
    fn words_stay_whole_where_they_fit(words in prop::collection::vec("[a-z]{1,10}[.!]?", 2..60), limit in 12_usize..60) {
        let body = words.join(" ");
        let parts = split_parts(&body, limit).unwrap();
        let cut: Vec<&str> = parts.iter().flat_map(|part| part.split_whitespace()).collect();
        prop_assert_eq!(cut, words);
        for (part, next) in parts.iter().zip(parts.iter().skip(1)) {
            let first_word = next.split_inclusive(' ').find(|word| !word.trim().is_empty()).unwrap_or_default();
            let with_it = part.chars().count() + first_word.trim_end().chars().count();
            prop_assert!(with_it > limit || part.trim_end().ends_with(['.', '!']), "ends early, and not after a sentence");
        }
    }
}
