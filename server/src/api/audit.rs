//! The audit, for those who may read it: its entries, whether its chain holds, and an export. Every one of these reads is an entry
//! itself.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casewire_core::access::{Level, Resource};
use casewire_core::audit::{AuditKind, hex};
use casewire_core::id::{CaseId, ContactId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use casewire_store::audit::Entry;
use casewire_store::audit::checkpoints::SignedCheckpoint;
use casewire_store::audit::list::{Filter, Line, Page};
use serde::{Deserialize, Serialize};

use super::page;
use crate::auth::caller::Caller;
use crate::jobs::sign_audit::walk_on;
use crate::ops::read_audit::{ReadAudit, ReadChain};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Listing, Query};

/// How many entries behind the last checkpoint are checked when somebody looks.
const LOOKED_AT: u32 = 5000;

/// An entry of the audit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditEntryView {
    /// Its number within the organization, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Whether something was done, looked at, or refused.
    pub kind: AuditKind,
    /// Who; none for the system, a carrier or an operator.
    pub user: Option<UserRef>,
    /// What was done; for a refusal, the method and the route.
    pub act: String,
    /// To what, by its id.
    pub subject: String,
    /// In which case.
    pub case_id: Option<CaseId>,
    /// The number of that case.
    pub mycase_case_id: Option<String>,
    /// The caption of that case.
    pub case_name: Option<String>,
    /// About which person.
    pub contact_id: Option<ContactId>,
    /// The name of that person, in a case.
    pub contact_name: Option<String>,
    /// How it ended: `done`, or the code of the problem.
    pub outcome: String,
    /// More of it: ids and words.
    pub detail: String,
    /// SHA-256 over the hash before it and everything in the entry, in hexadecimal digits.
    pub hash: String,
    /// The hash of the entry before it; none for the first.
    pub previous_hash: Option<String>,
}

impl From<Line> for AuditEntryView {
    fn from(line: Line) -> Self {
        let entry = line.entry;
        Self {
            seq: entry.seq,
            at: entry.at,
            kind: entry.kind,
            user: line.user,
            act: entry.act,
            subject: entry.subject,
            case_id: entry.case_id,
            mycase_case_id: line.mycase_case_id,
            case_name: line.case_name,
            contact_id: entry.contact_id,
            contact_name: line.contact_name,
            outcome: entry.outcome,
            detail: entry.detail,
            hash: hex(&line.hash),
            previous_hash: line.previous.map(|hash| hex(&hash)),
        }
    }
}

/// What narrows the audit.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// What this user did.
    pub user_id: Option<UserId>,
    /// In the case with this number, its `mycase_case_id`.
    pub case: Option<String>,
    /// About this person.
    pub contact_id: Option<ContactId>,
    /// On the thing with this id.
    pub subject: Option<String>,
    /// act, read or refusal.
    pub kind: Option<AuditKind>,
    /// This act, such as `claim_text`.
    pub act: Option<String>,
    /// That ended so, such as `done` or `not_found`.
    pub outcome: Option<String>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// From 1 to 200, 50 unless said otherwise.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl AuditQuery {
    /// The filter, but for the case, whose number is looked up.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            user: self.user_id,
            case: None,
            contact: self.contact_id,
            subject: self.subject.clone(),
            kind: self.kind,
            act: self.act.clone(),
            outcome: self.outcome.clone(),
            from: self.from,
            until: self.until,
        }
    }

    /// The names of what narrows it, for the entry about the read.
    pub(super) fn named(&self) -> String {
        let given = [
            ("user_id", self.user_id.is_some()),
            ("case", self.case.is_some()),
            ("contact_id", self.contact_id.is_some()),
            ("subject", self.subject.is_some()),
            ("kind", self.kind.is_some()),
            ("act", self.act.is_some()),
            ("outcome", self.outcome.is_some()),
            ("from", self.from.is_some()),
            ("until", self.until.is_some()),
        ];
        let names: Vec<_> = given.iter().filter(|(_, is_given)| *is_given).map(|(name, _)| *name).collect();
        names.join(",")
    }
}

