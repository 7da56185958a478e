//! The job runner: at least once, in turn, put off, laid aside, taken over from a node that died; and the jobs that come round.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test names tenants and measures time")]

use std::sync::Arc;
use std::time::Duration;

use casewire::jobs::runner::Pace;
use casewire::jobs::{Runner, run_due_now};
use casewire::live::reading::ReadHead;
use casewire::state::Carriers;
use casewire_carriers::twilio::webhook::AccountKeys;
use casewire_carriers::twilio::{Credentials, Secret, Twilio, TwilioConfig};
use casewire_core::access::Tenant;
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{NumberId, PartId};
use casewire_core::job::Job;
use casewire_store::jobs::{self, DeadJob, LeasedJob, NewJob};
use casewire_store::{Act, StoreError, Tx, Value, mint, on_both_engines};

use crate::support::Firm;

/// Runs statements, and emits so many events.
struct Change(Tenant, Vec<(&'static str, Vec<Value>)>, usize);

impl Act for Change {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for (sql, values) in &self.1 {
            tx.execute(sql, values).await?;
        }
        for _ in 0..self.2 {
            tx.emit(
                self.0.organization(),
                NewEvent {
                    audience: Audience::Everyone,
                    event: Event::SettingsChanged,
                },
            );
        }
        Ok(())
    }
}

struct Queue(Tenant, NewJob);

impl Act for Queue {
    type Out = ();
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        jobs::enqueue(tx, self.0, self.1.clone()).await.map(drop)
    }
}

/// Takes jobs as a node does that dies before it ends them.
struct TakeAndDie(casewire_core::time::Timestamp, u32);

impl Act for TakeAndDie {
    type Out = Vec<LeasedJob>;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<Vec<LeasedJob>, StoreError> {
        jobs::lease(tx, self.0, Duration::from_secs(120), self.1).await
    }
}

/// What waits, with its type, time and attempts; and what was laid aside.
struct Look;

impl Act for Look {
    type Out = (Vec<(String, i64, i64)>, Vec<DeadJob>);
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let rows = tx
            .rows(
                "select type, run_at, attempts from jobs where dead_at is null order by type, run_at",
                &[],
            )
            .await?;
        let waiting = rows.iter().map(|row| {
            let mut c = row.columns();
            Ok((c.text()?, c.int()?, c.int()?))
        });
        Ok((waiting.collect::<Result<_, StoreError>>()?, jobs::dead(tx, 10).await?))
    }
}

async fn queue(firm: &Firm, job: Job) {
    let new = NewJob {
        job,
        run_at: firm.now(),
        unique_key: None,
    };
    firm.store().write(firm.organization(), Queue(firm.tenant, new)).await.unwrap();
}

async fn look(firm: &Firm) -> (Vec<(String, i64, i64)>, Vec<DeadJob>) {
    firm.store().read(Look).await.unwrap()
}

