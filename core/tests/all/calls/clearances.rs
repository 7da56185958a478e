//! Clearances for the tests, got as the server gets them: from the access of a user.

use std::collections::BTreeSet;

use casewire_core::access::{Access, CaseReach, CaseScope, Grant, Level, Resource};
use casewire_core::calls::Clearance;
use casewire_core::id::{CaseId, Id, OrganizationId, UserId};
use uuid::Uuid;

/// The organization of all of these.
pub const ORGANIZATION: u64 = 77;

fn id<I: Id>(number: u64) -> I {
    crate::naive::id(number)
}

/// The case of a number.
pub fn case(number: u64) -> CaseId {
    CaseId::from_uuid(Uuid::from_u128(u128::from(number)))
}

fn manager(user: u64) -> Access {
    let grant = Grant {
        scope: CaseScope::All,
        case_contacts: Level::Manage,
        sms: Level::Manage,
        calls: Level::Manage,
        audit: Level::See,
        settings: Level::See,
    };
    Access::new(id::<OrganizationId>(ORGANIZATION), id::<UserId>(user), BTreeSet::new(), vec![grant])
}

/// May supervise in one case.
pub fn in_case(user: u64, number: u64) -> Clearance {
    let reach = CaseReach {
        organization_id: id(ORGANIZATION),
        case_id: case(number),
        team_id: None,
        assigned: BTreeSet::new(),
        walled: BTreeSet::new(),
    };
    Clearance::Case(manager(user).supervise(&reach).unwrap())
}

/// May supervise calls without a case.
pub fn in_office(user: u64) -> Clearance {
    Clearance::Office(manager(user).office(Resource::Calls, Level::Manage).unwrap())
}
