//! One organization's live events on this node: reads the log once for all its sockets, keeps the newest frames and everybody's
//! rights, and shows both together, so that no event is ever seen with rights older than itself. Sockets fetch at their own
//! pace: from the frames kept here, or, where they are further behind, from the log. Holds no list of sockets.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_store::events::{Head, StoredEvent};
use casewire_store::live::SignedIn;
use casewire_store::{Store, StoreError};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::frame::Frame;
use super::reading::{LoadGrounds, OpenRoom, ReadHead, ReadLog, Refresh};
use super::rights::Rights;
use super::{Gauges, Tempo};
use crate::clock::{Clock, Stopwatch};

/// How long a room waits after the database failed it.
const PAUSE: Duration = Duration::from_millis(100);

/// How many sockets of a node read from the log at once.
const RESUMING_AT_ONCE: usize = 2;

/// What rooms share.
#[derive(Clone)]
pub struct Means {
    /// Where the log is.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Times and sizes.
    pub tempo: Tempo,
    /// What is counted.
    pub gauges: Gauges,
    /// For how long a sign-in may idle.
    pub idle: Duration,
    /// Cancelled when the node stops.
    pub stop: CancellationToken,
    /// What is waited for when the node stops.
    pub tasks: TaskTracker,
    /// How many sockets of this node read from the log at once: those that resume must not take all readers.
    pub resuming: Arc<Semaphore>,
}

impl Means {
    /// With the usual times and sizes.
    #[must_use]
    pub fn new(store: Store, clock: Clock, idle: Duration, gauges: Gauges, stop: CancellationToken, tasks: TaskTracker) -> Self {
        let resuming = Arc::new(Semaphore::new(RESUMING_AT_ONCE));
        Self {
            store,
            clock,
            tempo: Tempo::default(),
            gauges,
            idle,
            stop,
            tasks,
            resuming,
        }
    }
}

/// What the sockets of a room go by.
#[derive(Clone)]
pub struct View {
    /// The newest event that may be sent.
    pub cursor: i64,
    /// Rights at least as new as that event.
    pub rights: Arc<Rights>,
}

/// The next events for a socket.
pub enum Slice {
    /// There are none yet.
    UpToDate,
    /// These, in order and without a gap.
    Frames(Vec<Arc<Frame>>),
    /// The log does not have them any more.
    Trimmed,
}

/// One organization's live events on this node.
pub struct Room {
    tenant: Tenant,
    means: Means,
    view: watch::Sender<View>,
    kept: RwLock<Kept>,
    nudged: Notify,
    wants_rights: AtomicBool,
}

