//! Who may read an event: the one function that decides it, from the rights of the reader and what the event turns on. It
//! says what the API says to a GET of the event's subject; the tests hold both to it. Refuses to load anything.

use casewire_core::access::{Access, CaseReach, Level, Resource};
use casewire_core::event::Audience;
use casewire_store::live::ContactReach;

/// What an event's audience turns on, loaded.
#[derive(Debug, Clone, Copy)]
pub enum Ground<'g> {
    /// The audience turns on nothing beside the reader's rights.
    Rights,
    /// On a case; none where it is gone.
    Case(Option<&'g CaseReach>),
    /// On a contact.
    Contact(&'g ContactReach),
}

/// Whether a user with this access may read an event of this audience.
#[must_use]
pub fn may_read(access: &Access, audience: &Audience, ground: &Ground<'_>) -> bool {
    match audience {
        Audience::CaseTexts(_) => has_in_case(access, ground, Resource::Sms, Level::See),
        Audience::Case(_) => case_of(ground).is_some_and(|case| access.knows(&access.relation(case))),
        Audience::PersonalTexts => access.level(Resource::Sms) >= Level::See,
        Audience::UnknownSenders => access.level(Resource::Sms) >= Level::Act,
        Audience::Contact(_) => sees_contact(access, ground),
        Audience::OwnTexts { user, case: Some(case) } => access.user() == *user && may_read(access, &Audience::CaseTexts(*case), ground),
        Audience::OwnTexts { user, case: None } => access.user() == *user && may_read(access, &Audience::UnknownSenders, ground),
        Audience::Own { user, case: Some(case) } => access.user() == *user && may_read(access, &Audience::Case(*case), ground),
        Audience::Own { user, case: None } => access.user() == *user,
        Audience::ContactTexts(_) => access.level(Resource::Sms) >= Level::See && !hides_contact(access, ground),
        Audience::ContactCalls(_) => access.level(Resource::Calls) >= Level::See && !hides_contact(access, ground),
        Audience::ContactSupervisors(_) => access.level(Resource::Calls) >= Level::Manage && !hides_contact(access, ground),
        Audience::CaseCalls(_) => has_in_case(access, ground, Resource::Calls, Level::See),
        Audience::CaseSupervisors(_) => has_in_case(access, ground, Resource::Calls, Level::Manage),
        Audience::PersonalCalls => access.level(Resource::Calls) >= Level::See,
        Audience::UnknownCallers => access.level(Resource::Calls) >= Level::Act,
        Audience::Supervisors => access.level(Resource::Calls) >= Level::Manage,
        Audience::OwnCall { user, case: Some(case) } => access.user() == *user && may_read(access, &Audience::CaseCalls(*case), ground),
        Audience::OwnCall { user, case: None } => access.user() == *user && may_read(access, &Audience::PersonalCalls, ground),
        Audience::Everyone => true,
        Audience::Settings => access.level(Resource::Settings) >= Level::See,
    }
}

fn has_in_case(access: &Access, ground: &Ground<'_>, resource: Resource, level: Level) -> bool {
    case_of(ground).is_some_and(|case| access.level_in(&access.relation(case), resource) >= level)
}

fn case_of<'g>(ground: &Ground<'g>) -> Option<&'g CaseReach> {
    match ground {
        Ground::Case(case) => *case,
        Ground::Rights | Ground::Contact(_) => None,
    }
}

/// A contact is seen with `case_contacts:1`, unless a wall hides them.
fn sees_contact(access: &Access, ground: &Ground<'_>) -> bool {
    access.level(Resource::CaseContacts) >= Level::See && !hides_contact(access, ground)
}

/// Whether a contact is known from walled cases alone.
fn hides_contact(access: &Access, ground: &Ground<'_>) -> bool {
    let Ground::Contact(contact) = ground else { return true };
    let relations = || contact.cases.iter().map(|case| access.relation(case));
    relations().any(|relation| relation.walled) && !contact.is_lead && !relations().any(|relation| access.knows(&relation))
}
