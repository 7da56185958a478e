//! What a contact can be in a case: the platform's default roles, which an organization may order and hide, and its own.

use casewire_core::access::Tenant;
use casewire_core::id::ContactRoleId;
use casewire_core::time::Timestamp;
use casewire_core::view::ContactRoleView;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

/// How many roles of its own an organization may have, hidden ones included.
pub const MOST_OWN_ROLES: usize = 50;

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
