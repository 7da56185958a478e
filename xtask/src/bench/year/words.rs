//! The words that people use: twenty thousand of them, a few very often and most hardly ever, as in any language (Zipf's law).

use super::mixed;

/// How many words there are.
const WORDS: u64 = 20_000;
const SYLLABLES: [&str; 32] = [
    "ba", "re", "to", "mi", "sa", "ne", "lo", "ka", "du", "vi", "po", "te", "ra", "si", "go", "la", "me", "fu", "ni", "co", "da", "pe",
    "ro", "wa", "he", "ju", "li", "ma", "ve", "no", "ta", "ze",
];

/// The word of that rank; the lower, the oftener.
pub fn syllables(rank: u64) -> String {
    let mut word = String::new();
    let mut left = rank + 32;
    while left > 0 {
        let syllable = usize::try_from(left % 32).ok().and_then(|index| SYLLABLES.get(index));
        word.push_str(syllable.copied().unwrap_or_default());
        left /= 32;
    }
    word
}

/// A rank by chance: word n about as often as 1/n.
pub fn rank(chance: u64) -> u64 {
    // 2 to the power of an evenly spread exponent, in whole steps: each doubling of the rank is equally likely.
    let doublings = 14;
    let power = chance % doublings;
    let within = (chance >> 8) % (1 << power);
    ((1 << power) + within - 1).min(WORDS - 1)
}

/// A text, of seven to eighteen words.
pub fn body(number: u64) -> String {
    let count = 7 + mixed(number ^ 0xb0d1) % 12;
    let mut text = String::new();
    for place in 0..count {
        if place > 0 {
            text.push(' ');
        }
        text.push_str(&syllables(rank(mixed(number << 6 | place))));
    }
    text.push('.');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_differ_and_the_first_ones_come_most() {
        let words: BTreeSet<String> = (0..WORDS).map(syllables).collect();
        assert_eq!(words.len(), 20_000);
        let ranks: Vec<u64> = (0..10_000).map(|number| rank(mixed(number))).collect();
        let often = ranks.iter().filter(|rank| **rank < 10).count();
        assert!((1_500..3_500).contains(&often), "{often}");
        assert_eq!(body(7), body(7));
    }
}
