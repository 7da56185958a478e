//! The roles that every organization starts with, as the requirement's permissions table and DESIGN give them, and the table
//! that a lawyer can read. Organizations may define roles of their own besides.

use super::{CaseScope, Grant, Level, Resource};

/// A role as it ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultRole {
    /// Its name.
    pub name: &'static str,
    /// What it grants.
    pub grant: Grant,
}

const fn role(name: &'static str, scope: CaseScope, levels: [Level; 5]) -> DefaultRole {
    let [case_contacts, sms, calls, audit, settings] = levels;
    DefaultRole {
        name,
        grant: Grant {
            scope,
            case_contacts,
            sms,
            calls,
            audit,
            settings,
        },
    }
}

/// The default roles. Levels: case contacts, sms, calls, audit, settings.
pub const DEFAULT_ROLES: [DefaultRole; 7] = [
    role(
        "Agent Specialist",
        CaseScope::Assigned,
        [Level::Act, Level::Act, Level::Act, Level::None, Level::None],
    ),
    role(
        "Paralegal",
        CaseScope::Assigned,
        [Level::Act, Level::Act, Level::Act, Level::None, Level::None],
    ),
    role(
        "Attorney",
        CaseScope::All,
        [Level::Manage, Level::Act, Level::Act, Level::None, Level::None],
    ),
    role(
        "Supervisor",
        CaseScope::Team,
        [Level::Manage, Level::Manage, Level::Manage, Level::See, Level::None],
    ),
    role(
        "Manager",
        CaseScope::All,
        [Level::Manage, Level::Manage, Level::Manage, Level::See, Level::See],
    ),
    role(
        "Firm Admin",
        CaseScope::None,
        [Level::None, Level::None, Level::None, Level::See, Level::Manage],
    ),
    role(
        "Compliance Officer",
        CaseScope::All,
        [Level::See, Level::See, Level::See, Level::Act, Level::None],
    ),
];

/// The policy as a table in Markdown, one row per role.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| role | cases in scope |");
    for resource in Resource::ALL {
        text.push_str(&format!(" {} |", resource.as_str()));
    }
    text.push_str("\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for role in DEFAULT_ROLES {
        text.push_str(&format!("| {} | {} |", role.name, role.grant.scope.as_str()));
        for resource in Resource::ALL {
            text.push_str(&format!(" {} |", role.grant.on(resource).number()));
        }
        text.push('\n');
    }
    text
}
