//! STOP, START and HELP: the words by which a person leaves, comes back or asks, and what they do to the opt-out ledger.
//! Recognises exact words only; "please stop texting me" is for a person to judge (47 CFR 64.1200(a)(10)).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// What a keyword asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Keyword {
    /// No more texts to this number.
    Stop,
    /// Texts are welcome again.
    Start,
    /// Who is this?
    Help,
}

/// Words that carriers act on by default (Twilio's list for long codes,
/// <https://help.twilio.com/articles/223134027>), and those that 47 CFR 64.1200(a)(10) names.
const STOP: [&str; 11] = [
    "STOP",
    "STOPALL",
    "STOP ALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
    "OPT OUT",
    "OPT-OUT",
];
const START: [&str; 3] = ["START", "YES", "UNSTOP"];
const HELP: [&str; 2] = ["HELP", "INFO"];

/// Longest body, in bytes, that can be a keyword with what surrounds it; anything longer is a message.
const LONGEST_BODY: usize = 128;

/// The keyword that `body` is: nothing but one of the words, in either case, white space and punctuation around it aside.
/// For STOP, emoji and any other sign around it are looked past as well, for an opt-out must not be missed; an opt-in must
/// not be guessed.
///
/// `carrier_hint` is what the carrier itself took the text for (Twilio's `OptOutType`), also where the organization has set
/// words of its own there. It is believed, except that a STOP which either side sees is a STOP.
///
/// `YES` is an opt-in only from a number that is opted out: from any other it is somebody's plain answer. Ask
/// [`OptOut::after`] whether it changes anything.
#[must_use]
pub fn keyword(body: &str, carrier_hint: Option<Keyword>) -> Option<Keyword> {
    match (keyword_in(body), carrier_hint) {
        (Some(Keyword::Stop), _) => Some(Keyword::Stop),
        (_, Some(hint)) => Some(hint),
        (own, None) => own,
    }
}

fn keyword_in(body: &str) -> Option<Keyword> {
    if body.len() > LONGEST_BODY {
        return None;
    }
    // NFKC, so that full-width letters count; upper case by ASCII, for no word has another letter.
    let text = body.nfkc().collect::<String>().to_ascii_uppercase();
    let words = text
        .trim_matches(|c: char| !c.is_alphanumeric())
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if STOP.contains(&words.as_str()) {
        return Some(Keyword::Stop);
    }
    let word = text.trim_matches(is_surrounding);
    if START.contains(&word) {
        Some(Keyword::Start)
    } else if HELP.contains(&word) {
        Some(Keyword::Help)
    } else {
        None
    }
}

/// White space, invisible characters and the punctuation that phones put around a word.
fn is_surrounding(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2027}' | '\u{2060}' | '\u{feff}' | '«' | '»' | '¡' | '¿')
}

impl Keyword {
    const ALL: [Self; 3] = [Self::Stop, Self::Start, Self::Help];

    /// The name that the database and the wire know.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Help => "help",
        }
    }
}

/// The text names no keyword or no state of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown name in the opt-out ledger")]
pub struct UnknownOptOut;

impl FromStr for Keyword {
    type Err = UnknownOptOut;

    fn from_str(name: &str) -> Result<Self, UnknownOptOut> {
        Self::ALL.into_iter().find(|keyword| keyword.as_str() == name).ok_or(UnknownOptOut)
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a number stands in the opt-out ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OptOut {
    /// May be written to; so is a number that the ledger does not know.
    #[default]
    OptedIn,
    /// Must not be written to.
    OptedOut,
}

impl OptOut {
    const ALL: [Self; 2] = [Self::OptedIn, Self::OptedOut];

    /// Where the number stands after it sent `keyword`. The same as before means: nothing happened, the text is a text.
    #[must_use]
    pub const fn after(self, keyword: Keyword) -> Self {
        match keyword {
            Keyword::Stop => Self::OptedOut,
            Keyword::Start => Self::OptedIn,
            Keyword::Help => self,
        }
    }

    /// The name that the database and the wire know.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptedIn => "opted_in",
            Self::OptedOut => "opted_out",
        }
    }
}

impl FromStr for OptOut {
    type Err = UnknownOptOut;

    fn from_str(name: &str) -> Result<Self, UnknownOptOut> {
        Self::ALL.into_iter().find(|state| state.as_str() == name).ok_or(UnknownOptOut)
    }
}

impl fmt::Display for OptOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
