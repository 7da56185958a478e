//! Resuming: everything after the last number, once and in order, or one reset.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test measures time")]

use std::time::Duration;

use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::event::Audience;
use casewire_core::id::CaseId;
use casewire_store::on_both_engines;
use casewire_store::testing::TestDatabase;

use super::house::{House, Node, QUIET, ascend, news, tempo};

/// The agent's and the manager's roles.
const AGENT: usize = 0;
const MANAGER: usize = 4;

/// A sequence of choices that is the same in every run.
struct Choices(u64);

impl Choices {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

on_both_engines! {
    async fn each_visible_event_comes_once_and_in_order_through_any_disconnects(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[AGENT].grant, &[]).await;
        let mine = house.case(None, &[reader.user], &[]).await;
        let others: CaseId = house.case(None, &[], &[]).await;
        let mut choices = Choices(42);
        let (mut seq, mut expected, mut got, mut resume) = (0_i64, vec![], vec![], 0);
        for _ in 0..25 {
            let mut client = node.connect(reader, Some(resume)).await;
            client.hello().await;
            for _ in 0..choices.below(4) {
                let audiences: Vec<Audience> = (0..=choices.below(30))
                    .map(|_| if choices.below(3) == 0 { Audience::CaseTexts(mine) } else { Audience::CaseTexts(others) })
                    .collect();
                for audience in &audiences {
                    seq += 1;
                    if *audience == Audience::CaseTexts(mine) {
                        expected.push(seq);
                    }
                }
                house.emit(&audiences).await;
            }
            if choices.below(3) == 0 && resume < seq {
                got.extend(client.until(seq).await);
                resume = seq;
            } else {
                // Goes away in the middle: what was read counts, the rest must come again.
                for _ in 0..choices.below(20) {
                    let Ok(Ok(frame)) = tokio::time::timeout(Duration::from_millis(20), client.next()).await else { break };
                    if let Some(number) = frame["seq"].as_i64().filter(|_| frame["type"] != "hello") {
                        got.push(number);
                        resume = number;
                    } else if frame["type"] == "head" {
                        resume = frame["head"].as_i64().unwrap();
                    }
                }
            }
        }
        let mut client = node.connect(reader, Some(resume)).await;
        let (head, _) = client.hello().await;
        assert_eq!(head, seq);
        if resume < seq {
            got.extend(client.until(seq).await);
        }
        assert!(expected.len() > 100);
        assert_eq!(got, expected);
    }

    async fn without_since_the_stream_begins_at_the_head_without_gap_or_duplicate(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        house.emit(&[Audience::Everyone; 3]).await;
        let mut client = node.connect(reader, None).await;
        assert_eq!(client.hello().await, (3, 3));
        house.emit(&[Audience::Everyone; 2]).await;
        assert_eq!(client.until(5).await, [4, 5]);
    }

    async fn what_cannot_be_resumed_is_one_reset_and_then_live(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        house.emit(&[Audience::Everyone; 5]).await;
        house.change(vec![
            ("update event_counters set trimmed_seq = 3", vec![]),
            ("delete from events where seq <= 3", vec![]),
        ]).await;
        for since in [6, i64::MAX, 2, 0] {
            let mut client = node.connect(reader, Some(since)).await;
            assert_eq!(client.hello().await, (5, 5), "{since}");
            assert_eq!(client.next().await.unwrap(), serde_json::json!({"type": "reset", "head": 5}), "{since}");
            assert!(client.rest().await.is_empty());
        }
        let mut client = node.connect(reader, Some(3)).await;
        assert_eq!(client.hello().await, (5, 3));
        assert_eq!(client.until(5).await, [4, 5]);
        house.emit(&[Audience::Everyone]).await;
        assert_eq!(client.until(6).await, [6]);
    }

    async fn a_gap_of_ten_thousand_events_comes_whole_while_others_stay_live(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        for _ in 0..20 {
            house.emit(&[Audience::Everyone; 500]).await;
        }
        let mut resuming = vec![];
        for _ in 0..4 {
            let mut client = node.connect(reader, Some(0)).await;
            resuming.push(tokio::spawn(async move {
                client.hello().await;
                client.until(10_000).await
            }));
        }
        let mut live = node.connect(reader, None).await;
        live.hello().await;
        for seq in 10_001..10_020 {
            let started = std::time::Instant::now();
            house.emit(&[Audience::Everyone]).await;
            assert_eq!(live.until(seq).await, [seq]);
            assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        }
        for task in resuming {
            let got = task.await.unwrap();
            assert!(ascend(&got) && got.len() >= 10_000 && got[..10_000].iter().copied().eq(1..=10_000));
        }
    }

    async fn a_client_learns_that_it_may_resume_after_events_it_cannot_see(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[AGENT].grant, &[]).await;
        let hidden = house.case(None, &[], &[]).await;
        house.emit(&[Audience::Case(hidden); 3]).await;
        let mut client = node.connect(reader, Some(0)).await;
        assert_eq!(client.hello().await, (3, 0));
        assert_eq!(client.next().await.unwrap(), serde_json::json!({"type": "head", "head": 3}));
        house.emit(&[Audience::Case(hidden)]).await;
        assert_eq!(client.next().await.unwrap(), serde_json::json!({"type": "head", "head": 4}));
        assert!(client.rest().await.is_empty());
    }

    async fn an_event_whose_nudge_was_lost_is_found_by_the_tick(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        let mut client = node.connect(reader, None).await;
        client.hello().await;
        tokio::time::sleep(QUIET).await;
        // Written past the store: no nudge of any kind.
        house.change(vec![
            (
                "insert into events (organization_id, seq, at, type, audience, audience_id, payload) \
                 values ($1, 1, 0, 'settings_changed', 'everyone', null, '{\"type\":\"settings_changed\"}')",
                vec![house.organization.into()],
            ),
            ("insert into event_counters (organization_id, last_seq, trimmed_seq) values ($1, 1, 0)", vec![house.organization.into()]),
        ]).await;
        assert_eq!(client.until(1).await, [1]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_committed_on_one_node_reaches_a_socket_on_another() {
    let house = House::open(TestDatabase::postgres().await).await;
    let here = house.node(tempo()).await;
    let elsewhere = casewire_store::Store::open(house.db.options()).await.unwrap();
    let there = Node::start(elsewhere.clone(), house.tenant(), tempo()).await;
    let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
    let (mut a, mut b) = (here.connect(reader, None).await, there.connect(reader, None).await);
    a.hello().await;
    b.hello().await;
    house.emit(&[Audience::Everyone]).await;
    let change = super::house::Change {
        statements: vec![],
        organization: house.organization,
        events: vec![news(Audience::Everyone)],
    };
    elsewhere.write(house.organization, change).await.unwrap();
    assert_eq!(a.until(2).await, [1, 2]);
    assert_eq!(b.until(2).await, [1, 2]);
}
