//! What the firm sees: every text of every conversation, read by the API in pages, and which conversations need attention.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::api::Api;
use crate::trouble::Trouble;

/// States in which nothing more is awaited.
const FINAL: [&str; 6] = ["delivered", "read", "undelivered", "failed", "refused", "canceled"];

/// A text as the API shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// What it says: its mark.
    pub body: String,
    /// How far it got, where the firm wrote it.
    pub state: Option<String>,
    /// Whether it waits for a person, in a conversation that the view of what needs attention has.
    pub in_attention: bool,
}

impl Seen {
    /// Whether nothing more is awaited of it, or a person has been asked.
    pub(crate) fn is_settled(&self) -> bool {
        match self.state.as_deref() {
            None => true,
            Some("unknown") => self.in_attention,
            Some(state) => FINAL.contains(&state),
        }
    }
}

/// All texts, by their ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    pub texts: BTreeMap<String, Seen>,
    /// How many rows were one text, shown twice in one conversation.
    pub repeated: usize,
}

impl History {
    /// Reads all of it.
    pub(crate) async fn read(api: &Api) -> Result<Self, Trouble> {
        let (mut conversations, mut attention) = (BTreeSet::new(), BTreeSet::new());
        for (view, ids) in [("view=all", &mut conversations), ("view=attention", &mut attention)] {
            ids.extend(Self::conversations(api, view).await?);
        }
        conversations.extend(Self::conversations(api, "view=unknown").await?);
        let mut history = Self::default();
        for id in &conversations {
            history.add(api, id, attention.contains(id)).await?;
        }
        Ok(history)
    }

    /// Reads what stands in a case.
    pub(crate) async fn of_case(api: &Api, case: &str) -> Result<Self, Trouble> {
        let mut history = Self::default();
        for id in Self::conversations(api, &format!("case_id={case}")).await? {
            history.add(api, &id, false).await?;
        }
        Ok(history)
    }

    /// Reads a conversation.
    async fn add(&mut self, api: &Api, conversation: &str, needs_attention: bool) -> Result<(), Trouble> {
        let mut here = BTreeSet::new();
        for item in api.list(&format!("/api/omnichannel/conversations/{conversation}/items/")).await? {
            let Some(text) = item.get("message") else { continue };
            let word = |name: &str| text.get(name).and_then(Value::as_str).map(str::to_owned);
            let Some(text_id) = word("id") else {
                return Err(Trouble::new("a text has no id"));
            };
            if !here.insert(text_id.clone()) {
                self.repeated += 1;
            }
            let seen = Seen {
                body: word("body").unwrap_or_default(),
                state: word("state"),
                in_attention: needs_attention && word("attention").is_some(),
            };
            self.texts.insert(text_id, seen);
        }
        Ok(())
    }

    async fn conversations(api: &Api, query: &str) -> Result<Vec<String>, Trouble> {
        let listed = api.list(&format!("/api/omnichannel/conversations/?{query}")).await?;
        let ids = listed.iter().filter_map(|conversation| conversation.get("id")?.as_str());
        Ok(ids.map(str::to_owned).collect())
    }

    /// The texts by what they say.
    pub(crate) fn by_body(&self) -> BTreeMap<&str, Vec<&Seen>> {
        let mut by_body: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
        for text in self.texts.values() {
            by_body.entry(&text.body).or_default().push(text);
        }
        by_body
    }

    /// Whether no text is on its way.
    pub(crate) fn is_settled(&self) -> bool {
        self.texts.values().all(Seen::is_settled)
    }
}
