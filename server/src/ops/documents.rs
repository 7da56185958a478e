//! The acts on documents. Whoever reads the texts of a case reads its documents (`sms:1`), whoever writes texts there adds to them
//! (`sms:2`); documents of a contact in no case go with the texts in no case. Each reading of a content is in the audit.

use casewire_core::access::{Access, Level, Resource, Tenant};
use casewire_core::documents::ContentHash;
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{CaseId, ContactId, DocumentId, OrganizationId};
use casewire_core::time::Timestamp;
use casewire_core::view::{DocumentView, FlowEntryView};
use casewire_store::audit::{self, Entry};
use casewire_store::documents::{self, Added, NewVersion, Owner, StoredVersion};
use casewire_store::flow::{self, FlowFilter};
use casewire_store::{Act, Tx, cases};

use super::{people, texts};
use crate::problem::{Problem, ProblemCode};

/// Whose a document is to be, as a caller names it.
#[derive(Debug, Clone)]
pub enum Place {
    /// Of the case with that number.
    Case(String),
    /// Of a contact, in no case.
    Contact(ContactId),
}

/// Asks whether the caller may add documents there, before they send one.
pub struct MayAddDocument {
    /// Who asks.
    pub access: Access,
    /// Where.
    pub place: Place,
}

impl Act for MayAddDocument {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        owner(tx, &self.access, &self.place, Level::Act).await.map(drop)
    }
}

/// Adds a content that lies in the storage already: a document, or a version of the one that has this name.
pub struct AddDocument {
    /// Who asks.
    pub access: Access,
    /// Where.
    pub place: Place,
    /// The name of the file, checked.
    pub name: String,
    /// Its hash.
    pub hash: ContentHash,
    /// Its size.
    pub size: u64,
    /// What it is.
    pub content_type: &'static str,
    /// The time.
    pub now: Timestamp,
}

impl Act for AddDocument {
    /// The document, and whether that is news.
    type Out = (DocumentView, Added);
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = access.tenant();
        let owner = owner(tx, access, &self.place, Level::Act).await?;
        let new = NewVersion {
            name: &self.name,
            hash: self.hash,
            size: self.size,
            content_type: self.content_type,
        };
        let added = documents::add(tx, tenant, owner, new, access.user(), now).await?;
        if added.is_new {
            let entry = Entry::by(access.user(), "add_document", added.id).with_detail(self.hash.to_string());
            audit::write(tx, tenant, &in_case(entry, owner), now).await?;
            tell(tx, access.organization(), added.id, owner, &self.place);
        }
        let view = documents::view(tx, tenant, added.id).await?.ok_or_else(Problem::not_found)?;
        Ok((view, added))
    }
}

/// Shows the documents of a case, or of a contact.
pub struct ListDocuments {
    /// Who asks.
    pub access: Access,
    /// Of the case with that number.
    pub case_id: Option<String>,
    /// Of a contact, and those that went to them.
    pub contact_id: Option<ContactId>,
}

impl Act for ListDocuments {
    type Out = Vec<DocumentView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        match (&self.case_id, self.contact_id) {
            (Some(number), None) => {
                let case = people::case(tx, access, number).await?;
                let permit = access.read(&case, Resource::Sms)?;
                Ok(documents::of_case(tx, &permit).await?)
            }
            (None, Some(contact)) => {
                people::known_contact(tx, access, "", contact).await?;
                Ok(documents::of_contact(tx, &access.visible(Resource::Sms, Level::See), contact).await?)
            }
            (Some(_), Some(_)) | (None, None) => Err(Problem::new(
                ProblemCode::InvalidQuery,
                "Say one of the query parameters `case_id` and `contact_id`.",
            )),
        }
    }
}

/// Shows a document with its versions.
pub struct ShowDocument {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub document: DocumentId,
}

impl Act for ShowDocument {
    type Out = DocumentView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        permitted(tx, &self.access, self.document).await?;
        documents::view(tx, self.access.tenant(), self.document)
            .await?
            .ok_or_else(Problem::not_found)
    }
}

/// Finds a version of a document to be read, with the entry for the audit.
pub struct ReadDocument {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub document: DocumentId,
    /// Which version; the latest unless it is said.
    pub version: Option<u32>,
}

impl Act for ReadDocument {
    type Out = (StoredVersion, Entry);
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        permitted(tx, access, self.document).await?;
        let version = documents::version(tx, access.tenant(), self.document, self.version)
            .await?
            .ok_or_else(Problem::not_found)?;
        let detail = format!("version {} {}", version.number, version.hash);
        let entry = Entry::read(access.user(), "read_document", self.document).with_detail(detail);
        let entry = in_case(entry, version.owner);
        Ok((version, entry))
    }
}

