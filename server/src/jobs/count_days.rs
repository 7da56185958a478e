//! Counts the days that are over, for the reports: each in a transaction of its own, so that nobody waits long. What is counted, and
//! when anew: `casewire_store::reports::cells`.

use casewire_core::access::Tenant;
use casewire_core::reports::{Day, LONGEST, Zone};
use casewire_core::time::Timestamp;
use casewire_store::jobs::LeasedJob;
use casewire_store::reports::cells;
use casewire_store::{Act, StoreError, Tx, organizations};

use super::JobOutcome;
use crate::state::App;

/// A day is counted when it has been over for so many days: texts come late.
const OVER: Day = 2;
/// So many days are counted in one round.
const AT_ONCE: i64 = 400;

/// Counts for the organization of the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob) -> JobOutcome {
    match round(app, leased.tenant).await {
        Ok(()) => JobOutcome::Done,
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

async fn round(app: &App, tenant: Tenant) -> Result<(), StoreError> {
    let (organization, now) = (tenant.organization(), app.clock.now());
    let Some((zone, days)) = app.store.write(organization, Enlist { tenant, now }).await? else {
        return Ok(());
    };
    for day in days {
        let zone = zone.clone();
        app.store.write(organization, CountDay { tenant, zone, day }).await?;
    }
    Ok(())
}

/// Enlists the days that are over.
struct Enlist {
    tenant: Tenant,
    now: Timestamp,
}

impl Act for Enlist {
    type Out = Option<(Zone, Vec<Day>)>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let Some(organization) = organizations::read(tx, self.tenant).await? else {
            return Ok(None);
        };
        let zone = Zone::named(&organization.settings.time_zone);
        cells::enlist(tx, self.tenant, &zone, zone.day_of(self.now) - OVER, LONGEST).await?;
        let days = cells::waiting(tx, self.tenant, AT_ONCE).await?;
        Ok(Some((zone, days)))
    }
}

/// Counts one.
struct CountDay {
    tenant: Tenant,
    zone: Zone,
    day: Day,
}

impl Act for CountDay {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        cells::count_day(tx, self.tenant, &self.zone, self.day).await
    }
}
