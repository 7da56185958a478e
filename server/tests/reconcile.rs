//! What webhooks lost, reconciliation finds: texts that never came, and callbacks that stayed away. The mark moves only when
//! all is in.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::jobs::recurring::QueueRounds;
use casewire_carriers::carrier::{Direction, TextQuery};
use casewire_core::time::Timestamp;
use casewire_store::on_both_engines;
use serde_json::json;

use crate::stage::{FIRM, JANE, Stage};

/// A round of reconciliation, as the runner queues it.
async fn round(stage: &Stage) {
    stage
        .firm
        .store()
        .write_for_all(QueueRounds {
            now: stage.firm.now(),
            times: stage.firm.app.config.jobs,
        })
        .await
        .unwrap();
    stage.work_after(Duration::from_secs(301)).await;
}

async fn mark(stage: &Stage) -> i64 {
    stage
        .count(
            "select reconciled_until from organization_numbers where organization_id = $1",
            vec![stage.firm.organization().into()],
        )
        .await
}

/// How many of the carrier's texts up to a time are not here; the carrier is well meanwhile.
async fn unread(stage: &Stage, until: i64, seed: u64) -> i64 {
    let query = TextQuery {
        to: Some(stage.firm.number_e164.clone()),
        direction: Some(Direction::Inbound),
        sent_before: Some(Timestamp::from_micros(until)),
        ..TextQuery::default()
    };
    stage.clear_faults().await;
    let mut page = stage.carrier.texts(query.clone()).await.unwrap();
    let mut there = page.items;
    while let Some(next) = page.next {
        page = stage
            .carrier
            .texts(TextQuery {
                page: Some(next),
                ..query.clone()
            })
            .await
            .unwrap();
        there.extend(page.items);
    }
    stage.fault(json!({"kind": "down", "probability": 0.5, "seed": seed})).await;
    let there = there
        .iter()
        .filter(|text| text.sent_at.is_some_and(|at| at.as_micros() <= until))
        .count();
    let here = stage
        .count(
            "select count(*) from sms_history where direction = 'inbound' and at <= $1",
            vec![until.into()],
        )
        .await;
    i64::try_from(there).unwrap() - here
}

on_both_engines! {
    async fn a_text_whose_webhook_never_came_is_taken_in_once_with_its_media(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "inbound_drop", "times": 2})).await;
        stage.handset(JANE, json!({"to": FIRM, "body": "Lost"})).await;
        stage.handset(JANE, json!({"to": FIRM, "body": "", "media": ["data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="]})).await;
        let before = mark(&stage).await;
        round(&stage).await;
        assert_eq!(stage.stored("inbound").await, 2);
        assert_eq!(stage.count("select count(*) from sms_media where content_type = $1", vec!["image/png".into()]).await, 1);
        assert_eq!(stage.conversations("case_id=123").await[0]["unclaimed_count"], 2);
        assert!(mark(&stage).await > before);
        round(&stage).await;
        assert_eq!(stage.stored("inbound").await, 2);
    }

    async fn the_mark_stays_where_it_is_while_the_carrier_is_down(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "inbound_drop", "times": 1})).await;
        stage.handset(JANE, json!({"to": FIRM, "body": "Lost"})).await;
        stage.fault(json!({"kind": "down"})).await;
        let before = mark(&stage).await;
        round(&stage).await;
        assert_eq!((mark(&stage).await, stage.stored("inbound").await), (before, 0));
        stage.clear_faults().await;
        stage.work_after(Duration::from_secs(900)).await;
        assert_eq!(stage.stored("inbound").await, 1);
        assert!(mark(&stage).await > before);
    }

    async fn a_long_list_is_read_however_often_the_carrier_breaks_off_and_the_mark_passes_nothing_unread(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let began = mark(&stage).await;
        stage.fault(json!({"kind": "inbound_drop"})).await;
        // Three days, and more than a page in one window.
        for (hours, count) in [(1, 230), (8, 20), (8, 20), (20, 20), (20, 20), (15, 20)] {
            stage.firm.advance(Duration::from_secs(hours * 3600));
            for number in 0..count {
                stage.handset(JANE, json!({"to": FIRM, "body": format!("Lost {number}")})).await;
            }
        }
        stage.fault(json!({"kind": "down", "probability": 0.5, "seed": 7})).await;
        let mut marks = vec![began];
        for turn in 0..60 {
            round(&stage).await;
            let mark = mark(&stage).await;
            assert_eq!(unread(&stage, mark, turn).await, 0);
            if marks.last() != Some(&mark) {
                marks.push(mark);
            }
            if stage.stored("inbound").await == 330 {
                break;
            }
        }
        assert_eq!(stage.stored("inbound").await, 330);
        // It came there in several steps, none of them back.
        assert!(marks.len() > 3 && marks.is_sorted(), "{}", marks.len());
    }

    async fn a_text_whose_callbacks_stay_away_is_asked_for(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "callback_drop"})).await;
        let sent = stage.write("123", "Hello").await;
        stage.work().await;
        assert_eq!(stage.read(&sent).await["state"], "accepted");
        tokio::time::sleep(Duration::from_millis(150)).await;
        round(&stage).await;
        assert_eq!(stage.read(&sent).await["state"], "delivered");
    }

    async fn a_text_whose_job_was_lost_is_handed_over_after_all(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("123", "Hello").await;
        stage.firm.store().write_for_all(LoseJobs).await.unwrap();
        assert_eq!(stage.work().await, 0);
        round(&stage).await;
        stage.until(&sent, "delivered").await;
        assert_eq!(stage.posted(), 1);
    }
}

struct LoseJobs;

impl casewire_store::Act for LoseJobs {
    type Out = ();
    type Error = casewire_store::StoreError;
    async fn run(&self, tx: &mut casewire_store::Tx) -> Result<(), Self::Error> {
        tx.execute("delete from jobs", &[]).await.map(drop)
    }
}
