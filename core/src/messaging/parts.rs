//! Cutting a long text into parts, each of which is one text for the carrier. The parts joined are the original, to the
//! byte. What the carrier makes of a part is [`super::segments`]; in which order parts go, the sending jobs decide.

use unicode_segmentation::UnicodeSegmentation;

/// Unicode scalar values in a part where nothing else is set.
pub const DEFAULT_PART_LIMIT: usize = 999;

/// UTF-16 units that Twilio takes in one text (error 21617, <https://www.twilio.com/docs/api/errors/21617>), counted the
/// strictest way: an emoji is two.
pub const MOST_UTF16_UNITS: usize = 1600;

/// Why a body has no parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartsError {
    /// Nothing or white space alone; carriers refuse it. A text that carries media needs no body and asks for no parts.
    #[error("the text is empty")]
    Empty,
    /// A part of no characters can hold nothing.
    #[error("a part must have room for at least one character")]
    NoRoom,
}

/// Cuts `body` into parts of at most `limit` Unicode scalar values and [`MOST_UTF16_UNITS`].
///
/// A part ends after the last sentence that ends in its second half, else after the last white space (or before one, at its very
/// end), else after the last sentence at all, else at the last grapheme cluster that fits. A cluster is cut, between scalar
/// values, only if it is too long for any part. White space stays at the end of the part it follows. No part is empty, and
/// none is white space alone unless so much of it stands together that it cannot be helped.
///
/// # Errors
/// [`PartsError`] where `body` is blank or `limit` is 0.
pub fn split_parts(body: &str, limit: usize) -> Result<Vec<&str>, PartsError> {
    if limit == 0 {
        return Err(PartsError::NoRoom);
    }
    if body.trim().is_empty() {
        return Err(PartsError::Empty);
    }
    let mut parts = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(part_end(rest, limit));
        parts.push(part);
        rest = after;
    }
    Ok(parts)
}

/// How much of the room of a part is taken.
#[derive(Clone, Copy, Default)]
struct Fill {
    scalars: usize,
    utf16_units: usize,
}

impl Fill {
    fn with(self, text: &str) -> Self {
        Self {
            scalars: self.scalars + text.chars().count(),
            utf16_units: self.utf16_units + text.encode_utf16().count(),
        }
    }

    fn fits(self, limit: usize) -> bool {
        self.scalars <= limit && self.utf16_units <= MOST_UTF16_UNITS
    }
}

/// The byte at which the first part of `rest` ends.
fn part_end(rest: &str, limit: usize) -> usize {
    let mut ends = Vec::new();
    let mut fill = Fill::default();
    for (at, cluster) in rest.grapheme_indices(true) {
        fill = fill.with(cluster);
        if !fill.fits(limit) {
            let seen = rest.get(..at + cluster.len()).unwrap_or(rest);
            return match best_cut(rest, seen, &ends) {
                Some(cut) => cut,
                None => cut_cluster(rest, limit),
            };
        }
        ends.push(at + cluster.len());
    }
    rest.len()
}

/// The best of the cluster boundaries `ends`, none if there is none. `seen` reaches one cluster beyond the last of them.
fn best_cut(rest: &str, seen: &str, ends: &[usize]) -> Option<usize> {
    let last = *ends.last()?;
    let useful = |cut: usize| !is_blank(rest.get(..cut)) && !is_blank(rest.get(cut..));
    let sentence = seen
        .split_sentence_bound_indices()
        .map(|(start, _)| start)
        .filter(|start| ends.binary_search(start).is_ok() && useful(*start))
        .last();
    let space = || ends.iter().rev().copied().find(|end| useful(*end) && is_at_space(rest, *end, last));
    sentence
        .filter(|cut| *cut >= last / 2)
        .or_else(space)
        .or(sentence)
        .or_else(|| ends.iter().rev().copied().find(|end| useful(*end)))
        .or(Some(last))
}

/// A boundary right after white space, or right before some where the part is full.
fn is_at_space(rest: &str, cut: usize, last: usize) -> bool {
    let after = rest.get(..cut).is_some_and(|text| text.ends_with(char::is_whitespace));
    let before = rest.get(cut..).is_some_and(|text| text.starts_with(char::is_whitespace));
    if after { !before || cut == last } else { before && cut == last }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

/// The byte at which a cluster that fits into no part is cut: as many scalars as fit, but one at least.
fn cut_cluster(rest: &str, limit: usize) -> usize {
    let mut fill = Fill::default();
    let mut end = 0;
    for scalar in rest.chars() {
        fill.scalars += 1;
        fill.utf16_units += scalar.len_utf16();
        if end > 0 && !fill.fits(limit) {
            break;
        }
        end += scalar.len_utf8();
    }
    end
}
