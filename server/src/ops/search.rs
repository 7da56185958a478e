//! The act that searches: people, cases, texts and calls, each as far as the asker may see it. What is out of reach is neither
//! counted nor hinted at. Writes nothing.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::id::{CallId, CaseId};
use casewire_core::search::{Query, Snippet, marked, snippet};
use casewire_core::time::Timestamp;
use casewire_core::view::{CaseView, ContactView};
use casewire_store::inbox::{InboxView, Offices};
use casewire_store::search::asking::{self, CallQuestion, FoundCall, FoundText, TextQuestion};
use casewire_store::{Act, Tx};

use super::list_conversations::offices;
use super::texts::case_in_view;
use crate::problem::Problem;

/// So much of a text is shown.
const SHOWN: usize = 180;

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds {
    /// People.
    pub people: bool,
    /// Cases.
    pub cases: bool,
    /// Texts.
    pub messages: bool,
    /// Calls.
    pub calls: bool,
}

/// Searches.
pub struct Search {
    /// The rights of the asker.
    pub access: Access,
    /// What is searched for.
    pub query: Query,
    /// In what.
    pub kinds: Kinds,
    /// Within this case alone, by its number: people and cases are not searched for then.
    pub mycase_case_id: Option<String>,
    /// Texts before this place in time.
    pub texts_before: Option<i64>,
    /// Calls before this one.
    pub calls_before: Option<(Timestamp, CallId)>,
    /// How many of each.
    pub limit: u32,
}

/// What was found, each with the places of what was searched for; of texts and calls one more than asked, where there is more.
#[derive(Default)]
pub struct Found {
    /// The case that was searched in, where it was one.
    pub case: Option<CaseId>,
    /// People, those first whose name begins with it.
    pub people: Vec<(ContactView, Snippet)>,
    /// Cases, those first whose number or caption begins with it: number, caption.
    pub cases: Vec<(CaseView, Snippet, Snippet)>,
    /// Texts, the latest first.
    pub messages: Vec<(FoundText, Snippet)>,
    /// Calls, the latest first.
    pub calls: Vec<(FoundCall, Snippet)>,
}

impl Act for Search {
    type Out = Found;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Found, Problem> {
        let case = match &self.mycase_case_id {
            Some(number) => Some(case_in_view(tx, &self.access, number).await?.case_id),
            None => None,
        };
        let mut found = Found { case, ..Found::default() };
        if self.query.is_empty() {
            return Ok(found);
        }
        if self.kinds.people && case.is_none() && self.access.level(Resource::CaseContacts) >= Level::See {
            found.people = self.people(tx).await?;
        }
        if self.kinds.cases && case.is_none() {
            found.cases = self.cases(tx).await?;
        }
        if self.kinds.messages && self.access.level(Resource::Sms) >= Level::See {
            found.messages = self.texts(tx, case).await?;
        }
        if self.kinds.calls && self.access.level(Resource::Calls) >= Level::See {
            found.calls = self.calls(tx, case).await?;
        }
        Ok(found)
    }
}

impl Found {
    /// How many of each were shown, for the audit: not what was searched for, which are somebody's words.
    #[must_use]
    pub fn summary(&self) -> String {
        let (people, cases) = (self.people.len(), self.cases.len());
        let (messages, calls) = (self.messages.len(), self.calls.len());
        format!("people={people} cases={cases} messages={messages} calls={calls}")
    }
}

impl Search {
    async fn people(&self, tx: &mut Tx) -> Result<Vec<(ContactView, Snippet)>, Problem> {
        let people = asking::people(tx, &self.access.known_cases(), &self.query).await?;
        let mut people: Vec<_> = people
            .into_iter()
            .map(|contact| {
                let name = marked(&contact.name, &self.query);
                (contact, name)
            })
            .collect();
        people.sort_by_cached_key(|(contact, name)| (!begins(name), contact.name.to_lowercase(), contact.id));
        people.truncate(self.wanted());
        Ok(people)
    }

    async fn cases(&self, tx: &mut Tx) -> Result<Vec<(CaseView, Snippet, Snippet)>, Problem> {
        let cases = asking::cases(tx, &self.access.known_cases(), &self.query).await?;
        let mut cases: Vec<_> = cases
            .into_iter()
            .map(|case| {
                let (number, name) = (marked(&case.mycase_case_id, &self.query), marked(&case.name, &self.query));
                (case, number, name)
            })
            .collect();
        // Sorted without moving what is alike: the newest stays first.
        cases.sort_by_key(|(_, number, name)| (!begins(number), !begins(name)));
        cases.truncate(self.wanted());
        Ok(cases)
    }

    async fn texts(&self, tx: &mut Tx, case: Option<CaseId>) -> Result<Vec<(FoundText, Snippet)>, Problem> {
        let visible = self.access.visible(Resource::Sms, Level::See);
        let outside = offices(&self.access, InboxView::All);
        let question = TextQuestion {
            visible: &visible,
            offices: if case.is_some() { NOWHERE } else { outside },
            query: &self.query,
            case,
            before: self.texts_before,
            limit: self.limit.saturating_add(1),
        };
        let texts = asking::texts(tx, &question).await?;
        let shown = |text: FoundText| {
            let stretch = snippet(&text.message.body, &self.query, SHOWN);
            (text, stretch)
        };
        Ok(texts.into_iter().map(shown).collect())
    }

    async fn calls(&self, tx: &mut Tx, case: Option<CaseId>) -> Result<Vec<(FoundCall, Snippet)>, Problem> {
        let visible = self.access.visible(Resource::Calls, Level::See);
        let question = CallQuestion {
            visible: &visible,
            office: case.is_none() && self.access.level(Resource::Calls) >= Level::Act,
            query: &self.query,
            case,
            before: self.calls_before,
            limit: self.limit.saturating_add(1),
        };
        let calls = asking::calls(tx, &question).await?;
        let shown = |call: FoundCall| {
            let name = marked(&call.person.name, &self.query);
            (call, name)
        };
        Ok(calls.into_iter().map(shown).collect())
    }

    fn wanted(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(usize::MAX)
    }
}

/// Nothing beside cases.
const NOWHERE: Offices = Offices {
    personal: false,
    unknown: false,
};

/// Whether it begins with what was searched for.
fn begins(snippet: &Snippet) -> bool {
    snippet.marks.first().is_some_and(|mark| mark[0] == 0)
}
