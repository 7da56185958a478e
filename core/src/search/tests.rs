//! Words, letters and places.

use super::*;

fn words(text: &str) -> Vec<String> {
    split(text).into_iter().map(|word| word.folded).collect()
}

fn shown(text: &str, question: &str) -> Vec<String> {
    let Snippet { text, marks } = marked(text, &Query::read(question));
    let units: Vec<u16> = text.encode_utf16().collect();
    let piece = |[from, to]: &[u32; 2]| units.get(*from as usize..*to as usize).map(String::from_utf16_lossy);
    marks.iter().filter_map(piece).collect()
}

#[test]
fn case_and_diacritics_make_no_difference() {
    assert_eq!(
        words("José GARCÍA-Núñez, Łódź; STRAẞE"),
        ["jose", "garcia", "nunez", "lodz", "strasse"]
    );
    assert_eq!(words("Jose\u{301}"), words("JOSÉ"));
    assert_eq!(words("ＡＢＣ１２"), ["abc12"]);
}

#[test]
fn an_apostrophe_parts_no_name() {
    assert_eq!(words("O'Brien O’BRIEN"), ["obrien", "obrien"]);
}

#[test]
fn quotes_and_operators_are_between_words() {
    assert_eq!(words(r#""knee" OR (AND:* NOT) -^~ \ ; -- '"#), ["knee", "or", "and", "not"]);
    assert!(Query::read("\"'()*:^-").is_empty());
}

#[test]
fn an_emoji_and_a_letter_without_spaces_is_a_word() {
    assert_eq!(words("ok👍🏽👍"), ["ok", "👍", "👍"]);
    assert_eq!(words("東京 ok"), ["東", "京", "ok"]);
}

#[test]
fn right_to_left_is_read_like_anything_else() {
    assert_eq!(words("\u{202b}שָׁלוֹם עולם\u{202c}"), ["שלום", "עולם"]);
    assert_eq!(words("مُحَمَّد"), ["محمد"]);
    assert_eq!(shown("אני ראיתי את התאונה", "ראיתי"), ["ראיתי"]);
}

#[test]
fn vowels_of_other_scripts_stay() {
    assert_ne!(words("कि"), words("का"));
}

#[test]
fn the_last_word_may_be_a_beginning_and_a_single_letter_is_meant_whole() {
    let query = Query::read("the acc");
    assert!(query.last_may_go_on() && query.finds("accident") && query.finds("the") && !query.finds("then"));
    let letter = Query::read("x");
    assert!(!letter.last_may_go_on() && letter.finds("x") && !letter.finds("xray"));
}

#[test]
fn a_long_question_counts_with_its_last_words() {
    let long: String = (0..5000).map(|n| format!("w{n} ")).collect();
    assert_eq!(Query::read(&long).words().len(), MOST_WORDS);
    let one = "a".repeat(10_000);
    assert_eq!(Query::read(&one).words(), ["a".repeat(LONGEST_WORD)]);
    assert!(words_of_text(&one).contains(&"a".repeat(LONGEST_WORD)));
}

#[test]
fn a_person_is_found_by_any_digits_of_a_number() {
    let words = words_of_person("Jane Smith", ["+14155550123"]);
    for asked in ["+1 (415) 555-0123", "4155550123", "555-0123", "0123", "123", "555"] {
        let query = Query::read(asked);
        let digits = query.digits().map(str::to_owned).unwrap_or_default();
        assert!(words.iter().any(|word| word.starts_with(&digits)), "{asked}");
    }
    assert_eq!(Query::read("12").digits(), None);
    assert_eq!(Query::read("route 66 1234").digits(), None);
}

#[test]
fn a_number_in_a_text_is_found_however_it_is_written() {
    let text = "Call me at (415) 555-0123 after 5";
    assert!(words_of_text(text).contains("4155550123"));
    assert_eq!(shown(text, "4155550123"), ["415) 555-0123"]);
    assert_eq!(shown("my number: 4155550123", "415 555"), ["4155550123"]);
}

#[test]
fn a_case_is_found_by_its_number_in_pieces_and_in_one() {
    let words = words_of_case("24-CV-00456", "Smith v. Jones");
    for word in ["24", "cv", "00456", "24cv00456", "456", "smith", "jones"] {
        assert!(words.contains(word), "{word}");
    }
}

#[test]
fn the_places_are_those_of_the_words_in_utf_16() {
    assert_eq!(marked("😀 Knee knees", &Query::read("knee")).marks, [[3, 7], [8, 13]]);
    assert_eq!(shown("José was there", "jose WAS"), ["José", "was"]);
}

#[test]
fn a_snippet_is_around_the_first_place() {
    let text = format!("{}needle{}", "hay ".repeat(100), " hay".repeat(100));
    let found = snippet(&text, &Query::read("needle"), 120);
    assert!(found.text.starts_with('…') && found.text.ends_with('…'));
    assert_eq!(found.text.chars().count(), 122);
    assert_eq!(found.marks, [[41, 47]]);
    let at_the_end = snippet("short", &Query::read("else"), 120);
    assert_eq!((at_the_end.text.as_str(), at_the_end.marks.len()), ("short", 0));
}

#[test]
fn no_word_holds_what_an_engine_reads_as_an_operator() {
    let every: String = (0..0x3000_u32).filter_map(char::from_u32).collect();
    for word in words_of_text(&every) {
        assert!(word.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric()), "{word:?}");
    }
}
