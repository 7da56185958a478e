//! The acts on leads. `sms:1` sees them, for they are talked to; `case_contacts:2` adds and changes them. A contact has at most
//! one open lead.

use casewire_core::access::{Access, Level, OfficePermit, Resource};
use casewire_core::id::{LeadId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::leads::{self, Lead, LeadPage, LeadStatus};
use casewire_store::{Act, Tx, contacts};

use super::case_contacts::Added;
use super::people;
use crate::problem::{Problem, ProblemCode};

/// Shows a page of leads.
pub struct ListLeads {
    /// Who asks.
    pub access: Access,
    /// With this status.
    pub status: Option<LeadStatus>,
    /// Part of a name.
    pub search: String,
    /// The last lead of the page before.
    pub after: Option<LeadId>,
    /// How many at most.
    pub limit: u32,
}

impl Act for ListLeads {
    type Out = Vec<Lead>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let permit = self.access.office(Resource::Sms, Level::See)?;
        let page = LeadPage {
            status: self.status,
            search: &self.search,
            after: self.after,
            limit: self.limit,
        };
        Ok(leads::list(tx, permit.tenant(), &page).await?)
    }
}

/// Shows a lead.
pub struct ShowLead {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub lead: LeadId,
}

impl Act for ShowLead {
    type Out = Lead;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let permit = self.access.office(Resource::Sms, Level::See)?;
        leads::view(tx, permit.tenant(), self.lead).await?.ok_or_else(Problem::not_found)
    }
}

/// Opens a lead.
pub struct CreateLead {
    /// Who asks.
    pub access: Access,
    /// Whose.
    pub who: Added,
    /// Who sees to it.
    pub assigned_user_id: Option<UserId>,
    /// The time.
    pub now: Timestamp,
}

impl Act for CreateLead {
    type Out = Lead;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = permitted(access)?.tenant();
        if let Some(user) = self.assigned_user_id {
            people::known_user(tx, access, "assigned_user_id", user).await?;
        }
        let contact = match &self.who {
            Added::Known(contact) => {
                people::known_contact(tx, access, "contact_id", *contact).await?;
                // Locked, so that two leads opened at once do not both find none.
                contacts::touch(tx, tenant, *contact, now).await?;
                *contact
            }
            Added::New(written) => {
                let new = people::contact("contact", written, people::region(tx, access).await?)?;
                contacts::create(tx, tenant, &new, now).await?
            }
        };
        let lead = leads::create(tx, tenant, contact, self.assigned_user_id, now)
            .await?
            .ok_or_else(open_already)?;
        audit::write(tx, tenant, &Entry::by(access.user(), "create_lead", lead), now).await?;
        people::tell_contact(tx, access, contact).await?;
        leads::view(tx, tenant, lead).await?.ok_or_else(Problem::not_found)
    }
}

/// Changes a lead, leaving what is none.
pub struct UpdateLead {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub lead: LeadId,
    /// How far it got.
    pub status: Option<LeadStatus>,
    /// Who sees to it now, or nobody.
    pub assigned_user_id: Option<Option<UserId>>,
    /// The time.
    pub now: Timestamp,
}

impl Act for UpdateLead {
    type Out = Lead;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = permitted(access)?.tenant();
        let before = leads::view(tx, tenant, self.lead).await?.ok_or_else(Problem::not_found)?;
        if let Some(Some(user)) = self.assigned_user_id {
            people::known_user(tx, access, "assigned_user_id", user).await?;
        }
        let status = self.status.unwrap_or(before.status);
        let assigned = self.assigned_user_id.unwrap_or(before.assigned_user.map(|user| user.id));
        contacts::touch(tx, tenant, before.contact.id, now).await?;
        if !leads::update(tx, tenant, self.lead, status, assigned, now).await? {
            return Err(open_already());
        }
        audit::write(tx, tenant, &Entry::by(access.user(), "update_lead", self.lead), now).await?;
        people::tell_contact(tx, access, before.contact.id).await?;
        leads::view(tx, tenant, self.lead).await?.ok_or_else(Problem::not_found)
    }
}

/// Who changes leads also sees them.
fn permitted(access: &Access) -> Result<OfficePermit, Problem> {
    access.office(Resource::Sms, Level::See)?;
    Ok(access.office(Resource::CaseContacts, Level::Act)?)
}

fn open_already() -> Problem {
    Problem::new(ProblemCode::AlreadyExists, "This contact has an open lead already.")
}
