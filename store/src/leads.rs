//! Leads: people before there is a case. A contact has at most one open lead.

use std::str::FromStr;

use casewire_core::access::Tenant;
use casewire_core::id::{ContactId, Id, LeadId, UserId};
use casewire_core::messaging::claims::UnknownWord;
use casewire_core::time::Timestamp;
use casewire_core::view::{ContactView, UserRef};
use uuid::Uuid;

use crate::contacts::{self, contact_columns, contact_phones_joined, pattern};
use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

/// The columns of a lead with its contact, over the aliases `l`, `u` and those of the contact.
macro_rules! lead_columns {
    () => {
        concat!(
            "l.id, l.status, l.assigned_user_id, u.name, l.created_at, l.updated_at, ",
            contact_columns!()
        )
    };
}

statements! {
    /// A new lead, unless the contact has an open one.
    CREATE = "insert into leads (organization_id, id, contact_id, status, assigned_user_id, created_at, updated_at) \
        select ct.organization_id, $2, ct.id, 'open', $4, $5, $5 from contacts ct where ct.organization_id = $1 and ct.id = $3 \
        and not exists (select 1 from leads l where l.organization_id = $1 and l.contact_id = $3 and l.status = 'open')";
    /// Changes a lead; a second open one of the same contact is refused.
    UPDATE = "update leads set status = $3, assigned_user_id = $4, updated_at = $5 where organization_id = $1 and id = $2 \
        and ($3 <> 'open' or not exists (select 1 from leads o where o.organization_id = $1 and o.contact_id = leads.contact_id \
        and o.status = 'open' and o.id <> leads.id))";
    /// One lead.
    VIEW = concat!("select ", lead_columns!(), " from leads l \
        join contacts ct on ct.organization_id = l.organization_id and ct.id = l.contact_id \
        left join users u on u.organization_id = l.organization_id and u.id = l.assigned_user_id", contact_phones_joined!(),
        "where l.organization_id = $1 and l.id = $2 order by p.is_primary desc, p.created_at, p.id");
    /// A page of leads, the newest first.
    LIST = concat!("select ", lead_columns!(), " from (select d.* from leads d \
        join contacts s on s.organization_id = d.organization_id and s.id = d.contact_id \
        where d.organization_id = $1 and d.id < $2 and (cast($3 as text) is null or d.status = $3) \
        and (cast($4 as text) is null or s.search_name like $4 escape '!') order by d.id desc limit cast($5 as bigint)) l \
        join contacts ct on ct.organization_id = l.organization_id and ct.id = l.contact_id \
        left join users u on u.organization_id = l.organization_id and u.id = l.assigned_user_id", contact_phones_joined!(),
        "order by l.id desc, p.is_primary desc, p.created_at, p.id");
    /// The leads of a contact, the newest first.
    OF_CONTACT = "select id, status from leads where organization_id = $1 and contact_id = $2 order by id desc";
}

/// How far a lead got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadStatus {
    /// Being talked to.
    Open,
    /// There is a case now.
    Converted,
    /// It came to nothing.
    Closed,
}

impl LeadStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Open, Self::Converted, Self::Closed];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Converted => "converted",
            Self::Closed => "closed",
        }
    }
}

impl FromStr for LeadStatus {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or(UnknownWord)
    }
}

/// A lead with its person.
pub struct Lead {
    /// The lead.
    pub id: LeadId,
    /// The person.
    pub contact: ContactView,
    /// How far it got.
    pub status: LeadStatus,
    /// Whose it is.
    pub assigned_user: Option<UserRef>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

/// Which leads are asked for.
pub struct LeadPage<'a> {
    /// With this status; none for all.
    pub status: Option<LeadStatus>,
    /// Part of the person's name; empty for all.
    pub search: &'a str,
    /// The last lead of the page before.
    pub after: Option<LeadId>,
    /// How many at most.
    pub limit: u32,
}

/// Stores a lead; none where the contact has an open one.
///
/// # Errors
/// [`StoreError`].
pub async fn create(
    tx: &mut Tx,
    tenant: Tenant,
    contact: ContactId,
    assigned: Option<UserId>,
    now: Timestamp,
) -> Result<Option<LeadId>, StoreError> {
    let id: LeadId = mint();
    let created = tx
        .execute(CREATE, &params![tenant.organization(), id, contact, assigned, now])
        .await?;
    Ok((created == 1).then_some(id))
}

/// Changes a lead; false where it would be a second open one of its contact.
///
/// # Errors
/// [`StoreError`].
pub async fn update(
    tx: &mut Tx,
    tenant: Tenant,
    lead: LeadId,
    status: LeadStatus,
    assigned: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx
        .execute(UPDATE, &params![tenant.organization(), lead, status.as_str(), assigned, now])
        .await?
        == 1)
}

/// One lead.
///
/// # Errors
/// [`StoreError`].
pub async fn view(tx: &mut Tx, tenant: Tenant, lead: LeadId) -> Result<Option<Lead>, StoreError> {
    let rows = tx.rows(VIEW, &params![tenant.organization(), lead]).await?;
    Ok(gather(&rows)?.pop())
}

/// A page of leads, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant, page: &LeadPage<'_>) -> Result<Vec<Lead>, StoreError> {
    let after = page.after.unwrap_or_else(|| LeadId::from_uuid(Uuid::max()));
    let status = page.status.map(LeadStatus::as_str);
    let rows = tx
        .rows(
            LIST,
            &params![tenant.organization(), after, status, pattern(page.search), page.limit],
        )
        .await?;
    gather(&rows)
}

/// The leads of a contact, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_contact(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<Vec<(LeadId, LeadStatus)>, StoreError> {
    let rows = tx.rows(OF_CONTACT, &params![tenant.organization(), contact]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((columns.id()?, columns.parsed()?))
        })
        .collect()
}

/// Puts the rows of one lead after the other together, in their order.
fn gather(rows: &[Row]) -> Result<Vec<Lead>, StoreError> {
    let mut leads: Vec<Lead> = Vec::new();
    for row in rows {
        let mut columns = row.columns();
        let (id, status) = (columns.id()?, columns.parsed()?);
        let (user_id, user_name) = (columns.opt_id()?, columns.opt_text()?);
        let (created_at, updated_at) = (columns.time()?, columns.time()?);
        let (contact, phone) = contacts::read(&mut columns)?;
        if leads.last().is_none_or(|last| last.id != id) {
            let assigned_user = user_id.zip(user_name).map(|(id, name)| UserRef { id, name });
            leads.push(Lead {
                id,
                contact,
                status,
                assigned_user,
                created_at,
                updated_at,
            });
        }
        if let Some(last) = leads.last_mut() {
            last.contact.phones.extend(phone);
        }
    }
    Ok(leads)
}
