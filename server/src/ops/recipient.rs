//! To whom a text or a call goes, whether its writer or caller may reach them there, and by which numbers: somebody on a case, a lead,
//! a contact, or whoever sent the text that is answered. An answer to an unclaimed text is a clarifying one: it is of the case it came
//! from and opens no session.

use casewire_core::access::{Access, CaseReach, Level, OfficePermit, Resource, Tenant};
use casewire_core::id::{CaseContactId, CaseId, ContactId, ConversationId, LeadId, MessageId, NumberId, PhoneId};
use casewire_core::messaging::claims::{ClaimError, Standing, StandingKind};
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;
use casewire_store::conversations::{self, ConversationKey};
use casewire_store::messages::{self, StoredText};
use casewire_store::sends::choices;
use casewire_store::{StoreError, Tx, cases, contacts};

use crate::ops::{people, texts};
use crate::problem::{Problem, ProblemCode};

/// Whom somebody wants to reach.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    /// By text or by call.
    pub by: Resource,
    /// The number of the case.
    pub case_id: Option<&'w str>,
    /// The lead.
    pub lead_id: Option<LeadId>,
    /// Their link to the case.
    pub case_contact_id: Option<CaseContactId>,
    /// The contact.
    pub contact_id: Option<ContactId>,
    /// The text that is answered.
    pub in_reply_to: Option<MessageId>,
}

/// By which numbers.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    /// Which of theirs.
    pub to_phone_id: Option<PhoneId>,
    /// Which of the firm's.
    pub from_number_id: Option<NumberId>,
}

/// From where to where a text or a call goes.
pub(super) struct Way {
    /// Their number.
    pub to: E164,
    /// The firm's.
    pub number_id: NumberId,
}

/// To whom a text or a call goes.
pub(super) struct Recipient {
    /// Where it is to stand.
    pub home: Home,
    /// The number and id of the case.
    pub case: Option<(String, CaseId)>,
    /// Who.
    pub contact_id: Option<ContactId>,
    /// Their link to the case.
    pub case_contact_id: Option<CaseContactId>,
    /// Their role there.
    pub role: Option<String>,
    /// Their lead.
    pub lead_id: Option<LeadId>,
    /// Where the text that is answered came from and went to.
    pub answered: Option<Answered>,
    /// Whether the text that is answered is unclaimed.
    pub is_clarifying: bool,
}

/// The conversation of a text.
pub(super) enum Home {
    /// There is one.
    Existing(ConversationId),
    /// The one with that key.
    Key(ConversationKey),
}

/// Where an inbound text came from and went to.
pub(super) struct Answered {
    /// Its sender.
    pub peer: Address,
    /// The firm's number.
    pub number_id: Option<NumberId>,
}

impl Recipient {
    /// The conversation with them, if there is one yet.
    pub(super) async fn known_conversation(&self, tx: &mut Tx, tenant: Tenant) -> Result<Option<ConversationId>, StoreError> {
        match (&self.home, self.contact_id) {
            (Home::Existing(conversation), _) => Ok(Some(*conversation)),
            (Home::Key(_), Some(contact)) => choices::conversation(tx, tenant, contact, self.case.as_ref().map(|(_, case)| *case)).await,
            (Home::Key(_), None) => Ok(None),
        }
    }

    /// Their conversation, made where it is missing.
    pub(super) async fn conversation(&self, tx: &mut Tx, tenant: Tenant, now: Timestamp) -> Result<ConversationId, StoreError> {
        match &self.home {
            Home::Existing(conversation) => Ok(*conversation),
            Home::Key(key) => conversations::ensure(tx, tenant, key, now).await,
        }
    }

    /// The number that was chosen, else that of the text which is answered, else the usual one; and the same for the firm's.
    pub(super) async fn way(&self, tx: &mut Tx, tenant: Tenant, chosen: Numbers) -> Result<Way, Problem> {
        let conversation = self.known_conversation(tx, tenant).await?;
        let to = match (chosen.to_phone_id, &self.answered, self.contact_id) {
            (Some(phone), _, contact) => {
                let of_contact = match contact {
                    Some(contact) => choices::phone(tx, tenant, contact, phone).await?,
                    None => None,
                };
                of_contact.ok_or_else(|| Problem::of(ProblemCode::NotTheirNumber))?
            }
            (None, Some(answered), _) => {
                let no_number = || {
                    Problem::new(
                        ProblemCode::NoPhone,
                        "The sender of that text cannot be answered: it is no phone number.",
                    )
                };
                answered.peer.number().cloned().ok_or_else(no_number)?
            }
            (None, None, Some(contact)) => {
                let usual = choices::usual_phone(tx, tenant, contact, conversation).await?;
                usual.ok_or_else(|| Problem::of(ProblemCode::NoPhone))?
            }
            (None, None, None) => return Err(Problem::of(ProblemCode::NoPhone)),
        };
        let number_id = match chosen.from_number_id {
            Some(number) if choices::is_in_use(tx, tenant, number).await? => number,
            Some(_) => return Err(people::missing("from_number_id")),
            None => self.usual_number(tx, tenant, conversation).await?,
        };
        Ok(Way { to, number_id })
    }

