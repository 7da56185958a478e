//! The plain likenesses that Twilio's Smart Encoding puts for typographic characters, as its
//! `sms-segments-calculator` 1.3.0 lists them. Data only; when it applies is [`super::Substitution`].

use std::borrow::Cow;

/// `text` with every character that has a plain likeness replaced by it.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|scalar| likeness(scalar).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for scalar in text.chars() {
        match likeness(scalar) {
            Some(likeness) => plain.push_str(likeness),
            None => plain.push(scalar),
        }
    }
    Cow::Owned(plain)
}

/// What stands for the character, nothing in some cases; none if it stays.
#[expect(clippy::too_many_lines, reason = "one table")]
fn likeness(scalar: char) -> Option<&'static str> {
    if matches!(scalar, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}') {
        return fullwidth(scalar);
    }
    Some(match scalar {
        '\u{2001}' | '\u{2028}'..='\u{2029}' => " ",
        '\u{80}'
        | '\u{8d}'
        | '\u{90}'
        | '\u{9b}'
        | '\u{9f}'..='\u{a0}'
        | '\u{2000}'
        | '\u{2002}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => "  ",
        '\u{9}' => "       ",
        '\u{1c3}' | '\u{fe15}' | '\u{fe57}' | '\u{ff01}' => "!",
        '\u{203c}' => "!!",
        '\u{ab}'
        | '\u{bb}'
        | '\u{2ba}'
        | '\u{2ee}'
        | '\u{201c}'..='\u{201f}'
        | '\u{275d}'..='\u{275e}'
        | '\u{301d}'..='\u{301e}'
        | '\u{ff02}' => "\"",
        '\u{fe5f}' | '\u{ff03}' => "#",
        '\u{fe69}' | '\u{ff04}' => "$",
        '\u{fe6a}' | '\u{ff05}' => "%",
        '\u{fe60}' | '\u{ff06}' => "&",
        '\u{60}'
        | '\u{b4}'
        | '\u{2b9}'
        | '\u{2bb}'..='\u{2bd}'
        | '\u{2c8}'
        | '\u{2ca}'..='\u{2cb}'
        | '\u{313}'..='\u{314}'
        | '\u{2018}'..='\u{2019}'
        | '\u{201b}'
        | '\u{275b}'..='\u{275c}'
        | '\u{fe10}'..='\u{fe11}'
        | '\u{ff07}' => "'",
        '\u{2768}' | '\u{276a}' | '\u{27ee}' | '\u{2985}' | '\u{fe59}' | '\u{ff08}' => "(",
        '\u{2769}' | '\u{276b}' | '\u{27ef}' | '\u{2986}' | '\u{fe5a}' | '\u{ff09}' => ")",
        '\u{204e}'
        | '\u{2217}'
        | '\u{229b}'
        | '\u{2722}'..='\u{2725}'
        | '\u{2731}'..='\u{2733}'
        | '\u{273a}'..='\u{273d}'
        | '\u{2743}'
        | '\u{2749}'..='\u{274b}'
        | '\u{29c6}'
        | '\u{fe61}'
        | '\u{ff0a}' => "*",
        '\u{2d6}' | '\u{fe62}' | '\u{ff0b}' => "+",
        '\u{326}' | '\u{201a}' | '\u{3001}' | '\u{fe50}'..='\u{fe51}' | '\u{ff0c}' | '\u{ff64}' => ",",
        '\u{2010}' | '\u{2013}'..='\u{2015}' | '\u{2022}' | '\u{2043}' | '\u{23bc}'..='\u{23bd}' | '\u{fe63}' | '\u{ff0d}' => "-",
        '\u{3002}' | '\u{fe52}' | '\u{ff0e}' | '\u{ff61}' => ".",
        '\u{2026}' => "...",
        '\u{f7}' | '\u{337}'..='\u{338}' | '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{ff0f}' => "/",
        '\u{bd}' => "1/2",
        '\u{bc}' => "1/4",
        '\u{be}' => "3/4",
        '\u{2d0}' | '\u{2f8}' | '\u{2982}' | '\u{a789}' | '\u{fe13}' | '\u{ff1a}' => ":",
        '\u{204f}' | '\u{fe14}' | '\u{fe54}' | '\u{ff1b}' => ";",
        '\u{2039}' | '\u{fe64}' | '\u{ff1c}' => "<",
        '\u{347}' | '\u{a78a}' | '\u{fe66}' | '\u{ff1d}' => "=",
        '\u{203a}' | '\u{fe65}' | '\u{ff1e}' => ">",
        '\u{fe16}' | '\u{fe56}' | '\u{ff1f}' => "?",
        '\u{fe6b}' | '\u{ff20}' => "@",
        '\u{1d00}' => "A",
        '\u{299}' => "B",
        '\u{1d04}' => "C",
        '\u{1d05}' => "D",
        '\u{1d07}' => "E",
        '\u{a730}' => "F",
        '\u{262}' => "G",
        '\u{29c}' => "H",
        '\u{26a}' => "I",
        '\u{1d0a}' => "J",
        '\u{1d0b}' => "K",
        '\u{29f}' => "L",
        '\u{1d0d}' => "M",
        '\u{274}' => "N",
        '\u{1d0f}' => "O",
        '\u{1d18}' => "P",
        '\u{280}' => "R",
        '\u{a731}' => "S",
        '\u{1d1b}' => "T",
        '\u{1d1c}' => "U",
        '\u{1d20}' => "V",
        '\u{1d21}' => "W",
        '\u{28f}' => "Y",
        '\u{1d22}' => "Z",
        '\u{ff3b}' => "[",
        '\u{20e5}' | '\u{29f5}' | '\u{29f9}' | '\u{fe68}' | '\u{ff3c}' => "\\",
        '\u{ff3d}' => "]",
        '\u{2c6}' | '\u{302}' | '\u{1dcd}' | '\u{ff3e}' => "^",
        '\u{332}' | '\u{2017}' | '\u{ff3f}' => "_",
        '\u{2774}' | '\u{fe5b}' | '\u{ff5b}' => "{",
        '\u{20d2}'..='\u{20d3}' | '\u{2223}' | '\u{239c}' | '\u{239f}' | '\u{23b8}'..='\u{23b9}' | '\u{23d0}' | '\u{ff5c}' => "|",
        '\u{2775}' | '\u{fe5c}' | '\u{ff5d}' => "}",
        '\u{2dc}' | '\u{2f7}' | '\u{303}' | '\u{330}' | '\u{334}' | '\u{223c}' | '\u{ff5e}' => "~",
        '\u{0}' | '\u{3}'..='\u{4}' | '\u{10}'..='\u{14}' | '\u{17}' | '\u{19}' | '\u{200b}'..='\u{200c}' | '\u{2060}' | '\u{feff}' => "",
        _ => return None,
    })
}

/// Digits and capital letters of East Asian width lie in Unicode as in ASCII, 0xFEE0 above.
fn fullwidth(scalar: char) -> Option<&'static str> {
    const ASCII: &str = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let at = usize::try_from(u32::from(scalar).checked_sub(0xff10)?).ok()?;
    ASCII.get(at..=at)
}
