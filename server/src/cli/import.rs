//! `casewire import`: contacts, phones, cases, case contacts and old texts and calls from CSV, in batches. A second import of
//! the same files changes nothing; a refused row stops nothing but itself. Refuses to log or report what stood in a row.
//! The columns: `docs/import.md`.

pub mod report;
mod rows;
mod source;
mod store_rows;
mod table;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use casewire_core::access::Tenant;
use casewire_core::phone::Region;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::imports::Stored;
use casewire_store::{Act, Store, StoreError, Tx, organizations, users};

use report::{Counts, File, Flaw, Refused};
use rows::Setting;
use source::{Ready, Source};
use store_rows::Failure;

/// How many rows one transaction stores.
const BATCH: usize = 500;

/// What is to be imported.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportArgs {
    /// The organization, by its id (org_…) or its whole name
    #[arg(long)]
    pub organization: String,
    /// People: external_id, name, contact_type
    #[arg(long, value_name = "FILE")]
    pub contacts: Option<PathBuf>,
    /// Their numbers: contact_external_id, number, label, is_primary
    #[arg(long, value_name = "FILE")]
    pub phones: Option<PathBuf>,
    /// Cases: mycase_case_id, name, status, client_external_id, team, assigned
    #[arg(long, value_name = "FILE")]
    pub cases: Option<PathBuf>,
    /// Who is on a case: mycase_case_id, contact_external_id, role
    #[arg(long, value_name = "FILE")]
    pub case_contacts: Option<PathBuf>,
    /// Old texts: at, direction, number, body, provider_id, organization_number, case_number, user
    #[arg(long, value_name = "FILE")]
    pub sms: Option<PathBuf>,
    /// Old calls: started_at, direction, number, status, provider_id, organization_number, matter_id, user, duration_seconds, recording_url
    #[arg(long, value_name = "FILE")]
    pub calls: Option<PathBuf>,
    /// Do all of it in one transaction, and take it back
    #[arg(long)]
    pub dry_run: bool,
    /// Where to write a line for each refused row
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

impl ImportArgs {
    /// The files that are given, in the order in which they build on each other.
    fn files(&self) -> Vec<(File, PathBuf)> {
        let all = [
            (File::Contacts, &self.contacts),
            (File::Phones, &self.phones),
            (File::Cases, &self.cases),
            (File::CaseContacts, &self.case_contacts),
            (File::Sms, &self.sms),
            (File::Calls, &self.calls),
        ];
        all.into_iter().filter_map(|(file, path)| Some((file, path.clone()?))).collect()
    }
}

/// Why an import ended early. What was stored before stays; the same import can be run again.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such organization, or more than one of that name.
    #[error("there is no organization with this id or name, or more than one: name its id")]
    Organization,
    /// No file was given.
    #[error("there is nothing to import: name at least one file")]
    Nothing,
    /// A file cannot be read or written.
    #[error("the file of {file} cannot be read: {what}")]
    File {
        /// Which.
        file: &'static str,
        /// Why, without what stands in it.
        what: std::io::ErrorKind,
    },
    /// The report or the summary cannot be written.
    #[error("the report cannot be written: {0}")]
    Report(std::io::ErrorKind),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A dry run got to its end; what it did is taken back.
    #[error("a dry run stores nothing")]
    Dry(Box<Outcome>),
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Rows by file.
    pub counts: BTreeMap<File, Counts>,
    /// Every refused row.
    pub refused: Vec<Refused>,
}

impl Outcome {
    fn add(&mut self, file: File, line: u64, result: Result<Stored, Flaw>) {
        let counts = self.counts.entry(file).or_default();
        match result {
            Ok(stored) => counts.count(stored),
            Err(flaw) => {
                counts.refused += 1;
                self.refused.push(Refused { file, line, flaw });
            }
        }
    }

    /// One line for each file.
    fn summary(&self) -> String {
        let line = |(file, counts): (&File, &Counts)| {
            let Counts {
                added,
                changed,
                unchanged,
                refused,
            } = counts;
            format!(
                "{}: {added} added, {changed} changed, {unchanged} unchanged, {refused} refused\n",
                file.as_str()
            )
        };
        self.counts.iter().map(line).collect()
    }
}

/// Imports, writes the report where one is asked for, and tells on `out` what came of it.
///
/// # Errors
/// [`ImportError`]; rows that are refused are none.
pub async fn run(store: &Store, now: Timestamp, args: &ImportArgs, out: &mut (dyn Write + Send)) -> Result<Outcome, ImportError> {
    let files = args.files();
    if files.is_empty() {
        return Err(ImportError::Nothing);
    }
    let (tenant, region) = store
        .read(FindOrganization(args.organization.clone()))
        .await?
        .ok_or(ImportError::Organization)?;
    let setting = Setting { region, now };
    let outcome = if args.dry_run {
        match store.write(tenant.organization(), DryRun { tenant, files, setting }).await {
            Err(ImportError::Dry(outcome)) => *outcome,
            Err(error) => return Err(error),
            Ok(never) => match never {},
        }
    } else {
        let outcome = in_batches(store, tenant, &files, setting).await?;
        store.write(tenant.organization(), Finish { tenant, now }).await?;
        outcome
    };
    tell(args, &outcome, out).map_err(|error| ImportError::Report(error.kind()))?;
    Ok(outcome)
}