impl Room {
    /// Opens the room at the end of the log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(tenant: Tenant, means: Means) -> Result<Self, StoreError> {
        let read = Stopwatch::start();
        let (head, signed_in) = means
            .store
            .read(OpenRoom {
                tenant,
                now: means.clock.now(),
                idle: means.idle,
            })
            .await?;
        let view = View {
            cursor: head.last_seq,
            rights: Arc::new(Rights::new(signed_in, read)),
        };
        Ok(Self {
            tenant,
            means,
            view: watch::Sender::new(view),
            kept: RwLock::default(),
            nudged: Notify::new(),
            wants_rights: AtomicBool::new(false),
        })
    }

    /// What rooms share.
    #[must_use]
    pub const fn means(&self) -> &Means {
        &self.means
    }

    /// The view, and word of every new one that has more events or other rights.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<View> {
        self.view.subscribe()
    }

    /// There may be something new in the log.
    pub fn nudge(&self) {
        self.nudged.notify_one();
    }

    /// The rights are wanted anew, as of now.
    pub fn ask_for_rights(&self) {
        self.wants_rights.store(true, Ordering::SeqCst);
        self.nudge();
    }

    /// How far the log goes now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn head(&self) -> Result<Head, StoreError> {
        self.means.store.read(ReadHead { tenant: self.tenant }).await
    }

    /// Follows the log until it is dropped.
    pub async fn follow(self: Arc<Self>) {
        let mut ticks = interval(self.means.tempo.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_away = false;
        loop {
            tokio::select! {
                () = self.nudged.notified() => {}
                _ = ticks.tick() => {}
            }
            match self.advance().await {
                Ok(()) => is_away = false,
                Err(error) => {
                    if !is_away {
                        tracing::warn!(%error, organization = %self.tenant.organization(), "live events wait for the database");
                    }
                    is_away = true;
                    sleep(PAUSE).await;
                    self.nudge();
                }
            }
        }
    }

    /// Takes in everything new.
    async fn advance(&self) -> Result<(), StoreError> {
        loop {
            let View {
                cursor: after,
                rights: known,
            } = self.view.borrow().clone();
            let asked = self.wants_rights.swap(false, Ordering::SeqCst);
            let refresh = if asked || known.age() >= self.means.tempo.tick {
                Refresh::Always
            } else {
                Refresh::OnChange
            };
            let read = Stopwatch::start();
            let limit = self.means.tempo.batch;
            let act = self.read_log(after, limit, refresh, &known);
            let reading = self.means.store.read(act).await.inspect_err(|_| {
                self.wants_rights.fetch_or(asked, Ordering::SeqCst);
            })?;
            let rights = renewed(known, reading.signed_in, read);
            rights.learn(reading.grounds);
            self.publish(&reading.events, rights);
            if reading.events.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
                return Ok(());
            }
        }
    }

    fn read_log(&self, after: i64, limit: u32, refresh: Refresh, known: &Arc<Rights>) -> ReadLog {
        let (now, idle) = (self.means.clock.now(), self.means.idle);
        ReadLog {
            tenant: self.tenant,
            after,
            limit,
            refresh,
            known: Arc::clone(known),
            now,
            idle,
        }
    }

    fn publish(&self, events: &[StoredEvent], rights: Arc<Rights>) {
        let now = self.means.clock.now();
        let last = events.last().map(|event| event.seq);
        {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                self.means.gauges.lag.observe(now.since(event.at).as_secs_f64());
                kept.push(Arc::new(Frame::of(event)));
            }
            kept.shrink(&self.means.tempo);
        }
        let good_for = self.means.tempo.rights_good_for;
        self.view.send_if_modified(|view| {
            let is_news = last.is_some() || view.rights.age() >= good_for || !view.rights.are_those_of(&rights);
            view.cursor = last.unwrap_or(view.cursor);
            view.rights = rights;
            is_news
        });
    }

    /// The events after a number, at most a batch.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn after(&self, seq: i64) -> Result<Slice, StoreError> {
        let View { cursor, rights } = self.view.borrow().clone();
        if seq >= cursor {
            return Ok(Slice::UpToDate);
        }
        if let Some(frames) = self.kept_after(seq, cursor) {
            return Ok(Slice::Frames(frames));
        }
        let Ok(_turn) = self.means.resuming.acquire().await else {
            return Ok(Slice::UpToDate);
        };
        let limit = self
            .means
            .tempo
            .batch
            .min(u32::try_from(cursor.saturating_sub(seq)).unwrap_or(u32::MAX));
        let reading = self.means.store.read(self.read_log(seq, limit, Refresh::Never, &rights)).await?;
        rights.learn(reading.grounds);
        if reading.events.first().is_none_or(|first| first.seq != seq.saturating_add(1)) {
            return Ok(Slice::Trimmed);
        }
        Ok(Slice::Frames(
            reading.events.iter().map(|event| Arc::new(Frame::of(event))).collect(),
        ))
    }

    fn kept_after(&self, seq: i64, until: i64) -> Option<Vec<Arc<Frame>>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let first = kept.frames.front()?.frame.seq;
        let skip = usize::try_from(seq.saturating_add(1).checked_sub(first)?).ok()?;
        let limit = usize::try_from(self.means.tempo.batch).unwrap_or(usize::MAX);
        let frames = kept.frames.iter().skip(skip).take(limit).map(|entry| Arc::clone(&entry.frame));
        let frames: Vec<_> = frames.take_while(|frame| frame.seq <= until).collect();
        (!frames.is_empty()).then_some(frames)
    }

    /// Loads what these frames turn on into the rights.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load_grounds(&self, rights: &Rights, frames: &[Arc<Frame>]) -> Result<(), StoreError> {
        let audiences = frames
            .iter()
            .map(|frame| frame.audience)
            .filter(|audience| rights.lacks(audience))
            .collect();
        rights.learn(
            self.means
                .store
                .read(LoadGrounds {
                    tenant: self.tenant,
                    audiences,
                })
                .await?,
        );
        Ok(())
    }
}

/// The rights as read, where they were read.
fn renewed(known: Arc<Rights>, signed_in: Option<SignedIn>, read: Stopwatch) -> Arc<Rights> {
    signed_in.map_or(known, |signed_in| Arc::new(Rights::new(signed_in, read)))
}

struct Entry {
    frame: Arc<Frame>,
    since: Stopwatch,
}

/// The newest frames, without a gap.
#[derive(Default)]
struct Kept {
    frames: VecDeque<Entry>,
    bytes: usize,
}

impl Kept {
    fn push(&mut self, frame: Arc<Frame>) {
        if self.frames.back().is_some_and(|last| last.frame.seq.saturating_add(1) != frame.seq) {
            self.frames.clear();
            self.bytes = 0;
        }
        self.bytes = self.bytes.saturating_add(frame.text.len());
        self.frames.push_back(Entry {
            frame,
            since: Stopwatch::start(),
        });
    }

    fn shrink(&mut self, tempo: &Tempo) {
        while let Some(oldest) = self.frames.front() {
            let fits = self.frames.len() <= tempo.kept_events && self.bytes <= tempo.kept_bytes;
            if fits && oldest.since.elapsed() <= tempo.kept_for {
                return;
            }
            self.bytes = self.bytes.saturating_sub(oldest.frame.text.len());
            self.frames.pop_front();
        }
    }
}
