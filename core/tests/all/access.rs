//! Access, proven: the requirement's permissions table cell by cell, the policy as a page that a lawyer can read, and
//! properties over random roles and cases. The page is `docs/policy.md`; after a wanted change of the policy, rewrite it with
//! `UPDATE_SNAPSHOTS=1 cargo test -p casewire-core --test all policy` and read the difference before committing it.
#![expect(clippy::disallowed_methods, reason = "a test reads its one variable, and has tenants of its own")]

use std::collections::BTreeSet;
use std::path::Path;

use casewire_core::access::policy::{DEFAULT_ROLES, table};
use casewire_core::access::{Access, CaseReach, CaseScope, Denied, Grant, Level, Relation, Resource};
use casewire_core::id::{OrganizationId, TeamId, UserId};
use proptest::prelude::*;

use crate::naive::id;

const POLICY_PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/policy.md");

const PREFACE: &str = "\
# Who may do what

Everybody in the firm has one or more of the roles below, and may do what any one of them allows. A role reaches certain cases
(those that the person is assigned to, those of their teams, or all), and in these it allows as much as the number says: 0 is
nothing, 1 is to look, 2 is to act (text, call, claim, add people), 3 is to manage (remove people; listen to, whisper into or
join calls). Whoever may see a case sees all of its contacts.

A *wall* between a person and a case goes before every role: behind it the case does not exist for them, in no list, search,
count, offer, export, live event or supervised call. Another firm's cases stand behind such a wall for everybody.

A firm may add roles of its own. This page is generated from the roles that every firm starts with, and a test fails where
page and program differ.

";

#[test]
fn the_policy_page_says_what_the_program_does() -> std::io::Result<()> {
    let page = format!("{PREFACE}{}", table());
    let path = Path::new(POLICY_PAGE);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap_or(path))?;
        std::fs::write(path, &page)?;
    }
    assert_eq!(std::fs::read_to_string(path)?, page, "see the head of this file");
    Ok(())
}

/// How one case stands to the one user of these tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// The user is assigned to it; it is another team's.
    Assigned,
    /// It is the user's team's; others are assigned.
    OfTheTeam,
    /// Neither.
    Other,
}

const CASES: [Case; 3] = [Case::Assigned, Case::OfTheTeam, Case::Other];

fn user() -> UserId {
    id(7)
}

fn firm() -> OrganizationId {
    id(1)
}

fn reach(case: Case) -> CaseReach {
    CaseReach {
        organization_id: firm(),
        case_id: id(3),
        team_id: Some(id::<TeamId>(if case == Case::OfTheTeam { 10 } else { 11 })),
        assigned: BTreeSet::from([id(if case == Case::Assigned { 7 } else { 8 })]),
        walled: BTreeSet::from([id(9)]),
    }
}

fn access(grants: Vec<Grant>) -> Access {
    Access::new(firm(), user(), BTreeSet::from([id(10)]), grants)
}

fn with_role(name: &str) -> Access {
    access(
        DEFAULT_ROLES
            .iter()
            .filter(|role| role.name == name)
            .map(|role| role.grant)
            .collect(),
    )
}

/// Requirement 2, "User Permissions": the cases in scope, and whether contacts can be removed there.
const PERMISSIONS: [(&str, &[Case], bool); 5] = [
    ("Agent Specialist", &[Case::Assigned], false),
    ("Paralegal", &[Case::Assigned], false),
    ("Attorney", &CASES, true),
    ("Supervisor", &[Case::OfTheTeam], true),
    ("Manager", &CASES, true),
];

