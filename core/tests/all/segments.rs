//! Segment counts against Twilio's `sms-segments-calculator` 1.3.0: vectors by hand (`data/sms_segments.json`) and texts
//! thrown together at random that it was run on (`data/sms_segments_random.json`).

use casewire_core::messaging::segments::{Encoding, Substitution, normalize_body, segments};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    body: String,
    smart_encoding: bool,
    encoding: String,
    number_of_characters: usize,
    unicode_scalars: usize,
    segments: u32,
    total_size_bits: usize,
    message_size_bits: usize,
    non_gsm: Vec<String>,
    splits: Vec<Share>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    len_utf16: usize,
    text: Option<String>,
    head: Option<String>,
    tail: Option<String>,
}

fn check(case: &Case) {
    let name = &case.name;
    let counted = segments(
        &case.body,
        if case.smart_encoding {
            Substitution::Smart
        } else {
            Substitution::Exact
        },
    );
    assert_eq!(counted.encoding.as_str(), case.encoding, "{name}");
    assert_eq!(counted.characters, case.number_of_characters, "{name}: characters");
    assert_eq!(counted.unicode_scalars, case.unicode_scalars, "{name}: scalars");
    assert_eq!(counted.segments, case.segments, "{name}: segments");
    assert_eq!(counted.total_bits, case.total_size_bits, "{name}: total bits");
    assert_eq!(counted.message_bits, case.message_size_bits, "{name}: message bits");
    assert!(
        counted.forcing_unicode().eq(case.non_gsm.iter().map(String::as_str)),
        "{name}: forcing unicode"
    );
    assert_eq!(counted.splits.len(), case.splits.len(), "{name}: splits");
    for ((split, text), expected) in counted.splits.iter().zip(counted.split_texts()).zip(&case.splits) {
        assert_eq!(split.utf16_units, expected.len_utf16, "{name}: length of a split");
        assert!(expected.text.as_ref().is_none_or(|whole| whole == text), "{name}: text of a split");
        assert!(
            expected.head.as_ref().is_none_or(|head| text.starts_with(head.as_str())),
            "{name}: head"
        );
        assert!(
            expected.tail.as_ref().is_none_or(|tail| text.ends_with(tail.as_str())),
            "{name}: tail"
        );
    }
}

#[test]
fn every_text_costs_what_the_reference_says() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/sms_segments.json")).unwrap();
    assert!(cases.len() >= 20, "the vectors are there");
    cases.iter().for_each(check);
}

#[test]
fn random_texts_cost_what_the_reference_says() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/sms_segments_random.json")).unwrap();
    assert!(cases.len() >= 100, "the vectors are there");
    cases.iter().for_each(check);
}

#[test]
fn a_cluster_too_long_for_a_segment_is_cut_between_its_scalars() {
    let text = format!("e{}", "\u{301}".repeat(100));
    let counted = segments(&text, Substitution::Exact);
    assert_eq!((counted.encoding, counted.characters, counted.segments), (Encoding::Ucs2, 1, 2));
    assert!(counted.splits.iter().all(|split| split.utf16_units <= 67));
}

#[test]
fn composed_accents_stay_in_gsm() {
    let decomposed = "cafe\u{301}";
    assert_eq!(segments(decomposed, Substitution::Exact).encoding, Encoding::Ucs2);
    assert_eq!(normalize_body(decomposed), "café");
    assert_eq!(segments(&normalize_body(decomposed), Substitution::Exact).encoding, Encoding::Gsm7);
}

#[test]
fn no_text_is_printed() {
    assert!(!format!("{:?}", segments("secret", Substitution::Exact)).contains("secret"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn segments_hold_the_text_and_no_more_than_140_octets(
        text in "([a-z €é]{0,40}|[я\u{301}]{0,9}|👨\u{200d}👩\u{200d}👧|🇺🇸|\\PC){0,12}",
        smart in any::<bool>(),
    ) {
        let counted = segments(&text, if smart { Substitution::Smart } else { Substitution::Exact });
        prop_assert_eq!(counted.split_texts().collect::<String>(), counted.text());
        prop_assert!(smart || counted.text() == text);
        let header = if counted.segments > 1 { 48 } else { 0 };
        prop_assert_eq!(counted.total_bits, counted.message_bits + header * counted.splits.len());
        for text in counted.split_texts() {
            let bits = segments(text, Substitution::Exact);
            let bits = match counted.encoding {
                Encoding::Gsm7 => bits.message_bits,
                Encoding::Ucs2 => text.encode_utf16().count() * 16,
            };
            prop_assert!(bits + header <= 1120);
        }
        prop_assert_eq!(counted.encoding == Encoding::Gsm7, counted.forcing_unicode().next().is_none());
    }
}
