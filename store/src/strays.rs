//! Texts to numbers that no organization owns: kept as they came, so that none is lost, and handed over when somebody registers
//! the number. Refuses to show them to anybody: until then only their count is known.

use casewire_core::phone::E164;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Keeps a text, once.
    KEEP = "insert into stray_texts (provider_id, account_sid, number, payload, at) values ($1, $2, $3, $4, $5) on conflict do nothing";
    /// How many there are.
    COUNT = "select count(*) from stray_texts";
    /// Those to a number, of one carrier account.
    OF_NUMBER = "select payload, at from stray_texts where number = $1 and account_sid = $2 order by at, provider_id";
    /// Forgets those to a number, of one carrier account: they have an owner now.
    FORGET = "delete from stray_texts where number = $1 and account_sid = $2";
}

/// A text to be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Stray {
    /// The carrier's id of it.
    pub provider_id: String,
    /// The carrier account it came to.
    pub account_sid: String,
    /// The number it was sent to.
    pub number: E164,
    /// What came, as JSON.
    pub payload: String,
    /// When it came.
    pub at: Timestamp,
}

/// Keeps a text; whether it was new.
///
/// # Errors
/// [`StoreError`].
pub async fn keep(tx: &mut Tx, stray: &Stray) -> Result<bool, StoreError> {
    let params = params![&stray.provider_id, &stray.account_sid, &stray.number, &stray.payload, stray.at];
    Ok(tx.execute(KEEP, &params).await? == 1)
}

/// How many texts wait for somebody to own the number they were sent to.
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    let row = tx
        .row(COUNT, &[])
        .await?
        .ok_or_else(|| StoreError::bug("a count returned no row"))?;
    Ok(u64::try_from(row.columns().int()?).unwrap_or(0))
}

/// What was sent to a number of a carrier account before it had an owner, oldest first: payload and time.
///
/// # Errors
/// [`StoreError`].
pub async fn of_number(tx: &mut Tx, number: &E164, account_sid: &str) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows = tx.rows(OF_NUMBER, &params![number, account_sid]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((columns.text()?, columns.time()?))
        })
        .collect()
}

/// Forgets what [`of_number`] gave, in the transaction that stored it for the owner.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, number: &E164, account_sid: &str) -> Result<(), StoreError> {
    tx.execute(FORGET, &params![number, account_sid]).await.map(drop)
}
