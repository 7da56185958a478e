//! Lines: what carries the audio of calls. How a call stands is in the database alone, and `casewire_core::calls::Call` decides what
//! may happen; a [`Line`] is told what to do after each commit ([`orders`]), and what it hears comes back as an act ([`switch::hear`]).
//! Refuses to let a line decide anything: it knows no case, no right and no user's name.

pub mod local;
pub mod orders;
pub mod shelf;
pub mod switch;
pub mod twilio;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use casewire_core::calls::Mode;
use casewire_core::id::{CallId, OrganizationId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::calls::CallRow;
use futures_util::future::BoxFuture;

pub use orders::{LineEvent, LineOrder};
pub use shelf::{RecordingShelf, ShelfError};

use crate::problem::Problem;

/// Carries the audio of calls, and does what a step of one asks for.
pub trait Line: Send + Sync + 'static {
    /// The word in the database and on the wire: local, twilio.
    fn name(&self) -> &'static str;

    /// What a softphone needs to be reachable, where it needs anything.
    ///
    /// # Errors
    /// `line_failed`.
    fn credentials(&self, who: SoftphoneIdentity) -> BoxFuture<'_, Result<LineCredentials, Problem>>;

    /// Does what one committed step asks for, in order; `call` is how the call stands since that step. Never called twice at once for
    /// one call. It must not wait for [`switch::hear`] of the same call: what it hears meanwhile is said by another task.
    fn carry_out(&self, call: CallRow, orders: Vec<LineOrder>) -> BoxFuture<'_, Result<(), LineFailure>>;

    /// A browser offers its audio for its own leg; the answer to its offer. Another offer of the same party takes the place of the
    /// former leg, whose end is then no event.
    fn offer(&self, call: CallRow, party: LegParty, sdp: String) -> BoxFuture<'_, Result<String, Problem>>;
}

/// Whose browser it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SoftphoneIdentity {
    /// The organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
}

/// What a browser takes calls with.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LineCredentials {
    /// A token for the carrier's own library.
    pub token: Option<String>,
    /// Until when it holds.
    pub expires_at: Option<Timestamp>,
}

/// The token is a secret.
impl fmt::Debug for LineCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineCredentials")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// As what a browser joins a call; judged by the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegParty {
    /// As its agent.
    Agent(UserId),
    /// As a supervisor, who does this at the moment.
    Supervisor {
        /// Who.
        user: UserId,
        /// How.
        mode: Mode,
    },
}

/// What could not be done. The code is a word of ours: it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFailure {
    /// The call cannot go on.
    Call {
        /// Why.
        code: &'static str,
    },
    /// A supervisor's leg could not be set, and must not stay as it is; the call goes on.
    Supervisor {
        /// Whose.
        user: UserId,
        /// Why.
        code: &'static str,
    },
}

/// The lines of this server, the shelf of their recordings, and a lane per call.
#[derive(Default)]
pub struct Lines {
    lines: RwLock<Vec<Arc<dyn Line>>>,
    shelf: RwLock<Option<Arc<dyn RecordingShelf>>>,
    lanes: Mutex<HashMap<CallId, Weak<tokio::sync::Mutex<()>>>>,
}

impl Lines {
    /// Adds a line. The first one carries the calls that begin here, unless [`Lines::usual`] is asked for another.
    pub fn join(&self, line: Arc<dyn Line>) {
        self.lines.write().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Adds a line that carries the calls which begin here from now on.
    pub fn lead(&self, line: Arc<dyn Line>) {
        self.lines.write().unwrap_or_else(PoisonError::into_inner).insert(0, line);
    }

    /// The line of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Arc<dyn Line>> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        lines.iter().find(|line| line.name() == name).cloned()
    }

    /// The line that carries the calls which begin here; none where this server carries no calls.
    #[must_use]
    pub fn usual(&self) -> Option<Arc<dyn Line>> {
        self.lines.read().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }

    /// Puts recordings on this shelf.
    pub fn keep_on(&self, shelf: Arc<dyn RecordingShelf>) {
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Some(shelf);
    }

    /// Where recordings are.
    #[must_use]
    pub fn shelf(&self) -> Option<Arc<dyn RecordingShelf>> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lane of a call, in which its steps follow each other.
    async fn lane(&self, call: CallId) -> tokio::sync::OwnedMutexGuard<()> {
        let lane = {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            lanes.retain(|_, lane| lane.strong_count() > 0);
            let known = lanes.get(&call).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let lane = Arc::new(tokio::sync::Mutex::new(()));
                lanes.insert(call, Arc::downgrade(&lane));
                lane
            })
        };
        lane.lock_owned().await
    }
}
