//! Permits: values that prove an access decision. Their fields are private and only [`super::Access`] makes them, so that
//! a store function that takes one cannot be called by somebody who was not asked for their rights.
//!
//! A permit cannot be forged, for its fields are private:
//! ```compile_fail,E0451
//! use casewire_core::access::{Permit, Read};
//! fn forge(mine: Permit<Read>, other: casewire_core::id::CaseId) -> Permit<Read> {
//!     Permit { case: other, ..mine }
//! }
//! ```
//! A weaker one does not pass for a stronger one (the twin with the right permit compiles):
//! ```compile_fail,E0308
//! use casewire_core::access::{Manage, Permit, Read};
//! fn remove_contact(_: &Permit<Manage>) {}
//! fn weaker(read: &Permit<Read>) {
//!     remove_contact(read);
//! }
//! ```
//! ```
//! use casewire_core::access::{Manage, Permit};
//! fn remove_contact(_: &Permit<Manage>) {}
//! fn strong_enough(manage: &Permit<Manage>) {
//!     remove_contact(manage);
//! }
//! ```
//! Nor can one that proves `calls:3` be made by whoever may not call the constructor, or read from JSON:
//! ```compile_fail,E0624
//! use casewire_core::access::{Permit, Supervise};
//! fn forge(org: casewire_core::id::OrganizationId, user: casewire_core::id::UserId, case: casewire_core::id::CaseId) {
//!     let _permit: Permit<Supervise> = Permit::of_access(org, user, case);
//! }
//! ```
//! ```compile_fail,E0277
//! fn forge(json: &str) -> Option<casewire_core::access::Permit<casewire_core::access::Read>> {
//!     serde_json::from_str(json).ok()
//! }
//! ```

use std::collections::BTreeSet;
use std::marker::PhantomData;

use super::{CaseScope, Level, Resource};
use crate::id::{CaseId, OrganizationId, UserId};

/// May look.
#[derive(Debug, Clone, Copy)]
pub struct Read;
/// May reach people: text, call, claim, add.
#[derive(Debug, Clone, Copy)]
pub struct Contact;
/// May manage: remove, see to what nobody takes.
#[derive(Debug, Clone, Copy)]
pub struct Manage;
/// May listen, whisper, barge.
#[derive(Debug, Clone, Copy)]
pub struct Supervise;

/// Proof that a user may do something of kind `K` in one case.
#[derive(Debug, Clone, Copy)]
pub struct Permit<K> {
    organization: OrganizationId,
    user: UserId,
    case: CaseId,
    kind: PhantomData<K>,
}

impl<K> Permit<K> {
    pub(super) const fn of_access(organization: OrganizationId, user: UserId, case: CaseId) -> Self {
        Self {
            organization,
            user,
            case,
            kind: PhantomData,
        }
    }

    /// The organization.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Who may.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// In which case.
    #[must_use]
    pub const fn case(&self) -> CaseId {
        self.case
    }

    /// The proof that an act works within this organization.
    #[must_use]
    pub const fn tenant(&self) -> Tenant {
        Tenant {
            organization: self.organization,
        }
    }
}

/// Proof that a user has a level on a resource outside of any case.
#[derive(Debug, Clone, Copy)]
pub struct OfficePermit {
    organization: OrganizationId,
    user: UserId,
    resource: Resource,
    level: Level,
}

impl OfficePermit {
    pub(super) const fn of_access(organization: OrganizationId, user: UserId, resource: Resource, level: Level) -> Self {
        Self {
            organization,
            user,
            resource,
            level,
        }
    }

    /// The organization.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Who may.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// On what.
    #[must_use]
    pub const fn resource(&self) -> Resource {
        self.resource
    }

    /// How much.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// The proof that an act works within this organization.
    #[must_use]
    pub const fn tenant(&self) -> Tenant {
        Tenant {
            organization: self.organization,
        }
    }
}

/// The cases that a user may see something of, for lists, counts and searches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    organization: OrganizationId,
    user: UserId,
    scopes: BTreeSet<CaseScope>,
    office: bool,
}

impl Visible {
    pub(super) const fn of_access(organization: OrganizationId, user: UserId, scopes: BTreeSet<CaseScope>, office: bool) -> Self {
        Self {
            organization,
            user,
            scopes,
            office,
        }
    }

    /// The organization.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Whose view it is.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// Whether cases of this scope are in view (walls excepted).
    #[must_use]
    pub fn includes(&self, scope: CaseScope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether the user has the level outside of cases too: leads, contacts without a case.
    #[must_use]
    pub const fn office(&self) -> bool {
        self.office
    }
}

/// Proof that an act works within one organization: from a user's access, or from a row that names its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tenant {
    organization: OrganizationId,
}

impl Tenant {
    pub(super) const fn of_access(organization: OrganizationId) -> Self {
        Self { organization }
    }

    /// The owner that a row names. Only the store calls this, where it looked the owner up: of a number, a job, a sign-in.
    #[must_use]
    pub const fn of_row(organization: OrganizationId) -> Self {
        Self { organization }
    }

    /// The organization.
    #[must_use]
    pub const fn organization(self) -> OrganizationId {
        self.organization
    }
}