async fn change(firm: &Firm, statements: Vec<(&'static str, Vec<Value>)>, events: usize) {
    firm.store()
        .write(firm.organization(), Change(firm.tenant, statements, events))
        .await
        .unwrap();
}

fn nothing_to_send() -> Job {
    Job::SendPart { part_id: mint::<PartId>() }
}

/// The carrier's account of a firm's number.
const ACCOUNT: &str = "AC00000000000000000000000000000001";

/// A carrier that cannot be reached.
fn unreachable() -> Carriers {
    let secret = || Secret::from("0123456789abcdef0123456789abcdef");
    let config = TwilioConfig {
        base: "http://127.0.0.1:1".to_owned(),
        ..TwilioConfig::new(ACCOUNT, Credentials::AuthToken(secret()))
    };
    let keys = AccountKeys {
        account_sid: ACCOUNT.to_owned(),
        auth_tokens: vec![secret()],
        shared_keys: Vec::new(),
    };
    Carriers::default().with(keys, Arc::new(Twilio::new(&config).unwrap()))
}

/// Waits until the firm's queue is as wanted.
async fn until(firm: &Firm, wanted: impl Fn(&[(String, i64, i64)]) -> bool) {
    for _ in 0..200 {
        if wanted(&look(firm).await.0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(wanted(&look(firm).await.0), "{:?}", look(firm).await.0);
}

async fn stop(firm: &Firm) {
    firm.app.stop.cancel();
    firm.app.tasks.close();
    firm.app.tasks.wait().await;
}

on_both_engines! {
    async fn due_jobs_are_done_and_those_of_later_wait(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for _ in 0..3 {
            queue(&firm, nothing_to_send()).await;
        }
        let later = NewJob { job: nothing_to_send(), run_at: firm.now().plus(Duration::from_secs(60)), unique_key: None };
        firm.store().write(firm.organization(), Queue(firm.tenant, later)).await.unwrap();
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 3);
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 0);
        firm.advance(Duration::from_secs(60));
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 1);
        assert!(look(&firm).await.0.is_empty());
    }

    async fn a_lease_takes_no_more_than_it_has_hands_for(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for _ in 0..5 {
            queue(&firm, nothing_to_send()).await;
        }
        for taken in [2, 2, 1, 0] {
            assert_eq!(firm.store().write_for_all(TakeAndDie(firm.now(), 2)).await.unwrap().len(), taken);
        }
    }

    async fn a_job_of_a_node_that_died_is_done_after_its_lease_and_not_before(db: TestDatabase) {
        let firm = Firm::start(db).await;
        queue(&firm, nothing_to_send()).await;
        let taken = firm.store().write_for_all(TakeAndDie(firm.now(), 10)).await.unwrap();
        assert_eq!(taken.len(), 1);
        firm.advance(Duration::from_secs(119));
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 0);
        firm.advance(Duration::from_secs(2));
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 1);
        assert!(look(&firm).await.0.is_empty());
    }

    async fn a_job_whose_carrier_is_away_is_tried_again_later_and_later(db: TestDatabase) {
        let firm = Firm::start_with(db, unreachable(), |config| config).await;
        queue(&firm, Job::Reconcile { number_id: firm.number }).await;
        let mut last = Duration::ZERO;
        for attempt in 1..=4 {
            assert_eq!(run_due_now(&firm.app).await.unwrap(), 1);
            let (waiting, _) = look(&firm).await;
            let (kind, run_at, attempts) = &waiting[0];
            assert_eq!((kind.as_str(), *attempts), ("reconcile", attempt));
            let wait = casewire_core::time::Timestamp::from_micros(*run_at).since(firm.now());
            assert!(wait > last, "{wait:?} after {last:?}");
            last = wait;
            firm.advance(wait);
        }
    }

    async fn a_job_that_never_comes_to_an_end_is_laid_aside_for_a_person(db: TestDatabase) {
        let firm = Firm::start(db).await;
        queue(&firm, nothing_to_send()).await;
        change(&firm, vec![("update jobs set attempts = 20", vec![])], 0).await;
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 1);
        let (waiting, dead) = look(&firm).await;
        assert!(waiting.is_empty());
        assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("abandoned")));
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 0, "and left alone");
    }

    async fn recurring_jobs_are_queued_once_by_however_many_nodes_and_come_round(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let runners: Vec<_> = (0..3).map(|_| Runner::start(firm.app.clone(), Pace::default())).collect();
        let rounds = |waiting: &[(String, i64, i64)]| waiting.iter().map(|(kind, ..)| kind.clone()).collect::<Vec<_>>();
        let expected = ["audit_orphans", "count_days", "expire", "reconcile", "sign_audit"];
        until(&firm, |waiting| rounds(waiting) == expected).await;
        let (before, _) = look(&firm).await;
        firm.advance(Duration::from_secs(3600));
        until(&firm, |waiting| rounds(waiting) == expected && waiting.iter().zip(&before).all(|(now, then)| now.1 > then.1)).await;
        for runner in runners {
            runner.stop().await;
        }
    }

    async fn a_running_node_does_a_job_soon_after_its_commit_and_stops_when_told(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let _runner = Runner::start(firm.app.clone(), Pace { poll: Duration::from_secs(60), ..Pace::default() });
        until(&firm, |waiting| waiting.len() == 5).await;
        let queued = std::time::Instant::now();
        queue(&firm, nothing_to_send()).await;
        until(&firm, |waiting| waiting.len() == 5).await;
        assert!(queued.elapsed() < Duration::from_secs(3), "{:?}: the poll is a minute away", queued.elapsed());
        stop(&firm).await;
        queue(&firm, nothing_to_send()).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(look(&firm).await.0.len(), 6);
    }

    async fn what_has_outlived_its_time_is_dropped_and_the_rest_kept(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let agent = firm.user_id("Agent Specialist");
        change(&firm, vec![], 3).await;
        let row = "insert into sign_ins (token_hash, organization_id, id, user_id, kind, label, created_at, seen_at, expires_at) \
                   values ($1, $2, $3, $4, 'session', '', $5, $5, $6)";
        let key = "insert into idempotency_keys (organization_id, user_id, key, request_hash, created_at) values ($1, $2, $3, $4, $5)";
        let (start, day) = (firm.now(), Duration::from_secs(86_400));
        let ends = start.plus(day);
        let sign_in: Vec<Value> =
            vec![vec![9_u8; 32].into(), firm.organization().into(), mint::<casewire_core::id::SessionId>().into(), agent.into(), start.into(), ends.into()];
        let old: Vec<Value> = vec![firm.organization().into(), agent.into(), "old".into(), vec![1_u8; 32].into(), start.into()];
        change(&firm, vec![(row, sign_in), (key, old)], 0).await;
        firm.advance(Duration::from_secs(31 * 86_400));
        let new: Vec<Value> = vec![firm.organization().into(), agent.into(), "new".into(), vec![1_u8; 32].into(), firm.now().into()];
        change(&firm, vec![(key, new)], 2).await;
        queue(&firm, Job::Expire).await;
        assert_eq!(run_due_now(&firm.app).await.unwrap(), 1);
        let head = firm.store().read(ReadHead { tenant: firm.tenant }).await.unwrap();
        assert_eq!((head.last_seq, head.trimmed_seq), (5, 3));
        let counts = firm.store().read(Counts).await.unwrap();
        assert_eq!(counts, [2, 1, 0], "events, keys, sessions in browsers");
        firm.user("Agent Specialist").get("/api/me").await.ok();
    }
}

/// How many events, idempotency keys and sessions there are.
struct Counts;

impl Act for Counts {
    type Out = [i64; 3];
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<[i64; 3], StoreError> {
        let mut counts = [0; 3];
        let texts = [
            "select count(*) from events",
            "select count(*) from idempotency_keys",
            "select count(*) from sign_ins where kind = 'session'",
        ];
        for (count, text) in counts.iter_mut().zip(texts) {
            *count = tx.row(text, &[]).await?.unwrap().columns().int()?;
        }
        Ok(counts)
    }
}

#[test]
fn every_number_has_rounds_of_its_own() {
    let tenant = Tenant::of_row(mint());
    let round = |number| {
        casewire::jobs::recurring::next_round(
            tenant,
            Job::Reconcile { number_id: number },
            &casewire::config::JobTimes::default(),
            casewire_store::testing::START,
        )
    };
    let (one, other) = (round(mint::<NumberId>()).unwrap(), round(mint::<NumberId>()).unwrap());
    assert_ne!(one.unique_key, other.unique_key);
}
