//! Makes an export, a volume at a time, and notes each, so that a node that is stopped or dies is followed by one that goes on. Looks
//! at the rights of whoever asked before each volume: a wall that was built meanwhile ends the export. The files: `crate::export`.

use std::collections::BTreeMap;
use std::time::Duration;

use casewire_core::access::{Resource, Tenant};
use casewire_core::id::{ExportId, NumberId};
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::communications;
use casewire_store::exports::{self, Export, ExportState, Made};
use casewire_store::inbox::After;
use casewire_store::items::{CallsShown, Item};
use casewire_store::jobs::{self, LeasedJob, NewJob};
use casewire_store::{Act, StoreError, Tx, cases, numbers, organizations};

use super::JobOutcome;
use crate::audit::key::SigningKey;
use crate::clock::Stopwatch;
use crate::export::ExportError;
use crate::export::build::{Note, VOLUME, Workshop};
use crate::export::entry::{Entry, Setting};
use crate::export::manifest::{CaseOfExport, ExportFilter, FORMAT, Manifest, Named};
use crate::export::pdf::About;
use crate::state::App;

/// How long a file is kept.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long one job goes on before it hands over to the next: well within what a job may take.
const SHIFT: Duration = Duration::from_secs(15);

/// Makes what is left of the export.
pub(super) async fn perform(app: &App, leased: &LeasedJob, id: ExportId) -> JobOutcome {
    match make(app, leased.tenant, id).await {
        Ok(Ended::Done) => JobOutcome::Done,
        Ok(Ended::Failed(code)) => end(app, leased.tenant, id, code).await,
        Err(Failure::Store(error)) => JobOutcome::of_store_error(&error),
        Err(Failure::Export(error)) => {
            tracing::error!(export = %id, %error, "an export could not be made");
            let code = match error {
                ExportError::TooLarge => "too_large",
                ExportError::File(_) => "disk",
                ExportError::Json(_) | ExportError::Csv(_) | ExportError::Pdf(_) => "defect",
            };
            end(app, leased.tenant, id, code).await
        }
    }
}

