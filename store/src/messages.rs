//! Texts as rows: inserted once per provider id, owned by one case at most, with a history that only grows. The update that
//! claims one is conditional on its row, so that of two claimers one wins on every engine.

pub(crate) mod media;

use casewire_core::access::Tenant;
use casewire_core::id::{CaseContactId, CaseId, ContactId, ConversationId, LeadId, MessageId, NumberId, StepId, UserId};
use casewire_core::messaging::claims::{Claim, Standing, StandingKind};
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::messaging::opt_out::Keyword;
use casewire_core::messaging::routing::Candidate;
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;

pub use self::media::{NewMedia, attaching};
use crate::agents;
use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::reports::cells;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

statements! {
    /// A new text, unless the carrier delivered it before.
    INSERT = "insert into sms_history (organization_id, id, conversation_id, direction, standing, case_number, case_id, \
        case_contact_id, contact_id, contact_role_name, lead_id, peer, number_id, body, media_count, at, created_at, provider_id, \
        rule, receipt, sent_by_user_id, in_reply_to, is_clarifying, state, keyword, version) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, 0) \
        on conflict do nothing";
    /// A case that a text is offered to.
    INSERT_CANDIDATE = "insert into sms_candidates (organization_id, message_id, case_id, contact_id, case_contact_id, \
        conversation_id) values ($1, $2, $3, $4, $5, $6)";
    /// A step in the life of a text.
    INSERT_STEP = "insert into sms_steps (organization_id, message_id, id, at, type, user_id, from_case_id, to_case_id, \
        from_conversation_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// The steps of a text.
    STEPS = "select st.at, st.type, st.user_id, u.name, st.from_case_id, st.to_case_id from sms_steps st \
        left join users u on u.organization_id = st.organization_id and u.id = st.user_id \
        where st.organization_id = $1 and st.message_id = $2 order by st.at, st.id";
    /// How a text stands.
    LOAD = "select m.id, m.direction, m.standing, m.case_id, m.contact_id, m.case_contact_id, m.contact_role_name, m.lead_id, m.peer, \
        m.number_id, m.at, m.body, m.claimed_by_user_id, m.claimed_at, m.conversation_id, m.state, m.receipt, m.attention \
        from sms_history m where m.organization_id = $1 and m.id = $2";
    /// The cases that a text is or was offered to.
    CANDIDATES = "select k.case_id, k.contact_id, k.case_contact_id, k.conversation_id from sms_candidates k \
        where k.organization_id = $1 and k.message_id = $2 order by k.case_id";
    /// Gives an unclaimed text an owner: one of two claimers finds no row.
    CLAIM = "update sms_history set standing = 'claimed', claimed_by_user_id = $3, claimed_at = $4, conversation_id = $5, case_id = $6, \
        case_number = $7, contact_id = $8, case_contact_id = $9, contact_role_name = $10, attention = null, version = version + 1 \
        where organization_id = $1 and id = $2 and standing = 'unclaimed'";
    /// Takes the owner away from a claimed text.
    RELEASE = "update sms_history set standing = 'unclaimed', claimed_by_user_id = null, claimed_at = null, conversation_id = null, \
        case_id = null, case_number = null, contact_id = null, case_contact_id = null, contact_role_name = null, version = version + 1 \
        where organization_id = $1 and id = $2 and standing = 'claimed' and case_id = $3";
    /// Gives a text another place, unless it was moved meanwhile.
    MOVE = "update sms_history set standing = $4, conversation_id = $5, case_id = $6, case_number = $7, contact_id = $8, \
        case_contact_id = $9, contact_role_name = $10, lead_id = $11, claimed_by_user_id = null, claimed_at = null, attention = null, \
        version = version + 1 where organization_id = $1 and id = $2 and conversation_id = $3 and standing <> 'unclaimed'";
    /// The unclaimed texts of a sender that are offered to a case, oldest first.
    UNCLAIMED_OF_SENDER = "select m.id from sms_history m join sms_candidates k on k.organization_id = m.organization_id \
        and k.message_id = m.id and k.case_id = $3 where m.organization_id = $1 and m.peer = $2 and m.standing = 'unclaimed' \
        order by m.at, m.id";
    /// Marks what needs attention.
    SET_ATTENTION = "update sms_history set attention = $3, version = version + 1 where organization_id = $1 and id = $2 \
        and coalesce(attention, '') <> coalesce($3, '')";
    /// The active link of a contact to a case, or that it is the client.
    LINK = "select cc.id, cr.name from case_contacts cc join contact_roles cr on cr.id = cc.contact_role_id \
        where cc.organization_id = $1 and cc.case_id = $2 and cc.contact_id = $3 and cc.removed_at is null \
        union all select cast(null as uuid), 'Client' from cases c where c.organization_id = $1 and c.id = $2 and c.client_contact_id = $3";
}

