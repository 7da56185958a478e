//! What is attached to texts, over the sandbox: pictures that come in are fetched, judged and stored; documents that go out are fetched by
//! the carrier from an address that holds for a while.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casewire::jobs::run_due_now;
use casewire::state::Carriers;
use casewire::webhooks::media::address;
use casewire_carriers::twilio::webhook::{AccountKeys, Media};
use casewire_carriers::twilio::{Credentials, Secret, Twilio, TwilioConfig};
use casewire_store::on_both_engines;
use casewire_store::testing::TestDatabase;
use futures_util::stream;
use serde_json::{Value, json};

use crate::documents::{PDF, PNG};
use crate::inbox::desk::{AGENT, Desk, MARK};
use crate::stage::{FIRM, JANE, Stage};
use crate::support::{ACCOUNT, Firm};

fn data(kind: &str, content: &[u8]) -> String {
    format!("data:{kind};base64,{}", STANDARD.encode(content))
}

impl Stage {
    /// Jane writes with attachments; the text as it stands once it came.
    async fn jane_sends(&self, body: &str, media: &[String]) -> Value {
        self.handset(JANE, json!({"to": FIRM, "body": body, "media": media})).await;
        for _ in 0..400 {
            for conversation in self.conversations("case_id=123").await {
                let path = format!("/api/omnichannel/conversations/{}/items/", conversation["id"].as_str().unwrap());
                let items = self.firm.user("Agent Specialist").get(&path).await.ok();
                let found = items["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| &item["message"])
                    .find(|message| message["body"] == body);
                if let Some(message) = found {
                    return message.clone();
                }
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        panic!("the text did not come")
    }

    async fn media_of(&self, text: &Value, position: u32) -> crate::support::Answer {
        let path = format!("/api/omnichannel/messages/{}/media/{position}/", text["id"].as_str().unwrap());
        self.firm.user("Agent Specialist").get(&path).await
    }
}

on_both_engines! {
    async fn a_picture_that_comes_in_is_fetched_and_what_it_claims_to_be_is_not_believed(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let text = stage.jane_sends("Two pictures", &[data("image/png", PNG), data("image/png", b"<html><script>alert(1)</script>")]).await;
        assert_eq!(text["media"][0]["state"], "waiting");
        assert_eq!(stage.media_of(&text, 0).await.code(), "media_waiting");
        stage.work().await;
        let text = stage.read(&text).await;
        assert_eq!((&text["media"][0]["state"], &text["media"][0]["size"]), (&json!("stored"), &json!(PNG.len())));
        let picture = stage.media_of(&text, 0).await;
        assert_eq!((&picture.body[..], picture.header("content-type")), (PNG, "image/png"));
        assert_eq!(text["media"][1]["content_type"], "text/html", "judged by its first bytes");
        let page = stage.media_of(&text, 1).await;
        assert_eq!(page.header("content-type"), "application/octet-stream");
        assert!(page.header("content-disposition").starts_with("attachment;"));
        assert_eq!(stage.media_of(&text, 2).await.code(), "not_found");
        let fetched = stage.sandbox.requests().iter().filter(|request| request.path.contains("/Media/")).count();
        stage.work().await;
        let again = stage.sandbox.requests().iter().filter(|request| request.path.contains("/Media/")).count();
        assert_eq!((fetched, again), (2, 2), "each is fetched once");
    }

    async fn what_the_carrier_does_not_give_is_told_from_what_is_not_taken(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let elsewhere = "http://127.0.0.1:9/metadata".to_owned();
        let inside = "https://127.0.0.1:9/metadata".to_owned();
        let named = "https://localhost:9/metadata".to_owned();
        let empty = data("image/png", b"");
        let text = stage.jane_sends("Traps", &[elsewhere, inside, named, empty, data("image/png", PNG)]).await;
        stage.work().await;
        let mut media = stage.read(&text).await["media"].clone();
        for _ in 0..14 {
            stage.work_after(Duration::from_secs(1000)).await;
            media = stage.read(&text).await["media"].clone();
        }
        let states: Vec<_> = media.as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["refused", "refused", "refused", "refused", "stored"], "none of the traps was sprung, and the picture is here");
        assert_eq!(stage.media_of(&text, 0).await.code(), "media_gone");
        assert_eq!(stage.media_of(&text, 4).await.status, StatusCode::OK);
        let gone = stage.jane_sends("Gone", &[data("image/png", PNG)]).await;
        stage.forget_media().await;
        stage.work().await;
        assert_eq!(stage.read(&gone).await["media"][0]["state"], "gone");
    }

    async fn a_document_goes_out_with_the_first_part_and_the_carrier_fetches_it(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let agent = stage.firm.user("Agent Specialist").with("content-type", "application/octet-stream");
        let note: &[u8] = b"Please sign on page two.";
        let mut media = Vec::new();
        for (name, content) in [("Photo.png", PNG), ("Note.txt", note)] {
            let path = format!("/api/documents?case_id=123&name={name}");
            let document = agent.send(Method::POST, &path, Some(Bytes::from_static(content))).await.ok();
            media.push(json!({"document_id": document["id"]}));
        }
        let body = "Please look at these.";
        let sent = stage.send(json!({"case_id": "123", "contact_id": stage.jane, "body": body, "media": media})).await.ok();
        let text = stage.until(&sent, "delivered").await;
        assert_eq!(text["media"].as_array().unwrap().len(), 2);
        assert_eq!(stage.got_media(JANE).await, [("image/png".to_owned(), PNG.to_vec()), ("text/plain".to_owned(), note.to_vec())]);
        let only = stage.send(json!({"case_id": "123", "contact_id": stage.jane, "body": "", "media": [media[0]]})).await.ok();
        assert_eq!(stage.until(&only, "delivered").await["body"], "");
    }

    async fn the_address_for_the_carrier_holds_for_an_hour_and_for_nothing_else(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let agent = stage.firm.user("Agent Specialist").with("content-type", "application/octet-stream");
        let path = "/api/documents?case_id=123&name=Paper.pdf";
        let document = agent.send(Method::POST, path, Some(Bytes::from_static(PDF))).await.ok();
        let media = json!([{"document_id": document["id"]}]);
        let sent = stage.send(json!({"case_id": "123", "contact_id": stage.jane, "body": "Paper", "media": media})).await.ok();
        stage.until(&sent, "delivered").await;
        let part = stage.firm.store().read(LastPart).await.unwrap();
        let app = &stage.firm.app;
        let which = (stage.firm.organization(), part, 0);
        let full = address(&app.carriers, &app.config.public_address, ACCOUNT, which, stage.firm.now()).unwrap();
        let path = full.split_once("/media/").map(|(_, rest)| format!("/media/{rest}")).unwrap();
        let carrier = stage.firm.stranger();
        let fetched = carrier.get(&path).await;
        assert_eq!((&fetched.body[..], fetched.header("content-type")), (PDF, "application/pdf"));
        let turned = path.replace("/0?", "/1?");
        let other_seal = format!("{path}0");
        let longer = path.replace("e=1", "e=2");
        for wrong in [turned, longer, other_seal] {
            assert_eq!(carrier.get(&wrong).await.code(), "not_found", "{wrong}");
        }
        stage.firm.advance(Duration::from_secs(3601));
        assert_eq!(carrier.get(&path).await.code(), "not_found", "its hour is over");
        assert!(address(&app.carriers, &app.config.public_address, "AC00000000000000000000000000000009", which, stage.firm.now()).is_none());
    }
}

/// A carrier of another kind: it answers every request for an attachment with what the test says, and notes with what credentials it was
/// asked.
struct Trickster {
    base: String,
    asked: Arc<Mutex<Vec<(String, bool)>>>,
}

impl Trickster {
    async fn start(answer: fn(&str) -> axum::response::Response) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<(String, bool)>>> = Arc::default();
        let noted = Arc::clone(&asked);
        let router = axum::Router::new().fallback(move |request: axum::extract::Request| {
            let (path, has_credentials) = (request.uri().path().to_owned(), request.headers().contains_key("authorization"));
            noted.lock().unwrap().push((path.clone(), has_credentials));
            async move { answer(&path) }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, asked }
    }

    /// A text of Mark with an attachment at this carrier, after the jobs were done; what is said of the attachment.
    async fn brings(&self, db: TestDatabase) -> (Value, Desk) {
        casewire_carriers::tls::install();
        let config = TwilioConfig {
            base: self.base.clone(),
            ..TwilioConfig::new(ACCOUNT, Credentials::AuthToken(Secret::from("token")))
        };
        let keys = AccountKeys {
            account_sid: ACCOUNT.to_owned(),
            auth_tokens: vec![Secret::from("token")],
            shared_keys: Vec::new(),
        };
        let carriers = Carriers::default().with(keys, Arc::new(Twilio::new(&config).unwrap()));
        let desk = Desk::of(Firm::start_with(db, carriers, |config| config).await).await;
        let url = format!(
            "{}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{:032x}/Media/ME{:032x}",
            self.base, 1, 1
        );
        desk.arrives_with(
            MARK,
            "Look at this",
            vec![Media {
                url,
                content_type: "image/png".to_owned(),
            }],
        )
        .await;
        run_due_now(&desk.firm.app).await.unwrap();
        let conversation = desk.list(AGENT, "case_id=123").await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/omnichannel/conversations/{conversation}/items/");
        let items = desk.as_user(AGENT).get(&path).await.ok();
        (items["items"][0]["message"]["media"][0].clone(), desk)
    }
}

on_both_engines! {
    async fn a_body_without_an_end_is_cut_and_nothing_of_it_is_kept(db: TestDatabase) {
        let endless = Trickster::start(|_| {
            let piece = Bytes::from(vec![b'x'; 64 * 1024]);
            Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()))).into_response()
        })
        .await;
        let (media, desk) = endless.brings(db).await;
        assert_eq!(media["state"], "refused");
        let staging = desk.firm.app.config.storage.folder.join("staging");
        assert_eq!(std::fs::read_dir(staging).unwrap().count(), 0);
    }

    async fn credentials_are_for_the_carrier_and_do_not_follow_where_it_sends_us(db: TestDatabase) {
        let sends_on = Trickster::start(|path| {
            if path.contains("/Media/") {
                axum::response::Redirect::temporary("/elsewhere").into_response()
            } else {
                PNG.into_response()
            }
        })
        .await;
        let (media, _desk) = sends_on.brings(db).await;
        assert_eq!((&media["state"], &media["content_type"]), (&json!("stored"), &json!("image/png")));
        let asked = sends_on.asked.lock().unwrap().clone();
        assert_eq!((asked.len(), asked[0].1), (2, true));
        assert_eq!(asked[1], ("/elsewhere".to_owned(), false));
    }

    async fn a_carrier_that_sends_us_round_in_a_circle_is_not_followed_for_long(db: TestDatabase) {
        let circle = Trickster::start(|_| axum::response::Redirect::temporary("/again").into_response()).await;
        let (media, _desk) = circle.brings(db).await;
        assert_eq!(media["state"], "refused");
        assert_eq!(circle.asked.lock().unwrap().len(), 4);
    }
}

/// The part of the last text.
struct LastPart;

impl casewire_store::Act for LastPart {
    type Out = casewire_core::id::PartId;
    type Error = casewire_store::StoreError;
    async fn run(&self, tx: &mut casewire_store::Tx) -> Result<Self::Out, Self::Error> {
        let row = tx.row("select id from sms_parts order by id desc limit 1", &[]).await?;
        row.unwrap().columns().id()
    }
}
