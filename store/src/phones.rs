//! Numbers of contacts: added, labelled, removed, one of them primary as soon as there is one. Refuses the same number twice
//! for one contact; two contacts may share one. Callers lock the contact first: [`crate::contacts::touch`].

use casewire_core::access::Tenant;
use casewire_core::id::{ContactId, PhoneId};
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;
use casewire_core::view::PhoneView;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Columns;
use crate::search;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Adds a number; the first one is primary whatever is asked.
    ADD = "insert into contact_phones (organization_id, id, contact_id, e164, label, is_primary, created_at, updated_at) \
        values ($1, $2, $3, $4, $5, case when cast($6 as bigint) = 1 or not exists \
        (select 1 from contact_phones p where p.organization_id = $1 and p.contact_id = $3) then 1 else 0 end, $7, $7) \
        on conflict do nothing";
    /// Takes the designation away.
    CLEAR_PRIMARY = "update contact_phones set is_primary = 0, updated_at = $3 \
        where organization_id = $1 and contact_id = $2 and is_primary = 1";
    /// Gives the designation to one.
    SET_PRIMARY = "update contact_phones set is_primary = 1, updated_at = $4 \
        where organization_id = $1 and contact_id = $2 and id = $3";
    /// Gives the designation to the oldest, where none has it.
    PROMOTE_OLDEST = "update contact_phones set is_primary = 1, updated_at = $3 where organization_id = $1 and id = \
        (select p.id from contact_phones p where p.organization_id = $1 and p.contact_id = $2 order by p.created_at, p.id limit 1) \
        and not exists (select 1 from contact_phones p where p.organization_id = $1 and p.contact_id = $2 and p.is_primary = 1)";
    /// Changes a label.
    RELABEL = "update contact_phones set label = $4, updated_at = $5 where organization_id = $1 and contact_id = $2 and id = $3";
    /// Removes a number.
    REMOVE = "delete from contact_phones where organization_id = $1 and contact_id = $2 and id = $3";
    /// Whether the contact has that number, and under which id.
    FIND = "select id from contact_phones where organization_id = $1 and contact_id = $2 and e164 = $3";
    /// Whether the contact has that phone.
    BELONGS = "select 1 from contact_phones where organization_id = $1 and contact_id = $2 and id = $3";
    /// How many numbers the contact has.
    COUNT = "select count(*) from contact_phones where organization_id = $1 and contact_id = $2";
    /// The contacts that hold a number, at most two.
    HOLDERS = "select contact_id from contact_phones where organization_id = $1 and e164 = $2 order by contact_id limit 2";
}

/// Whether a number is to be the primary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Designation {
    /// As it is; a contact's first number is primary by itself.
    AsItIs,
    /// This one, and no other any more.
    Primary,
}

/// A number to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhone {
    /// The number.
    pub e164: E164,
    /// Such as mobile or work.
    pub label: String,
    /// Whether it becomes the primary one.
    pub designation: Designation,
}

/// Adds a number to a contact; none where the contact has it already.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, contact: ContactId, phone: &NewPhone, now: Timestamp) -> Result<Option<PhoneId>, StoreError> {
    if find(tx, tenant, contact, &phone.e164).await?.is_some() {
        return Ok(None);
    }
    let primary = phone.designation == Designation::Primary;
    if primary {
        tx.execute(CLEAR_PRIMARY, &params![tenant.organization(), contact, now]).await?;
    }
    let id: PhoneId = mint();
    let added = tx
        .execute(
            ADD,
            &params![tenant.organization(), id, contact, &phone.e164, &phone.label, primary, now],
        )
        .await?;
    search::note_person(tx, tenant, contact).await?;
    Ok((added == 1).then_some(id))
}

/// Makes a number the primary one of its contact. Whether the contact has that phone.
///
/// # Errors
/// [`StoreError`].
pub async fn designate(tx: &mut Tx, tenant: Tenant, contact: ContactId, phone: PhoneId, now: Timestamp) -> Result<bool, StoreError> {
    if !belongs(tx, tenant, contact, phone).await? {
        return Ok(false);
    }
    tx.execute(CLEAR_PRIMARY, &params![tenant.organization(), contact, now]).await?;
    Ok(tx
        .execute(SET_PRIMARY, &params![tenant.organization(), contact, phone, now])
        .await?
        == 1)
}

/// Changes a label. Whether the contact has that phone.
///
/// # Errors
/// [`StoreError`].
pub async fn relabel(
    tx: &mut Tx,
    tenant: Tenant,
    contact: ContactId,
    phone: PhoneId,
    label: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx
        .execute(RELABEL, &params![tenant.organization(), contact, phone, label, now])
        .await?
        == 1)
}

/// Removes a number; where it was the primary one, the oldest other one becomes it. Whether the contact had that phone.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, tenant: Tenant, contact: ContactId, phone: PhoneId, now: Timestamp) -> Result<bool, StoreError> {
    if tx.execute(REMOVE, &params![tenant.organization(), contact, phone]).await? == 0 {
        return Ok(false);
    }
    tx.execute(PROMOTE_OLDEST, &params![tenant.organization(), contact, now]).await?;
    search::note_person(tx, tenant, contact).await?;
    Ok(true)
}

/// The contact's phone with that number.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, tenant: Tenant, contact: ContactId, number: &E164) -> Result<Option<PhoneId>, StoreError> {
    let row = tx.row(FIND, &params![tenant.organization(), contact, number]).await?;
    row.map(|row| row.columns().id()).transpose()
}

/// Whether the contact has that phone.
///
/// # Errors
/// [`StoreError`].
pub async fn belongs(tx: &mut Tx, tenant: Tenant, contact: ContactId, phone: PhoneId) -> Result<bool, StoreError> {
    Ok(tx.row(BELONGS, &params![tenant.organization(), contact, phone]).await?.is_some())
}

/// How many numbers the contact has.
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<i64, StoreError> {
    let row = tx.row(COUNT, &params![tenant.organization(), contact]).await?;
    row.map_or(Ok(0), |row| row.columns().int())
}

/// The contact who holds a number; none where nobody does, or more than one.
///
/// # Errors
/// [`StoreError`].
pub async fn only_holder(tx: &mut Tx, tenant: Tenant, number: &E164) -> Result<Option<ContactId>, StoreError> {
    let rows = tx.rows(HOLDERS, &params![tenant.organization(), number]).await?;
    match rows.as_slice() {
        [only] => only.columns().id().map(Some),
        _ => Ok(None),
    }
}

/// Reads the columns of a phone as [`crate::contacts::contact_columns!`] orders them; none where a contact has no number.
#[expect(clippy::disallowed_methods, reason = "a view of a phone shows its number")]
pub(crate) fn read(columns: &mut Columns<'_>) -> Result<Option<PhoneView>, StoreError> {
    let id = columns.opt_id()?;
    let number = columns.opt_number()?;
    let label = columns.opt_text()?;
    let is_primary = columns.opt_int()? == Some(1);
    let opted_out = columns.flag()?;
    Ok(id.zip(number).zip(label).map(|((id, number), label)| PhoneView {
        id,
        e164: number.expose().to_owned(),
        number: number.national(),
        label,
        is_primary,
        opted_out,
    }))
}
