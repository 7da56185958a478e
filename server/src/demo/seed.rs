//! Stores a firm of the demo: one transaction, with the same store functions that the API's acts use. Refuses nothing and asks
//! nobody: the data is ours.

use std::collections::{BTreeMap, BTreeSet};

use casewire_core::access::Tenant;
use casewire_core::id::{CaseId, ContactId, ContactRoleId, OrganizationId, TeamId, UserId};
use casewire_core::phone::E164;
use casewire_core::settings::Settings;
use casewire_core::time::Timestamp;
use casewire_store::cases::CaseFields;
use casewire_store::contacts::NewContact;
use casewire_store::numbers::NewNumber;
use casewire_store::phones::{Designation, NewPhone};
use casewire_store::users::NewUser;
use casewire_store::{
    Act, Tx, attention, case_contacts, cases, contact_roles, contacts, leads, mint, numbers, organizations, roles, teams, users, walls,
};

use super::firms::{DemoCase, DemoFirm};
use super::history;
use crate::problem::{Problem, ProblemCode};

/// Stores a firm.
pub struct Seed {
    /// The id that it is to have.
    pub organization: OrganizationId,
    /// The firm.
    pub firm: &'static DemoFirm,
    /// The hash of everybody's password.
    pub password_hash: String,
    /// Now.
    pub now: Timestamp,
}

/// The ids of what was stored, by the names in the data.
#[derive(Default)]
pub(super) struct Stored {
    pub(super) users: BTreeMap<&'static str, UserId>,
    pub(super) contacts: BTreeMap<&'static str, ContactId>,
    pub(super) cases: BTreeMap<&'static str, CaseId>,
    pub(super) numbers: Vec<casewire_core::id::NumberId>,
    teams: BTreeMap<&'static str, TeamId>,
    contact_roles: BTreeMap<String, ContactRoleId>,
}

/// A defect in the data: a name that it does not have.
pub(super) fn defect() -> Problem {
    Problem::new(ProblemCode::Internal, "The data of the demo names something that it does not have.")
}

pub(super) fn number(text: &str) -> Result<E164, Problem> {
    E164::parse(text).map_err(|_| defect())
}

impl Act for Seed {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let tenant = organizations::create(tx, self.organization, self.firm.name, &Settings::default(), self.now).await?;
        let mut stored = Stored::default();
        self.numbers(tx, tenant, &mut stored).await?;
        self.people(tx, tenant, &mut stored).await?;
        self.contacts(tx, tenant, &mut stored).await?;
        for role in contact_roles::list(tx, tenant).await? {
            stored.contact_roles.insert(role.name, role.id);
        }
        for case in self.firm.cases {
            self.case(tx, tenant, case, &mut stored).await?;
        }
        attention::recheck_cases(tx, tenant, None, self.now).await?;
        history::write(tx, tenant, self.firm, &stored, self.now).await
    }
}

impl Seed {
    async fn numbers(&self, tx: &mut Tx, tenant: Tenant, stored: &mut Stored) -> Result<(), Problem> {
        for (e164, label) in self.firm.numbers {
            let id = mint();
            let new = NewNumber {
                id,
                e164: number(e164)?,
                label: (*label).to_owned(),
                account_sid: self.firm.account_sid.to_owned(),
            };
            numbers::add(tx, tenant, &new, self.now).await?;
            stored.numbers.push(id);
        }
        Ok(())
    }

    async fn people(&self, tx: &mut Tx, tenant: Tenant, stored: &mut Stored) -> Result<(), Problem> {
        let of_users = self.firm.users.iter().flat_map(|user| user.teams.iter().copied());
        let names: BTreeSet<&'static str> = of_users.chain(self.firm.cases.iter().map(|case| case.team)).collect();
        for name in names {
            let id = mint();
            teams::add(tx, tenant, id, name, self.now).await?;
            stored.teams.insert(name, id);
        }
        for user in self.firm.users {
            let id = mint();
            let email = format!("{}@{}", user.login, self.firm.domain);
            let new = NewUser {
                id,
                email,
                name: user.name.to_owned(),
                password_hash: self.password_hash.clone(),
            };
            users::add(tx, tenant, &new, self.now).await?;
            let role = roles::by_name(tx, tenant, user.role).await?.ok_or_else(defect)?;
            roles::assign(tx, tenant, id, &[role.id]).await?;
            let of_user: Vec<TeamId> = user.teams.iter().filter_map(|name| stored.teams.get(name).copied()).collect();
            teams::put_into(tx, tenant, id, &of_user).await?;
            stored.users.insert(user.login, id);
        }
        Ok(())
    }

    async fn contacts(&self, tx: &mut Tx, tenant: Tenant, stored: &mut Stored) -> Result<(), Problem> {
        for contact in self.firm.contacts {
            let mut phones = Vec::new();
            for (e164, label) in contact.phones {
                phones.push(NewPhone {
                    e164: number(e164)?,
                    label: (*label).to_owned(),
                    designation: Designation::AsItIs,
                });
            }
            let new = NewContact {
                name: contact.name.to_owned(),
                contact_type: contact.kind,
                phones,
            };
            let id = contacts::create(tx, tenant, &new, self.now).await?;
            stored.contacts.insert(contact.name, id);
        }
        for lead in self.firm.leads {
            let contact = *stored.contacts.get(lead).ok_or_else(defect)?;
            leads::create(tx, tenant, contact, None, self.now).await?;
        }
        Ok(())
    }

    async fn case(&self, tx: &mut Tx, tenant: Tenant, case: &DemoCase, stored: &mut Stored) -> Result<(), Problem> {
        let fields = CaseFields {
            name: case.name.to_owned(),
            status: case.status,
            client_contact_id: stored.contacts.get(case.client).copied(),
            team_id: stored.teams.get(case.team).copied(),
        };
        let id = cases::create(tx, tenant, case.number, &fields, self.now)
            .await?
            .ok_or_else(defect)?;
        let assigned: BTreeSet<UserId> = case.assigned.iter().filter_map(|login| stored.users.get(login).copied()).collect();
        cases::assign(tx, tenant, id, &assigned).await?;
        stored.cases.insert(case.number, id);
        let by = stored.users.get("manager").copied();
        for (name, role) in case.contacts {
            let contact = *stored.contacts.get(name).ok_or_else(defect)?;
            let role = *stored.contact_roles.get(*role).ok_or_else(defect)?;
            case_contacts::link(tx, tenant, id, (contact, role), by, self.now).await?;
        }
        for login in case.walled {
            let user = *stored.users.get(login).ok_or_else(defect)?;
            let admin = *stored.users.get("admin").ok_or_else(defect)?;
            walls::add(tx, tenant, id, user, admin, self.now).await?;
        }
        Ok(())
    }
}
