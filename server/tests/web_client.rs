//! The web client in the binary: its pages, what browsers are told about them, and what stands where a build has none in it.
//! `cargo xtask test` builds the client first and says so by `CASEWIRE_TEST_WEB`; without it both ways are right.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire::api::front::SCREENS;
use casewire::web;
use casewire_store::on_both_engines;

use crate::support::{Client, Firm};

/// Whether there is a client to look at.
#[expect(clippy::disallowed_methods, reason = "how this run of the tests was started")]
fn is_built() -> bool {
    assert!(
        web::is_built() || std::env::var_os("CASEWIRE_TEST_WEB").is_none(),
        "the web client was built, but is not served"
    );
    web::is_built()
}

/// The address of the script that a page loads.
fn script(page: &str) -> String {
    // The entry itself is a few lines; this one has something in it to compress.
    let (_, rest) = page.split_once("href=\"/assets/react-").unwrap();
    format!("/assets/react-{}", rest.split_once('"').unwrap().0)
}

async fn assert_is_a_page(browser: &Client, screen: &str) {
    let page = browser.get(screen).await;
    assert_eq!(page.status, StatusCode::OK, "{screen}");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"));
}

on_both_engines! {
    async fn every_screen_is_a_page_that_loads_from_here_only_and_is_framed_nowhere(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let browser = firm.stranger().with("accept", "text/html");
        for screen in SCREENS {
            assert_is_a_page(&browser, &screen.replace(['{', '}'], "x")).await;
        }
        assert_is_a_page(&browser, "/inbox/").await;
        if is_built() {
            let page = browser.get("/inbox").await;
            assert_eq!(page.header("cache-control"), "no-cache");
            assert!(!page.text().contains("<script>") && !page.text().contains("<style"));
            assert!(!page.header("content-security-policy").contains("unsafe"));
        } else {
            assert!(browser.get("/inbox").await.text().contains("no web client"));
        }
    }

    async fn scripts_last_forever_under_their_name_and_come_compressed_once(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let browser = firm.stranger();
        if !is_built() {
            return;
        }
        let script = script(&browser.get("/").await.text());
        let plain = browser.get(&script).await;
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(plain.header("x-content-type-options"), "nosniff");
        assert_eq!(plain.header("content-encoding"), "");
        for (accepted, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("zstd", "")] {
            let answer = browser.with("accept-encoding", accepted).get(&script).await;
            assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, encoding), "{accepted}");
            assert!(encoding.is_empty() || answer.body.len() < plain.body.len() / 2);
        }
        let known = browser.with("if-none-match", plain.header("etag")).get(&script).await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
        let other = browser.with("if-none-match", "\"of another build\"").get(&script).await;
        assert_eq!(other.status, StatusCode::OK);
    }

    async fn a_browser_sees_the_clients_own_page_for_what_is_nowhere_and_a_program_a_problem(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let (browser, program) = (firm.stranger().with("accept", "text/html,*/*"), firm.stranger());
        for path in ["/no-such-screen", "/api/no-such-thing", "/assets/none.js", "/assets/..%2f..%2fCargo.toml", "/embed.html", "/index.html"] {
            let answer = program.get(path).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        }
        for path in ["/api/no-such-thing", "/assets/none.js"] {
            assert_eq!(browser.get(path).await.code(), "not_found");
        }
        let page = browser.get("/no-such-screen").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert_eq!(page.header("content-type") == "text/html; charset=utf-8", is_built());
    }
}
