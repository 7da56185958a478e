//! Webhooks that are made by hand: what is refused, and how the good ones are read.

use casewire_carriers::twilio::Secret;
use casewire_carriers::twilio::form::Form;
use casewire_carriers::twilio::signature::{Algorithm, Content, body_hash, sign};
use casewire_carriers::twilio::webhook::{
    AccountKeys, InboundText, PublicAddress, SharedKey, TextStatus, Webhook, WebhookRefusal, WebhookRequest, verify,
};
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::messaging::opt_out::Keyword;
use casewire_core::phone::Address;
use serde_json::Value;

use super::scene::{ACCOUNT, FIRM, JANE};

const PUBLIC: &str = "https://hub.example.org";
const SID: &str = "SM0123456789abcdef0123456789ABCDEF";

fn accounts() -> Vec<AccountKeys> {
    vec![AccountKeys {
        account_sid: ACCOUNT.to_owned(),
        auth_tokens: vec![Secret::from("primary"), Secret::from("secondary")],
        shared_keys: vec![SharedKey {
            id: "webhooks_sharedkey_a".to_owned(),
            secret: Secret::from("shared"),
        }],
    }]
}

fn inbound() -> Form {
    Form::default()
        .with("MessageSid", SID)
        .with("AccountSid", ACCOUNT)
        .with("From", JANE)
        .with("To", FIRM)
        .with("Body", " hi ")
}

struct Sent<'a> {
    path: &'a str,
    form: Form,
    secret: &'a str,
    algorithm: Algorithm,
    settings: Option<&'a str>,
}

impl<'a> Sent<'a> {
    fn new(form: Form) -> Self {
        Self {
            path: "/webhooks/twilio/text?m=part_1",
            form,
            secret: "primary",
            algorithm: Algorithm::HmacSha1,
            settings: None,
        }
    }

    fn arrives(&self) -> Result<Webhook, WebhookRefusal> {
        let body = self.form.encode();
        let signature = sign(
            &self.secret.into(),
            self.algorithm,
            &format!("{PUBLIC}{}", self.path),
            Content::Form(&self.form),
        );
        let request = WebhookRequest {
            method: "POST",
            path_and_query: self.path,
            content_type: Some("application/x-www-form-urlencoded; charset=UTF-8"),
            signature: Some(&signature),
            signature_settings: self.settings,
            body: body.as_bytes(),
        };
        verify(&PublicAddress::parse(PUBLIC).unwrap(), &accounts(), &request).map(|verified| verified.into_inner())
    }

    fn text(&self) -> InboundText {
        match self.arrives().unwrap() {
            Webhook::InboundText(text) => text,
            Webhook::TextStatus(_) => panic!("a status"),
        }
    }

    fn status(&self) -> TextStatus {
        match self.arrives().unwrap() {
            Webhook::TextStatus(status) => status,
            Webhook::InboundText(_) => panic!("a text"),
        }
    }
}

#[test]
fn an_unsigned_a_wrongly_signed_and_a_foreign_webhook_are_refused() {
    let body = inbound().encode();
    let public = PublicAddress::parse(PUBLIC).unwrap();
    let mut request = WebhookRequest {
        method: "POST",
        path_and_query: "/w",
        content_type: Some("application/x-www-form-urlencoded"),
        signature: None,
        signature_settings: None,
        body: body.as_bytes(),
    };
    assert_eq!(verify(&public, &accounts(), &request).unwrap_err(), WebhookRefusal::Unsigned);
    request.signature = Some("");
    assert_eq!(verify(&public, &accounts(), &request).unwrap_err(), WebhookRefusal::Unsigned);
    for wrong in ["AAAA", "not base64!", "=", "RSOYDt4T1cUTdK1PDd93/VVr8B8="] {
        request.signature = Some(wrong);
        assert_eq!(verify(&public, &accounts(), &request).unwrap_err(), WebhookRefusal::BadSignature);
    }
    assert_eq!(verify(&public, &[], &request).unwrap_err(), WebhookRefusal::ForeignAccount);
    assert_eq!(
        Sent {
            secret: "guess",
            ..Sent::new(inbound())
        }
        .arrives()
        .unwrap_err(),
        WebhookRefusal::BadSignature
    );
}

