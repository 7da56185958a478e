//! What a contact can be in a case: the platform's default roles, which an organization may order and hide, and its own.

use casewire_core::access::Tenant;
use casewire_core::id::{CaseContactId, ContactRoleId, StepId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::ContactRoleView;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

/// The columns of a role as an organization sees it.
macro_rules! roles_of_organization {
    ($more:literal) => {
        concat!(
            "select r.id, r.name, r.is_default, coalesce(h.display_order, r.display_order), coalesce(h.is_active, r.is_active) \
             from contact_roles r left join contact_role_choices h on h.organization_id = $1 and h.contact_role_id = r.id \
             where (r.organization_id is null or r.organization_id = $1)",
            $more,
            " order by 4, r.is_default desc, r.id"
        )
    };
}

statements! {
    /// All roles of an organization, by order.
    LIST = roles_of_organization!("");
    /// One role.
    VIEW = roles_of_organization!(" and r.id = $2");
    /// A role of the organization's own.
    CREATE = "insert into contact_roles (id, organization_id, name, is_default, display_order, is_active, created_at, updated_at) \
        values ($2, $1, $3, 0, $4, 1, $5, $5) on conflict do nothing";
    /// Changes a role of the organization's own.
    UPDATE = "update contact_roles set name = $3, display_order = $4, is_active = $5, updated_at = $6 \
        where organization_id = $1 and id = $2";
    /// Sets how the organization shows a default role.
    CHOOSE = "insert into contact_role_choices (organization_id, contact_role_id, display_order, is_active) values ($1, $2, $3, $4) \
        on conflict (organization_id, contact_role_id) do update set display_order = excluded.display_order, \
        is_active = excluded.is_active";
    /// How many links have a role, and how many of them stand.
    USE = "select count(*), coalesce(cast(sum(case when removed_at is null then 1 else 0 end) as bigint), 0) from case_contacts \
        where organization_id = $1 and contact_role_id = $2";
    /// A merge.
    MERGE = "insert into contact_role_merges (organization_id, id, from_role_id, into_role_id, user_id, created_at) \
        values ($1, $2, $3, $4, $5, $6)";
    /// The links that a merge moves: those that stand.
    MERGE_LINKS = "insert into contact_role_merge_links (organization_id, merge_id, case_contact_id) \
        select organization_id, $2, id from case_contacts where organization_id = $1 and contact_role_id = $3 and removed_at is null";
    /// The links of a merge that have a role now.
    LINKS_OF_MERGE = "select cc.id from contact_role_merge_links l join case_contacts cc on cc.organization_id = l.organization_id \
        and cc.id = l.case_contact_id where l.organization_id = $1 and l.merge_id = $2 and cc.contact_role_id = $3 \
        and cc.removed_at is null order by cc.id";
    /// The last merge that a role went into another by, unless it was undone.
    LAST_MERGE = "select id, into_role_id from contact_role_merges where organization_id = $1 and from_role_id = $2 \
        and undone_at is null order by created_at desc, id desc limit 1";
    /// A merge that no longer holds.
    UNDO = "update contact_role_merges set undone_at = $3 where organization_id = $1 and id = $2 and undone_at is null";
}

/// How many links have a role: those that stand, and all that ever did.
///
/// # Errors
/// [`StoreError`].
pub async fn links(tx: &mut Tx, tenant: Tenant, role: ContactRoleId) -> Result<(i64, i64), StoreError> {
    let row = tx.row(USE, &params![tenant.organization(), role]).await?;
    row.map_or(Ok((0, 0)), |row| {
        let mut columns = row.columns();
        let all = columns.int()?;
        Ok((columns.int()?, all))
    })
}

/// Notes that a role goes into another one, and which standing links that is to move; these.
///
/// # Errors
/// [`StoreError`].
pub async fn note_merge(
    tx: &mut Tx,
    tenant: Tenant,
    (from, into): (ContactRoleId, ContactRoleId),
    user: UserId,
    now: Timestamp,
) -> Result<Vec<CaseContactId>, StoreError> {
    let (organization, merge) = (tenant.organization(), mint::<StepId>());
    tx.execute(MERGE, &params![organization, merge, from, into, user, now]).await?;
    tx.execute(MERGE_LINKS, &params![organization, merge, from]).await?;
    let rows = tx.rows(LINKS_OF_MERGE, &params![organization, merge, from]).await?;
    rows.iter().map(|row| row.columns().id()).collect()
}

/// Takes the last merge of a role back: the role that it went into, and the links that still have that one. None where there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn undo_merge(
    tx: &mut Tx,
    tenant: Tenant,
    from: ContactRoleId,
    now: Timestamp,
) -> Result<Option<(ContactRoleId, Vec<CaseContactId>)>, StoreError> {
    let organization = tenant.organization();
    let Some(row) = tx.row(LAST_MERGE, &params![organization, from]).await? else {
        return Ok(None);
    };
    let mut columns = row.columns();
    let (merge, into): (StepId, ContactRoleId) = (columns.id()?, columns.id()?);
    if tx.execute(UNDO, &params![organization, merge, now]).await? == 0 {
        return Ok(None);
    }
    let rows = tx.rows(LINKS_OF_MERGE, &params![organization, merge, into]).await?;
    let links = rows.iter().map(|row| row.columns().id()).collect::<Result<_, _>>()?;
    Ok(Some((into, links)))
}

/// All roles of an organization, its own and the platform's, by their order.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant) -> Result<Vec<ContactRoleView>, StoreError> {
    let rows = tx.rows(LIST, &params![tenant.organization()]).await?;
    rows.iter().map(read).collect()
}

/// One role; none where it is another organization's.
///
/// # Errors
/// [`StoreError`].
pub async fn view(tx: &mut Tx, tenant: Tenant, role: ContactRoleId) -> Result<Option<ContactRoleView>, StoreError> {
    let row = tx.row(VIEW, &params![tenant.organization(), role]).await?;
    row.as_ref().map(read).transpose()
}

/// Stores a role of the organization's own; none where there is one of that name.
///
/// # Errors
/// [`StoreError`].
pub async fn create(
    tx: &mut Tx,
    tenant: Tenant,
    name: &str,
    display_order: i64,
    now: Timestamp,
) -> Result<Option<ContactRoleId>, StoreError> {
    let id: ContactRoleId = mint();
    let created = tx
        .execute(CREATE, &params![tenant.organization(), id, name, display_order, now])
        .await?;
    Ok((created == 1).then_some(id))
}

/// Stores a role as it is given. Of a default role only the order, and whether it is offered, are the organization's to choose.
///
/// # Errors
/// [`StoreError`].
pub async fn update(tx: &mut Tx, tenant: Tenant, role: &ContactRoleView, now: Timestamp) -> Result<(), StoreError> {
    let organization = tenant.organization();
    if role.is_default {
        tx.execute(CHOOSE, &params![organization, role.id, role.display_order, role.is_active])
            .await?;
    } else {
        tx.execute(
            UPDATE,
            &params![organization, role.id, &role.name, role.display_order, role.is_active, now],
        )
        .await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<ContactRoleView, StoreError> {
    let mut columns = row.columns();
    Ok(ContactRoleView {
        id: columns.id()?,
        name: columns.text()?,
        is_default: columns.flag()?,
        display_order: columns.int()?,
        is_active: columns.flag()?,
    })
}
