//! The acts on contact roles. The platform's default roles can be ordered and hidden, not renamed; an organization's own, of
//! which there is a limited number, can be all of that.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::ContactRoleId;
use casewire_core::time::Timestamp;
use casewire_core::view::ContactRoleView;
use casewire_store::audit::{self, Entry};
use casewire_store::{Act, Tx, contact_roles, organizations};

use super::people::{self, LONGEST_LABEL};
use crate::problem::{Problem, ProblemCode};

/// The orders that a role can have.
const ORDERS: std::ops::RangeInclusive<i64> = 0..=10_000;

/// Shows all roles, the hidden ones too: a link that has one still names it.
pub struct ListContactRoles {
    /// Who asks.
    pub access: Access,
}

impl Act for ListContactRoles {
    type Out = Vec<ContactRoleView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let permit = self.access.office(Resource::CaseContacts, Level::See);
        let permit = permit.or_else(|denied| self.access.office(Resource::Settings, Level::See).map_err(|_| denied))?;
        Ok(contact_roles::list(tx, permit.tenant()).await?)
    }
}

/// Adds a role of the organization's own.
pub struct CreateContactRole {
    /// Who asks.
    pub access: Access,
    /// Its name.
    pub name: String,
    /// Its place; the last one where it is not said.
    pub display_order: Option<i64>,
    /// The time.
    pub now: Timestamp,
}

impl Act for CreateContactRole {
    type Out = ContactRoleView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let tenant = self.access.office(Resource::Settings, Level::Manage)?.tenant();
        let roles = contact_roles::list(tx, tenant).await?;
        let name = free_name(&roles, &self.name, None)?;
        let organization = organizations::read(tx, tenant).await?.ok_or_else(Problem::not_found)?;
        let limit = organization.settings.contact_role_limit;
        if roles.iter().filter(|role| !role.is_default).count() >= limit {
            let detail =
                format!("The organization has {limit} roles of its own, as many as its settings allow: rename one, or raise the limit.");
            return Err(Problem::new(ProblemCode::LimitReached, detail).with("limit", limit));
        }
        let last = roles.iter().map(|role| role.display_order).max().unwrap_or(0);
        let order = order(self.display_order.unwrap_or_else(|| (last + 1).min(*ORDERS.end())))?;
        let created = contact_roles::create(tx, tenant, &name, order, self.now).await?;
        let id = created.ok_or_else(|| Problem::of(ProblemCode::AlreadyExists))?;
        audit::write(tx, tenant, &Entry::by(self.access.user(), "create_contact_role", id), self.now).await?;
        tell(tx, &self.access, id).await
    }
}

/// Changes a role, leaving what is none.
pub struct UpdateContactRole {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub role: ContactRoleId,
    /// Another name, for the organization's own.
    pub name: Option<String>,
    /// Another place.
    pub display_order: Option<i64>,
    /// Whether it is offered for new links.
    pub is_active: Option<bool>,
    /// The time.
    pub now: Timestamp,
}

impl Act for UpdateContactRole {
    type Out = ContactRoleView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let tenant = self.access.office(Resource::Settings, Level::Manage)?.tenant();
        let roles = contact_roles::list(tx, tenant).await?;
        let mut role = roles
            .iter()
            .find(|role| role.id == self.role)
            .cloned()
            .ok_or_else(Problem::not_found)?;
        if let Some(name) = &self.name {
            if role.is_default {
                return Err(Problem::invalid_field("name", "the platform's roles keep their names"));
            }
            role.name = free_name(&roles, name, Some(role.id))?;
        }
        role.display_order = self.display_order.map_or(Ok(role.display_order), order)?;
        role.is_active = self.is_active.unwrap_or(role.is_active);
        contact_roles::update(tx, tenant, &role, self.now).await?;
        audit::write(tx, tenant, &Entry::by(self.access.user(), "update_contact_role", role.id), self.now).await?;
        tell(tx, &self.access, role.id).await
    }
}

/// The name, if no other role has it, in whatever case it is written.
fn free_name(roles: &[ContactRoleView], name: &str, own: Option<ContactRoleId>) -> Result<String, Problem> {
    let name = people::line("name", name, LONGEST_LABEL)?;
    let folded = name.to_lowercase();
    let is_client = folded == casewire_store::case_contacts::CLIENT.to_lowercase();
    if is_client || roles.iter().any(|role| Some(role.id) != own && role.name.to_lowercase() == folded) {
        return Err(Problem::new(ProblemCode::AlreadyExists, "There is a role of this name already.").with("field", "name"));
    }
    Ok(name)
}

fn order(order: i64) -> Result<i64, Problem> {
    if ORDERS.contains(&order) {
        Ok(order)
    } else {
        Err(Problem::invalid_field("display_order", "it is not between 0 and 10000"))
    }
}

/// Tells everybody what became of a role.
pub(super) async fn tell(tx: &mut Tx, access: &Access, role: ContactRoleId) -> Result<ContactRoleView, Problem> {
    let view = contact_roles::view(tx, access.tenant(), role)
        .await?
        .ok_or_else(Problem::not_found)?;
    let event = Event::ContactRoleChanged {
        contact_role: view.clone(),
    };
    tx.emit(
        access.organization(),
        NewEvent {
            audience: Audience::Everyone,
            event,
        },
    );
    Ok(view)
}