/// A text to be stored.
#[derive(Clone)]
pub struct NewText {
    /// Its id.
    pub id: MessageId,
    /// The conversation that it stands in; none while unclaimed.
    pub conversation_id: Option<ConversationId>,
    /// In or out.
    pub direction: Direction,
    /// How it stands.
    pub standing: StandingKind,
    /// The number and id of its case.
    pub case: Option<(String, CaseId)>,
    /// Who it is from or to.
    pub contact_id: Option<ContactId>,
    /// Their link to the case.
    pub case_contact_id: Option<CaseContactId>,
    /// Their role in the case, as of now.
    pub contact_role_name: Option<String>,
    /// Their lead.
    pub lead_id: Option<LeadId>,
    /// The other side.
    pub peer: Address,
    /// Our number.
    pub number_id: Option<NumberId>,
    /// The text.
    pub body: String,
    /// What is attached.
    pub media: Vec<NewMedia>,
    /// When it arrived or was written.
    pub at: Timestamp,
    /// Now.
    pub created_at: Timestamp,
    /// The carrier's id; none for an outbound text, whose parts have one each.
    pub provider_id: Option<String>,
    /// The rule that routed it.
    pub rule: Option<&'static str>,
    /// Why it is where it is, as JSON.
    pub receipt: Option<String>,
    /// Who wrote it.
    pub sent_by: Option<UserId>,
    /// What it answers.
    pub in_reply_to: Option<MessageId>,
    /// Whether it answers an unclaimed text.
    pub is_clarifying: bool,
    /// How far it got.
    pub state: Option<DeliveryState>,
    /// STOP, START or HELP.
    pub keyword: Option<Keyword>,
}

/// A text as an act sees it.
pub struct StoredText {
    /// Its id.
    pub id: MessageId,
    /// In or out.
    pub direction: Direction,
    /// The word for how it stands.
    pub kind: StandingKind,
    /// How it stands; none for an outbound text.
    pub standing: Option<Standing>,
    /// Every case that it is or was offered to.
    pub candidates: Vec<Offer>,
    /// Who it is from or to.
    pub contact_id: Option<ContactId>,
    /// Their link to its case.
    pub case_contact_id: Option<CaseContactId>,
    /// Its case.
    pub case_id: Option<CaseId>,
    /// The other side.
    pub peer: Address,
    /// Our number.
    pub number_id: Option<NumberId>,
    /// When it arrived or was written.
    pub at: Timestamp,
    /// The text.
    pub body: String,
    /// The conversation that it stands in; none while unclaimed.
    pub conversation_id: Option<ConversationId>,
    /// How far it got.
    pub state: Option<DeliveryState>,
    /// Why it is where it is.
    pub receipt: Option<String>,
    /// Whether it needs attention.
    pub needs_attention: bool,
}

/// A case that a text is offered to, and the conversation in which it stands there.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    /// The case and the person.
    pub candidate: Candidate,
    /// The conversation.
    pub conversation_id: ConversationId,
}

/// What happened to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewStep {
    /// The word: routed, offered, claimed, released, moved, dismissed, undismissed, written.
    pub kind: &'static str,
    /// By whom.
    pub user: Option<UserId>,
    /// The case that it left.
    pub from: Option<CaseId>,
    /// The case that it came to.
    pub to: Option<CaseId>,
    /// The conversation that it left for another one, where it was moved.
    pub left: Option<ConversationId>,
}

/// A step as it is shown.
#[derive(Debug, Clone)]
pub struct StoredStep {
    /// When.
    pub at: Timestamp,
    /// The word.
    pub kind: String,
    /// By whom.
    pub user: Option<(UserId, String)>,
    /// The case that it left.
    pub from: Option<CaseId>,
    /// The case that it came to.
    pub to: Option<CaseId>,
}

/// Where a text is to stand: in a case, or with a person.
pub struct NewPlace {
    /// The word for how it stands.
    pub standing: StandingKind,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The case and its number.
    pub case: Option<(CaseId, String)>,
    /// The person.
    pub contact_id: Option<ContactId>,
    /// Their link to the case.
    pub case_contact_id: Option<CaseContactId>,
    /// Their role there, as of now.
    pub contact_role_name: Option<String>,
    /// Their lead.
    pub lead_id: Option<LeadId>,
}

