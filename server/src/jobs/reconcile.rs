//! Compares a number with the carrier: takes in texts whose webhooks never came, and looks after texts of ours whose callbacks
//! stay away. Goes from window to window, the oldest first, and moves the mark to the end of each only when everything in it is
//! here, so that a long list cut off anywhere is not begun anew. The acts: [`crate::ops::reconcile`].

use std::collections::BTreeMap;
use std::time::Duration;

use casewire_carriers::carrier::{Carrier, CarrierError, CarrierText, Direction, TextQuery};
use casewire_carriers::twilio::webhook::InboundText;
use casewire_core::id::NumberId;
use casewire_core::time::Timestamp;
use casewire_store::StoreError;
use casewire_store::jobs::LeasedJob;
use casewire_store::numbers::OrganizationNumber;

use super::resolve_part::code;
use super::{JobOutcome, missed_calls};
use crate::ops::receive_text::ReceiveText;
use crate::ops::reconcile::{FindUnseen, LookAfterNumber, LookAtNumber, NoteReconciled};
use crate::state::App;
use crate::webhooks::storable;

/// How far back of the mark texts are compared once more: carriers show some late, and clocks differ.
const OVERLAP: Duration = Duration::from_secs(3600);
/// How much time is asked for at once.
const WINDOW: Duration = Duration::from_secs(6 * 3600);

/// Why a round came to no end.
enum Stopped {
    Store(StoreError),
    Carrier(CarrierError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<missed_calls::Stopped> for Stopped {
    fn from(stopped: missed_calls::Stopped) -> Self {
        match stopped {
            missed_calls::Stopped::Store(error) => Self::Store(error),
            missed_calls::Stopped::Carrier(error) => Self::Carrier(error),
        }
    }
}

impl From<CarrierError> for Stopped {
    fn from(error: CarrierError) -> Self {
        Self::Carrier(error)
    }
}

/// Does the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, number_id: NumberId) -> JobOutcome {
    match round(app, leased, number_id).await {
        Ok(()) => JobOutcome::Done,
        Err(Stopped::Store(error)) => JobOutcome::of_store_error(&error),
        Err(Stopped::Carrier(error)) => JobOutcome::Retry {
            after: None,
            code: code(error),
        },
    }
}

async fn round(app: &App, leased: &LeasedJob, number_id: NumberId) -> Result<(), Stopped> {
    let tenant = leased.tenant;
    let organization = tenant.organization();
    let Some(number) = app.store.read(LookAtNumber { tenant, number_id }).await? else {
        return Ok(());
    };
    let Some(carrier) = app.carriers.account(&number.account_sid) else {
        return Ok(());
    };
    let began_at = app.clock.now();
    let look = LookAfterNumber {
        number: number.clone(),
        silence: app.config.jobs.silence,
        now: began_at,
    };
    app.store.write(organization, look).await?;
    let mut from = number.reconciled_until.minus(OVERLAP);
    let missed = missed_calls::take_in(app, &number, from).await?;
    if missed > 0 {
        tracing::warn!(%number_id, missed, "calls whose webhooks never came were logged as missed");
    }
    loop {
        let until = from.plus(WINDOW);
        // What comes while the last window is read belongs to it too: nothing lies between it and the next round.
        let end = (until < began_at).then_some(until);
        let (listed, count) = take_in_missing(app, &number, carrier.as_ref(), Window { from, until: end }).await?;
        if count > 0 {
            tracing::warn!(%number_id, count, "texts whose webhooks never came were taken in");
        }
        let note = NoteReconciled {
            tenant,
            number_id,
            until: end.unwrap_or(began_at),
            listed: (listed, count),
        };
        app.store.write(organization, note).await?;
        match end {
            Some(end) => from = end,
            None => return Ok(()),
        }
    }
}

/// A stretch of time, both ends in it.
#[derive(Clone, Copy)]
struct Window {
    from: Timestamp,
    until: Option<Timestamp>,
}

/// Takes in the carrier's inbound texts to a number in a window that are not here; how many there are, and how many were not. Page by page, so that a round that is
/// cut off has less to do the next time.
async fn take_in_missing(app: &App, number: &OrganizationNumber, carrier: &dyn Carrier, window: Window) -> Result<(usize, usize), Stopped> {
    let mut query = TextQuery {
        to: Some(number.e164.clone()),
        from: None,
        sent_after: Some(window.from),
        sent_before: window.until,
        direction: Some(Direction::Inbound),
        page: None,
    };
    let (mut listed, mut count) = (0, 0);
    loop {
        let page = carrier.texts(query.clone()).await?;
        listed += page.items.len();
        let provider_ids = page.items.iter().map(|text| text.provider_id.as_str().to_owned()).collect();
        let tenant = number.tenant();
        let unseen = app.store.read(FindUnseen { tenant, provider_ids }).await?;
        let is_missing = |text: &CarrierText| unseen.iter().any(|id| id == text.provider_id.as_str());
        for text in page.items.into_iter().rev().filter(is_missing) {
            take_in(app, number, carrier, text).await?;
            count += 1;
        }
        match page.next {
            Some(next) => query.page = Some(next),
            None => return Ok((listed, count)),
        }
    }
}

/// Takes in one text as its webhook would have, at the time at which it came to the carrier.
async fn take_in(app: &App, number: &OrganizationNumber, carrier: &dyn Carrier, text: CarrierText) -> Result<(), Stopped> {
    let media = match text.media_count {
        0 => Vec::new(),
        _ => carrier.media(&text.provider_id).await?,
    };
    let now = text.sent_at.unwrap_or(text.created_at).min(app.clock.now());
    let text = InboundText {
        provider_id: text.provider_id,
        account: number.account_sid.clone(),
        from: text.from,
        to: number.e164.clone(),
        body: text.body,
        media,
        segments: text.segments,
        keyword: None,
        extra: BTreeMap::new(),
    };
    let act = ReceiveText {
        tenant: number.tenant(),
        number_id: number.id,
        text: storable(text),
        now,
    };
    app.store.write(number.organization, act).await?;
    Ok(())
}
