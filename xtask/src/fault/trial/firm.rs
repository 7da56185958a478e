//! Who takes part in a trial: people who are the client of one case, people in two (whose texts are offered to both), and
//! handsets that nobody knows.

use serde_json::{Value, json};

use crate::api::Api;
use crate::trouble::Trouble;

/// How many there are of each kind.
const EACH: usize = 6;

/// Somebody whom the firm can write to.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Their handset.
    pub handset: String,
    /// The contact.
    pub contact_id: String,
    /// A case of theirs.
    pub case: String,
}

/// Everybody.
#[derive(Debug, Clone)]
pub(crate) struct People {
    /// Whom the firm writes to.
    pub known: Vec<Person>,
    /// Every handset that writes to the firm.
    pub handsets: Vec<String>,
}

/// Creates them by the API.
pub(crate) async fn gather(api: &Api) -> Result<People, Trouble> {
    let mut known = Vec::new();
    for index in 0..2 * EACH {
        let handset = format!("+1212555{:04}", 1000 + index);
        let contact = json!({ "name": format!("Person {index}"), "phones": [{ "number": handset, "label": "mobile" }] });
        let made = create(api, "/api/contacts/", &contact).await?;
        let contact_id = made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let cases = if index < EACH { 1 } else { 2 };
        for case in 0..cases {
            let case = json!({ "mycase_case_id": format!("{index}-{case}"), "name": "Matter", "client_contact_id": contact_id });
            create(api, "/api/cases/", &case).await?;
        }
        known.push(Person {
            handset,
            contact_id,
            case: format!("{index}-0"),
        });
    }
    let strangers = (0..EACH).map(|index| format!("+1212555{:04}", 2000 + index));
    let handsets = known.iter().map(|person| person.handset.clone()).chain(strangers).collect();
    Ok(People { known, handsets })
}

async fn create(api: &Api, path: &str, body: &Value) -> Result<Value, Trouble> {
    let key = format!("{path} {body}");
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).take(200).collect();
    let answer = api.post(path, &key, body).await?;
    match answer.status {
        201 => Ok(answer.body),
        status => Err(Trouble::new(format!("{path} answered {status} {}", answer.code()))),
    }
}
