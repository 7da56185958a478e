//! How names, numbers and texts are searched: what a word is, what is the same letter, and where it stands in the text that is
//! shown. One rule for what is stored and what is asked, so that both engines find the same. Refuses operators: a quote is no word.

pub mod document;
mod fold;
mod snippet;

use std::collections::BTreeSet;
use std::ops::Range;

pub use snippet::{Snippet, marked, snippet};

/// A longer word is known by so many characters.
const LONGEST_WORD: usize = 64;
/// So many different words of a question count.
const MOST_WORDS: usize = 12;
/// Fewer digits are no number of anybody.
const FEWEST_DIGITS: usize = 3;
/// A number with so many digits is one, however it is written.
const WHOLE_NUMBER: Range<usize> = 7..16;

/// A word as it is compared, and the bytes of the text that it stands in.
struct Word {
    folded: String,
    at: Range<usize>,
}

/// What somebody searches for.
#[derive(Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
    last_may_go_on: bool,
    digits: Option<String>,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Query { .. }")
    }
}

impl Query {
    /// Reads a question. The last word may be the beginning of one, from two characters on; every other one is meant whole.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        for word in split(text) {
            words.retain(|known| *known != word.folded);
            words.push(word.folded);
        }
        words.drain(..words.len().saturating_sub(MOST_WORDS));
        let last_may_go_on = words.last().is_some_and(|word| word.chars().count() > 1);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        let is_number = digits.len() >= FEWEST_DIGITS && !text.chars().any(char::is_alphabetic);
        Self {
            words,
            last_may_go_on,
            digits: is_number.then(|| digits.to_owned()),
        }
    }

    /// Whether nothing was asked that could be found.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words, all of which must be there.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether the last word may be the beginning of one.
    #[must_use]
    pub const fn last_may_go_on(&self) -> bool {
        self.last_may_go_on
    }

    /// The beginning of a number that would do instead of the words.
    #[must_use]
    pub fn digits(&self) -> Option<&str> {
        self.digits.as_deref()
    }

    /// Whether this question finds that word.
    fn finds(&self, word: &str) -> bool {
        let whole = self.words.iter().any(|asked| asked == word);
        whole || (self.last_may_go_on && self.words.last().is_some_and(|last| word.starts_with(last.as_str())))
    }

    /// Whether this question finds that number.
    fn finds_number(&self, digits: &str) -> bool {
        self.digits
            .as_deref()
            .is_some_and(|asked| ends_of(digits).any(|end| end.starts_with(asked)))
    }
}

/// The words that a text is found by, each once: its own, and the numbers in it without what is between their digits.
#[must_use]
pub fn words_of_text(text: &str) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = split(text).into_iter().map(|word| word.folded).collect();
    for (digits, _) in numbers(text) {
        if let Some(national) = digits.len().checked_sub(10).and_then(|from| digits.get(from..)) {
            words.insert(national.to_owned());
        }
        words.insert(digits);
    }
    words
}

/// The words that a person is found by: those of the name, and each number from any of its digits on.
#[must_use]
pub fn words_of_person<'n>(name: &str, numbers: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = split(name).into_iter().map(|word| word.folded).collect();
    for number in numbers {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        words.extend(ends_of(&digits).map(str::to_owned));
    }
    words
}

/// The words that a case is found by: those of its caption and its number, the number in one piece, and its digits from any on.
#[must_use]
pub fn words_of_case(number: &str, caption: &str) -> BTreeSet<String> {
    let of_number = split(number);
    let whole: String = of_number.iter().map(|word| word.folded.as_str()).collect();
    let mut words: BTreeSet<String> = split(caption).into_iter().chain(of_number).map(|word| word.folded).collect();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    words.extend(ends_of(&digits).map(str::to_owned));
    if !whole.is_empty() {
        words.insert(whole.chars().take(LONGEST_WORD).collect());
    }
    words
}

/// A number from each of its digits on, as long as enough are left.
fn ends_of(digits: &str) -> impl Iterator<Item = &str> {
    let most = digits.len().saturating_sub(FEWEST_DIGITS - 1);
    (0..most).filter_map(move |from| digits.get(from..))
}

/// The words of a text in their order. A letter of a script without spaces, and a symbol such as an emoji, is a word by itself.
fn split(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_open = false;
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        if fold::is_silent(character) {
            continue;
        }
        let folded = fold::letters(character);
        let stands_alone = fold::stands_alone(character);
        if folded.is_empty() {
            is_open = false;
            continue;
        }
        match words.last_mut().filter(|_| is_open && !stands_alone) {
            Some(word) => {
                word.at.end = end;
                if word.folded.chars().count() < LONGEST_WORD {
                    word.folded.push_str(&folded);
                }
            }
            None => words.push(Word { folded, at: start..end }),
        }
        is_open = !stands_alone;
    }
    words
}

/// The numbers that are written with something between their digits: the digits, and the bytes that they stand in.
fn numbers(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let (mut digits, mut at, mut is_parted) = (String::new(), 0..0, false);
    for (place, character) in text.char_indices().chain([(text.len(), '\n')]) {
        if character.is_ascii_digit() {
            if digits.is_empty() {
                at.start = place;
            }
            is_parted |= !digits.is_empty() && at.end < place;
            digits.push(character);
            at.end = place + 1;
        } else if !matches!(character, ' ' | '-' | '.' | '(' | ')' | '+' | '/' | '\u{a0}' | '\u{2011}') {
            if is_parted && WHOLE_NUMBER.contains(&digits.len()) {
                found.push((std::mem::take(&mut digits), at.clone()));
            }
            digits.clear();
            is_parted = false;
        }
    }
    found
}

#[cfg(test)]
#[path = "search/tests.rs"]
mod tests;
