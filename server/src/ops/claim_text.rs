//! The act that gives an unclaimed text, or all unclaimed ones of its sender, to a case. Exactly one claimer wins; the others
//! learn who won and when. A claim opens no session: the claimer's next text does.

use casewire_core::access::{Access, CaseReach, Resource, Tenant};
use casewire_core::event::{Event, PlacementCause, WithdrawalReason};
use casewire_core::id::{Id, MessageId};
use casewire_core::messaging::claims::{Claim, ClaimError, Standing, StandingKind};
use casewire_core::time::Timestamp;
use casewire_core::view::{Direction, MessageView};
use casewire_store::conversations::{self, CountChange, ItemKind, NewItem};
use casewire_store::messages::{self, NewStep, Offer, StoredText};
use casewire_store::{Act, Tx, announce, attention, cases, dismissals, message_view};

use crate::ops::texts::{self, in_view_of_claimer, refused_claim};
use crate::problem::Problem;

/// Which texts are claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimExtent {
    /// This one.
    Message,
    /// This one, and all others of its sender that are unclaimed and offered to the same case.
    Sender,
}

/// Claims for a case.
pub struct ClaimText {
    /// The rights of the claimer.
    pub access: Access,
    /// The text.
    pub message_id: MessageId,
    /// The number of the case that it is claimed for.
    pub mycase_case_id: String,
    /// Whether the sender's other unclaimed texts go with it.
    pub extent: ClaimExtent,
    /// Now.
    pub now: Timestamp,
}

impl Act for ClaimText {
    type Out = Vec<MessageView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<MessageView>, Problem> {
        let found = in_view_of_claimer(tx, &self.access, self.message_id).await?;
        let case = texts::case_in_view(tx, &self.access, &self.mycase_case_id).await?;
        let permit = self.access.contact(&case, Resource::Sms)?;
        let mut claimed = vec![self.claim(tx, &case, found.text).await?];
        if self.extent == ClaimExtent::Sender
            && let Some(text) = messages::load(tx, permit.tenant(), self.message_id).await?
        {
            for id in messages::unclaimed_of_sender(tx, permit.tenant(), &text.peer, case.case_id).await? {
                if let Some(text) = messages::load(tx, permit.tenant(), id).await? {
                    claimed.push(self.claim(tx, &case, text).await?);
                }
            }
        }
        Ok(claimed)
    }
}

impl ClaimText {
    async fn claim(&self, tx: &mut Tx, case: &CaseReach, text: StoredText) -> Result<MessageView, Problem> {
        let tenant = self.access.tenant();
        let claim = Claim {
            by: self.access.user(),
            at: self.now,
        };
        let standing = text.standing.clone().ok_or(ClaimError::NotUnclaimed);
        if let Err(error) = standing.and_then(|standing| standing.claim(case.case_id, claim)) {
            return Err(refused_claim(tx, &self.access, error).await?);
        }
        let offer = text.candidates.iter().find(|offer| offer.candidate.case_id == case.case_id);
        let contact_id = offer.and_then(|offer| offer.candidate.contact_id);
        let owner = (case.case_id, self.mycase_case_id.as_str());
        let place = texts::place_in_case(tx, &self.access, &text, owner, contact_id, StandingKind::Claimed).await?;
        if !messages::claim(tx, tenant, text.id, claim, &place).await? {
            return Err(self.lost(tx, text.id).await?);
        }
        self.settle(tx, &text, place.conversation_id).await?;
        let step = NewStep {
            kind: "claimed",
            user: Some(claim.by),
            from: None,
            to: Some(case.case_id),
            left: None,
        };
        tx.pipeline(vec![messages::stepping(tenant, text.id, self.now, step)]).await?;
        texts::note(tx, &self.access, "claim_text", text.id, Some(case.case_id), self.now).await?;
        announce::placed(tx, tenant, text.id, place.conversation_id, PlacementCause::Claimed).await?;
        let view = message_view::message_in(tx, tenant, place.conversation_id, text.id).await?;
        view.ok_or_else(Problem::not_found)
    }

    /// Takes the text out of every conversation but that of its owner.
    async fn settle(&self, tx: &mut Tx, text: &StoredText, home: casewire_core::id::ConversationId) -> Result<(), Problem> {
        let tenant = self.access.tenant();
        let change = CountChange {
            unclaimed: -1,
            attention: -i64::from(text.needs_attention),
        };
        for Offer { conversation_id, .. } in &text.candidates {
            conversations::withdraw(tx, tenant, *conversation_id, text.id.uuid(), change).await?;
        }
        let item = NewItem {
            item_id: text.id.uuid(),
            kind: ItemKind::Text,
            at: text.at,
            direction: Direction::Inbound,
            text: &text.body,
            unclaimed: 0,
        };
        conversations::place(tx, tenant, home, item).await?;
        for Offer { conversation_id, .. } in text.candidates.iter().filter(|offer| offer.conversation_id != home) {
            announce::withdrawn(tx, tenant, text.id, *conversation_id, WithdrawalReason::ClaimedElsewhere).await?;
        }
        Ok(())
    }

    /// Somebody else won between our look and our update.
    async fn lost(&self, tx: &mut Tx, id: MessageId) -> Result<Problem, Problem> {
        let winner = messages::load(tx, self.access.tenant(), id).await?.and_then(|text| text.standing);
        let error = match winner {
            Some(Standing::Claimed { claim, .. }) => ClaimError::AlreadyClaimed {
                by: claim.by,
                at: claim.at,
            },
            Some(
                Standing::Unclaimed { .. } | Standing::Routed { .. } | Standing::Moved { .. } | Standing::Personal | Standing::Unknown,
            )
            | None => ClaimError::NotUnclaimed,
        };
        Ok(refused_claim(tx, &self.access, error).await?)
    }
}

/// Puts a text back where it is offered, and judges whether somebody is left to take it.
///
/// # Errors
/// [`Problem`].
pub(crate) async fn offer_again(tx: &mut Tx, access: &Access, text: &StoredText) -> Result<(), Problem> {
    let tenant = access.tenant();
    let item = NewItem {
        item_id: text.id.uuid(),
        kind: ItemKind::Text,
        at: text.at,
        direction: Direction::Inbound,
        text: &text.body,
        unclaimed: 1,
    };
    for offer in &text.candidates {
        conversations::place(tx, tenant, offer.conversation_id, item).await?;
    }
    attention::recheck_message(tx, tenant, text.id).await?;
    for offer in &text.candidates {
        announce::placed(tx, tenant, text.id, offer.conversation_id, PlacementCause::Released).await?;
    }
    hide_again(tx, tenant, text).await
}

/// Who hid the text while it was offered finds it hidden again, and is told so: a claim in between does not undo a dismissal.
async fn hide_again(tx: &mut Tx, tenant: Tenant, text: &StoredText) -> Result<(), Problem> {
    for (case_id, user) in dismissals::of_message(tx, tenant, text.id).await? {
        let offer = text.candidates.iter().find(|offer| offer.candidate.case_id == case_id);
        let case = cases::reach_by_id(tx, tenant, case_id).await?;
        let access = casewire_store::access::of_user(tx, tenant, user).await?;
        let (Some(offer), Some(case), Some(access)) = (offer, case, access) else {
            continue;
        };
        if access.read(&case, Resource::Sms).is_ok() {
            let (message_id, conversation_id) = (text.id, offer.conversation_id);
            let event = Event::MessageDismissed {
                message_id,
                conversation_id,
            };
            announce::dismissal(tx, tenant, user, Some(case_id), event);
        }
    }
    Ok(())
}
