//! The acts of comparing a number with the carrier: what is to be compared, which of the carrier's texts are missing here, and
//! what follows when all are in. The job `crate::jobs::reconcile` asks the carrier between them.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::NumberId;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::time::Timestamp;
use casewire_store::numbers::{self, OrganizationNumber};
use casewire_store::{Act, StoreError, Tx, reconciliation, reports};

use super::strays;
use super::text_status::{queue_attempt, queue_resolution};

/// Looks up a number.
pub struct LookAtNumber {
    /// Whose number.
    pub tenant: Tenant,
    /// Which.
    pub number_id: NumberId,
}

impl Act for LookAtNumber {
    type Out = Option<OrganizationNumber>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        numbers::read(tx, self.tenant, self.number_id).await
    }
}

/// Which of the carrier's texts are not here.
pub struct FindUnseen {
    /// Whose texts.
    pub tenant: Tenant,
    /// The carrier's ids.
    pub provider_ids: Vec<String>,
}

impl Act for FindUnseen {
    type Out = Vec<String>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        reconciliation::unseen(tx, self.tenant, &self.provider_ids).await
    }
}

/// Looks after the parts written from a number that nobody heard of for too long, and takes in strays.
pub struct LookAfterNumber {
    /// The number.
    pub number: OrganizationNumber,
    /// How long nothing may have been heard of a part.
    pub silence: Duration,
    /// The time.
    pub now: Timestamp,
}

impl Act for LookAfterNumber {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let tenant = self.number.tenant();
        for part in reconciliation::overdue(tx, tenant, self.number.id, self.silence, self.now).await? {
            match part.state {
                DeliveryState::Queued => queue_attempt(tx, tenant, part.id, part.attempts, self.now).await?,
                DeliveryState::HandingOver
                | DeliveryState::Unknown
                | DeliveryState::Accepted
                | DeliveryState::Sending
                | DeliveryState::Sent => queue_resolution(tx, tenant, part.id, self.now).await?,
                DeliveryState::Delivered
                | DeliveryState::Read
                | DeliveryState::Undelivered
                | DeliveryState::Failed
                | DeliveryState::Refused
                | DeliveryState::Canceled => {}
            }
        }
        strays::adopt(tx, &self.number).await.map(drop)
    }
}

/// Notes that a number was compared up to a time, when all that was missing is here.
pub struct NoteReconciled {
    /// Whose number.
    pub tenant: Tenant,
    /// Which.
    pub number_id: NumberId,
    /// Up to when.
    pub until: Timestamp,
    /// How many texts the carrier listed, and how many of them were missing here.
    pub listed: (usize, usize),
}

impl Act for NoteReconciled {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.listed.0 > 0 {
            reports::note_listed(tx, self.tenant, self.number_id, self.until, self.listed).await?;
        }
        numbers::reconciled(tx, self.tenant, self.number_id, self.until).await
    }
}
