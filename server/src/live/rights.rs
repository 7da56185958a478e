//! Who may read what in one organization, as of one moment: everybody's rights, and what events turn on, loaded as it is
//! asked for. Never mended: when rights change, a new value takes its place, so nothing here outlives a revocation.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use casewire_core::access::{Access, CaseReach};
use casewire_core::event::Audience;
use casewire_core::id::{CaseId, ContactId, SessionId};
use casewire_store::live::{ContactReach, SignedIn};

use super::audience::{Ground, may_read};
use crate::clock::Stopwatch;

/// What a set of audiences turns on, as the database has it.
#[derive(Debug, Default)]
pub struct Grounds {
    /// Cases; none where there is no such case.
    pub cases: HashMap<CaseId, Option<CaseReach>>,
    /// Contacts.
    pub contacts: HashMap<ContactId, ContactReach>,
}

/// Whether an event may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Readable,
    /// It may not.
    Hidden,
    /// What it turns on must be loaded first.
    NotLoaded,
}

/// Everybody's rights as of one moment.
#[derive(Debug)]
pub struct Rights {
    signed_in: SignedIn,
    read: Stopwatch,
    grounds: RwLock<Grounds>,
}

impl Rights {
    /// Rights that were read when `read` was started, or later.
    #[must_use]
    pub fn new(signed_in: SignedIn, read: Stopwatch) -> Self {
        Self {
            signed_in,
            read,
            grounds: RwLock::default(),
        }
    }

    /// How old these rights may be.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.read.elapsed()
    }

    /// The rights behind a sign-in; none where it ended or its user was deactivated.
    #[must_use]
    pub fn access(&self, sign_in: SessionId) -> Option<&Arc<Access>> {
        self.signed_in.get(&sign_in)
    }

    /// Whether everybody has the same rights here and there.
    #[must_use]
    pub fn are_those_of(&self, other: &Self) -> bool {
        self.signed_in == other.signed_in
    }

    /// Whether somebody may read an event of this audience.
    #[must_use]
    pub fn judge(&self, access: &Access, audience: &Audience) -> Verdict {
        let grounds = self.grounds.read().unwrap_or_else(PoisonError::into_inner);
        match ground(&grounds, audience) {
            None => Verdict::NotLoaded,
            Some(ground) if may_read(access, audience, &ground) => Verdict::Readable,
            Some(_) => Verdict::Hidden,
        }
    }

    /// Whether what the audience turns on is still to be loaded.
    #[must_use]
    pub fn lacks(&self, audience: &Audience) -> bool {
        let grounds = self.grounds.read().unwrap_or_else(PoisonError::into_inner);
        ground(&grounds, audience).is_none()
    }

    /// Takes in what was loaded, which must have been read after these rights.
    pub fn learn(&self, new: Grounds) {
        let mut grounds = self.grounds.write().unwrap_or_else(PoisonError::into_inner);
        grounds.cases.extend(new.cases);
        grounds.contacts.extend(new.contacts);
    }
}

fn ground<'g>(grounds: &'g Grounds, audience: &Audience) -> Option<Ground<'g>> {
    match audience {
        Audience::CaseTexts(case)
        | Audience::Case(case)
        | Audience::CaseCalls(case)
        | Audience::CaseSupervisors(case)
        | Audience::OwnTexts { case: Some(case), .. }
        | Audience::Own { case: Some(case), .. }
        | Audience::OwnCall { case: Some(case), .. } => grounds.cases.get(case).map(|reach| Ground::Case(reach.as_ref())),
        Audience::Contact(contact)
        | Audience::ContactTexts(contact)
        | Audience::ContactCalls(contact)
        | Audience::ContactSupervisors(contact) => grounds.contacts.get(contact).map(Ground::Contact),
        Audience::PersonalTexts
        | Audience::UnknownSenders
        | Audience::PersonalCalls
        | Audience::UnknownCallers
        | Audience::Supervisors
        | Audience::OwnTexts { case: None, .. }
        | Audience::Own { case: None, .. }
        | Audience::OwnCall { case: None, .. }
        | Audience::Everyone
        | Audience::Settings => Some(Ground::Rights),
    }
}
