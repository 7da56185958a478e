//! Who is on a case: its client, and the contacts linked to it with a role. A link that ends keeps its row, so that history can
//! name it. Refuses a second link while one stands, and a link for the client, who is on the case anyway.

use casewire_core::access::{Contact, Manage, Permit, Tenant};
use casewire_core::id::{CaseContactId, CaseId, ContactId, ContactRoleId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::CaseContactView;

use crate::contacts::{self, contact_columns, contact_phones_joined};
use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::step_lines::{self, LinkStep};
use crate::tx::Tx;

/// The role that is shown for the client of a case.
pub const CLIENT: &str = "Client";

/// The people of the case `$2`, a row for each of their numbers; `$links` narrows the links, `$client` the client.
macro_rules! people_of_case {
    ($links:literal, $client:literal) => {
        concat!(
            "select l.id, c.mycase_case_id, l.contact_role_id, r.name, l.is_client, l.added_by_user_id, l.created_at, l.updated_at, \
             coalesce(h.display_order, r.display_order), ",
            contact_columns!(),
            " from (select cc.id, cc.case_id, cc.contact_id, cc.contact_role_id, cc.added_by_user_id, cc.created_at, cc.updated_at, \
             0 as is_client from case_contacts cc where cc.organization_id = $1 and cc.case_id = $2 and cc.removed_at is null",
            $links,
            " union all select null, c.id, c.client_contact_id, null, null, c.created_at, c.updated_at, 1 from cases c \
             where c.organization_id = $1 and c.id = $2 and c.client_contact_id is not null",
            $client,
            ") l join cases c on c.organization_id = $1 and c.id = l.case_id \
             join contacts ct on ct.organization_id = $1 and ct.id = l.contact_id \
             left join contact_roles r on r.id = l.contact_role_id \
             left join contact_role_choices h on h.organization_id = $1 and h.contact_role_id = l.contact_role_id",
            contact_phones_joined!(),
            "order by l.is_client desc, 9, ct.search_name, ct.id, p.is_primary desc, p.created_at, p.id"
        )
    };
}

statements! {
    /// All people of a case: the client, then by order of role and name.
    LIST = people_of_case!("", "");
    /// One link.
    VIEW = people_of_case!(" and cc.id = $3", " and 1 = 0");
    /// Links a contact to a case, unless it is linked or is the client.
    ADD = "insert into case_contacts (organization_id, id, mycase_case_id, case_id, contact_id, contact_role_id, added_by_user_id, \
        created_at, updated_at) select c.organization_id, $3, c.mycase_case_id, c.id, $4, $5, $6, $7, $7 from cases c \
        where c.organization_id = $1 and c.id = $2 and (c.client_contact_id is null or c.client_contact_id <> $4) \
        on conflict do nothing";
    /// Gives a link another role.
    CHANGE_ROLE = "update case_contacts set contact_role_id = $4, updated_at = $5 \
        where organization_id = $1 and case_id = $2 and id = $3 and removed_at is null";
    /// Gives a link another role, whatever its case.
    CHANGE_ROLE_OF_MANY = "update case_contacts set contact_role_id = $3, updated_at = $4 \
        where organization_id = $1 and id = $2 and removed_at is null returning case_id";
    /// Ends a link.
    REMOVE = "update case_contacts set removed_at = $4, removed_by_user_id = $5, updated_at = $4 \
        where organization_id = $1 and case_id = $2 and id = $3 and removed_at is null returning contact_id";
    /// The standing link of a contact to a case.
    FIND = "select id, contact_role_id from case_contacts \
        where organization_id = $1 and case_id = $2 and contact_id = $3 and removed_at is null";
    /// How many links a case has.
    COUNT = "select count(*) from case_contacts where organization_id = $1 and case_id = $2 and removed_at is null";
    /// The cases that somebody is on, as client or by a link.
    CASES_OF = "select case_id from case_contacts where organization_id = $1 and contact_id = $2 and removed_at is null \
        union select id from cases where organization_id = $1 and client_contact_id = $2 order by 1";
}

/// The people of a case: the client first, then by the order of their roles and by name, in one statement.
///
/// # Errors
/// [`StoreError`].
pub async fn list<K>(tx: &mut Tx, permit: &Permit<K>) -> Result<Vec<CaseContactView>, StoreError> {
    let rows = tx.rows(LIST, &params![permit.organization(), permit.case()]).await?;
    gather(&rows)
}

/// One link that stands; none where it ended, or belongs to another case.
///
/// # Errors
/// [`StoreError`].
pub async fn view<K>(tx: &mut Tx, permit: &Permit<K>, link: CaseContactId) -> Result<Option<CaseContactView>, StoreError> {
    let rows = tx.rows(VIEW, &params![permit.organization(), permit.case(), link]).await?;
    Ok(gather(&rows)?.pop())
}

/// Links a contact to a case; none where the contact is on the case already. Contact and role are the organization's.
///
/// # Errors
/// [`StoreError`].
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<Contact>,
    contact: ContactId,
    role: ContactRoleId,
    now: Timestamp,
) -> Result<Option<CaseContactId>, StoreError> {
    link(tx, permit.tenant(), permit.case(), (contact, role), Some(permit.user()), now).await
}

