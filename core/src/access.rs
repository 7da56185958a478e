//! Who may do what, decided once: roles grant levels within a case scope, walls beat every role, and the only way to a permit
//! leads through here. Refuses to be asked by name: there are no string permissions. The default roles: [`policy`].

mod permit;
pub mod policy;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use permit::{Contact, Manage, OfficePermit, Permit, Read, Supervise, Tenant, Visible};

use crate::id::{CaseId, OrganizationId, TeamId, UserId};

/// How much somebody may do with a kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing.
    None = 0,
    /// Look at it.
    See = 1,
    /// Act on it: text, call, claim, add.
    Act = 2,
    /// Manage it: remove, supervise, change settings.
    Manage = 3,
}

impl Level {
    /// The level as a number, as it is written in `calls:3`.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::None => 0,
            Self::See => 1,
            Self::Act => 2,
            Self::Manage => 3,
        }
    }

    /// The level with that number, if there is one.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::None),
            1 => Some(Self::See),
            2 => Some(Self::Act),
            3 => Some(Self::Manage),
            _ => None,
        }
    }
}

/// A kind of thing that levels are granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Contacts, and their links to cases.
    CaseContacts,
    /// Text messages.
    Sms,
    /// Calls and their supervision.
    Calls,
    /// The audit.
    Audit,
    /// Users, teams, roles, numbers, settings.
    Settings,
}

impl Resource {
    /// Every resource, in the order of the policy table.
    pub const ALL: [Self; 5] = [Self::CaseContacts, Self::Sms, Self::Calls, Self::Audit, Self::Settings];

    /// Its name, as in `calls:3`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CaseContacts => "case_contacts",
            Self::Sms => "sms",
            Self::Calls => "calls",
            Self::Audit => "audit",
            Self::Settings => "settings",
        }
    }
}

/// Which cases a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CaseScope {
    /// None by itself.
    None,
    /// Those that the user is assigned to.
    Assigned,
    /// Those of the user's teams.
    Team,
    /// All of the organization.
    All,
}

impl CaseScope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::None, Self::Assigned, Self::Team, Self::All];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Assigned => "assigned",
            Self::Team => "team",
            Self::All => "all",
        }
    }

    /// The scope of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    const fn reaches(self, relation: &Relation) -> bool {
        match self {
            Self::None => false,
            Self::Assigned => relation.assigned,
            Self::Team => relation.in_team,
            Self::All => true,
        }
    }
}

/// What one role grants: a level on each resource, for the cases in its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The cases it reaches.
    pub scope: CaseScope,
    /// Level on contacts and case contacts.
    pub case_contacts: Level,
    /// Level on texts.
    pub sms: Level,
    /// Level on calls.
    pub calls: Level,
    /// Level on the audit.
    pub audit: Level,
    /// Level on settings.
    pub settings: Level,
}

impl Grant {
    /// The level on a resource.
    #[must_use]
    pub const fn on(&self, resource: Resource) -> Level {
        match resource {
            Resource::CaseContacts => self.case_contacts,
            Resource::Sms => self.sms,
            Resource::Calls => self.calls,
            Resource::Audit => self.audit,
            Resource::Settings => self.settings,
        }
    }
}

/// How a case stands to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relation {
    /// The case belongs to one of the user's teams.
    pub in_team: bool,
    /// The user is assigned to the case.
    pub assigned: bool,
    /// A wall keeps the user from the case, or it belongs to another organization.
    pub walled: bool,
}

/// A case and what decides who reaches it, as the store loads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseReach {
    /// The organization that the case belongs to.
    pub organization_id: OrganizationId,
    /// The case.
    pub case_id: CaseId,
    /// Its team.
    pub team_id: Option<TeamId>,
    /// The users assigned to it.
    pub assigned: BTreeSet<UserId>,
    /// The users walled from it.
    pub walled: BTreeSet<UserId>,
}

/// Why something is not allowed. `NotFound` where the user may not even know that it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The user may not know of it.
    #[error("not found")]
    NotFound,
    /// The user knows of it and lacks the level.
    #[error("{}:{} is needed", needed.0.as_str(), needed.1.number())]
    Forbidden {
        /// What would be needed.
        needed: (Resource, Level),
    },
}

/// The rights of one signed-in, active user of one organization: the union of their roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    organization: OrganizationId,
    user: UserId,
    teams: BTreeSet<TeamId>,
    grants: Vec<Grant>,
}

impl Access {
    /// The rights that the store found for a user who is signed in and active.
    #[must_use]
    pub const fn new(organization: OrganizationId, user: UserId, teams: BTreeSet<TeamId>, grants: Vec<Grant>) -> Self {
        Self {
            organization,
            user,
            teams,
            grants,
        }
    }

