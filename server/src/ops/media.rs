//! The acts on what is attached to texts: who reads it, what came of fetching it, what goes out with a part. Whoever may read a text
//! reads what is attached to it, and each reading is in the audit.

use casewire_core::access::{Access, Tenant};
use casewire_core::documents::MediaState;
use casewire_core::event::PlacementCause;
use casewire_core::id::{MessageId, PartId};
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::audit::Entry;
use casewire_store::jobs::{self, NewJob};
use casewire_store::media::{self, Fetched, StoredMedia, WaitingMedia};
use casewire_store::{Act, StoreError, Tx, announce};

use super::texts;
use crate::problem::{Problem, ProblemCode};

/// Finds an attachment to be read, with the entry for the audit.
pub struct ReadMedia {
    /// Who asks.
    pub access: Access,
    /// Of which text.
    pub message: MessageId,
    /// Which, from 0.
    pub position: u32,
}

impl Act for ReadMedia {
    type Out = (StoredMedia, Entry);
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        let text = texts::in_view(tx, access, self.message).await?;
        let media = media::one(tx, access.tenant(), self.message, self.position)
            .await?
            .ok_or_else(Problem::not_found)?;
        match media.state {
            MediaState::Stored => {}
            MediaState::Waiting => return Err(Problem::of(ProblemCode::MediaWaiting)),
            MediaState::Gone | MediaState::Refused => return Err(Problem::of(ProblemCode::MediaGone)),
        }
        let entry = Entry::read(access.user(), "read_media", self.message).with_detail(format!("attachment {}", self.position));
        let entry = match text.text.case_id {
            Some(case) => entry.in_case(case),
            None => entry,
        };
        Ok((media, entry))
    }
}

/// Queues the fetching of what came with a text.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn queue_fetch(tx: &mut Tx, tenant: Tenant, message_id: MessageId, now: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        job: Job::FetchMedia { message_id },
        run_at: now,
        unique_key: Some(format!("{}:{message_id}:media", tenant.organization())),
    };
    jobs::enqueue(tx, tenant, job).await.map(drop)
}

/// Finds what of a text is still to be fetched.
pub struct FindWaiting {
    /// Whose.
    pub tenant: Tenant,
    /// Which text.
    pub message: MessageId,
}

impl Act for FindWaiting {
    type Out = Vec<WaitingMedia>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        media::waiting(tx, self.tenant, self.message).await
    }
}

/// Notes what came of fetching, and tells who reads the text.
pub struct NoteFetched {
    /// Whose.
    pub tenant: Tenant,
    /// Which text.
    pub message: MessageId,
    /// Which attachment, and what came of it.
    pub fetched: (u32, Fetched),
}

impl Act for NoteFetched {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let (position, fetched) = self.fetched;
        if media::note(tx, self.tenant, self.message, position, fetched).await? {
            announce::changed(tx, self.tenant, self.message, PlacementCause::MediaFetched).await?;
        }
        Ok(())
    }
}

/// Finds what the carrier was given the address of.
pub struct FindPartMedia {
    /// Whose.
    pub tenant: Tenant,
    /// Of which part.
    pub part: PartId,
    /// Which attachment.
    pub position: u32,
}

impl Act for FindPartMedia {
    type Out = Option<StoredMedia>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        media::one_of_part(tx, self.tenant, self.part, self.position).await
    }
}
