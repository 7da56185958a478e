//! Cases: how they are shown, listed, opened and changed. Refuses to decide who reaches one: [`reach`] loads what decides, and
//! `core::access` does.

pub(crate) mod reach;

use std::collections::BTreeSet;
use std::str::FromStr;

use casewire_core::access::{Tenant, Visible};
use casewire_core::id::{CaseId, ContactId, Id, TeamId, UserId};
use casewire_core::messaging::claims::UnknownWord;
use casewire_core::messaging::routing::CaseStatus;
use casewire_core::time::Timestamp;
use casewire_core::view::{CaseView, UserRef};
use uuid::Uuid;

pub use reach::{reach, reach_by_id, reaches};

use crate::contacts::{folded, pattern};
use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::{Columns, Row};
use crate::search;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;
use crate::visible::{self, visible_case};

/// The columns of a case and one of its assigned users, after a row of `cases` as `c`.
macro_rules! case_view {
    () => {
        "select c.id, c.mycase_case_id, c.name, c.status, c.client_contact_id, ct.name, t.name, u.id, u.name"
    };
}
pub(crate) use case_view;

/// The joins that [`case_view!`] needs.
macro_rules! case_view_joined {
    () => {
        " left join contacts ct on ct.organization_id = c.organization_id and ct.id = c.client_contact_id \
         left join teams t on t.organization_id = c.organization_id and t.id = c.team_id \
         left join case_users a on a.organization_id = c.organization_id and a.case_id = c.id \
         left join users u on u.organization_id = a.organization_id and u.id = a.user_id "
    };
}
pub(crate) use case_view_joined;

statements! {
    /// One case.
    VIEW = concat!(case_view!(), " from cases c", case_view_joined!(),
        "where c.organization_id = $1 and c.id = $2 order by u.name, u.id");
    /// A page of cases in view, the newest first. Search: part of the caption or of the client's name, or the beginning of the number.
    LIST = concat!(case_view!(), " from (select c.* from cases c where c.organization_id = $1 and c.id < $6 \
        and (cast($7 as text) is null or c.status = $7) and (cast($8 as text) is null or c.search_name like $8 escape '!' \
        or lower(c.mycase_case_id) like $9 escape '!' or exists (select 1 from contacts s where s.organization_id = $1 \
        and s.id = c.client_contact_id and s.search_name like $8 escape '!')) and ", visible_case!("c"),
        " order by c.id desc limit cast($10 as bigint)) c", case_view_joined!(), "order by c.id desc, u.name, u.id");
    /// A new case.
    CREATE = "insert into cases (organization_id, id, mycase_case_id, name, search_name, status, client_contact_id, team_id, \
        is_unattended, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9) on conflict do nothing";
    /// Locks a case that is about to change, and marks it changed.
    TOUCH = "update cases set updated_at = $3 where organization_id = $1 and id = $2 \
        returning name, status, client_contact_id, team_id";
    /// What can change of a case.
    FIELDS = "select name, status, client_contact_id, team_id from cases where organization_id = $1 and id = $2";
    /// Sets what can change of a case.
    UPDATE = "update cases set name = $3, search_name = $4, status = $5, client_contact_id = $6, team_id = $7 \
        where organization_id = $1 and id = $2";
    /// Assigns a user.
    ASSIGN = "insert into case_users (organization_id, case_id, user_id) values ($1, $2, $3) on conflict do nothing";
    /// Takes an assignment away.
    UNASSIGN = "delete from case_users where organization_id = $1 and case_id = $2 and user_id = $3";
    /// The users assigned to a case.
    ASSIGNED = "select user_id from case_users where organization_id = $1 and case_id = $2";
    /// Whether a team is the organization's.
    HAS_TEAM = "select 1 from teams where organization_id = $1 and id = $2";
    /// Whether a user is the organization's and active.
    HAS_USER = "select 1 from users where organization_id = $1 and id = $2 and is_active = 1";
    /// The id and client of the case with that number.
    FIND = "select id, client_contact_id from cases where organization_id = $1 and mycase_case_id = $2";
}

/// A status as the database holds it.
pub(crate) struct StatusWord(pub(crate) CaseStatus);

impl FromStr for StatusWord {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        [CaseStatus::Open, CaseStatus::Closed]
            .into_iter()
            .find(|status| status_word(*status) == word)
            .map(Self)
            .ok_or(UnknownWord)
    }
}

/// The word for a status in the database.
#[must_use]
pub const fn status_word(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Open => "open",
        CaseStatus::Closed => "closed",
    }
}

/// What can change of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFields {
    /// Its caption.
    pub name: String,
    /// Open or closed.
    pub status: CaseStatus,
    /// The client.
    pub client_contact_id: Option<ContactId>,
    /// The team.
    pub team_id: Option<TeamId>,
}

/// Which cases are asked for.
pub struct CasePage<'a> {
    /// With this status; none for all.
    pub status: Option<CaseStatus>,
    /// Part of the caption or of the client's name, or the beginning of the number; empty for all.
    pub search: &'a str,
    /// The last case of the page before.
    pub after: Option<CaseId>,
    /// How many at most.
    pub limit: u32,
}

/// A case as it is shown; who may see it is asked before.
///
/// # Errors
/// [`StoreError`].
pub async fn view(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<Option<CaseView>, StoreError> {
    let rows = tx.rows(VIEW, &params![tenant.organization(), case]).await?;
    Ok(gather(&rows)?.pop())
}

/// A page of the cases in view, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, visible: &Visible, page: &CasePage<'_>) -> Result<Vec<CaseView>, StoreError> {
    let after = page.after.unwrap_or_else(|| CaseId::from_uuid(Uuid::max()));
    let anywhere = pattern(page.search);
    let beginning = anywhere.as_deref().map(|pattern| pattern.trim_start_matches('%').to_owned());
    let own = params![after, page.status.map(status_word), anywhere, beginning, page.limit];
    gather(&tx.rows(LIST, &visible::parameters(visible, own)).await?)
}

