//! The acts that report: figures and a table of one kind, of what belongs to cases in reach of the asker. Walls and scopes are in
//! each number. What is counted: `casewire_store::reports`. Write nothing.

mod tables;

use casewire_core::access::{Access, CaseReach, Denied, Level, Resource, Visible};
use casewire_core::id::{TeamId, UserId};
use casewire_core::reports::{Day, Stretch, Zone};
use casewire_core::time::Timestamp;
use casewire_store::reports::{self, Scope};
use casewire_store::{Act, Tx, organizations};

use super::texts::case_in_view;
use crate::problem::{Problem, ProblemCode};

/// How many days a report has unless it is said.
const USUAL: Day = 30;

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportName {
    /// The share of communications that are logged with their case contact, beside what carriers listed.
    Logged,
    /// Texts and calls, in and out.
    Volumes,
    /// The same by the role of the other side.
    Roles,
    /// How long the other side waited for an answer.
    Responses,
    /// How long texts waited to be claimed.
    Claims,
    /// How long the texts have waited that nobody has claimed.
    Unclaimed,
    /// Calls by how they ended.
    Calls,
    /// When firm and client last had to do with each other, by case.
    LastContact,
    /// Texts that did not go through, by reason.
    Failures,
}

impl ReportName {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logged => "logged",
            Self::Volumes => "volumes",
            Self::Roles => "roles",
            Self::Responses => "responses",
            Self::Claims => "claims",
            Self::Unclaimed => "unclaimed",
            Self::Calls => "calls",
            Self::LastContact => "last_contact",
            Self::Failures => "failures",
        }
    }

    /// What it counts.
    const fn resource(self) -> Resource {
        match self {
            Self::Calls => Resource::Calls,
            Self::Logged
            | Self::Volumes
            | Self::Roles
            | Self::Responses
            | Self::Claims
            | Self::Unclaimed
            | Self::LastContact
            | Self::Failures => Resource::Sms,
        }
    }
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// How many.
    Count,
    /// Hundredths of a hundredth: 9500 is 95 %.
    BasisPoints,
    /// Seconds.
    Seconds,
    /// Days.
    Days,
    /// A day, by its number since 1970-01-01.
    Date,
}

/// A number with its name, a stable word.
pub type Figure = (&'static str, Unit, Option<i64>);

/// A row.
#[derive(Clone, Default)]
pub struct Row {
    /// A day, a month, a role, a state, the number of a case; a stable word where it is one.
    pub label: String,
    /// What else there is to say of it: the caption of the case and its client.
    pub note: Option<String>,
    /// The number of the case that it is about.
    pub mycase_case_id: Option<String>,
    /// A number for each column.
    pub values: Vec<Option<i64>>,
}

/// A report.
pub struct Report {
    /// Its days.
    pub stretch: Stretch,
    /// The firm's clock, by which days begin.
    pub time_zone: String,
    /// What it comes to.
    pub figures: Vec<Figure>,
    /// What the numbers of rows are.
    pub columns: Vec<(&'static str, Unit)>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Reports.
pub struct MakeReport {
    /// The rights of the asker.
    pub access: Access,
    /// Which.
    pub name: ReportName,
    /// From which day; thirty days unless it is said.
    pub from: Option<Day>,
    /// To which day; today unless it is said.
    pub to: Option<Day>,
    /// Of this team's cases alone.
    pub team: Option<TeamId>,
    /// Of this case alone, by its number.
    pub mycase_case_id: Option<String>,
    /// Of this agent alone.
    pub agent: Option<UserId>,
    /// The time.
    pub now: Timestamp,
}

impl Act for MakeReport {
    type Out = Report;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Report, Problem> {
        let access = &self.access;
        access.office(self.name.resource(), Level::See)?;
        let case = match &self.mycase_case_id {
            None => None,
            Some(number) => {
                let case = case_in_view(tx, access, number).await?;
                self.may_read(&case)?;
                Some(case.case_id)
            }
        };
        let organization = organizations::read(tx, access.tenant()).await?.ok_or_else(Problem::not_found)?;
        let time_zone = organization.settings.time_zone;
        let zone = Zone::named(&time_zone);
        let stretch = self.stretch(&zone)?;
        let texts = access.visible(Resource::Sms, Level::See);
        let calls = access.visible(Resource::Calls, Level::See);
        let scope = |visible| Scope {
            visible,
            team: self.team,
            case,
            agent: self.agent,
        };
        let asked = tables::Asked {
            texts: scope(&texts),
            calls: scope(&calls),
            zone: &zone,
            stretch,
            now: self.now,
        };
        let table = asked.table(tx, self.name).await?;
        Ok(Report {
            stretch,
            time_zone,
            figures: table.figures,
            columns: table.columns,
            rows: table.rows,
        })
    }
}

impl MakeReport {
    fn may_read(&self, case: &CaseReach) -> Result<(), Denied> {
        self.access.read(case, self.name.resource()).map(drop)
    }

    fn stretch(&self, zone: &Zone) -> Result<Stretch, Problem> {
        let last = self.to.unwrap_or_else(|| zone.day_of(self.now));
        let first = self.from.unwrap_or(last - (USUAL - 1));
        Stretch::of(first, last).ok_or_else(|| {
            Problem::new(
                ProblemCode::InvalidQuery,
                "The days are from `from` to `to`, in that order, and at most 1100.",
            )
        })
    }
}

/// What a report can be narrowed to: teams and agents.
pub struct ListReportChoices {
    /// The rights of the asker.
    pub access: Access,
}

/// Teams and agents, by name.
pub struct ReportChoices {
    /// The teams whose cases are in reach.
    pub teams: Vec<(TeamId, String)>,
    /// Who works for the organization.
    pub agents: Vec<(UserId, String)>,
}

impl Act for ListReportChoices {
    type Out = ReportChoices;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<ReportChoices, Problem> {
        self.access.office(Resource::Sms, Level::See)?;
        let visible: Visible = self.access.visible(Resource::Sms, Level::See);
        Ok(ReportChoices {
            teams: reports::teams(tx, &visible).await?,
            agents: reports::agents(tx, &visible).await?,
        })
    }
}
