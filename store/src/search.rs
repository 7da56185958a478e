//! What can be found, kept in the transaction of what it is of: a text once for each conversation that it stands in, people and
//! cases as they are called now. What a word is, `casewire_core::search` says. Asking is in [`asking`].

pub mod asking;
pub mod filling;

use std::collections::BTreeSet;

use casewire_core::access::Tenant;
use casewire_core::id::{CaseId, ContactId, ConversationId, Id};
use casewire_core::search::document::{CASE, PERSON, line, place_in_time};
use casewire_core::search::{words_of_case, words_of_person, words_of_text};
use casewire_core::time::Timestamp;
use uuid::Uuid;

use crate::conversations::{ItemKind, NewItem};
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

statements! {
    /// A text in a conversation, with the tag of its case, or of what else it is; the second of two at one place goes beside it.
    ADD_TEXT = "insert into search_documents (organization_id, doc, kind, subject_id, conversation_id, words) \
        select $1, case when exists (select 1 from search_documents x where x.doc = $2) then $2 + 1 else $2 end, 'text', $3, $4, \
        cast($5 as text) || ' #' || case when v.kind = 'case' then substr(v.key, 6, 32) else v.kind end \
        from conversations v where v.organization_id = $1 and v.id = $4 and not exists (select 1 from search_documents y \
        where y.organization_id = $1 and y.subject_id = $3 and y.conversation_id = $4) on conflict do nothing";
    /// A text left a conversation.
    REMOVE_TEXT = "delete from search_documents where organization_id = $1 and subject_id = $2 and conversation_id = $3";
    /// A person or a case.
    ADD = "insert into search_documents (organization_id, doc, kind, subject_id, conversation_id, words) \
        select $1, case when exists (select 1 from search_documents x where x.doc = $2) then $2 + 1 else $2 end, $3, $4, null, $5 \
        from organizations o where o.id = $1 on conflict do nothing";
    /// A person or a case is called otherwise.
    REMOVE = "delete from search_documents where organization_id = $1 and subject_id = $2";
    /// What a person is called, and their numbers.
    PERSON_NOW = "select ct.name, ct.created_at, p.e164 from contacts ct left join contact_phones p \
        on p.organization_id = ct.organization_id and p.contact_id = ct.id where ct.organization_id = $1 and ct.id = $2";
    /// What a case is called.
    CASE_NOW = "select c.mycase_case_id, c.name, c.created_at from cases c where c.organization_id = $1 and c.id = $2";
}

/// The statement that lets a text be found in a conversation, for a pipeline; none where there is nothing to find it by.
pub(crate) fn adding(tenant: Tenant, conversation: ConversationId, item: &NewItem<'_>) -> Option<(&'static str, Vec<Value>)> {
    let words = match item.kind {
        ItemKind::Text => words_of_text(item.text),
        ItemKind::Call => BTreeSet::new(),
    };
    let doc = place_in_time(item.at, item.item_id, conversation.uuid());
    let line = line(tenant.organization(), &[], &words);
    let params = params![tenant.organization(), doc, item.item_id, conversation, line];
    (!words.is_empty()).then(|| (ADD_TEXT, params.to_vec()))
}

/// A text is no longer found in a conversation.
pub(crate) async fn remove_text(tx: &mut Tx, tenant: Tenant, item: Uuid, conversation: ConversationId) -> Result<(), StoreError> {
    tx.execute(REMOVE_TEXT, &params![tenant.organization(), item, conversation])
        .await
        .map(drop)
}

/// Lets a person be found by what they are called now, and by the numbers they have now.
///
/// # Errors
/// [`StoreError`].
pub async fn note_person(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<(), StoreError> {
    let rows = tx.rows(PERSON_NOW, &params![tenant.organization(), contact]).await?;
    let (mut name, mut since, mut numbers) = (String::new(), Timestamp::from_micros(0), Vec::new());
    for row in &rows {
        let mut columns = row.columns();
        (name, since) = (columns.text()?, columns.time()?);
        numbers.extend(columns.opt_text()?);
    }
    let words = words_of_person(&name, numbers.iter().map(String::as_str));
    replace(tx, tenant, ("person", PERSON), contact.uuid(), since, &words).await
}

/// Lets a case be found by its number and by what it is called now.
///
/// # Errors
/// [`StoreError`].
pub async fn note_case(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<(), StoreError> {
    let Some(row) = tx.row(CASE_NOW, &params![tenant.organization(), case]).await? else {
        return Ok(());
    };
    let mut columns = row.columns();
    let (number, name, since) = (columns.text()?, columns.text()?, columns.time()?);
    replace(tx, tenant, ("case", CASE), case.uuid(), since, &words_of_case(&number, &name)).await
}

async fn replace(
    tx: &mut Tx,
    tenant: Tenant,
    (kind, tag): (&'static str, &'static str),
    subject: Uuid,
    since: Timestamp,
    words: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let organization = tenant.organization();
    let doc = place_in_time(since, subject, Uuid::nil());
    let added = params![organization, doc, kind, subject, line(organization, &[tag], words)];
    tx.pipeline(vec![(REMOVE, params![organization, subject].to_vec()), (ADD, added.to_vec())])
        .await
        .map(drop)
}
