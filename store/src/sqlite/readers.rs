//! The threads that read from SQLite, each with a connection of its own: they never wait for the writer, nor it for them.
//! An act sees one snapshot. The queue is bounded by permits; an act whose caller is gone is not run.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Session, writer};
use crate::act::{Ran, Waiting};
use crate::error::{StoreError, Unavailable};
use crate::open::Clock;
use crate::tx::{Engine, Mode, Tx};

/// How many reads may wait per thread.
const WAITING: usize = 256;

/// The threads' common queue; the threads end when this is dropped.
pub(crate) struct Readers {
    queue: Arc<Queue>,
    permits: Arc<Semaphore>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    acts: VecDeque<(Box<dyn Waiting>, OwnedSemaphorePermit)>,
    is_closed: bool,
}

impl Readers {
    /// Starts `count` threads on the file.
    pub(crate) fn spawn(path: &Path, count: usize, clock: &Clock) -> Result<Self, StoreError> {
        let count = count.max(1);
        let readers = Self {
            queue: Arc::default(),
            permits: Arc::new(Semaphore::new(count.saturating_mul(WAITING))),
        };
        for _ in 0..count {
            let mut tx = Tx::new(Engine::Sqlite(Session::reader(path)?), Mode::Read, clock.clone());
            let queue = Arc::clone(&readers.queue);
            std::thread::Builder::new()
                .name("casewire-reader".to_owned())
                .spawn(move || {
                    while let Some(act) = queue.next() {
                        run(&mut tx, act);
                    }
                })
                .map_err(|_| StoreError::from(Unavailable::Busy))?;
        }
        Ok(readers)
    }

    /// Queues an act, waiting for room.
    pub(crate) async fn queue(&self, act: Box<dyn Waiting>) {
        match Arc::clone(&self.permits).acquire_owned().await {
            Ok(permit) => {
                self.queue.state().acts.push_back((act, permit));
                self.queue.wake.notify_one();
            }
            Err(_) => act.fail(Unavailable::Closed.into()),
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.state().is_closed = true;
        self.queue.wake.notify_all();
    }
}

impl Queue {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next act, waiting for one; `None` when the store is closed.
    fn next(&self) -> Option<Box<dyn Waiting>> {
        let mut state = self.state();
        loop {
            if let Some((act, permit)) = state.acts.pop_front() {
                drop(permit);
                return Some(act);
            }
            if state.is_closed {
                return None;
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn run(tx: &mut Tx, mut act: Box<dyn Waiting>) {
    if act.is_abandoned() {
        return;
    }
    match snapshot(tx, act.as_mut()) {
        Ok(()) => act.answer(),
        Err(error) => act.fail(error),
    }
}

fn snapshot(tx: &mut Tx, act: &mut dyn Waiting) -> Result<(), StoreError> {
    tx.start_act();
    writer::session(tx)?.command("begin")?;
    let ran = writer::poll_once(act, tx);
    let failure = tx.take_failure();
    let session = writer::session(tx)?;
    if !session.connection.is_autocommit() {
        session.command("rollback")?;
    }
    match (ran?, failure) {
        (Ran::Done, Some(failure)) => Err(failure),
        (Ran::Done, None) | (Ran::Refused, _) => Ok(()),
    }
}
