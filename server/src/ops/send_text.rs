//! The act that sends a text: one row with its parts, the job that hands the first over, the step, the event and the audit line
//! in one transaction. To whom it goes and whether the sender may is in `ops/recipient.rs`; the carrier is called by the job.

pub mod choose;

use casewire_core::access::{Access, Resource, Tenant};
use casewire_core::event::PlacementCause;
use casewire_core::id::{CaseContactId, ContactId, ConversationId, DocumentId, Id, LeadId, MessageId, NumberId, PartId, PhoneId};
use casewire_core::job::Job;
use casewire_core::messaging::claims::StandingKind;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::messaging::opt_out::OptOut;
use casewire_core::messaging::parts::{PartsError, split_parts};
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_core::view::{Direction, MessageView};
use casewire_store::conversations::{self, ItemKind, NewItem};
use casewire_store::jobs::{self, NewJob};
use casewire_store::messages::{self, NewMedia, NewStep, NewText};
use casewire_store::sends;
use casewire_store::{Act, Tx, announce, message_view, mint, opt_outs, organizations};
use unicode_normalization::UnicodeNormalization;

use super::recipient::{self, Numbers, Recipient, Wanted};
use super::{documents, texts};
use crate::problem::{Problem, ProblemCode};

/// How many parts a text may have.
pub const MOST_PARTS: usize = 20;

/// Sends a text.
pub struct SendText {
    /// Who asks.
    pub access: Access,
    /// What they wrote, and to whom.
    pub text: WrittenText,
    /// The time.
    pub now: Timestamp,
}

/// A text as somebody wrote it.
#[derive(Clone, Default)]
pub struct WrittenText {
    /// The number of the case.
    pub case_id: Option<String>,
    /// The lead.
    pub lead_id: Option<LeadId>,
    /// To whom, by their link to the case.
    pub case_contact_id: Option<CaseContactId>,
    /// To whom.
    pub contact_id: Option<ContactId>,
    /// To which of their numbers.
    pub to_phone_id: Option<PhoneId>,
    /// From which number of the firm.
    pub from_number_id: Option<NumberId>,
    /// What is said.
    pub body: String,
    /// The text that it answers.
    pub in_reply_to: Option<MessageId>,
    /// The documents that go with it, each in a version; the latest unless it is said.
    pub media: Vec<(DocumentId, Option<u32>)>,
}

impl WrittenText {
    /// Whom it is for.
    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted {
            by: Resource::Sms,
            case_id: self.case_id.as_deref(),
            lead_id: self.lead_id,
            case_contact_id: self.case_contact_id,
            contact_id: self.contact_id,
            in_reply_to: self.in_reply_to,
        }
    }
}

impl Act for SendText {
    type Out = MessageView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<MessageView, Problem> {
        let tenant = self.access.tenant();
        let recipient = recipient::find(tx, &self.access, self.text.wanted()).await?;
        let case_id = recipient.case.as_ref().map(|(_, case)| *case);
        let attached = documents::attached(tx, tenant, case_id, recipient.contact_id, &self.text.media).await?;
        let body = body(&self.text.body)?;
        let settings = organizations::read(tx, tenant)
            .await?
            .map(|organization| organization.settings)
            .unwrap_or_default();
        let parts = if body.is_empty() && !attached.is_empty() {
            vec![""]
        } else {
            parts(&body, settings.part_limit)?
        };
        let numbers = Numbers {
            to_phone_id: self.text.to_phone_id,
            from_number_id: self.text.from_number_id,
        };
        let way = recipient.way(tx, tenant, numbers).await?;
        let peer = Address::Number(way.to.clone());
        if opt_outs::state(tx, tenant, &peer).await? == OptOut::OptedOut {
            return Err(Problem::of(ProblemCode::RecipientOptedOut));
        }
        let conversation = recipient.conversation(tx, tenant, self.now).await?;
        let media = attached.into_iter().map(|(id, version)| NewMedia::Document(id, Box::new(version)));
        let text = NewText {
            media: media.collect(),
            ..self.row(&recipient, conversation, peer, way.number_id, body.clone())
        };
        messages::insert(tx, tenant, &text).await?;
        let first = self.write_parts(tx, &text, conversation, &parts).await?;
        queue(tx, tenant, first, self.now).await?;
        let case = text.case.as_ref().map(|(_, case)| *case);
        texts::note(tx, &self.access, "send_text", text.id, case, self.now).await?;
        announce::placed(tx, tenant, text.id, conversation, PlacementCause::Written).await?;
        message_view::message_in(tx, tenant, conversation, text.id)
            .await?
            .ok_or_else(Problem::not_found)
    }
}

