//! Who is signed in: by cookie, by token, for how long; who is slowed down; what other sites cannot do.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::json;

use crate::support::{Answer, Client, Firm, PASSWORD};

const DAY: Duration = Duration::from_secs(86_400);

async fn sign_in(firm: &Firm, email: &str, password: &str) -> Answer {
    firm.stranger()
        .post("/api/session", json!({ "email": email, "password": password }))
        .await
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn browser(firm: &Firm, email: &str) -> Client {
    let answer = sign_in(firm, email, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    firm.stranger().with("cookie", cookie(&answer))
}

on_both_engines! {
    async fn a_stranger_is_asked_to_sign_in(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let answer = firm.stranger().get("/api/me").await;
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "unauthenticated".to_owned()));
        let forged = firm.stranger().with("authorization", "Bearer cw_forged").get("/api/me").await;
        assert_eq!(forged.code(), "unauthenticated");
    }

    async fn a_page_that_opens_learns_whether_somebody_is_signed_in_and_nobody_is_no_error(db: TestDatabase) {
        let firm = Firm::start(db).await;
        assert_eq!(firm.stranger().get("/api/session").await.ok(), json!({ "me": null }));
        let forged = firm.stranger().with("cookie", "casewire_session=forged");
        assert_eq!(forged.get("/api/session").await.ok(), json!({ "me": null }));
        let browser = browser(&firm, "supervisor@firm.example").await;
        assert_eq!(browser.get("/api/session").await.ok()["me"], browser.get("/api/me").await.ok());
    }

    async fn somebody_signed_in_is_told_who_they_are(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let me = firm.user("Supervisor").get("/api/me/").await.ok();
        assert_eq!(me["email"], "supervisor@firm.example");
        assert_eq!(me["levels"], json!({ "case_contacts": 3, "sms": 3, "calls": 3, "audit": 1, "settings": 0 }));
        assert_eq!(me["roles"][0]["name"], "Supervisor");
        assert_eq!(me["orphans"], 0);
    }

    async fn a_password_gives_a_cookie_that_scripts_and_other_sites_cannot_use(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let answer = sign_in(&firm, " Attorney@Firm.Example ", PASSWORD).await;
        let set = answer.header("set-cookie");
        for attribute in ["casewire_session=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(set.contains(attribute), "{attribute}");
        }
        let me = browser(&firm, "attorney@firm.example").await.get("/api/me").await.ok();
        assert_eq!(me["email"], "attorney@firm.example");
        let secret = cookie(&answer).split('=').next_back().unwrap().to_owned();
        assert_eq!(secret.len(), 43);
        assert!(!firm.logs().contains(&secret));
    }

    async fn a_wrong_password_and_an_unknown_address_are_told_the_same(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let (wrong, unknown) = (sign_in(&firm, "attorney@firm.example", "wrong").await, sign_in(&firm, "nobody@firm.example", "wrong").await);
        assert_eq!((wrong.code(), unknown.code()), ("wrong_credentials".to_owned(), "wrong_credentials".to_owned()));
        assert_eq!(wrong.json()["detail"], unknown.json()["detail"]);
    }

    async fn who_guesses_is_slowed_down_and_told_when_to_come_back(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for _ in 0..10 {
            assert_eq!(sign_in(&firm, "attorney@firm.example", "guess").await.code(), "wrong_credentials");
        }
        let slowed = sign_in(&firm, "attorney@firm.example", PASSWORD).await;
        assert_eq!((slowed.code(), slowed.header("retry-after")), ("rate_limited".to_owned(), "300"));
        assert_eq!(sign_in(&firm, "manager@firm.example", PASSWORD).await.status, StatusCode::NO_CONTENT);
        firm.advance(Duration::from_secs(300));
        assert_eq!(sign_in(&firm, "attorney@firm.example", PASSWORD).await.status, StatusCode::NO_CONTENT);
    }

    async fn signing_out_ends_the_sign_in(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let browser = browser(&firm, "attorney@firm.example").await;
        let out = browser.delete("/api/session/").await;
        assert!(out.header("set-cookie").contains("Max-Age=0"));
        assert_eq!(browser.get("/api/me").await.code(), "unauthenticated");
    }

    async fn a_sign_in_ends_when_it_idles_and_when_it_is_old(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let (idle, busy) = (browser(&firm, "attorney@firm.example").await, browser(&firm, "manager@firm.example").await);
        for _ in 0..4 {
            firm.advance(6 * DAY);
            busy.get("/api/me").await.ok();
            firm.app.tasks.close();
            firm.app.tasks.wait().await;
            firm.app.tasks.reopen();
        }
        assert_eq!(idle.get("/api/me").await.code(), "unauthenticated");
        firm.advance(6 * DAY);
        assert_eq!(busy.get("/api/me").await.code(), "unauthenticated");
        firm.user("Attorney").get("/api/me").await.ok();
    }

    async fn another_site_cannot_act_by_the_cookie(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let browser = browser(&firm, "admin@firm.example").await;
        let change = json!({ "part_limit": 300 });
        let refused = [
            browser.with("sec-fetch-site", "cross-site"),
            browser.with("sec-fetch-site", "same-site"),
            browser.with("origin", "https://evil.example").with("host", "casewire.example"),
            browser.with("origin", "null").with("host", "casewire.example"),
            browser.with("content-type", "text/plain"),
        ];
        for client in refused {
            assert_eq!(client.patch("/api/settings", change.clone()).await.code(), "forbidden");
        }
        let taken = [
            browser.with("sec-fetch-site", "same-origin"),
            browser.with("origin", "https://casewire.example"),
            browser.with("origin", "http://10.0.0.5:8080").with("host", "10.0.0.5:8080"),
            browser.clone(),
        ];
        for client in taken {
            client.patch("/api/settings", change.clone()).await.ok();
        }
    }

    async fn a_token_is_no_cookie_and_a_cookie_is_no_token(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let token = firm.user("Attorney").token().to_owned();
        let as_cookie = firm.stranger().with("cookie", format!("casewire_session={token}"));
        assert_eq!(as_cookie.get("/api/me").await.code(), "unauthenticated");
        let secret = cookie(&sign_in(&firm, "attorney@firm.example", PASSWORD).await).replace("casewire_session=", "");
        let as_token = firm.stranger().with("authorization", format!("Bearer {secret}"));
        assert_eq!(as_token.get("/api/me").await.code(), "unauthenticated");
    }
}
