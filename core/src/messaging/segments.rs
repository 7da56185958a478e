//! How many SMS segments a text takes: GSM-7 or UCS-2, where it is cut, what makes it dear. Numbers only: the carrier
//! does the cutting. Counts what Twilio's `sms-segments-calculator` 1.3.0 counts (the peer of the tests); the cutting of
//! our own into several texts is [`super::parts`].

mod clusters;
mod smart;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Bits of a segment's payload: 140 octets (3GPP TS 23.040).
const SEGMENT_BITS: usize = 1120;
/// Bits of the user data header that each segment of a longer text begins with: 6 octets.
const HEADER_BITS: usize = 48;

/// The alphabet a text is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// The GSM 7 bit default alphabet with its extension table (3GPP TS 23.038).
    Gsm7,
    /// UTF-16, 16 bits a unit.
    Ucs2,
}

impl Encoding {
    /// The name that is shown: `GSM-7` or `UCS-2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }
}

/// Whether the carrier may put plain characters for typographic ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Substitution {
    /// The text goes out as it is.
    Exact,
    /// Twilio's Smart Encoding (<https://www.twilio.com/docs/messaging/services#smart-encoding>): curly quotes, dashes,
    /// wide spaces and the like become their GSM-7 likeness, also where something else keeps the text in UCS-2.
    Smart,
}

/// One segment's share of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Its bytes in [`Segmentation::text`].
    pub range: Range<usize>,
    /// Its length in UTF-16 units.
    pub utf16_units: usize,
}

/// What a text costs. An empty text is one empty segment.
#[derive(Clone, PartialEq, Eq)]
pub struct Segmentation<'a> {
    text: Cow<'a, str>,
    /// The alphabet.
    pub encoding: Encoding,
    /// In GSM-7 the septets, an escaped character (`€`, `[`) being two; in UCS-2 the grapheme clusters.
    pub characters: usize,
    /// The Unicode scalar values of the text, after substitution.
    pub unicode_scalars: usize,
    /// The segments, at least one.
    pub segments: u32,
    /// The bits of the text alone.
    pub message_bits: usize,
    /// The bits with the headers of all segments.
    pub total_bits: usize,
    /// The segments' shares, in order.
    pub splits: Vec<Split>,
}

impl fmt::Debug for Segmentation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segmentation")
            .field("encoding", &self.encoding)
            .field("characters", &self.characters)
            .field("unicode_scalars", &self.unicode_scalars)
            .field("segments", &self.segments)
            .field("message_bits", &self.message_bits)
            .field("total_bits", &self.total_bits)
            .finish_non_exhaustive()
    }
}

impl Segmentation<'_> {
    /// The text that goes out: the one given, after substitution.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of each segment, in order.
    pub fn split_texts(&self) -> impl Iterator<Item = &str> {
        self.splits
            .iter()
            .map(|split| self.text.get(split.range.clone()).unwrap_or_default())
    }

    /// The characters (grapheme clusters) that GSM-7 does not have, in order, as often as they stand in the text.
    pub fn forcing_unicode(&self) -> impl Iterator<Item = &str> {
        clusters::of(&self.text).filter(|cluster| septets(cluster).is_none())
    }
}

/// Counts the segments of `text`.
#[must_use]
pub fn segments(text: &str, substitution: Substitution) -> Segmentation<'_> {
    let text = match substitution {
        Substitution::Exact => Cow::Borrowed(text),
        Substitution::Smart => smart::plain(text),
    };
    let encoding = match clusters::of(&text).all(|cluster| septets(cluster).is_some()) {
        true => Encoding::Gsm7,
        false => Encoding::Ucs2,
    };
    let mut layout = Layout::default();
    for cluster in clusters::of(&text) {
        layout.place(cluster, encoding);
    }
    let characters = match encoding {
        Encoding::Gsm7 => layout.message_bits() / 7,
        Encoding::Ucs2 => clusters::of(&text).count(),
    };
    let message_bits = layout.message_bits();
    let splits = layout.splits(&text);
    let headers = if splits.len() > 1 { splits.len() * HEADER_BITS } else { 0 };
    Segmentation {
        encoding,
        characters,
        unicode_scalars: text.chars().count(),
        segments: u32::try_from(splits.len()).unwrap_or(u32::MAX),
        message_bits,
        total_bits: message_bits + headers,
        splits,
        text,
    }
}

/// The body as it is kept and sent: NFC, in which `é` is one character of GSM-7 and not two of UCS-2.
#[must_use]
pub fn normalize_body(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Atoms (what is never cut) with their place in the text and their bits.
#[derive(Default)]
struct Layout {
    atoms: Vec<(Range<usize>, usize)>,
    end: usize,
}

impl Layout {
    /// A cluster is one atom. The one that no segment could hold with its header is cut between its scalars: a carrier
    /// cannot do otherwise. (The peer counts such a cluster as one oversized segment.)
    fn place(&mut self, cluster: &str, encoding: Encoding) {
        match bits(cluster, encoding) {
            bits if bits <= SEGMENT_BITS - HEADER_BITS => self.push(cluster.len(), bits),
            _ => cluster
                .chars()
                .for_each(|scalar| self.push(scalar.len_utf8(), scalar.len_utf16() * 16)),
        }
    }

    fn push(&mut self, bytes: usize, bits: usize) {
        self.atoms.push((self.end..self.end + bytes, bits));
        self.end += bytes;
    }

    fn message_bits(&self) -> usize {
        self.atoms.iter().map(|(_, bits)| bits).sum()
    }

    /// Fills segment after segment; with headers as soon as there is more than one.
    fn splits(&self, text: &str) -> Vec<Split> {
        let room = match self.message_bits() {
            0..=SEGMENT_BITS => SEGMENT_BITS,
            _ => SEGMENT_BITS - HEADER_BITS,
        };
        let mut ranges = Vec::new();
        let (mut start, mut used) = (0, 0);
        for (range, bits) in &self.atoms {
            if used + bits > room {
                ranges.push(start..range.start);
                (start, used) = (range.start, 0);
            }
            used += bits;
        }
        ranges.push(start..self.end);
        ranges
            .into_iter()
            .map(|range| Split {
                utf16_units: text.get(range.clone()).unwrap_or_default().encode_utf16().count(),
                range,
            })
            .collect()
    }
}

fn bits(cluster: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Gsm7 => septets(cluster).unwrap_or_default() * 7,
        Encoding::Ucs2 => cluster.encode_utf16().count() * 16,
    }
}

/// The septets of a character in GSM-7: one, or two with the escape; none if the alphabet lacks it. Clusters of several
/// scalars are not in it.
fn septets(cluster: &str) -> Option<usize> {
    let mut scalars = cluster.chars();
    let (scalar, None) = (scalars.next()?, scalars.next()) else {
        return None;
    };
    match scalar {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '¡' | '£' | '¤' | '¥' | '§' | '¿' | 'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü' | 'ß' => Some(1),
        'à' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü' => Some(1),
        'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | '\u{3a9}' => Some(1),
        '\u{c}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€' => Some(2),
        _ => None,
    }
}
