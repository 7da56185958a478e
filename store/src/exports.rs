//! The exports of cases: who asked for which, how far it is, where its file is and until when. What is in them: `server/src/export/`.

use casewire_core::access::{Permit, Read, Tenant};
use casewire_core::id::{CaseId, ExportId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

macro_rules! columns {
    () => {
        "select x.id, x.case_id, x.asked_by_user_id, u.name, x.filter, x.time_zone, x.state, x.items_done, x.items_total, x.file, \
        x.size_bytes, x.error_code, x.created_at, x.updated_at, x.expires_at from exports x \
        left join users u on u.organization_id = x.organization_id and u.id = x.asked_by_user_id where x.organization_id = $1 "
    };
}

statements! {
    /// A new one.
    ADD = "insert into exports (organization_id, id, case_id, asked_by_user_id, filter, time_zone, state, items_done, items_total, \
        created_at, updated_at) values ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, $8, $8)";
    /// Those of a case, the newest first.
    LIST = concat!(columns!(), "and x.case_id = $2 order by x.id desc limit 50");
    /// One of a case.
    SHOW = concat!(columns!(), "and x.case_id = $2 and x.id = $3");
    /// One, for the job.
    READ = concat!(columns!(), "and x.id = $2");
    /// How far it is.
    PROGRESS = "update exports set state = 'running', items_done = $3, updated_at = $4 \
        where organization_id = $1 and id = $2 and state in ('queued', 'running')";
    /// It is done.
    FINISH = "update exports set state = 'ready', items_done = $3, file = $4, size_bytes = $5, sha256 = $6, updated_at = $7, expires_at = $8 \
        where organization_id = $1 and id = $2 and state in ('queued', 'running')";
    /// It cannot be done.
    FAIL = "update exports set state = 'failed', error_code = $3, updated_at = $4 \
        where organization_id = $1 and id = $2 and state in ('queued', 'running')";
    /// Those whose file is kept no longer.
    EXPIRED = concat!(columns!(), "and x.state = 'ready' and x.expires_at <= $2 limit 100");
    /// Its file is gone.
    EXPIRE = "update exports set state = 'expired', file = null, updated_at = $3 where organization_id = $1 and id = $2 and state = 'ready'";
}

/// How an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// Its job was not begun.
    Queued,
    /// It is being made.
    Running,
    /// It can be fetched.
    Ready,
    /// It could not be made.
    Failed,
    /// Its file is gone.
    Expired,
}

impl std::str::FromStr for ExportState {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "queued" => Ok(Self::Queued),
            "running" => Ok(Self::Running),
            "ready" => Ok(Self::Ready),
            "failed" => Ok(Self::Failed),
            "expired" => Ok(Self::Expired),
            _ => Err(()),
        }
    }
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Which.
    pub id: ExportId,
    /// Of which case.
    pub case_id: CaseId,
    /// Who asked for it.
    pub asked_by: UserRef,
    /// What narrows it, as JSON.
    pub filter: String,
    /// In which time zone its times are.
    pub time_zone: String,
    /// How it stands.
    pub state: ExportState,
    /// How many entries are in it.
    pub items_done: i64,
    /// How many there will be.
    pub items_total: i64,
    /// The name of its file.
    pub file: Option<String>,
    /// The size of its file.
    pub size_bytes: Option<i64>,
    /// Why it could not be made.
    pub error_code: Option<String>,
    /// Since when; nothing that came later is in it.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Until when its file is kept.
    pub expires_at: Option<Timestamp>,
}

/// An export to be made.
#[derive(Debug, Clone)]
pub struct NewExport {
    /// What narrows it, as JSON.
    pub filter: String,
    /// In which time zone its times are.
    pub time_zone: String,
    /// How many entries there will be.
    pub items_total: i64,
}

/// A file that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its name.
    pub file: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// How many entries are in it.
    pub items: i64,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

/// Adds one, by who holds the permit.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, permit: &Permit<Read>, new: &NewExport, now: Timestamp) -> Result<ExportId, StoreError> {
    let id = mint::<ExportId>();
    let row = params![
        permit.organization(),
        id,
        permit.case(),
        permit.user(),
        &new.filter,
        &new.time_zone,
        new.items_total,
        now
    ];
    tx.execute(ADD, &row).await?;
    Ok(id)
}

/// The newest fifty of a case, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, permit: &Permit<Read>) -> Result<Vec<Export>, StoreError> {
    let rows = tx.rows(LIST, &params![permit.organization(), permit.case()]).await?;
    rows.iter().map(read).collect()
}

/// One of a case.
///
/// # Errors
/// [`StoreError`].
pub async fn show(tx: &mut Tx, permit: &Permit<Read>, id: ExportId) -> Result<Option<Export>, StoreError> {
    let row = tx.row(SHOW, &params![permit.organization(), permit.case(), id]).await?;
    row.as_ref().map(read).transpose()
}

/// One, for the job that makes it.
///
/// # Errors
/// [`StoreError`].
pub async fn of_job(tx: &mut Tx, tenant: Tenant, id: ExportId) -> Result<Option<Export>, StoreError> {
    let row = tx.row(READ, &params![tenant.organization(), id]).await?;
    row.as_ref().map(read).transpose()
}

/// Notes how far it is.
///
/// # Errors
/// [`StoreError`].
pub async fn progress(tx: &mut Tx, tenant: Tenant, id: ExportId, items: i64, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(PROGRESS, &params![tenant.organization(), id, items, now])
        .await
        .map(drop)
}

/// It is done; whether it still was under way.
///
/// # Errors
/// [`StoreError`].
pub async fn finish(tx: &mut Tx, tenant: Tenant, id: ExportId, made: &Made, now: Timestamp) -> Result<bool, StoreError> {
    let row = params![
        tenant.organization(),
        id,
        made.items,
        &made.file,
        made.size_bytes,
        made.sha256,
        now,
        made.expires_at
    ];
    Ok(tx.execute(FINISH, &row).await? == 1)
}

/// It cannot be done; whether it still was under way.
///
/// # Errors
/// [`StoreError`].
pub async fn fail(tx: &mut Tx, tenant: Tenant, id: ExportId, code: &'static str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(FAIL, &params![tenant.organization(), id, code, now]).await? == 1)
}

/// Those whose file is kept no longer, some at a time.
///
/// # Errors
/// [`StoreError`].
pub async fn expired(tx: &mut Tx, tenant: Tenant, now: Timestamp) -> Result<Vec<Export>, StoreError> {
    let rows = tx.rows(EXPIRED, &params![tenant.organization(), now]).await?;
    rows.iter().map(read).collect()
}

/// Its file is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn expire(tx: &mut Tx, tenant: Tenant, id: ExportId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(EXPIRE, &params![tenant.organization(), id, now]).await.map(drop)
}

fn read(row: &Row) -> Result<Export, StoreError> {
    let mut columns = row.columns();
    let (id, case_id) = (columns.id()?, columns.id()?);
    let (user, name) = (columns.id::<UserId>()?, columns.opt_text()?);
    Ok(Export {
        id,
        case_id,
        asked_by: UserRef {
            id: user,
            name: name.unwrap_or_default(),
        },
        filter: columns.text()?,
        time_zone: columns.text()?,
        state: columns.parsed()?,
        items_done: columns.int()?,
        items_total: columns.int()?,
        file: columns.opt_text()?,
        size_bytes: columns.opt_int()?,
        error_code: columns.opt_text()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
        expires_at: columns.opt_time()?,
    })
}
