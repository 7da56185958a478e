//! What a client keeps of the inbox, as a pure function of what it read and what it was told since: the model of the web client's
//! reducer. Where an event cannot say it all, the reducer says what is to be read anew; `docs/api.md` gives the same rules.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::inbox::desk::text;
use crate::support::Client;

const VIEWS: [&str; 5] = ["all", "unclaimed", "dismissed", "attention", "unknown"];

/// What one user sees.
#[derive(Clone)]
pub struct Reader {
    user: String,
    /// The level on texts.
    sms: u64,
    pub conversations: BTreeMap<String, Value>,
    /// By conversation and text.
    pub texts: BTreeMap<(String, String), Value>,
    pub calls: BTreeMap<String, Value>,
    /// The numbers of the contacts that events told of.
    numbers: BTreeMap<String, BTreeSet<String>>,
    /// The lists as they were read; empty in what was kept by events.
    views: BTreeMap<&'static str, Vec<String>>,
}

/// What remains to be read.
#[derive(Default)]
pub struct Told {
    /// These conversations.
    pub reread: BTreeSet<String>,
    /// Everything.
    pub everything: bool,
}

impl Reader {
    /// What a user reads now.
    pub async fn fresh(user: &Client) -> Self {
        let me = user.get("/api/me").await.ok();
        let sms = me["levels"]["sms"].as_u64().unwrap();
        let mut reader = Self {
            user: text(&me["user_id"]),
            sms,
            conversations: BTreeMap::new(),
            texts: BTreeMap::new(),
            calls: BTreeMap::new(),
            numbers: BTreeMap::new(),
            views: BTreeMap::new(),
        };
        for view in VIEWS {
            let answer = user.get(&format!("/api/omnichannel/conversations/?limit=200&view={view}")).await;
            if answer.status.as_u16() == 403 {
                reader.views.insert(view, Vec::new());
                continue;
            }
            let list = answer.ok()["items"].as_array().unwrap().clone();
            reader
                .views
                .insert(view, list.iter().map(|conversation| text(&conversation["id"])).collect());
            reader
                .conversations
                .extend(list.into_iter().map(|conversation| (text(&conversation["id"]), conversation)));
        }
        let calls = user.get("/api/calls/?limit=200").await;
        if calls.status.is_success() {
            for call in calls.ok()["items"].as_array().unwrap() {
                reader.calls.insert(text(&call["id"]), call.clone());
            }
        }
        let ids: Vec<_> = reader.conversations.keys().cloned().collect();
        for id in ids {
            reader.read_texts(user, &id).await;
        }
        reader
    }

    async fn read_texts(&mut self, user: &Client, id: &str) {
        let items = user
            .get(&format!("/api/omnichannel/conversations/{id}/items/?limit=200&dismissed=true"))
            .await
            .ok();
        for item in items["items"].as_array().unwrap() {
            if item["kind"] == "call" {
                let (mut call, shown) = (item["call"].clone(), self.calls.get(&text(&item["call"]["id"])).cloned());
                call["supervisors"] = shown.as_ref().map_or(Value::Null, |shown| shown["supervisors"].clone());
                assert_eq!(
                    Some(plain(&call)),
                    shown.as_ref().map(plain),
                    "a call is the same in its conversation and in the list"
                );
                continue;
            }
            self.texts
                .insert((id.to_owned(), text(&item["message"]["id"])), item["message"].clone());
        }
    }

    /// Reads one conversation anew.
    pub async fn reread(&mut self, user: &Client, id: &str) {
        let answer = user.get(&format!("/api/omnichannel/conversations/{id}/")).await;
        self.forget(id);
        if answer.status.is_success() {
            self.conversations.insert(id.to_owned(), answer.ok());
            self.read_texts(user, id).await;
        }
    }

    fn forget(&mut self, id: &str) {
        self.conversations.remove(id);
        self.texts.retain(|(conversation, _), _| conversation != id);
    }

    /// Applies events in their order.
    pub fn apply(&mut self, events: &[Value]) -> Told {
        let mut told = Told::default();
        for event in events {
            match event["type"].as_str().unwrap() {
                "message_placed" => self.placed(event),
                "message_withdrawn" => self.withdrawn(event),
                "message_dismissed" => self.hidden(event, true),
                "message_undismissed" => self.hidden(event, false),
                "contact_changed" => told.reread.extend(self.contact_changed(&event["contact"])),
                "case_contact_added" | "case_contact_changed" => self.role_changed(&event["case_contact"]),
                "case_contact_removed" => self.removed(event),
                "case_changed" => told.reread.extend(self.case_changed(&event["case"])),
                "user_changed" => self.user_changed(&event["user"]),
                "access_changed" => told.everything |= event["user_id"].is_null() || event["user_id"] == self.user,
                "task_changed" | "task_withdrawn" | "task_reminded" | "document_changed" => {}
                "call_changed" => self.call_changed(&event["call"]),
                "call_withdrawn" => {
                    self.calls
                        .retain(|id, call| event["call_id"] != *id || call["conversation_id"] != event["conversation_id"]);
                }
                "conversation_changed" => self.conversation_changed(event),
                "call_supervision_changed" => {
                    if let Some(call) = self.calls.get_mut(&text(&event["call_id"])) {
                        call["supervisors"] = event["supervisors"].clone();
                    }
                }
                "softphone_elected" => {}
                "contact_role_changed" | "contact_role_removed" | "reset" => told.everything = true,
                other => panic!("the reducer does not know {other}"),
            }
        }
        told
    }

