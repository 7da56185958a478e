//! Users: created, changed, deactivated, given roles and teams. Refuses to leave an organization without an active user who
//! manages its settings. Every change of rights is told to everybody, and what nobody can see any more is looked for.

use casewire_core::access::{OfficePermit, Tenant};
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{RoleId, TeamId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use casewire_store::audit::{self, Entry};
use casewire_store::users::{self, NewUser, Standing, User};
use casewire_store::{Act, StoreError, Tx, mint, roles, sign_ins, teams};

use crate::problem::{Problem, ProblemCode};

/// Every user of the organization.
pub struct ListUsers(pub OfficePermit);

impl Act for ListUsers {
    type Out = Vec<User>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        users::list(tx, self.0.tenant()).await
    }
}

/// Creates an account.
pub struct CreateUser {
    /// Whose.
    pub tenant: Tenant,
    /// Who creates it; none at the command line.
    pub by: Option<UserId>,
    /// In lower case.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The hash of their password.
    pub password_hash: String,
    /// Their roles.
    pub roles: Vec<RoleId>,
    /// Their teams.
    pub teams: Vec<TeamId>,
    /// When.
    pub now: Timestamp,
}

impl Act for CreateUser {
    type Out = User;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<User, Problem> {
        check_roles(tx, self.tenant, &self.roles).await?;
        check_teams(tx, self.tenant, &self.teams).await?;
        let id = mint();
        let new = NewUser {
            id,
            email: self.email.clone(),
            name: self.name.clone(),
            password_hash: self.password_hash.clone(),
        };
        if !users::add(tx, self.tenant, &new, self.now).await? {
            return Err(Problem::new(ProblemCode::AlreadyExists, "This e-mail address belongs to a user already.").with("field", "email"));
        }
        roles::assign(tx, self.tenant, id, &self.roles).await?;
        teams::put_into(tx, self.tenant, id, &self.teams).await?;
        audit::write(tx, self.tenant, &entry(self.by, "create_user", id), self.now).await?;
        users::rights_changed(tx, self.tenant, Some(id), self.now).await?;
        users::read(tx, self.tenant, id).await?.ok_or_else(Problem::not_found)
    }
}

/// Changes what is given and leaves the rest.
pub struct ChangeUser {
    /// Whose.
    pub tenant: Tenant,
    /// Who changes it; none at the command line.
    pub by: Option<UserId>,
    /// The user.
    pub id: UserId,
    /// A new name.
    pub name: Option<String>,
    /// Activates or deactivates.
    pub standing: Option<Standing>,
    /// The hash of a new password; ends all sign-ins and tokens.
    pub password_hash: Option<String>,
    /// These roles and no others.
    pub roles: Option<Vec<RoleId>>,
    /// These teams and no others.
    pub teams: Option<Vec<TeamId>>,
    /// When.
    pub now: Timestamp,
}

impl Act for ChangeUser {
    type Out = User;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<User, Problem> {
        let user = users::read(tx, self.tenant, self.id).await?.ok_or_else(Problem::not_found)?;
        check_roles(tx, self.tenant, self.roles.as_deref().unwrap_or_default()).await?;
        check_teams(tx, self.tenant, self.teams.as_deref().unwrap_or_default()).await?;
        self.keep_an_admin(tx, &user).await?;
        users::lock(tx, self.tenant, self.id, self.now).await?;
        let (name, standing) = (self.name.as_deref().unwrap_or(&user.name), self.standing.unwrap_or(user.standing));
        users::change(tx, self.tenant, self.id, name, standing, self.now).await?;
        if let Some(roles) = &self.roles {
            roles::assign(tx, self.tenant, self.id, roles).await?;
        }
        if let Some(teams) = &self.teams {
            teams::put_into(tx, self.tenant, self.id, teams).await?;
        }
        self.credentials(tx, standing).await?;
        audit::write(
            tx,
            self.tenant,
            &entry(self.by, "change_user", self.id).with_detail(self.in_words()),
            self.now,
        )
        .await?;
        if self.standing.is_some() || self.roles.is_some() || self.teams.is_some() || self.password_hash.is_some() {
            users::rights_changed(tx, self.tenant, Some(self.id), self.now).await?;
        }
        if name != user.name {
            self.tell_the_name(tx, name);
        }
        users::read(tx, self.tenant, self.id).await?.ok_or_else(Problem::not_found)
    }
}