enum Ended {
    Done,
    Failed(&'static str),
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Export(#[from] ExportError),
}

async fn end(app: &App, tenant: Tenant, id: ExportId, code: &'static str) -> JobOutcome {
    let act = Change::Fail { id, code };
    match change(app, tenant, act).await {
        Ok(()) => JobOutcome::Done,
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

async fn make(app: &App, tenant: Tenant, id: ExportId) -> Result<Ended, Failure> {
    let watch = Stopwatch::start();
    let folder = app.config.exports_folder.clone();
    let shop = Workshop::open(&folder, &id.to_string())?;
    loop {
        let note = shop.note();
        let act = ReadVolume {
            tenant,
            id,
            after: note.after(),
        };
        let volume = match app.store.read(act).await? {
            Look::Gone => {
                shop.clear()?;
                return Ok(Ended::Done);
            }
            Look::Kept => {
                shop.clear()?;
                return Ok(Ended::Failed("forbidden"));
            }
            Look::Volume(volume) => *volume,
        };
        let is_last = volume.items.len() < usize::try_from(VOLUME).unwrap_or(usize::MAX);
        let (shop, note, head) = write(&folder, &id, note, volume).await?;
        if is_last {
            return finish(app, tenant, id, shop, note, head).await.map(|()| Ended::Done);
        }
        let items = i64::try_from(note.entries).unwrap_or(i64::MAX);
        change(app, tenant, Change::Progress { id, items }).await?;
        if watch.elapsed() >= SHIFT || app.stop.is_cancelled() {
            change(app, tenant, Change::GoOn { id }).await?;
            return Ok(Ended::Done);
        }
    }
}

/// Writes one volume, on a thread that may wait for the disk.
async fn write(folder: &std::path::Path, id: &ExportId, note: Note, volume: Volume) -> Result<(Workshop, Note, Manifest), ExportError> {
    let (folder, name) = (folder.to_owned(), id.to_string());
    blocking(move || {
        let shop = Workshop::open(&folder, &name)?;
        let setting = Setting::new(&volume.export.time_zone, volume.numbers).ok_or(ExportError::Pdf("there is no such time zone"))?;
        let first = note.entries.saturating_add(1);
        let entries: Vec<Entry> = (first..)
            .zip(&volume.items)
            .map(|(number, item)| Entry::of(number, item, &setting))
            .collect();
        let filter: ExportFilter = serde_json::from_str(&volume.export.filter)?;
        let about = About {
            organization: volume.organization.name.clone(),
            mycase_case_id: volume.case.mycase_case_id.clone(),
            case_name: volume.case.name.clone(),
            time_zone: setting.zone_name().to_owned(),
            filter: in_words(&filter, &setting),
            entries: u64::try_from(volume.total).unwrap_or(0),
        };
        let note = match volume.items.last() {
            Some(last) => note.behind(entries.len(), last.after()),
            // Nothing is left: an empty export still has a page that says so.
            None if note.volumes == 0 => note.behind(0, note.after()),
            None => note,
        };
        if !entries.is_empty() || note.entries == 0 {
            shop.add(&entries, &note, &about)?;
        }
        let head = Manifest {
            format: FORMAT.to_owned(),
            organization: volume.organization,
            case: volume.case,
            filter,
            time_zone: volume.export.time_zone,
            entries: 0,
            files: Vec::new(),
        };
        Ok((shop, note, head))
    })
    .await
}

async fn finish(app: &App, tenant: Tenant, id: ExportId, shop: Workshop, note: Note, head: Manifest) -> Result<(), Failure> {
    let file = format!("{id}.zip");
    let (to, key_file) = (app.config.exports_folder.join(&file), app.config.audit_key_file.clone());
    let items = i64::try_from(note.entries).unwrap_or(i64::MAX);
    let (size_bytes, sha256) = blocking(move || {
        let key = SigningKey::of_file(&key_file).map_err(|error| ExportError::File(std::io::Error::other(error)))?;
        let packed = shop.pack(&note, head, &key, &to)?;
        shop.clear()?;
        Ok(packed)
    })
    .await?;
    let made = Made {
        file,
        size_bytes,
        sha256,
        items,
        expires_at: app.clock.now().plus(KEPT),
    };
    Ok(change(app, tenant, Change::Finish { id, made }).await?)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, ExportError> + Send + 'static) -> Result<T, ExportError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(ExportError::File(std::io::Error::other(error))),
    }
}

/// What narrows an export, for its first page.
fn in_words(filter: &ExportFilter, setting: &Setting) -> Vec<String> {
    let ExportFilter {
        contact_id,
        role,
        channel,
        user_id,
        direction,
        from,
        until,
    } = filter;
    let mut words = Vec::new();
    words.extend(contact_id.map(|id| format!("contact {id}")));
    words.extend(role.as_ref().map(|role| format!("role {role}")));
    words.extend(channel.map(|channel| match channel {
        crate::export::manifest::Channel::Text => "texts".to_owned(),
        crate::export::manifest::Channel::Call => "calls".to_owned(),
    }));
    words.extend(user_id.map(|id| format!("agent {id}")));
    words.extend(direction.map(|direction| direction.as_str().to_owned()));
    words.extend(from.map(|from| format!("from {}", setting.local(from))));
    words.extend(until.map(|until| format!("before {}", setting.local(until))));
    words
}

/// What is written into the next volume.
struct Volume {
    export: Export,
    organization: Named,
    case: CaseOfExport,
    numbers: BTreeMap<NumberId, String>,
    items: Vec<Item>,
    total: i64,
}

enum Look {
    /// It is done, or there is no such export.
    Gone,
    /// Whoever asked may not read it any more.
    Kept,
    Volume(Box<Volume>),
}

struct ReadVolume {
    tenant: Tenant,
    id: ExportId,
    after: After,
}

impl Act for ReadVolume {
    type Out = Look;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Look, StoreError> {
        let tenant = self.tenant;
        let Some(export) = exports::of_job(tx, tenant, self.id).await? else {
            return Ok(Look::Gone);
        };
        if !matches!(export.state, ExportState::Queued | ExportState::Running) {
            return Ok(Look::Gone);
        }
        let access = casewire_store::access::of_user(tx, tenant, export.asked_by.id).await?;
        let reach = cases::reach_by_id(tx, tenant, export.case_id).await?;
        let organization = organizations::read(tx, tenant).await?;
        let (Some(access), Some(reach), Some(organization)) = (access, reach, organization) else {
            return Ok(Look::Kept);
        };
        let Ok(permit) = access.read(&reach, Resource::Sms) else {
            return Ok(Look::Kept);
        };
        let calls = match access.read(&reach, Resource::Calls) {
            Ok(_) => CallsShown::Yes,
            Err(_) => CallsShown::No,
        };
        let Some(case) = cases::view(tx, tenant, export.case_id).await? else {
            return Ok(Look::Kept);
        };
        let filter: ExportFilter = serde_json::from_str(&export.filter).unwrap_or_default();
        let mut filter = filter.of_store();
        // What came after it was asked for is not in it, however long it takes.
        let ceiling = Timestamp::from_micros(export.created_at.as_micros().saturating_add(1));
        filter.until = Some(filter.until.map_or(ceiling, |until| until.min(ceiling)));
        Ok(Look::Volume(Box::new(Volume {
            organization: Named {
                id: tenant.organization().to_string(),
                name: organization.name,
            },
            case: CaseOfExport {
                id: case.id.to_string(),
                mycase_case_id: case.mycase_case_id,
                name: case.name,
            },
            numbers: readable(numbers::list(tx, tenant).await?),
            items: communications::page(tx, &permit, &filter, calls, self.after, VOLUME).await?,
            total: communications::count(tx, &permit, &filter, calls).await?,
            export,
        })))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an export shows the firm's own numbers to who may read the case"
)]
fn readable(numbers: Vec<numbers::OrganizationNumber>) -> BTreeMap<NumberId, String> {
    numbers.into_iter().map(|number| (number.id, number.e164.national())).collect()
}

enum Change {
    Progress { id: ExportId, items: i64 },
    GoOn { id: ExportId },
    Finish { id: ExportId, made: Made },
    Fail { id: ExportId, code: &'static str },
}

struct WriteChange {
    tenant: Tenant,
    change: Change,
    now: Timestamp,
}

async fn change(app: &App, tenant: Tenant, change: Change) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.store.write(tenant.organization(), WriteChange { tenant, change, now }).await
}

impl Act for WriteChange {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant, self.now);
        match &self.change {
            Change::Progress { id, items } => exports::progress(tx, tenant, *id, *items, now).await,
            Change::Finish { id, made } => exports::finish(tx, tenant, *id, made, now).await.map(drop),
            Change::Fail { id, code } => exports::fail(tx, tenant, *id, code, now).await.map(drop),
            Change::GoOn { id } => {
                let next = NewJob {
                    job: Job::ExportCase { export_id: *id },
                    run_at: now,
                    unique_key: None,
                };
                jobs::enqueue(tx, tenant, next).await.map(drop)
            }
        }
    }
}

/// Takes away the files that are kept no longer.
pub(super) async fn expire(app: &App, tenant: Tenant) -> Result<(), StoreError> {
    let now = app.clock.now();
    for export in app.store.read(Expired { tenant, now }).await? {
        let path = app.config.exports_folder.join(format!("{}.zip", export.id));
        match tokio::fs::remove_file(path).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(export = %export.id, kind = ?error.kind(), "the file of an export cannot be removed");
                continue;
            }
            Ok(()) | Err(_) => {}
        }
        let id = export.id;
        app.store.write(tenant.organization(), Expire { tenant, id, now }).await?;
    }
    Ok(())
}

struct Expired {
    tenant: Tenant,
    now: Timestamp,
}

impl Act for Expired {
    type Out = Vec<Export>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Export>, StoreError> {
        exports::expired(tx, self.tenant, self.now).await
    }
}

struct Expire {
    tenant: Tenant,
    id: ExportId,
    now: Timestamp,
}

impl Act for Expire {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        exports::expire(tx, self.tenant, self.id, self.now).await
    }
}
