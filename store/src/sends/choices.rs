//! To whom and from which number a text goes where its writer did not say, and whether what they said is theirs to choose.
//! To: the primary number, else the one last used in that case. From: the number last used with that person, else the first.

use casewire_core::access::Tenant;
use casewire_core::id::{CaseContactId, CaseId, ContactId, ConversationId, LeadId, MessageId, NumberId, PhoneId};
use casewire_core::phone::E164;

use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A phone of a contact.
    PHONE = "select e164 from contact_phones where organization_id = $1 and contact_id = $2 and id = $3";
    /// The primary number of a contact.
    PRIMARY = "select e164 from contact_phones where organization_id = $1 and contact_id = $2 and is_primary = 1";
    /// The number that was last used with a contact in a conversation.
    LAST_PEER = "select m.peer from conversation_items i \
        join sms_history m on m.organization_id = i.organization_id and m.id = i.item_id \
        where i.organization_id = $1 and i.conversation_id = $2 and i.kind = 'text' and m.peer like '+%' \
        order by i.at desc, i.item_id desc limit 1";
    /// The newest text of a conversation that came in.
    NEWEST_INBOUND = "select m.id from conversation_items i \
        join sms_history m on m.organization_id = i.organization_id and m.id = i.item_id \
        where i.organization_id = $1 and i.conversation_id = $2 and i.kind = 'text' and m.direction = 'inbound' \
        order by i.at desc, i.item_id desc limit 1";
    /// An organization's number in use.
    NUMBER = "select id from organization_numbers where organization_id = $1 and id = $2 and is_active = 1";
    /// The number in use that was last used in a conversation.
    LAST_IN_CONVERSATION = "select n.id from conversation_items i \
        join sms_history m on m.organization_id = i.organization_id and m.id = i.item_id \
        join organization_numbers n on n.organization_id = m.organization_id and n.id = m.number_id and n.is_active = 1 \
        where i.organization_id = $1 and i.conversation_id = $2 and i.kind = 'text' order by i.at desc, i.item_id desc limit 1";
    /// The number in use from which a contact was last written to.
    LAST_WITH_CONTACT = "select n.id from sms_history m \
        join organization_numbers n on n.organization_id = m.organization_id and n.id = m.number_id and n.is_active = 1 \
        where m.organization_id = $1 and m.contact_id = $2 and m.direction = 'outbound' order by m.at desc limit 1";
    /// The organization's first number in use.
    FIRST = "select id from organization_numbers where organization_id = $1 and is_active = 1 order by created_at, id limit 1";
    /// The contact of a link to a case that is not ended.
    CONTACT_OF_LINK = "select contact_id from case_contacts where organization_id = $1 and case_id = $2 and id = $3 and removed_at is null";
    /// The client of a case.
    CLIENT = "select client_contact_id from cases where organization_id = $1 and id = $2";
    /// The number of a case outside.
    CASE_NUMBER = "select mycase_case_id from cases where organization_id = $1 and id = $2";
    /// The person of a lead.
    LEAD = "select contact_id from leads where organization_id = $1 and id = $2";
    /// The newest open lead of a contact.
    OPEN_LEAD = "select id from leads where organization_id = $1 and contact_id = $2 and status = 'open' order by id desc limit 1";
    /// The conversation of a contact in a case.
    IN_CASE = "select id from conversations where organization_id = $1 and case_id = $2 and contact_id = $3";
    /// The newest conversation of a contact outside of cases.
    OUTSIDE_OF_CASES = "select id from conversations where organization_id = $1 and contact_id = $2 and case_id is null \
        order by last_at desc, id desc limit 1";
    /// The lead of a conversation.
    LEAD_OF_CONVERSATION = "select lead_id from conversations where organization_id = $1 and id = $2";
}

/// The number of a contact's phone; none where the phone is not theirs.
///
/// # Errors
/// [`StoreError`].
pub async fn phone(tx: &mut Tx, tenant: Tenant, contact: ContactId, phone: PhoneId) -> Result<Option<E164>, StoreError> {
    let row = tx.row(PHONE, &params![tenant.organization(), contact, phone]).await?;
    row.map(|row| row.columns().number()).transpose()
}

/// Where to write to a contact: their primary number, else the one last used in the conversation.
///
/// # Errors
/// [`StoreError`].
pub async fn usual_phone(
    tx: &mut Tx,
    tenant: Tenant,
    contact: ContactId,
    conversation: Option<ConversationId>,
) -> Result<Option<E164>, StoreError> {
    let mut row = tx.row(PRIMARY, &params![tenant.organization(), contact]).await?;
    if let (None, Some(conversation)) = (&row, conversation) {
        row = tx.row(LAST_PEER, &params![tenant.organization(), conversation]).await?;
    }
    row.map(|row| row.columns().number()).transpose()
}

