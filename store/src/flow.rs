//! The flow of documents: which version went to whom and what came from whom, when, in which role, in which case. Made of what is
//! attached to texts that somebody owns; a text that is offered to several cases belongs to the flow of none. A wall hides its case.

use casewire_core::access::Visible;
use casewire_core::id::{CaseId, ContactId, DocumentId};
use casewire_core::view::{FlowEntryView, UserRef};

use crate::error::StoreError;
use crate::message_view::person;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::{self, visible_case};

statements! {
    /// The latest entries of the flow, narrowed by document, case and contact. A document's flow has every text with one of its contents.
    FLOW = concat!("select m.at, m.direction, m.contact_id, m.case_contact_id, p.name, \
        coalesce(m.contact_role_name, case when m.contact_id = c.client_contact_id then 'Client' end), m.peer, \
        c.mycase_case_id, c.name, m.id, sm.position, m.conversation_id, sm.document_id, sm.version, coalesce(d.name, sm.name), sm.sha256, \
        sm.size, sm.content_type, sm.state, m.state, m.sent_by_user_id, su.name \
        from sms_media sm join sms_history m on m.organization_id = sm.organization_id and m.id = sm.message_id \
        left join cases c on c.organization_id = m.organization_id and c.id = m.case_id \
        left join contacts p on p.organization_id = m.organization_id and p.id = m.contact_id \
        left join documents d on d.organization_id = sm.organization_id and d.id = sm.document_id \
        left join users su on su.organization_id = m.organization_id and su.id = m.sent_by_user_id \
        where sm.organization_id = $1 and m.standing not in ('unclaimed', 'unknown') \
        and ((m.case_id is not null and ", visible_case!("c"), ") or (m.case_id is null and cast($6 as bigint) = 1)) \
        and (cast($7 as uuid) is null or sm.document_id = $7 or sm.sha256 in (select n.sha256 from document_versions n \
            where n.organization_id = $1 and n.document_id = $7)) \
        and (cast($8 as uuid) is null or m.case_id = $8) and (cast($9 as uuid) is null or m.contact_id = $9) \
        order by m.at desc, sm.message_id desc, sm.position limit cast($10 as bigint)");
}

/// Which part of the flow.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlowFilter {
    /// Of the contents of a document.
    pub document_id: Option<DocumentId>,
    /// In a case.
    pub case_id: Option<CaseId>,
    /// To and from a contact.
    pub contact_id: Option<ContactId>,
}

/// The latest entries of the flow; `visible` being the cases whose texts the user reads.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, visible: &Visible, filter: &FlowFilter, limit: u32) -> Result<Vec<FlowEntryView>, StoreError> {
    let own = params![visible.office(), filter.document_id, filter.case_id, filter.contact_id, limit];
    let rows = tx.rows(FLOW, &visible::parameters(visible, own)).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<FlowEntryView, StoreError> {
    let mut columns = row.columns();
    let (at, direction) = (columns.time()?, columns.parsed()?);
    let ids = (columns.opt_id()?, columns.opt_id()?);
    let (name, role, peer) = (columns.opt_text()?, columns.opt_text()?, columns.text()?);
    let (mycase_case_id, case_name) = (columns.opt_text()?, columns.opt_text()?);
    let (message_id, position, conversation_id) = (columns.id()?, columns.int()?, columns.opt_id()?);
    let (document_id, version, file_name) = (columns.opt_id()?, columns.opt_int()?, columns.opt_text()?);
    let sha256 = columns.opt_bytes()?;
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    Ok(FlowEntryView {
        at,
        direction,
        person: person(ids, name, role, &peer),
        mycase_case_id,
        case_name,
        message_id,
        position: u32::try_from(position).unwrap_or(0),
        conversation_id,
        document_id,
        version: version.and_then(|version| u32::try_from(version).ok()),
        name: file_name,
        sha256: sha256.map(hex),
        size: columns.opt_int()?.and_then(|size| u64::try_from(size).ok()),
        content_type: columns.text()?,
        state: columns.parsed()?,
        delivery: columns.opt_parsed()?,
        sent_by: columns.opt_id()?.zip(columns.opt_text()?).map(|(id, name)| UserRef { id, name }),
    })
}
