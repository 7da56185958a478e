//! What the acts on people and cases have in common: texts that become names and numbers, a case or a contact that the caller
//! may know of, events that tell of them. Refuses to decide rights: `casewire_core::access` does.

use casewire_core::access::{Access, CaseReach};
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{CaseId, ContactId, ContactRoleId, UserId};
use casewire_core::phone::{E164, Region, normalize_phone_to_e164};
use casewire_core::time::Timestamp;
use casewire_core::view::{ContactRoleView, ContactView};
use casewire_store::contacts::{self, ContactType, NewContact};
use casewire_store::phones::{self, Designation, NewPhone};
use casewire_store::{StoreError, Tx, attention, cases, contact_roles, organizations};

use crate::problem::{Problem, ProblemCode};

/// The longest name of a person or a caption of a case, in characters.
pub const LONGEST_NAME: usize = 200;
/// The longest label of a number and the longest name of a role, in characters.
pub const LONGEST_LABEL: usize = 60;
/// How many numbers a contact may have.
pub const MOST_PHONES: usize = 20;

/// A person to be stored, as a caller wrote them.
pub struct WrittenContact {
    /// Their name.
    pub name: String,
    /// What they are; other where it is not said.
    pub contact_type: Option<String>,
    /// Their numbers.
    pub phones: Vec<WrittenPhone>,
}

/// A number to be stored, as a caller wrote it.
pub struct WrittenPhone {
    /// With or without the code of a country.
    pub number: String,
    /// Such as mobile or work.
    pub label: String,
    /// Whether it is to be the primary one.
    pub designation: Designation,
}

