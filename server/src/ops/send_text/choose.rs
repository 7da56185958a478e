//! The act behind a composer: to which numbers of a person and from which of the firm's a text can go, what goes without saying,
//! and with what words to send it. It asks the same questions as sending does, so that it never offers what sending refuses.

use casewire_core::access::{Access, Resource, Tenant};
use casewire_core::id::{CaseContactId, ContactId, ConversationId, LeadId, MessageId, NumberId, PhoneId};
use casewire_core::view::{ConversationKind, ConversationView, PhoneView};
use casewire_store::numbers::{self, OrganizationNumber, Use};
use casewire_store::sends::choices;
use casewire_store::{Act, Tx, contacts, organizations};

use crate::ops::list_conversations::conversation_in_view;
use crate::ops::recipient::{self, Recipient, Wanted};
use crate::problem::{Problem, ProblemCode};

/// Looks up what a composer offers.
pub struct ListChoices {
    /// The rights of who is about to write.
    pub access: Access,
    /// To whom.
    pub to: WrittenTo,
}

/// To whom somebody is about to write.
pub enum WrittenTo {
    /// Whoever a conversation is with.
    Conversation(ConversationId),
    /// Somebody on a case by its number; the client where no link is named.
    Case(String, Option<CaseContactId>),
    /// A contact outside of any case.
    Contact(ContactId),
    /// A lead.
    Lead(LeadId),
}

/// With what a text to them is sent.
#[derive(Clone, Default)]
pub struct Target {
    /// The number of the case.
    pub case_id: Option<String>,
    /// Their link to it.
    pub case_contact_id: Option<CaseContactId>,
    /// The person.
    pub contact_id: Option<ContactId>,
    /// The lead.
    pub lead_id: Option<LeadId>,
    /// Their newest text, where nobody knows who they are.
    pub in_reply_to: Option<MessageId>,
}

/// Why no text can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// The roles do not allow it.
    NotAllowed,
    /// The person is not on the case any more.
    NotOnTheCase,
    /// There is no number to write to.
    NoPhone,
    /// The firm has no number to write from.
    NoNumber,
    /// Every number of theirs opted out.
    OptedOut,
}

/// What a composer offers.
pub struct Choices {
    /// The person's numbers, the primary one first.
    pub to: Vec<PhoneView>,
    /// The one that is written to unless another one is chosen.
    pub to_phone_id: Option<PhoneId>,
    /// The firm's numbers in use.
    pub from: Vec<OrganizationNumber>,
    /// The one that is written from unless another one is chosen.
    pub from_number_id: Option<NumberId>,
    /// How many characters a part has at most.
    pub part_limit: usize,
    /// With what to send.
    pub target: Target,
    /// Why not to send.
    pub forbidden: Option<Forbidden>,
}

impl Act for ListChoices {
    type Out = Choices;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Choices, Problem> {
        let tenant = self.access.tenant();
        let found = self.target(tx).await?;
        let is_nobody = found.is_none();
        let part_limit = organizations::read(tx, tenant)
            .await?
            .map(|organization| organization.settings)
            .unwrap_or_default()
            .part_limit;
        let mut choices = Choices {
            to: Vec::new(),
            to_phone_id: None,
            from: Vec::new(),
            from_number_id: None,
            part_limit,
            target: found.unwrap_or_default(),
            forbidden: None,
        };
        if is_nobody {
            choices.forbidden = Some(Forbidden::NoPhone);
            return Ok(choices);
        }
        match recipient::find(tx, &self.access, choices.target.wanted()).await {
            Ok(recipient) => fill(tx, tenant, &recipient, &mut choices).await?,
            Err(problem) => choices.forbidden = Some(reason(problem)?),
        }
        Ok(choices)
    }
}

impl ListChoices {
    /// With what to send; none where a conversation is with nobody who could be written to.
    async fn target(&self, tx: &mut Tx) -> Result<Option<Target>, Problem> {
        Ok(Some(match &self.to {
            WrittenTo::Conversation(id) => {
                let view = conversation_in_view(tx, &self.access, *id).await?;
                return of_conversation(tx, self.access.tenant(), view).await;
            }
            WrittenTo::Case(number, link) => Target {
                case_id: Some(number.clone()),
                case_contact_id: *link,
                ..Target::default()
            },
            WrittenTo::Contact(contact) => Target {
                contact_id: Some(*contact),
                ..Target::default()
            },
            WrittenTo::Lead(lead) => Target {
                lead_id: Some(*lead),
                ..Target::default()
            },
        }))
    }
}

/// With what an answer in a conversation is sent: by the link or the person; where nobody knows who they are, by their newest text.
async fn of_conversation(tx: &mut Tx, tenant: Tenant, view: ConversationView) -> Result<Option<Target>, Problem> {
    let person = view.person;
    let in_reply_to = match person.contact_id {
        Some(_) => None,
        None => choices::newest_inbound(tx, tenant, view.id).await?,
    };
    if person.contact_id.is_none() && in_reply_to.is_none() {
        return Ok(None);
    }
    let known = Target {
        contact_id: person.contact_id,
        in_reply_to,
        ..Target::default()
    };
    Ok(Some(match view.kind {
        ConversationKind::Case => Target {
            case_id: view.mycase_case_id,
            case_contact_id: person.case_contact_id,
            contact_id: person.contact_id.filter(|_| person.case_contact_id.is_none()),
            ..known
        },
        ConversationKind::Lead => Target {
            lead_id: view.lead_id,
            contact_id: None,
            ..known
        },
        ConversationKind::Contact | ConversationKind::Unknown => known,
    }))
}

impl Target {
    fn wanted(&self) -> Wanted<'_> {
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

async fn fill(tx: &mut Tx, tenant: Tenant, recipient: &Recipient, choices: &mut Choices) -> Result<(), Problem> {
    let conversation = recipient.known_conversation(tx, tenant).await?;
    choices.from = numbers::list(tx, tenant).await?;
    choices.from.retain(|number| number.r#use == Use::Active);
    choices.from_number_id = choices::usual_number(tx, tenant, recipient.contact_id, conversation).await?;
    if let Some(contact) = recipient.contact_id {
        choices.to = contacts::view(tx, tenant, contact)
            .await?
            .map(|view| view.phones)
            .unwrap_or_default();
        choices.to_phone_id = match choices::usual_phone(tx, tenant, contact, conversation).await? {
            Some(number) => casewire_store::phones::find(tx, tenant, contact, &number).await?,
            None => None,
        };
    }
    let can_be_answered = recipient.answered.as_ref().is_some_and(|answered| answered.peer.number().is_some());
    choices.forbidden = if choices.to.is_empty() && !can_be_answered {
        Some(Forbidden::NoPhone)
    } else if !choices.to.is_empty() && choices.to.iter().all(|phone| phone.opted_out) {
        Some(Forbidden::OptedOut)
    } else if choices.from.is_empty() {
        Some(Forbidden::NoNumber)
    } else {
        None
    };
    Ok(())
}

/// Why sending is refused; an error where the question itself is one.
fn reason(problem: Problem) -> Result<Forbidden, Problem> {
    if problem.code() == ProblemCode::Forbidden {
        Ok(Forbidden::NotAllowed)
    } else if problem.code() == ProblemCode::InvalidField {
        Ok(Forbidden::NotOnTheCase)
    } else {
        Err(problem)
    }
}
