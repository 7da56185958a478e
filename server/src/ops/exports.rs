//! The acts on exports of a case: ask for one, look at them. Whoever may read what was said may take it along; that they did is in the
//! audit. The making: `crate::jobs::export_case`.

use casewire_core::access::Access;
use casewire_core::id::{CaseId, ExportId};
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::exports::{self, Export, NewExport};
use casewire_store::jobs::{self, NewJob};
use casewire_store::{Act, Tx, communications, organizations};

use super::communications::permitted;
use crate::export::entry::Setting;
use crate::export::manifest::ExportFilter;
use crate::problem::{Problem, ProblemCode};

/// How many exports of a case may wait to be made.
const AT_ONCE: usize = 50;

/// Asks for an export.
pub struct CreateExport {
    /// Who asks.
    pub access: Access,
    /// Of which case.
    pub mycase_case_id: String,
    /// What narrows it.
    pub filter: ExportFilter,
    /// In which zone its times are; the firm's if none.
    pub time_zone: Option<String>,
    /// Now: what comes later is not in it.
    pub now: Timestamp,
}

impl Act for CreateExport {
    type Out = Export;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Export, Problem> {
        let (permit, calls) = permitted(tx, &self.access, &self.mycase_case_id).await?;
        let tenant = permit.tenant();
        let time_zone = match &self.time_zone {
            Some(zone) => zone.clone(),
            None => organizations::read(tx, tenant)
                .await?
                .map_or_else(|| "UTC".to_owned(), |found| found.settings.time_zone),
        };
        if Setting::new(&time_zone, [].into()).is_none() {
            return Err(Problem::invalid_field(
                "time_zone",
                "it is the name of a time zone, such as America/New_York",
            ));
        }
        let under_way = exports::list(tx, &permit).await?.into_iter().filter(is_under_way).count();
        if under_way >= AT_ONCE {
            return Err(Problem::new(
                ProblemCode::LimitReached,
                "Fifty exports of this case wait to be made: wait for one of them.",
            ));
        }
        let filter = self.filter.of_store();
        let new = NewExport {
            filter: serde_json::to_string(&self.filter).map_err(|_| Problem::of(ProblemCode::Internal))?,
            time_zone,
            items_total: communications::count(tx, &permit, &filter, calls).await?,
        };
        let id = exports::add(tx, &permit, &new, self.now).await?;
        let job = NewJob {
            job: Job::ExportCase { export_id: id },
            run_at: self.now,
            unique_key: None,
        };
        jobs::enqueue(tx, tenant, job).await?;
        let entry = Entry::by(permit.user(), "export_case", id)
            .in_case(permit.case())
            .with_detail(new.filter.clone());
        audit::write(tx, tenant, &entry, self.now).await?;
        exports::show(tx, &permit, id).await?.ok_or_else(Problem::not_found)
    }
}

fn is_under_way(export: &Export) -> bool {
    matches!(export.state, exports::ExportState::Queued | exports::ExportState::Running)
}

/// Shows the exports of a case.
pub struct ListExports {
    /// Who asks.
    pub access: Access,
    /// Of which case.
    pub mycase_case_id: String,
}

impl Act for ListExports {
    type Out = Vec<Export>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Export>, Problem> {
        let (permit, _) = permitted(tx, &self.access, &self.mycase_case_id).await?;
        Ok(exports::list(tx, &permit).await?)
    }
}

/// Shows one export of a case.
pub struct ShowExport {
    /// Who asks.
    pub access: Access,
    /// Of which case.
    pub mycase_case_id: String,
    /// Which.
    pub id: ExportId,
}

impl Act for ShowExport {
    type Out = (Export, CaseId);
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (permit, _) = permitted(tx, &self.access, &self.mycase_case_id).await?;
        let export = exports::show(tx, &permit, self.id).await?.ok_or_else(Problem::not_found)?;
        Ok((export, permit.case()))
    }
}
