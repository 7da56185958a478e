//! The auditor: what an operator, a defect or two acts at once left behind is found, mended and counted, and it comes round.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::jobs::recurring::QueueRounds;
use casewire::jobs::run_due_now;
use casewire_core::job::Job;
use casewire_store::jobs::{NewJob, enqueue};
use casewire_store::{Act, StoreError, Tx, mint, on_both_engines};
use serde_json::{Value, json};

use super::reason;
use crate::inbox::desk::{AGENT, ATTORNEY, Desk, JANE, MANAGER, PARALEGAL, QUINN, STRANGER, SUPERVISOR};

struct Queue(casewire_core::access::Tenant, NewJob);

impl Act for Queue {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        enqueue(tx, self.0, self.1.clone()).await.map(drop)
    }
}

/// Runs the auditor now.
async fn audit(desk: &Desk) {
    let job = NewJob {
        job: Job::AuditOrphans,
        run_at: desk.firm.now(),
        unique_key: None,
    };
    desk.firm
        .store()
        .write(desk.firm.organization(), Queue(desk.firm.tenant, job))
        .await
        .unwrap();
    run_due_now(&desk.firm.app).await.unwrap();
}

/// A figure of the metrics.
fn figure(desk: &Desk, name: &str) -> u64 {
    let text = desk.firm.app.metrics.text();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    line.unwrap_or_else(|| unreachable!("{name} is not among the metrics: {text}"))
}

on_both_engines! {
    async fn the_auditor_mends_and_counts_what_was_marked_wrongly(db: TestDatabase) {
        let mut desk = Desk::open(db).await;
        let organization = desk.firm.organization();
        let (offered, unknown) = (desk.arrives(JANE, "Anybody?").await, desk.arrives(STRANGER, "Hello?").await);
        for message in [&offered, &unknown] {
            for who in [AGENT, PARALEGAL, ATTORNEY] {
                desk.act(who, message, "dismiss", json!({})).await.ok();
            }
        }
        audit(&desk).await;
        assert_eq!((figure(&desk, "casewire_orphans_found_total"), figure(&desk, "casewire_orphans ")), (0, 0), "there is nothing to mend");
        desk.sql("update sms_history set attention = null where organization_id = $1", vec![organization.into()]).await;
        desk.sql("update conversations set attention_count = 0 where organization_id = $1", vec![organization.into()]).await;
        desk.sql("update cases set is_unattended = 1 where organization_id = $1 and mycase_case_id = '123'", vec![organization.into()]).await;
        assert!(desk.list(MANAGER, "view=attention").await.iter().all(|conversation| conversation["mycase_case_id"] == "123"));
        audit(&desk).await;
        assert_eq!(figure(&desk, "casewire_orphans_found_total"), 3, "two texts and a case");
        assert_eq!((reason(&desk, &offered).await, reason(&desk, &unknown).await), (json!("dismissed_by_all"), json!("dismissed_by_all")));
        audit(&desk).await;
        assert_eq!(figure(&desk, "casewire_orphans_found_total"), 3, "once");
        let logs = desk.firm.logs();
        assert!(logs.contains("have been judged anew") && !logs.contains(&offered) && !logs.contains(&unknown));
        desk.sql("update sms_history set attention = 'nobody_entitled' where organization_id = $1", vec![organization.into()]).await;
        desk.set_active(SUPERVISOR, false).await;
        assert_eq!(reason(&desk, &offered).await, "dismissed_by_all", "any change of rights mends it, too");
    }

    async fn the_auditor_counts_what_nobody_sees_as_the_admins_are_told(db: TestDatabase) {
        let mut desk = Desk::open(db).await;
        for who in [ATTORNEY, MANAGER] {
            desk.set_active(who, false).await;
        }
        desk.arrives(QUINN, "My case").await;
        audit(&desk).await;
        assert_eq!((figure(&desk, "casewire_orphans "), desk.orphans().await), (1, 1));
        assert_eq!(figure(&desk, "casewire_orphans_found_total"), 0, "that is a duty, no mistake");
        assert!(desk.firm.logs().contains("somebody must be assigned"));
        desk.assign("789", &[PARALEGAL]).await;
        audit(&desk).await;
        assert_eq!(figure(&desk, "casewire_orphans "), 0);
    }

    async fn the_gauge_is_the_sum_over_the_organizations_that_were_looked_at_lately(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let (metrics, now, good_for) = (&desk.firm.app.metrics, desk.firm.now(), Duration::from_secs(60));
        let (one, other) = (mint(), mint());
        metrics.orphans(one, 2, now, good_for);
        metrics.orphans(other, 3, now, good_for);
        assert_eq!(figure(&desk, "casewire_orphans "), 5);
        metrics.orphans(one, 0, now.plus(Duration::from_secs(30)), good_for);
        assert_eq!(figure(&desk, "casewire_orphans "), 3);
        metrics.orphans(one, 1, now.plus(Duration::from_secs(61)), good_for);
        assert_eq!(figure(&desk, "casewire_orphans "), 1, "another node looks at the other one");
    }

    async fn the_auditor_comes_round_by_itself(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let rounds = QueueRounds { now: desk.firm.now(), times: desk.firm.app.config.jobs };
        desk.firm.store().write(desk.firm.organization(), rounds).await.unwrap();
        let sql = "select type from jobs where organization_id = $1 and type = 'audit_orphans'";
        assert_eq!(desk.column(sql, vec![desk.firm.organization().into()]).await.len(), 1);
        desk.sql("update cases set is_unattended = 1 where organization_id = $1", vec![desk.firm.organization().into()]).await;
        desk.firm.advance(std::time::Duration::from_secs(121));
        run_due_now(&desk.firm.app).await.unwrap();
        assert_eq!(figure(&desk, "casewire_orphans_found_total"), 3);
        assert_eq!(desk.column(sql, vec![desk.firm.organization().into()]).await.len(), 1, "the next round is queued");
        assert_eq!(reason(&desk, "none").await, Value::Null);
    }
}