    async fn usual_number(&self, tx: &mut Tx, tenant: Tenant, conversation: Option<ConversationId>) -> Result<NumberId, Problem> {
        if let Some(number) = self.answered.as_ref().and_then(|answered| answered.number_id)
            && choices::is_in_use(tx, tenant, number).await?
        {
            return Ok(number);
        }
        let usual = choices::usual_number(tx, tenant, self.contact_id, conversation).await?;
        usual.ok_or_else(|| Problem::of(ProblemCode::NoNumber))
    }
}

/// Finds out to whom a text goes.
///
/// # Errors
/// [`Problem`].
pub(super) async fn find(tx: &mut Tx, access: &Access, wanted: Wanted<'_>) -> Result<Recipient, Problem> {
    match (wanted.case_id, wanted.lead_id, wanted.in_reply_to, wanted.contact_id) {
        (Some(_), Some(_), _, _) => Err(Problem::invalid_field("lead_id", "it is for a case or for a lead, not for both")),
        (Some(number), None, _, _) => {
            let case = texts::case_in_view(tx, access, number)
                .await
                .map_err(|_| people::missing("case_id"))?;
            in_case(tx, access, wanted, &case, number.to_owned()).await
        }
        (None, _, _, _) if wanted.case_contact_id.is_some() => Err(Problem::invalid_field("case_id", "it is needed with case_contact_id")),
        (None, Some(lead), _, _) => to_lead(tx, access, wanted.by, lead).await,
        (None, None, Some(answered), _) => answer(tx, access, wanted, answered).await,
        (None, None, None, Some(contact)) => to_contact(tx, access, wanted.by, contact).await,
        (None, None, None, None) => Err(Problem::invalid_field(
            "case_id",
            "say to whom: by case_id, lead_id, contact_id or in_reply_to",
        )),
    }
}

/// Somebody on a case, perhaps in answer to a text.
async fn in_case(tx: &mut Tx, access: &Access, wanted: Wanted<'_>, case: &CaseReach, number: String) -> Result<Recipient, Problem> {
    let permit = access.contact(case, wanted.by)?;
    let tenant = permit.tenant();
    let reply = match wanted.in_reply_to {
        Some(id) => Some(Reply::of(tx, access, case.case_id, id).await?),
        None => None,
    };
    let named = named(tx, tenant, case.case_id, wanted).await?;
    let replied = reply.as_ref().and_then(|reply| reply.contact_id);
    if named.zip(replied).is_some_and(|(named, replied)| named != replied) {
        return Err(Problem::invalid_field(
            "contact_id",
            "the text that is answered is from somebody else",
        ));
    }
    let contact = match (named.or(replied), &reply) {
        (Some(contact), _) => Some(contact),
        (None, Some(_)) => None,
        (None, None) => Some(
            choices::client(tx, tenant, case.case_id)
                .await?
                .ok_or_else(|| Problem::invalid_field("contact_id", "say to whom on the case: it has no client"))?,
        ),
    };
    let (case_contact_id, role) = match contact {
        Some(contact) => {
            let link = messages::link(tx, tenant, case.case_id, contact).await?;
            let (id, role) = link.ok_or_else(|| Problem::invalid_field("contact_id", "this contact is not on the case"))?;
            (id, Some(role))
        }
        None => (None, None),
    };
    let is_clarifying = reply.as_ref().is_some_and(|reply| reply.is_clarifying);
    let answered = reply.map(|reply| reply.answered);
    let unnamed = Address::Other("".into());
    let peer = answered.as_ref().map_or(&unnamed, |answered| &answered.peer);
    Ok(Recipient {
        home: Home::Key(ConversationKey::in_case(case.case_id, contact, peer)),
        case: Some((number, case.case_id)),
        contact_id: contact,
        case_contact_id,
        role,
        lead_id: None,
        answered,
        is_clarifying,
    })
}

/// The contact that the request names, by themselves or by their link to the case.
async fn named(tx: &mut Tx, tenant: Tenant, case: CaseId, wanted: Wanted<'_>) -> Result<Option<ContactId>, Problem> {
    let Some(link) = wanted.case_contact_id else {
        return Ok(wanted.contact_id);
    };
    let contact = choices::contact_of_link(tx, tenant, case, link)
        .await?
        .ok_or_else(|| people::missing("case_contact_id"))?;
    if wanted.contact_id.is_some_and(|named| named != contact) {
        return Err(Problem::invalid_field("contact_id", "case_contact_id names somebody else"));
    }
    Ok(Some(contact))
}

/// A text of or offered to a case that is answered from there.
struct Reply {
    contact_id: Option<ContactId>,
    answered: Answered,
    is_clarifying: bool,
}

