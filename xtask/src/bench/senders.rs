//! The carrier's side: webhooks, made and signed before the measuring begins, and posted by so many senders, each of whom waits
//! for an answer before the next.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use casewire_carriers::twilio::form::Form;
use casewire_carriers::twilio::signature::{Algorithm, Content, Secret, sign};
use trial::Random;

use super::town::{ACCOUNT, AUTH_TOKEN, CONTACTS_EACH, OFFERED, ORGANIZATIONS, ROUTED, handset, line};
use super::wire::Line;
use crate::load::stopwatch::Stopwatch;
use crate::process::Failure;

/// Where webhooks go.
const PATH: &str = "/webhooks/twilio/messages";
/// One text in so many goes to the organization whose socket is watched, whatever else comes to it.
const WATCHED_IN: usize = 10;

/// Whose texts come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Mix {
    /// People on one case, and people on three with a session in one: each text goes to one case.
    Routed,
    /// People on three cases without a session: each text is offered to three.
    Offered,
}

/// A webhook, ready to be sent.
struct Letter {
    bytes: Vec<u8>,
    organization: u64,
    sent: OnceLock<Stopwatch>,
}

/// Webhooks, ready to be sent, each once.
pub struct Letters {
    letters: Vec<Letter>,
    /// The marker of the first.
    first: usize,
    next: AtomicUsize,
}

/// What the senders saw.
pub struct Sent {
    /// From the first byte of a webhook to its answer.
    pub acknowledged: Vec<Duration>,
    /// How long it took in all.
    pub within: Duration,
    /// How many went to the organizations with a number below this bench's number of sockets.
    pub to_watched: usize,
}

/// What the text with a marker says.
pub fn body(marker: usize) -> String {
    format!("B{marker:09} Can we move our appointment to Thursday at half past ten, please?")
}

/// The marker in what a text says.
pub fn marker(body: &str) -> Option<usize> {
    body.get(1..10)?.parse().ok()
}

impl Letters {
    /// Makes and signs them; `first` is the marker of the first, and no marker may be used twice on one database.
    pub fn write(server: SocketAddr, mix: Mix, first: usize, count: usize) -> Self {
        let secret = Secret::from(AUTH_TOKEN);
        let mut random = Random::new(u64::try_from(first).unwrap_or_default());
        let letters = (first..first + count).map(|marker| {
            let organization = if random.below(WATCHED_IN) == 0 {
                0
            } else {
                below(&mut random, ORGANIZATIONS)
            };
            let people = match mix {
                Mix::Routed => ROUTED,
                Mix::Offered => OFFERED,
            };
            let contact = organization * CONTACTS_EACH + people.start + below(&mut random, people.end - people.start);
            Letter {
                bytes: letter(server, &secret, marker, contact, organization),
                organization,
                sent: OnceLock::new(),
            }
        });
        Self {
            letters: letters.collect(),
            first,
            next: AtomicUsize::new(0),
        }
    }

    /// How long ago the text with that marker was sent.
    pub fn since(&self, marker: usize) -> Option<Duration> {
        let letter = self.letters.get(marker.checked_sub(self.first)?)?;
        letter.sent.get().map(|sent| sent.elapsed())
    }

    /// Posts them by so many senders for a time, or until there are none left.
    pub async fn post(self: &Arc<Self>, server: SocketAddr, senders: usize, length: Duration, sockets: u64) -> Result<Sent, Failure> {
        let mut lines = Vec::with_capacity(senders);
        for _ in 0..senders {
            lines.push(Line::open(server).await?);
        }
        let watch = Stopwatch::start();
        let senders: Vec<_> = lines
            .into_iter()
            .map(|line| tokio::spawn(Arc::clone(self).send(line, watch, length)))
            .collect();
        let mut acknowledged = Vec::new();
        for sender in senders {
            acknowledged.extend(sender.await.map_err(super::place::trouble)??);
        }
        let within = watch.elapsed();
        let used = self.letters.iter().filter(|letter| letter.sent.get().is_some());
        let to_watched = used.filter(|letter| letter.organization < sockets).count();
        Ok(Sent {
            acknowledged,
            within,
            to_watched,
        })
    }

    async fn send(self: Arc<Self>, mut line: Line, watch: Stopwatch, length: Duration) -> Result<Vec<Duration>, Failure> {
        let mut measured = Vec::new();
        while watch.elapsed() < length {
            let Some(letter) = self.letters.get(self.next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            let started = *letter.sent.get_or_init(Stopwatch::start);
            let answer = line.ask(&letter.bytes).await?;
            if answer.status != 200 {
                return Err(Failure::new(format!("a webhook was answered {}", answer.status)));
            }
            measured.push(started.elapsed());
        }
        Ok(measured)
    }
}

fn below(random: &mut Random, limit: u64) -> u64 {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    u64::try_from(random.below(limit)).unwrap_or_default()
}

/// A whole request as Twilio sends one.
fn letter(server: SocketAddr, secret: &Secret, marker: usize, contact: u64, organization: u64) -> Vec<u8> {
    let sid = format!("SM{marker:032x}");
    let form = Form::default()
        .with("ToCountry", "US")
        .with("SmsMessageSid", &sid)
        .with("NumMedia", "0")
        .with("SmsSid", &sid)
        .with("SmsStatus", "received")
        .with("FromCountry", "US")
        .with("Body", body(marker))
        .with("To", line(organization))
        .with("NumSegments", "1")
        .with("MessageSid", &sid)
        .with("AccountSid", ACCOUNT)
        .with("From", handset(contact))
        .with("ApiVersion", "2010-04-01");
    let signature = sign(secret, Algorithm::HmacSha1, &format!("http://{server}{PATH}"), Content::Form(&form));
    let body = form.encode();
    format!(
        "POST {PATH} HTTP/1.1\r\nhost: {server}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         x-twilio-signature: {signature}\r\ncontent-length: {length}\r\n\r\n{body}",
        length = body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_found_in_what_a_text_says() {
        assert_eq!(marker(&body(1_234_567)), Some(1_234_567));
        assert_eq!(marker("Hello"), None);
    }
}