/// [`add`] on behalf of the organization itself, for the import.
///
/// # Errors
/// [`StoreError`].
pub async fn link(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    (contact, role): (ContactId, ContactRoleId),
    by: Option<UserId>,
    now: Timestamp,
) -> Result<Option<CaseContactId>, StoreError> {
    let id: CaseContactId = mint();
    let added = tx
        .execute(ADD, &params![tenant.organization(), case, id, contact, role, by, now])
        .await?;
    if added == 0 {
        return Ok(None);
    }
    step_lines::note_link(tx, tenant, id, LinkStep::Linked, by, now).await?;
    Ok(Some(id))
}

/// Gives a link another role; whether it stands in this case. The role is the organization's.
///
/// # Errors
/// [`StoreError`].
pub async fn change_role(
    tx: &mut Tx,
    permit: &Permit<Contact>,
    link: CaseContactId,
    role: ContactRoleId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(CHANGE_ROLE, &params![permit.organization(), permit.case(), link, role, now])
        .await?;
    if changed == 1 {
        step_lines::note_link(tx, permit.tenant(), link, LinkStep::RoleChanged, Some(permit.user()), now).await?;
    }
    Ok(changed == 1)
}

/// Gives a link another role on behalf of who manages the roles themselves; the case and the link, none where it ended.
///
/// # Errors
/// [`StoreError`].
pub async fn change_role_of_many(
    tx: &mut Tx,
    tenant: Tenant,
    link: CaseContactId,
    role: ContactRoleId,
    by: UserId,
    now: Timestamp,
) -> Result<Option<(CaseId, CaseContactView)>, StoreError> {
    let changed = params![tenant.organization(), link, role, now];
    let Some(row) = tx.row(CHANGE_ROLE_OF_MANY, &changed).await? else {
        return Ok(None);
    };
    let case: CaseId = row.columns().id()?;
    step_lines::note_link(tx, tenant, link, LinkStep::RoleChanged, Some(by), now).await?;
    let rows = tx.rows(VIEW, &params![tenant.organization(), case, link]).await?;
    Ok(gather(&rows)?.pop().map(|view| (case, view)))
}

/// Ends a link and keeps its row; the contact whose it was, none where it does not stand in this case.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, permit: &Permit<Manage>, link: CaseContactId, now: Timestamp) -> Result<Option<ContactId>, StoreError> {
    let row = tx
        .row(REMOVE, &params![permit.organization(), permit.case(), link, now, permit.user()])
        .await?;
    if row.is_some() {
        step_lines::note_link(tx, permit.tenant(), link, LinkStep::Unlinked, Some(permit.user()), now).await?;
    }
    row.map(|row| row.columns().id()).transpose()
}

/// The standing link of a contact to a case and its role.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    contact: ContactId,
) -> Result<Option<(CaseContactId, ContactRoleId)>, StoreError> {
    let row = tx.row(FIND, &params![tenant.organization(), case, contact]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((columns.id()?, columns.id()?))
    })
    .transpose()
}

/// How many links a case has.
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<i64, StoreError> {
    let row = tx.row(COUNT, &params![tenant.organization(), case]).await?;
    row.map_or(Ok(0), |row| row.columns().int())
}

/// The cases that a contact is on, as client or by a link that stands.
///
/// # Errors
/// [`StoreError`].
pub async fn cases_of(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<Vec<CaseId>, StoreError> {
    let rows = tx.rows(CASES_OF, &params![tenant.organization(), contact]).await?;
    rows.iter().map(|row| row.columns().id()).collect()
}

/// Puts the rows of one person after the other together, in their order.
fn gather(rows: &[Row]) -> Result<Vec<CaseContactView>, StoreError> {
    let mut people: Vec<CaseContactView> = Vec::new();
    for row in rows {
        let mut columns = row.columns();
        let id = columns.opt_id()?;
        let mycase_case_id = columns.text()?;
        let contact_role_id = columns.opt_id()?;
        let role = columns.opt_text()?;
        let is_client = columns.flag()?;
        let (added_by_user_id, created_at, updated_at) = (columns.opt_id()?, columns.time()?, columns.time()?);
        let _order = columns.opt_int()?;
        let (contact, phone) = contacts::read(&mut columns)?;
        if people.last().is_none_or(|last| last.id != id || last.contact.id != contact.id) {
            let role = role.unwrap_or_else(|| CLIENT.to_owned());
            people.push(CaseContactView {
                id,
                mycase_case_id,
                contact,
                contact_role_id,
                role,
                is_client,
                added_by_user_id,
                created_at,
                updated_at,
            });
        }
        if let Some(last) = people.last_mut() {
            last.contact.phones.extend(phone);
        }
    }
    Ok(people)
}