impl Reply {
    async fn of(tx: &mut Tx, access: &Access, case: CaseId, id: MessageId) -> Result<Self, Problem> {
        let missing = || people::missing("in_reply_to");
        let text = messages::load(tx, access.tenant(), id).await?.ok_or_else(missing)?;
        let offer = text
            .candidates
            .iter()
            .find(|offer| offer.candidate.case_id == case)
            .map(|offer| offer.candidate);
        let answered = answered(&text);
        match (text.kind, &text.standing, offer) {
            (StandingKind::Unclaimed, _, Some(candidate)) => Ok(Self {
                contact_id: candidate.contact_id,
                answered,
                is_clarifying: true,
            }),
            (StandingKind::Routed | StandingKind::Claimed | StandingKind::Moved, _, _) if text.case_id == Some(case) => Ok(Self {
                contact_id: text.contact_id,
                answered,
                is_clarifying: false,
            }),
            (StandingKind::Claimed, Some(Standing::Claimed { claim, .. }), Some(_)) => Err(texts::refused_claim(
                tx,
                access,
                ClaimError::AlreadyClaimed {
                    by: claim.by,
                    at: claim.at,
                },
            )
            .await?),
            (StandingKind::Sent, _, _) if text.case_id == Some(case) => Err(not_inbound()),
            (
                StandingKind::Unclaimed
                | StandingKind::Routed
                | StandingKind::Claimed
                | StandingKind::Moved
                | StandingKind::Personal
                | StandingKind::Unknown
                | StandingKind::Sent,
                _,
                _,
            ) => Err(missing()),
        }
    }
}

/// Whoever sent a text, where that text stands.
async fn answer(tx: &mut Tx, access: &Access, wanted: Wanted<'_>, id: MessageId) -> Result<Recipient, Problem> {
    let text = texts::in_view(tx, access, id)
        .await
        .map_err(|_| people::missing("in_reply_to"))?
        .text;
    if text.kind == StandingKind::Sent {
        return Err(not_inbound());
    }
    if text.kind == StandingKind::Unclaimed {
        return Err(Problem::invalid_field(
            "case_id",
            "the text is unclaimed: say for which case you answer it",
        ));
    }
    if let Some(case_id) = text.case_id {
        let case = cases::reach_by_id(tx, access.tenant(), case_id)
            .await?
            .ok_or_else(Problem::not_found)?;
        let number = choices::case_number(tx, access.tenant(), case_id)
            .await?
            .ok_or_else(Problem::not_found)?;
        return in_case(tx, access, wanted, &case, number).await;
    }
    let permit = office(access, wanted.by)?;
    if wanted.contact_id.is_some() && wanted.contact_id != text.contact_id {
        return Err(Problem::invalid_field(
            "contact_id",
            "the text that is answered is from somebody else",
        ));
    }
    let conversation = text.conversation_id.ok_or_else(Problem::not_found)?;
    let lead_id = choices::lead_of_conversation(tx, permit.tenant(), conversation).await?;
    Ok(Recipient {
        lead_id,
        answered: Some(answered(&text)),
        ..outside_of_cases(Home::Existing(conversation), text.contact_id)
    })
}

async fn to_lead(tx: &mut Tx, access: &Access, by: Resource, lead_id: LeadId) -> Result<Recipient, Problem> {
    let permit = office(access, by)?;
    let contact_id = choices::person_of_lead(tx, permit.tenant(), lead_id)
        .await?
        .ok_or_else(|| people::missing("lead_id"))?;
    let home = Home::Key(ConversationKey::Lead { lead_id, contact_id });
    Ok(Recipient {
        lead_id: Some(lead_id),
        ..outside_of_cases(home, Some(contact_id))
    })
}

/// A contact outside of any case, as their lead if they are one.
async fn to_contact(tx: &mut Tx, access: &Access, by: Resource, contact_id: ContactId) -> Result<Recipient, Problem> {
    let permit = office(access, by)?;
    if !contacts::may_see(tx, &access.known_cases(), contact_id).await? {
        return Err(people::missing("contact_id"));
    }
    let lead_id = choices::open_lead(tx, permit.tenant(), contact_id).await?;
    let key = lead_id.map_or(ConversationKey::Contact { contact_id }, |lead_id| ConversationKey::Lead {
        lead_id,
        contact_id,
    });
    Ok(Recipient {
        lead_id,
        ..outside_of_cases(Home::Key(key), Some(contact_id))
    })
}

/// The permit to reach people outside of cases.
fn office(access: &Access, by: Resource) -> Result<OfficePermit, Problem> {
    Ok(access.office(by, Level::Act)?)
}

const fn outside_of_cases(home: Home, contact_id: Option<ContactId>) -> Recipient {
    Recipient {
        home,
        case: None,
        contact_id,
        case_contact_id: None,
        role: None,
        lead_id: None,
        answered: None,
        is_clarifying: false,
    }
}

fn answered(text: &StoredText) -> Answered {
    Answered {
        peer: text.peer.clone(),
        number_id: text.number_id,
    }
}

fn not_inbound() -> Problem {
    Problem::invalid_field("in_reply_to", "only a text that came in can be answered")
}
