//! The acts that merge a contact role into another one, and take that back. Standing links move; what was said and done keeps the
//! role as of then, and so do links that ended. The merged role is hidden, not removed: history and an undo need it.

use casewire_core::access::{Access, Level, Resource, Tenant};
use casewire_core::event::Event;
use casewire_core::id::{CaseContactId, ContactRoleId};
use casewire_core::time::Timestamp;
use casewire_core::view::ContactRoleView;
use casewire_store::audit::{self, Entry};
use casewire_store::{Act, Tx, case_contacts, contact_roles};

use super::contact_roles::tell;
use super::people;
use crate::problem::{Problem, ProblemCode};

/// So many links are moved at once at most.
const MOST_LINKS: i64 = 20_000;

/// Merges a role into another one.
pub struct MergeContactRoles {
    /// Who asks.
    pub access: Access,
    /// The role that goes.
    pub from: ContactRoleId,
    /// The role that it goes into.
    pub into: ContactRoleId,
    /// The time.
    pub now: Timestamp,
}

/// What a merge did.
pub struct Merged {
    /// The role that the links have now.
    pub role: ContactRoleView,
    /// How many links moved.
    pub moved: usize,
}

impl Act for MergeContactRoles {
    type Out = Merged;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Merged, Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = access.office(Resource::Settings, Level::Manage)?.tenant();
        let mut from = role(tx, tenant, self.from).await?;
        if self.from == self.into {
            return Err(Problem::invalid_field("into", "a role cannot be merged into itself"));
        }
        let into = contact_roles::view(tx, tenant, self.into).await?;
        let into = into.ok_or_else(|| people::missing("into"))?;
        if !into.is_active {
            return Err(Problem::invalid_field("into", "a role that is not offered cannot take others"));
        }
        if contact_roles::links(tx, tenant, self.from).await?.0 > MOST_LINKS {
            return Err(Problem::new(
                ProblemCode::LimitReached,
                format!("At most {MOST_LINKS} contacts can change their role at once."),
            ));
        }
        let links = contact_roles::note_merge(tx, tenant, (self.from, self.into), access.user(), now).await?;
        give(tx, access, &links, self.into, now).await?;
        from.is_active = false;
        contact_roles::update(tx, tenant, &from, now).await?;
        tell(tx, access, self.from).await?;
        let entry = Entry::by(access.user(), "merge_contact_roles", self.from);
        let entry = entry.with_detail(format!("into={} links={}", self.into, links.len()));
        audit::write(tx, tenant, &entry, now).await?;
        Ok(Merged {
            role: into,
            moved: links.len(),
        })
    }
}

/// Takes the last merge of a role back.
pub struct UndoMerge {
    /// Who asks.
    pub access: Access,
    /// The role that went into another one.
    pub from: ContactRoleId,
    /// The time.
    pub now: Timestamp,
}

impl Act for UndoMerge {
    type Out = Merged;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Merged, Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = access.office(Resource::Settings, Level::Manage)?.tenant();
        let mut from = role(tx, tenant, self.from).await?;
        let undone = contact_roles::undo_merge(tx, tenant, self.from, now).await?;
        let (into, links) = undone.ok_or_else(|| Problem::of(ProblemCode::NotMerged))?;
        give(tx, access, &links, self.from, now).await?;
        from.is_active = true;
        contact_roles::update(tx, tenant, &from, now).await?;
        let role = tell(tx, access, self.from).await?;
        let entry = Entry::by(access.user(), "undo_contact_role_merge", self.from);
        let entry = entry.with_detail(format!("into={into} links={}", links.len()));
        audit::write(tx, tenant, &entry, now).await?;
        Ok(Merged { role, moved: links.len() })
    }
}

async fn role(tx: &mut Tx, tenant: Tenant, role: ContactRoleId) -> Result<ContactRoleView, Problem> {
    contact_roles::view(tx, tenant, role).await?.ok_or_else(Problem::not_found)
}

/// Gives links another role, and tells who may know of their cases.
async fn give(tx: &mut Tx, access: &Access, links: &[CaseContactId], role: ContactRoleId, now: Timestamp) -> Result<(), Problem> {
    for link in links {
        let changed = case_contacts::change_role_of_many(tx, access.tenant(), *link, role, access.user(), now).await?;
        if let Some((case, view)) = changed {
            let case_contact = Box::new(view);
            people::tell_case(tx, access, case, Event::CaseContactChanged { case_contact });
        }
    }
    Ok(())
}