/// Shows which version went to whom and what came from whom: of a document, in a case, with a contact.
pub struct ShowFlow {
    /// Who asks.
    pub access: Access,
    /// Of a document.
    pub document: Option<DocumentId>,
    /// In the case with that number.
    pub case_id: Option<String>,
    /// With a contact.
    pub contact_id: Option<ContactId>,
    /// How many at most.
    pub limit: u32,
}

impl Act for ShowFlow {
    type Out = Vec<FlowEntryView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        if let Some(document) = self.document {
            permitted(tx, access, document).await?;
        }
        let case_id = match &self.case_id {
            Some(number) => {
                let case = texts::case_in_view(tx, access, number).await?;
                Some(access.read(&case, Resource::Sms)?.case())
            }
            None => None,
        };
        if let Some(contact) = self.contact_id {
            people::known_contact(tx, access, "", contact).await?;
        }
        let filter = FlowFilter {
            document_id: self.document,
            case_id,
            contact_id: self.contact_id,
        };
        Ok(flow::list(tx, &access.visible(Resource::Sms, Level::See), &filter, self.limit).await?)
    }
}

/// Makes sure that the caller may read a document.
async fn permitted(tx: &mut Tx, access: &Access, document: DocumentId) -> Result<Owner, Problem> {
    let owner = documents::owner(tx, access.tenant(), document)
        .await?
        .ok_or_else(Problem::not_found)?;
    match owner {
        Owner::Case(case) => {
            let case = cases::reach_by_id(tx, access.tenant(), case)
                .await?
                .ok_or_else(Problem::not_found)?;
            access.read(&case, Resource::Sms)?;
        }
        Owner::Contact(_) => drop(access.office(Resource::Sms, Level::See).map_err(|_| Problem::not_found())?),
    }
    Ok(owner)
}

/// Whose a document is to be, where the caller has that level there.
async fn owner(tx: &mut Tx, access: &Access, place: &Place, level: Level) -> Result<Owner, Problem> {
    match place {
        Place::Case(number) => {
            let case = people::case(tx, access, number).await?;
            if level >= Level::Act {
                access.contact(&case, Resource::Sms)?;
            } else {
                access.read(&case, Resource::Sms)?;
            }
            Ok(Owner::Case(case.case_id))
        }
        Place::Contact(contact) => {
            access.office(Resource::Sms, level)?;
            people::known_contact(tx, access, "contact_id", *contact).await?;
            Ok(Owner::Contact(*contact))
        }
    }
}

fn in_case(entry: Entry, owner: Owner) -> Entry {
    match owner {
        Owner::Case(case) => entry.in_case(case),
        Owner::Contact(_) => entry,
    }
}

fn tell(tx: &mut Tx, organization: OrganizationId, document_id: DocumentId, owner: Owner, place: &Place) {
    let (audience, mycase_case_id) = match (owner, place) {
        (Owner::Case(case), Place::Case(number)) => (Audience::CaseTexts(case), Some(number.clone())),
        (Owner::Case(case), Place::Contact(_)) => (Audience::CaseTexts(case), None),
        (Owner::Contact(_), Place::Case(_) | Place::Contact(_)) => (Audience::PersonalTexts, None),
    };
    let event = Event::DocumentChanged {
        document_id,
        mycase_case_id,
    };
    tx.emit(organization, NewEvent { audience, event });
}

/// The versions of documents that go with a text, checked: of the case or the contact that the text is of.
///
/// # Errors
/// `not_found` with the field, `not_sendable`.
pub(super) async fn attached(
    tx: &mut Tx,
    tenant: Tenant,
    case: Option<CaseId>,
    contact: Option<ContactId>,
    wanted: &[(DocumentId, Option<u32>)],
) -> Result<Vec<(DocumentId, StoredVersion)>, Problem> {
    let mut found = Vec::with_capacity(wanted.len());
    for (index, (document, number)) in wanted.iter().enumerate() {
        let missing = || people::missing(&format!("media[{index}]"));
        let version = documents::version(tx, tenant, *document, *number).await?.ok_or_else(missing)?;
        let is_theirs = match version.owner {
            Owner::Case(of) => case == Some(of),
            Owner::Contact(of) => case.is_none() && contact == Some(of),
        };
        if !is_theirs {
            return Err(missing());
        }
        found.push((*document, version));
    }
    let judged: Vec<(&str, u64)> = found
        .iter()
        .map(|(_, version)| (version.content_type.as_str(), version.size))
        .collect();
    casewire_core::documents::check_attachments(&judged).map_err(|(index, why)| {
        Problem::new(ProblemCode::NotSendable, format!("Attachment {}: {why}.", index + 1)).with("field", format!("media[{index}]"))
    })?;
    Ok(found)
}
