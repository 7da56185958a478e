//! Documents as rows: of a case, or of a contact where there is no case, each with versions that only grow. The contents lie elsewhere,
//! by their hash. What went with which text is in [`crate::flow`]. Whoever reads the texts of a case reads its documents.

use casewire_core::access::{Permit, Tenant, Visible};
use casewire_core::documents::{ContentHash, name_key};
use casewire_core::id::{CaseId, ContactId, DocumentId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::{DocumentVersionView, DocumentView, UserRef};

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::{Columns, Row};
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;
use crate::visible::{self, visible_case};

/// The columns of a document with one of its versions, over `d`, `c`, `n`, `u`, `nu`.
macro_rules! document_columns {
    () => {
        "d.id, d.name, d.case_id, c.mycase_case_id, d.contact_id, d.created_by_user_id, u.name, d.created_at, d.updated_at, \
        n.number, n.sha256, n.size, n.content_type, n.uploaded_by_user_id, nu.name, n.created_at, \
        (select count(*) from sms_media sm where sm.organization_id = d.organization_id and sm.document_id = d.id and sm.version = n.number)"
    };
}

/// The tables beside a document `d`, behind [`document_columns`].
macro_rules! document_joins {
    () => {
        " join document_versions n on n.organization_id = d.organization_id and n.document_id = d.id \
        join users u on u.organization_id = d.organization_id and u.id = d.created_by_user_id \
        join users nu on nu.organization_id = n.organization_id and nu.id = n.uploaded_by_user_id \
        left join cases c on c.organization_id = d.organization_id and c.id = d.case_id "
    };
}

statements! {
    /// The document of that name, in a case or of a contact; locked, so that two versions that come at once get two numbers.
    TOUCH = "update documents set updated_at = $5 where organization_id = $1 and name_key = $4 \
        and ((case_id = $2 and cast($3 as uuid) is null) or (case_id is null and contact_id = $3)) returning id";
    /// A new document, unless another one came first.
    INSERT = "insert into documents (organization_id, id, case_id, contact_id, name, name_key, created_by_user_id, created_at, updated_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8) on conflict do nothing";
    /// The latest version.
    LATEST = "select number, sha256 from document_versions where organization_id = $1 and document_id = $2 order by number desc limit 1";
    /// A new version.
    INSERT_VERSION = "insert into document_versions (organization_id, document_id, number, sha256, size, content_type, \
        uploaded_by_user_id, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Whose a document is.
    OWNER = "select case_id, contact_id from documents where organization_id = $1 and id = $2";
    /// One document with its versions.
    VIEW = concat!("select ", document_columns!(), " from documents d", document_joins!(),
        "where d.organization_id = $1 and d.id = $2 order by n.number desc");
    /// The documents of a case, by name.
    OF_CASE = concat!("select ", document_columns!(), " from documents d", document_joins!(),
        "where d.organization_id = $1 and d.case_id = $2 order by d.name_key, d.id, n.number desc");
    /// The documents of a contact, and those in view that went to them.
    OF_CONTACT = concat!("select ", document_columns!(), " from documents d", document_joins!(),
        "where d.organization_id = $1 and ((d.case_id is null and d.contact_id = $7 and cast($6 as bigint) = 1) \
        or (d.case_id is not null and ", visible_case!("c"), " and exists (select 1 from sms_media sm \
            join sms_history m on m.organization_id = sm.organization_id and m.id = sm.message_id \
            where sm.organization_id = d.organization_id and sm.document_id = d.id and m.contact_id = $7))) \
        order by d.name_key, d.id, n.number desc");
    /// A version of a document.
    VERSION = "select d.name, n.number, n.sha256, n.size, n.content_type, d.case_id, d.contact_id from documents d \
        join document_versions n on n.organization_id = d.organization_id and n.document_id = d.id \
        where d.organization_id = $1 and d.id = $2 and (cast($3 as bigint) is null or n.number = $3) order by n.number desc limit 1";
}

/// Whose a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Of a case.
    Case(CaseId),
    /// Of a contact, where there is no case.
    Contact(ContactId),
}

impl Owner {
    const fn ids(self) -> (Option<CaseId>, Option<ContactId>) {
        match self {
            Self::Case(case) => (Some(case), None),
            Self::Contact(contact) => (None, Some(contact)),
        }
    }

    fn of_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        match (columns.opt_id()?, columns.opt_id()?) {
            (Some(case), _) => Ok(Self::Case(case)),
            (None, Some(contact)) => Ok(Self::Contact(contact)),
            (None, None) => Err(StoreError::bug("a document is nobody's")),
        }
    }
}

/// A content that was uploaded.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'v> {
    /// The name of the file, checked.
    pub name: &'v str,
    /// Its hash.
    pub hash: ContentHash,
    /// Its size.
    pub size: u64,
    /// What it is by its first bytes.
    pub content_type: &'v str,
}

/// What became of a content that was uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// The document.
    pub id: DocumentId,
    /// False where its latest version has the same content.
    pub is_new: bool,
}

/// A version of a document, as it is sent or read.
#[derive(Debug, Clone)]
pub struct StoredVersion {
    /// The name of the document.
    pub name: String,
    /// Which version.
    pub number: u32,
    /// The hash of its content.
    pub hash: ContentHash,
    /// Its size.
    pub size: u64,
    /// What it is.
    pub content_type: String,
    /// Whose it is.
    pub owner: Owner,
}

