//! What a row does in the database. Everything is found and checked before the first write, so that a refused row leaves
//! nothing behind while the rows around it stay.

use std::collections::BTreeSet;

use casewire_core::access::Tenant;
use casewire_core::id::{CaseId, ContactId, ConversationId, Id, LeadId, MessageId, NumberId, UserId};
use casewire_core::messaging::claims::StandingKind;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::cases::CaseFields;
use casewire_store::conversations::{ConversationKey, ItemKind, NewItem};
use casewire_store::imports::{self, OldCall, Stored};
use casewire_store::messages::{self, NewText};
use casewire_store::phones::{self, Designation, NewPhone};
use casewire_store::{StoreError, Tx, case_contacts, cases, contact_roles, contacts, conversations, mint, teams};

use super::report::{Flaw, Reason, flaw};
use super::rows::{CallRow, CaseRow, HistoryRow, Row};
use crate::ops::case_contacts::MOST_ON_A_CASE;
use crate::ops::people::MOST_PHONES;

/// Why a row was not stored.
pub enum Failure {
    /// It is refused.
    Flaw(Flaw),
    /// The database said no: nothing of its batch is stored.
    Store(StoreError),
}

impl From<Flaw> for Failure {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Stores a row, `provider_id` being the name that its text or call is found again by.
///
/// # Errors
/// [`Failure`].
pub async fn store(tx: &mut Tx, tenant: Tenant, row: &Row, provider_id: &str, now: Timestamp) -> Result<Stored, Failure> {
    match row {
        Row::Contact { external_id, name, kind } => Ok(imports::contact(tx, tenant, external_id, name, *kind, now).await?),
        Row::Phone {
            contact,
            e164,
            label,
            designation,
        } => {
            let new = NewPhone {
                e164: e164.clone(),
                label: label.clone(),
                designation: *designation,
            };
            phone(tx, tenant, contact, &new, now).await
        }
        Row::Case(row) => case(tx, tenant, row, now).await,
        Row::CaseContact { case, contact, role } => case_contact(tx, tenant, (case, contact, role), now).await,
        Row::Text(row, body) => text(tx, tenant, row, body, provider_id, now).await,
        Row::Call(row, call) => old_call(tx, tenant, row, call, provider_id, now).await,
    }
}

async fn phone(tx: &mut Tx, tenant: Tenant, contact: &str, new: &NewPhone, now: Timestamp) -> Result<Stored, Failure> {
    let contact = contact_of(tx, tenant, "contact_external_id", contact).await?;
    let primary = new.designation == Designation::Primary;
    if let Some(phone) = phones::find(tx, tenant, contact, &new.e164).await? {
        let shown = contacts::view(tx, tenant, contact).await?;
        let old = shown.iter().flat_map(|contact| &contact.phones).find(|old| old.id == phone);
        if old.is_some_and(|old| old.label == new.label && (old.is_primary || !primary)) {
            return Ok(Stored::Unchanged);
        }
        contacts::touch(tx, tenant, contact, now).await?;
        phones::relabel(tx, tenant, contact, phone, &new.label, now).await?;
        if primary {
            phones::designate(tx, tenant, contact, phone, now).await?;
        }
        return Ok(Stored::Changed);
    }
    if phones::count(tx, tenant, contact).await? >= i64::try_from(MOST_PHONES).unwrap_or(i64::MAX) {
        return Ok(flaw("number", Reason::TooMany)?);
    }
    contacts::touch(tx, tenant, contact, now).await?;
    phones::add(tx, tenant, contact, new, now).await?;
    Ok(Stored::Added)
}

async fn case(tx: &mut Tx, tenant: Tenant, row: &CaseRow, now: Timestamp) -> Result<Stored, Failure> {
    let client = match &row.client {
        Some(client) => Some(contact_of(tx, tenant, "client_external_id", client).await?),
        None => None,
    };
    let team = match &row.team {
        Some(team) => Some(
            teams::by_name(tx, tenant, team)
                .await?
                .map_or_else(|| flaw("team", Reason::UnknownTeam), Ok)?,
        ),
        None => None,
    };
    let mut assigned = BTreeSet::new();
    for email in &row.assigned {
        assigned.insert(user_of(tx, tenant, "assigned", email).await?);
    }
    let fields = CaseFields {
        name: row.name.clone(),
        status: row.status,
        client_contact_id: client,
        team_id: team,
    };
    let Some((case, _)) = cases::find(tx, tenant, &row.mycase_case_id).await? else {
        if let Some(case) = cases::create(tx, tenant, &row.mycase_case_id, &fields, now).await? {
            cases::assign(tx, tenant, case, &assigned).await?;
        }
        return Ok(Stored::Added);
    };
    if let Some(client) = client
        && case_contacts::find(tx, tenant, case, client).await?.is_some()
    {
        return Ok(flaw("client_external_id", Reason::ClientOnCase)?);
    }
    let assigned_anew = cases::assign(tx, tenant, case, &assigned).await?;
    if cases::fields(tx, tenant, case).await?.as_ref() == Some(&fields) {
        return Ok(if assigned_anew { Stored::Changed } else { Stored::Unchanged });
    }
    cases::touch(tx, tenant, case, now).await?;
    cases::update(tx, tenant, case, &fields).await?;
    Ok(Stored::Changed)
}

async fn case_contact(tx: &mut Tx, tenant: Tenant, (case, contact, role): (&str, &str, &str), now: Timestamp) -> Result<Stored, Failure> {
    let (case, client) = case_of(tx, tenant, "mycase_case_id", case).await?;
    let contact = contact_of(tx, tenant, "contact_external_id", contact).await?;
    let folded = role.to_lowercase();
    let roles = contact_roles::list(tx, tenant).await?;
    let role = roles.iter().find(|known| known.name.to_lowercase() == folded);
    let role = role.map_or_else(|| flaw("role", Reason::UnknownRole), |role| Ok(role.id))?;
    if client == Some(contact) {
        return Ok(flaw("contact_external_id", Reason::ClientOnCase)?);
    }
    if let Some((link, old_role)) = case_contacts::find(tx, tenant, case, contact).await? {
        if old_role == role {
            return Ok(Stored::Unchanged);
        }
        imports::change_role(tx, tenant, link, role, now).await?;
        return Ok(Stored::Changed);
    }
    if imports::was_removed(tx, tenant, case, contact).await? {
        return Ok(flaw("contact_external_id", Reason::WasRemoved)?);
    }
    if case_contacts::count(tx, tenant, case).await? >= MOST_ON_A_CASE {
        return Ok(flaw("contact_external_id", Reason::TooMany)?);
    }
    case_contacts::link(tx, tenant, case, (contact, role), None, now).await?;
    Ok(Stored::Added)
}

/// What an old text or call turns out to belong to.
struct Place {
    case: Option<(String, CaseId)>,
    contact: Option<ContactId>,
    lead: Option<LeadId>,
    number: Option<NumberId>,
    user: Option<UserId>,
    peer: Address,
    key: ConversationKey,
}

impl Place {
    async fn conversation(&self, tx: &mut Tx, tenant: Tenant, at: Timestamp) -> Result<ConversationId, StoreError> {
        conversations::ensure(tx, tenant, &self.key, at).await
    }

