//! The audit: who did, read or was refused what, when, and how it ended. Append-only and chained: an entry takes its number and its
//! hash at the commit, like events take theirs. Refuses numbers, names and texts: an entry holds ids and words of ours. Reading
//! it: [`list`]; its checkpoints: [`checkpoints`]; the chain as it is verified: [`walk`].

pub mod checkpoints;
pub mod list;
pub mod walk;

use std::borrow::Cow;
use std::fmt::Display;

use casewire_core::access::Tenant;
use casewire_core::audit::{AuditEntry, AuditKind, Hash, genesis};
use casewire_core::id::{CaseId, ContactId, OrganizationId, UserId};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::row::{Columns, Row};
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

statements! {
    /// Locks the end of a chain, and begins the chain where there is none.
    TAKE_HEAD = "insert into audit_heads (organization_id, last_seq, last_hash) values ($1, 0, $2) \
        on conflict (organization_id) do update set last_seq = audit_heads.last_seq returning last_seq, last_hash";
    /// Moves the end of a chain.
    ADVANCE_HEAD = "update audit_heads set last_seq = $2, last_hash = $3 where organization_id = $1";
    /// An entry.
    INSERT = "insert into audit_entries \
        (organization_id, seq, at, kind, user_id, act, subject, case_id, contact_id, outcome, detail, hash) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// Lines of before there was a chain, the oldest first.
    OLD_LINES = "select id, at, user_id, act, subject, case_id, outcome, detail from audit_lines where organization_id = $1 \
        order by id limit $2";
    /// Takes such a line away, once it is in the chain.
    DROP_OLD_LINE = "delete from audit_lines where organization_id = $1 and id = $2";
    /// The case and the contact of a conversation, a text, a call or a link, by its id.
    WHERE_IT_IS = "select case_id, contact_id from conversations where organization_id = $1 and id = $2 \
        union all select case_id, contact_id from sms_history where organization_id = $1 and id = $2 \
        union all select case_id, contact_id from call_history where organization_id = $1 and id = $2 \
        union all select case_id, contact_id from case_contacts where organization_id = $1 and id = $2";
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    kind: AuditKind,
    user: Option<UserId>,
    act: Cow<'static, str>,
    subject: String,
    case: Option<CaseId>,
    contact: Option<ContactId>,
    outcome: Cow<'static, str>,
    detail: String,
}

impl Entry {
    /// What a user did to a thing, named by its id. `act` is a verb and a noun, such as `add_phone`.
    #[must_use]
    pub fn by(user: UserId, act: &'static str, subject: impl Display) -> Self {
        Self {
            user: Some(user),
            ..Self::of_system(act, subject)
        }
    }

    /// What a user looked at, such as `open_conversation`.
    #[must_use]
    pub fn read(user: UserId, act: &'static str, subject: impl Display) -> Self {
        Self {
            kind: AuditKind::Read,
            ..Self::by(user, act, subject)
        }
    }

    /// What a user asked for and was not given; the act is the method and the route.
    #[must_use]
    pub fn refusal(user: UserId, route: String, outcome: &'static str) -> Self {
        Self {
            kind: AuditKind::Refusal,
            act: Cow::Owned(route),
            outcome: Cow::Borrowed(outcome),
            ..Self::by(user, "", "")
        }
    }

    /// What the system, a carrier or an operator at the command line did.
    #[must_use]
    pub fn of_system(act: &'static str, subject: impl Display) -> Self {
        let subject = subject.to_string();
        Self {
            kind: AuditKind::Act,
            user: None,
            act: Cow::Borrowed(act),
            contact: subject.parse().ok(),
            subject,
            case: None,
            outcome: Cow::Borrowed("done"),
            detail: String::new(),
        }
    }

    /// In this case.
    #[must_use]
    pub const fn in_case(mut self, case: CaseId) -> Self {
        self.case = Some(case);
        self
    }

    /// About this person.
    #[must_use]
    pub const fn about(mut self, contact: ContactId) -> Self {
        self.contact = Some(contact);
        self
    }

    /// On this thing, by its id.
    #[must_use]
    pub fn on(mut self, subject: impl Display) -> Self {
        self.subject = subject.to_string();
        self
    }

    /// It did not end as it should: such as `refused` or `denied`.
    #[must_use]
    pub fn with_outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = Cow::Borrowed(outcome);
        self
    }

    /// More of it: ids, states and words of ours.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn numbered(self, organization_id: OrganizationId, seq: i64, at: Timestamp) -> AuditEntry {
        let Self {
            kind,
            user,
            act,
            subject,
            case,
            contact,
            outcome,
            detail,
        } = self;
        AuditEntry {
            organization_id,
            seq,
            at,
            kind,
            user_id: user,
            act: act.into_owned(),
            subject,
            case_id: case,
            contact_id: contact,
            outcome: outcome.into_owned(),
            detail,
        }
    }
}