/// The newest text of a conversation that came in.
///
/// # Errors
/// [`StoreError`].
pub async fn newest_inbound(tx: &mut Tx, tenant: Tenant, conversation: ConversationId) -> Result<Option<MessageId>, StoreError> {
    opt_id(tx.row(NEWEST_INBOUND, &params![tenant.organization(), conversation]).await?)
}

/// Whether a number is the organization's and in use.
///
/// # Errors
/// [`StoreError`].
pub async fn is_in_use(tx: &mut Tx, tenant: Tenant, number: NumberId) -> Result<bool, StoreError> {
    Ok(tx.row(NUMBER, &params![tenant.organization(), number]).await?.is_some())
}

/// From which number to write: the one last used in the conversation, else with that contact, else the organization's first.
///
/// # Errors
/// [`StoreError`].
pub async fn usual_number(
    tx: &mut Tx,
    tenant: Tenant,
    contact: Option<ContactId>,
    conversation: Option<ConversationId>,
) -> Result<Option<NumberId>, StoreError> {
    let organization = tenant.organization();
    let mut found = match conversation {
        Some(conversation) => tx.row(LAST_IN_CONVERSATION, &params![organization, conversation]).await?,
        None => None,
    };
    if let (None, Some(contact)) = (&found, contact) {
        found = tx.row(LAST_WITH_CONTACT, &params![organization, contact]).await?;
    }
    if found.is_none() {
        found = tx.row(FIRST, &params![organization]).await?;
    }
    found.map(|row| row.columns().id()).transpose()
}

/// The contact of a link to a case; none where the link is not of that case or has ended.
///
/// # Errors
/// [`StoreError`].
pub async fn contact_of_link(tx: &mut Tx, tenant: Tenant, case: CaseId, link: CaseContactId) -> Result<Option<ContactId>, StoreError> {
    opt_id(tx.row(CONTACT_OF_LINK, &params![tenant.organization(), case, link]).await?)
}

/// The client of a case.
///
/// # Errors
/// [`StoreError`].
pub async fn client(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<Option<ContactId>, StoreError> {
    opt_id(tx.row(CLIENT, &params![tenant.organization(), case]).await?)
}

/// The number of a case outside.
///
/// # Errors
/// [`StoreError`].
pub async fn case_number(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<Option<String>, StoreError> {
    let row = tx.row(CASE_NUMBER, &params![tenant.organization(), case]).await?;
    row.map(|row| row.columns().text()).transpose()
}

/// The person of a lead.
///
/// # Errors
/// [`StoreError`].
pub async fn person_of_lead(tx: &mut Tx, tenant: Tenant, lead: LeadId) -> Result<Option<ContactId>, StoreError> {
    opt_id(tx.row(LEAD, &params![tenant.organization(), lead]).await?)
}

/// The newest open lead of a contact.
///
/// # Errors
/// [`StoreError`].
pub async fn open_lead(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<Option<LeadId>, StoreError> {
    opt_id(tx.row(OPEN_LEAD, &params![tenant.organization(), contact]).await?)
}

/// The conversation of a contact in a case, or the newest one outside of cases; none where there is none yet.
///
/// # Errors
/// [`StoreError`].
pub async fn conversation(
    tx: &mut Tx,
    tenant: Tenant,
    contact: ContactId,
    case: Option<CaseId>,
) -> Result<Option<ConversationId>, StoreError> {
    let organization = tenant.organization();
    opt_id(match case {
        Some(case) => tx.row(IN_CASE, &params![organization, case, contact]).await?,
        None => tx.row(OUTSIDE_OF_CASES, &params![organization, contact]).await?,
    })
}

/// The lead of a conversation; none where it is not with a lead.
///
/// # Errors
/// [`StoreError`].
pub async fn lead_of_conversation(tx: &mut Tx, tenant: Tenant, conversation: ConversationId) -> Result<Option<LeadId>, StoreError> {
    opt_id(tx.row(LEAD_OF_CONVERSATION, &params![tenant.organization(), conversation]).await?)
}

fn opt_id<I: casewire_core::id::Id>(row: Option<Row>) -> Result<Option<I>, StoreError> {
    row.map_or(Ok(None), |row| row.columns().opt_id())
}
