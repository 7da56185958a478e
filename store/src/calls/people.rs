//! Who is on calls: seats (one call per user at a time, which the key sees to), supervisors, who is signed in as an agent and what they
//! do, and who is to be rung for a number. Refuses to judge rights.

use casewire_core::access::Tenant;
use casewire_core::calls::Supervisor;
use casewire_core::id::{CallId, ContactId, LeadId, UserId};
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_core::view::{SupervisorView, UserRef};

use super::Saved;
use super::view::Subject;
use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Who supervises a call, in the order in which they came.
    SUPERVISORS = "select s.user_id, s.mode, s.entered_at, u.name from call_supervisors s \
        join users u on u.organization_id = s.organization_id and u.id = s.user_id \
        where s.organization_id = $1 and s.call_id = $2 order by s.entered_at, s.user_id";
    /// Somebody supervises, or does something else.
    SUPERVISE = "insert into call_supervisors (organization_id, call_id, user_id, mode, entered_at) values ($1, $2, $3, $4, $5) \
        on conflict (organization_id, call_id, user_id) do update set mode = excluded.mode";
    /// Somebody supervises no more.
    DISMISS = "delete from call_supervisors where organization_id = $1 and call_id = $2 and user_id = $3";
    /// Who is on a call.
    SEATED = "select user_id from call_seats where organization_id = $1 and call_id = $2";
    /// Puts somebody on a call who is on none.
    SEAT = "insert into call_seats (organization_id, user_id, call_id) values ($1, $2, $3) on conflict do nothing";
    /// Takes somebody off a call.
    UNSEAT = "delete from call_seats where organization_id = $1 and user_id = $2 and call_id = $3";
    /// The call that a user is on.
    CALL_OF = "select call_id from call_seats where organization_id = $1 and user_id = $2";
    /// Whoever last called or texted a number and could be rung now, the latest first.
    CALLEES = "select x.user_id from (select m.sent_by_user_id as user_id, m.at as at from sms_history m \
            where m.organization_id = $1 and m.peer = $2 and m.direction = 'outbound' and m.sent_by_user_id is not null \
            union all select h.user_id, h.started_at from call_history h \
            where h.organization_id = $1 and h.peer = $2 and h.user_id is not null) x \
        join users u on u.organization_id = $1 and u.id = x.user_id and u.is_active = 1 \
        join softphones s on s.organization_id = $1 and s.user_id = x.user_id and s.expires_at > $3 \
        where not exists (select 1 from call_seats k where k.organization_id = $1 and k.user_id = x.user_id) \
        and not exists (select 1 from call_history w where w.organization_id = $1 and w.user_id = x.user_id \
            and w.wrap_up_until > $3 and w.disposition is null) \
        group by x.user_id order by max(x.at) desc, x.user_id limit 20";
    /// Whoever holds a number, and their open lead.
    HOLDERS = "select p.contact_id, (select l.id from leads l where l.organization_id = $1 and l.contact_id = p.contact_id \
            and l.status = 'open' order by l.id desc limit 1) from contact_phones p where p.organization_id = $1 and p.e164 = $2 order by p.contact_id limit 2";
    /// The agents of an organization and what they do.
    AGENTS = "select u.id, u.name, s.elected_at, h.id, h.status, h.started_at, h.answered_at, v.kind, v.case_id, v.contact_id, \
            case when h.transfer_to_user_id = u.id then 1 else 0 end, \
            (select max(w.ended_at) from call_history w where w.organization_id = $1 and w.user_id = u.id \
                and w.wrap_up_until > $2 and w.disposition is null) \
        from users u \
        left join softphones s on s.organization_id = u.organization_id and s.user_id = u.id and s.expires_at > $2 \
        left join call_seats k on k.organization_id = u.organization_id and k.user_id = u.id \
        left join call_history h on h.organization_id = k.organization_id and h.id = k.call_id \
            and (h.user_id = u.id or h.transfer_to_user_id = u.id) \
        left join conversations v on v.organization_id = h.organization_id and v.id = h.conversation_id \
        where u.organization_id = $1 and u.is_active = 1 and exists (select 1 from role_assignments ra \
            join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id \
            where ra.organization_id = u.organization_id and ra.user_id = u.id and r.calls >= 2) \
        order by u.name, u.id";
}

