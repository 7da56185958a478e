//! Listing: filters stay over pages, a page goes on where the last ended, and an address that leads elsewhere is not followed.

use std::net::Ipv4Addr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use casewire_carriers::carrier::{Carrier, CarrierError, CarrierText, Direction, OutboundText, Page, TextQuery};
use casewire_core::time::Timestamp;

use super::scene::{ACCOUNT, FIRM, JANE, JOHN, SECOND, START, Scene, TOKEN, adapter, number, until};

async fn all(scene: &Scene, mut query: TextQuery) -> Vec<CarrierText> {
    let mut found = Vec::new();
    loop {
        let Page { items, next } = scene.twilio.texts(query.clone()).await.unwrap();
        found.extend(items);
        match next {
            Some(next) => query.page = Some(next),
            None => return found,
        }
    }
}

#[tokio::test]
async fn pages_keep_their_filters_and_come_newest_first() {
    let scene = Scene::set().await;
    for round in 0..230 {
        scene.writes(JANE, FIRM, &format!("{round}")).await;
        scene.writes(if round % 2 == 0 { JOHN } else { JANE }, SECOND, "other").await;
    }
    let first = scene
        .twilio
        .texts(TextQuery {
            to: Some(number(FIRM)),
            ..TextQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(first.items.len(), 200);
    scene.writes(JANE, FIRM, "a later one").await;
    let second = scene
        .twilio
        .texts(TextQuery {
            page: first.next.clone(),
            ..TextQuery::default()
        })
        .await
        .unwrap();
    assert!(second.next.is_none());
    let bodies: Vec<String> = first.items.iter().chain(&second.items).map(|text| text.body.clone()).collect();
    assert_eq!(bodies, (0..230).rev().map(|round| round.to_string()).collect::<Vec<_>>());
    assert_eq!(
        all(
            &scene,
            TextQuery {
                from: Some(number(JOHN)),
                ..TextQuery::default()
            }
        )
        .await
        .len(),
        115
    );
    assert_eq!(all(&scene, TextQuery::default()).await.len(), 461);
}

#[tokio::test]
async fn a_time_and_a_direction_narrow_the_list() {
    let scene = Scene::set().await;
    scene.writes(JANE, FIRM, "early").await;
    scene.time.store(START + 3_600_000_000, Ordering::SeqCst);
    scene.writes(JANE, FIRM, "late").await;
    scene.accepted("an answer").await;
    until(|| scene.firm.noted().len() >= 4).await;
    let after = |micros| TextQuery {
        sent_after: Some(Timestamp::from_micros(START + micros)),
        ..TextQuery::default()
    };
    assert_eq!(all(&scene, after(0)).await.len(), 3);
    assert_eq!(all(&scene, after(1_800_000_000)).await.len(), 2);
    assert_eq!(all(&scene, after(7_200_000_000)).await.len(), 0);
    let before = |micros| TextQuery {
        sent_before: Some(Timestamp::from_micros(START + micros)),
        ..TextQuery::default()
    };
    assert_eq!(all(&scene, before(1_800_000_000)).await.len(), 1);
    assert_eq!(all(&scene, before(7_200_000_000)).await.len(), 3);
    let inbound = TextQuery {
        direction: Some(Direction::Inbound),
        ..after(0)
    };
    let texts = all(&scene, inbound).await;
    assert_eq!(texts.iter().map(|text| text.body.as_str()).collect::<Vec<_>>(), ["late", "early"]);
    assert!(texts.iter().all(|text| text.state.is_none() && text.sent_at.is_some()));
}

#[tokio::test]
async fn one_second_is_not_rounded_away_from_a_time() {
    let scene = Scene::set().await;
    scene.time.store(START + 999_000, Ordering::SeqCst);
    scene.writes(JANE, FIRM, "at the end of a second").await;
    let query = TextQuery {
        sent_after: Some(Timestamp::from_micros(START + 999_500)),
        ..TextQuery::default()
    };
    assert_eq!(all(&scene, query).await.len(), 1);
    let query = TextQuery {
        sent_before: Some(Timestamp::from_micros(START + 999_500)),
        ..TextQuery::default()
    };
    assert_eq!(all(&scene, query).await.len(), 1);
}

#[tokio::test]
async fn another_accounts_texts_are_not_seen() {
    let scene = Scene::set().await;
    scene.writes(JANE, super::scene::FOREIGN, "for the other firm").await;
    scene.writes(JANE, FIRM, "for us").await;
    assert_eq!(all(&scene, TextQuery::default()).await.len(), 1);
}

#[tokio::test]
async fn a_next_page_elsewhere_is_not_followed() {
    for next in [
        "https://evil.example/2010-04-01/Accounts/x/Messages.json".to_owned(),
        "//evil.example/x".to_owned(),
        "@evil.example/".to_owned(),
        ".evil.example/".to_owned(),
        "/2010-04-01/Accounts/AC00000000000000000000000000000002/Messages.json".to_owned(),
        format!("/2010-04-01/Accounts/{ACCOUNT}/../AC00000000000000000000000000000002/Messages.json"),
        format!("/2010-04-01/Accounts/{ACCOUNT}/%2e%2e/x"),
    ] {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let body = serde_json::json!({"messages": [], "next_page_uri": next}).to_string();
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(move || std::future::ready(body.clone()))).await });
        let error = adapter(&base, Duration::from_secs(5))
            .texts(TextQuery::default())
            .await
            .unwrap_err();
        assert_eq!(
            error,
            CarrierError::Nonsense {
                what: "the address of a next page"
            },
            "{next}"
        );
    }
}

#[tokio::test]
async fn a_list_takes_a_thousand_at_most_and_tells_bad_questions_apart() {
    let scene = Scene::set().await;
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    let ask = async |query: &str| {
        let request = scene
            .http
            .get(format!("{}{path}?{query}", scene.sandbox.base()))
            .basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
    };
    assert_eq!(ask("PageSize=5000").await.1["page_size"], 1000);
    for bad in ["PageSize=0", "PageSize=x", "DateSent%3E=yesterday", "Page=-1"] {
        let (status, body) = ask(bad).await;
        assert_eq!((status, body["code"].as_u64()), (400, Some(20001)), "{bad}");
    }
    assert_eq!(ask("PageToken=nonsense").await.1["messages"], serde_json::json!([]));
    let text = OutboundText {
        media: vec!["https://h/1.png".to_owned(), "https://h/2.png".to_owned()],
        ..scene.text("x")
    };
    scene.twilio.send_text(text).await;
    for (query, found) in [
        ("DateSent=2026-11-18", 1),
        ("DateSent=2026-11-19", 0),
        ("DateSent%3C=2026-11-20", 1),
        ("DateSent%3C=2026-11-01", 0),
    ] {
        until_sent(&scene).await;
        assert_eq!(ask(query).await.1["messages"].as_array().unwrap().len(), found, "{query}");
    }
}

async fn until_sent(scene: &Scene) {
    until(|| scene.firm.noted().len() >= 2).await;
}
