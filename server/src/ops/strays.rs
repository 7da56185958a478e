//! Texts to numbers that no organization owns: kept when they come, and taken in as if they came to their owner when somebody
//! registers the number. Refuses nothing: a signed text is never dropped.

use std::collections::BTreeMap;

use casewire_carriers::carrier::ProviderId;
use casewire_carriers::twilio::webhook::{InboundText, Media};
use casewire_core::messaging::opt_out::Keyword;
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_store::numbers::OrganizationNumber;
use casewire_store::strays::{self, Stray};
use casewire_store::{Act, StoreError, Tx};
use serde::{Deserialize, Serialize};

use super::receive_text::ReceiveText;

/// A text as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    provider_id: String,
    from: String,
    body: String,
    media: Vec<(String, String)>,
    segments: Option<u32>,
    keyword: Option<Keyword>,
    extra: BTreeMap<String, String>,
}

/// Keeps a text to a number that nobody owns.
pub struct KeepStray {
    stray: Stray,
}

impl KeepStray {
    /// The act for a text that came at `now`.
    ///
    /// # Errors
    /// [`StoreError::Bug`] where it cannot be written as JSON.
    #[expect(clippy::disallowed_methods, reason = "the text is kept as it came, with its sender")]
    pub fn new(text: &InboundText, now: Timestamp) -> Result<Self, StoreError> {
        let kept = Kept {
            provider_id: text.provider_id.as_str().to_owned(),
            from: text.from.expose().to_owned(),
            body: text.body.clone(),
            media: text
                .media
                .iter()
                .map(|media| (media.url.clone(), media.content_type.clone()))
                .collect(),
            segments: text.segments,
            keyword: text.keyword,
            extra: text.extra.clone(),
        };
        let payload = serde_json::to_string(&kept).map_err(|_| StoreError::Bug {
            what: "a text cannot be written as JSON".into(),
        })?;
        let (provider_id, account_sid, number) = (kept.provider_id, text.account.clone(), text.to.clone());
        Ok(Self {
            stray: Stray {
                provider_id,
                account_sid,
                number,
                payload,
                at: now,
            },
        })
    }
}

impl Act for KeepStray {
    type Out = bool;
    type Error = StoreError;

    /// Whether it is the first time that it came.
    async fn run(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        strays::keep(tx, &self.stray).await
    }
}

/// Takes in, for its owner, what came to a number before it had one; how many. Called where a number is registered, and by
/// reconciliation for what came in that moment.
///
/// # Errors
/// [`StoreError`].
pub async fn adopt(tx: &mut Tx, number: &OrganizationNumber) -> Result<usize, StoreError> {
    let kept = strays::of_number(tx, &number.e164, &number.account_sid).await?;
    for (payload, at) in &kept {
        let kept: Kept = serde_json::from_str(payload).map_err(|_| StoreError::Bug {
            what: "a kept text cannot be read".into(),
        })?;
        let text = InboundText {
            provider_id: ProviderId::from(kept.provider_id.as_str()),
            account: number.account_sid.clone(),
            from: Address::read(&kept.from),
            to: number.e164.clone(),
            body: kept.body,
            media: kept
                .media
                .into_iter()
                .map(|(url, content_type)| Media { url, content_type })
                .collect(),
            segments: kept.segments,
            keyword: kept.keyword,
            extra: kept.extra,
        };
        ReceiveText {
            tenant: number.tenant(),
            number_id: number.id,
            text,
            now: *at,
        }
        .run(tx)
        .await?;
    }
    if !kept.is_empty() {
        strays::forget(tx, &number.e164, &number.account_sid).await?;
    }
    Ok(kept.len())
}
