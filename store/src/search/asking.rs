//! Asking what can be found: texts, people, cases, calls, each within what the asker may see, which is judged before anything is
//! counted or cut off. The latest first; people and cases are few and put in order by whoever shows them.

use casewire_core::access::{CaseScope, Visible};
use casewire_core::id::{CallId, CaseId, ConversationId, Id};
use casewire_core::search::Query;
use casewire_core::search::document::{CASE, PERSON, tag_of_case, tag_of_organization};
use casewire_core::time::Timestamp;
use casewire_core::view::{CaseView, ContactView, Direction, MessageView, PersonView};
use uuid::Uuid;

use crate::cases::{self, case_view, case_view_joined};
use crate::contacts::{self, contact_columns, contact_phones_joined, visible_contact};
use crate::dialect::{Sought, documents, is_found, latest_first, spoken};
use crate::error::StoreError;
use crate::inbox::Offices;
use crate::message_view::{message_columns, message_joins, person, read_message};
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::{parameters, visible_case};

/// So many cases in reach are named in the question itself, so that what is out of reach is not even looked at.
const NAMED_CASES: usize = 300;
/// So many people and cases are looked at, the latest first.
const MOST_PEOPLE: u32 = 200;

/// Texts in reach: of cases `c`, and of the offices `$9` and `$10`; of the case `$11` alone where there is one.
macro_rules! texts_found {
    ($engine:ident) => {
        concat!(
            "select hit.doc, c.name, ",
            message_columns!(),
            " from (select d.doc, d.subject_id, d.conversation_id from ",
            documents!($engine),
            " cross join conversations v left join cases c on c.organization_id = v.organization_id and c.id = v.case_id where ",
            is_found!($engine),
            " and d.kind = 'text' and v.organization_id = d.organization_id and v.id = d.conversation_id and ((v.kind = 'case' and ",
            visible_case!("c"),
            ") or (v.kind in ('lead', 'contact') and cast($9 as bigint) = 1) or (v.kind = 'unknown' and cast($10 as bigint) = 1)) \
            and (cast($11 as uuid) is null or v.case_id = $11) order by ",
            latest_first!($engine),
            " limit cast($8 as bigint)) hit cross join conversation_items i \
            join conversations v on v.organization_id = i.organization_id and v.id = i.conversation_id ",
            message_joins!(),
            " where i.organization_id = $1 and i.conversation_id = hit.conversation_id and i.item_id = hit.subject_id \
            order by hit.doc desc"
        )
    };
}

macro_rules! people_found {
    ($engine:ident) => {
        concat!(
            "select ",
            contact_columns!(),
            " from (select ct.* from ",
            documents!($engine),
            " cross join contacts ct where ",
            is_found!($engine),
            " and d.kind = 'person' and ct.organization_id = d.organization_id and ct.id = d.subject_id and ",
            visible_contact!(),
            " order by ",
            latest_first!($engine),
            " limit cast($8 as bigint)) ct",
            contact_phones_joined!(),
            "order by ct.search_name, ct.id, p.is_primary desc, p.created_at, p.id"
        )
    };
}

macro_rules! cases_found {
    ($engine:ident) => {
        concat!(
            case_view!(),
            " from (select c.* from ",
            documents!($engine),
            " cross join cases c where ",
            is_found!($engine),
            " and d.kind = 'case' and c.organization_id = d.organization_id and c.id = d.subject_id and ",
            visible_case!("c"),
            " order by ",
            latest_first!($engine),
            " limit cast($8 as bigint)) c",
            case_view_joined!(),
            "order by c.id desc, u.name, u.id"
        )
    };
}

