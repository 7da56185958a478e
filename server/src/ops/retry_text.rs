//! The act that sends a text again from the part that was lost on, as its writer's colleague asks. A part whose outcome is
//! unknown may have gone out: sending it again takes a person who says that a duplicate is better than nothing.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::id::{CaseId, MessageId};
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::messaging::opt_out::OptOut;
use casewire_core::time::Timestamp;
use casewire_core::view::MessageView;
use casewire_store::messages::{self, NewStep};
use casewire_store::sends::{self, Part};
use casewire_store::{Act, Tx, cases, message_view, opt_outs};

use super::text_status::{queue_attempt, settle};
use super::texts;
use crate::problem::{Problem, ProblemCode};

/// What a person says of a text that may have gone out already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicate {
    /// It must not go out twice.
    Avoided,
    /// It may go out twice.
    Accepted,
}

/// Sends a text again from the part that was lost on.
pub struct RetryText {
    /// Who asks.
    pub access: Access,
    /// Which text.
    pub message_id: MessageId,
    /// What they say where it may have gone out.
    pub duplicate: Duplicate,
    /// The time.
    pub now: Timestamp,
}

impl Act for RetryText {
    type Out = MessageView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<MessageView, Problem> {
        let tenant = self.access.tenant();
        let conversation = self.permitted(tx).await?;
        let mut text = sends::lock(tx, tenant, self.message_id).await?.ok_or_else(not_retryable)?;
        let lost = self.lost(&text.parts)?;
        if opt_outs::state(tx, tenant, &text.peer).await? == OptOut::OptedOut {
            return Err(Problem::of(ProblemCode::RecipientOptedOut));
        }
        let renewed = sends::renew_part(tx, tenant, lost, self.now).await?;
        queue_attempt(tx, tenant, renewed, 0, self.now).await?;
        if let Some(part) = text.parts.iter_mut().find(|part| part.id == lost) {
            *part = Part {
                id: renewed,
                state: DeliveryState::Queued,
                provider_id: None,
                error_code: None,
                attempts: 0,
                attempted_at: None,
                accepted_at: None,
                ..part.clone()
            };
        }
        let step = NewStep {
            kind: "retried",
            user: Some(self.access.user()),
            from: None,
            to: text.case_id,
            left: None,
        };
        tx.pipeline(vec![messages::stepping(tenant, text.id, self.now, step)]).await?;
        texts::note(tx, &self.access, "retry_text", text.id, text.case_id, self.now).await?;
        settle(tx, tenant, &mut text, self.now).await?;
        message_view::message_in(tx, tenant, conversation, text.id)
            .await?
            .ok_or_else(Problem::not_found)
    }
}

impl RetryText {
    /// Whoever may write where the text stands may send it again.
    async fn permitted(&self, tx: &mut Tx) -> Result<casewire_core::id::ConversationId, Problem> {
        let text = texts::in_view(tx, &self.access, self.message_id).await?.text;
        match text.case_id {
            Some(case) => self.contact_permit(tx, case).await?,
            None => {
                self.access.office(Resource::Sms, Level::Act)?;
            }
        }
        text.conversation_id.ok_or_else(not_retryable)
    }

    async fn contact_permit(&self, tx: &mut Tx, case: CaseId) -> Result<(), Problem> {
        let case = cases::reach_by_id(tx, self.access.tenant(), case)
            .await?
            .ok_or_else(Problem::not_found)?;
        self.access.contact(&case, Resource::Sms)?;
        Ok(())
    }

    /// The part that was lost, or the one in doubt.
    fn lost(&self, parts: &[Part]) -> Result<casewire_core::id::PartId, Problem> {
        if let Some(lost) = parts.iter().find(|part| part.state.stops_the_rest()) {
            return Ok(lost.id);
        }
        let in_doubt = parts
            .iter()
            .find(|part| part.state == DeliveryState::Unknown)
            .ok_or_else(not_retryable)?;
        match self.duplicate {
            Duplicate::Accepted => Ok(in_doubt.id),
            Duplicate::Avoided => Err(Problem::new(
                ProblemCode::NotRetryable,
                "This text may have gone out already. Look whether it did; to send it all the same, confirm with `confirm_duplicate`.",
            )
            .with("confirm", "confirm_duplicate")),
        }
    }
}

fn not_retryable() -> Problem {
    Problem::of(ProblemCode::NotRetryable)
}
