//! Access tokens: Twilio's vectors, what is refused, and Twilio's own library, which believes the right ones and no others.

use std::time::Duration;

use casewire_carriers::twilio::token::{Incoming, Outgoing, TokenError, TokenKey, VoiceGrant, access_token};
use casewire_core::time::Timestamp;
use serde_json::{Value, json};

use super::peer::judge;
use super::scene::{ACCOUNT, APPLICATION, START};

fn key() -> TokenKey {
    TokenKey {
        account_sid: ACCOUNT.to_owned(),
        key_sid: "SK00000000000000000000000000000001".to_owned(),
        secret: "secret-of-the-key-0123456789abcdef".into(),
    }
}

fn grant() -> VoiceGrant {
    VoiceGrant {
        identity: "agent_1".to_owned(),
        incoming: Incoming::Allowed,
        outgoing: Some(Outgoing {
            application_sid: APPLICATION.to_owned(),
            params: vec![("organization".to_owned(), "org_1 & \"ü\"".to_owned())],
        }),
        region: None,
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn tokens_are_the_vectors_to_the_letter() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("data/twilio_access_token.json")).unwrap();
    assert!(vectors.len() >= 2);
    for vector in vectors {
        let (claims, voice) = (&vector["payload"], &vector["payload"]["grants"]["voice"]);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let key = TokenKey {
            account_sid: text(&claims["sub"]),
            key_sid: text(&claims["iss"]),
            secret: vector["secret"].as_str().unwrap().into(),
        };
        let params = voice["outgoing"]["params"].as_object();
        // The order of the vector's own text, which a sorted map has lost.
        let mut params: Vec<(String, String)> = params
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect();
        params.sort_by(|one, other| other.0.cmp(&one.0));
        let grant = VoiceGrant {
            identity: text(&claims["grants"]["identity"]),
            incoming: if voice["incoming"]["allow"] == true {
                Incoming::Allowed
            } else {
                Incoming::Refused
            },
            outgoing: voice["outgoing"]["application_sid"].as_str().map(|sid| Outgoing {
                application_sid: sid.to_owned(),
                params,
            }),
            region: None,
        };
        let now = Timestamp::from_micros(vector["fixed_now"].as_i64().unwrap() * 1_000_000);
        let life = Duration::from_secs(claims["exp"].as_u64().unwrap() - claims["nbf"].as_u64().unwrap());
        let token = access_token(&key, &grant, now, life).unwrap();
        assert_eq!(token, vector["jwt"].as_str().unwrap(), "{}", vector["name"]);
    }
}

#[test]
fn what_twilio_would_refuse_is_not_signed() {
    let now = Timestamp::from_micros(START);
    let refused = |key: &TokenKey, grant: &VoiceGrant, life| access_token(key, grant, now, life).unwrap_err();
    let with = |change: &dyn Fn(&mut TokenKey)| {
        let mut key = key();
        change(&mut key);
        key
    };
    assert_eq!(
        refused(&with(&|key| key.account_sid = "AC1".to_owned()), &grant(), HOUR),
        TokenError::AccountSid
    );
    assert_eq!(
        refused(&with(&|key| key.key_sid = ACCOUNT.to_owned()), &grant(), HOUR),
        TokenError::KeySid
    );
    assert_eq!(refused(&with(&|key| key.secret = "".into()), &grant(), HOUR), TokenError::Secret);
    for identity in ["", "agent-1", "agent 1", "agent@x", "ä", &"a".repeat(122)] {
        let grant = VoiceGrant {
            identity: identity.to_owned(),
            ..grant()
        };
        assert_eq!(refused(&key(), &grant, HOUR), TokenError::Identity, "{identity}");
    }
    let mut elsewhere = grant();
    elsewhere.outgoing.as_mut().unwrap().application_sid = "AP1".to_owned();
    assert_eq!(refused(&key(), &elsewhere, HOUR), TokenError::ApplicationSid);
    for life in [Duration::ZERO, Duration::from_millis(900), Duration::from_secs(86_401)] {
        assert_eq!(refused(&key(), &grant(), life), TokenError::Life);
    }
    assert!(!format!("{:?} {:?}", key(), grant()).contains("secret-of"));
}

#[tokio::test]
async fn twilios_own_library_believes_our_tokens_and_no_wrong_ones() {
    // The library reads its own clock, and takes no token from the future.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = Timestamp::from_micros(i64::try_from(now.as_micros()).unwrap());
    let good = access_token(&key(), &grant(), now, HOUR).unwrap();
    let only_rung = VoiceGrant {
        outgoing: None,
        region: Some("ie1".to_owned()),
        ..grant()
    };
    let rung = access_token(&key(), &only_rung, now, HOUR).unwrap();
    let expired = access_token(&key(), &grant(), now.minus(HOUR + HOUR), HOUR).unwrap();
    let mut forged: Vec<char> = good.chars().collect();
    let middle = good.find('.').unwrap() + 40;
    forged[middle] = if forged[middle] == 'A' { 'B' } else { 'A' };
    let told = judge(&json!({
        "secret": "secret-of-the-key-0123456789abcdef",
        "tokens": [
            {"jwt": good, "identity": "agent_1", "incoming": true, "application": APPLICATION, "params": {"organization": "org_1 & \"ü\""}},
            {"jwt": rung, "identity": "agent_1", "incoming": true, "application": null, "params": null},
        ],
        "refused": [expired, forged.iter().collect::<String>(), format!("{good}x"), "a.b.c"],
    }))
    .await;
    assert_eq!((told["believed"].as_u64(), told["refused"].as_u64()), (Some(2), Some(5)));
}
