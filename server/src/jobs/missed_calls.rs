//! Takes in calls to a number of which no webhook ever told, such as while this server was away: they are logged as missed, when they
//! were. A part of comparing a number with its carrier ([`super::reconcile`]).

use casewire_carriers::calls::{CallQuery, CarrierLeg};
use casewire_carriers::carrier::{CarrierError, Direction};
use casewire_core::time::Timestamp;
use casewire_store::StoreError;
use casewire_store::mint;
use casewire_store::numbers::OrganizationNumber;

use crate::lines::twilio::NAME;
use crate::ops::twilio_calls::commit;
use crate::ops::twilio_calls::enter::{FindUntold, TakeCall};
use crate::state::App;
use crate::webhooks::storable_address;

/// Why not all are here.
pub(super) enum Stopped {
    /// The database says why.
    Store(StoreError),
    /// The carrier does.
    Carrier(CarrierError),
}

/// Takes in the calls to a number since a time that are over and not known here; how many.
pub(super) async fn take_in(app: &App, number: &OrganizationNumber, since: Timestamp) -> Result<usize, Stopped> {
    let Some(carrier) = app.lines.named(NAME).and_then(|_| app.carriers.voice(&number.account_sid)) else {
        return Ok(0);
    };
    let mut query = CallQuery {
        to: Some(number.e164.clone()),
        started_after: Some(since),
        direction: Some(Direction::Inbound),
        ..CallQuery::default()
    };
    let mut count = 0;
    loop {
        let page = carrier.calls(query.clone()).await.map_err(Stopped::Carrier)?;
        let sids = page.items.iter().map(|leg| leg.leg.to_string()).collect();
        let tenant = number.tenant();
        let untold = app.store.read(FindUntold { tenant, sids }).await.map_err(Stopped::Store)?;
        let missed = page
            .items
            .into_iter()
            .rev()
            .filter(|leg| untold.iter().any(|sid| sid == leg.leg.as_str()));
        for leg in missed {
            count += usize::from(log(app, number, leg).await?);
        }
        match page.next {
            Some(next) => query.page = Some(next),
            None => return Ok(count),
        }
    }
}

/// Logs one at the time at which it came; one that is not over yet has its webhook on the way.
async fn log(app: &App, number: &OrganizationNumber, leg: CarrierLeg) -> Result<bool, Stopped> {
    let Some(found) = leg.status.filter(|_| leg.ended_at.is_some()) else {
        return Ok(false);
    };
    let act = TakeCall {
        number: number.clone(),
        from: storable_address(leg.from),
        leg: leg.leg,
        id: mint(),
        found: Some(found),
        now: leg.started_at.unwrap_or(leg.created_at).min(app.clock.now()),
    };
    match commit(app, number.organization, act).await {
        Ok(_) => Ok(true),
        Err(problem) => {
            tracing::warn!(number = %number.id, code = problem.code().as_str(), "a missed call could not be logged");
            Ok(false)
        }
    }
}