#[test]
fn the_permissions_table_of_the_requirement_holds_in_every_cell() {
    for (role, scope, removes) in PERMISSIONS {
        let access = with_role(role);
        for case in CASES {
            let (inside, reach) = (scope.contains(&case), reach(case));
            assert_eq!(
                access.read(&reach, Resource::CaseContacts).is_ok(),
                inside,
                "{role} views contacts: {case:?}"
            );
            assert_eq!(
                access.contact(&reach, Resource::CaseContacts).is_ok(),
                inside,
                "{role} adds contacts: {case:?}"
            );
            assert_eq!(access.contact(&reach, Resource::Calls).is_ok(), inside, "{role} calls: {case:?}");
            assert_eq!(access.contact(&reach, Resource::Sms).is_ok(), inside, "{role} texts: {case:?}");
            assert_eq!(
                access.manage(&reach, Resource::CaseContacts).is_ok(),
                inside && removes,
                "{role} deletes: {case:?}"
            );
            assert_eq!(access.knows(&access.relation(&reach)), inside, "{role} knows: {case:?}");
        }
    }
}

#[test]
fn only_supervisors_and_managers_supervise_calls_each_within_their_scope() {
    for role in DEFAULT_ROLES {
        for case in CASES {
            let may = match role.name {
                "Supervisor" => case == Case::OfTheTeam,
                "Manager" => true,
                _ => false,
            };
            assert_eq!(with_role(role.name).supervise(&reach(case)).is_ok(), may, "{} {case:?}", role.name);
        }
    }
}

#[test]
fn a_firm_admin_reaches_no_case_and_a_compliance_officer_reads_all_and_acts_in_none() {
    for case in CASES {
        let (admin, officer, reach) = (with_role("Firm Admin"), with_role("Compliance Officer"), reach(case));
        for resource in Resource::ALL {
            assert_eq!(admin.read(&reach, resource).err(), Some(Denied::NotFound), "{resource:?}");
        }
        for resource in [Resource::CaseContacts, Resource::Sms, Resource::Calls] {
            assert!(officer.read(&reach, resource).is_ok());
            let needed = (resource, Level::Act);
            assert_eq!(officer.contact(&reach, resource).err(), Some(Denied::Forbidden { needed }));
        }
    }
    assert!(with_role("Firm Admin").office(Resource::Settings, Level::Manage).is_ok());
    assert!(with_role("Compliance Officer").office(Resource::Audit, Level::Act).is_ok());
    let needed = (Resource::Settings, Level::See);
    let denied = with_role("Attorney").office(Resource::Settings, Level::See).err();
    assert_eq!(denied, Some(Denied::Forbidden { needed }));
    assert_eq!(denied.map(|denied| denied.to_string()).as_deref(), Some("settings:1 is needed"));
}

#[test]
fn levels_and_scopes_keep_their_numbers_and_words() {
    for (number, level) in (0_i64..).zip([Level::None, Level::See, Level::Act, Level::Manage]) {
        assert_eq!((level.number(), Level::from_number(number)), (number, Some(level)));
    }
    assert_eq!((Level::from_number(-1), Level::from_number(4)), (None, None));
    let words = CaseScope::ALL.map(CaseScope::as_str);
    assert_eq!(words, ["none", "assigned", "team", "all"]);
    assert_eq!(words.map(CaseScope::from_word), CaseScope::ALL.map(Some));
    assert_eq!(CaseScope::from_word("everything"), None);
}

#[test]
fn permits_name_the_user_the_organization_and_the_case_that_they_are_for() {
    let (access, reach) = (with_role("Manager"), reach(Case::Other));
    assert_eq!(
        (access.organization(), access.user(), access.tenant().organization()),
        (firm(), user(), firm())
    );
    let permit = access
        .supervise(&reach)
        .map(|permit| (permit.organization(), permit.user(), permit.case(), permit.tenant()));
    assert_eq!(permit, Ok((firm(), user(), reach.case_id, access.tenant())));
    let office = access.office(Resource::Sms, Level::Act);
    let said = office.map(|permit| {
        (
            permit.organization(),
            permit.user(),
            permit.resource(),
            permit.level(),
            permit.tenant(),
        )
    });
    assert_eq!(said, Ok((firm(), user(), Resource::Sms, Level::Act, access.tenant())));
    let visible = access.visible(Resource::Sms, Level::See);
    assert_eq!((visible.organization(), visible.user()), (firm(), user()));
    let owner = casewire_core::access::Tenant::of_row(id(5));
    assert_eq!(owner.organization(), id(5));
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(vec![Level::None, Level::See, Level::Act, Level::Manage])
}