#[test]
fn the_key_must_be_one_of_the_account_that_the_form_names() {
    let other = "AC00000000000000000000000000000002";
    let form = Form::default()
        .with("MessageSid", SID)
        .with("AccountSid", other)
        .with("From", JANE)
        .with("To", FIRM);
    assert_eq!(Sent::new(form.clone()).arrives().unwrap_err(), WebhookRefusal::ForeignAccount);
    let mut both = accounts();
    both.push(AccountKeys {
        account_sid: other.to_owned(),
        auth_tokens: vec!["others".into()],
        shared_keys: Vec::new(),
    });
    let signature = sign(&"primary".into(), Algorithm::HmacSha1, &format!("{PUBLIC}/w"), Content::Form(&form));
    let body = form.encode();
    let request = WebhookRequest {
        method: "POST",
        path_and_query: "/w",
        content_type: Some("application/x-www-form-urlencoded"),
        signature: Some(&signature),
        signature_settings: None,
        body: body.as_bytes(),
    };
    assert_eq!(
        verify(&PublicAddress::parse(PUBLIC).unwrap(), &both, &request).unwrap_err(),
        WebhookRefusal::BadSignature
    );
}

#[test]
fn both_tokens_count_while_they_are_rotated_and_shared_keys_by_their_algorithm_only() {
    assert!(
        Sent {
            secret: "secondary",
            ..Sent::new(inbound())
        }
        .arrives()
        .is_ok()
    );
    let shared = |settings| Sent {
        secret: "shared",
        algorithm: Algorithm::HmacSha256,
        settings: Some(settings),
        ..Sent::new(inbound())
    };
    assert!(shared("key=webhooks_sharedkey_a,algorithm=HMAC_SHA256").arrives().is_ok());
    for settings in [
        "key=webhooks_sharedkey_b,algorithm=HMAC_SHA256",
        "key=webhooks_sharedkey_a,algorithm=HMAC_SHA512",
        "algorithm=none",
        "key=webhooks_sharedkey_a",
    ] {
        assert_eq!(shared(settings).arrives().unwrap_err(), WebhookRefusal::BadSignature, "{settings}");
    }
    let swapped = Sent {
        algorithm: Algorithm::HmacSha256,
        settings: Some("algorithm=HMAC_SHA256"),
        ..Sent::new(inbound())
    };
    assert_eq!(swapped.arrives().unwrap_err(), WebhookRefusal::BadSignature);
}

#[test]
fn a_signed_webhook_without_what_it_needs_names_the_field() {
    let without = |missing: &str| {
        let mut form = Form::default();
        for (name, value) in inbound().pairs().filter(|(name, _)| *name != missing.as_bytes()) {
            form.push(std::str::from_utf8(name).unwrap(), value);
        }
        Sent::new(form).arrives()
    };
    for field in ["MessageSid", "AccountSid", "From", "To"] {
        match without(field).unwrap_err() {
            WebhookRefusal::Malformed { field: named } => assert_eq!(named, field),
            other => panic!("{field}: {other}"),
        }
    }
    assert!(without("Body").is_ok());
    let strange = Sent::new(inbound().with("MessageStatus", "teleported")).arrives();
    assert_eq!(strange.unwrap_err(), WebhookRefusal::Malformed { field: "MessageStatus" });
}

#[test]
fn bytes_that_are_no_text_are_signed_as_they_are_and_shown_as_replaced() {
    let form = Form::default()
        .with("MessageSid", SID)
        .with("AccountSid", ACCOUNT)
        .with("From", JANE)
        .with("To", FIRM);
    let text = Sent::new(form.with("Body", b"a\xff\xfeb\0c")).text();
    assert_eq!(text.body, "a\u{fffd}\u{fffd}b\u{fffd}c");
}

#[test]
fn an_inbound_text_keeps_media_segments_keyword_and_all_unknown_fields() {
    let form = inbound()
        .with("NumMedia", "2")
        .with("NumSegments", "3")
        .with("MediaUrl0", "https://m/0")
        .with("MediaContentType0", "image/jpeg")
        .with("MediaUrl1", "https://m/1")
        .with("OptOutType", "STOP")
        .with("FromCity", "")
        .with("MediaUrl7", "odd")
        .with("BrandNewField2027", "{}");
    let text = Sent::new(form).text();
    assert_eq!(
        (text.provider_id.as_str(), text.account.as_str(), text.body.as_str()),
        (SID, ACCOUNT, " hi ")
    );
    assert_eq!(text.media.len(), 2);
    assert_eq!(text.media[0].content_type, "image/jpeg");
    assert_eq!((text.segments, text.keyword), (Some(3), Some(Keyword::Stop)));
    let extra: Vec<&str> = text.extra.keys().map(String::as_str).collect();
    assert_eq!(extra, ["BrandNewField2027", "FromCity", "MediaUrl7"]);
}