fn tell(args: &ImportArgs, outcome: &Outcome, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    if let Some(path) = &args.report {
        report::write(std::fs::File::create(path)?, &outcome.refused).map_err(std::io::Error::from)?;
    }
    if args.dry_run {
        out.write_all(b"dry run: nothing is stored\n")?;
    }
    out.write_all(outcome.summary().as_bytes())?;
    if args.report.is_none() && !outcome.refused.is_empty() {
        out.write_all(b"name a file with --report to see which rows were refused, and why\n")?;
    }
    out.flush()
}

async fn in_batches(store: &Store, tenant: Tenant, files: &[(File, PathBuf)], setting: Setting) -> Result<Outcome, ImportError> {
    let mut outcome = Outcome::default();
    for (file, path) in files {
        let mut source = Source::open(*file, path, setting).map_err(|error| unreadable(*file, &error))?;
        outcome.counts.entry(*file).or_default();
        loop {
            let rows = next_batch(&mut source, *file, &mut outcome)?;
            if rows.is_empty() {
                break;
            }
            let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
            let results = store
                .write(
                    tenant.organization(),
                    Batch {
                        tenant,
                        rows,
                        now: setting.now,
                    },
                )
                .await?;
            for (line, result) in lines.into_iter().zip(results) {
                outcome.add(*file, line, result);
            }
        }
    }
    outcome.refused.sort_by_key(|refused| (refused.file, refused.line));
    Ok(outcome)
}

/// Reads until there are enough rows that are fit, or no more.
fn next_batch(source: &mut Source, file: File, outcome: &mut Outcome) -> Result<Vec<Ready>, ImportError> {
    let mut rows = Vec::with_capacity(BATCH);
    while rows.len() < BATCH {
        match source.next().map_err(|error| unreadable(file, &error))? {
            Some(Ok(ready)) => rows.push(ready),
            Some(Err(Refused { line, flaw, .. })) => outcome.add(file, line, Err(flaw)),
            None => break,
        }
    }
    Ok(rows)
}

/// What went wrong with a file, without what stands in it.
fn unreadable(file: File, error: &csv::Error) -> ImportError {
    let what = if let csv::ErrorKind::Io(error) = error.kind() {
        error.kind()
    } else {
        std::io::ErrorKind::InvalidData
    };
    ImportError::File { file: file.as_str(), what }
}

struct FindOrganization(String);

impl Act for FindOrganization {
    type Out = Option<(Tenant, Region)>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let all = organizations::list(tx).await?;
        let mut named = all
            .iter()
            .filter(|(tenant, name)| tenant.organization().to_string() == self.0 || *name == self.0);
        let (Some((tenant, _)), None) = (named.next(), named.next()) else {
            return Ok(None);
        };
        let tenant = *tenant;
        let region = organizations::read(tx, tenant)
            .await?
            .and_then(|organization| organization.settings.region());
        Ok(Some((tenant, region.unwrap_or(Region::US))))
    }
}

/// Stores rows in one transaction.
struct Batch {
    tenant: Tenant,
    rows: Vec<Ready>,
    now: Timestamp,
}

impl Act for Batch {
    type Out = Vec<Result<Stored, Flaw>>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let mut results = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            results.push(stored(tx, self.tenant, row, self.now).await?);
        }
        Ok(results)
    }
}

/// A refused row is a result, an error of the database ends the batch.
async fn stored(tx: &mut Tx, tenant: Tenant, ready: &Ready, now: Timestamp) -> Result<Result<Stored, Flaw>, StoreError> {
    match store_rows::store(tx, tenant, &ready.row, &ready.provider_id, now).await {
        Ok(stored) => Ok(Ok(stored)),
        Err(Failure::Flaw(flaw)) => Ok(Err(flaw)),
        Err(Failure::Store(error)) => Err(error),
    }
}

/// Stores everything in one transaction, and refuses it.
struct DryRun {
    tenant: Tenant,
    files: Vec<(File, PathBuf)>,
    setting: Setting,
}

impl Act for DryRun {
    type Out = std::convert::Infallible;
    type Error = ImportError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, ImportError> {
        let mut outcome = Outcome::default();
        for (file, path) in &self.files {
            let mut source = Source::open(*file, path, self.setting).map_err(|error| unreadable(*file, &error))?;
            outcome.counts.entry(*file).or_default();
            while let Some(row) = source.next().map_err(|error| unreadable(*file, &error))? {
                match row {
                    Ok(ready) => {
                        let result = stored(tx, self.tenant, &ready, self.setting.now).await?;
                        outcome.add(*file, ready.line, result);
                    }
                    Err(Refused { line, flaw, .. }) => outcome.add(*file, line, Err(flaw)),
                }
            }
        }
        Err(ImportError::Dry(Box::new(outcome)))
    }
}

/// Tells everybody to read anew, and looks after texts whose people changed.
struct Finish {
    tenant: Tenant,
    now: Timestamp,
}

impl Act for Finish {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        users::rights_changed(tx, self.tenant, None, self.now).await?;
        audit::write(tx, self.tenant, &Entry::of_system("import", self.tenant.organization()), self.now).await
    }
}