/// Stores a text, unless one with its provider id is there already. Whether it was stored.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, tenant: Tenant, text: &NewText) -> Result<bool, StoreError> {
    let (case_number, case_id) = text
        .case
        .as_ref()
        .map_or((None, None), |(number, id)| (Some(number.as_str()), Some(*id)));
    let params = params![
        tenant.organization(),
        text.id,
        text.conversation_id,
        text.direction.as_str(),
        text.standing.as_str(),
        case_number,
        case_id,
        text.case_contact_id,
        text.contact_id,
        text.contact_role_name.as_deref(),
        text.lead_id,
        &text.peer,
        text.number_id,
        text.body.as_str(),
        text.media.len(),
        text.at,
        text.created_at,
        text.provider_id.as_deref(),
        text.rule,
        text.receipt.as_deref(),
        text.sent_by,
        text.in_reply_to,
        text.is_clarifying,
        text.state.map(DeliveryState::as_str),
        text.keyword.map(Keyword::as_str)
    ];
    let is_new = tx.execute(INSERT, &params).await? == 1;
    if let (true, Some(user), Some(conversation)) = (is_new, text.sent_by, text.conversation_id) {
        agents::note(tx, tenant, conversation, user).await?;
    }
    cells::touch_late(tx, tenant, text.at, text.created_at).await?;
    Ok(is_new)
}

/// The statement that offers a text to a case, for a pipeline.
#[must_use]
pub fn offering(tenant: Tenant, message: MessageId, offer: Offer) -> (&'static str, Vec<Value>) {
    let Offer {
        candidate,
        conversation_id,
    } = offer;
    let params = params![
        tenant.organization(),
        message,
        candidate.case_id,
        candidate.contact_id,
        candidate.case_contact_id,
        conversation_id
    ];
    (INSERT_CANDIDATE, params.to_vec())
}

/// The statement that notes a step, for a pipeline.
#[must_use]
pub fn stepping(tenant: Tenant, message: MessageId, at: Timestamp, step: NewStep) -> (&'static str, Vec<Value>) {
    let params = params![
        tenant.organization(),
        message,
        mint::<StepId>(),
        at,
        step.kind,
        step.user,
        step.from,
        step.to,
        step.left
    ];
    (INSERT_STEP, params.to_vec())
}

/// The whole history of a text, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn steps(tx: &mut Tx, tenant: Tenant, message: MessageId) -> Result<Vec<StoredStep>, StoreError> {
    let rows = tx.rows(STEPS, &params![tenant.organization(), message]).await?;
    let read = |row: &crate::row::Row| {
        let mut columns = row.columns();
        let (at, kind) = (columns.time()?, columns.text()?);
        let user = columns.opt_id()?.zip(columns.opt_text()?);
        Ok(StoredStep {
            at,
            kind,
            user,
            from: columns.opt_id()?,
            to: columns.opt_id()?,
        })
    };
    rows.iter().map(read).collect()
}

/// A text, and where it is offered.
///
/// # Errors
/// [`StoreError`]; one that does not exist in the organization is none.
pub async fn load(tx: &mut Tx, tenant: Tenant, id: MessageId) -> Result<Option<StoredText>, StoreError> {
    let Some(row) = tx.row(LOAD, &params![tenant.organization(), id]).await? else {
        return Ok(None);
    };
    let mut columns = row.columns();
    let (id, direction, kind): (_, _, StandingKind) = (columns.id()?, columns.parsed()?, columns.parsed()?);
    let (case_id, contact_id, case_contact_id) = (columns.opt_id()?, columns.opt_id()?, columns.opt_id()?);
    let (_role, _lead) = (columns.opt_text()?, columns.opt_id::<LeadId>()?);
    let peer = Address::read(&columns.text()?);
    let (number_id, at, body) = (columns.opt_id()?, columns.time()?, columns.text()?);
    let claim = columns.opt_id()?.zip(columns.opt_time()?).map(|(by, at)| Claim { by, at });
    let (conversation_id, state, receipt) = (columns.opt_id()?, columns.opt_parsed()?, columns.opt_text()?);
    let needs_attention = columns.opt_text()?.is_some();
    let candidates = match kind {
        StandingKind::Unclaimed | StandingKind::Claimed | StandingKind::Moved => candidates(tx, tenant, id).await?,
        StandingKind::Routed | StandingKind::Personal | StandingKind::Unknown | StandingKind::Sent => Vec::new(),
    };
    let standing = standing(kind, case_id, claim, &candidates);
    Ok(Some(StoredText {
        id,
        direction,
        kind,
        standing,
        candidates,
        contact_id,
        case_contact_id,
        case_id,
        peer,
        number_id,
        at,
        body,
        conversation_id,
        state,
        receipt,
        needs_attention,
    }))
}