/// An entry that waits for its number.
#[derive(Debug)]
pub(crate) struct Recorded {
    entry: Entry,
    at: Timestamp,
}

/// The end of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 where there is none.
    pub seq: i64,
    /// Its hash, or what stands before the first.
    pub hash: Hash,
}

impl Head {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        let mut columns = row.columns();
        Ok(Self {
            seq: columns.int()?,
            hash: hash(&mut columns)?,
        })
    }
}

/// Writes an entry, in the transaction of what it tells of.
///
/// # Errors
/// [`StoreError`].
pub async fn write(tx: &mut Tx, tenant: Tenant, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
    let recorded = Recorded {
        entry: entry.clone(),
        at: now,
    };
    tx.record(tenant.organization(), recorded)
}

/// The case and the contact of a conversation, a text, a call or a link to a case; none of what is something else or nowhere.
///
/// # Errors
/// [`StoreError`].
pub async fn where_it_is(tx: &mut Tx, tenant: Tenant, id: uuid::Uuid) -> Result<(Option<CaseId>, Option<ContactId>), StoreError> {
    match tx.row(WHERE_IT_IS, &params![tenant.organization(), id]).await? {
        None => Ok((None, None)),
        Some(row) => {
            let mut columns = row.columns();
            Ok((columns.opt_id()?, columns.opt_id()?))
        }
    }
}

/// Takes lines that were written before there was a chain into it, at most `limit`, the oldest first. How many.
///
/// # Errors
/// [`StoreError`].
pub async fn take_in_old_lines(tx: &mut Tx, tenant: Tenant, limit: u32) -> Result<usize, StoreError> {
    let organization = tenant.organization();
    let lines = tx.rows(OLD_LINES, &params![organization, limit]).await?;
    for line in &lines {
        let mut columns = line.columns();
        let (id, at) = (columns.uuid()?, columns.time()?);
        let user = columns.opt_id()?;
        let (act, subject) = (columns.text()?, columns.text()?);
        let entry = Entry {
            kind: AuditKind::Act,
            user,
            act: Cow::Owned(act),
            contact: subject.parse().ok(),
            subject,
            case: columns.opt_id()?,
            outcome: Cow::Owned(columns.text()?),
            detail: columns.text()?,
        };
        tx.execute(DROP_OLD_LINE, &params![organization, id]).await?;
        tx.record(organization, Recorded { entry, at })?;
    }
    Ok(lines.len())
}

/// Numbers entries behind a head and chains them; the new head.
pub(crate) fn chain(
    organization: OrganizationId,
    head: Head,
    recorded: Vec<Recorded>,
) -> Result<(Vec<(AuditEntry, Hash)>, Head), StoreError> {
    let mut head = head;
    let mut entries = Vec::with_capacity(recorded.len());
    for Recorded { entry, at } in recorded {
        let seq = head.seq.checked_add(1).ok_or_else(|| StoreError::bug("the audit is full"))?;
        let entry = entry.numbered(organization, seq, at);
        head = Head {
            seq,
            hash: entry.hash(&head.hash),
        };
        entries.push((entry, head.hash));
    }
    Ok((entries, head))
}

/// The parameters of [`TAKE_HEAD`].
pub(crate) fn head_params(organization: OrganizationId) -> [Value; 2] {
    params![organization, genesis(organization)]
}

/// The parameters of [`INSERT`].
pub(crate) fn entry_params(entry: &AuditEntry, hash: &Hash) -> [Value; 12] {
    params![
        entry.organization_id,
        entry.seq,
        entry.at,
        entry.kind.as_str(),
        entry.user_id,
        &entry.act,
        &entry.subject,
        entry.case_id,
        entry.contact_id,
        &entry.outcome,
        &entry.detail,
        *hash
    ]
}

/// Reads the columns of an entry as they stand in the table, after the organization.
pub(crate) fn read_entry(organization_id: OrganizationId, columns: &mut Columns<'_>) -> Result<(AuditEntry, Hash), StoreError> {
    let entry = AuditEntry {
        organization_id,
        seq: columns.int()?,
        at: columns.time()?,
        kind: columns.parsed()?,
        user_id: columns.opt_id()?,
        act: columns.text()?,
        subject: columns.text()?,
        case_id: columns.opt_id()?,
        contact_id: columns.opt_id()?,
        outcome: columns.text()?,
        detail: columns.text()?,
    };
    Ok((entry, hash(columns)?))
}

/// Thirty-two bytes.
pub(crate) fn hash(columns: &mut Columns<'_>) -> Result<Hash, StoreError> {
    columns.sized()
}
