//! The acts on a contact's numbers: add, label, designate as primary, remove. Exactly one is primary as long as there is one;
//! a number stands once with a contact. All of them take `case_contacts:2`.

use casewire_core::access::{Access, Level, Resource, Tenant};
use casewire_core::id::{ContactId, PhoneId};
use casewire_core::time::Timestamp;
use casewire_core::view::ContactView;
use casewire_store::audit::{self, Entry};
use casewire_store::{Act, Tx, contacts, phones};

use super::people::{self, WrittenPhone};
use crate::problem::{Problem, ProblemCode};

/// Adds a number.
pub struct AddPhone {
    /// Who asks.
    pub access: Access,
    /// To whom.
    pub contact: ContactId,
    /// Which.
    pub written: WrittenPhone,
    /// The time.
    pub now: Timestamp,
}

impl Act for AddPhone {
    type Out = ContactView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        let tenant = permitted(tx, access, self.contact).await?;
        let phone = people::phone("", &self.written, people::region(tx, access).await?)?;
        if phones::find(tx, tenant, self.contact, &phone.e164).await?.is_some() {
            return Err(twice());
        }
        people::room_for_a_phone(tx, access, self.contact).await?;
        locked(tx, tenant, self.contact, self.now).await?;
        let id = phones::add(tx, tenant, self.contact, &phone, self.now).await?.ok_or_else(twice)?;
        audit::write(tx, tenant, &Entry::by(access.user(), "add_phone", id), self.now).await?;
        people::tell_contact(tx, access, self.contact).await
    }
}

/// Labels a number, or makes it the primary one.
pub struct UpdatePhone {
    /// Who asks.
    pub access: Access,
    /// Whose.
    pub contact: ContactId,
    /// Which.
    pub phone: PhoneId,
    /// Another label.
    pub label: Option<String>,
    /// Whether it becomes the primary one.
    pub designation: phones::Designation,
    /// The time.
    pub now: Timestamp,
}

impl Act for UpdatePhone {
    type Out = ContactView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = permitted(tx, access, self.contact).await?;
        let label = self.label.as_deref().map(|label| people::label("label", label)).transpose()?;
        if !phones::belongs(tx, tenant, self.contact, self.phone).await? {
            return Err(Problem::not_found());
        }
        locked(tx, tenant, self.contact, now).await?;
        if let Some(label) = label
            && !phones::relabel(tx, tenant, self.contact, self.phone, &label, now).await?
        {
            return Err(Problem::not_found());
        }
        if self.designation == phones::Designation::Primary && !phones::designate(tx, tenant, self.contact, self.phone, now).await? {
            return Err(Problem::not_found());
        }
        audit::write(tx, tenant, &Entry::by(access.user(), "update_phone", self.phone), now).await?;
        people::tell_contact(tx, access, self.contact).await
    }
}

/// Removes a number; the oldest other one becomes primary where it was.
pub struct RemovePhone {
    /// Who asks.
    pub access: Access,
    /// Whose.
    pub contact: ContactId,
    /// Which.
    pub phone: PhoneId,
    /// The time.
    pub now: Timestamp,
}

impl Act for RemovePhone {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = permitted(tx, access, self.contact).await?;
        if !phones::belongs(tx, tenant, self.contact, self.phone).await? {
            return Err(Problem::not_found());
        }
        locked(tx, tenant, self.contact, now).await?;
        if !phones::remove(tx, tenant, self.contact, self.phone, now).await? {
            return Err(Problem::not_found());
        }
        audit::write(tx, tenant, &Entry::by(access.user(), "remove_phone", self.phone), now).await?;
        people::tell_contact(tx, access, self.contact).await?;
        Ok(())
    }
}

async fn permitted(tx: &mut Tx, access: &Access, contact: ContactId) -> Result<Tenant, Problem> {
    let tenant = access.office(Resource::CaseContacts, Level::Act)?.tenant();
    people::known_contact(tx, access, "", contact).await?;
    Ok(tenant)
}

/// Locks the contact, so that two acts on their numbers do not both make one primary.
async fn locked(tx: &mut Tx, tenant: Tenant, contact: ContactId, now: Timestamp) -> Result<(), Problem> {
    if contacts::touch(tx, tenant, contact, now).await? {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}

fn twice() -> Problem {
    Problem::new(ProblemCode::AlreadyExists, "This contact has this number already.").with("field", "number")
}
