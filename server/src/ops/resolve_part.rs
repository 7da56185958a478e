//! The acts of finding out what became of a part: what is known of it, which of the carrier's texts could be it, what was found,
//! and that a person has to look. The job `crate::jobs::resolve_part` asks the carrier between them.

use casewire_core::access::Tenant;
use casewire_core::id::PartId;
use casewire_core::messaging::claims::AttentionReason;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;
use casewire_store::sends;
use casewire_store::{Act, StoreError, Tx, attention};

use super::hand_over::lock;
use super::text_status::{News, Taken, take_in};

/// Looks up what is known of a part.
pub struct LookAtPart {
    /// Whose part.
    pub tenant: Tenant,
    /// The part.
    pub part_id: PartId,
    /// The time.
    pub now: Timestamp,
}

/// What is known of a part.
pub struct KnownPart {
    /// Where it is.
    pub state: DeliveryState,
    /// The carrier's id.
    pub provider_id: Option<String>,
    /// When it was handed over last.
    pub attempted_at: Timestamp,
    /// What it says.
    pub body: String,
    /// The firm's number.
    pub from: E164,
    /// The number of the person.
    pub to: E164,
    /// The carrier account.
    pub account_sid: String,
}

impl Act for LookAtPart {
    type Out = Option<KnownPart>;
    type Error = StoreError;

    /// A part that is still on its way is in doubt by now: who called the carrier did not come back.
    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let Some(mut text) = lock(tx, self.tenant, self.part_id).await? else {
            return Ok(None);
        };
        let on_its_way = |part: &&sends::Part| part.id == self.part_id && part.state == DeliveryState::HandingOver;
        if text.parts.iter().any(|part| on_its_way(&part)) {
            let doubt = News {
                state: DeliveryState::Unknown,
                provider_id: None,
                error_code: None,
                at: self.now,
            };
            take_in(tx, self.tenant, &mut text, self.part_id, &doubt, self.now).await?;
        }
        let (Some(sender), Some(to)) = (text.sender, text.peer.number().cloned()) else {
            return Ok(None);
        };
        let part = text.parts.into_iter().find(|part| part.id == self.part_id);
        Ok(part.map(|part| KnownPart {
            state: part.state,
            provider_id: part.provider_id,
            attempted_at: part.attempted_at.unwrap_or(text.at),
            body: part.body,
            from: sender.e164,
            to,
            account_sid: sender.account_sid,
        }))
    }
}

/// Which of the carrier's texts are not known to be another part.
pub struct LeaveOutBound {
    /// Whose parts.
    pub tenant: Tenant,
    /// The carrier's ids.
    pub provider_ids: Vec<String>,
}

impl Act for LeaveOutBound {
    type Out = Vec<String>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        let mut free = Vec::new();
        for id in &self.provider_ids {
            if sends::part_of_provider_id(tx, self.tenant.organization(), id).await?.is_none() {
                free.push(id.clone());
            }
        }
        Ok(free)
    }
}

/// Takes in what the carrier said of a part.
pub struct TakeInNews {
    /// Whose part.
    pub tenant: Tenant,
    /// The part.
    pub part_id: PartId,
    /// What it said; none: nothing new.
    pub news: Option<News>,
    /// The time.
    pub now: Timestamp,
}

impl Act for TakeInNews {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(mut text) = lock(tx, self.tenant, self.part_id).await? else {
            return Ok(());
        };
        let taken = match &self.news {
            Some(news) => take_in(tx, self.tenant, &mut text, self.part_id, news, self.now).await?,
            None => Taken::Known,
        };
        match taken {
            Taken::Moved => Ok(()),
            Taken::Known | Taken::Stray => sends::touch_part(tx, self.tenant, self.part_id, self.now).await,
        }
    }
}

/// Asks for a person: nobody can tell whether the part went out.
pub struct AskAPerson {
    /// Whose part.
    pub tenant: Tenant,
    /// The part.
    pub part_id: PartId,
}

impl Act for AskAPerson {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(text) = lock(tx, self.tenant, self.part_id).await? else {
            return Ok(());
        };
        let in_doubt = text
            .parts
            .iter()
            .any(|part| part.id == self.part_id && part.state == DeliveryState::Unknown);
        if in_doubt && text.attention.is_none() {
            attention::set(tx, self.tenant, text.id, false, Some(AttentionReason::UnknownOutcome)).await?;
        }
        Ok(())
    }
}