/// Who supervises a call, in the order in which they came.
///
/// # Errors
/// [`StoreError`].
pub async fn supervisors(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<Vec<Supervisor>, StoreError> {
    let rows = tx.rows(SUPERVISORS, &params![tenant.organization(), call]).await?;
    rows.iter().map(|row| Ok(read_supervisor(row)?.0)).collect()
}

/// The same by name.
///
/// # Errors
/// [`StoreError`].
pub async fn supervisor_views(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<Vec<SupervisorView>, StoreError> {
    let rows = tx.rows(SUPERVISORS, &params![tenant.organization(), call]).await?;
    rows.iter()
        .map(|row| {
            let (supervisor, name) = read_supervisor(row)?;
            Ok(SupervisorView {
                user: UserRef { id: supervisor.user, name },
                mode: supervisor.mode,
                since: supervisor.entered_at,
            })
        })
        .collect()
}

fn read_supervisor(row: &Row) -> Result<(Supervisor, String), StoreError> {
    let mut c = row.columns();
    let (user, mode, entered_at) = (c.id()?, c.parsed()?, c.time()?);
    Ok((Supervisor { user, mode, entered_at }, c.text()?))
}

/// Writes who supervises a call, and nobody else.
pub(super) async fn keep_supervisors(tx: &mut Tx, tenant: Tenant, call: CallId, now: &[Supervisor]) -> Result<(), StoreError> {
    let organization = tenant.organization();
    let before = supervisors(tx, tenant, call).await?;
    for gone in before.iter().filter(|old| !now.iter().any(|new| new.user == old.user)) {
        tx.execute(DISMISS, &params![organization, call, gone.user]).await?;
    }
    for new in now.iter().filter(|new| !before.contains(new)) {
        let params = params![organization, call, new.user, new.mode.as_str(), new.entered_at];
        tx.execute(SUPERVISE, &params).await?;
    }
    Ok(())
}

/// Seats these users on a call, and nobody else.
pub(super) async fn seat(tx: &mut Tx, tenant: Tenant, call: CallId, now: &[UserId]) -> Result<Saved, StoreError> {
    let organization = tenant.organization();
    let rows = tx.rows(SEATED, &params![organization, call]).await?;
    let before = rows.iter().map(|row| row.columns().id()).collect::<Result<Vec<UserId>, _>>()?;
    for gone in before.iter().filter(|user| !now.contains(user)) {
        tx.execute(UNSEAT, &params![organization, *gone, call]).await?;
    }
    for new in now.iter().filter(|user| !before.contains(user)) {
        if tx.execute(SEAT, &params![organization, *new, call]).await? == 0 {
            return Ok(Saved::Taken(*new));
        }
    }
    Ok(Saved::Saved)
}

/// The call that a user is on, as its agent, as whom it rings at, or as a supervisor.
///
/// # Errors
/// [`StoreError`].
pub async fn call_of(tx: &mut Tx, tenant: Tenant, user: UserId) -> Result<Option<CallId>, StoreError> {
    let row = tx.row(CALL_OF, &params![tenant.organization(), user]).await?;
    row.map(|row| row.columns().id()).transpose()
}

/// Whoever last called or texted a number and could be rung now: active, with a softphone, on no call and not busy after one. The
/// latest first; whether they may take it is asked of their rights.
///
/// # Errors
/// [`StoreError`].
pub async fn callees(tx: &mut Tx, tenant: Tenant, peer: &Address, now: Timestamp) -> Result<Vec<UserId>, StoreError> {
    let rows = tx.rows(CALLEES, &params![tenant.organization(), peer, now]).await?;
    rows.iter().map(|row| row.columns().id()).collect()
}

/// Who holds a number, with their open lead, where it is exactly one.
///
/// # Errors
/// [`StoreError`].
pub async fn only_holder(tx: &mut Tx, tenant: Tenant, peer: &Address) -> Result<Option<(ContactId, Option<LeadId>)>, StoreError> {
    let rows = tx.rows(HOLDERS, &params![tenant.organization(), peer]).await?;
    let [row] = rows.as_slice() else { return Ok(None) };
    let mut c = row.columns();
    Ok(Some((c.id()?, c.opt_id()?)))
}

/// An agent, and what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Who.
    pub user: UserRef,
    /// Since when their softphone takes calls; none where none does.
    pub online_since: Option<Timestamp>,
    /// The call that they are on as its agent, or that rings at them.
    pub call: Option<AgentCall>,
    /// When the call ended after which they are busy.
    pub wrapping_up_since: Option<Timestamp>,
}

/// The call that an agent is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentCall {
    /// The call.
    pub id: CallId,
    /// The word of its status.
    pub status: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was taken.
    pub answered_at: Option<Timestamp>,
    /// Whether it rings at them, for it is being handed to them.
    pub is_handed_over: bool,
    /// What decides who reads it.
    pub subject: Subject,
}

/// The agents of an organization, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn agents(tx: &mut Tx, tenant: Tenant, now: Timestamp) -> Result<Vec<Agent>, StoreError> {
    let rows = tx.rows(AGENTS, &params![tenant.organization(), now]).await?;
    rows.iter()
        .map(|row| {
            let mut c = row.columns();
            let user = UserRef {
                id: c.id()?,
                name: c.text()?,
            };
            let online_since = c.opt_time()?;
            let (id, status, started_at, answered_at) = (c.opt_id()?, c.opt_text()?, c.opt_time()?, c.opt_time()?);
            let (kind, case, contact) = (c.opt_parsed()?, c.opt_id()?, c.opt_id()?);
            let is_handed_over = c.flag()?;
            let call = match (id, status, started_at, kind) {
                (Some(id), Some(status), Some(started_at), Some(kind)) => Some(AgentCall {
                    id,
                    status,
                    started_at,
                    answered_at,
                    is_handed_over,
                    subject: Subject { kind, case, contact },
                }),
                (None, _, _, _) | (_, None, _, _) | (_, _, None, _) | (_, _, _, None) => None,
            };
            Ok(Agent {
                user,
                online_since,
                call,
                wrapping_up_since: c.opt_time()?,
            })
        })
        .collect()
}