prop_compose! {
    fn grant()(
        scope in prop::sample::select(CaseScope::ALL.to_vec()),
        case_contacts in level(), sms in level(), calls in level(), audit in level(), settings in level(),
    ) -> Grant {
        Grant { scope, case_contacts, sms, calls, audit, settings }
    }
}

prop_compose! {
    /// Any case: of this or another organization, of this, another or no team, with any assignment and wall.
    fn any_case()(own in prop::bool::weighted(0.8), team in prop::option::of(10_u64..12), assigned in any::<bool>(), walled in prop::bool::weighted(0.3))
        -> CaseReach {
        CaseReach {
            organization_id: id(if own { 1 } else { 2 }),
            case_id: id(3),
            team_id: team.map(id),
            assigned: BTreeSet::from([id(8), id(if assigned { 7 } else { 9 })]),
            walled: BTreeSet::from([id(8), id(if walled { 7 } else { 9 })]),
        }
    }
}

fn resource() -> impl Strategy<Value = Resource> {
    prop::sample::select(Resource::ALL.to_vec())
}

/// The answers to everything that can be asked about one resource of one case, strongest last; the error where it is denied.
fn asked(access: &Access, case: &CaseReach, resource: Resource) -> [Option<Denied>; 4] {
    let supervise = if resource == Resource::Calls {
        access.supervise(case).err()
    } else {
        access.manage(case, resource).err()
    };
    [
        access.read(case, resource).err(),
        access.contact(case, resource).err(),
        access.manage(case, resource).err(),
        supervise,
    ]
}

/// A store's list: whether the view includes the case, by any of its scopes; walls are the store's own condition.
fn in_view(access: &Access, relation: Relation, view: &casewire_core::access::Visible) -> bool {
    let foreign_or_walled = relation.walled;
    access.user() == view.user()
        && !foreign_or_walled
        && (view.includes(CaseScope::All)
            || (view.includes(CaseScope::Team) && relation.in_team)
            || (view.includes(CaseScope::Assigned) && relation.assigned))
}

fn of_cases(resource: Resource) -> bool {
    match resource {
        Resource::CaseContacts | Resource::Sms | Resource::Calls => true,
        Resource::Audit | Resource::Settings => false,
    }
}

