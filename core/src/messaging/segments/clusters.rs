//! The clusters in which segments are counted: Unicode 10's, as the reference counts, for a composer that says 2 where
//! the bill says 1 is of no use. They are today's clusters cut further at three places; nothing else may use them.

use unicode_segmentation::UnicodeSegmentation;

/// The clusters of `text` in order. `\r\n` is two.
pub(super) fn of(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(cut)
}

/// Cuts one of today's clusters where Unicode 10 had a boundary.
fn cut(cluster: &str) -> impl Iterator<Item = &str> {
    let mut rest = cluster;
    std::iter::from_fn(move || {
        let (first, after) = rest.split_at(first_boundary(rest));
        rest = after;
        (!first.is_empty()).then_some(first)
    })
}

/// The byte at which the first cluster ends. Never 0 unless there is nothing left.
fn first_boundary(text: &str) -> usize {
    let mut scalars = text.char_indices();
    let Some((_, mut previous)) = scalars.next() else {
        return 0;
    };
    let mut takes_skin_tone = is_emoji_base(previous);
    for (at, scalar) in scalars {
        let boundary = match (previous, scalar) {
            ('\r', '\n') => true,
            ('\u{200d}', _) if is_pictograph_joined(scalar) => false,
            ('\u{200d}', _) => !is_mark(scalar),
            (_, '\u{1f3fb}'..='\u{1f3ff}') => !takes_skin_tone,
            // An Indic letter after a virama: one cluster since Unicode 15.1 (UAX #29, rule GB9c).
            (_, _) => starts_indic_letter(previous, scalar),
        };
        if boundary {
            return at;
        }
        takes_skin_tone = is_emoji_base(scalar) || (takes_skin_tone && is_mark(scalar));
        previous = scalar;
    }
    text.len()
}

/// Whether the scalar clings to whatever stands before it.
fn is_mark(scalar: char) -> bool {
    let mut pair = String::from("a");
    pair.push(scalar);
    pair.graphemes(true).count() == 1 && !matches!(scalar, '\u{1f3fb}'..='\u{1f3ff}')
}

fn starts_indic_letter(previous: char, scalar: char) -> bool {
    scalar.is_alphabetic() && !is_mark(scalar) && is_mark(previous)
}

/// What Unicode 10 let follow a zero width joiner (Glue_After_Zwj, E_Base_GAZ).
fn is_pictograph_joined(scalar: char) -> bool {
    matches!(
        u32::from(scalar),
        0x2640 | 0x2642 | 0x2695..=0x2696 | 0x2708 | 0x2764 | 0x1F308 | 0x1F33E | 0x1F373 | 0x1F393 | 0x1F3A4 | 0x1F3A8
        | 0x1F3EB | 0x1F3ED | 0x1F466..=0x1F469 | 0x1F48B | 0x1F4BB..=0x1F4BC | 0x1F527 | 0x1F52C | 0x1F5E8 | 0x1F680
        | 0x1F692
    )
}

/// What Unicode 10 let a skin tone follow (E_Base, E_Base_GAZ).
fn is_emoji_base(scalar: char) -> bool {
    matches!(
        u32::from(scalar),
        0x261D | 0x26F9 | 0x270A..=0x270D | 0x1F385 | 0x1F3C2..=0x1F3C4 | 0x1F3C7 | 0x1F3CA..=0x1F3CC | 0x1F442..=0x1F443
        | 0x1F446..=0x1F450 | 0x1F466..=0x1F469 | 0x1F46E | 0x1F470..=0x1F478 | 0x1F47C | 0x1F481..=0x1F483
        | 0x1F485..=0x1F487 | 0x1F4AA | 0x1F574..=0x1F575 | 0x1F57A | 0x1F590 | 0x1F595..=0x1F596 | 0x1F645..=0x1F647
        | 0x1F64B..=0x1F64F | 0x1F6A3 | 0x1F6B4..=0x1F6B6 | 0x1F6C0 | 0x1F6CC | 0x1F918..=0x1F91C | 0x1F91E..=0x1F91F
        | 0x1F926 | 0x1F930..=0x1F939 | 0x1F93D..=0x1F93E | 0x1F9D1..=0x1F9DD
    )
}
