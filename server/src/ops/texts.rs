//! What the acts on one text have in common: the text as its reader may know it, the place that it comes to in a case, and the
//! words for what is refused. Refuses a text that is in no case, queue or conversation in view: it does not exist for that user.

use casewire_core::access::{Access, CaseReach, Level, Resource};
use casewire_core::id::{CaseId, ContactId, Id, MessageId};
use casewire_core::messaging::claims::{ClaimError, DismissError, MoveError, ReleaseError, StandingKind};
use casewire_core::time::Timestamp;
use casewire_core::view::{ConversationKind, UserRef};
use casewire_store::audit::{self, Entry};
use casewire_store::conversations::{self, ConversationKey};
use casewire_store::messages::{self, NewPlace, StoredText};
use casewire_store::{StoreError, Tx, cases, contacts, inbox, users};

use crate::problem::{Problem, ProblemCode};

/// A text and the cases that its reader may know it from.
pub struct TextInView {
    /// The text.
    pub text: StoredText,
    /// Its case, or the cases that it is offered to, as far as they are in view.
    pub cases: Vec<CaseReach>,
}

/// The text, if the user may read it somewhere.
///
/// # Errors
/// `not_found`.
pub async fn in_view(tx: &mut Tx, access: &Access, id: MessageId) -> Result<TextInView, Problem> {
    let text = messages::load(tx, access.tenant(), id).await?.ok_or_else(Problem::not_found)?;
    let concerned: Vec<CaseId> = match text.kind {
        StandingKind::Unclaimed => offered_to(&text),
        StandingKind::Routed
        | StandingKind::Claimed
        | StandingKind::Moved
        | StandingKind::Personal
        | StandingKind::Unknown
        | StandingKind::Sent => text.case_id.into_iter().collect(),
    };
    if concerned.is_empty() {
        outside_of_cases(tx, access, &text).await?;
        return Ok(TextInView { text, cases: Vec::new() });
    }
    among(tx, access, text, &concerned).await
}

/// The text, if the user may read it somewhere, or could have claimed it: who comes second in a claim learns who was first.
///
/// # Errors
/// `not_found`.
pub async fn in_view_of_claimer(tx: &mut Tx, access: &Access, id: MessageId) -> Result<TextInView, Problem> {
    let text = messages::load(tx, access.tenant(), id).await?.ok_or_else(Problem::not_found)?;
    let offered = offered_to(&text);
    if text.kind == StandingKind::Claimed && !offered.is_empty() {
        return among(tx, access, text, &offered).await;
    }
    in_view(tx, access, id).await
}

fn offered_to(text: &StoredText) -> Vec<CaseId> {
    text.candidates.iter().map(|offer| offer.candidate.case_id).collect()
}

/// The text as known from those of these cases that are in view; not found where none is.
async fn among(tx: &mut Tx, access: &Access, text: StoredText, concerned: &[CaseId]) -> Result<TextInView, Problem> {
    let mut cases = cases::reaches(tx, access.tenant(), concerned).await?;
    cases.retain(|case| access.read(case, Resource::Sms).is_ok());
    if cases.is_empty() {
        Err(Problem::not_found())
    } else {
        Ok(TextInView { text, cases })
    }
}

/// A text in no case is read by who reads its conversation.
async fn outside_of_cases(tx: &mut Tx, access: &Access, text: &StoredText) -> Result<(), Problem> {
    let conversation = text.conversation_id.ok_or_else(Problem::not_found)?;
    let subject = inbox::subject(tx, access.tenant(), conversation).await?;
    let needed = match subject.ok_or_else(Problem::not_found)?.0 {
        ConversationKind::Unknown => Level::Act,
        ConversationKind::Lead | ConversationKind::Contact | ConversationKind::Case => Level::See,
    };
    let is_hidden = match text.contact_id {
        Some(contact) if needed == Level::See => !contacts::may_see(tx, &access.known_cases(), contact).await?,
        Some(_) | None => false,
    };
    if is_hidden {
        return Err(Problem::not_found());
    }
    access.office(Resource::Sms, needed).map(drop).map_err(|_| Problem::not_found())
}

