//! What is known of the sender of an inbound text, gathered in one statement for the routing rule, and the row that the text
//! becomes. Refuses to decide: `casewire_core::messaging::routing` does.

use std::collections::HashMap;

use casewire_core::access::Tenant;
use casewire_core::id::{CaseContactId, CaseId, ContactId, ConversationId, LeadId, MessageId};
use casewire_core::messaging::opt_out::OptOut;
use casewire_core::messaging::routing::{CaseStatus, Holder, Link};
use casewire_core::phone::Address;

use crate::error::StoreError;
use crate::params;
use crate::row::Columns;
use crate::statements::statements;
use crate::tx::Tx;

/// The conversation of case `c` with the holder `h`.
macro_rules! conversation_of_link {
    () => {
        "(select v.id from conversations v where v.organization_id = h.organization_id and v.contact_id = h.contact_id \
            and v.case_id = c.id)"
    };
}

statements! {
    /// Links and holders of a number, the organization's settings, the opt-out ledger, and whether the text is here already.
    GATHER = concat!(
        "select 'link', c.id, c.mycase_case_id, c.status, h.contact_id, cast(null as uuid), 'Client', s.opened_at, ",
        conversation_of_link!(),
        " from contact_phones h \
        join cases c on c.organization_id = h.organization_id and c.client_contact_id = h.contact_id \
        left join sms_sessions s on s.organization_id = h.organization_id and s.contact_id = h.contact_id and s.case_id = c.id \
        where h.organization_id = $1 and h.e164 = $2 \
        union all \
        select 'link', c.id, c.mycase_case_id, c.status, h.contact_id, cc.id, cr.name, s.opened_at, ",
        conversation_of_link!(),
        " from contact_phones h \
        join case_contacts cc on cc.organization_id = h.organization_id and cc.contact_id = h.contact_id and cc.removed_at is null \
        join cases c on c.organization_id = h.organization_id and c.id = cc.case_id \
        join contact_roles cr on cr.id = cc.contact_role_id \
        left join sms_sessions s on s.organization_id = h.organization_id and s.contact_id = h.contact_id and s.case_id = c.id \
        where h.organization_id = $1 and h.e164 = $2 \
        union all \
        select 'holder', cast(null as uuid), '', '', h.contact_id, l.id, '', cast(null as bigint), cast(null as uuid) \
        from contact_phones h \
        left join leads l on l.organization_id = h.organization_id and l.contact_id = h.contact_id and l.status = 'open' \
        where h.organization_id = $1 and h.e164 = $2 \
        union all \
        select 'settings', cast(null as uuid), '', '', cast(null as uuid), cast(null as uuid), o.settings, cast(null as bigint), \
        cast(null as uuid) from organizations o where o.id = $1 \
        union all \
        select 'opt_out', cast(null as uuid), '', '', cast(null as uuid), cast(null as uuid), oo.state, cast(null as bigint), \
        cast(null as uuid) from opt_outs oo where oo.organization_id = $1 and oo.peer = $2 \
        union all \
        select 'seen', m.id, '', '', cast(null as uuid), cast(null as uuid), '', cast(null as bigint), cast(null as uuid) \
        from sms_history m where m.organization_id = $1 and m.provider_id = $3"
    );
    /// The text with that provider id.
    STORED = "select m.id from sms_history m where m.organization_id = $1 and m.provider_id = $2";
}

/// All that an organization knows of a sender.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Every link of a holder of the number to a case.
    pub links: Vec<Link>,
    /// Every holder of the number, once per open lead.
    pub holders: Vec<Holder>,
    /// The number of each case that is linked.
    pub case_numbers: HashMap<CaseId, String>,
    /// The role that each link gives; "Client" for a case's client.
    pub roles: HashMap<(CaseId, ContactId), String>,
    /// The conversations that exist.
    pub conversations: HashMap<(CaseId, ContactId), ConversationId>,
    /// The organization's settings, as JSON.
    pub settings: String,
    /// Whether the number opted out before.
    pub opt_out: Option<OptOut>,
    /// The text itself, where the carrier delivers it once more.
    pub seen: Option<MessageId>,
}

/// Gathers all that is known of a sender, in one statement.
///
/// # Errors
/// [`StoreError`].
pub async fn gather(tx: &mut Tx, tenant: Tenant, sender: &Address, provider_id: &str) -> Result<Gathered, StoreError> {
    let rows = tx.rows(GATHER, &params![tenant.organization(), sender, provider_id]).await?;
    let mut gathered = Gathered::default();
    for row in &rows {
        let mut columns = row.columns();
        match columns.text()?.as_str() {
            "link" => gathered.take_link(&mut columns)?,
            "holder" => gathered.take_holder(&mut columns)?,
            "settings" => gathered.settings = word_at_the_end(&mut columns)?,
            "opt_out" => gathered.opt_out = word_at_the_end(&mut columns)?.parse().ok(),
            _seen => gathered.seen = columns.opt_id()?,
        }
    }
    Ok(gathered)
}

/// The text with that provider id, which another node stored between our look and our insert.
///
/// # Errors
/// [`StoreError`].
pub async fn stored(tx: &mut Tx, tenant: Tenant, provider_id: &str) -> Result<MessageId, StoreError> {
    let row = tx.row(STORED, &params![tenant.organization(), provider_id]).await?;
    row.ok_or_else(|| StoreError::bug("a text is neither new nor there"))?
        .columns()
        .id()
}

impl Gathered {
    fn take_link(&mut self, columns: &mut Columns<'_>) -> Result<(), StoreError> {
        let (case_id, number, status): (CaseId, String, String) = (columns.id()?, columns.text()?, columns.text()?);
        let (contact_id, case_contact_id): (ContactId, Option<CaseContactId>) = (columns.id()?, columns.opt_id()?);
        let (role, session_opened_at, conversation) = (columns.text()?, columns.opt_time()?, columns.opt_id::<ConversationId>()?);
        let status = if status == "open" { CaseStatus::Open } else { CaseStatus::Closed };
        self.links.push(Link {
            case_id,
            status,
            contact_id,
            case_contact_id,
            session_opened_at,
        });
        self.case_numbers.insert(case_id, number);
        if case_contact_id.is_some() || !self.roles.contains_key(&(case_id, contact_id)) {
            self.roles.insert((case_id, contact_id), role);
        }
        if let Some(conversation) = conversation {
            self.conversations.insert((case_id, contact_id), conversation);
        }
        Ok(())
    }

    fn take_holder(&mut self, columns: &mut Columns<'_>) -> Result<(), StoreError> {
        let _case: Option<CaseId> = columns.opt_id()?;
        let (_number, _status) = (columns.text()?, columns.text()?);
        let (contact_id, lead_id): (ContactId, Option<LeadId>) = (columns.id()?, columns.opt_id()?);
        self.holders.push(Holder { contact_id, lead_id });
        Ok(())
    }
}

/// The seventh column of a row of which the first is read.
fn word_at_the_end(columns: &mut Columns<'_>) -> Result<String, StoreError> {
    let _case: Option<CaseId> = columns.opt_id()?;
    let (_number, _status) = (columns.text()?, columns.text()?);
    let _ids: (Option<ContactId>, Option<LeadId>) = (columns.opt_id()?, columns.opt_id()?);
    columns.text()
}
