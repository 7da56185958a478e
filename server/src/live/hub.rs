//! The live hub of a node: hears of commits, nudges the room of the organization, opens rooms for the first socket of an
//! organization and closes them after its last. Owns no data: everything is in the log.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use casewire_core::access::Tenant;
use casewire_core::id::OrganizationId;
use casewire_store::StoreError;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::AbortHandle;

use super::room::{Means, Room};

/// The live hub of this node; clones are the same hub.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    means: Means,
    rooms: Mutex<HashMap<OrganizationId, Open>>,
    listening: OnceLock<()>,
}

struct Open {
    room: Arc<Room>,
    seats: usize,
    task: AbortHandle,
}

impl Hub {
    /// A hub without rooms. It starts to listen to commits with the first.
    #[must_use]
    pub fn new(means: Means) -> Self {
        Self(Arc::new(Inner {
            means,
            rooms: Mutex::default(),
            listening: OnceLock::new(),
        }))
    }

    /// A seat in the organization's room.
    ///
    /// # Errors
    /// [`StoreError`] where the room had to be opened and could not.
    pub async fn enter(&self, tenant: Tenant) -> Result<Seat, StoreError> {
        if let Some(seat) = self.sit_down(tenant.organization()) {
            return Ok(seat);
        }
        self.0
            .listening
            .get_or_init(|| drop(tokio::spawn(listen(Arc::downgrade(&self.0), self.0.means.store.commits()))));
        let room = Arc::new(Room::open(tenant, self.0.means.clone()).await?);
        if let Some(seat) = self.sit_down(tenant.organization()) {
            return Ok(seat);
        }
        let mut rooms = self.0.rooms();
        let open = rooms.entry(tenant.organization()).or_insert_with(|| {
            let task = tokio::spawn(Arc::clone(&room).follow()).abort_handle();
            Open { room, seats: 0, task }
        });
        open.seats += 1;
        Ok(self.seat(tenant.organization(), open))
    }

    fn sit_down(&self, organization: OrganizationId) -> Option<Seat> {
        let mut rooms = self.0.rooms();
        let open = rooms.get_mut(&organization)?;
        open.seats += 1;
        Some(self.seat(organization, open))
    }

    fn seat(&self, organization: OrganizationId, open: &Open) -> Seat {
        self.0.means.gauges.sockets.inc();
        Seat {
            hub: Arc::clone(&self.0),
            organization,
            room: Arc::clone(&open.room),
        }
    }
}

impl Inner {
    fn rooms(&self) -> MutexGuard<'_, HashMap<OrganizationId, Open>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, organization: OrganizationId) {
        self.means.gauges.sockets.dec();
        let mut rooms = self.rooms();
        let Some(open) = rooms.get_mut(&organization) else { return };
        open.seats = open.seats.saturating_sub(1);
        if open.seats == 0 {
            open.task.abort();
            rooms.remove(&organization);
        }
    }
}

/// Nudges rooms until the store or the hub is gone.
async fn listen(hub: Weak<Inner>, mut commits: broadcast::Receiver<OrganizationId>) {
    loop {
        let heard = commits.recv().await;
        let Some(hub) = hub.upgrade() else { return };
        match heard {
            Ok(organization) => {
                if let Some(open) = hub.rooms().get(&organization) {
                    open.room.nudge();
                }
            }
            Err(RecvError::Lagged(_)) => hub.rooms().values().for_each(|open| open.room.nudge()),
            Err(RecvError::Closed) => return,
        }
    }
}

/// A socket's place in a room; the room stays open while somebody has one.
pub struct Seat {
    hub: Arc<Inner>,
    organization: OrganizationId,
    room: Arc<Room>,
}

impl Deref for Seat {
    type Target = Room;
    fn deref(&self) -> &Room {
        &self.room
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.leave(self.organization);
    }
}
