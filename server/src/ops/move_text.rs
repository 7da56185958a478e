//! The act that takes a text to another case (the requirement's "reassign"), or out of "Unknown sender" or a person's
//! conversation into a case, or to a person. It is then there and nowhere else; its history stays.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::event::{PlacementCause, WithdrawalReason};
use casewire_core::id::{CaseId, ContactId, Id, LeadId, MessageId};
use casewire_core::messaging::claims::{MoveError, StandingKind};
use casewire_core::time::Timestamp;
use casewire_core::view::MessageView;
use casewire_store::conversations::{self, ConversationKey, CountChange, ItemKind, NewItem};
use casewire_store::messages::{self, NewPlace, NewStep, StoredText};
use casewire_store::{Act, Tx, announce, contacts, leads, message_view};

use crate::ops::texts::{self, TextInView, in_view};
use crate::problem::Problem;

/// Where a text is moved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A case, and who the text is from there; by default the contact that it is from now.
    Case {
        /// The number of the case.
        mycase_case_id: String,
        /// The contact.
        contact_id: Option<ContactId>,
    },
    /// The conversation of a lead.
    Lead(LeadId),
    /// The conversation of a contact outside of any case.
    Contact(ContactId),
}

/// Moves a text.
pub struct MoveText {
    /// The rights of the mover.
    pub access: Access,
    /// The text.
    pub message_id: MessageId,
    /// Where to.
    pub destination: Destination,
    /// Now.
    pub now: Timestamp,
}

impl Act for MoveText {
    type Out = MessageView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<MessageView, Problem> {
        let tenant = self.access.tenant();
        let found = in_view(tx, &self.access, self.message_id).await?;
        self.may_take(&found)?;
        let text = found.text;
        let (from, home) = (text.case_id, text.conversation_id.ok_or(MoveError::Unclaimed)?);
        let place = self.place(tx, &text).await?;
        if place.conversation_id == home {
            return Err(MoveError::AlreadyThere.into());
        }
        if !messages::relocate(tx, tenant, text.id, home, &place).await? {
            return Err(MoveError::Unclaimed.into());
        }
        let attention = CountChange {
            unclaimed: 0,
            attention: -i64::from(text.needs_attention),
        };
        conversations::withdraw(tx, tenant, home, text.id.uuid(), attention).await?;
        conversations::place(tx, tenant, place.conversation_id, item(&text)).await?;
        let to = place.case.as_ref().map(|(case_id, _)| *case_id);
        self.note(tx, &text, from, to).await?;
        announce::withdrawn(tx, tenant, text.id, home, WithdrawalReason::Moved).await?;
        announce::placed(tx, tenant, text.id, place.conversation_id, PlacementCause::Moved).await?;
        let view = message_view::message_in(tx, tenant, place.conversation_id, text.id).await?;
        view.ok_or_else(Problem::not_found)
    }
}

fn item(text: &StoredText) -> NewItem<'_> {
    NewItem {
        item_id: text.id.uuid(),
        kind: ItemKind::Text,
        at: text.at,
        direction: text.direction,
        text: &text.body,
        unclaimed: 0,
    }
}

impl MoveText {
    /// Taking a text away needs the right to act where it stands.
    fn may_take(&self, found: &TextInView) -> Result<(), Problem> {
        if found.text.kind == StandingKind::Unclaimed {
            return Err(MoveError::Unclaimed.into());
        }
        match found.cases.first() {
            Some(case) => self.access.contact(case, Resource::Sms).map(drop)?,
            None => self.access.office(Resource::Sms, Level::Act).map(drop)?,
        }
        Ok(())
    }

    async fn place(&self, tx: &mut Tx, text: &StoredText) -> Result<NewPlace, Problem> {
        let tenant = self.access.tenant();
        match &self.destination {
            Destination::Case {
                mycase_case_id,
                contact_id,
            } => {
                let case = texts::case_in_view(tx, &self.access, mycase_case_id).await?;
                self.access.contact(&case, Resource::Sms)?;
                if let Some(standing) = text.standing.clone() {
                    standing.move_to(case.case_id)?;
                }
                if let Some(contact_id) = contact_id {
                    self.may_see(tx, *contact_id).await?;
                }
                let contact_id = contact_id.or(text.contact_id);
                let owner = (case.case_id, mycase_case_id.as_str());
                Ok(texts::place_in_case(tx, &self.access, text, owner, contact_id, kind(text, StandingKind::Moved)).await?)
            }
            Destination::Lead(lead_id) => {
                self.access.office(Resource::Sms, Level::Act)?;
                let contact_id = leads::view(tx, tenant, *lead_id).await?.ok_or_else(Problem::not_found)?.contact.id;
                let key = ConversationKey::Lead {
                    lead_id: *lead_id,
                    contact_id,
                };
                self.with_a_person(tx, text, &key, contact_id, Some(*lead_id)).await
            }
            Destination::Contact(contact_id) => {
                self.access.office(Resource::Sms, Level::Act)?;
                self.may_see(tx, *contact_id).await?;
                self.with_a_person(tx, text, &ConversationKey::Contact { contact_id: *contact_id }, *contact_id, None)
                    .await
            }
        }
    }

    async fn may_see(&self, tx: &mut Tx, contact_id: ContactId) -> Result<(), Problem> {
        if contacts::may_see(tx, &self.access.known_cases(), contact_id).await? {
            Ok(())
        } else {
            Err(Problem::not_found())
        }
    }

    async fn with_a_person(
        &self,
        tx: &mut Tx,
        text: &StoredText,
        key: &ConversationKey,
        contact_id: ContactId,
        lead_id: Option<LeadId>,
    ) -> Result<NewPlace, Problem> {
        let conversation_id = conversations::ensure(tx, self.access.tenant(), key, text.at).await?;
        let standing = kind(text, StandingKind::Personal);
        Ok(NewPlace {
            standing,
            conversation_id,
            case: None,
            contact_id: Some(contact_id),
            case_contact_id: None,
            contact_role_name: None,
            lead_id,
        })
    }

    async fn note(&self, tx: &mut Tx, text: &StoredText, from: Option<CaseId>, to: Option<CaseId>) -> Result<(), Problem> {
        let (tenant, user) = (self.access.tenant(), self.access.user());
        let step = NewStep {
            kind: "moved",
            user: Some(user),
            from,
            to,
            left: text.conversation_id,
        };
        tx.pipeline(vec![messages::stepping(tenant, text.id, self.now, step)]).await?;
        texts::note(tx, &self.access, "move_text", text.id, to.or(from), self.now).await?;
        Ok(())
    }
}

/// An outbound text stays one wherever it is.
fn kind(text: &StoredText, inbound: StandingKind) -> StandingKind {
    if text.kind == StandingKind::Sent {
        StandingKind::Sent
    } else {
        inbound
    }
}
