//! The audit: who did what to what, when, and how it ended. Append-only: nothing here changes or removes a line. Refuses
//! numbers, names and texts: a line holds ids and words of ours.

use std::fmt::Display;

use casewire_core::access::{OfficePermit, Tenant};
use casewire_core::id::{AuditId, CaseId, Id, UserId};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A line.
    WRITE = "insert into audit_lines (organization_id, id, at, user_id, act, subject, case_id, outcome, detail) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// A page, the newest first, beginning before a line.
    LIST = "select id, at, user_id, act, subject, case_id, outcome, detail from audit_lines \
        where organization_id = $1 and id < $2 and (cast($3 as uuid) is null or user_id = $3) \
        and (cast($4 as text) is null or subject = $4) and not exists (select 1 from walls w where w.organization_id = $1 \
        and w.user_id = $6 and w.case_id = audit_lines.case_id) order by id desc limit cast($5 as bigint)";
}

/// A line to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    user: Option<UserId>,
    act: &'static str,
    subject: String,
    case: Option<CaseId>,
    outcome: &'static str,
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

    /// What the system, a carrier or an operator at the command line did.
    #[must_use]
    pub fn of_system(act: &'static str, subject: impl Display) -> Self {
        Self {
            user: None,
            act,
            subject: subject.to_string(),
            case: None,
            outcome: "done",
            detail: String::new(),
        }
    }

    /// In this case.
    #[must_use]
    pub const fn in_case(mut self, case: CaseId) -> Self {
        self.case = Some(case);
        self
    }

    /// It did not end as it should: such as `refused` or `denied`.
    #[must_use]
    pub const fn with_outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = outcome;
        self
    }

    /// More of it: ids, states and words of ours.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// A line as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// The line.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; none for the system.
    pub user_id: Option<UserId>,
    /// What was done.
    pub act: String,
    /// To what.
    pub subject: String,
    /// In which case.
    pub case_id: Option<CaseId>,
    /// How it ended.
    pub outcome: String,
    /// More of it.
    pub detail: String,
}

/// Which lines to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// Those before this line; from the newest if none.
    pub before: Option<AuditId>,
    /// Those of this user alone.
    pub user: Option<UserId>,
    /// Those on this subject alone.
    pub subject: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Writes a line, in the transaction of what it tells of.
///
/// # Errors
/// [`StoreError`].
pub async fn write(tx: &mut Tx, tenant: Tenant, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
    let id = mint::<AuditId>();
    let Entry {
        user,
        act,
        subject,
        case,
        outcome,
        detail,
    } = entry;
    let line = params![tenant.organization(), id, now, *user, *act, subject, *case, *outcome, detail];
    tx.execute(WRITE, &line).await.map(drop)
}

/// A page of lines, the newest first, without those on cases that a wall keeps the reader from. The permit is one on the audit.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, permit: &OfficePermit, page: &AuditPage) -> Result<Vec<AuditLine>, StoreError> {
    let before = page.before.unwrap_or_else(|| AuditId::from_uuid(uuid::Uuid::max()));
    let filter = params![
        permit.organization(),
        before,
        page.user,
        page.subject.clone(),
        page.limit,
        permit.user()
    ];
    let rows = tx.rows(LIST, &filter).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(AuditLine {
                id: columns.id()?,
                at: columns.time()?,
                user_id: columns.opt_id()?,
                act: columns.text()?,
                subject: columns.text()?,
                case_id: columns.opt_id()?,
                outcome: columns.text()?,
                detail: columns.text()?,
            })
        })
        .collect()
}