    /// The organization.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The proof that an act works within this user's organization.
    #[must_use]
    pub const fn tenant(&self) -> Tenant {
        Tenant::of_access(self.organization)
    }

    /// How a case stands to this user. Another organization's case is behind a wall, whoever asks.
    #[must_use]
    pub fn relation(&self, case: &CaseReach) -> Relation {
        let foreign = case.organization_id != self.organization;
        Relation {
            in_team: case.team_id.is_some_and(|team| self.teams.contains(&team)),
            assigned: case.assigned.contains(&self.user),
            walled: foreign || case.walled.contains(&self.user),
        }
    }

    /// The level on a resource of a case: the highest among the roles that reach it; none behind a wall.
    #[must_use]
    pub fn level_in(&self, relation: &Relation, resource: Resource) -> Level {
        if relation.walled {
            return Level::None;
        }
        self.grants
            .iter()
            .filter(|grant| grant.scope.reaches(relation))
            .map(|grant| grant.on(resource))
            .max()
            .unwrap_or(Level::None)
    }

    /// Whether the user may know of a case at all: some role reaches it and grants something there.
    #[must_use]
    pub fn knows(&self, relation: &Relation) -> bool {
        Resource::ALL
            .into_iter()
            .any(|resource| resource_of_cases(resource) && self.level_in(relation, resource) >= Level::See)
    }

    /// The level on a resource outside of any case: the highest among all roles.
    #[must_use]
    pub fn level(&self, resource: Resource) -> Level {
        self.grants.iter().map(|grant| grant.on(resource)).max().unwrap_or(Level::None)
    }

    /// The permit to look at a resource of a case.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn read(&self, case: &CaseReach, resource: Resource) -> Result<Permit<Read>, Denied> {
        self.permit(case, resource, Level::See)
    }

    /// The permit to reach people in a case: text, call, claim, add contacts.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn contact(&self, case: &CaseReach, resource: Resource) -> Result<Permit<Contact>, Denied> {
        self.permit(case, resource, Level::Act)
    }

    /// The permit to manage a resource of a case: remove contacts, see to what nobody takes.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn manage(&self, case: &CaseReach, resource: Resource) -> Result<Permit<Manage>, Denied> {
        self.permit(case, resource, Level::Manage)
    }

    /// The permit to listen, whisper or barge in calls of a case: `calls:3`.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn supervise(&self, case: &CaseReach) -> Result<Permit<Supervise>, Denied> {
        self.permit(case, Resource::Calls, Level::Manage)
    }

    fn permit<K>(&self, case: &CaseReach, resource: Resource, level: Level) -> Result<Permit<K>, Denied> {
        let relation = self.relation(case);
        if self.level_in(&relation, resource) >= level {
            return Ok(Permit::of_access(self.organization, self.user, case.case_id));
        }
        if self.knows(&relation) {
            Err(Denied::Forbidden { needed: (resource, level) })
        } else {
            Err(Denied::NotFound)
        }
    }

    /// The permit for what belongs to the organization and to no case: leads, unknown senders, contacts, settings.
    ///
    /// # Errors
    /// [`Denied::Forbidden`].
    pub fn office(&self, resource: Resource, level: Level) -> Result<OfficePermit, Denied> {
        if self.level(resource) >= level {
            Ok(OfficePermit::of_access(self.organization, self.user, resource, level))
        } else {
            Err(Denied::Forbidden { needed: (resource, level) })
        }
    }

    /// The cases on which the user has at least a level on a resource, for lists and counts.
    #[must_use]
    pub fn visible(&self, resource: Resource, level: Level) -> Visible {
        let scopes = self
            .grants
            .iter()
            .filter(|grant| grant.on(resource) >= level)
            .map(|grant| grant.scope)
            .collect();
        Visible::of_access(self.organization, self.user, scopes, self.level(resource) >= level)
    }

    /// The cases that the user may know of, for lists and counts.
    #[must_use]
    pub fn known_cases(&self) -> Visible {
        let of_cases = |grant: &&Grant| {
            Resource::ALL
                .into_iter()
                .any(|resource| resource_of_cases(resource) && grant.on(resource) >= Level::See)
        };
        let scopes = self.grants.iter().filter(of_cases).map(|grant| grant.scope).collect();
        Visible::of_access(
            self.organization,
            self.user,
            scopes,
            self.grants.iter().any(|grant| of_cases(&grant)),
        )
    }
}

/// Whether a resource lives in cases, so that a level on it lets somebody know of the case.
const fn resource_of_cases(resource: Resource) -> bool {
    match resource {
        Resource::CaseContacts | Resource::Sms | Resource::Calls => true,
        Resource::Audit | Resource::Settings => false,
    }
}
