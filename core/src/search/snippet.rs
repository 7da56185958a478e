//! The stretch of a text that is shown for a question, and where in it the words are. Refuses markup: places are offsets.

use serde::{Deserialize, Serialize};

use super::{Query, numbers, split};

/// How much is shown before the first word that was found.
const BEFORE: usize = 40;

/// A stretch of a text, with the places of what was searched for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snippet {
    /// The stretch; `…` where the text goes on.
    pub text: String,
    /// Beginning and end of each place, in UTF-16 code units, as JavaScript counts; ascending, none within another.
    pub marks: Vec<[u32; 2]>,
}

impl std::fmt::Debug for Snippet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Snippet { .. }")
    }
}

/// A whole text with the places of what was searched for.
#[must_use]
pub fn marked(text: &str, query: &Query) -> Snippet {
    snippet(text, query, usize::MAX)
}

/// At most so many characters of a text, around the first place.
#[must_use]
pub fn snippet(text: &str, query: &Query, most: usize) -> Snippet {
    let places = places(text, query);
    let first = places
        .first()
        .map_or(0, |place| text.get(..place.0).map_or(0, |before| before.chars().count()));
    let length = text.chars().count();
    let from = if length <= most {
        0
    } else {
        first.saturating_sub(BEFORE).min(length - most)
    };
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    let start = starts.get(from).copied().unwrap_or_default();
    let end = starts.get(from.saturating_add(most)).copied().unwrap_or(text.len());
    let mut shown = String::new();
    if start > 0 {
        shown.push('…');
    }
    let shift = units(&shown);
    shown.push_str(text.get(start..end).unwrap_or_default());
    if end < text.len() {
        shown.push('…');
    }
    let offset = |at: usize| shift + text.get(start..at).map_or(0, units);
    let marks = places
        .iter()
        .filter(|place| place.0 >= start && place.1 <= end)
        .map(|place| [offset(place.0), offset(place.1)])
        .collect();
    Snippet { text: shown, marks }
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The bytes in which something that was searched for stands, in order and apart.
fn places(text: &str, query: &Query) -> Vec<(usize, usize)> {
    let words = split(text).into_iter().filter(|word| query.finds(&word.folded)).map(|word| word.at);
    let written = numbers(text)
        .into_iter()
        .filter(|(digits, _)| query.finds_number(digits))
        .map(|(_, at)| at);
    let runs = split(text)
        .into_iter()
        .filter(|word| word.folded.bytes().all(|byte| byte.is_ascii_digit()) && query.finds_number(&word.folded))
        .map(|word| word.at);
    let mut all: Vec<(usize, usize)> = words.chain(written).chain(runs).map(|at| (at.start, at.end)).collect();
    all.sort_unstable();
    let mut apart: Vec<(usize, usize)> = Vec::new();
    for (start, end) in all {
        match apart.last_mut().filter(|last| start < last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => apart.push((start, end)),
        }
    }
    apart
}
