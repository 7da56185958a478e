//! Phone numbers against libphonenumber's own reading of them (`data/phone_numbers.json`, Python `phonenumbers` 9.0.43).
#![expect(clippy::disallowed_methods, reason = "the numbers are vectors, nobody's")]

use casewire_core::phone::{Address, E164, PhoneError, PhoneKind, Region, normalize_phone_to_e164, read_phone};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    input: String,
    default_region: Option<String>,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Phone(Phone),
    Error { err: String },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phone {
    e164: String,
    valid: bool,
    possible: bool,
    r#type: String,
    national: String,
    ext: Option<String>,
    region: Option<String>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../data/phone_numbers.json")).unwrap()
}

fn default_region(case: &Case) -> Option<Region> {
    let code = case.default_region.as_deref().filter(|code| !code.is_empty())?;
    Some(Region::parse(code).unwrap())
}

fn name(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::FixedLine => "FIXED_LINE",
        PhoneKind::Mobile => "MOBILE",
        PhoneKind::FixedLineOrMobile => "FIXED_LINE_OR_MOBILE",
        PhoneKind::TollFree => "TOLL_FREE",
        PhoneKind::PremiumRate => "PREMIUM_RATE",
        PhoneKind::SharedCost => "SHARED_COST",
        PhoneKind::VoIp => "VOIP",
        PhoneKind::PersonalNumber => "PERSONAL_NUMBER",
        PhoneKind::Pager => "PAGER",
        PhoneKind::CompanyNumber => "UAN",
        PhoneKind::Voicemail => "VOICEMAIL",
        PhoneKind::Unknown => "UNKNOWN",
    }
}

#[test]
fn every_number_is_read_as_libphonenumber_reads_it() {
    let cases = cases();
    assert!(cases.len() >= 40, "the vectors are there");
    for (index, case) in cases.iter().enumerate() {
        let read = read_phone(&case.input, default_region(case));
        match &case.expected {
            Expected::Phone(expected) => {
                let read = read.unwrap_or_else(|error| panic!("case {index}: {error}"));
                let read = Phone {
                    e164: read.e164,
                    valid: read.valid,
                    possible: read.possible,
                    r#type: name(read.kind).to_owned(),
                    national: read.national,
                    ext: read.extension,
                    region: read.region.map(Region::code),
                };
                assert_eq!(&read, expected, "case {index}");
            }
            Expected::Error { err } => assert!(read.is_err(), "case {index} should be: {err}"),
        }
    }
}

#[test]
fn a_number_is_normalized_if_and_only_if_it_can_exist() {
    for (index, case) in cases().iter().enumerate() {
        let normalized = normalize_phone_to_e164(&case.input, default_region(case));
        match &case.expected {
            Expected::Phone(expected) if expected.valid => {
                let number = normalized.unwrap_or_else(|error| panic!("case {index}: {error}"));
                assert_eq!(number.expose(), expected.e164, "case {index}");
                assert_eq!(number.region().map(Region::code), expected.region, "case {index}");
                if expected.ext.is_none() {
                    assert_eq!(number.national(), expected.national, "case {index}");
                }
            }
            Expected::Phone(_) | Expected::Error { .. } => assert!(normalized.is_err(), "case {index}"),
        }
    }
}

#[test]
fn what_is_wrong_with_a_number_is_told() {
    let us = Some(Region::US);
    let error = |text: &str, region| normalize_phone_to_e164(text, region).unwrap_err();
    assert_eq!(error("", us), PhoneError::NotANumber);
    assert_eq!(error("anonymous", us), PhoneError::NotANumber);
    assert_eq!(error("12015550123456789", us), PhoneError::TooLong);
    assert_eq!(error("000-000-0000", us), PhoneError::NotValid);
    assert_eq!(error("(212) 555-0123", None), PhoneError::NoCountry);
    assert_eq!(error("+999 123 456 789", us), PhoneError::NoCountry);
}

#[test]
fn a_carriers_number_is_taken_even_if_it_cannot_exist() {
    let number = E164::parse("+15550001111").unwrap();
    assert_eq!(number.expose(), "+15550001111");
    assert_eq!(number.region(), None);
    assert!(!number.national().is_empty());
    assert_eq!(E164::parse("+9991234567").unwrap().national(), "+9991234567");
    assert_eq!(E164::parse("+80012345678").unwrap().region(), None, "belongs to no country");
}

#[test]
fn only_e164_is_parsed_as_e164() {
    for text in [
        "",
        "+",
        "12125550123",
        "+0125550123",
        "+123",
        "+1 212 555 0123",
        "+1212555012a",
        "+１２１２５５５０１２３",
    ] {
        assert_eq!(E164::parse(text), Err(PhoneError::NotANumber));
    }
    assert!(E164::parse("+123456789012345").is_ok());
    assert_eq!(E164::parse("+1234567890123456"), Err(PhoneError::TooLong));
}

#[test]
fn a_region_is_two_letters_of_a_country_with_phones() {
    assert_eq!(Region::parse("us"), Ok(Region::US));
    assert_eq!("GB".parse::<Region>().unwrap().to_string(), "GB");
    for code in ["", "U", "USA", "001", "ZZ", "XX", "U1", "ü"] {
        assert!(Region::parse(code).is_err(), "{code}");
    }
}

#[test]
fn a_sender_is_a_number_or_kept_as_it_came() {
    assert_eq!(
        Address::read(" +12125550123 "),
        Address::Number(E164::parse("+12125550123").unwrap())
    );
    for other in ["12345", "262966", "BANK-ALERT", "", "+1234567890123456", "client:agent_1"] {
        let address = Address::read(other);
        assert_eq!(address, Address::Other(other.into()));
        assert_eq!(address.expose(), other);
        assert!(address.number().is_none());
    }
    let endless = Address::read(&"ü".repeat(500));
    assert_eq!(endless.expose().chars().count(), Address::LONGEST_OTHER);
}

#[test]
fn no_number_is_printed() {
    let number = E164::parse("+12125550123").unwrap();
    let other = Address::read("sender55512");
    let read = read_phone("(212) 555-0123 ext. 77", Some(Region::US)).unwrap();
    let printed = format!(
        "{number} {number:?} {other} {other:?} {:?} {read:?}",
        Address::Number(number.clone())
    );
    assert!(!printed.contains("555") && !printed.contains("77"));
}
