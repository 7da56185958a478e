//! The acts on cases: list those in view, look at one, open one, change one. Opening and changing takes `case_contacts:3` with
//! the case in scope, or `settings:3`, which needs no scope and shows nothing of the case. A wall beats both.

use std::collections::BTreeSet;

use casewire_core::access::{Access, CaseReach, Denied, Level, Resource};
use casewire_core::event::Event;
use casewire_core::id::{CaseId, ContactId, Id, TeamId, UserId};
use casewire_core::messaging::routing::CaseStatus;
use casewire_core::time::Timestamp;
use casewire_core::view::CaseView;
use casewire_store::audit::{self, Entry};
use casewire_store::cases::{self, CaseFields, CasePage};
use casewire_store::reports::cells;
use casewire_store::{Act, Tx, case_contacts};

use super::people::{self, LONGEST_NAME};
use crate::problem::{Problem, ProblemCode};

/// The longest number of a case, in characters.
pub const LONGEST_NUMBER: usize = 64;
/// How many users can be assigned to a case.
const MOST_ASSIGNED: usize = 200;

/// Shows a page of cases.
pub struct ListCases {
    /// Who asks.
    pub access: Access,
    /// With this status.
    pub status: Option<CaseStatus>,
    /// Part of the caption or of the client's name, or the beginning of the number.
    pub search: String,
    /// The last case of the page before.
    pub after: Option<CaseId>,
    /// How many at most.
    pub limit: u32,
}

impl Act for ListCases {
    type Out = Vec<CaseView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let page = CasePage {
            status: self.status,
            search: &self.search,
            after: self.after,
            limit: self.limit,
        };
        Ok(cases::list(tx, &self.access.known_cases(), &page).await?)
    }
}

/// Shows a case.
pub struct ShowCase {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub mycase_case_id: String,
}

impl Act for ShowCase {
    type Out = CaseView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let case = people::case(tx, &self.access, &self.mycase_case_id).await?;
        shown(tx, &self.access, &case).await?.ok_or_else(Problem::not_found)
    }
}

/// Opens a case.
pub struct OpenCase {
    /// Who asks.
    pub access: Access,
    /// Its number outside.
    pub mycase_case_id: String,
    /// What it holds.
    pub fields: CaseFields,
    /// Who is assigned.
    pub assigned: BTreeSet<UserId>,
    /// The time.
    pub now: Timestamp,
}

impl Act for OpenCase {
    /// The case, where who opened it may know of it.
    type Out = Option<CaseView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now) = (&self.access, self.now);
        self.permitted()?;
        let number = number_of_case(&self.mycase_case_id)?;
        let mut fields = self.fields.clone();
        fields.name = people::line("name", &fields.name, LONGEST_NAME)?;
        known(tx, access, fields.client_contact_id, fields.team_id, &self.assigned).await?;
        let created = cases::create(tx, access.tenant(), &number, &fields, now).await?;
        let case = created.ok_or_else(|| Problem::new(ProblemCode::AlreadyExists, "There is a case of this number already."))?;
        cases::assign(tx, access.tenant(), case, &self.assigned).await?;
        people::tell_access(tx, access, None);
        told(tx, access, case, "open_case", now).await
    }
}

impl OpenCase {
    /// A case that is opened by somebody without `settings:3` has to be one of theirs.
    fn permitted(&self) -> Result<(), Problem> {
        let access = &self.access;
        if access.level(Resource::Settings) >= Level::Manage {
            return Ok(());
        }
        access.office(Resource::CaseContacts, Level::Manage)?;
        let imagined = CaseReach {
            organization_id: access.organization(),
            case_id: CaseId::from_uuid(uuid::Uuid::nil()),
            team_id: self.fields.team_id,
            assigned: self.assigned.clone(),
            walled: BTreeSet::new(),
        };
        access.manage(&imagined, Resource::CaseContacts).map(drop).map_err(|_| {
            Problem::new(
                ProblemCode::Forbidden,
                "This case would not be one of yours: name one of your teams.",
            )
            .with("field", "team_id")
        })
    }
}

/// Changes a case, leaving what is none.
pub struct ChangeCase {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub mycase_case_id: String,
    /// Another caption.
    pub name: Option<String>,
    /// Another status.
    pub status: Option<CaseStatus>,
    /// Another client, or none.
    pub client_contact_id: Option<Option<ContactId>>,
    /// Another team, or none.
    pub team_id: Option<Option<TeamId>>,
    /// Exactly these are assigned.
    pub assigned: Option<BTreeSet<UserId>>,
    /// The time.
    pub now: Timestamp,
}