    fn placed(&mut self, event: &Value) {
        let (conversation, mut message) = (event["conversation"].clone(), event["message"].clone());
        let key = (text(&conversation["id"]), text(&message["id"]));
        let is_open = ["unclaimed", "unknown"].contains(&message["standing"].as_str().unwrap());
        let was_hidden = self.texts.get(&key).is_some_and(|old| old["dismissed"] == true);
        message["dismissed"] = json!(is_open && was_hidden);
        self.conversations.insert(key.0.clone(), conversation);
        self.texts.insert(key, message);
    }

    fn withdrawn(&mut self, event: &Value) {
        let id = text(&event["conversation"]["id"]);
        self.texts.remove(&(id.clone(), text(&event["message_id"])));
        if event["is_empty"] == true {
            self.forget(&id);
        } else {
            self.conversations.insert(id, event["conversation"].clone());
        }
    }

    /// The supervisors of a call are told apart; of one that is over they are nobody's.
    fn call_changed(&mut self, call: &Value) {
        let (id, mut call) = (text(&call["id"]), call.clone());
        let known = self.calls.get(&id).map(|known| known["supervisors"].clone());
        if let (Some(supervisors), Value::Null) = (known, &call["ended_at"]) {
            call["supervisors"] = supervisors;
        }
        self.calls.insert(id, call);
    }

    fn conversation_changed(&mut self, event: &Value) {
        let id = text(&event["conversation"]["id"]);
        if event["is_empty"] == true {
            self.forget(&id);
        } else {
            self.conversations.insert(id, event["conversation"].clone());
        }
    }

    fn hidden(&mut self, event: &Value, hidden: bool) {
        if let Some(message) = self.texts.get_mut(&(text(&event["conversation_id"]), text(&event["message_id"]))) {
            message["dismissed"] = json!(hidden);
        }
    }

    /// Names follow at once. A name that is found by a number is looked up where the contact has that number, or had it; of a
    /// contact who was not known before, it is not known which numbers they had.
    fn contact_changed(&mut self, contact: &Value) -> Vec<String> {
        let phones = contact["phones"].as_array().unwrap();
        let primary = phones.iter().find(|phone| phone["is_primary"] == true);
        for conversation in self
            .conversations
            .values_mut()
            .filter(|conversation| conversation["person"]["contact_id"] == contact["id"])
        {
            rename(&mut conversation["person"], &contact["name"]);
            conversation["person"]["number"] = primary.map_or(json!(""), |phone| phone["number"].clone());
        }
        for message in self
            .texts
            .values_mut()
            .filter(|message| message["person"]["contact_id"] == contact["id"])
        {
            rename(&mut message["person"], &contact["name"]);
        }
        for call in self.calls.values_mut().filter(|call| call["person"]["contact_id"] == contact["id"]) {
            rename(&mut call["person"], &contact["name"]);
        }
        let now: BTreeSet<_> = phones.iter().map(|phone| text(&phone["number"])).collect();
        let before = self.numbers.insert(text(&contact["id"]), now.clone());
        let concerned = |number: &Value| {
            let number = number.as_str().unwrap();
            now.contains(number) || before.as_ref().is_none_or(|before| before.contains(number))
        };
        let by_number = |person: &Value| person["contact_id"].is_null() && concerned(&person["number"]);
        let mut found: Vec<_> = self
            .conversations
            .iter()
            .filter(|(_, conversation)| by_number(&conversation["person"]))
            .map(|(id, _)| id.clone())
            .collect();
        found.extend(
            self.texts
                .iter()
                .filter(|(_, message)| by_number(&message["person"]))
                .map(|((id, _), _)| id.clone()),
        );
        found
    }

    /// The conversation has the role of now, and so has what is still offered in it; everything else keeps the role of then.
    fn role_changed(&mut self, link: &Value) {
        for (_, conversation) in of_link(&mut self.conversations, &link["mycase_case_id"], &link["contact"]["id"]) {
            conversation["person"]["case_contact_id"] = link["id"].clone();
            give_role(&mut conversation["person"], &link["role"]);
        }
        for message in self.texts.values_mut() {
            let is_offered = message["standing"] == "unclaimed" && message["person"]["case_contact_id"] == link["id"];
            if is_offered && message["case_number"] == link["mycase_case_id"] {
                give_role(&mut message["person"], &link["role"]);
            }
        }
    }

    fn removed(&mut self, event: &Value) {
        for (_, conversation) in of_link(&mut self.conversations, &event["mycase_case_id"], &event["contact_id"]) {
            conversation["person"]["case_contact_id"] = Value::Null;
        }
    }

