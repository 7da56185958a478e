//! The acts that read the audit, which write nothing: that they were run is noted beside them, as every read is
//! (`app.audit.read(…)`, see [`crate::audit::notes`]).

use casewire_core::access::{Access, Level, OfficePermit, Resource, Tenant};
use casewire_core::id::CaseId;
use casewire_store::audit::Head;
use casewire_store::audit::checkpoints::{self, SignedCheckpoint};
use casewire_store::audit::list::{self, Filter, Line, Page, Reader};
use casewire_store::{Act, StoreError, Tx};

use crate::ops::texts::case_in_view;
use crate::problem::Problem;

/// Lists entries, the newest first.
pub struct ReadAudit {
    /// The rights of the reader.
    pub access: Access,
    /// The permit, on the audit.
    pub permit: OfficePermit,
    /// What narrows the list.
    pub filter: Filter,
    /// The number of the case, where it is narrowed to one.
    pub mycase_case_id: Option<String>,
    /// The stretch.
    pub page: Page,
}

/// A page of the audit.
pub struct AuditPage {
    /// The entries.
    pub lines: Vec<Line>,
    /// The case that the list is narrowed to.
    pub case: Option<CaseId>,
}

impl Act for ReadAudit {
    type Out = AuditPage;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<AuditPage, Problem> {
        let reader = reader(&self.access, &self.permit)?;
        let mut filter = self.filter.clone();
        if let Some(number) = &self.mycase_case_id {
            filter.case = Some(case_in_view(tx, &self.access, number).await?.case_id);
        }
        let lines = list::page(tx, &reader, &filter, self.page).await?;
        Ok(AuditPage { lines, case: filter.case })
    }
}

/// Who reads, by their permit.
///
/// # Errors
/// `forbidden` for a permit on something else.
pub(super) fn reader(access: &Access, permit: &OfficePermit) -> Result<Reader, Problem> {
    let needed = (Resource::Audit, Level::See);
    Reader::new(access, permit).ok_or_else(|| casewire_core::access::Denied::Forbidden { needed }.into())
}

/// Where the chain ends, and its last checkpoint.
pub struct ReadChain {
    /// The permit, on the audit.
    pub permit: OfficePermit,
}

impl Act for ReadChain {
    type Out = (Head, Option<SignedCheckpoint>);
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let tenant: Tenant = self.permit.tenant();
        Ok((list::head(tx, tenant).await?, checkpoints::last(tx, tenant).await?))
    }
}