impl Act for ChangeCase {
    /// The case, where who changed it may still know of it.
    type Out = Option<CaseView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now, tenant) = (&self.access, self.now, self.access.tenant());
        let case = people::case(tx, access, &self.mycase_case_id).await?;
        may_change(access, &case)?;
        let name = self
            .name
            .as_deref()
            .map(|name| people::line("name", name, LONGEST_NAME))
            .transpose()?;
        let none = BTreeSet::new();
        let assigned = self.assigned.as_ref().unwrap_or(&none);
        known(tx, access, self.client_contact_id.flatten(), self.team_id.flatten(), assigned).await?;
        if let Some(Some(client)) = self.client_contact_id
            && case_contacts::find(tx, tenant, case.case_id, client).await?.is_some()
        {
            let detail = "This contact is associated with this case in another role: remove it from there first.";
            return Err(Problem::new(ProblemCode::ContactAlreadyAssociated, detail).with("field", "client_contact_id"));
        }
        let before = cases::touch(tx, tenant, case.case_id, now).await?.ok_or_else(Problem::not_found)?;
        let after = CaseFields {
            name: name.unwrap_or_else(|| before.name.clone()),
            status: self.status.unwrap_or(before.status),
            client_contact_id: self.client_contact_id.unwrap_or(before.client_contact_id),
            team_id: self.team_id.unwrap_or(before.team_id),
        };
        cases::update(tx, tenant, case.case_id, &after).await?;
        let assigned_anew = match &self.assigned {
            Some(users) => cases::assign(tx, tenant, case.case_id, users).await?,
            None => false,
        };
        if after.team_id != before.team_id {
            cells::touch_case(tx, access.tenant(), case.case_id).await?;
        }
        if assigned_anew || after.team_id != before.team_id {
            people::tell_access(tx, access, None);
        }
        told(tx, access, case.case_id, "change_case", now).await
    }
}

/// `case_contacts:3` in the case, or `settings:3`, and no wall.
fn may_change(access: &Access, case: &CaseReach) -> Result<(), Denied> {
    match access.manage(case, Resource::CaseContacts) {
        Ok(_) => Ok(()),
        Err(_) if access.level(Resource::Settings) >= Level::Manage && !access.relation(case).walled => Ok(()),
        Err(denied) => Err(denied),
    }
}

/// A number as other systems name a case: no white space, nothing that would need care in an address.
///
/// # Errors
/// `invalid_field`.
pub fn number_of_case(text: &str) -> Result<String, Problem> {
    let number = people::line("mycase_case_id", text, LONGEST_NUMBER)?;
    if number.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) && !number.starts_with('.') {
        return Ok(number);
    }
    Err(Problem::invalid_field(
        "mycase_case_id",
        "it has other characters than letters, digits, -, _ and .",
    ))
}

/// Makes sure that the client, the team and the assigned users are the organization's.
async fn known(
    tx: &mut Tx,
    access: &Access,
    client: Option<ContactId>,
    team: Option<TeamId>,
    assigned: &BTreeSet<UserId>,
) -> Result<(), Problem> {
    if let Some(client) = client {
        people::known_contact(tx, access, "client_contact_id", client).await?;
    }
    if let Some(team) = team
        && !cases::has_team(tx, access.tenant(), team).await?
    {
        return Err(people::missing("team_id"));
    }
    if assigned.len() > MOST_ASSIGNED {
        return Err(Problem::invalid_field(
            "assigned_user_ids",
            &format!("there are more than {MOST_ASSIGNED}"),
        ));
    }
    for user in assigned {
        people::known_user(tx, access, "assigned_user_ids", *user).await?;
    }
    Ok(())
}

/// The case, if the user may know of it.
async fn shown(tx: &mut Tx, access: &Access, case: &CaseReach) -> Result<Option<CaseView>, Problem> {
    if !access.knows(&access.relation(case)) {
        return Ok(None);
    }
    Ok(cases::view(tx, access.tenant(), case.case_id).await?)
}

/// Tells of a case as it is now, looks after its texts, and gives it to who changed it, as far as they may know of it.
async fn told(tx: &mut Tx, access: &Access, case: CaseId, act: &'static str, now: Timestamp) -> Result<Option<CaseView>, Problem> {
    let view = cases::view(tx, access.tenant(), case).await?.ok_or_else(Problem::not_found)?;
    people::tell_case(tx, access, case, Event::CaseChanged { case: Box::new(view) });
    people::look_after(tx, access, case, now).await?;
    audit::write(tx, access.tenant(), &Entry::by(access.user(), act, case).in_case(case), now).await?;
    let reach = cases::reach_by_id(tx, access.tenant(), case)
        .await?
        .ok_or_else(Problem::not_found)?;
    shown(tx, access, &reach).await
}
