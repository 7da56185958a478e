//! Teams: created, renamed, given members.

use casewire_core::access::{OfficePermit, Tenant};
use casewire_core::id::{TeamId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::audit;
use casewire_store::teams::{self, Team};
use casewire_store::{Act, StoreError, Tx, mint, users};

use super::accounts::entry;
use crate::problem::{Problem, ProblemCode};

/// Every team of the organization.
pub struct ListTeams(pub OfficePermit);

impl Act for ListTeams {
    type Out = Vec<Team>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        teams::list(tx, self.0.tenant()).await
    }
}

/// Creates a team.
pub struct CreateTeam {
    /// Whose.
    pub tenant: Tenant,
    /// Who creates it; none at the command line.
    pub by: Option<UserId>,
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub members: Vec<UserId>,
    /// When.
    pub now: Timestamp,
}

impl Act for CreateTeam {
    type Out = Team;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Team, Problem> {
        check_members(tx, self.tenant, &self.members).await?;
        let id = mint();
        if !teams::add(tx, self.tenant, id, &self.name, self.now).await? {
            return Err(taken());
        }
        teams::set_members(tx, self.tenant, id, &self.members).await?;
        audit::write(tx, self.tenant, &entry(self.by, "create_team", id), self.now).await?;
        users::rights_changed(tx, self.tenant, None, self.now).await?;
        Ok(Team {
            id,
            name: self.name.clone(),
            members: teams::members(tx, self.tenant, id).await?,
        })
    }
}

/// Changes what is given and leaves the rest.
pub struct ChangeTeam {
    /// `settings:3`.
    pub permit: OfficePermit,
    /// The team.
    pub id: TeamId,
    /// A new name.
    pub name: Option<String>,
    /// These members and no others.
    pub members: Option<Vec<UserId>>,
    /// When.
    pub now: Timestamp,
}

impl Act for ChangeTeam {
    type Out = Team;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Team, Problem> {
        let tenant = self.permit.tenant();
        if !teams::exists(tx, tenant, self.id).await? {
            return Err(Problem::not_found());
        }
        check_members(tx, tenant, self.members.as_deref().unwrap_or_default()).await?;
        if let Some(name) = &self.name {
            if teams::by_name(tx, tenant, name).await?.is_some_and(|other| other != self.id) {
                return Err(taken());
            }
            teams::rename(tx, tenant, self.id, name).await?;
        }
        if let Some(members) = &self.members {
            teams::set_members(tx, tenant, self.id, members).await?;
        }
        audit::write(tx, tenant, &entry(Some(self.permit.user()), "change_team", self.id), self.now).await?;
        users::rights_changed(tx, tenant, None, self.now).await?;
        let all = teams::list(tx, tenant).await?;
        all.into_iter().find(|team| team.id == self.id).ok_or_else(Problem::not_found)
    }
}

fn taken() -> Problem {
    Problem::new(ProblemCode::AlreadyExists, "A team has this name already.").with("field", "name")
}

async fn check_members(tx: &mut Tx, tenant: Tenant, members: &[UserId]) -> Result<(), Problem> {
    for user in members {
        if users::name(tx, tenant, *user).await?.is_none() {
            return Err(Problem::invalid_field("member_ids", "one of these users does not exist"));
        }
    }
    Ok(())
}