#[test]
fn a_sender_that_is_no_number_is_kept() {
    for sender in ["72345", "BANK", "+1234567890123456"] {
        let form = Form::default()
            .with("MessageSid", SID)
            .with("AccountSid", ACCOUNT)
            .with("From", sender)
            .with("To", FIRM);
        match Sent::new(form).text().from {
            Address::Other(kept) => assert_eq!(&*kept, sender),
            Address::Number(_) => panic!("it was read as a number"),
        }
    }
}

#[test]
fn a_status_brings_our_part_its_code_and_the_networks_time() {
    let form = inbound()
        .with("MessageStatus", "undelivered")
        .with("ErrorCode", "30003")
        .with("RawDlrDoneDate", "2611200930");
    let status = Sent::new(form).status();
    assert_eq!(
        (status.state, status.error_code, status.part.as_deref()),
        (DeliveryState::Undelivered, Some(30003), Some("part_1"))
    );
    assert_eq!(status.done_at.unwrap().to_string(), "2026-11-20T09:30:00.000000Z");
    let plain = Sent {
        path: "/webhooks/twilio/status",
        ..Sent::new(inbound().with("MessageStatus", "sent"))
    }
    .status();
    assert_eq!((plain.state, plain.part, plain.done_at), (DeliveryState::Sent, None, None));
}

#[test]
fn every_published_field_and_state_is_read_or_kept() {
    let published: Value = serde_json::from_str(include_str!("data/webhook_fields.json")).unwrap();
    for state in published["message_status"]["values"].as_array().unwrap() {
        let state = state.as_str().unwrap();
        assert!(Sent::new(inbound().with("MessageStatus", state)).arrives().is_ok(), "{state}");
    }
    for group in ["seen_in_practice", "when_messaging_service", "when_geo_known", "whatsapp_rcs"] {
        for field in published["inbound_message"][group].as_array().unwrap() {
            let field = field.as_str().unwrap().split('=').next().unwrap();
            let text = Sent::new(inbound().with(field, "x")).text();
            assert!(field == "ApiVersion" || text.extra.contains_key(field), "{field}");
        }
    }
}

#[test]
fn a_json_webhook_counts_with_the_hash_of_its_body() {
    let body = format!(r#"{{"MessageSid":"{SID}","AccountSid":"{ACCOUNT}","From":"{JANE}","To":"{FIRM}","Body":"ü👍","NumSegments":1}}"#);
    let path = format!("/w?bodySHA256={}", body_hash(body.as_bytes()));
    let signature = sign(&"primary".into(), Algorithm::HmacSha1, &format!("{PUBLIC}{path}"), Content::Nothing);
    let arrives = |path: &str, body: &str| {
        let request = WebhookRequest {
            method: "POST",
            path_and_query: path,
            content_type: Some("application/json"),
            signature: Some(&signature),
            signature_settings: None,
            body: body.as_bytes(),
        };
        verify(&PublicAddress::parse(PUBLIC).unwrap(), &accounts(), &request)
    };
    assert!(matches!(arrives(&path, &body).unwrap().get(), Webhook::InboundText(text) if text.body == "ü👍" && text.segments == Some(1)));
    assert_eq!(arrives(&path, &body.replace("ü", "u")).unwrap_err(), WebhookRefusal::BadSignature);
    assert_eq!(arrives("/w", &body).unwrap_err(), WebhookRefusal::BadSignature);
}

#[test]
fn a_public_address_is_scheme_host_and_port_only() {
    for good in [
        "https://hub.example.org",
        "https://hub.example.org/",
        "http://127.0.0.1:8080",
        "https://[::1]:8443",
    ] {
        assert!(PublicAddress::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "hub.example.org",
        "ftp://h",
        "https://",
        "https://h/path",
        "https://u:p@h",
        "https://h?x",
        "https://h#f",
        "https://h:99999",
    ] {
        assert!(PublicAddress::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn nothing_prints_a_number_or_a_text() {
    let shown = format!(
        "{:?}",
        Sent::new(inbound().with("MediaUrl0", "https://m/secret")).arrives().unwrap()
    );
    assert!(
        !shown.contains("555") && !shown.contains(" hi ") && !shown.contains("secret"),
        "{shown}"
    );
}
