//! The acts on who is on a case: see them, add one with a role, change the role, remove one. Whoever reaches the case sees all
//! of them; adding takes `case_contacts:2` in that case, removing `case_contacts:3`.

use casewire_core::access::{Access, Resource};
use casewire_core::event::Event;
use casewire_core::id::{CaseContactId, ContactId, ContactRoleId};
use casewire_core::time::Timestamp;
use casewire_core::view::CaseContactView;
use casewire_store::audit::{self, Entry};
use casewire_store::{Act, Tx, case_contacts, contacts};

use super::people::{self, WrittenContact};
use crate::problem::{Problem, ProblemCode};

/// How many contacts a case can have, its client aside.
pub const MOST_ON_A_CASE: i64 = 500;

/// Shows the people of a case.
pub struct ListCaseContacts {
    /// Who asks.
    pub access: Access,
    /// Of which case.
    pub mycase_case_id: String,
}

impl Act for ListCaseContacts {
    type Out = Vec<CaseContactView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let case = people::case(tx, &self.access, &self.mycase_case_id).await?;
        let permit = self.access.read(&case, Resource::CaseContacts)?;
        Ok(case_contacts::list(tx, &permit).await?)
    }
}

/// Who is to be added to a case.
pub enum Added {
    /// Somebody known.
    Known(ContactId),
    /// Somebody new.
    New(WrittenContact),
}

/// Adds a contact to a case.
pub struct AddCaseContact {
    /// Who asks.
    pub access: Access,
    /// To which case.
    pub mycase_case_id: String,
    /// Whom.
    pub who: Added,
    /// As what.
    pub contact_role_id: ContactRoleId,
    /// The time.
    pub now: Timestamp,
}

impl Act for AddCaseContact {
    type Out = CaseContactView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now) = (&self.access, self.now);
        let case = people::case(tx, access, &self.mycase_case_id).await?;
        let permit = access.contact(&case, Resource::CaseContacts)?;
        people::offered_role(tx, access, self.contact_role_id).await?;
        if case_contacts::count(tx, access.tenant(), case.case_id).await? >= MOST_ON_A_CASE {
            return Err(Problem::new(
                ProblemCode::LimitReached,
                format!("A case can have {MOST_ON_A_CASE} contacts."),
            ));
        }
        let contact = match &self.who {
            Added::Known(contact) => {
                people::known_contact(tx, access, "contact_id", *contact).await?;
                *contact
            }
            Added::New(written) => {
                let region = people::region(tx, access).await?;
                let new = people::contact("contact", written, region)?;
                let contact = contacts::create(tx, access.tenant(), &new, now).await?;
                people::tell_contact(tx, access, contact).await?;
                contact
            }
        };
        let link = case_contacts::add(tx, &permit, contact, self.contact_role_id, now).await?;
        let link = link.ok_or_else(|| Problem::of(ProblemCode::ContactAlreadyAssociated))?;
        let view = case_contacts::view(tx, &permit, link).await?.ok_or_else(Problem::not_found)?;
        people::tell_case(
            tx,
            access,
            case.case_id,
            Event::CaseContactAdded {
                case_contact: Box::new(view.clone()),
            },
        );
        people::look_after(tx, access, case.case_id, now).await?;
        audit::write(
            tx,
            access.tenant(),
            &Entry::by(access.user(), "add_case_contact", link).in_case(case.case_id),
            now,
        )
        .await?;
        Ok(view)
    }
}

/// Gives a contact another role in a case.
pub struct ChangeContactRole {
    /// Who asks.
    pub access: Access,
    /// In which case.
    pub mycase_case_id: String,
    /// Whose.
    pub link: CaseContactId,
    /// Which.
    pub contact_role_id: ContactRoleId,
    /// The time.
    pub now: Timestamp,
}

impl Act for ChangeContactRole {
    type Out = CaseContactView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        let case = people::case(tx, access, &self.mycase_case_id).await?;
        let permit = access.contact(&case, Resource::CaseContacts)?;
        let before = case_contacts::view(tx, &permit, self.link).await?.ok_or_else(Problem::not_found)?;
        if before.contact_role_id == Some(self.contact_role_id) {
            return Ok(before);
        }
        people::offered_role(tx, access, self.contact_role_id).await?;
        if !case_contacts::change_role(tx, &permit, self.link, self.contact_role_id, self.now).await? {
            return Err(Problem::not_found());
        }
        let view = case_contacts::view(tx, &permit, self.link).await?.ok_or_else(Problem::not_found)?;
        people::tell_case(
            tx,
            access,
            case.case_id,
            Event::CaseContactChanged {
                case_contact: Box::new(view.clone()),
            },
        );
        let entry = Entry::by(access.user(), "change_contact_role", self.link).in_case(case.case_id);
        audit::write(tx, access.tenant(), &entry, self.now).await?;
        Ok(view)
    }
}

/// Removes a contact from a case; its history stays, with the role as of then.
pub struct RemoveCaseContact {
    /// Who asks.
    pub access: Access,
    /// From which case.
    pub mycase_case_id: String,
    /// Whom.
    pub link: CaseContactId,
    /// The time.
    pub now: Timestamp,
}

impl Act for RemoveCaseContact {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let (access, now) = (&self.access, self.now);
        let case = people::case(tx, access, &self.mycase_case_id).await?;
        let permit = access.manage(&case, Resource::CaseContacts)?;
        let contact_id = case_contacts::remove(tx, &permit, self.link, now)
            .await?
            .ok_or_else(Problem::not_found)?;
        let mycase_case_id = self.mycase_case_id.clone();
        let event = Event::CaseContactRemoved {
            case_contact_id: self.link,
            mycase_case_id,
            contact_id,
        };
        people::tell_case(tx, access, case.case_id, event);
        people::look_after(tx, access, case.case_id, now).await?;
        let entry = Entry::by(access.user(), "remove_case_contact", self.link).in_case(case.case_id);
        audit::write(tx, access.tenant(), &entry, now).await?;
        Ok(())
    }
}
