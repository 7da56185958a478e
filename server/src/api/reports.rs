//! `/api/reports/{name}/`: figures and a table, as JSON or as a file for a spreadsheet. The acts: `crate::ops::reports`.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use casewire_core::id::{TeamId, UserId};
use casewire_core::reports::{self as days, Day};
use casewire_store::audit::Entry;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::caller::Caller;
use crate::csv;
use crate::ops::reports::{ListReportChoices, MakeReport, Report, ReportName, Unit};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Path, Query};

/// How it is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// JSON.
    Json,
    /// Values with commas between, a row a line.
    Csv,
}

/// Of what, and how it is written.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The first day by the firm's clock, such as 2026-01-27; thirty days before the last unless it is said.
    pub from: Option<String>,
    /// The last day; today unless it is said.
    pub to: Option<String>,
    /// Only cases of this team.
    pub team_id: Option<TeamId>,
    /// Only the case with this number.
    pub case_id: Option<String>,
    /// Only what this agent wrote, claimed or called; of the last contacts, only cases that the agent is assigned to.
    pub agent_id: Option<UserId>,
    /// json unless it is said.
    pub format: Option<ReportFormat>,
}

/// A number with its name.
#[derive(Serialize, ToSchema)]
pub struct FigureView {
    /// A stable word.
    pub name: &'static str,
    /// What the number is.
    pub unit: Unit,
    /// The number; none where there is nothing to count, or the reader may not know it.
    pub value: Option<i64>,
}

/// What the numbers of a column are.
#[derive(Serialize, ToSchema)]
pub struct ColumnView {
    /// A stable word.
    pub name: &'static str,
    /// What the numbers are.
    pub unit: Unit,
}

/// A row.
#[derive(Serialize, ToSchema)]
pub struct ReportRowView {
    /// A day, a month, a role, a state, the number of a case; a stable word where it is one.
    pub label: String,
    /// More of it: the caption of the case and its client.
    pub note: Option<String>,
    /// The number of the case that it is about.
    pub mycase_case_id: Option<String>,
    /// A number for each column.
    pub values: Vec<Option<i64>>,
}

/// A report.
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// Which.
    pub report: ReportName,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The firm's clock, by which days begin.
    pub time_zone: String,
    /// What it comes to.
    pub figures: Vec<FigureView>,
    /// What the numbers of rows are.
    pub columns: Vec<ColumnView>,
    /// The rows.
    pub rows: Vec<ReportRowView>,
}

/// Something that a report can be narrowed to.
#[derive(Serialize, ToSchema)]
pub struct NamedTeam {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: String,
}

/// Somebody whom a report can be narrowed to.
#[derive(Serialize, ToSchema)]
pub struct NamedAgent {
    /// The user.
    pub id: UserId,
    /// Their name.
    pub name: String,
}

/// What a report can be narrowed to.
#[derive(Serialize, ToSchema)]
pub struct ReportChoicesView {
    /// The teams whose cases are in reach.
    pub teams: Vec<NamedTeam>,
    /// Who works for the organization.
    pub agents: Vec<NamedAgent>,
}

/// A report on what belongs to cases in reach of the reader: `sms:1`, that on calls `calls:1`.
#[utoipa::path(get, path = "/api/reports/{name}", tag = "reports", params(("name" = ReportName, Path), ReportQuery),
    responses((status = 200, body = ReportView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn report(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<ReportName>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    let act = MakeReport {
        access: caller.access().clone(),
        name,
        from: day("from", query.from.as_deref())?,
        to: day("to", query.to.as_deref())?,
        team: query.team_id,
        mycase_case_id: query.case_id,
        agent: query.agent_id,
        now: app.clock.now(),
    };
    let report = app.store.read(act).await?;
    app.audit
        .read(caller.tenant(), Entry::read(caller.user(), "read_report", name.as_str()))
        .await?;
    Ok(match query.format.unwrap_or(ReportFormat::Json) {
        ReportFormat::Json => Json(view(name, report)).into_response(),
        ReportFormat::Csv => file(name, &report),
    })
}

/// What reports can be narrowed to: `sms:1`.
#[utoipa::path(get, path = "/api/report-choices", tag = "reports",
    responses((status = 200, body = ReportChoicesView), (status = 403, body = ProblemBody)))]
pub async fn choices(State(app): State<App>, caller: Caller) -> Result<Json<ReportChoicesView>, Problem> {
    let access = caller.access().clone();
    let choices = app.store.read(ListReportChoices { access }).await?;
    Ok(Json(ReportChoicesView {
        teams: choices.teams.into_iter().map(|(id, name)| NamedTeam { id, name }).collect(),
        agents: choices.agents.into_iter().map(|(id, name)| NamedAgent { id, name }).collect(),
    }))
}

fn day(name: &str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    let read = |text: &str| {
        days::read(text).ok_or_else(|| {
            Problem::new(
                ProblemCode::InvalidQuery,
                format!("The query parameter `{name}` is a day such as 2026-01-27."),
            )
        })
    };
    text.map(read).transpose()
}

fn view(name: ReportName, report: Report) -> ReportView {
    let figures = report
        .figures
        .into_iter()
        .map(|(name, unit, value)| FigureView { name, unit, value });
    let rows = report.rows.into_iter().map(|row| ReportRowView {
        label: row.label,
        note: row.note,
        mycase_case_id: row.mycase_case_id,
        values: row.values,
    });
    ReportView {
        report: name,
        from: days::written(report.stretch.first),
        to: days::written(report.stretch.last),
        time_zone: report.time_zone,
        figures: figures.collect(),
        columns: report.columns.into_iter().map(|(name, unit)| ColumnView { name, unit }).collect(),
        rows: rows.collect(),
    }
}

/// The rows as a file: hundredths of per cent as per cent, days as dates.
fn file(name: ReportName, report: &Report) -> Response {
    let mut head = vec!["label".to_owned(), "note".to_owned()];
    head.extend(report.columns.iter().map(|(name, unit)| match unit {
        Unit::Seconds => format!("{name}_seconds"),
        Unit::BasisPoints => format!("{name}_percent"),
        Unit::Count | Unit::Days | Unit::Date => (*name).to_owned(),
    }));
    let mut text = csv::line(&head);
    for row in &report.rows {
        let mut cells = vec![row.label.clone(), row.note.clone().unwrap_or_default()];
        cells.extend(report.columns.iter().zip(&row.values).map(|((_, unit), value)| cell(*unit, *value)));
        text.push_str(&csv::line(&cells));
    }
    let (from, to) = (days::written(report.stretch.first), days::written(report.stretch.last));
    let disposition = format!("attachment; filename=\"{}-{from}-to-{to}.csv\"", name.as_str());
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, text).into_response()
}

fn cell(unit: Unit, value: Option<i64>) -> String {
    let Some(value) = value else { return String::new() };
    match unit {
        Unit::Count | Unit::Seconds | Unit::Days => value.to_string(),
        Unit::BasisPoints => format!("{}.{:02}", value / 100, value % 100),
        Unit::Date => days::written(value),
    }
}