/// Calls with people who are found, in cases `c` in reach, or of no case where the office `$9` is; of the case `$10` alone where
/// there is one; before the call `$11`, `$12`.
macro_rules! calls_found {
    ($engine:ident) => {
        concat!(
            "select h.id, h.conversation_id, h.direction, h.started_at, h.status, h.duration_seconds, h.case_id, h.matter_id, c.name, \
            h.contact_id, h.case_contact_id, p.name, h.contact_role_name, h.peer from (select d.subject_id from ",
            documents!($engine),
            " where ",
            is_found!($engine),
            " and d.kind = 'person' order by ",
            latest_first!($engine),
            " limit 200) who cross join call_history h \
            left join cases c on c.organization_id = h.organization_id and c.id = h.case_id \
            left join contacts p on p.organization_id = h.organization_id and p.id = h.contact_id \
            where h.organization_id = $1 and h.contact_id = who.subject_id and ((h.case_id is null and h.matter_id is null \
            and cast($9 as bigint) = 1) or (h.case_id is not null and ",
            visible_case!("c"),
            ")) and (cast($10 as uuid) is null or h.case_id = $10) and (h.started_at, h.id) < ($11, $12) \
            order by h.started_at desc, h.id desc limit cast($8 as bigint)"
        )
    };
}

spoken! {
    /// Texts.
    TEXTS = texts_found;
    /// People.
    PEOPLE = people_found;
    /// Cases.
    CASES = cases_found;
    /// Calls.
    CALLS = calls_found;
}

/// Texts among the latest documents: PostgreSQL alone.
pub(crate) const RECENT_TEXTS: &str = texts_found!(recent);

statements! {
    /// The cases in reach, where they are few.
    IN_REACH = concat!("select c.id from cases c where c.organization_id = $1 and ", visible_case!("c"), " limit 301");
}

/// Which texts are asked for.
pub struct TextQuestion<'q> {
    /// The cases in reach.
    pub visible: &'q Visible,
    /// What else is in reach.
    pub offices: Offices,
    /// What is searched for.
    pub query: &'q Query,
    /// In this case alone.
    pub case: Option<CaseId>,
    /// Those before this place in time.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

/// A text that was found.
#[derive(Clone)]
pub struct FoundText {
    /// Its place in time, after which the next page begins.
    pub doc: i64,
    /// The caption of its case.
    pub case_name: Option<String>,
    /// The text where it stands, without its attachments and parts.
    pub message: MessageView,
}

/// Which calls are asked for.
pub struct CallQuestion<'q> {
    /// The cases in reach.
    pub visible: &'q Visible,
    /// Whether calls of no case are in reach.
    pub office: bool,
    /// What is searched for.
    pub query: &'q Query,
    /// In this case alone.
    pub case: Option<CaseId>,
    /// Those before this call.
    pub before: Option<(Timestamp, CallId)>,
    /// How many at most.
    pub limit: u32,
}

/// A call that was found by who was on it.
#[derive(Clone)]
pub struct FoundCall {
    /// The call.
    pub id: CallId,
    /// Where it stands.
    pub conversation_id: Option<ConversationId>,
    /// In or out.
    pub direction: Direction,
    /// When it began.
    pub at: Timestamp,
    /// How it ended, or how far it is.
    pub status: String,
    /// In seconds.
    pub duration_seconds: i64,
    /// Its case.
    pub case_id: Option<CaseId>,
    /// The number of its case.
    pub matter_id: Option<String>,
    /// The caption of its case.
    pub case_name: Option<String>,
    /// Who was called, or called.
    pub person: PersonView,
}

/// The texts that are found, the latest first.
///
/// # Errors
/// [`StoreError`].
pub async fn texts(tx: &mut Tx, question: &TextQuestion<'_>) -> Result<Vec<FoundText>, StoreError> {
    let (visible, organization) = (question.visible, question.visible.organization());
    let Offices { personal, unknown } = question.offices;
    let named = match question.case {
        Some(case) => Some(vec![tag_of_case(case)]),
        None => places(tx, visible, question.offices).await?,
    };
    if named.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let sought = Sought {
        tags: vec![tag_of_organization(organization)],
        places: named.clone().unwrap_or_default(),
        query: question.query,
    };
    let before = question.before.unwrap_or(i64::MAX);
    let own = params![tx.sought(&sought), before, question.limit, personal, unknown, question.case];
    let params = parameters(visible, own);
    let wanted = usize::try_from(question.limit).unwrap_or(usize::MAX);
    if let (None, Some(sql)) = (&named, tx.only_on_postgres(RECENT_TEXTS)) {
        let rows = tx.rows(sql, &params).await?;
        if rows.len() >= wanted {
            return found_texts(&rows);
        }
    }
    found_texts(&tx.rows(tx.spoken(TEXTS), &params).await?)
}

