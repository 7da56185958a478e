//! Phone numbers: E.164 is the only form in which two numbers are compared. Prints masked; the full number leaves by
//! [`E164::expose`] and [`E164::national`] alone, which only the files that must send or show it may call.
//! Numbering plans are those of libphonenumber (<https://github.com/google/libphonenumber>), as `rlibphonenumber` carries them.

use std::fmt;
use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType};

/// A phone number in E.164: `+` and 4 to 15 digits (ITU-T E.164), the first not zero.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct E164(Box<str>);

/// Why a text is no phone number. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// There are no digits that could be a number.
    #[error("this is not a phone number")]
    NotANumber,
    /// It has no `+` and nothing says which country it is in, or no country has the code behind the `+`.
    #[error("this phone number needs a + and the code of a country")]
    NoCountry,
    /// More than 15 digits.
    #[error("this phone number has more than 15 digits")]
    TooLong,
    /// A number that no telephone can have.
    #[error("this phone number does not exist in its country's numbering plan")]
    NotValid,
}

impl E164 {
    /// Takes a number that is in E.164 already, as carriers send it and the database holds it. Whether such a number can
    /// exist is not asked: what a carrier delivered is taken as it came.
    ///
    /// # Errors
    /// [`PhoneError`] where it is anything else: a short code, an alphanumeric sender, too many digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits = text.strip_prefix('+').ok_or(PhoneError::NotANumber)?;
        if digits.is_empty() || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError::NotANumber);
        }
        match digits.len() {
            0..4 => Err(PhoneError::NotANumber),
            4..=15 => Ok(Self(text.into())),
            _ => Err(PhoneError::TooLong),
        }
    }

    /// The full number. Only for the files that must send or show it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The number as people write it in its own country: `(212) 555-0123`, `020 7946 0018`. A number outside every
    /// numbering plan comes out in E.164. As exposed as [`E164::expose`]: only for the files that must show it.
    #[must_use]
    pub fn national(&self) -> String {
        PhoneNumber::parse(&self.0, None).map_or_else(
            |_| self.0.as_ref().to_owned(),
            |number| number.format_as(PhoneNumberFormat::National).into_owned(),
        )
    }

    /// The country the number belongs to. None for a number that belongs to no country (`+800…`) or does not exist.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        region_of(&PhoneNumber::parse(&self.0, None).ok()?)
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("+***")
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("E164(+***)")
    }
}

/// A country that has a numbering plan, by its ISO 3166-1 alpha-2 code (`US`). Numbers written without `+` are read in one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region(rlibphonenumber::Region);

/// What is wrong with a text that should have been a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the two-letter ISO 3166 code of a country with phone numbers")]
pub struct RegionError;

impl Region {
    /// The United States, the region of an organization that has set none.
    pub const US: Self = Self(rlibphonenumber::Region::US);

    /// Takes an ISO 3166-1 alpha-2 code, in either case.
    ///
    /// # Errors
    /// [`RegionError`] where it is no such code, or of a territory that has no numbering plan of its own.
    pub fn parse(code: &str) -> Result<Self, RegionError> {
        if code.len() != 2 {
            return Err(RegionError);
        }
        let region = rlibphonenumber::Region::from_str(code).map_err(|_| RegionError)?;
        PHONE_NUMBER_UTIL
            .get_country_code_for_region(region)
            .map(|_| Self(region))
            .ok_or(RegionError)
    }

    /// The two letters, upper case.
    #[must_use]
    pub fn code(self) -> String {
        self.0.as_region_str().as_str().to_owned()
    }
}

impl FromStr for Region {
    type Err = RegionError;

    fn from_str(code: &str) -> Result<Self, RegionError> {
        Self::parse(code)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_region_str().as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({self})")
    }
}

/// What a number is used for, as its country's numbering plan tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// A landline.
    FixedLine,
    /// A mobile phone.
    Mobile,
    /// One of the two; the plan does not tell them apart, as in the United States.
    FixedLineOrMobile,
    /// Free for the caller.
    TollFree,
    /// Dear for the caller.
    PremiumRate,
    /// The cost is shared.
    SharedCost,
    /// Telephony over the internet.
    VoIp,
    /// Follows a person, not a line.
    PersonalNumber,
    /// A pager.
    Pager,
    /// One number for a whole company.
    CompanyNumber,
    /// Access to voicemail.
    Voicemail,
    /// The plan does not say, or the number is not valid.
    Unknown,
}

