//! What was looked at and what was refused, for the audit: `app.audit.read(tenant, Entry::read(user, "open_conversation", id)).await?`.
//! These entries wait in memory for a tenth of a second at most and are committed together, so that a read does not wait for the
//! disk; a crash loses that tenth. Where too many wait, the reader waits for the disk, and is refused where nothing can be written:
//! nothing is read beyond that without a trace. What an act does is written by the act, in its own transaction. See docs/adr/0012.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::{ContactId, OrganizationId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::{Act, Store, StoreError, Tx, cases};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::targets::Target;
use crate::clock::Clock;
use crate::problem::{Problem, ProblemCode};

/// How long an entry waits at most.
pub const WITHIN: Duration = Duration::from_millis(100);
/// How many wait at most before a reader waits for the disk.
pub const MOST: usize = 4096;

/// The entries that wait, and what writes them. Cheap to clone.
#[derive(Clone)]
pub struct AuditNotes(Arc<Shared>);

struct Shared {
    store: Store,
    clock: Clock,
    stop: CancellationToken,
    tasks: TaskTracker,
    waiting: Mutex<Waiting>,
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    notes: Vec<(Tenant, Timestamp, Note)>,
    /// Whether somebody is going to write them.
    is_awaited: bool,
}

/// What is to be written.
#[derive(Debug, Clone)]
enum Note {
    /// An entry as it is.
    Entry(Entry),
    /// A refusal, before it was looked up of what.
    Refusal(Refusal),
}

/// A request that was answered with no.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Who asked.
    pub user: UserId,
    /// Method and route, such as `GET /api/contacts/{id}`.
    pub route: String,
    /// Why.
    pub code: ProblemCode,
    /// What the address named.
    pub targets: Vec<Target>,
}

impl AuditNotes {
    /// Nothing waits.
    #[must_use]
    pub fn new(store: Store, clock: Clock, stop: CancellationToken, tasks: TaskTracker) -> Self {
        Self(Arc::new(Shared {
            store,
            clock,
            stop,
            tasks,
            waiting: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }))
    }

    /// Notes what somebody looked at. Call it before the answer is given.
    ///
    /// # Errors
    /// `unavailable` where too many wait and cannot be written.
    pub async fn read(&self, tenant: Tenant, entry: Entry) -> Result<(), Problem> {
        self.note(tenant, Note::Entry(entry)).await
    }

    /// Notes that somebody was refused something. They are refused all the same where that cannot be written.
    pub async fn refused(&self, tenant: Tenant, refusal: Refusal) {
        if self.note(tenant, Note::Refusal(refusal)).await.is_err() {
            tracing::error!("a refusal could not be noted in the audit");
        }
    }

    async fn note(&self, tenant: Tenant, note: Note) -> Result<(), Problem> {
        let at = self.0.clock.now();
        let (is_full, is_awaited) = {
            let mut waiting = self.waiting();
            waiting.notes.push((tenant, at, note));
            (waiting.notes.len() >= MOST, std::mem::replace(&mut waiting.is_awaited, true))
        };
        if is_full {
            return self.flush().await;
        }
        if !is_awaited {
            self.write_soon();
        }
        Ok(())
    }

    /// Writes what waits, and answers when it is committed.
    ///
    /// # Errors
    /// `unavailable` where it cannot be written; it goes on waiting.
    pub async fn flush(&self) -> Result<(), Problem> {
        let notes = self.clone();
        // On a task of its own: a write on the task of a request would take the request's idempotency key.
        let written = self.0.tasks.spawn(async move { notes.write().await }).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Problem::of(ProblemCode::Internal)),
        }
    }

    /// A tenth of a second from now, or when the server stops.
    fn write_soon(&self) {
        let notes = self.clone();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(WITHIN) => {}
                () = notes.0.stop.cancelled() => {}
            }
            if let Err(error) = notes.write().await {
                tracing::warn!(%error, "reads wait to be written to the audit");
                if !notes.0.stop.is_cancelled() {
                    notes.waiting().is_awaited = true;
                    notes.write_soon();
                }
            }
        });
    }

    async fn write(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.0.writing.lock().await;
        let taken = {
            let mut waiting = self.waiting();
            waiting.is_awaited = false;
            std::mem::take(&mut waiting.notes)
        };
        let mut of_organizations: BTreeMap<OrganizationId, (Tenant, Vec<(Timestamp, Note)>)> = BTreeMap::new();
        for (tenant, at, note) in taken {
            let (_, notes) = of_organizations
                .entry(tenant.organization())
                .or_insert_with(|| (tenant, Vec::new()));
            notes.push((at, note));
        }
        let mut failed = Ok(());
        for (organization, (tenant, notes)) in of_organizations {
            let notes = Arc::new(notes);
            let act = WriteNotes {
                tenant,
                notes: Arc::clone(&notes),
            };
            if let Err(error) = self.0.store.write(organization, act).await {
                let mut waiting = self.waiting();
                let later = std::mem::take(&mut waiting.notes);
                waiting.notes = notes.iter().map(|(at, note)| (tenant, *at, note.clone())).chain(later).collect();
                failed = Err(error);
            }
        }
        failed
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the notes of one organization, in one transaction.
struct WriteNotes {
    tenant: Tenant,
    notes: Arc<Vec<(Timestamp, Note)>>,
}

impl Act for WriteNotes {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for (at, note) in self.notes.iter() {
            let entry = match note {
                Note::Entry(entry) => entry.clone(),
                Note::Refusal(refusal) => entry_of(tx, self.tenant, refusal).await?,
            };
            audit::write(tx, self.tenant, &entry, *at).await?;
        }
        Ok(())
    }
}

/// The entry of a refusal: on the last thing that the address named, in the case that it named or that the thing is of, so that
/// whoever reads the audit of the case finds who tried. What the address names and nobody has is left out: it may be anything.
async fn entry_of(tx: &mut Tx, tenant: Tenant, refusal: &Refusal) -> Result<Entry, StoreError> {
    let mut entry = Entry::refusal(refusal.user, refusal.route.clone(), refusal.code.as_str());
    for target in &refusal.targets {
        match target {
            Target::Case(number) => {
                if let Some(case) = cases::reach(tx, tenant, number).await? {
                    entry = entry.in_case(case.case_id).on(case.case_id);
                }
            }
            Target::Thing { id, uuid } => {
                entry = entry.on(id);
                let (case, contact) = audit::where_it_is(tx, tenant, *uuid).await?;
                if let Some(case) = case {
                    entry = entry.in_case(case);
                }
                if let Some(contact) = contact.or_else(|| id.parse::<ContactId>().ok()) {
                    entry = entry.about(contact);
                }
            }
        }
    }
    Ok(entry)
}