/// The case of that number, as far as the user may know of it.
///
/// # Errors
/// `not_found`.
pub async fn case_in_view(tx: &mut Tx, access: &Access, mycase_case_id: &str) -> Result<CaseReach, Problem> {
    let case = cases::reach(tx, access.tenant(), mycase_case_id)
        .await?
        .ok_or_else(Problem::not_found)?;
    if access.knows(&access.relation(&case)) {
        Ok(case)
    } else {
        Err(Problem::not_found())
    }
}

/// The place of a text in a case: its conversation with the contact, and their role there as of now.
///
/// # Errors
/// [`StoreError`].
pub async fn place_in_case(
    tx: &mut Tx,
    access: &Access,
    text: &StoredText,
    case: (CaseId, &str),
    contact_id: Option<ContactId>,
    standing: StandingKind,
) -> Result<NewPlace, StoreError> {
    let tenant = access.tenant();
    let key = ConversationKey::in_case(case.0, contact_id, &text.peer);
    let conversation_id = conversations::ensure(tx, tenant, &key, text.at).await?;
    let link = match contact_id {
        Some(contact_id) => messages::link(tx, tenant, case.0, contact_id).await?,
        None => None,
    };
    let (case_contact_id, contact_role_name) = link.map_or((None, None), |(id, role)| (id, Some(role)));
    Ok(NewPlace {
        standing,
        conversation_id,
        case: Some((case.0, case.1.to_owned())),
        contact_id,
        case_contact_id,
        contact_role_name,
        lead_id: None,
    })
}

/// The answer to a claim that cannot be: the winner is named to those who could have won.
///
/// # Errors
/// [`StoreError`] where the winner cannot be looked up.
pub async fn refused_claim(tx: &mut Tx, access: &Access, error: ClaimError) -> Result<Problem, StoreError> {
    Ok(match error {
        ClaimError::AlreadyClaimed { by, at } => {
            let name = users::name(tx, access.tenant(), by).await?.unwrap_or_default();
            Problem::new(ProblemCode::AlreadyClaimed, format!("{name} claimed this text first."))
                .with("claimed_by", UserRef { id: by, name })
                .with("claimed_at", at)
        }
        ClaimError::NotACandidate => Problem::of(ProblemCode::NotACandidate),
        ClaimError::NotUnclaimed => Problem::of(ProblemCode::NotUnclaimed),
    })
}

/// The audit line of an act on a text.
///
/// # Errors
/// [`StoreError`].
pub async fn note(
    tx: &mut Tx,
    access: &Access,
    act: &'static str,
    text: MessageId,
    case: Option<CaseId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let entry = Entry::by(access.user(), act, text);
    let entry = match case {
        Some(case) => entry.in_case(case),
        None => entry,
    };
    let entry = match audit::where_it_is(tx, access.tenant(), text.uuid()).await?.1 {
        Some(contact) => entry.about(contact),
        None => entry,
    };
    audit::write(tx, access.tenant(), &entry, now).await
}

impl From<ReleaseError> for Problem {
    fn from(error: ReleaseError) -> Self {
        match error {
            ReleaseError::NotClaimed => Self::of(ProblemCode::NotClaimed),
        }
    }
}

impl From<MoveError> for Problem {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::AlreadyThere => Self::of(ProblemCode::AlreadyThere),
            MoveError::Unclaimed => Self::of(ProblemCode::ClaimInstead),
        }
    }
}

impl From<DismissError> for Problem {
    fn from(error: DismissError) -> Self {
        match error {
            DismissError::HasAnOwner => Self::of(ProblemCode::NotUnclaimed),
            DismissError::NotACandidate => Self::of(ProblemCode::NotACandidate),
        }
    }
}