impl From<PhoneNumberType> for PhoneKind {
    fn from(kind: PhoneNumberType) -> Self {
        match kind {
            PhoneNumberType::FixedLine => Self::FixedLine,
            PhoneNumberType::Mobile => Self::Mobile,
            PhoneNumberType::FixedLineOrMobile => Self::FixedLineOrMobile,
            PhoneNumberType::TollFree => Self::TollFree,
            PhoneNumberType::PremiumRate => Self::PremiumRate,
            PhoneNumberType::SharedCost => Self::SharedCost,
            PhoneNumberType::VoIP => Self::VoIp,
            PhoneNumberType::PersonalNumber => Self::PersonalNumber,
            PhoneNumberType::Pager => Self::Pager,
            PhoneNumberType::UAN => Self::CompanyNumber,
            PhoneNumberType::VoiceMail => Self::Voicemail,
            PhoneNumberType::Unknown => Self::Unknown,
        }
    }
}

/// All that can be read from a text that looks like a phone number, whether the number exists or not.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadPhone {
    /// `+`, country code and national number; more than 15 digits are possible where `valid` is false.
    pub e164: String,
    /// The number fits its country's numbering plan.
    pub valid: bool,
    /// Its length does. A local number without its area code counts as possible.
    pub possible: bool,
    /// What it is used for.
    pub kind: PhoneKind,
    /// The number, with its extension, as written in its own country.
    pub national: String,
    /// The digits to dial once connected.
    pub extension: Option<String>,
    /// The country it belongs to.
    pub region: Option<Region>,
}

impl fmt::Debug for ReadPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadPhone")
            .field("valid", &self.valid)
            .field("possible", &self.possible)
            .field("kind", &self.kind)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// Reads a phone number as a person types it, `default_region` being where it is when it has no `+`.
///
/// # Errors
/// [`PhoneError`] where there is nothing like a number in the text. One that does not exist is read all the same:
/// ask [`ReadPhone::valid`].
pub fn read_phone(text: &str, default_region: Option<Region>) -> Result<ReadPhone, PhoneError> {
    let number = PhoneNumber::parse(text, default_region.map(|region| region.0)).map_err(|error| match error {
        ParseError::InvalidCountryCode => PhoneError::NoCountry,
        ParseError::NotANumber(_) | ParseError::TooShortAfterIdd | ParseError::TooShortNsn => PhoneError::NotANumber,
        ParseError::TooLongNsn => PhoneError::TooLong,
    })?;
    Ok(ReadPhone {
        e164: number.format_as(PhoneNumberFormat::E164).into_owned(),
        valid: number.is_valid(),
        possible: number.is_possible_with_reason().is_ok(),
        kind: number.get_type().into(),
        national: number.format_as(PhoneNumberFormat::National).into_owned(),
        extension: number.extension.clone().filter(|digits| !digits.is_empty()),
        region: region_of(&number),
    })
}

/// The E.164 form of a phone number as a person types it: `(212) 555-0123` in the United States is `+12125550123`.
/// An extension is left out, for no text can be sent to one.
///
/// # Errors
/// [`PhoneError`] where the text is no number, or one that cannot exist.
pub fn normalize_phone_to_e164(text: &str, default_region: Option<Region>) -> Result<E164, PhoneError> {
    let phone = read_phone(text, default_region)?;
    let number = E164::parse(&phone.e164)?;
    if phone.valid { Ok(number) } else { Err(PhoneError::NotValid) }
}

fn region_of(number: &PhoneNumber) -> Option<Region> {
    number
        .get_region_code()
        .filter(|region| *region != rlibphonenumber::Region::World)
        .map(Region)
}

/// Where an inbound text comes from.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// A phone number, which contacts can be found by.
    Number(E164),
    /// Anything else, as the carrier sent it: a short code, an alphanumeric sender, a number of more than 15 digits.
    /// At most [`Address::LONGEST_OTHER`] characters; what is beyond is cut off.
    Other(Box<str>),
}

impl Address {
    /// Unicode scalar values that are kept of a sender that is no phone number.
    pub const LONGEST_OTHER: usize = 64;

    /// Takes whatever a carrier names as the sender. Only E.164 makes a number: a short code is never read as one.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        E164::parse(text).map_or_else(|_| Self::Other(text.chars().take(Self::LONGEST_OTHER).collect()), Self::Number)
    }

    /// The phone number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<&E164> {
        match self {
            Self::Number(number) => Some(number),
            Self::Other(_) => None,
        }
    }

    /// The full text. Only for the files that must store or show it.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Number(number) => &number.0,
            Self::Other(text) => text,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::Other(_) => f.write_str("***"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(_) => f.write_str("Number(+***)"),
            Self::Other(_) => f.write_str("Other(***)"),
        }
    }
}
