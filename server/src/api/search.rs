//! `/api/search/`: one question to people, cases, texts and calls. The act: `crate::ops::search`; what a word is:
//! `casewire_core::search`.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casewire_core::id::{CallId, CaseId, ConversationId, MessageId};
use casewire_core::messaging::claims::StandingKind;
use casewire_core::search::{Query as Question, Snippet};
use casewire_core::time::Timestamp;
use casewire_core::view::{CaseView, ContactView, Direction, PersonView};
use casewire_store::audit::Entry;
use casewire_store::search::asking::{FoundCall, FoundText};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page;
use crate::auth::caller::Caller;
use crate::ops::search::{Found, Kinds, Search};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Listing, Query};

/// How many of each kind there are unless the caller says otherwise, and at most.
const USUAL: u32 = 20;
const MOST: u32 = 50;

/// What is searched for, and where.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// At most 200 characters. All words must be there; the last one may be the beginning of one, from two characters on. Case,
    /// diacritics and punctuation make no difference; digits find numbers however they are written. Without a letter, digit or
    /// symbol nothing is found.
    pub q: String,
    /// Of people, cases, messages and calls those that are searched, with commas between; all unless it is said.
    pub kinds: Option<String>,
    /// Only within the case with this number: its texts and calls.
    pub case_id: Option<String>,
    /// Where the page begins; only where messages or calls alone are searched.
    pub cursor: Option<String>,
    /// How many of each kind, from 1 to 50; 20 unless it is said.
    pub limit: Option<u32>,
}

/// A person who was found.
#[derive(Serialize, ToSchema)]
pub struct FoundPersonView {
    /// The person.
    pub contact: ContactView,
    /// Their name, with the places of what was searched for.
    pub name: Snippet,
}

/// A case that was found.
#[derive(Serialize, ToSchema)]
pub struct FoundCaseView {
    /// The case.
    pub case: CaseView,
    /// Its number, with the places of what was searched for.
    pub number: Snippet,
    /// Its caption, with the places of what was searched for.
    pub name: Snippet,
}

/// A text that was found, where it stands.
#[derive(Serialize, ToSchema)]
pub struct FoundMessageView {
    /// The text.
    pub message_id: MessageId,
    /// The conversation that it was found in.
    pub conversation_id: ConversationId,
    /// In or out.
    pub direction: Direction,
    /// When it arrived or was written.
    pub at: Timestamp,
    /// Who it is from or to.
    pub person: PersonView,
    /// How it stands.
    pub standing: StandingKind,
    /// The case.
    pub case_id: Option<CaseId>,
    /// Its number.
    pub mycase_case_id: Option<String>,
    /// Its caption.
    pub case_name: Option<String>,
    /// The stretch of the text around what was searched for.
    pub snippet: Snippet,
}

/// A call that was found by who was on it.
#[derive(Serialize, ToSchema)]
pub struct FoundCallView {
    /// The call.
    pub call_id: CallId,
    /// The conversation that it stands in.
    pub conversation_id: Option<ConversationId>,
    /// In or out.
    pub direction: Direction,
    /// When it began.
    pub at: Timestamp,
    /// Who was called, or called.
    pub person: PersonView,
    /// How it ended, or how far it is.
    pub status: String,
    /// In seconds.
    pub duration_seconds: u32,
    /// The case.
    pub case_id: Option<CaseId>,
    /// Its number.
    pub mycase_case_id: Option<String>,
    /// Its caption.
    pub case_name: Option<String>,
    /// The name, with the places of what was searched for.
    pub name: Snippet,
}

/// What was found.
#[derive(Serialize, ToSchema)]
pub struct SearchView {
    /// People, those first whose name begins with what was searched for.
    pub people: Listing<FoundPersonView>,
    /// Cases, those first whose number or caption begins with it.
    pub cases: Listing<FoundCaseView>,
    /// Texts, the latest first.
    pub messages: Listing<FoundMessageView>,
    /// Calls, the latest first.
    pub calls: Listing<FoundCallView>,
}

