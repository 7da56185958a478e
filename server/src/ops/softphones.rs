//! The acts on softphones: the browser tab that takes a user's calls is elected, renews its lease, is pushed aside by another one that
//! asks for it, gives it up. Needs `calls:2`.

use std::time::Duration;

use casewire_core::access::{OfficePermit, Tenant};
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;
use casewire_store::softphones::{self, Claim, Softphone};
use casewire_store::{Act, Tx, call_news};

use crate::problem::{Problem, ProblemCode};

/// For how long a softphone is elected without a sign of life.
pub const LEASE: Duration = Duration::from_secs(30);

/// Elects a softphone, or renews its lease.
pub struct ElectSoftphone {
    /// `calls:2`.
    pub permit: OfficePermit,
    /// The tab's own name of itself.
    pub id: String,
    /// Whether another one is pushed aside.
    pub claim: Claim,
    /// The time.
    pub now: Timestamp,
}

impl Act for ElectSoftphone {
    /// The one that is elected now.
    type Out = Softphone;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Softphone, Problem> {
        let (tenant, user) = (self.permit.tenant(), self.permit.user());
        let before = softphones::find(tx, tenant, user).await?;
        let until = self.now.plus(LEASE);
        let elected = softphones::elect(tx, tenant, user, &self.id, self.claim, self.now, until).await?;
        let was_elected = before.is_some_and(|before| before.id == elected.id && before.expires_at > self.now);
        if elected.id == self.id && !was_elected {
            call_news::elected(tx, tenant, user, Some(self.id.clone()));
        }
        Ok(elected)
    }
}

/// Gives a softphone up.
pub struct ReleaseSoftphone {
    /// `calls:2`.
    pub permit: OfficePermit,
    /// The tab's own name of itself.
    pub id: String,
}

impl Act for ReleaseSoftphone {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let (tenant, user) = (self.permit.tenant(), self.permit.user());
        if !softphones::release(tx, tenant, user, &self.id).await? {
            return Err(Problem::not_found());
        }
        call_news::elected(tx, tenant, user, None);
        Ok(())
    }
}

/// The softphone that takes a user's calls now.
///
/// # Errors
/// `no_softphone`.
pub async fn alive(tx: &mut Tx, tenant: Tenant, user: UserId, now: Timestamp) -> Result<Softphone, Problem> {
    let found = softphones::find(tx, tenant, user).await?;
    found
        .filter(|softphone| softphone.expires_at > now)
        .ok_or_else(|| Problem::of(ProblemCode::NoSoftphone))
}
