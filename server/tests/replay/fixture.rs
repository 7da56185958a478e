//! What a manager saw, was told and saw then, one file an act, with ids that are the same in every run. Written on SQLite alone:
//! the other engine must tell the same.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says by the environment that the files are to be rewritten"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use casewire_store::testing::TestDatabase;
use serde_json::{Value, json};

use super::reducer::Reader;
use crate::inbox::desk::text;

/// Writes the files, or holds the acts to them.
pub struct Recorder {
    folder: Option<PathBuf>,
    differing: Vec<String>,
}

impl Recorder {
    /// Records on both engines, writes on one.
    pub fn on(db: &TestDatabase) -> Self {
        Self::in_folder(db, "events")
    }

    /// The same in another folder beside the usual one.
    pub fn in_folder(_db: &TestDatabase, folder: &str) -> Self {
        Self {
            folder: Some(PathBuf::from(format!("{}/tests/data/{folder}", env!("CARGO_MANIFEST_DIR")))),
            differing: Vec::new(),
        }
    }

    pub fn nowhere() -> Self {
        Self {
            folder: None,
            differing: Vec::new(),
        }
    }

    pub fn note(&mut self, act: &str, before: &Reader, events: &[Value], reread: &BTreeSet<String>, after: &Reader) {
        let Some(folder) = &self.folder else { return };
        if events.is_empty() {
            return;
        }
        let first = events.iter().find_map(|event| event["seq"].as_i64()).unwrap_or(0);
        let mut renumbered = events.to_vec();
        for event in &mut renumbered {
            let seq = event["seq"].as_i64().unwrap_or(first);
            event["seq"] = json!(seq - first + 1);
        }
        let mut recorded = json!({"act": act, "before": kept(before), "events": renumbered, "reread": reread, "after": kept(after)});
        Names::default().replace(&mut recorded);
        let path = folder.join(format!("{}.json", act.replace(' ', "_")));
        let fresh = page(&recorded);
        if std::fs::read_to_string(&path).ok().as_ref() == Some(&fresh) {
            return;
        }
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(&path, fresh).unwrap();
        } else {
            self.differing.push(act.to_owned());
        }
    }

    /// Fails where an act told something else than its file holds.
    pub fn finish(&self) {
        assert!(
            self.differing.is_empty(),
            "told otherwise than recorded (UPDATE_SNAPSHOTS=1 records anew): {:?}",
            self.differing
        );
    }
}

/// JSON with one conversation, text or event a line, for people who compare two versions.
fn page(recorded: &Value) -> String {
    let lines = |list: &Value| {
        let lines: Vec<_> = list.as_array().unwrap().iter().map(|item| format!("  {item}")).collect();
        if lines.is_empty() {
            "[]".to_owned()
        } else {
            format!("[\n{}\n]", lines.join(",\n"))
        }
    };
    let state = |state: &Value| {
        let calls = state.get("calls").map(|calls| format!(", \"calls\": {}", lines(calls)));
        format!(
            "{{\"conversations\": {}, \"texts\": {}{}}}",
            lines(&state["conversations"]),
            lines(&state["texts"]),
            calls.unwrap_or_default()
        )
    };
    let (act, reread) = (&recorded["act"], &recorded["reread"]);
    let (before, events, after) = (state(&recorded["before"]), lines(&recorded["events"]), state(&recorded["after"]));
    format!("{{\"act\": {act},\n\"before\": {before},\n\"events\": {events},\n\"reread\": {reread},\n\"after\": {after}}}\n")
}

/// What a reader keeps, in an order that does not turn on ids.
fn kept(reader: &Reader) -> Value {
    let name = |conversation: &Value| {
        (
            text(&conversation["mycase_case_id"]),
            text(&conversation["kind"]),
            text(&conversation["person"]["number"]),
        )
    };
    let mut conversations: Vec<_> = reader.conversations.values().cloned().collect();
    conversations.sort_by_key(name);
    let mut texts: Vec<_> = reader.texts.values().cloned().collect();
    texts.sort_by_key(|message| {
        (
            text(&message["case_number"]),
            text(&message["at"]),
            text(&message["direction"]),
            text(&message["body"]),
        )
    });
    let mut kept = json!({"conversations": conversations, "texts": texts});
    let mut calls: Vec<_> = reader.calls.values().cloned().collect();
    calls.sort_by_key(|call| (text(&call["at"]), text(&call["direction"])));
    if !calls.is_empty() {
        kept["calls"] = json!(calls);
    }
    kept
}

/// Ids in the order in which they come: `msg_00000000000000000000000000000001`, …
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn replace(&mut self, value: &mut Value) {
        match value {
            Value::String(word) => {
                if let Some(name) = self.name(word) {
                    *word = name;
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.replace(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.replace(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn name(&mut self, word: &str) -> Option<String> {
        let (prefix, id) = word.split_once('_')?;
        let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_id {
            return None;
        }
        let next = self
            .0
            .keys()
            .filter(|known| known.split_once('_').is_some_and(|(of, _)| of == prefix))
            .count()
            + 1;
        Some(
            self.0
                .entry(word.to_owned())
                .or_insert_with(|| format!("{prefix}_{next:032}"))
                .clone(),
        )
    }
}
