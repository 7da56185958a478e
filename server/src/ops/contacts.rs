//! The acts on the directory of contacts: search it, look at one with the cases that the caller may know of, add one, rename
//! one. `case_contacts:1` sees, `case_contacts:2` writes; people known from walled cases alone do not exist for whom the wall
//! is for.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::id::{ContactId, LeadId};
use casewire_core::time::Timestamp;
use casewire_core::view::ContactView;
use casewire_store::audit::{self, Entry};
use casewire_store::contacts::{self, CaseOfContact, ContactPage};
use casewire_store::leads::{self, LeadStatus};
use casewire_store::{Act, Tx};

use super::people::{self, LONGEST_NAME, WrittenContact};
use crate::problem::{Problem, ProblemCode};

/// Shows a page of contacts.
pub struct ListContacts {
    /// Who asks.
    pub access: Access,
    /// Part of a name, or digits of a number.
    pub search: String,
    /// The last contact of the page before.
    pub after: Option<ContactId>,
    /// How many at most.
    pub limit: u32,
}

impl Act for ListContacts {
    type Out = Vec<ContactView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        self.access.office(Resource::CaseContacts, Level::See)?;
        let page = ContactPage {
            search: &self.search,
            after: self.after,
            limit: self.limit,
        };
        let found = contacts::list(tx, &self.access.known_cases(), &page).await?;
        found.ok_or_else(|| Problem::of(ProblemCode::InvalidCursor))
    }
}

/// Shows a contact.
pub struct ShowContact {
    /// Who asks.
    pub access: Access,
    /// Whom.
    pub contact: ContactId,
}

/// A contact and what the caller may know them from.
pub struct ShownContact {
    /// The contact.
    pub contact: ContactView,
    /// Their cases.
    pub cases: Vec<CaseOfContact>,
    /// Their leads, for those who see leads.
    pub leads: Vec<(LeadId, LeadStatus)>,
}

impl Act for ShowContact {
    type Out = ShownContact;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        access.office(Resource::CaseContacts, Level::See)?;
        people::known_contact(tx, access, "", self.contact).await?;
        let contact = contacts::view(tx, access.tenant(), self.contact)
            .await?
            .ok_or_else(Problem::not_found)?;
        let cases = contacts::cases(tx, &access.known_cases(), self.contact).await?;
        let leads = match access.office(Resource::Sms, Level::See) {
            Ok(permit) => leads::of_contact(tx, permit.tenant(), self.contact).await?,
            Err(_) => Vec::new(),
        };
        Ok(ShownContact { contact, cases, leads })
    }
}

/// Adds a contact.
pub struct CreateContact {
    /// Who asks.
    pub access: Access,
    /// Whom.
    pub written: WrittenContact,
    /// The time.
    pub now: Timestamp,
}

impl Act for CreateContact {
    type Out = ContactView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        let tenant = access.office(Resource::CaseContacts, Level::Act)?.tenant();
        let new = people::contact("", &self.written, people::region(tx, access).await?)?;
        let contact = contacts::create(tx, tenant, &new, self.now).await?;
        audit::write(tx, tenant, &Entry::by(access.user(), "create_contact", contact), self.now).await?;
        people::tell_contact(tx, access, contact).await
    }
}

/// Renames a contact, or makes them another type, leaving what is none.
pub struct UpdateContact {
    /// Who asks.
    pub access: Access,
    /// Whom.
    pub contact: ContactId,
    /// Another name.
    pub name: Option<String>,
    /// Another type.
    pub contact_type: Option<String>,
    /// The time.
    pub now: Timestamp,
}

impl Act for UpdateContact {
    type Out = ContactView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        let tenant = access.office(Resource::CaseContacts, Level::Act)?.tenant();
        people::known_contact(tx, access, "", self.contact).await?;
        let name = self
            .name
            .as_deref()
            .map(|name| people::line("name", name, LONGEST_NAME))
            .transpose()?;
        let kind = self
            .contact_type
            .as_deref()
            .map(|word| people::contact_type("contact_type", word))
            .transpose()?;
        if !contacts::update(tx, tenant, self.contact, name.as_deref(), kind, self.now).await? {
            return Err(Problem::not_found());
        }
        audit::write(tx, tenant, &Entry::by(access.user(), "update_contact", self.contact), self.now).await?;
        people::tell_contact(tx, access, self.contact).await
    }
}
