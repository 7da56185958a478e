//! The live socket at its real address: who gets one, what a wrong request is told, and that events and answers agree.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::net::SocketAddr;

use axum::http::StatusCode;
use casewire::serve::{self, Listeners};
use casewire_store::on_both_engines;
use serde_json::{Value as Json, json};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::house::Client;
use crate::case_contacts::{case, contact, link};
use crate::support::Firm;

/// Serves the firm on a port of its own.
async fn open(firm: &Firm) -> SocketAddr {
    let main = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = main.local_addr().unwrap();
    tokio::spawn(serve::run(
        firm.app.clone(),
        Listeners { main, metrics: None },
        std::future::pending(),
    ));
    address
}

/// Connects with these headers; the HTTP status where the server refuses.
async fn connect(address: SocketAddr, query: &str, headers: &[(&'static str, String)]) -> Result<Client, u16> {
    let mut request = format!("ws://{address}/ws/omnichannel/{query}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => Ok(Client { socket }),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

fn bearer(firm: &Firm, role: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Bearer {}", firm.user(role).token()))]
}

/// Whether the API lets this user read what the event is about.
async fn may_get(firm: &Firm, role: &str, event: &Json) -> bool {
    let by_case = |case: &Json| format!("/api/cases/{}", case.as_str().unwrap());
    let path = match event["type"].as_str().unwrap() {
        "case_changed" => by_case(&event["case"]["mycase_case_id"]),
        "case_contact_added" | "case_contact_changed" => by_case(&event["case_contact"]["mycase_case_id"]),
        "case_contact_removed" => by_case(&event["mycase_case_id"]),
        "contact_changed" => format!("/api/contacts/{}", event["contact"]["id"].as_str().unwrap()),
        // Told to everybody: that rights changed is no secret, what they are is.
        "access_changed" | "contact_role_changed" | "contact_role_removed" => return true,
        other => panic!("an event of the type {other} has no address yet"),
    };
    firm.user(role).get(&path).await.status == StatusCode::OK
}

on_both_engines! {
    async fn an_event_reaches_a_socket_if_and_only_if_the_api_shows_its_subject(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let address = open(&firm).await;
        case(&firm, "123").await;
        firm.user("Manager").post("/api/cases/", json!({"mycase_case_id": "456", "name": "Other"})).await.ok();
        firm.user("Manager").post("/api/cases/", json!({"mycase_case_id": "789", "name": "Behind walls"})).await.ok();
        let (attorney, compliance) = (firm.user_id("Attorney"), firm.user_id("Compliance Officer"));
        for user in [attorney, compliance] {
            firm.user("Firm Admin").post("/api/cases/789/walls/", json!({"user_id": user.to_string()})).await.ok();
        }
        let jane = contact(&firm, "Jane Doe", &["+14155550123"]).await;
        let hidden = contact(&firm, "Only Behind", &["+14155550124"]).await;
        link(&firm, "123", &jane, "Witness").await;
        link(&firm, "456", &jane, "Witness").await;
        firm.user("Manager").patch("/api/cases/789", json!({"client_contact_id": hidden})).await.ok();
        firm.user("Manager").patch(&format!("/api/contacts/{}", hidden.as_str().unwrap()), json!({"name": "Only Beyond"})).await.ok();
        firm.user("Manager").patch(&format!("/api/contacts/{}", jane.as_str().unwrap()), json!({"name": "Jane Roe"})).await.ok();
        let head = firm.store().read(casewire::live::reading::ReadHead { tenant: firm.tenant }).await.unwrap().last_seq;
        let all = firm.store().read(Log(firm.organization())).await.unwrap();
        let (mut shown, mut kept) = (0, 0);
        for (role, _) in firm.users() {
            let mut client = connect(address, "?since=0", &bearer(&firm, role)).await.unwrap();
            client.hello().await;
            let got = client.until(head).await;
            for (seq, event) in &all {
                let may = may_get(&firm, role, event).await;
                assert_eq!(got.contains(seq), may, "{role}, event {seq}, {}", event["type"]);
                if may { shown += 1 } else { kept += 1 }
            }
        }
        assert!(shown > 20 && kept > 20, "{shown} shown, {kept} kept");
    }

    async fn a_socket_needs_a_sign_in_of_this_site_and_a_number_to_resume_from(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let address = open(&firm).await;
        let agent = bearer(&firm, "Agent Specialist");
        assert_eq!(connect(address, "", &[]).await.err(), Some(401));
        for wrong in ["?since=-1", "?since=abc", "?since=", "?since=1.5", "?sinse=1", "?since=1&since=2"] {
            assert_eq!(connect(address, wrong, &agent).await.err(), Some(422), "{wrong}");
        }
        let mut far = connect(address, "?since=99999999999999999999", &agent).await.unwrap();
        far.hello().await;
        assert_eq!(far.next().await.unwrap()["type"], "reset");
        assert_eq!(firm.user("Agent Specialist").get("/ws/omnichannel/").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn signing_out_closes_the_socket_of_that_sign_in_alone(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let address = open(&firm).await;
        let body = json!({"email": "agent@firm.example", "password": "correct horse battery"});
        let answer = firm.stranger().post("/api/session", body).await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let by_cookie = |origin: &str| vec![("cookie", cookie.clone()), ("origin", origin.to_owned())];
        assert_eq!(connect(address, "", &by_cookie("https://elsewhere.example")).await.err(), Some(403));
        let mut browser = connect(address, "", &by_cookie("https://casewire.example")).await.unwrap();
        let mut program = connect(address, "", &bearer(&firm, "Agent Specialist")).await.unwrap();
        browser.hello().await;
        program.hello().await;
        firm.stranger().with("cookie", cookie.clone()).with("origin", "https://casewire.example").delete("/api/session").await.ok();
        let ended = casewire::clock::Stopwatch::start();
        assert_eq!(browser.close_code().await, casewire::live::socket::CLOSE_SIGNED_OUT);
        assert!(ended.elapsed() < std::time::Duration::from_secs(1), "{:?}", ended.elapsed());
        case(&firm, "123").await;
        let head = firm.store().read(casewire::live::reading::ReadHead { tenant: firm.tenant }).await.unwrap().last_seq;
        assert!(!program.until(head).await.is_empty(), "the other goes on");
    }
}

/// Every event of the log with its number.
struct Log(casewire_core::id::OrganizationId);

impl casewire_store::Act for Log {
    type Out = Vec<(i64, Json)>;
    type Error = casewire_store::StoreError;
    async fn run(&self, tx: &mut casewire_store::Tx) -> Result<Self::Out, Self::Error> {
        let events = casewire_store::events::since(tx, self.0, 0, 1_000).await?;
        Ok(events
            .iter()
            .map(|event| (event.seq, serde_json::from_str(&event.payload).unwrap()))
            .collect())
    }
}
