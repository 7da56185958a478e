//! Pages of the audit for those who may read it, the newest first: the entries of the cases in their view, and those of no case.
//! What a wall keeps from a reader is in no page of theirs, whatever their level. One statement a page.

use casewire_core::access::{Access, Level, OfficePermit, Resource};
use casewire_core::audit::{AuditEntry, AuditKind, Hash};
use casewire_core::id::{CaseId, ContactId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;

use crate::audit::{hash, read_entry};
use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::{parameters, visible_case};

/// A page, with the filter that the walk goes along.
macro_rules! page {
    ($along:literal) => {
        concat!(
            "select a.seq, a.at, a.kind, a.user_id, a.act, a.subject, a.case_id, a.contact_id, a.outcome, a.detail, a.hash, \
            u.name, c.mycase_case_id, c.name, case when a.case_id is null then null else p.name end, \
            (select b.hash from audit_entries b where b.organization_id = a.organization_id and b.seq = a.seq - 1) \
            from audit_entries a \
            left join cases c on c.organization_id = a.organization_id and c.id = a.case_id \
            left join users u on u.organization_id = a.organization_id and u.id = a.user_id \
            left join contacts p on p.organization_id = a.organization_id and p.id = a.contact_id \
            where a.organization_id = $1 and a.seq < $7 and ",
            $along,
            " and (a.case_id is null or (cast($6 as bigint) = 1 and not exists (select 1 from walls w where w.organization_id = $1 \
                and w.user_id = $2 and w.case_id = a.case_id)) or (c.id is not null and ",
            visible_case!("c"),
            ")) and (cast($8 as uuid) is null or a.user_id = $8) and (cast($9 as uuid) is null or a.case_id = $9) \
            and (cast($10 as uuid) is null or a.contact_id = $10) and (cast($11 as text) is null or a.subject = $11) \
            and (cast($12 as text) is null or a.kind = $12) and (cast($13 as text) is null or a.act = $13) \
            and (cast($14 as text) is null or a.outcome = $14) and a.at >= $15 and a.at < $16 \
            order by a.seq desc limit cast($17 as bigint)"
        )
    };
}

statements! {
    /// Along the whole audit.
    LIST = page!("a.seq > 0");
    /// Along what one user did.
    LIST_OF_USER = page!("a.user_id = $8");
    /// Along one case.
    LIST_OF_CASE = page!("a.case_id = $9");
    /// Along what is about one person.
    LIST_OF_CONTACT = page!("a.contact_id = $10");
    /// Along one subject.
    LIST_OF_SUBJECT = page!("a.subject = $11");
    /// The end of the chain.
    HEAD = "select last_seq, last_hash from audit_heads where organization_id = $1";
}

/// What narrows the audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// What this user did.
    pub user: Option<UserId>,
    /// In this case.
    pub case: Option<CaseId>,
    /// About this person.
    pub contact: Option<ContactId>,
    /// On the thing with this id.
    pub subject: Option<String>,
    /// Of this kind.
    pub kind: Option<AuditKind>,
    /// This act.
    pub act: Option<String>,
    /// That ended so.
    pub outcome: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// A stretch of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Those before this entry; from the newest if none.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// An entry as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The entry.
    pub entry: AuditEntry,
    /// Its hash.
    pub hash: Hash,
    /// The hash before it; none for the first.
    pub previous: Option<Hash>,
    /// Who, by the name of now.
    pub user: Option<UserRef>,
    /// The number of its case.
    pub mycase_case_id: Option<String>,
    /// The caption of its case.
    pub case_name: Option<String>,
    /// The name of the person that it is about, in a case.
    pub contact_name: Option<String>,
}

/// Who reads the audit, and how far they see: everything that no wall hides for those at the second level, otherwise what is of the
/// cases in view or of no case.
#[derive(Debug, Clone)]
pub struct Reader {
    access: Access,
    is_whole: bool,
}

impl Reader {
    /// A user with a permit on the audit.
    #[must_use]
    pub fn new(access: &Access, permit: &OfficePermit) -> Option<Self> {
        (permit.resource() == Resource::Audit && permit.user() == access.user()).then(|| Self {
            access: access.clone(),
            is_whole: access.level(Resource::Audit) >= Level::Act,
        })
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.access.user()
    }

    /// The proof of their organization.
    #[must_use]
    pub const fn tenant(&self) -> casewire_core::access::Tenant {
        self.access.tenant()
    }
}

/// A page of entries, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn page(tx: &mut Tx, reader: &Reader, filter: &Filter, page: Page) -> Result<Vec<Line>, StoreError> {
    let visible = reader.access.visible(Resource::Audit, Level::See);
    let own = params![
        reader.is_whole,
        page.before.unwrap_or(i64::MAX),
        filter.user,
        filter.case,
        filter.contact,
        filter.subject.clone(),
        filter.kind.map(AuditKind::as_str),
        filter.act.clone(),
        filter.outcome.clone(),
        filter.from.unwrap_or(Timestamp::from_micros(i64::MIN)),
        filter.until.unwrap_or(Timestamp::from_micros(i64::MAX)),
        page.limit
    ];
    let sql = match filter {
        Filter { subject: Some(_), .. } => LIST_OF_SUBJECT,
        Filter { contact: Some(_), .. } => LIST_OF_CONTACT,
        Filter { case: Some(_), .. } => LIST_OF_CASE,
        Filter { user: Some(_), .. } => LIST_OF_USER,
        Filter { .. } => LIST,
    };
    let rows = tx.rows(sql, &parameters(&visible, own)).await?;
    rows.iter().map(|row| read(reader, row)).collect()
}

fn read(reader: &Reader, row: &Row) -> Result<Line, StoreError> {
    let mut columns = row.columns();
    let (entry, own) = read_entry(reader.access.organization(), &mut columns)?;
    let name = columns.opt_text()?;
    let (mycase_case_id, case_name, contact_name) = (columns.opt_text()?, columns.opt_text()?, columns.opt_text()?);
    Ok(Line {
        user: entry.user_id.map(|id| UserRef {
            id,
            name: name.unwrap_or_default(),
        }),
        hash: own,
        previous: columns.opt_sized()?,
        mycase_case_id,
        case_name,
        contact_name,
        entry,
    })
}

/// The end of the organization's chain.
///
/// # Errors
/// [`StoreError`].
pub async fn head(tx: &mut Tx, tenant: casewire_core::access::Tenant) -> Result<super::Head, StoreError> {
    let organization = tenant.organization();
    match tx.row(HEAD, &params![organization]).await? {
        None => Ok(super::Head {
            seq: 0,
            hash: casewire_core::audit::genesis(organization),
        }),
        Some(row) => {
            let mut columns = row.columns();
            Ok(super::Head {
                seq: columns.int()?,
                hash: hash(&mut columns)?,
            })
        }
    }
}