fn found_texts(rows: &[Row]) -> Result<Vec<FoundText>, StoreError> {
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(FoundText {
                doc: columns.int()?,
                case_name: columns.opt_text()?,
                message: read_message(&mut columns)?.0,
            })
        })
        .collect()
}

/// The tags of the places in reach where these are few; none where they are many, or everything is in reach.
async fn places(tx: &mut Tx, visible: &Visible, offices: Offices) -> Result<Option<Vec<String>>, StoreError> {
    if visible.includes(CaseScope::All) {
        return Ok(None);
    }
    let rows = tx.rows(IN_REACH, &parameters(visible, [])).await?;
    if rows.len() > NAMED_CASES {
        return Ok(None);
    }
    let mut tags = Vec::with_capacity(rows.len() + 3);
    for row in &rows {
        tags.push(tag_of_case(row.columns().id()?));
    }
    if offices.personal {
        tags.extend(["#lead".to_owned(), "#contact".to_owned()]);
    }
    if offices.unknown {
        tags.push("#unknown".to_owned());
    }
    Ok(Some(tags))
}

/// The people who are found and may be seen; `visible` are the cases that the asker may know of.
///
/// # Errors
/// [`StoreError`].
pub async fn people(tx: &mut Tx, visible: &Visible, query: &Query) -> Result<Vec<ContactView>, StoreError> {
    let sought = sought(visible, PERSON, query);
    let own = params![tx.sought(&sought), i64::MAX, MOST_PEOPLE];
    contacts::gather(&tx.rows(tx.spoken(PEOPLE), &parameters(visible, own)).await?)
}

/// The cases that are found; `visible` are those that the asker may know of.
///
/// # Errors
/// [`StoreError`].
pub async fn cases(tx: &mut Tx, visible: &Visible, query: &Query) -> Result<Vec<CaseView>, StoreError> {
    let sought = sought(visible, CASE, query);
    let own = params![tx.sought(&sought), i64::MAX, MOST_PEOPLE];
    cases::gather(&tx.rows(tx.spoken(CASES), &parameters(visible, own)).await?)
}

fn sought<'q>(visible: &Visible, tag: &str, query: &'q Query) -> Sought<'q> {
    Sought {
        tags: vec![tag.to_owned(), tag_of_organization(visible.organization())],
        places: Vec::new(),
        query,
    }
}

/// The calls with people who are found, the latest first.
///
/// # Errors
/// [`StoreError`].
pub async fn calls(tx: &mut Tx, question: &CallQuestion<'_>) -> Result<Vec<FoundCall>, StoreError> {
    let sought = sought(question.visible, PERSON, question.query);
    let (at, id) = question
        .before
        .map_or((Timestamp::from_micros(i64::MAX), Uuid::max()), |(at, id)| (at, id.uuid()));
    let own = params![tx.sought(&sought), i64::MAX, question.limit, question.office, question.case, at, id];
    let rows = tx.rows(tx.spoken(CALLS), &parameters(question.visible, own)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let (id, conversation_id, direction, at) = (columns.id()?, columns.opt_id()?, columns.parsed()?, columns.time()?);
            let (status, duration_seconds) = (columns.text()?, columns.int()?);
            let (case_id, matter_id, case_name) = (columns.opt_id()?, columns.opt_text()?, columns.opt_text()?);
            let (contact, link) = (columns.opt_id()?, columns.opt_id()?);
            let (name, role, peer) = (columns.opt_text()?, columns.opt_text()?, columns.text()?);
            Ok(FoundCall {
                id,
                conversation_id,
                direction,
                at,
                status,
                duration_seconds,
                case_id,
                matter_id,
                case_name,
                person: person((contact, link), name, role, &peer),
            })
        })
        .collect()
}