/// Opens a case; none where there is one with this number. Client and team are the organization's.
///
/// # Errors
/// [`StoreError`].
pub async fn create(
    tx: &mut Tx,
    tenant: Tenant,
    mycase_case_id: &str,
    fields: &CaseFields,
    now: Timestamp,
) -> Result<Option<CaseId>, StoreError> {
    let id: CaseId = mint();
    let CaseFields {
        name,
        status,
        client_contact_id,
        team_id,
    } = fields;
    let status = status_word(*status);
    let parameters = params![
        tenant.organization(),
        id,
        mycase_case_id,
        name,
        folded(name),
        status,
        *client_contact_id,
        *team_id,
        now
    ];
    if tx.execute(CREATE, &parameters).await? == 0 {
        return Ok(None);
    }
    search::note_case(tx, tenant, id).await?;
    Ok(Some(id))
}

/// Locks a case that is about to change, marks it changed, and gives what it holds; none where there is no such case.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(tx: &mut Tx, tenant: Tenant, case: CaseId, now: Timestamp) -> Result<Option<CaseFields>, StoreError> {
    let row = tx.row(TOUCH, &params![tenant.organization(), case, now]).await?;
    row.as_ref().map(case_fields).transpose()
}

/// What a case holds.
///
/// # Errors
/// [`StoreError`].
pub async fn fields(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<Option<CaseFields>, StoreError> {
    let row = tx.row(FIELDS, &params![tenant.organization(), case]).await?;
    row.as_ref().map(case_fields).transpose()
}

fn case_fields(row: &Row) -> Result<CaseFields, StoreError> {
    let mut columns = row.columns();
    Ok(CaseFields {
        name: columns.text()?,
        status: columns.parsed::<StatusWord>()?.0,
        client_contact_id: columns.opt_id()?,
        team_id: columns.opt_id()?,
    })
}

/// Sets what can change of a case that is locked.
///
/// # Errors
/// [`StoreError`].
pub async fn update(tx: &mut Tx, tenant: Tenant, case: CaseId, fields: &CaseFields) -> Result<(), StoreError> {
    let CaseFields {
        name,
        status,
        client_contact_id,
        team_id,
    } = fields;
    let status = status_word(*status);
    let parameters = params![
        tenant.organization(),
        case,
        name,
        folded(name),
        status,
        *client_contact_id,
        *team_id
    ];
    tx.execute(UPDATE, &parameters).await?;
    search::note_case(tx, tenant, case).await
}

/// Assigns exactly these users to a case; whether that changed anything. They are the organization's.
///
/// # Errors
/// [`StoreError`].
pub async fn assign(tx: &mut Tx, tenant: Tenant, case: CaseId, users: &BTreeSet<UserId>) -> Result<bool, StoreError> {
    let rows = tx.rows(ASSIGNED, &params![tenant.organization(), case]).await?;
    let before: BTreeSet<UserId> = rows.iter().map(|row| row.columns().id()).collect::<Result<_, _>>()?;
    let gone = before.difference(users).map(|user| (UNASSIGN, user));
    let new = users.difference(&before).map(|user| (ASSIGN, user));
    let writes: Vec<(&'static str, Vec<Value>)> = gone
        .chain(new)
        .map(|(sql, user)| (sql, params![tenant.organization(), case, *user].into()))
        .collect();
    let changed = !writes.is_empty();
    if changed {
        tx.pipeline(writes).await?;
    }
    Ok(changed)
}

/// Whether a team is the organization's.
///
/// # Errors
/// [`StoreError`].
pub async fn has_team(tx: &mut Tx, tenant: Tenant, team: TeamId) -> Result<bool, StoreError> {
    Ok(tx.row(HAS_TEAM, &params![tenant.organization(), team]).await?.is_some())
}

/// Whether a user is the organization's and active.
///
/// # Errors
/// [`StoreError`].
pub async fn has_user(tx: &mut Tx, tenant: Tenant, user: UserId) -> Result<bool, StoreError> {
    Ok(tx.row(HAS_USER, &params![tenant.organization(), user]).await?.is_some())
}

/// The case with that number and its client, for the import.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, tenant: Tenant, mycase_case_id: &str) -> Result<Option<(CaseId, Option<ContactId>)>, StoreError> {
    let row = tx.row(FIND, &params![tenant.organization(), mycase_case_id]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((columns.id()?, columns.opt_id()?))
    })
    .transpose()
}

fn read(columns: &mut Columns<'_>) -> Result<(CaseView, Option<UserRef>), StoreError> {
    let case = CaseView {
        id: columns.id()?,
        mycase_case_id: columns.text()?,
        name: columns.text()?,
        status: columns.parsed::<StatusWord>()?.0,
        client_contact_id: columns.opt_id()?,
        client_name: columns.opt_text()?,
        team_name: columns.opt_text()?,
        assigned: Vec::new(),
    };
    let user = columns.opt_id()?.zip(columns.opt_text()?).map(|(id, name)| UserRef { id, name });
    Ok((case, user))
}

/// Puts the rows of one case after the other together, in their order.
pub(crate) fn gather(rows: &[Row]) -> Result<Vec<CaseView>, StoreError> {
    let mut cases: Vec<CaseView> = Vec::new();
    for row in rows {
        let (case, user) = read(&mut row.columns())?;
        if cases.last().is_none_or(|last| last.id != case.id) {
            cases.push(case);
        }
        if let Some(last) = cases.last_mut() {
            last.assigned.extend(user);
        }
    }
    Ok(cases)
}
