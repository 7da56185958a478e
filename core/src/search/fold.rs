//! What is the same letter: case, diacritics and compatibility forms make no difference. Marks that are vowels of their own
//! (as in Devanagari) stay, for without them another word is left.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The letters that a character is compared by; none where it stands between words.
pub(super) fn letters(character: char) -> String {
    if is_symbol(character) {
        return character.to_string();
    }
    std::iter::once(character)
        .nfkd()
        .filter(|part| !is_diacritic(*part))
        .flat_map(char::to_lowercase)
        .filter(|part| !is_diacritic(*part) && (part.is_alphanumeric() || is_combining_mark(*part)))
        .fold(String::new(), |mut folded, part| {
            match part {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                'ς' => folded.push('σ'),
                'ـ' => {}
                other => folded.push(other),
            }
            folded
        })
}

/// What is heard in no word and parts none: an apostrophe within a name, joiners, directions, variation selectors, marks alone.
pub(super) fn is_silent(character: char) -> bool {
    matches!(character,
        '\'' | '’' | 'ʼ' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | 'ـ')
        || is_diacritic(character)
}

/// Whether a character is a word by itself: a symbol, or a letter of a script that is written without spaces.
pub(super) fn stands_alone(character: char) -> bool {
    is_symbol(character)
        || matches!(character,
            '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

fn is_symbol(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{245f}' | '\u{2500}'..='\u{2bff}' | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

/// Marks on letters of Latin, Greek, Cyrillic, Hebrew and Arabic.
fn is_diacritic(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}'
        | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}
