//! The tasks that write to PostgreSQL, each with one transaction at a time. A task runs the acts that wait one after another,
//! numbers their events, commits once and answers after the commit. What fails as a batch is run again act by act.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use deadpool_postgres::Pool;
use futures_util::FutureExt;
use tokio::sync::mpsc;

use super::nudges::Nudger;
use super::{CommitFailure, Session, failure, session};
use crate::act::{Effects, Ran, Waiting};
use crate::error::{StoreError, Unavailable};
use crate::open::Clock;
use crate::tx::{Engine, Mode, Tx};

/// How many acts share a commit at most.
const BATCH: usize = 64;
/// How often an act is tried that was in the way of others, or whose connection was lost before the commit.
const ATTEMPTS: u32 = 5;
/// The wait before the second attempt; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(20);

/// One writing task.
pub(crate) struct Writer {
    pub(crate) pool: Pool,
    pub(crate) clock: Clock,
    pub(crate) nudger: Nudger,
}

/// Why a batch was not committed. What is left in it was not answered.
enum End {
    /// Nothing is committed.
    Failed(StoreError),
    /// It may be committed or not.
    Unknown,
}

impl Writer {
    /// Runs until the store and all who wait in the queue are gone.
    pub(crate) async fn run(self, mut queue: mpsc::Receiver<Box<dyn Waiting>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while queue.recv_many(&mut batch, BATCH).await > 0 {
            let failed = self.commit(&mut batch).await;
            if !batch.is_empty() {
                tracing::warn!(acts = batch.len(), error = %failed, "a batch failed and its acts are run singly");
            }
            for act in std::mem::take(&mut batch) {
                let mut alone = vec![act];
                let error = self.commit(&mut alone).await;
                alone.into_iter().for_each(|act| act.fail(error.clone()));
            }
        }
    }

    /// Commits the batch, trying again what may pass. What is left in `batch` failed with the error and is worth a try alone.
    async fn commit(&self, batch: &mut Vec<Box<dyn Waiting>>) -> StoreError {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let error = match self.attempt(batch).await {
                Ok(()) => return Unavailable::Closed.into(),
                Err(End::Failed(error)) => error,
                Err(End::Unknown) => {
                    batch.drain(..).for_each(|act| act.fail(Unavailable::CommitUnknown.into()));
                    return Unavailable::CommitUnknown.into();
                }
            };
            let is_away = error == Unavailable::Away.into();
            if !failure::is_passing(&error) || (batch.len() > 1 && !is_away) {
                return error;
            }
            if attempt == ATTEMPTS {
                batch.drain(..).for_each(|act| act.fail(error.clone()));
                return error;
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
            attempt += 1;
        }
    }

    /// Runs the batch in one transaction; on success it is answered and empty.
    async fn attempt(&self, batch: &mut Vec<Box<dyn Waiting>>) -> Result<(), End> {
        let client = session(&self.pool).await.map_err(End::Failed)?;
        let mut tx = Tx::new(Engine::Postgres(Session::writer(client)), Mode::Write, self.clock.clone());
        let is_alone = batch.len() == 1;
        let mut effects = Effects::default();
        for act in batch.iter_mut() {
            let (ran, failure) = run(act.as_mut(), &mut tx).await;
            match (ran, failure) {
                (Ok(Ran::Done), None) => effects.append(tx.take_effects()),
                (Ok(Ran::Refused), None) if !tx.wrote() => {}
                // Its own answer stands, and what it wrote goes with the transaction.
                (Ok(Ran::Refused), None) if is_alone => return self.refuse(tx, batch),
                (Ok(Ran::Refused), Some(failure)) if is_alone && !failure::is_passing(&failure) => return self.refuse(tx, batch),
                (Ok(Ran::Refused), None) => return Err(End::Failed(StoreError::bug("an act refused after it had written"))),
                (Ok(_), Some(failure)) | (Err(failure), _) => return Err(End::Failed(failure)),
            }
        }
        let Engine::Postgres(session) = &mut tx.engine else {
            return Err(End::Failed(StoreError::bug("a PostgreSQL task holds another engine's transaction")));
        };
        let news = session.commit(effects, (self.clock)()).await.map_err(|failure| match failure {
            CommitFailure::Refused(error) => End::Failed(error),
            CommitFailure::Unknown => End::Unknown,
        })?;
        batch.drain(..).for_each(Waiting::answer);
        self.nudger.tell(news);
        Ok(())
    }

    fn refuse(&self, tx: Tx, batch: &mut Vec<Box<dyn Waiting>>) -> Result<(), End> {
        drop(tx);
        batch.drain(..).for_each(Waiting::answer);
        Ok(())
    }
}

/// Runs one act; how it ended, and the first failure of its statements.
async fn run(act: &mut dyn Waiting, tx: &mut Tx) -> (Result<Ran, StoreError>, Option<StoreError>) {
    tx.start_act();
    let ran = AssertUnwindSafe(act.run(tx)).catch_unwind().await;
    (ran.map_err(|_| StoreError::bug("an act panicked")), tx.take_failure())
}

/// Runs an act that only reads, on a connection of the pool.
pub(crate) async fn read(pool: &Pool, clock: &Clock, mut act: Box<dyn Waiting>) {
    let client = match session(pool).await {
        Ok(client) => client,
        Err(error) => return act.fail(error),
    };
    let mut tx = Tx::new(Engine::Postgres(Session::reader(client)), Mode::Read, clock.clone());
    let (ran, failure) = run(act.as_mut(), &mut tx).await;
    drop(tx);
    match (ran, failure) {
        (Err(defect), _) => act.fail(defect),
        (Ok(Ran::Done), Some(failure)) => act.fail(failure),
        (Ok(Ran::Done), None) | (Ok(Ran::Refused), _) => act.answer(),
    }
}
