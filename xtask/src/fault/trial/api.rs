//! A program that uses the server's API: signed in by a token, stubborn while the server is away, and careful with what it sends:
//! always with an `Idempotency-Key`, again with the same one until there is an answer.

use std::net::SocketAddr;
use std::time::Duration;

use casewire_carriers::tls;
use serde_json::Value;

use crate::trouble::Trouble;
use crate::watch::Stopwatch;

/// How long a server may be away.
const AWAY: Duration = Duration::from_secs(60);
/// How long to wait before trying again.
const AGAIN: Duration = Duration::from_millis(100);
/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// An HTTP client for the trial.
#[expect(clippy::disallowed_methods, reason = "the trial talks to its own processes as anybody would")]
pub(crate) fn http() -> Result<reqwest::Client, Trouble> {
    tls::install();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(ANSWER_WITHIN);
    Ok(client.build()?)
}

/// How a request ended that was answered.
pub(crate) struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// The problem's code.
    pub(crate) fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }
}

/// The API.
pub(crate) struct Api {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Api {
    pub(crate) fn new(server: SocketAddr, token: String) -> Result<Self, Trouble> {
        Ok(Self {
            http: http()?,
            base: format!("http://{server}"),
            token,
        })
    }

    /// What stands at an address.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Trouble> {
        let watch = Stopwatch::start();
        loop {
            let asked = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().await;
            let answered = match asked {
                Ok(answer) if answer.status().is_success() => answer.json().await,
                Ok(answer) if answer.status().is_client_error() => {
                    return Err(Trouble::new(format!("a question to the API was answered {}", answer.status())));
                }
                Ok(answer) => answer.error_for_status().map(|_| Value::Null),
                Err(error) => Err(error),
            };
            match answered {
                Ok(body) => return Ok(body),
                Err(error) if watch.elapsed() > AWAY => return Err(error.into()),
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    /// All pages of a list.
    pub(crate) async fn list(&self, path: &str) -> Result<Vec<Value>, Trouble> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{joint}limit=200");
        let (mut items, mut next) = (Vec::new(), Some(first.clone()));
        while let Some(path) = next {
            let mut page = self.get(&path).await?;
            match page.get_mut("items").map(Value::take) {
                Some(Value::Array(more)) => items.extend(more),
                _ => return Err(Trouble::new("a list of the API has no items")),
            }
            let cursor = page.get("next_cursor").and_then(Value::as_str);
            next = cursor.map(|cursor| format!("{first}&cursor={cursor}"));
        }
        Ok(items)
    }

    /// Asks once for something to be done; an error where no answer came.
    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Answer, Trouble> {
        let asked = self
            .http
            .post(format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .header("idempotency-key", key)
            .json(body);
        let answer = asked.send().await?;
        Ok(Answer {
            status: answer.status().as_u16(),
            body: answer.json().await?,
        })
    }
}
