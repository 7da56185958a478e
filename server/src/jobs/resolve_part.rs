//! Finds out what became of a part whose hand-over nobody knows the end of, or of which nobody has told anything: by its id
//! at the carrier, else by the carrier's list of texts between the two numbers. One text that fits is it; several, or none after
//! the configured patience, are for a person. Never sends anything. The acts: [`crate::ops::resolve_part`].

use std::time::Duration;

use casewire_carriers::carrier::{Carrier, CarrierError, CarrierText, Direction, ProviderId, TextQuery};
use casewire_core::id::PartId;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::time::Timestamp;
use casewire_store::jobs::LeasedJob;
use unicode_normalization::UnicodeNormalization;

use super::JobOutcome;
use crate::ops::resolve_part::{AskAPerson, KnownPart, LeaveOutBound, LookAtPart, TakeInNews};
use crate::ops::text_status::News;
use crate::state::App;

/// How far the carrier's clock may be behind ours.
const SKEW: Duration = Duration::from_secs(60);
/// How many pages of texts between two numbers are looked through.
const MOST_PAGES: usize = 10;
/// How often this is tried: with the waits between, for some two hours.
const MOST_TRIES: u32 = 18;

/// Does the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, part_id: PartId) -> JobOutcome {
    let (tenant, now) = (leased.tenant, app.clock.now());
    let part = match app.store.write(tenant.organization(), LookAtPart { tenant, part_id, now }).await {
        Ok(Some(part)) => part,
        Ok(None) => return JobOutcome::Done,
        Err(error) => return JobOutcome::of_store_error(&error),
    };
    let carrier = app.carriers.account(&part.account_sid);
    match (part.state, &part.provider_id, carrier) {
        (DeliveryState::Unknown, _, None) => Search { app, leased, part_id, now }.open(&part, "account_not_configured").await,
        (DeliveryState::Unknown, _, Some(carrier)) => Search { app, leased, part_id, now }.perform(&part, carrier.as_ref()).await,
        (DeliveryState::Accepted | DeliveryState::Sending | DeliveryState::Sent, Some(provider_id), Some(carrier)) => {
            let known = carrier.text(&ProviderId::from(provider_id.as_str())).await;
            Search { app, leased, part_id, now }.hear(known).await
        }
        (
            DeliveryState::Queued
            | DeliveryState::HandingOver
            | DeliveryState::Accepted
            | DeliveryState::Sending
            | DeliveryState::Sent
            | DeliveryState::Delivered
            | DeliveryState::Read
            | DeliveryState::Undelivered
            | DeliveryState::Failed
            | DeliveryState::Refused
            | DeliveryState::Canceled,
            _,
            _,
        ) => JobOutcome::Done,
    }
}

/// What the carrier's list says of a part.
enum Found {
    One(Box<CarrierText>),
    None,
    Several,
}

struct Search<'s> {
    app: &'s App,
    leased: &'s LeasedJob,
    part_id: PartId,
    now: Timestamp,
}