/// The level by the sentences: the highest of the roles that reach the case, nothing behind a wall or in another organization.
fn naive_level(grants: &[Grant], case: &CaseReach, resource: Resource) -> Level {
    let mut highest = Level::None;
    for grant in grants {
        let reached = match grant.scope {
            CaseScope::None => false,
            CaseScope::Assigned => case.assigned.contains(&user()),
            CaseScope::Team => case.team_id == Some(id(10)),
            CaseScope::All => true,
        };
        if reached && grant.on(resource) > highest {
            highest = grant.on(resource);
        }
    }
    if case.organization_id != firm() || case.walled.contains(&user()) {
        Level::None
    } else {
        highest
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_wall_beats_every_role_in_every_function(grants in prop::collection::vec(grant(), 0..4), case in any_case(), foreign in any::<bool>()) {
        let mut case = case;
        if foreign {
            case.organization_id = id(2);
        } else {
            case.walled.insert(user());
        }
        let access = access(grants);
        let relation = access.relation(&case);
        prop_assert!(!access.knows(&relation));
        for resource in Resource::ALL {
            prop_assert_eq!(access.level_in(&relation, resource), Level::None);
            prop_assert_eq!(asked(&access, &case, resource), [Some(Denied::NotFound); 4]);
        }
    }

    #[test]
    fn the_level_in_a_case_is_the_highest_of_the_roles_that_reach_it(grants in prop::collection::vec(grant(), 0..4), case in any_case(), resource in resource()) {
        let access = access(grants.clone());
        let level = access.level_in(&access.relation(&case), resource);
        prop_assert_eq!(level, naive_level(&grants, &case, resource));
        let granted = asked(&access, &case, resource).map(|denied| denied.is_none());
        let supervises = level >= Level::Manage;
        prop_assert_eq!(granted, [level >= Level::See, level >= Level::Act, level >= Level::Manage, supervises]);
    }

    #[test]
    fn two_roles_allow_what_either_allows(one in grant(), two in grant(), case in any_case(), resource in resource()) {
        let (first, second, both) = (access(vec![one]), access(vec![two]), access(vec![one, two]));
        let relation = both.relation(&case);
        prop_assert_eq!(both.level(resource), first.level(resource).max(second.level(resource)));
        prop_assert_eq!(both.level_in(&relation, resource), first.level_in(&relation, resource).max(second.level_in(&relation, resource)));
        prop_assert_eq!(both.knows(&relation), first.knows(&relation) || second.knows(&relation));
        for needed in [Level::See, Level::Act, Level::Manage] {
            let sees = |access: &Access| in_view(access, relation, &access.visible(resource, needed));
            prop_assert_eq!(sees(&both), sees(&first) || sees(&second));
            let office = |access: &Access| access.office(resource, needed).is_ok();
            prop_assert_eq!(office(&both), office(&first) || office(&second));
        }
    }

    #[test]
    fn a_weaker_role_never_allows_more(strong in grant(), levels in [level(), level(), level(), level(), level()], narrower in any::<bool>(), case in any_case()) {
        let [case_contacts, sms, calls, audit, settings] = levels;
        let weak = Grant {
            scope: if narrower { CaseScope::None } else { strong.scope },
            case_contacts: case_contacts.min(strong.case_contacts),
            sms: sms.min(strong.sms),
            calls: calls.min(strong.calls),
            audit: audit.min(strong.audit),
            settings: settings.min(strong.settings),
        };
        let (weak, strong) = (access(vec![weak]), access(vec![strong]));
        prop_assert!(!weak.knows(&weak.relation(&case)) || strong.knows(&strong.relation(&case)));
        for resource in Resource::ALL {
            prop_assert!(weak.level(resource) <= strong.level(resource));
            for (weak, strong) in asked(&weak, &case, resource).into_iter().zip(asked(&strong, &case, resource)) {
                prop_assert!(weak.is_some() || strong.is_none());
            }
        }
    }

    #[test]
    fn lists_show_a_case_if_and_only_if_the_level_there_allows_it(grants in prop::collection::vec(grant(), 0..4), case in any_case(), resource in resource()) {
        let access = access(grants);
        let relation = access.relation(&case);
        for needed in [Level::See, Level::Act, Level::Manage] {
            let view = access.visible(resource, needed);
            prop_assert_eq!(in_view(&access, relation, &view), access.level_in(&relation, resource) >= needed);
            prop_assert_eq!(view.office(), access.level(resource) >= needed);
        }
        let known = access.known_cases();
        prop_assert_eq!(in_view(&access, relation, &known), access.knows(&relation));
        let somewhere = Resource::ALL.into_iter().any(|resource| of_cases(resource) && access.level(resource) >= Level::See);
        prop_assert_eq!(known.office(), somewhere);
        prop_assert_eq!((known.organization(), known.user()), (firm(), user()));
    }

    #[test]
    fn a_refusal_says_not_found_if_and_only_if_the_user_may_not_know_of_the_case(grants in prop::collection::vec(grant(), 0..4), case in any_case(), resource in resource()) {
        let access = access(grants);
        let knows = access.knows(&access.relation(&case));
        for (denied, level) in asked(&access, &case, resource).into_iter().zip([Level::See, Level::Act, Level::Manage, Level::Manage]) {
            match denied {
                Some(Denied::NotFound) => prop_assert!(!knows),
                Some(Denied::Forbidden { needed }) => prop_assert!(knows && needed == (resource, level)),
                None => prop_assert!(knows || !of_cases(resource), "a permit in a case means knowing of it"),
            }
        }
        for level in [Level::See, Level::Act, Level::Manage] {
            let denied = access.office(resource, level).err();
            prop_assert_eq!(denied, (access.level(resource) < level).then_some(Denied::Forbidden { needed: (resource, level) }));
        }
    }
}
