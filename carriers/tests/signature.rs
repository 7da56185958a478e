//! Signatures: all published vectors, and a naive second formulation over random requests.

use casewire_carriers::twilio::Secret;
use casewire_carriers::twilio::form::Form;
use casewire_carriers::twilio::signature::{Algorithm, Content, body_hash, is_signed, sign};
use casewire_carriers::twilio::webhook::{AccountKeys, PublicAddress, SharedKey, WebhookRefusal, WebhookRequest, verify};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    name: String,
    auth_token: String,
    url: String,
    signed_url: Option<String>,
    body: String,
    content_type: Option<String>,
    signed_string: Option<String>,
    signature: String,
    algorithm: String,
    header_settings: Option<String>,
    python_validates: Option<bool>,
    node_validates: Option<bool>,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("data/twilio_signature.json")).unwrap()
}

impl Vector {
    fn algorithm(&self) -> Algorithm {
        if self.algorithm == "HMAC_SHA256" {
            Algorithm::HmacSha256
        } else {
            Algorithm::HmacSha1
        }
    }

    fn is_valid(&self) -> bool {
        self.python_validates == Some(true) || self.node_validates == Some(true)
    }

    fn with_content<T>(&self, then: impl FnOnce(Content<'_>) -> T) -> T {
        match self.content_type.as_deref() {
            Some("application/json") => then(Content::Raw(self.body.as_bytes())),
            _ => then(Content::Form(&Form::decode(self.body.as_bytes()))),
        }
    }
}

#[test]
fn every_vector_is_judged_as_twilios_libraries_judge_it() {
    let vectors = vectors();
    assert!(vectors.len() >= 15);
    for vector in vectors {
        let secret = Secret::from(vector.auth_token.as_str());
        let judged = vector.with_content(|content| is_signed(&secret, vector.algorithm(), &vector.url, content, &vector.signature));
        assert_eq!(judged, vector.is_valid(), "{}", vector.name);
    }
}

#[test]
fn every_vector_is_signed_as_twilio_signs_it() {
    for vector in vectors() {
        let secret = Secret::from(vector.auth_token.as_str());
        let url = vector.signed_url.as_deref().unwrap_or(&vector.url);
        let signature = vector.with_content(|content| sign(&secret, vector.algorithm(), url, content));
        assert_eq!(signature, vector.signature, "{}", vector.name);
        if let Some(string) = &vector.signed_string {
            let naive = naive_signature(&vector.auth_token, string.as_bytes());
            assert_eq!(naive, vector.signature, "{}", vector.name);
        }
    }
}

/// The whole of [`verify`] with each vector: none of them is of our account, so a good signature ends as a missing or unknown
/// field, and a bad one as a bad signature.
#[test]
fn every_vector_meets_the_same_judgement_on_the_way_of_a_webhook() {
    for vector in vectors() {
        let split = vector.url.find('/').unwrap() + 2;
        let path = split + vector.url[split..].find('/').unwrap();
        let sid = "AC00000000000000000000000000000001";
        let separator = if vector.body.is_empty() { "" } else { "&" };
        let is_json = vector.content_type.as_deref() == Some("application/json");
        if is_json || vector.body.is_empty() {
            continue;
        }
        let body = format!("{}{separator}AccountSid={sid}", vector.body);
        let url = vector.signed_url.as_deref().unwrap_or(&vector.url);
        let secret = Secret::from(vector.auth_token.as_str());
        let signature = sign(&secret, vector.algorithm(), url, Content::Form(&Form::decode(body.as_bytes())));
        let keys = AccountKeys {
            account_sid: sid.to_owned(),
            auth_tokens: vec![secret.clone()],
            shared_keys: vec![SharedKey {
                id: "webhooks_sharedkey_x".to_owned(),
                secret,
            }],
        };
        let request = WebhookRequest {
            method: "POST",
            path_and_query: &vector.url[path..],
            content_type: Some("application/x-www-form-urlencoded"),
            signature: Some(&signature),
            signature_settings: vector.header_settings.as_deref(),
            body: body.as_bytes(),
        };
        let refusal = verify(&PublicAddress::parse(&vector.url[..path]).unwrap(), &[keys], &request).unwrap_err();
        let expected = if vector.is_valid() {
            WebhookRefusal::Malformed { field: "MessageSid" }
        } else {
            WebhookRefusal::BadSignature
        };
        assert_eq!(refusal, expected, "{}", vector.name);
    }
}

#[test]
fn a_raw_body_counts_only_with_its_hash_in_the_address() {
    let secret = Secret::from("k");
    let url = format!("https://h/j?bodySHA256={}", body_hash(b"{}"));
    let signature = sign(&secret, Algorithm::HmacSha1, &url, Content::Raw(b"{}"));
    assert!(is_signed(&secret, Algorithm::HmacSha1, &url, Content::Raw(b"{}"), &signature));
    assert!(!is_signed(&secret, Algorithm::HmacSha1, &url, Content::Raw(b"{ }"), &signature));
    let bare = sign(&secret, Algorithm::HmacSha1, "https://h/j", Content::Raw(b"{}"));
    assert!(!is_signed(&secret, Algorithm::HmacSha1, "https://h/j", Content::Raw(b"{}"), &bare));
}

#[test]
fn ports_are_tried_as_twilios_libraries_try_them() {
    let cases = [
        ("https://[::1]:8443/v", "https://[::1]/v", true),
        ("https://[::1]/v", "https://[::1]:443/v", true),
        ("http://h/v", "http://h:80/v", true),
        ("http://h/v", "http://h:443/v", false),
        ("https://h:8443/v", "https://h:443/v", false),
        ("https://h?x=http://a:1/", "https://h:443?x=http://a:1/", true),
        ("https://h/p?", "https://h/p?", true),
    ];
    for (seen, signed, valid) in cases {
        let form = Form::default().with("A", "1");
        let secret = Secret::from("k");
        let signature = sign(&secret, Algorithm::HmacSha1, signed, Content::Form(&form));
        assert_eq!(
            is_signed(&secret, Algorithm::HmacSha1, seen, Content::Form(&form), &signature),
            valid,
            "{seen}"
        );
    }
}

/// HMAC-SHA1 as RFC 2104 has it, by hand, in base64 by hand.
fn naive_signature(token: &str, signed: &[u8]) -> String {
    use sha1::{Digest, Sha1};
    let mut key = [0_u8; 64];
    if token.len() > 64 {
        key[..20].copy_from_slice(&Sha1::digest(token.as_bytes()));
    } else {
        key[..token.len()].copy_from_slice(token.as_bytes());
    }
    let mut inner: Vec<u8> = key.iter().map(|byte| byte ^ 0x36).collect();
    inner.extend_from_slice(signed);
    let mut outer: Vec<u8> = key.iter().map(|byte| byte ^ 0x5c).collect();
    outer.extend_from_slice(&Sha1::digest(&inner));
    let digest = Sha1::digest(&outer);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: String = digest.iter().map(|byte| format!("{byte:08b}")).collect();
    let mut text = String::new();
    for six in bits.as_bytes().chunks(6) {
        let mut six = String::from_utf8(six.to_vec()).unwrap();
        while six.len() < 6 {
            six.push('0');
        }
        text.push(char::from(alphabet[usize::from_str_radix(&six, 2).unwrap()]));
    }
    text + "="
}

/// What is signed, told in another way: the unique names, sorted, each with its unique values, sorted.
fn naive_signed(url: &str, pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    for (name, _) in pairs {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names.sort();
    let mut signed = url.as_bytes().to_vec();
    for name in names {
        let mut values: Vec<Vec<u8>> = Vec::new();
        for (_, value) in pairs.iter().filter(|(other, _)| *other == name) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        values.sort();
        for value in values {
            signed.extend_from_slice(&name);
            signed.extend_from_slice(&value);
        }
    }
    signed
}

/// Every byte escaped, which any reader of forms must understand.
fn naive_encoding(pairs: &[(Vec<u8>, Vec<u8>)]) -> String {
    let escape = |bytes: &[u8]| bytes.iter().map(|byte| format!("%{byte:02x}")).collect::<String>();
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn some_pairs() -> impl Strategy<Value = Vec<(Vec<u8>, Vec<u8>)>> {
    let name = prop_oneof![
        Just(b"Body".to_vec()),
        Just(b"A".to_vec()),
        Just("é".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..4)
    ];
    let value = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        Just(b" x ".to_vec()),
        Just("😀&=+%".as_bytes().to_vec())
    ];
    prop::collection::vec((name, value), 0..8)
}

proptest! {
    #[test]
    fn a_signature_is_what_the_naive_formulation_says(pairs in some_pairs(), token in "[ -~]{1,80}", path in "[a-z]{0,5}") {
        let url = format!("https://h.example/{path}?m=%2B1");
        let expected = naive_signature(&token, &naive_signed(&url, &pairs));
        let form = Form::decode(naive_encoding(&pairs).as_bytes());
        let secret = Secret::from(token.as_str());
        prop_assert_eq!(&sign(&secret, Algorithm::HmacSha1, &url, Content::Form(&form)), &expected);
        prop_assert!(is_signed(&secret, Algorithm::HmacSha1, &url, Content::Form(&form), &expected));
        let encoded = form.encode();
        prop_assert!(Form::decode(encoded.as_bytes()) == form);
    }

    #[test]
    fn a_changed_byte_breaks_the_signature(pairs in some_pairs(), at in any::<prop::sample::Index>(), with in 1_u8..) {
        prop_assume!(!pairs.is_empty());
        let mut changed = pairs.clone();
        let field = at.index(changed.len());
        changed[field].1.push(with);
        prop_assume!(naive_signed("u", &changed) != naive_signed("u", &pairs));
        let secret = Secret::from("token");
        let read = |pairs: &[(Vec<u8>, Vec<u8>)]| Form::decode(naive_encoding(pairs).as_bytes());
        let signature = sign(&secret, Algorithm::HmacSha1, "https://h/", Content::Form(&read(&pairs)));
        prop_assert!(!is_signed(&secret, Algorithm::HmacSha1, "https://h/", Content::Form(&read(&changed)), &signature));
    }
}