    /// Whose role as the client began or ended is to be looked up.
    fn case_changed(&mut self, case: &Value) -> Vec<String> {
        let mut found = Vec::new();
        for (id, conversation) in self
            .conversations
            .iter_mut()
            .filter(|(_, conversation)| conversation["case_id"] == case["id"])
        {
            conversation["case_name"] = case["name"].clone();
            let person = &conversation["person"];
            let is_client = !person["contact_id"].is_null() && person["contact_id"] == case["client_contact_id"];
            if is_client != (person["role"] == "Client") {
                found.push(id.clone());
            }
        }
        found
    }

    /// Who wrote or claimed a text has the name of now.
    fn user_changed(&mut self, user: &Value) {
        for message in self.texts.values_mut() {
            for place in ["/sent_by", "/claim/by"] {
                if let Some(named) = message.pointer_mut(place)
                    && named["id"] == user["id"]
                {
                    *named = user.clone();
                }
            }
        }
        for call in self.calls.values_mut() {
            for place in ["/user", "/transfer_to"] {
                if let Some(named) = call.pointer_mut(place)
                    && named["id"] == user["id"]
                {
                    *named = user.clone();
                }
            }
        }
    }

    /// The ids of the conversations in a list, from what is kept.
    fn list(&self, view: &str) -> Vec<String> {
        let mut list: Vec<_> = self
            .conversations
            .values()
            .filter(|conversation| self.is_in(view, conversation))
            .collect();
        list.sort_by_key(|conversation| std::cmp::Reverse((text(&conversation["last_at"]), text(&conversation["id"]))));
        list.iter().map(|conversation| text(&conversation["id"])).collect()
    }

    fn is_in(&self, view: &str, conversation: &Value) -> bool {
        let texts = || {
            self.texts
                .iter()
                .filter(|((id, _), _)| conversation["id"] == *id)
                .map(|(_, message)| message)
        };
        let is_open = |message: &Value| message["standing"] == "unclaimed" || message["standing"] == "unknown";
        let (is_offered, is_unknown) = (conversation["unclaimed_count"] != 0, conversation["kind"] == "unknown");
        let has_calls = || self.calls.values().any(|call| call["conversation_id"] == conversation["id"]);
        let something_left = || !is_offered && !is_unknown || texts().any(|message| message["dismissed"] != true) || has_calls();
        match view {
            "all" => something_left(),
            "unknown" => self.sms >= 2 && is_unknown && something_left(),
            "unclaimed" => is_offered && texts().any(|message| is_open(message) && message["dismissed"] != true),
            "dismissed" => (is_offered || is_unknown) && texts().any(|message| is_open(message) && message["dismissed"] == true),
            "attention" => self.sms >= 3 && conversation["attention_count"] != 0,
            other => panic!("there is no view {other}"),
        }
    }

    /// Whether what was kept by events is what was read anew.
    pub fn assert_is(&self, fresh: &Self, when: &str) {
        for (id, conversation) in &fresh.conversations {
            assert_eq!(self.conversations.get(id), Some(conversation), "a conversation, after: {when}");
        }
        for (key, message) in &fresh.texts {
            assert_eq!(self.texts.get(key), Some(message), "a text, after: {when}");
        }
        let plain = |calls: &BTreeMap<String, Value>| calls.iter().map(|(id, call)| (id.clone(), plain(call))).collect::<Vec<_>>();
        assert_eq!(plain(&self.calls), plain(&fresh.calls), "the calls, after: {when}");
        assert_eq!(self.texts.len(), fresh.texts.len(), "nothing is left over, after: {when}");
        assert_eq!(
            self.conversations.len(),
            fresh.conversations.len(),
            "no conversation is left over, after: {when}"
        );
        for view in VIEWS {
            assert_eq!(&self.list(view), &fresh.views[view], "the view {view}, after: {when}");
        }
    }
}

fn of_link<'c>(
    conversations: &'c mut BTreeMap<String, Value>,
    case: &'c Value,
    contact: &'c Value,
) -> impl Iterator<Item = (&'c String, &'c mut Value)> {
    conversations
        .iter_mut()
        .filter(move |(_, conversation)| conversation["mycase_case_id"] == *case && conversation["person"]["contact_id"] == *contact)
}

fn rename(person: &mut Value, name: &Value) {
    person["name"] = name.clone();
    show(person);
}

fn give_role(person: &mut Value, role: &Value) {
    person["role"] = role.clone();
    show(person);
}

/// "Jane Smith - Witness", or the name alone.
fn show(person: &mut Value) {
    let name = text(&person["name"]);
    person["display_name"] = person["role"]
        .as_str()
        .map_or(json!(name), |role| json!(format!("{name} - {role}")));
}

/// A call of which it makes no difference whether it is said that nobody supervises it.
fn plain(call: &Value) -> Value {
    let mut call = call.clone();
    let is_nobody = call["supervisors"].as_array().is_none_or(Vec::is_empty);
    if let (true, Some(members)) = (is_nobody, call.as_object_mut()) {
        members.remove("supervisors");
    }
    call
}