    const fn standing(&self, direction: Direction) -> StandingKind {
        match direction {
            Direction::Outbound => StandingKind::Sent,
            Direction::Inbound => match &self.key {
                ConversationKey::Case { .. } | ConversationKey::CaseNumber { .. } => StandingKind::Routed,
                ConversationKey::Lead { .. } | ConversationKey::Contact { .. } => StandingKind::Personal,
                ConversationKey::Unknown { .. } => StandingKind::Unknown,
            },
        }
    }
}

/// Finds where an old row belongs: to its case, else to the person, who is the only contact that holds the number.
async fn place(tx: &mut Tx, tenant: Tenant, row: &HistoryRow, case_column: &'static str) -> Result<Place, Failure> {
    let case = match &row.case {
        Some(number) => Some((number.clone(), case_of(tx, tenant, case_column, number).await?.0)),
        None => None,
    };
    let number = match &row.own_number {
        Some(e164) => Some(own_number(tx, tenant, e164).await?),
        None => None,
    };
    let user = match &row.user {
        Some(email) => Some(user_of(tx, tenant, "user", email).await?),
        None => None,
    };
    let contact = phones::only_holder(tx, tenant, &row.peer).await?;
    let peer = Address::Number(row.peer.clone());
    let lead = match (&case, contact) {
        (None, Some(contact)) => imports::open_lead(tx, tenant, contact).await?,
        _ => None,
    };
    let key = match (&case, contact, lead) {
        (Some((_, case_id)), contact, _) => ConversationKey::in_case(*case_id, contact, &peer),
        (None, Some(contact_id), Some(lead_id)) => ConversationKey::Lead { lead_id, contact_id },
        (None, Some(contact_id), None) => ConversationKey::Contact { contact_id },
        (None, None, _) => ConversationKey::Unknown { peer: peer.clone() },
    };
    Ok(Place {
        case,
        contact,
        lead,
        number,
        user,
        peer,
        key,
    })
}

async fn text(tx: &mut Tx, tenant: Tenant, row: &HistoryRow, body: &str, provider_id: &str, now: Timestamp) -> Result<Stored, Failure> {
    let place = place(tx, tenant, row, "case_number").await?;
    if imports::has_text(tx, tenant, provider_id).await? {
        return Ok(Stored::Unchanged);
    }
    let conversation = place.conversation(tx, tenant, row.at).await?;
    let id: MessageId = mint();
    let text = NewText {
        id,
        conversation_id: Some(conversation),
        direction: row.direction,
        standing: place.standing(row.direction),
        case: place.case,
        contact_id: place.contact,
        case_contact_id: None,
        contact_role_name: None,
        lead_id: place.lead,
        peer: place.peer,
        number_id: place.number,
        body: body.to_owned(),
        media: Vec::new(),
        at: row.at,
        created_at: now,
        provider_id: Some(provider_id.to_owned()),
        rule: None,
        receipt: None,
        sent_by: place.user.filter(|_| row.direction == Direction::Outbound),
        in_reply_to: None,
        is_clarifying: false,
        state: (row.direction == Direction::Outbound).then_some(DeliveryState::Sent),
        keyword: None,
    };
    messages::insert(tx, tenant, &text).await?;
    let item = NewItem {
        item_id: id.uuid(),
        kind: ItemKind::Text,
        at: row.at,
        direction: row.direction,
        text: body,
        unclaimed: 0,
    };
    conversations::place(tx, tenant, conversation, item).await?;
    Ok(Stored::Added)
}

async fn old_call(
    tx: &mut Tx,
    tenant: Tenant,
    row: &HistoryRow,
    call: &CallRow,
    provider_id: &str,
    now: Timestamp,
) -> Result<Stored, Failure> {
    let place = place(tx, tenant, row, "matter_id").await?;
    if imports::has_call(tx, tenant, provider_id).await? {
        return Ok(Stored::Unchanged);
    }
    let call = OldCall {
        conversation_id: place.conversation(tx, tenant, row.at).await?,
        case: place.case,
        contact_id: place.contact,
        lead_id: place.lead,
        direction: row.direction,
        peer: place.peer,
        number_id: place.number,
        user_id: place.user,
        status: call.status.clone(),
        started_at: row.at,
        duration_seconds: call.duration_seconds,
        recording_url: call.recording_url.clone(),
        provider_id: provider_id.to_owned(),
    };
    imports::add_call(tx, tenant, &call, now).await?;
    Ok(Stored::Added)
}

async fn contact_of(tx: &mut Tx, tenant: Tenant, column: &'static str, external_id: &str) -> Result<ContactId, Failure> {
    let found = imports::find_contact(tx, tenant, external_id).await?;
    Ok(found.map_or_else(|| flaw(column, Reason::UnknownContact), Ok)?)
}

async fn case_of(tx: &mut Tx, tenant: Tenant, column: &'static str, number: &str) -> Result<(CaseId, Option<ContactId>), Failure> {
    let found = cases::find(tx, tenant, number).await?;
    Ok(found.map_or_else(|| flaw(column, Reason::UnknownCase), Ok)?)
}

async fn user_of(tx: &mut Tx, tenant: Tenant, column: &'static str, email: &str) -> Result<UserId, Failure> {
    let found = imports::user_by_email(tx, tenant, email).await?;
    Ok(found.map_or_else(|| flaw(column, Reason::UnknownUser), Ok)?)
}

async fn own_number(tx: &mut Tx, tenant: Tenant, e164: &E164) -> Result<NumberId, Failure> {
    let found = imports::own_number(tx, tenant, e164).await?;
    Ok(found.map_or_else(|| flaw("organization_number", Reason::UnknownNumber), Ok)?)
}