impl Search<'_> {
    async fn perform(&self, part: &KnownPart, carrier: &dyn Carrier) -> JobOutcome {
        let candidates = match fitting(part, carrier).await {
            Ok(candidates) => candidates,
            Err(error) => return self.open(part, code(error)).await,
        };
        match self.pick(candidates).await {
            Ok(Found::One(text)) => self.take_in(Some(news_of(&text))).await,
            Ok(Found::None) => self.open(part, "no_such_text").await,
            Ok(Found::Several) => self.ask_a_person(JobOutcome::Done).await,
            Err(outcome) => outcome,
        }
    }

    /// Leaves out what is known to be another part.
    async fn pick(&self, candidates: Vec<CarrierText>) -> Result<Found, JobOutcome> {
        let provider_ids = candidates.iter().map(|text| text.provider_id.as_str().to_owned()).collect();
        let act = LeaveOutBound {
            tenant: self.leased.tenant,
            provider_ids,
        };
        let free = self.app.store.read(act).await.map_err(|error| JobOutcome::of_store_error(&error))?;
        let mut fitting = candidates
            .into_iter()
            .filter(|text| free.iter().any(|id| id == text.provider_id.as_str()));
        Ok(match (fitting.next(), fitting.next()) {
            (Some(text), None) => Found::One(Box::new(text)),
            (None, _) => Found::None,
            (Some(_), Some(_)) => Found::Several,
        })
    }

    /// The carrier's answer about a text that it has taken.
    async fn hear(&self, known: Result<CarrierText, CarrierError>) -> JobOutcome {
        match known {
            Ok(text) => self.take_in(Some(news_of(&text))).await,
            Err(CarrierError::NotFound) => self.take_in(None).await,
            Err(error) if self.leased.attempt < MOST_TRIES => JobOutcome::Retry {
                after: None,
                code: code(error),
            },
            Err(_) => self.take_in(None).await,
        }
    }

    async fn take_in(&self, news: Option<News>) -> JobOutcome {
        let (tenant, part_id) = (self.leased.tenant, self.part_id);
        match self
            .app
            .store
            .write(
                tenant.organization(),
                TakeInNews {
                    tenant,
                    part_id,
                    news,
                    now: self.now,
                },
            )
            .await
        {
            Ok(()) => JobOutcome::Done,
            Err(error) => JobOutcome::of_store_error(&error),
        }
    }

    /// Not known yet: look again later, and ask a person when it has been open for too long. The carrier may still tell.
    async fn open(&self, part: &KnownPart, code: &'static str) -> JobOutcome {
        let patience = self.app.config.jobs.patience;
        let wait = Duration::from_secs(5)
            .saturating_mul(1 << self.leased.attempt.saturating_sub(1).min(7))
            .min(patience);
        let again = if self.leased.attempt < MOST_TRIES {
            JobOutcome::Retry { after: Some(wait), code }
        } else {
            JobOutcome::Done
        };
        if self.now.since(part.attempted_at) < patience && again != JobOutcome::Done {
            return again;
        }
        self.ask_a_person(again).await
    }

    async fn ask_a_person(&self, then: JobOutcome) -> JobOutcome {
        let (tenant, part_id) = (self.leased.tenant, self.part_id);
        match self.app.store.write(tenant.organization(), AskAPerson { tenant, part_id }).await {
            Ok(()) => then,
            Err(error) => JobOutcome::of_store_error(&error),
        }
    }
}

/// The carrier's texts between the two numbers that could be the part: newest first, until they are older than the attempt.
/// Asked without a date, for what waits at the carrier has none.
async fn fitting(part: &KnownPart, carrier: &dyn Carrier) -> Result<Vec<CarrierText>, CarrierError> {
    let since = part.attempted_at.minus(SKEW);
    let body: String = part.body.nfc().collect();
    let mut fitting: Vec<CarrierText> = Vec::new();
    let mut query = TextQuery {
        to: Some(part.to.clone()),
        from: Some(part.from.clone()),
        sent_after: None,
        sent_before: None,
        direction: Some(Direction::Outbound),
        page: None,
    };
    for _ in 0..MOST_PAGES {
        let page = carrier.texts(query.clone()).await?;
        let past = page.items.iter().any(|text| text.created_at < since);
        let fits = |text: &CarrierText| text.created_at >= since && text.body.nfc().eq(body.chars());
        fitting.extend(page.items.into_iter().filter(fits));
        match page.next {
            Some(next) if !past => query.page = Some(next),
            Some(_) | None => break,
        }
    }
    Ok(fitting)
}

fn news_of(text: &CarrierText) -> News {
    News {
        state: text.state.unwrap_or(DeliveryState::Accepted),
        provider_id: Some(text.provider_id.as_str().to_owned()),
        error_code: text.error_code,
        at: text.created_at,
    }
}

/// The word for it in the queue.
pub(super) const fn code(error: CarrierError) -> &'static str {
    match error {
        CarrierError::NotFound => "carrier_not_found",
        CarrierError::Unauthorized => "carrier_unauthorized",
        CarrierError::RateLimited { .. } => "carrier_rate_limited",
        CarrierError::Refused { .. } => "carrier_refused",
        CarrierError::Unreachable => "carrier_unreachable",
        CarrierError::TimedOut => "carrier_timed_out",
        CarrierError::Failed { .. } => "carrier_failed",
        CarrierError::Nonsense { .. } => "carrier_nonsense",
    }
}