async fn candidates(tx: &mut Tx, tenant: Tenant, id: MessageId) -> Result<Vec<Offer>, StoreError> {
    let rows = tx.rows(CANDIDATES, &params![tenant.organization(), id]).await?;
    let read = |row: &crate::row::Row| {
        let mut columns = row.columns();
        let candidate = Candidate {
            case_id: columns.id()?,
            contact_id: columns.opt_id()?,
            case_contact_id: columns.opt_id()?,
        };
        Ok(Offer {
            candidate,
            conversation_id: columns.id()?,
        })
    };
    rows.iter().map(read).collect()
}

fn standing(kind: StandingKind, case_id: Option<CaseId>, claim: Option<Claim>, offers: &[Offer]) -> Option<Standing> {
    let candidates = || offers.iter().map(|offer| offer.candidate.case_id).collect();
    match (kind, case_id, claim) {
        (StandingKind::Unclaimed, _, _) => Some(Standing::Unclaimed { candidates: candidates() }),
        (StandingKind::Claimed, Some(case_id), Some(claim)) => Some(Standing::Claimed {
            case_id,
            claim,
            candidates: candidates(),
        }),
        (StandingKind::Routed, Some(case_id), _) => Some(Standing::Routed { case_id }),
        (StandingKind::Moved, Some(case_id), _) => Some(Standing::Moved { case_id }),
        (StandingKind::Personal | StandingKind::Moved, _, _) => Some(Standing::Personal),
        (StandingKind::Unknown, _, _) => Some(Standing::Unknown),
        (StandingKind::Sent | StandingKind::Claimed | StandingKind::Routed, _, _) => None,
    }
}

/// Gives an unclaimed text to a case. False where somebody else was faster.
///
/// # Errors
/// [`StoreError`].
pub async fn claim(tx: &mut Tx, tenant: Tenant, id: MessageId, claim: Claim, place: &NewPlace) -> Result<bool, StoreError> {
    let (case_id, case_number) = place
        .case
        .as_ref()
        .map_or((None, None), |(id, number)| (Some(*id), Some(number.as_str())));
    let params = params![
        tenant.organization(),
        id,
        claim.by,
        claim.at,
        place.conversation_id,
        case_id,
        case_number,
        place.contact_id,
        place.case_contact_id,
        place.contact_role_name.as_deref()
    ];
    let is_won = tx.execute(CLAIM, &params).await? == 1;
    if is_won {
        cells::touch_text(tx, tenant, id).await?;
        agents::note(tx, tenant, place.conversation_id, claim.by).await?;
    }
    Ok(is_won)
}

/// Takes a claim back. False where it no longer holds.
///
/// # Errors
/// [`StoreError`].
pub async fn release(tx: &mut Tx, tenant: Tenant, id: MessageId, case_id: CaseId) -> Result<bool, StoreError> {
    let is_released = tx.execute(RELEASE, &params![tenant.organization(), id, case_id]).await? == 1;
    cells::touch_text(tx, tenant, id).await?;
    Ok(is_released)
}

/// Takes a text to another place. False where it no longer stands where it was.
///
/// # Errors
/// [`StoreError`].
pub async fn relocate(tx: &mut Tx, tenant: Tenant, id: MessageId, from: ConversationId, place: &NewPlace) -> Result<bool, StoreError> {
    let (case_id, case_number) = place
        .case
        .as_ref()
        .map_or((None, None), |(id, number)| (Some(*id), Some(number.as_str())));
    let params = params![
        tenant.organization(),
        id,
        from,
        place.standing.as_str(),
        place.conversation_id,
        case_id,
        case_number,
        place.contact_id,
        place.case_contact_id,
        place.contact_role_name.as_deref(),
        place.lead_id
    ];
    let is_moved = tx.execute(MOVE, &params).await? == 1;
    if is_moved {
        cells::touch_text(tx, tenant, id).await?;
        agents::follow(tx, tenant, id, from).await?;
    }
    Ok(is_moved)
}

/// The unclaimed texts of a sender that are offered to a case, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn unclaimed_of_sender(tx: &mut Tx, tenant: Tenant, peer: &Address, case_id: CaseId) -> Result<Vec<MessageId>, StoreError> {
    let rows = tx.rows(UNCLAIMED_OF_SENDER, &params![tenant.organization(), peer, case_id]).await?;
    rows.iter().map(|row| row.columns().id()).collect()
}

/// The link of a contact to a case and its role name; "Client" without a link for the case's client; none for strangers to it.
///
/// # Errors
/// [`StoreError`].
pub async fn link(
    tx: &mut Tx,
    tenant: Tenant,
    case_id: CaseId,
    contact_id: ContactId,
) -> Result<Option<(Option<CaseContactId>, String)>, StoreError> {
    let row = tx.row(LINK, &params![tenant.organization(), case_id, contact_id]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((columns.opt_id()?, columns.text()?))
    })
    .transpose()
}
