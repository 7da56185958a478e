//! The acts on walls. `settings:1` sees them, `settings:3` builds and removes them, knowing nothing of the case but its number.
//! Nobody sees or removes a wall that keeps themselves out: for them the case does not exist.

use casewire_core::access::{Access, CaseReach, Level, OfficePermit, Resource};
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::walls::{self, ReportedWall, Wall};
use casewire_store::{Act, Tx};

use super::people;
use crate::problem::{Problem, ProblemCode};

/// Shows the walls of a case.
pub struct ListWalls {
    /// Who asks.
    pub access: Access,
    /// Around which case.
    pub mycase_case_id: String,
}

impl Act for ListWalls {
    type Out = Vec<Wall>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let case = permitted(tx, &self.access, &self.mycase_case_id, Level::See).await?;
        Ok(walls::list(tx, self.access.tenant(), case.case_id).await?)
    }
}

/// Shows all walls of the organization, but those around cases that the reader is kept from.
pub struct ReportWalls(pub OfficePermit);

impl Act for ReportWalls {
    type Out = Vec<ReportedWall>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        Ok(walls::report(tx, &self.0).await?)
    }
}

/// Keeps a user from a case.
pub struct BuildWall {
    /// Who asks.
    pub access: Access,
    /// Around which case.
    pub mycase_case_id: String,
    /// Against whom.
    pub user: UserId,
    /// The time.
    pub now: Timestamp,
}

impl Act for BuildWall {
    type Out = Wall;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now) = (&self.access, self.now);
        let case = permitted(tx, access, &self.mycase_case_id, Level::Manage).await?;
        let tenant = access.tenant();
        people::known_user(tx, access, "user_id", self.user).await?;
        if !walls::add(tx, tenant, case.case_id, self.user, access.user(), now).await? {
            return Err(Problem::new(
                ProblemCode::AlreadyExists,
                "This user is kept from this case already.",
            ));
        }
        people::tell_access(tx, access, Some(self.user));
        people::look_after(tx, access, case.case_id, now).await?;
        audit::write(
            tx,
            tenant,
            &Entry::by(access.user(), "build_wall", self.user).in_case(case.case_id),
            now,
        )
        .await?;
        let all = walls::list(tx, tenant, case.case_id).await?;
        all.into_iter()
            .find(|wall| wall.user.id == self.user)
            .ok_or_else(Problem::not_found)
    }
}

/// Lets a user near a case again.
pub struct RemoveWall {
    /// Who asks.
    pub access: Access,
    /// Around which case.
    pub mycase_case_id: String,
    /// Against whom.
    pub user: UserId,
    /// The time.
    pub now: Timestamp,
}

impl Act for RemoveWall {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let (access, now) = (&self.access, self.now);
        let case = permitted(tx, access, &self.mycase_case_id, Level::Manage).await?;
        if !walls::remove(tx, access.tenant(), case.case_id, self.user).await? {
            return Err(Problem::not_found());
        }
        people::tell_access(tx, access, Some(self.user));
        people::look_after(tx, access, case.case_id, now).await?;
        audit::write(
            tx,
            access.tenant(),
            &Entry::by(access.user(), "remove_wall", self.user).in_case(case.case_id),
            now,
        )
        .await?;
        Ok(())
    }
}

async fn permitted(tx: &mut Tx, access: &Access, mycase_case_id: &str, level: Level) -> Result<CaseReach, Problem> {
    access.office(Resource::Settings, level)?;
    let case = people::case(tx, access, mycase_case_id).await?;
    if access.relation(&case).walled {
        Err(Problem::not_found())
    } else {
        Ok(case)
    }
}