/// People, cases, texts and calls that are found, as far as the reader may see them.
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchView), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn search(State(app): State<App>, caller: Caller, Query(query): Query<SearchQuery>) -> Result<Json<SearchView>, Problem> {
    let limit = limit(query.limit)?;
    let kinds = kinds(query.kinds.as_deref())?;
    let (texts_before, calls_before) = read_cursor(query.cursor.as_deref(), kinds)?;
    let act = Search {
        access: caller.access().clone(),
        query: Question::read(&page::search(Some(query.q))?),
        kinds,
        mycase_case_id: query.case_id,
        texts_before,
        calls_before,
        limit,
    };
    let found = app.store.read(act).await?;
    let entry = Entry::read(caller.user(), "search", "").with_detail(found.summary());
    let entry = match found.case {
        Some(case) => entry.in_case(case),
        None => entry,
    };
    app.audit.read(caller.tenant(), entry).await?;
    Ok(Json(view(found, limit)))
}

fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    let asked = asked.unwrap_or(USUAL);
    if (1..=MOST).contains(&asked) {
        return Ok(asked);
    }
    Err(Problem::new(
        ProblemCode::InvalidQuery,
        format!("The query parameter `limit` is from 1 to {MOST}."),
    ))
}

fn kinds(asked: Option<&str>) -> Result<Kinds, Problem> {
    let all = asked.is_none();
    let mut kinds = Kinds {
        people: all,
        cases: all,
        messages: all,
        calls: all,
    };
    for word in asked.into_iter().flat_map(|asked| asked.split(',')) {
        match word {
            "people" => kinds.people = true,
            "cases" => kinds.cases = true,
            "messages" => kinds.messages = true,
            "calls" => kinds.calls = true,
            _ => {
                return Err(Problem::new(
                    ProblemCode::InvalidQuery,
                    "The query parameter `kinds` names some of people, cases, messages and calls.",
                ));
            }
        }
    }
    Ok(kinds)
}

/// The place after which a page begins: in texts, or in calls.
type Before = (Option<i64>, Option<(Timestamp, CallId)>);

fn read_cursor(cursor: Option<&str>, kinds: Kinds) -> Result<Before, Problem> {
    let Some(cursor) = cursor else { return Ok((None, None)) };
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (list, place) = text.split_once('|')?;
        match (list, kinds) {
            (
                "texts",
                Kinds {
                    messages: true,
                    calls: false,
                    people: false,
                    cases: false,
                },
            ) => Some((Some(place.parse().ok()?), None)),
            (
                "calls",
                Kinds {
                    calls: true,
                    messages: false,
                    people: false,
                    cases: false,
                },
            ) => {
                let (at, id) = place.split_once('|')?;
                Some((None, Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))))
            }
            _other => None,
        }
    };
    read().ok_or_else(|| Problem::of(ProblemCode::InvalidCursor))
}

fn view(found: Found, limit: u32) -> SearchView {
    let people = found.people.into_iter().map(|(contact, name)| FoundPersonView { contact, name });
    let cases = found
        .cases
        .into_iter()
        .map(|(case, number, name)| FoundCaseView { case, number, name });
    let after_text = |(text, _): &(FoundText, Snippet)| format!("texts|{}", text.doc);
    let after_call = |(call, _): &(FoundCall, Snippet)| format!("calls|{}|{}", call.at.as_micros(), call.id);
    SearchView {
        people: Listing::whole(people.collect()),
        cases: Listing::whole(cases.collect()),
        messages: listing(found.messages, limit, after_text, message),
        calls: listing(found.calls, limit, after_call, call),
    }
}

fn listing<T, V>(mut found: Vec<T>, limit: u32, after: impl Fn(&T) -> String, view: impl Fn(T) -> V) -> Listing<V> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| is_more).map(|last| URL_SAFE_NO_PAD.encode(after(last)));
    Listing {
        items: found.into_iter().map(view).collect(),
        next_cursor,
    }
}

fn message((found, snippet): (FoundText, Snippet)) -> FoundMessageView {
    let (message, case_name) = (found.message, found.case_name);
    FoundMessageView {
        message_id: message.id,
        conversation_id: message.conversation_id,
        direction: message.direction,
        at: message.at,
        person: message.person,
        standing: message.standing,
        case_id: message.case_id,
        mycase_case_id: message.case_number,
        case_name,
        snippet,
    }
}

fn call((found, name): (FoundCall, Snippet)) -> FoundCallView {
    FoundCallView {
        call_id: found.id,
        conversation_id: found.conversation_id,
        direction: found.direction,
        at: found.at,
        person: found.person,
        status: found.status,
        duration_seconds: u32::try_from(found.duration_seconds).unwrap_or(0),
        case_id: found.case_id,
        mycase_case_id: found.matter_id,
        case_name: found.case_name,
        name,
    }
}
