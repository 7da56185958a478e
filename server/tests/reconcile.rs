//! What webhooks lost, reconciliation finds: texts that never came, and callbacks that stayed away. The mark moves only when
//! all is in.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::jobs::recurring::QueueRounds;
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

on_both_engines! {
    async fn a_text_whose_webhook_never_came_is_taken_in_once_with_its_media(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "inbound_drop", "times": 2})).await;
        stage.handset(JANE, json!({"to": FIRM, "body": "Lost"})).await;
        stage.handset(JANE, json!({"to": FIRM, "body": "", "media": ["data:image/png;base64,AAAA"]})).await;
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
