//! The acts that hide a text from one user's own view and bring it back. They change nobody else's view; when the last who works
//! on a text hides it, it stands in "Needs attention".

use casewire_core::access::{Access, Resource};
use casewire_core::event::Event;
use casewire_core::id::{CaseId, ConversationId, MessageId};
use casewire_core::messaging::claims::DismissError;
use casewire_core::time::Timestamp;
use casewire_store::messages::{self, NewStep};
use casewire_store::{Act, Tx, announce, attention, dismissals};

use crate::ops::texts::{TextInView, in_view, note};
use crate::problem::Problem;

/// Whether a text is hidden or shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dismissal {
    /// Hidden.
    Dismiss,
    /// Shown again.
    Undismiss,
}

/// Hides a text from a user's own view, or brings it back.
pub struct DismissText {
    /// The rights of the user.
    pub access: Access,
    /// The text.
    pub message_id: MessageId,
    /// The number of the case in whose inbox it is hidden; every case in the user's view where none is said.
    pub mycase_case_id: Option<String>,
    /// Which of the two.
    pub dismissal: Dismissal,
    /// Now.
    pub now: Timestamp,
}

impl Act for DismissText {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let tenant = self.access.tenant();
        let found = in_view(tx, &self.access, self.message_id).await?;
        let places = self.places(tx, &found).await?;
        dismissals::lock(tx, tenant, self.message_id).await?;
        for (case, conversation) in places {
            self.apply(tx, case, conversation).await?;
        }
        attention::recheck_message(tx, tenant, self.message_id).await?;
        Ok(())
    }
}

impl DismissText {
    /// The views that it is hidden from: all or one of the cases that it is offered to, or "Unknown sender".
    async fn places(&self, tx: &mut Tx, found: &TextInView) -> Result<Vec<(Option<CaseId>, ConversationId)>, Problem> {
        let standing = found.text.standing.as_ref().ok_or(DismissError::HasAnOwner)?;
        if found.cases.is_empty() {
            standing.dismissible(None)?;
            let conversation = found.text.conversation_id.ok_or(DismissError::HasAnOwner)?;
            return Ok(vec![(None, conversation)]);
        }
        let chosen = match &self.mycase_case_id {
            Some(number) => {
                let case = crate::ops::texts::case_in_view(tx, &self.access, number).await?;
                standing.dismissible(Some(case.case_id))?;
                self.access.contact(&case, Resource::Sms)?;
                vec![case]
            }
            None => found
                .cases
                .iter()
                .filter(|case| self.access.contact(case, Resource::Sms).is_ok())
                .cloned()
                .collect(),
        };
        let mut places = Vec::new();
        for case in &chosen {
            standing.dismissible(Some(case.case_id))?;
            let offer = found.text.candidates.iter().find(|offer| offer.candidate.case_id == case.case_id);
            places.extend(offer.map(|offer| (Some(case.case_id), offer.conversation_id)));
        }
        if places.is_empty() {
            let case = found.cases.first().ok_or_else(Problem::not_found)?;
            self.access.contact(case, Resource::Sms)?;
        }
        Ok(places)
    }

    async fn apply(&self, tx: &mut Tx, case: Option<CaseId>, conversation_id: ConversationId) -> Result<(), Problem> {
        let (tenant, user, message_id) = (self.access.tenant(), self.access.user(), self.message_id);
        let (changed, kind, act, event) = match self.dismissal {
            Dismissal::Dismiss => (
                dismissals::dismiss(tx, tenant, message_id, case, user, self.now).await?,
                "dismissed",
                "dismiss_text",
                Event::MessageDismissed {
                    message_id,
                    conversation_id,
                },
            ),
            Dismissal::Undismiss => (
                dismissals::undismiss(tx, tenant, message_id, case, user).await?,
                "undismissed",
                "undismiss_text",
                Event::MessageUndismissed {
                    message_id,
                    conversation_id,
                },
            ),
        };
        if changed {
            let step = NewStep {
                kind,
                user: Some(user),
                from: case,
                to: None,
                left: None,
            };
            tx.pipeline(vec![messages::stepping(tenant, message_id, self.now, step)]).await?;
            note(tx, &self.access, act, message_id, case, self.now).await?;
            announce::dismissal(tx, tenant, user, case, event);
        }
        Ok(())
    }
}
