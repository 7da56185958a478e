//! What the import writes that nothing else does: contacts and history as another system knew them, each found again by the
//! name that it had there, so that a second import of the same changes nothing.

use casewire_core::access::Tenant;
use casewire_core::id::{CallId, CaseContactId, CaseId, ContactId, ContactRoleId, ConversationId, Id, LeadId, NumberId, UserId};
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;

use crate::contacts::{ContactType, folded};
use crate::conversations::{self, ItemKind, NewItem};
use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::search;
use crate::statements::statements;
use crate::step_lines::{self, LinkStep};
use crate::tx::Tx;

statements! {
    /// The contact that another system knows by that name.
    FIND_CONTACT = "select id, name, contact_type from contacts where organization_id = $1 and external_id = $2";
    /// A contact of another system.
    ADD_CONTACT = "insert into contacts (organization_id, id, external_id, name, search_name, contact_type, created_at, updated_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $7)";
    /// What the other system calls them now.
    CHANGE_CONTACT = "update contacts set name = $3, search_name = $4, contact_type = $5, updated_at = $6 \
        where organization_id = $1 and id = $2";
    /// Whether a contact was on a case once, and is no longer.
    WAS_REMOVED = "select 1 from case_contacts where organization_id = $1 and case_id = $2 and contact_id = $3 \
        and removed_at is not null limit 1";
    /// Gives a link another role.
    CHANGE_ROLE = "update case_contacts set contact_role_id = $3, updated_at = $4 \
        where organization_id = $1 and id = $2 and removed_at is null";
    /// Whether a text is there already.
    HAS_TEXT = "select 1 from sms_history where organization_id = $1 and provider_id = $2";
    /// Whether a call is there already.
    HAS_CALL = "select 1 from call_history where organization_id = $1 and provider_id = $2";
    /// A call that was made elsewhere.
    ADD_CALL = "insert into call_history (organization_id, id, conversation_id, matter_id, case_id, case_contact_id, contact_id, \
        contact_role_name, lead_id, direction, peer, number_id, user_id, status, started_at, duration_seconds, recording_url, \
        provider_id, created_at) values ($1, $2, $3, $4, $5, null, $6, null, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    /// The open lead of a contact.
    OPEN_LEAD = "select id from leads where organization_id = $1 and contact_id = $2 and status = 'open' order by id limit 1";
    /// The organization's own number.
    OWN_NUMBER = "select id from organization_numbers where organization_id = $1 and e164 = $2";
    /// The user with that e-mail address.
    USER_BY_EMAIL = "select id from users where organization_id = $1 and email = $2";
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It was not there.
    Added,
    /// It was there, and is different now.
    Changed,
    /// It was there as it is.
    Unchanged,
}

/// A call that was made elsewhere.
pub struct OldCall {
    /// Where it stands.
    pub conversation_id: ConversationId,
    /// The number and id of its case.
    pub case: Option<(String, CaseId)>,
    /// Who was called, or called.
    pub contact_id: Option<ContactId>,
    /// Their lead.
    pub lead_id: Option<LeadId>,
    /// In or out.
    pub direction: Direction,
    /// The other side.
    pub peer: Address,
    /// Our number.
    pub number_id: Option<NumberId>,
    /// The agent.
    pub user_id: Option<UserId>,
    /// How it ended.
    pub status: String,
    /// When it began.
    pub started_at: Timestamp,
    /// In seconds.
    pub duration_seconds: i64,
    /// Where its recording is.
    pub recording_url: Option<String>,
    /// What the carrier called it, or a name made of the row.
    pub provider_id: String,
}

/// The contact that another system knows by that name.
///
/// # Errors
/// [`StoreError`].
pub async fn find_contact(tx: &mut Tx, tenant: Tenant, external_id: &str) -> Result<Option<ContactId>, StoreError> {
    let row = tx.row(FIND_CONTACT, &params![tenant.organization(), external_id]).await?;
    row.map(|row| row.columns().id()).transpose()
}

