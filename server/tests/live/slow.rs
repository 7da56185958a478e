//! Clients that do not behave: they cost no memory and nobody else's time. And the goodbye of a node.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::live::Tempo;
use casewire::live::socket::CLOSE_TOO_SLOW;
use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::event::Audience;
use casewire_store::on_both_engines;
use casewire_store::testing::TestDatabase;
use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::Message;

use super::house::{House, ascend, tempo};

const MANAGER: usize = 4;

on_both_engines! {
    async fn a_client_that_does_not_read_is_cut_and_can_resume(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        let (mut slow, mut live) = (node.connect(reader, Some(0)).await, node.connect(reader, Some(0)).await);
        slow.hello().await;
        live.hello().await;
        let mut head = 0;
        while node.means.gauges.too_slow.get() == 0 {
            assert!(head < 400_000, "the client was not cut");
            house.emit(&[Audience::Everyone; 2_000]).await;
            head += 2_000;
            assert!(ascend(&live.until(head).await), "others are served meanwhile");
        }
        let mut last = 0;
        while let Ok(frame) = slow.next().await {
            last = frame["seq"].as_i64().unwrap_or(last);
        }
        assert!(last < head, "it did not get everything");
        let mut again = node.connect(reader, Some(last)).await;
        again.hello().await;
        assert!(again.until(head).await.into_iter().eq(last + 1..=head));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_answers_no_ping_is_closed_and_one_that_does_is_not() {
    let house = House::open(TestDatabase::sqlite().await).await;
    let short = Tempo {
        ping_every: Duration::from_millis(300),
        silent_for: Duration::from_millis(1500),
        ..tempo()
    };
    let node = house.node(short).await;
    let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
    let (mut silent, mut lively) = (node.connect(reader, None).await, node.connect(reader, None).await);
    silent.hello().await;
    lively.hello().await;
    // The client library answers pings while it is read; the silent one is not read.
    let reading = tokio::spawn(async move { lively.rest_for(Duration::from_secs(3)).await });
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(silent.close_code().await, CLOSE_TOO_SLOW);
    assert!(reading.await.unwrap(), "the lively one is still there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_that_is_too_large_ends_the_socket_and_others_are_ignored() {
    let house = House::open(TestDatabase::sqlite().await).await;
    let node = house.node(tempo()).await;
    let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
    let mut client = node.connect(reader, None).await;
    client.hello().await;
    client.socket.send(Message::text("{\"type\":\"hello\"}")).await.unwrap();
    client.socket.send(Message::binary(vec![0; 100])).await.unwrap();
    house.emit(&[Audience::Everyone]).await;
    assert_eq!(client.until(1).await, [1]);
    client.socket.send(Message::text("x".repeat(5_000))).await.unwrap();
    assert!([1009, 0].contains(&client.close_code().await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stops_says_goodbye_and_waits_for_its_sockets() {
    let house = House::open(TestDatabase::sqlite().await).await;
    let node = house.node(tempo()).await;
    let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
    let mut client = node.connect(reader, None).await;
    client.hello().await;
    assert_eq!(node.means.gauges.sockets.get(), 1);
    node.means.stop.cancel();
    node.means.tasks.close();
    assert_eq!(client.close_code().await, 1001);
    tokio::time::timeout(Duration::from_secs(5), node.means.tasks.wait()).await.unwrap();
    assert_eq!(node.means.gauges.sockets.get(), 0);
}
