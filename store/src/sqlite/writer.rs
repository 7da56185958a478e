//! The one thread that writes to SQLite. It takes the acts that wait, runs each in a savepoint, numbers their events, commits
//! once and answers after the commit. Refuses to die: a panic, a full disk or a lock is an answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll, Waker};

use tokio::sync::mpsc;

use super::Session;
use crate::act::{Effects, Ran, Waiting};
use crate::audit;
use crate::commits::{Commits, News};
use crate::error::{StoreError, Unavailable};
use crate::events;
use crate::open::Clock;
use crate::params;
use crate::tx::{Engine, Mode, Tx};

/// How many acts share a commit at most.
const BATCH: usize = 64;

/// An act after its run: answered with what it returned, or with the failure beside it.
type Answered = (Box<dyn Waiting>, Option<StoreError>);

/// The thread's state.
struct Writer {
    tx: Tx,
    clock: Clock,
    commits: Commits,
}

/// Starts the thread; it ends when the store and all who wait in the queue are gone.
pub(crate) fn spawn(
    session: Session,
    clock: Clock,
    commits: Commits,
    mut queue: mpsc::Receiver<Box<dyn Waiting>>,
) -> Result<(), StoreError> {
    let tx = Tx::new(Engine::Sqlite(session), Mode::Write, clock.clone());
    let mut writer = Writer { tx, clock, commits };
    std::thread::Builder::new()
        .name("casewire-writer".to_owned())
        .spawn(move || {
            while let Some(first) = queue.blocking_recv() {
                let mut batch = vec![first];
                while batch.len() < BATCH
                    && let Ok(next) = queue.try_recv()
                {
                    batch.push(next);
                }
                writer.run(batch);
            }
        })
        .map(|_| ())
        .map_err(|_| Unavailable::Busy.into())
}

impl Writer {
    /// Commits the batch together; where that fails as a whole, each act by itself.
    fn run(&mut self, mut batch: Vec<Box<dyn Waiting>>) {
        if let Err(error) = self.command("begin immediate") {
            return batch.into_iter().for_each(|act| act.fail(error.clone()));
        }
        let Err(error) = self.together(&mut batch) else { return };
        self.roll_back();
        if batch.len() == 1 {
            return batch.into_iter().for_each(|act| act.fail(error.clone()));
        }
        tracing::warn!(acts = batch.len(), %error, "a batch failed and its acts are run singly");
        for act in batch {
            self.run(vec![act]);
        }
    }

    /// Runs and commits what is in `batch` and answers it; on an error nothing is committed and `batch` is as it was.
    fn together(&mut self, batch: &mut Vec<Box<dyn Waiting>>) -> Result<(), StoreError> {
        let mut effects = Effects::default();
        let mut failures = Vec::with_capacity(batch.len());
        for act in batch.iter_mut() {
            failures.push(self.savepoint(act.as_mut(), &mut effects)?);
        }
        let news = self.write_logs(effects)?;
        self.command("commit")?;
        let answered: Vec<Answered> = batch.drain(..).zip(failures).collect();
        for (act, failure) in answered {
            match failure {
                Some(error) => act.fail(error),
                None => act.answer(),
            }
        }
        self.commits.tell_all(&news);
        Ok(())
    }

    /// Runs one act; what it wrote stays only if it wants it to. `Err` where the whole transaction is gone.
    fn savepoint(&mut self, act: &mut dyn Waiting, effects: &mut Effects) -> Result<Option<StoreError>, StoreError> {
        self.command("savepoint act")?;
        self.tx.start_act();
        let ran = poll_once(act, &mut self.tx);
        let failure = self.tx.take_failure();
        if self.session()?.connection.is_autocommit() {
            return Err(failure.unwrap_or_else(|| StoreError::bug("an act ended the transaction")));
        }
        let verdict = match (ran, failure) {
            (Ok(Ran::Done), None) => {
                effects.append(self.tx.take_effects());
                None
            }
            (Ok(Ran::Done), Some(failure)) => Some(failure),
            (Ok(Ran::Refused), _) => {
                self.command("rollback to act")?;
                None
            }
            (Err(defect), _) => Some(defect),
        };
        if verdict.is_some() {
            self.command("rollback to act")?;
        }
        self.command("release act")?;
        Ok(verdict)
    }

    /// Numbers and writes the events and the audit.
    fn write_logs(&mut self, mut effects: Effects) -> Result<News, StoreError> {
        let audit = std::mem::take(&mut effects.audit);
        let news = self.write_events(effects)?;
        let session = self.session()?;
        for (organization, recorded) in events::by_organization(audit) {
            let rows = session.rows(audit::TAKE_HEAD, &audit::head_params(organization))?;
            let head = rows.first().ok_or_else(|| StoreError::bug("the audit has no head"))?;
            let (entries, head) = audit::chain(organization, audit::Head::read(head)?, recorded)?;
            for (entry, hash) in &entries {
                session.execute(audit::INSERT, &audit::entry_params(entry, hash))?;
            }
            session.execute(audit::ADVANCE_HEAD, &params![organization, head.seq, head.hash])?;
        }
        Ok(news)
    }

    fn write_events(&mut self, effects: Effects) -> Result<News, StoreError> {
        let mut news = effects.news();
        let at = (self.clock)();
        let session = self.session()?;
        for (organization, events) in events::by_organization(effects.events) {
            let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
            let rows = session.rows(events::TAKE_NUMBERS, &params![organization, count])?;
            let last = rows
                .first()
                .ok_or_else(|| StoreError::bug("a counter gave no number"))?
                .columns()
                .int()?;
            for (seq, event) in (events::first_of(last, count)..).zip(&events) {
                let (kind, id, user) = (event.audience.kind_str(), event.audience.id(), event.audience.user_id());
                let payload = events::payload(event)?;
                session.execute(
                    events::INSERT_EVENT,
                    &params![organization, seq, at, event.event.type_str(), kind, id, user, payload],
                )?;
            }
            news.insert(organization, Some(last));
        }
        Ok(news)
    }

    fn roll_back(&mut self) {
        let is_open = self.session().is_ok_and(|session| !session.connection.is_autocommit());
        if is_open && let Err(error) = self.command("rollback") {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    fn command(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.session()?.command(sql)
    }

    fn session(&mut self) -> Result<&mut Session, StoreError> {
        session(&mut self.tx)
    }
}

/// The SQLite session of a transaction.
pub(super) fn session(tx: &mut Tx) -> Result<&mut Session, StoreError> {
    match &mut tx.engine {
        Engine::Sqlite(session) => Ok(session),
        Engine::Postgres(_) => Err(StoreError::bug("a SQLite thread holds another engine's transaction")),
    }
}

/// On SQLite everything that `tx` does is done at once, so an act is ready at its first poll.
pub(super) fn poll_once(act: &mut dyn Waiting, tx: &mut Tx) -> Result<Ran, StoreError> {
    let polled = catch_unwind(AssertUnwindSafe(|| {
        act.run(tx).as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }));
    match polled {
        Ok(Poll::Ready(ran)) => Ok(ran),
        Ok(Poll::Pending) => Err(StoreError::bug("an act awaited something else than its transaction")),
        Err(_) => Err(StoreError::bug("an act panicked")),
    }
}