/// Stores a contact as another system knows them.
///
/// # Errors
/// [`StoreError`].
pub async fn contact(
    tx: &mut Tx,
    tenant: Tenant,
    external_id: &str,
    name: &str,
    kind: ContactType,
    now: Timestamp,
) -> Result<Stored, StoreError> {
    let (organization, word) = (tenant.organization(), kind.as_str());
    let Some(row) = tx.row(FIND_CONTACT, &params![organization, external_id]).await? else {
        let id: ContactId = mint();
        tx.execute(ADD_CONTACT, &params![organization, id, external_id, name, folded(name), word, now])
            .await?;
        search::note_person(tx, tenant, id).await?;
        return Ok(Stored::Added);
    };
    let mut columns = row.columns();
    let (id, old_name, old_word): (ContactId, _, _) = (columns.id()?, columns.text()?, columns.text()?);
    if old_name == name && old_word == word {
        return Ok(Stored::Unchanged);
    }
    tx.execute(CHANGE_CONTACT, &params![organization, id, name, folded(name), word, now])
        .await?;
    search::note_person(tx, tenant, id).await?;
    Ok(Stored::Changed)
}

/// Whether a contact was on a case once, and somebody removed them.
///
/// # Errors
/// [`StoreError`].
pub async fn was_removed(tx: &mut Tx, tenant: Tenant, case: CaseId, contact: ContactId) -> Result<bool, StoreError> {
    Ok(tx.row(WAS_REMOVED, &params![tenant.organization(), case, contact]).await?.is_some())
}

/// Gives a standing link another role.
///
/// # Errors
/// [`StoreError`].
pub async fn change_role(tx: &mut Tx, tenant: Tenant, link: CaseContactId, role: ContactRoleId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(CHANGE_ROLE, &params![tenant.organization(), link, role, now]).await?;
    step_lines::note_link(tx, tenant, link, LinkStep::RoleChanged, None, now).await
}

/// Whether a text is there already.
///
/// # Errors
/// [`StoreError`].
pub async fn has_text(tx: &mut Tx, tenant: Tenant, provider_id: &str) -> Result<bool, StoreError> {
    Ok(tx.row(HAS_TEXT, &params![tenant.organization(), provider_id]).await?.is_some())
}

/// Whether a call is there already.
///
/// # Errors
/// [`StoreError`].
pub async fn has_call(tx: &mut Tx, tenant: Tenant, provider_id: &str) -> Result<bool, StoreError> {
    Ok(tx.row(HAS_CALL, &params![tenant.organization(), provider_id]).await?.is_some())
}

/// Stores a call in its conversation.
///
/// # Errors
/// [`StoreError`].
pub async fn add_call(tx: &mut Tx, tenant: Tenant, call: &OldCall, now: Timestamp) -> Result<(), StoreError> {
    let id: CallId = mint();
    let (matter_id, case_id) = call
        .case
        .as_ref()
        .map_or((None, None), |(number, id)| (Some(number.as_str()), Some(*id)));
    let parameters = params![
        tenant.organization(),
        id,
        call.conversation_id,
        matter_id,
        case_id,
        call.contact_id,
        call.lead_id,
        call.direction.as_str(),
        &call.peer,
        call.number_id,
        call.user_id,
        call.status.as_str(),
        call.started_at,
        call.duration_seconds,
        call.recording_url.as_deref(),
        call.provider_id.as_str(),
        now
    ];
    tx.execute(ADD_CALL, &parameters).await?;
    let (kind, at, direction) = (ItemKind::Call, call.started_at, call.direction);
    let item = NewItem {
        item_id: id.uuid(),
        kind,
        at,
        direction,
        text: &call.status,
        unclaimed: 0,
    };
    conversations::place(tx, tenant, call.conversation_id, item).await
}

/// The open lead of a contact.
///
/// # Errors
/// [`StoreError`].
pub async fn open_lead(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<Option<LeadId>, StoreError> {
    let row = tx.row(OPEN_LEAD, &params![tenant.organization(), contact]).await?;
    row.map(|row| row.columns().id()).transpose()
}

/// The organization's own number, if it is one.
///
/// # Errors
/// [`StoreError`].
pub async fn own_number(tx: &mut Tx, tenant: Tenant, number: &E164) -> Result<Option<NumberId>, StoreError> {
    let row = tx.row(OWN_NUMBER, &params![tenant.organization(), number]).await?;
    row.map(|row| row.columns().id()).transpose()
}

/// The user with that e-mail address, active or not: history names who is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn user_by_email(tx: &mut Tx, tenant: Tenant, email: &str) -> Result<Option<UserId>, StoreError> {
    let row = tx.row(USER_BY_EMAIL, &params![tenant.organization(), email.to_lowercase()]).await?;
    row.map(|row| row.columns().id()).transpose()
}