/// Adds a version to the document of that name, or makes the document. The same content as the latest version has adds nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, owner: Owner, new: NewVersion<'_>, by: UserId, now: Timestamp) -> Result<Added, StoreError> {
    let organization = tenant.organization();
    let (case, contact) = owner.ids();
    let key = name_key(new.name);
    let touch = params![organization, case, contact, &key, now];
    let mut found = tx.row(TOUCH, &touch).await?;
    if found.is_none() {
        let id: DocumentId = mint();
        tx.execute(INSERT, &params![organization, id, case, contact, new.name, &key, by, now])
            .await?;
        found = tx.row(TOUCH, &touch).await?;
    }
    let row = found.ok_or_else(|| StoreError::bug("a document that was made is not there"))?;
    let id: DocumentId = row.columns().id()?;
    let latest = match tx.row(LATEST, &params![organization, id]).await? {
        Some(row) => {
            let mut columns = row.columns();
            Some((columns.int()?, hash(&mut columns)?))
        }
        None => None,
    };
    if latest.is_some_and(|(_, hash)| hash == new.hash) {
        return Ok(Added { id, is_new: false });
    }
    let number = latest.map_or(1, |(number, _)| number.saturating_add(1));
    let version = params![organization, id, number, *new.hash.bytes(), new.size, new.content_type, by, now];
    tx.execute(INSERT_VERSION, &version).await?;
    Ok(Added { id, is_new: true })
}

/// Whose a document is; none where there is no such document.
///
/// # Errors
/// [`StoreError`].
pub async fn owner(tx: &mut Tx, tenant: Tenant, id: DocumentId) -> Result<Option<Owner>, StoreError> {
    let row = tx.row(OWNER, &params![tenant.organization(), id]).await?;
    row.map(|row| Owner::of_row(&mut row.columns())).transpose()
}

/// One document; whether it may be seen is asked before.
///
/// # Errors
/// [`StoreError`].
pub async fn view(tx: &mut Tx, tenant: Tenant, id: DocumentId) -> Result<Option<DocumentView>, StoreError> {
    let rows = tx.rows(VIEW, &params![tenant.organization(), id]).await?;
    Ok(gather(&rows)?.pop())
}

/// The documents of a case, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn of_case<K>(tx: &mut Tx, permit: &Permit<K>) -> Result<Vec<DocumentView>, StoreError> {
    let rows = tx.rows(OF_CASE, &params![permit.organization(), permit.case()]).await?;
    gather(&rows)
}

/// The documents of a contact, and those of cases in view that went to them, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn of_contact(tx: &mut Tx, visible: &Visible, contact: ContactId) -> Result<Vec<DocumentView>, StoreError> {
    let own = [Value::from(visible.office()), Value::from(contact)];
    let rows = tx.rows(OF_CONTACT, &visible::parameters(visible, own)).await?;
    gather(&rows)
}

/// A version of a document, the latest where none is named; whether it may be read is asked before.
///
/// # Errors
/// [`StoreError`].
pub async fn version(tx: &mut Tx, tenant: Tenant, id: DocumentId, number: Option<u32>) -> Result<Option<StoredVersion>, StoreError> {
    let Some(row) = tx.row(VERSION, &params![tenant.organization(), id, number]).await? else {
        return Ok(None);
    };
    let mut columns = row.columns();
    Ok(Some(StoredVersion {
        name: columns.text()?,
        number: small(columns.int()?),
        hash: hash(&mut columns)?,
        size: size(columns.int()?),
        content_type: columns.text()?,
        owner: Owner::of_row(&mut columns)?,
    }))
}

/// Reads a hash.
pub(crate) fn hash(columns: &mut Columns<'_>) -> Result<ContentHash, StoreError> {
    let bytes = columns.bytes()?;
    let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| StoreError::bug("a hash has another length than 32"))?;
    Ok(ContentHash::of_bytes(bytes))
}

fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// Reads a size.
pub(crate) fn size(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// Puts the rows of one document after the other together, in their order.
fn gather(rows: &[Row]) -> Result<Vec<DocumentView>, StoreError> {
    let mut documents: Vec<DocumentView> = Vec::new();
    for row in rows {
        let mut columns = row.columns();
        let document = DocumentView {
            id: columns.id()?,
            name: columns.text()?,
            case_id: columns.opt_id()?,
            mycase_case_id: columns.opt_text()?,
            contact_id: columns.opt_id()?,
            created_by: user(&mut columns)?,
            created_at: columns.time()?,
            updated_at: columns.time()?,
            versions: Vec::new(),
        };
        let version = DocumentVersionView {
            number: small(columns.int()?),
            sha256: hash(&mut columns)?.to_string(),
            size: size(columns.int()?),
            content_type: columns.text()?,
            uploaded_by: user(&mut columns)?,
            created_at: columns.time()?,
            sent_count: small(columns.int()?),
        };
        if documents.last().is_none_or(|last| last.id != document.id) {
            documents.push(document);
        }
        if let Some(last) = documents.last_mut() {
            last.versions.push(version);
        }
    }
    Ok(documents)
}

fn user(columns: &mut Columns<'_>) -> Result<UserRef, StoreError> {
    Ok(UserRef {
        id: columns.id()?,
        name: columns.text()?,
    })
}