/// The audit, the newest entry first: of the cases in view and of no case; all that no wall hides for `audit:2`.
#[utoipa::path(
    get, path = "/api/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Listing<AuditEntryView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)),
)]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Listing<AuditEntryView>>, Problem> {
    let permit = caller.office(Resource::Audit, Level::See)?;
    let limit = page::limit(query.limit)?;
    let before = query.cursor.as_deref().map(read_cursor).transpose()?;
    app.audit.flush().await?;
    let act = ReadAudit {
        access: caller.access().clone(),
        permit,
        filter: query.filter(),
        mycase_case_id: query.case.clone(),
        page: Page { before, limit: limit + 1 },
    };
    let found = app.store.read(act).await?;
    let entry = Entry::read(caller.user(), "read_audit", "").with_detail(query.named());
    let entry = found.case.into_iter().fold(entry, Entry::in_case);
    app.audit.read(caller.tenant(), entry).await?;
    Ok(Json(listing(found.lines, limit)))
}

/// Whether the chain of the audit holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditChainView {
    /// How many entries there are.
    pub entries: i64,
    /// The hash of the last one.
    pub last_hash: String,
    /// Up to which entry everything holds, looked at just now: from the last checkpoint on, which is signed over all before it.
    pub verified_to: i64,
    /// The first entry that does not hold, if there is one.
    pub breaks_at: Option<i64>,
    /// The last checkpoint.
    pub checkpoint: Option<CheckpointView>,
}

/// A signed checkpoint of the audit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckpointView {
    /// Up to this entry.
    pub seq: i64,
    /// The hash of that entry.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The Ed25519 key by which it can be checked. Keep it apart from the database: it is what a check is worth.
    pub public_key: String,
    /// The Ed25519 signature.
    pub signature: String,
}

impl From<SignedCheckpoint> for CheckpointView {
    fn from(signed: SignedCheckpoint) -> Self {
        Self {
            seq: signed.checkpoint.seq,
            hash: hex(&signed.checkpoint.hash),
            at: signed.checkpoint.at,
            public_key: hex(&signed.public_key),
            signature: hex(&signed.signature),
        }
    }
}

/// Whether the chain of the audit holds, and how far it is signed.
#[utoipa::path(get, path = "/api/audit/chain", tag = "audit",
    responses((status = 200, body = AuditChainView), (status = 403, body = ProblemBody)))]
pub async fn chain(caller: Caller, State(app): State<App>) -> Result<Json<AuditChainView>, Problem> {
    let permit = caller.office(Resource::Audit, Level::See)?;
    app.audit.flush().await?;
    let (head, checkpoint) = app.store.read(ReadChain { permit }).await?;
    let (verified_to, breaks_at) = match walk_on(&app, permit.tenant(), checkpoint.as_ref(), Some(LOOKED_AT)).await? {
        Ok(walk) => (walk.seq(), None),
        Err(broken) => (broken.seq.saturating_sub(1), Some(broken.seq)),
    };
    Ok(Json(AuditChainView {
        entries: head.seq,
        last_hash: hex(&head.hash),
        verified_to,
        breaks_at,
        checkpoint: checkpoint.map(CheckpointView::from),
    }))
}

fn listing(mut lines: Vec<Line>, limit: u32) -> Listing<AuditEntryView> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = lines.len() > limit;
    lines.truncate(limit);
    let last = lines.last().filter(|_| has_more).map(|line| write_cursor(line.entry.seq));
    Listing {
        items: lines.into_iter().map(AuditEntryView::from).collect(),
        next_cursor: last,
    }
}

fn write_cursor(seq: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("audit|{seq}"))
}

fn read_cursor(cursor: &str) -> Result<i64, Problem> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        text.strip_prefix("audit|")?.parse().ok()
    };
    read().ok_or_else(|| Problem::of(ProblemCode::InvalidCursor))
}