/// A text that is fit for people to read: trimmed, not empty, not too long, on one line.
///
/// # Errors
/// `invalid_field`.
pub fn line(field: &str, text: &str, longest: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::invalid_field(field, "it is empty"));
    }
    if text.chars().count() > longest {
        return Err(Problem::invalid_field(field, &format!("it has more than {longest} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::invalid_field(field, "it has a line break or another control character"));
    }
    Ok(text.to_owned())
}

/// A label, which may be empty.
///
/// # Errors
/// `invalid_field`.
pub fn label(field: &str, text: &str) -> Result<String, Problem> {
    if text.trim().is_empty() {
        Ok(String::new())
    } else {
        line(field, text, LONGEST_LABEL)
    }
}

/// A number in E.164, read in the organization's region where it has no country.
///
/// # Errors
/// `invalid_field`, without the number.
pub fn number(field: &str, text: &str, region: Region) -> Result<E164, Problem> {
    normalize_phone_to_e164(text, Some(region)).map_err(|error| Problem::invalid_field(field, &error.to_string()))
}

/// A type of contact by its word.
///
/// # Errors
/// `invalid_field`.
pub fn contact_type(field: &str, word: &str) -> Result<ContactType, Problem> {
    let words = || ContactType::ALL.map(ContactType::as_str).join(", ");
    ContactType::from_word(word).ok_or_else(|| Problem::invalid_field(field, &format!("it is none of {}", words())))
}

/// A person as they can be stored; `field` is where in the request they were written.
///
/// # Errors
/// `invalid_field`.
pub fn contact(field: &str, written: &WrittenContact, region: Region) -> Result<NewContact, Problem> {
    let at = |name: &str| {
        if field.is_empty() {
            name.to_owned()
        } else {
            format!("{field}.{name}")
        }
    };
    if written.phones.len() > MOST_PHONES {
        return Err(Problem::invalid_field(&at("phones"), &format!("there are more than {MOST_PHONES}")));
    }
    let mut new: Vec<NewPhone> = Vec::with_capacity(written.phones.len());
    for (index, written) in written.phones.iter().enumerate() {
        let phone = phone(&at(&format!("phones[{index}]")), written, region)?;
        if new.iter().any(|other| other.e164 == phone.e164) {
            return Err(Problem::invalid_field(
                &at(&format!("phones[{index}].number")),
                "the same number is there twice",
            ));
        }
        if phone.designation == Designation::Primary && new.iter().any(|other| other.designation == Designation::Primary) {
            return Err(Problem::invalid_field(
                &at(&format!("phones[{index}].is_primary")),
                "only one number can be the primary one",
            ));
        }
        new.push(phone);
    }
    let kind = written
        .contact_type
        .as_deref()
        .map_or(Ok(ContactType::Other), |word| contact_type(&at("contact_type"), word))?;
    Ok(NewContact {
        name: line(&at("name"), &written.name, LONGEST_NAME)?,
        contact_type: kind,
        phones: new,
    })
}

/// A number as it can be stored; `field` is where in the request it was written.
///
/// # Errors
/// `invalid_field`.
pub fn phone(field: &str, written: &WrittenPhone, region: Region) -> Result<NewPhone, Problem> {
    let at = |name: &str| {
        if field.is_empty() {
            name.to_owned()
        } else {
            format!("{field}.{name}")
        }
    };
    Ok(NewPhone {
        e164: number(&at("number"), &written.number, region)?,
        label: label(&at("label"), &written.label)?,
        designation: written.designation,
    })
}

/// Where a number without the code of a country is read.
///
/// # Errors
/// [`StoreError`].
pub async fn region(tx: &mut Tx, access: &Access) -> Result<Region, StoreError> {
    let organization = organizations::read(tx, access.tenant()).await?;
    Ok(organization
        .and_then(|organization| organization.settings.region())
        .unwrap_or(Region::US))
}

/// What decides who reaches the case with this number.
///
/// # Errors
/// `not_found`.
pub async fn case(tx: &mut Tx, access: &Access, mycase_case_id: &str) -> Result<CaseReach, Problem> {
    cases::reach(tx, access.tenant(), mycase_case_id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Makes sure that the caller may know of a contact; `field` names it in the request, or is empty where it is the subject.
///
/// # Errors
/// `not_found`.
pub async fn known_contact(tx: &mut Tx, access: &Access, field: &str, contact: ContactId) -> Result<(), Problem> {
    if contacts::may_see(tx, &access.known_cases(), contact).await? {
        Ok(())
    } else {
        Err(missing(field))
    }
}

/// A role that the organization offers for new links.
///
/// # Errors
/// `not_found`, and `invalid_field` where the role is hidden.
pub async fn offered_role(tx: &mut Tx, access: &Access, role: ContactRoleId) -> Result<ContactRoleView, Problem> {
    let field = "contact_role_id";
    let role = contact_roles::view(tx, access.tenant(), role)
        .await?
        .ok_or_else(|| missing(field))?;
    if role.is_active {
        Ok(role)
    } else {
        Err(Problem::invalid_field(field, "this role is not offered any more"))
    }
}

/// Makes sure that a user is the organization's, and active.
///
/// # Errors
/// `not_found`.
pub async fn known_user(tx: &mut Tx, access: &Access, field: &str, user: UserId) -> Result<(), Problem> {
    if cases::has_user(tx, access.tenant(), user).await? {
        Ok(())
    } else {
        Err(missing(field))
    }
}

/// "Not found", of what a field of the request names.
#[must_use]
pub fn missing(field: &str) -> Problem {
    if field.is_empty() {
        return Problem::not_found();
    }
    Problem::new(
        ProblemCode::NotFound,
        format!("What the field `{field}` names does not exist here."),
    )
    .with("field", field)
}

/// Tells everybody who may see a contact how they are now, and gives the same to the caller.
///
/// # Errors
/// `not_found`.
pub async fn tell_contact(tx: &mut Tx, access: &Access, contact: ContactId) -> Result<ContactView, Problem> {
    let view = contacts::view(tx, access.tenant(), contact).await?.ok_or_else(Problem::not_found)?;
    let event = Event::ContactChanged {
        contact: Box::new(view.clone()),
    };
    tx.emit(
        access.organization(),
        NewEvent {
            audience: Audience::Contact(contact),
            event,
        },
    );
    Ok(view)
}

/// Tells everybody who may know of a case what happened in it.
pub fn tell_case(tx: &mut Tx, access: &Access, case: CaseId, event: Event) {
    tx.emit(
        access.organization(),
        NewEvent {
            audience: Audience::Case(case),
            event,
        },
    );
}

/// Tells everybody that rights changed: those of one user, or of many.
pub fn tell_access(tx: &mut Tx, access: &Access, user_id: Option<UserId>) {
    tx.emit(
        access.organization(),
        NewEvent {
            audience: Audience::Everyone,
            event: Event::AccessChanged { user_id },
        },
    );
}

/// Looks after the texts of a case whose people or rights changed, so that none is left to nobody.
///
/// # Errors
/// [`StoreError`].
pub async fn look_after(tx: &mut Tx, access: &Access, case: CaseId, now: Timestamp) -> Result<(), StoreError> {
    attention::recheck_cases(tx, access.tenant(), Some(case), now).await
}

/// Whether a contact has room for one more number.
///
/// # Errors
/// `limit_reached`.
pub async fn room_for_a_phone(tx: &mut Tx, access: &Access, contact: ContactId) -> Result<(), Problem> {
    let most = i64::try_from(MOST_PHONES).unwrap_or(i64::MAX);
    if phones::count(tx, access.tenant(), contact).await? < most {
        return Ok(());
    }
    Err(Problem::new(
        ProblemCode::LimitReached,
        format!("A contact can have {MOST_PHONES} numbers."),
    ))
}