impl SendText {
    fn row(&self, recipient: &Recipient, conversation: ConversationId, peer: Address, number: NumberId, body: String) -> NewText {
        NewText {
            id: mint(),
            conversation_id: Some(conversation),
            direction: Direction::Outbound,
            standing: StandingKind::Sent,
            case: recipient.case.clone(),
            contact_id: recipient.contact_id,
            case_contact_id: recipient.case_contact_id,
            contact_role_name: recipient.role.clone(),
            lead_id: recipient.lead_id,
            peer,
            number_id: Some(number),
            body,
            media: Vec::new(),
            at: self.now,
            created_at: self.now,
            provider_id: None,
            rule: None,
            receipt: None,
            sent_by: Some(self.access.user()),
            in_reply_to: self.text.in_reply_to,
            is_clarifying: recipient.is_clarifying,
            state: Some(DeliveryState::Queued),
            keyword: None,
        }
    }

    /// Writes the parts, the place in the conversation and the step; the first part.
    async fn write_parts(&self, tx: &mut Tx, text: &NewText, conversation: ConversationId, parts: &[&str]) -> Result<PartId, Problem> {
        let tenant = self.access.tenant();
        let rows = sends::adding_parts(tenant, text.id, parts, self.now);
        let first = rows.first().map(|(id, _)| *id).ok_or_else(|| Problem::of(ProblemCode::Internal))?;
        let mut writes: Vec<_> = rows.into_iter().map(|(_, write)| write).collect();
        writes.extend(messages::attaching(tenant, text));
        let item = NewItem {
            item_id: text.id.uuid(),
            kind: ItemKind::Text,
            at: text.at,
            direction: Direction::Outbound,
            text: &text.body,
            unclaimed: 0,
        };
        writes.extend(conversations::placing(tenant, conversation, item));
        let to = text.case.as_ref().map(|(_, case)| *case);
        let step = NewStep {
            kind: "written",
            user: Some(self.access.user()),
            from: None,
            to,
            left: None,
        };
        writes.push(messages::stepping(tenant, text.id, self.now, step));
        tx.pipeline(writes).await?;
        Ok(first)
    }
}

/// Queues the first hand-over of a part.
async fn queue(tx: &mut Tx, tenant: Tenant, part_id: PartId, now: Timestamp) -> Result<(), Problem> {
    let unique_key = Some(format!("{part_id}:send:0"));
    jobs::enqueue(
        tx,
        tenant,
        NewJob {
            job: Job::SendPart { part_id },
            run_at: now,
            unique_key,
        },
    )
    .await?;
    Ok(())
}

/// The text in the form in which a letter with its accent is one character, which carriers pack into fewer segments.
fn body(written: &str) -> Result<String, Problem> {
    if written.contains('\0') {
        return Err(Problem::invalid_field("body", "it has a character that no phone can show (U+0000)"));
    }
    Ok(written.nfc().collect())
}

fn parts(body: &str, limit: usize) -> Result<Vec<&str>, Problem> {
    let parts = split_parts(body, limit).map_err(|error| match error {
        PartsError::Empty | PartsError::NoRoom => Problem::invalid_field("body", &error.to_string()),
    })?;
    if parts.len() > MOST_PARTS {
        return Err(Problem::invalid_field(
            "body",
            &format!("it takes more than {MOST_PARTS} parts of {limit} characters"),
        ));
    }
    Ok(parts)
}
