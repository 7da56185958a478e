//! The acts behind an export of the audit: which entries its reader may have, and the stretch of the chain around them. What the
//! reader may not have, or did not ask for, goes out as a digest alone.

use std::collections::BTreeSet;

use casewire_core::access::{Access, OfficePermit, Tenant};
use casewire_core::id::CaseId;
use casewire_store::audit::checkpoints::{self, SignedCheckpoint};
use casewire_store::audit::list::{self, Filter, Page};
use casewire_store::{Act, StoreError, Tx};

use super::read_audit::reader;
use crate::audit::file::{FORMAT, Header, Line, SignedLine, Start};
use crate::jobs::sign_audit::{STRETCH, Stretch};
use crate::ops::texts::case_in_view;
use crate::problem::Problem;
use crate::state::App;

/// How many entries are looked for at once.
const AT_ONCE: u32 = 1000;

/// Finds which entries an export has.
#[derive(Clone)]
pub struct FindEntries {
    /// The rights of the reader.
    pub access: Access,
    /// The permit, on the audit.
    pub permit: OfficePermit,
    /// What narrows it.
    pub filter: Filter,
    /// The number of the case, where it is narrowed to one.
    pub mycase_case_id: Option<String>,
    /// Before this entry; all if none.
    pub before: Option<i64>,
}

impl Act for FindEntries {
    type Out = (Vec<i64>, Option<CaseId>);
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let reader = reader(&self.access, &self.permit)?;
        let mut filter = self.filter.clone();
        if let Some(number) = &self.mycase_case_id {
            filter.case = Some(case_in_view(tx, &self.access, number).await?.case_id);
        }
        let page = Page {
            before: self.before,
            limit: AT_ONCE,
        };
        let lines = list::page(tx, &reader, &filter, page).await?;
        Ok((lines.iter().map(|line| line.entry.seq).collect(), filter.case))
    }
}

/// Every entry that an export has, and the case that it is narrowed to.
///
/// # Errors
/// `not_found` for a case that is not in view.
pub async fn find(app: &App, mut act: FindEntries) -> Result<(BTreeSet<i64>, Option<CaseId>), Problem> {
    let mut all = BTreeSet::new();
    loop {
        let (found, case) = app.store.read(act.clone()).await?;
        let Some(last) = found.last().copied() else {
            return Ok((all, case));
        };
        all.extend(found);
        act.before = Some(last);
    }
}

/// The checkpoints around the entries of an export: the last one before them, and the first one at their end or behind it.
pub struct Around {
    /// Whose.
    pub tenant: Tenant,
    /// The first entry.
    pub first: i64,
    /// The last entry.
    pub last: i64,
}

impl Act for Around {
    type Out = (Option<SignedCheckpoint>, Option<SignedCheckpoint>);
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let before = checkpoints::before(tx, self.tenant, self.first).await?;
        let behind = checkpoints::from(tx, self.tenant, self.last, 1).await?;
        Ok((before, behind.into_iter().next()))
    }
}

/// An export under way.
pub struct ExportAudit {
    app: App,
    tenant: Tenant,
    entries: BTreeSet<i64>,
    after: i64,
    end: i64,
    checkpoint: Option<SignedCheckpoint>,
    header: Option<Header>,
    is_done: bool,
}

impl ExportAudit {
    /// An export of these entries.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(app: App, tenant: Tenant, entries: BTreeSet<i64>) -> Result<Self, StoreError> {
        let (first, last) = (entries.first().copied().unwrap_or(1), entries.last().copied().unwrap_or(0));
        let (before, checkpoint) = app.store.read(Around { tenant, first, last }).await?;
        let header = Header {
            format: FORMAT.to_owned(),
            organization_id: tenant.organization(),
            start: before
                .as_ref()
                .map_or(Start::First, |signed| Start::Checkpoint(SignedLine::of(signed))),
        };
        Ok(Self {
            app,
            tenant,
            after: before.map_or(0, |signed| signed.checkpoint.seq),
            end: checkpoint.map_or(last, |signed| signed.checkpoint.seq),
            entries,
            checkpoint,
            header: Some(header),
            is_done: false,
        })
    }

    /// The next lines of the file; none at its end.
    ///
    /// # Errors
    /// [`BrokeOff`].
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, BrokeOff> {
        if let Some(header) = self.header.take() {
            return Ok(Some(line(&header)?));
        }
        if self.is_done {
            return Ok(None);
        }
        let mut text = Vec::new();
        if !self.entries.is_empty() && self.after < self.end {
            let left = u32::try_from(self.end.saturating_sub(self.after)).unwrap_or(u32::MAX);
            let act = Stretch {
                tenant: self.tenant,
                after: self.after,
                limit: left.min(STRETCH),
            };
            let stretch = self.app.store.read(act).await?;
            self.after = stretch.last().map_or(self.end, |(entry, _)| entry.seq);
            for (entry, hash) in stretch {
                let written = if self.entries.contains(&entry.seq) {
                    line(&Line::of_entry(entry, &hash))?
                } else {
                    line(&Line::of_digest(&entry))?
                };
                text.extend(written);
            }
        }
        if self.entries.is_empty() || self.after >= self.end {
            let checkpoint = self.checkpoint.filter(|_| !self.entries.is_empty());
            if let Some(signed) = checkpoint {
                text.extend(line(&Line::Checkpoint(SignedLine::of(&signed)))?);
            }
            let entries = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
            let signed_to = checkpoint.map(|signed| signed.checkpoint.seq);
            text.extend(line(&Line::End { entries, signed_to })?);
            self.is_done = true;
        }
        Ok(Some(text))
    }
}

/// Why an export breaks off.
#[derive(Debug, thiserror::Error)]
pub enum BrokeOff {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A line cannot be written.
    #[error("a line cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

fn line(value: &impl serde::Serialize) -> Result<Vec<u8>, BrokeOff> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    Ok(text)
}
