//! Who reaches cases, which contacts are in view, and one primary number under concurrent acts, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::access::{Access, Tenant, Visible};
use casewire_core::id::{CaseId, ContactId, Id, OrganizationId, TeamId, UserId};
use casewire_core::messaging::routing::CaseStatus;
use casewire_core::phone::E164;
use casewire_core::settings::Settings;
use casewire_store::cases::{self, CaseFields, CasePage};
use casewire_store::contacts::{self, ContactPage, ContactType, NewContact};
use casewire_store::phones::{self, Designation, NewPhone};
use casewire_store::testing::{START, TestDatabase};
use casewire_store::users::NewUser;
use casewire_store::{Act, StoreError, Tx, mint, on_both_engines, organizations, teams, users, walls};

type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 't>>;

struct Do<F>(F);

impl<F, T> Act for Do<F>
where
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    T: Send + 'static,
{
    type Out = T;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<T, StoreError> {
        (self.0)(tx).await
    }
}

/// Runs one act.
async fn run<T: Send + 'static>(db: &TestDatabase, work: impl for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static) -> T {
    db.store()
        .write(OrganizationId::from_uuid(uuid::Uuid::nil()), Do(work))
        .await
        .unwrap()
}

/// An organization with a team and as many users as are asked for, the first of them in the team.
async fn firm(db: &TestDatabase, name: &'static str, count: usize) -> (Tenant, TeamId, Vec<UserId>) {
    run(db, move |tx| {
        Box::pin(async move {
            let tenant = organizations::create(tx, mint(), name, &Settings::default(), START).await?;
            let team = mint();
            teams::add(tx, tenant, team, "Team", START).await?;
            let mut all = Vec::new();
            for number in 0..count {
                let id = mint();
                let email = format!("{number}@{name}.example");
                users::add(
                    tx,
                    tenant,
                    &NewUser {
                        id,
                        email,
                        name: format!("User {number}"),
                        password_hash: String::new(),
                    },
                    START,
                )
                .await?;
                all.push(id);
            }
            teams::set_members(tx, tenant, team, &all[..1]).await?;
            Ok((tenant, team, all))
        })
    })
    .await
}

/// A case with a team and assigned users.
async fn case(db: &TestDatabase, tenant: Tenant, number: &str, team: Option<TeamId>, assigned: &[UserId]) -> CaseId {
    let (number, assigned) = (number.to_owned(), assigned.iter().copied().collect::<BTreeSet<_>>());
    run(db, move |tx| {
        let (number, assigned) = (number.clone(), assigned.clone());
        Box::pin(async move {
            let fields = CaseFields {
                name: "Matter".to_owned(),
                status: CaseStatus::Open,
                client_contact_id: None,
                team_id: team,
            };
            let case = cases::create(tx, tenant, &number, &fields, START).await?.unwrap();
            cases::assign(tx, tenant, case, &assigned).await?;
            Ok(case)
        })
    })
    .await
}

async fn person(db: &TestDatabase, tenant: Tenant, name: &'static str) -> ContactId {
    run(db, move |tx| {
        Box::pin(async move {
            let new = NewContact {
                name: name.to_owned(),
                contact_type: ContactType::Other,
                phones: Vec::new(),
            };
            contacts::create(tx, tenant, &new, START).await
        })
    })
    .await
}

/// Makes somebody the client of a case.
async fn make_client(db: &TestDatabase, tenant: Tenant, case: CaseId, client: ContactId) {
    run(db, move |tx| {
        Box::pin(async move {
            let mut fields = cases::touch(tx, tenant, case, START).await?.unwrap();
            fields.client_contact_id = Some(client);
            cases::update(tx, tenant, case, &fields).await
        })
    })
    .await;
}

/// Whether somebody may be seen, and who is listed.
async fn look(db: &TestDatabase, visible: &Visible, contact: ContactId) -> (bool, Vec<ContactId>) {
    let visible = visible.clone();
    run(db, move |tx| {
        let visible = visible.clone();
        Box::pin(async move {
            let page = ContactPage {
                search: "",
                after: None,
                limit: 10,
            };
            let listed = contacts::list(tx, &visible, &page).await?.unwrap();
            let listed = listed.iter().map(|contact| contact.id).collect();
            Ok((contacts::may_see(tx, &visible, contact).await?, listed))
        })
    })
    .await
}

/// A work with its lifetime made general.
fn act<T: Send + 'static, F>(work: F) -> Do<F>
where
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
{
    Do(work)
}

/// Somebody with a default role.
fn access(tenant: Tenant, user: UserId, team: Option<TeamId>, role: &str) -> Access {
    let grant = DEFAULT_ROLES.iter().find(|default| default.name == role).unwrap().grant;
    Access::new(tenant.organization(), user, team.into_iter().collect(), vec![grant])
}

