//! A user of the demo: signed in by password and cookie, with a live socket whose events are kept until asked for.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::binary::Demo;

/// How long an event may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Person {
    http: reqwest::Client,
    server: String,
    cookie: String,
    events: UnboundedReceiver<Value>,
}

impl Person {
    pub async fn sign_in(demo: &Demo, email: &str) -> Self {
        let request = json!({ "email": email, "password": "casewire-demo" });
        let answer = demo
            .http()
            .post(format!("{}/api/session/", demo.server))
            .json(&request)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{email} cannot sign in: {}", answer.status());
        let cookie = answer
            .headers()
            .get("set-cookie")
            .unwrap()
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let address = format!("{}/ws/omnichannel/", demo.server.replace("http://", "ws://"));
        let mut handshake = address.into_client_request().unwrap();
        handshake.headers_mut().insert("cookie", cookie.parse().unwrap());
        handshake.headers_mut().insert("origin", demo.server.parse().unwrap());
        let (mut socket, _) = tokio_tungstenite::connect_async(handshake).await.unwrap();
        let (sender, events) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                if let Message::Text(text) = message
                    && sender.send(serde_json::from_str(&text).unwrap()).is_err()
                {
                    break;
                }
            }
        });
        Self {
            http: demo.http().clone(),
            server: demo.server.clone(),
            cookie,
            events,
        }
    }

    pub async fn try_get(&self, path: &str) -> (u16, Value) {
        let answer = self
            .http
            .get(format!("{}{path}", self.server))
            .header("cookie", &self.cookie)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.try_get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self
            .http
            .post(format!("{}{path}", self.server))
            .header("cookie", &self.cookie)
            .json(body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// The next event of that kind; others before it are passed over.
    pub async fn event(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let search = async {
            loop {
                let event = self.events.recv().await.unwrap_or_else(|| panic!("the socket closed"));
                if wanted(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(PATIENCE, search)
            .await
            .unwrap_or_else(|_| panic!("the event did not come"))
    }

    /// Whether the socket carried nothing but where it stands.
    pub async fn has_seen_nothing(&mut self) -> bool {
        tokio::time::sleep(Duration::from_millis(300)).await;
        std::iter::from_fn(|| self.events.try_recv().ok()).all(|frame| frame["type"] == "hello" || frame["type"] == "head")
    }
}

/// The text, where it stands in a conversation of that list.
pub async fn text_in(person: &Person, query: &str, id: &str) -> Option<Value> {
    let list = person.get(&format!("/api/omnichannel/conversations/?{query}")).await;
    let dismissed = query == "view=dismissed" || query == "view=attention";
    for conversation in list["items"].as_array().unwrap() {
        let path = format!(
            "/api/omnichannel/conversations/{}/items/?dismissed={dismissed}",
            conversation["id"].as_str().unwrap()
        );
        let items = person.get(&path).await;
        let found = items["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| &item["message"])
            .find(|message| message["id"] == id);
        if let Some(message) = found {
            return Some(message.clone());
        }
    }
    None
}
