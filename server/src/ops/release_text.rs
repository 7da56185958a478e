//! The act that takes a claim back: the text is offered again to all cases that it was offered to. The undo of a claim.

use casewire_core::access::{Access, Resource};
use casewire_core::event::WithdrawalReason;
use casewire_core::id::{Id, MessageId};
use casewire_core::messaging::claims::ReleaseError;
use casewire_core::time::Timestamp;
use casewire_store::conversations::{self, CountChange};
use casewire_store::messages::{self, NewStep};
use casewire_store::{Act, Tx, agents, announce};

use crate::ops::claim_text::offer_again;
use crate::ops::texts::{in_view, note};
use crate::problem::Problem;

/// Releases a claimed text.
pub struct ReleaseText {
    /// The rights of who releases: anybody who could have claimed it for that case.
    pub access: Access,
    /// The text.
    pub message_id: MessageId,
    /// Now.
    pub now: Timestamp,
}

impl Act for ReleaseText {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let tenant = self.access.tenant();
        let found = in_view(tx, &self.access, self.message_id).await?;
        let text = found.text;
        let standing = text.standing.clone().ok_or(ReleaseError::NotClaimed)?;
        let owner = standing.owner().ok_or(ReleaseError::NotClaimed)?;
        let case = found.cases.first().ok_or_else(Problem::not_found)?;
        self.access.contact(case, Resource::Sms)?;
        standing.release()?;
        let home = text.conversation_id.ok_or(ReleaseError::NotClaimed)?;
        if !messages::release(tx, tenant, text.id, owner).await? {
            return Err(ReleaseError::NotClaimed.into());
        }
        conversations::withdraw(tx, tenant, home, text.id.uuid(), CountChange::default()).await?;
        agents::review(tx, tenant, home).await?;
        let step = NewStep {
            kind: "released",
            user: Some(self.access.user()),
            from: Some(owner),
            to: None,
            left: None,
        };
        tx.pipeline(vec![messages::stepping(tenant, text.id, self.now, step)]).await?;
        note(tx, &self.access, "release_text", text.id, Some(owner), self.now).await?;
        if !text.candidates.iter().any(|offer| offer.conversation_id == home) {
            announce::withdrawn(tx, tenant, text.id, home, WithdrawalReason::Released).await?;
        }
        offer_again(tx, &self.access, &text).await
    }
}