on_both_engines! {
    async fn what_decides_who_reaches_a_case_is_loaded_for_one_and_for_many(db: TestDatabase) {
        let (tenant, team, people) = firm(&db, "one", 3).await;
        let (other, ..) = firm(&db, "two", 1).await;
        let mut all = Vec::new();
        for number in 0..40 {
            all.push(case(&db, tenant, &format!("c-{number}"), (number % 2 == 0).then_some(team), &people[..number % 3]).await);
        }
        let first = all[2];
        let (kept_out, by) = (people[2], people[0]);
        run(&db, move |tx| Box::pin(async move { walls::add(tx, tenant, first, kept_out, by, START).await })).await;
        let asked = all.clone();
        let many = run(&db, move |tx| {
            let asked = asked.clone();
            Box::pin(async move { cases::reaches(tx, tenant, &asked).await })
        }).await;
        let mut sorted = all.clone();
        sorted.sort_unstable();
        assert_eq!(many.iter().map(|reach| reach.case_id).collect::<Vec<_>>(), sorted);
        let (one, by_number, foreign) = run(&db, move |tx| Box::pin(async move {
            let one = cases::reach_by_id(tx, tenant, first).await?;
            let by_number = cases::reach(tx, tenant, "c-2").await?;
            Ok((one, by_number, cases::reach(tx, other, "c-2").await?.or(cases::reach_by_id(tx, other, first).await?)))
        })).await;
        let one = one.unwrap();
        assert_eq!((one.team_id, &one.assigned), (Some(team), &people[..2].iter().copied().collect()));
        assert_eq!(one.walled, BTreeSet::from([kept_out]));
        assert_eq!(by_number.as_ref(), Some(&one));
        assert!(many.contains(&one));
        assert_eq!(foreign, None);
    }

    async fn the_condition_for_cases_in_view_says_what_access_says(db: TestDatabase) {
        let (tenant, team, people) = firm(&db, "one", 2).await;
        let mut all = Vec::new();
        for (number, team) in [("plain", None), ("team", Some(team)), ("both", Some(team)), ("walled", Some(team))] {
            all.push(case(&db, tenant, number, team, if number == "team" { &[] } else { &people }).await);
        }
        let (walled, kept_out, by) = (all[3], people[0], people[1]);
        run(&db, move |tx| Box::pin(async move { walls::add(tx, tenant, walled, kept_out, by, START).await })).await;
        for role in DEFAULT_ROLES {
            for (user, teams) in [(people[0], Some(team)), (people[1], None)] {
                let access = access(tenant, user, teams, role.name);
                let visible = access.known_cases();
                let all = all.clone();
                let (listed, reaches) = run(&db, move |tx| {
                    let (all, visible) = (all.clone(), visible.clone());
                    Box::pin(async move {
                        let page = CasePage { status: None, search: "", after: None, limit: 10 };
                        Ok((cases::list(tx, &visible, &page).await?, cases::reaches(tx, tenant, &all).await?))
                    })
                }).await;
                let known: BTreeSet<CaseId> = reaches.iter().filter(|reach| access.knows(&access.relation(reach))).map(|reach| reach.case_id).collect();
                assert_eq!(listed.iter().map(|case| case.id).collect::<BTreeSet<_>>(), known, "{}", role.name);
            }
        }
    }

    async fn a_contact_known_from_walled_cases_alone_is_not_in_view(db: TestDatabase) {
        let (tenant, _, people) = firm(&db, "one", 1).await;
        let (seen, walled) = (case(&db, tenant, "seen", None, &[]).await, case(&db, tenant, "walled", None, &[]).await);
        let (client, free) = (person(&db, tenant, "Client").await, person(&db, tenant, "Free").await);
        let user = people[0];
        run(&db, move |tx| Box::pin(async move { walls::add(tx, tenant, walled, user, user, START).await })).await;
        let visible = access(tenant, user, None, "Manager").known_cases();
        assert_eq!(look(&db, &visible, client).await, (true, vec![client, free]));
        make_client(&db, tenant, walled, client).await;
        assert_eq!(look(&db, &visible, client).await, (false, vec![free]));
        make_client(&db, tenant, seen, client).await;
        assert_eq!(look(&db, &visible, client).await, (true, vec![client, free]));
    }

    async fn of_numbers_added_at_once_exactly_one_is_primary(db: TestDatabase) {
        let (tenant, ..) = firm(&db, "one", 1).await;
        let contact = person(&db, tenant, "Busy").await;
        let adding = (0..8).map(|number| {
            let designation = if number % 2 == 0 { Designation::Primary } else { Designation::AsItIs };
            let phone = NewPhone { e164: E164::parse(&format!("+1212555010{number}")).unwrap(), label: String::new(), designation };
            let store = db.store().clone();
            tokio::spawn(async move {
                let act = act(move |tx| {
                    let phone = phone.clone();
                    Box::pin(async move {
                        contacts::touch(tx, tenant, contact, START).await?;
                        phones::add(tx, tenant, contact, &phone, START).await
                    })
                });
                // Different organizations have different writers on PostgreSQL, so that the acts truly meet.
                store.write(mint(), act).await
            })
        });
        for added in adding.collect::<Vec<_>>() {
            assert!(added.await.unwrap().unwrap().is_some());
        }
        let view = run(&db, move |tx| Box::pin(async move { contacts::view(tx, tenant, contact).await })).await.unwrap();
        assert_eq!(view.phones.len(), 8);
        assert_eq!(view.phones.iter().filter(|phone| phone.is_primary).count(), 1);
        assert!(view.phones[0].is_primary);
    }
}