impl ChangeUser {
    /// A change that changes nothing yet.
    #[must_use]
    pub const fn nothing(tenant: Tenant, by: Option<UserId>, id: UserId, now: Timestamp) -> Self {
        Self {
            tenant,
            by,
            id,
            name: None,
            standing: None,
            password_hash: None,
            roles: None,
            teams: None,
            now,
        }
    }

    async fn keep_an_admin(&self, tx: &mut Tx, user: &User) -> Result<(), Problem> {
        let stays_active = self.standing.unwrap_or(user.standing) == Standing::Active;
        let chosen = self.roles.as_ref().unwrap_or(&user.roles);
        let stays_admin = stays_active && manages_settings(tx, self.tenant, chosen).await?;
        let is_admin = user.standing == Standing::Active && manages_settings(tx, self.tenant, &user.roles).await?;
        if is_admin && !stays_admin && users::other_admins(tx, self.tenant, self.id).await? == 0 {
            let detail = "Nobody else who is active could manage users and settings: give somebody settings:3 first.";
            return Err(Problem::new(ProblemCode::InUse, detail));
        }
        Ok(())
    }

    /// Whoever sees a text that they wrote or claimed, a case or a lead of theirs, sees their name.
    fn tell_the_name(&self, tx: &mut Tx, name: &str) {
        let user = UserRef {
            id: self.id,
            name: name.to_owned(),
        };
        let audience = Audience::Everyone;
        let event = Event::UserChanged { user };
        tx.emit(self.tenant.organization(), NewEvent { audience, event });
    }

    /// A new password or a deactivation ends every sign-in and token at once.
    async fn credentials(&self, tx: &mut Tx, standing: Standing) -> Result<(), StoreError> {
        if let Some(hash) = &self.password_hash {
            users::set_password(tx, self.tenant, self.id, hash, self.now).await?;
        }
        if self.password_hash.is_some() || standing == Standing::Inactive {
            sign_ins::end_all(tx, self.tenant, self.id, None).await?;
        }
        Ok(())
    }

    /// What was changed, without its values but for ids.
    fn in_words(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.name.as_ref().map(|_| "name".to_owned()));
        words.extend(self.password_hash.as_ref().map(|_| "password".to_owned()));
        words.extend(self.standing.map(|standing| match standing {
            Standing::Active => "activated".to_owned(),
            Standing::Inactive => "deactivated".to_owned(),
        }));
        words.extend(self.roles.as_ref().map(|roles| format!("roles={}", ids(roles))));
        words.extend(self.teams.as_ref().map(|teams| format!("teams={}", ids(teams))));
        words.join(" ")
    }
}

/// An entry of a user, or of an operator at the command line.
pub(super) fn entry(by: Option<UserId>, act: &'static str, subject: impl std::fmt::Display) -> Entry {
    match by {
        Some(user) => Entry::by(user, act, subject),
        None => Entry::of_system(act, subject),
    }
}

fn ids<I: ToString>(ids: &[I]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

async fn manages_settings(tx: &mut Tx, tenant: Tenant, chosen: &[RoleId]) -> Result<bool, StoreError> {
    use casewire_core::access::Level;
    let all = roles::list(tx, tenant).await?;
    Ok(all
        .iter()
        .any(|role| chosen.contains(&role.id) && role.grant.settings == Level::Manage))
}

async fn check_roles(tx: &mut Tx, tenant: Tenant, chosen: &[RoleId]) -> Result<(), Problem> {
    for role in chosen {
        if roles::read(tx, tenant, *role).await?.is_none() {
            return Err(Problem::invalid_field("role_ids", "one of these roles does not exist"));
        }
    }
    Ok(())
}

async fn check_teams(tx: &mut Tx, tenant: Tenant, chosen: &[TeamId]) -> Result<(), Problem> {
    for team in chosen {
        if !teams::exists(tx, tenant, *team).await? {
            return Err(Problem::invalid_field("team_ids", "one of these teams does not exist"));
        }
    }
    Ok(())
}
