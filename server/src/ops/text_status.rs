//! The act that takes in news of a part of an outbound text, from a status callback, a hand-over or the carrier's list alike.
//! News may come late, twice and in any order: states only move forward. What follows from a change is in [`settle`]: the state
//! of the text, the session that an acceptance opens, the opt-out that a refusal tells of, the next part, the event.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::event::PlacementCause;
use casewire_core::id::{OrganizationId, PartId};
use casewire_core::job::Job;
use casewire_core::messaging::claims::AttentionReason;
use casewire_core::messaging::delivery::{DeliveryState, message_state};
use casewire_core::messaging::opt_out::OptOut;
use casewire_core::time::Timestamp;
use casewire_store::jobs::{self, NewJob};
use casewire_store::sends::{self, Outbound, Part};
use casewire_store::{Act, StoreError, Tx, announce, attention, opt_outs, sessions};

/// The code by which Twilio says that the receiver has opted out (twilio.com/docs/api/errors/21610).
pub(crate) const OPTED_OUT: u32 = 21610;

/// How long the carrier may take to say that a part was sent before it is asked, where the next part waits for that.
const CALLBACK_EXPECTED: Duration = Duration::from_secs(60);

/// What was learned of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Where it is.
    pub state: DeliveryState,
    /// The carrier's id of it.
    pub provider_id: Option<String>,
    /// The carrier's code of what went wrong.
    pub error_code: Option<u32>,
    /// When the carrier took it, if this is the first that is heard of it.
    pub at: Timestamp,
}

/// What news did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The part moved on.
    Moved,
    /// It was known, late, or impossible: nothing changed.
    Known,
    /// There is no such part, or it is another text at the carrier.
    Stray,
}

impl Taken {
    /// The word for it in the metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Known => "known",
            Self::Stray => "stray",
        }
    }
}

/// A status callback of the carrier.
pub struct TextStatusChanged {
    /// The organization that our callback's address names.
    pub organization: OrganizationId,
    /// The part that our callback's address names.
    pub part: Option<PartId>,
    /// The carrier account that signed.
    pub account_sid: String,
    /// The carrier's id of the text.
    pub provider_id: String,
    /// Where it is.
    pub state: DeliveryState,
    /// The carrier's code of what went wrong.
    pub error_code: Option<u32>,
    /// The time.
    pub now: Timestamp,
}

impl Act for TextStatusChanged {
    type Out = Taken;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Taken, StoreError> {
        let known = sends::part_of_provider_id(tx, self.organization, &self.provider_id).await?;
        let named = match (known, self.part) {
            (Some(known), _) => Some(known),
            (None, Some(part)) => {
                let found = sends::message_of_part(tx, self.organization, part).await?;
                found.map(|(tenant, message)| (tenant, part, message))
            }
            (None, None) => None,
        };
        let Some((tenant, part, message)) = named else {
            return Ok(Taken::Stray);
        };
        let Some(mut text) = sends::lock(tx, tenant, message).await? else {
            return Ok(Taken::Stray);
        };
        if text.sender.as_ref().is_none_or(|sender| sender.account_sid != self.account_sid) {
            return Ok(Taken::Stray);
        }
        let news = News {
            state: self.state,
            provider_id: Some(self.provider_id.clone()),
            error_code: self.error_code,
            at: self.now,
        };
        take_in(tx, tenant, &mut text, part, &news, self.now).await
    }
}

/// Takes in news of a part of a locked text, and settles what follows.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn take_in(
    tx: &mut Tx,
    tenant: Tenant,
    text: &mut Outbound,
    part: PartId,
    news: &News,
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let first_accepted = text.parts.iter().all(|part| part.accepted_at.is_none());
    let Some(part) = text.parts.iter_mut().find(|known| known.id == part) else {
        return Ok(Taken::Stray);
    };
    if !is_of_this_text(tx, tenant, part, news).await? {
        return Ok(Taken::Stray);
    }
    let Some(state) = part.state.advance(news.state) else {
        return Ok(Taken::Known);
    };
    let before = part.state;
    part.state = state;
    part.provider_id = part.provider_id.take().or_else(|| news.provider_id.clone());
    part.error_code = news.error_code.filter(|_| state.stops_the_rest());
    let newly_accepted = part.accepted_at.is_none() && part.provider_id.is_some();
    if newly_accepted {
        part.accepted_at = Some(news.at);
    }
    sends::set_part(tx, tenant, before, part, now).await?;
    if newly_accepted && first_accepted {
        open_session(tx, tenant, text, news.at).await?;
    }
    if news.error_code == Some(OPTED_OUT) && state.stops_the_rest() {
        opt_outs::note(tx, tenant, &text.peer, OptOut::OptedOut, None, text.id, now).await?;
    }
    settle(tx, tenant, text, now).await?;
    Ok(Taken::Moved)
}

/// Whether the carrier means the text that it took for this part.
async fn is_of_this_text(tx: &mut Tx, tenant: Tenant, part: &Part, news: &News) -> Result<bool, StoreError> {
    match (&part.provider_id, &news.provider_id) {
        (Some(ours), Some(theirs)) => Ok(ours == theirs),
        (_, None) => Ok(true),
        (None, Some(theirs)) => Ok(sends::part_of_provider_id(tx, tenant.organization(), theirs).await?.is_none()),
    }
}

/// The first part that the carrier takes opens or renews the session, unless the text only clarifies.
async fn open_session(tx: &mut Tx, tenant: Tenant, text: &Outbound, at: Timestamp) -> Result<(), StoreError> {
    match (text.contact_id, text.case_id, text.is_clarifying) {
        (Some(contact), Some(case), false) => sessions::open(tx, tenant, (contact, case), text.id, at).await,
        (Some(_), Some(_), true) | (None, _, _) | (_, None, _) => Ok(()),
    }
}

/// What follows from a change of a part: the state of the text, what needs attention, the next part's turn, and the event.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn settle(tx: &mut Tx, tenant: Tenant, text: &mut Outbound, now: Timestamp) -> Result<(), StoreError> {
    let states: Vec<DeliveryState> = text.parts.iter().map(|part| part.state).collect();
    let state = message_state(&states);
    let error_code = text
        .parts
        .iter()
        .find(|part| part.state.stops_the_rest())
        .and_then(|part| part.error_code);
    let changed = text.state != Some(state) || text.error_code != error_code;
    if changed {
        sends::set_state(tx, tenant, text.id, state, error_code).await?;
        (text.state, text.error_code) = (Some(state), error_code);
    }
    if text.attention == Some(AttentionReason::UnknownOutcome) && !states.contains(&DeliveryState::Unknown) {
        attention::set(tx, tenant, text.id, true, None).await?;
        text.attention = None;
    }
    if let Some(next) = next_to_go(&text.parts) {
        queue_hand_over(tx, tenant, next, now).await?;
    }
    if let Some(awaited) = awaited(&text.parts) {
        queue_resolution(tx, tenant, awaited.id, now.plus(CALLBACK_EXPECTED)).await?;
    }
    if changed || text.parts.len() > 1 {
        announce::changed(tx, tenant, text.id, PlacementCause::DeliveryAdvanced).await?;
    }
    Ok(())
}

/// The part whose turn it is, if the one before it has been sent.
fn next_to_go(parts: &[Part]) -> Option<&Part> {
    let waiting = parts.iter().position(|part| !part.state.lets_the_next_go())?;
    parts.get(waiting).filter(|part| waiting > 0 && part.state == DeliveryState::Queued)
}

/// The part that the next one waits for, where the carrier has it and has yet to say that it was sent.
fn awaited(parts: &[Part]) -> Option<&Part> {
    let is_with_the_carrier = |part: &Part| matches!(part.state, DeliveryState::Accepted | DeliveryState::Sending);
    let pair = parts.windows(2).find_map(|pair| match pair {
        [first, second] => Some((first, second)).filter(|_| is_with_the_carrier(first) && second.state == DeliveryState::Queued),
        _ => None,
    });
    pair.map(|(first, _)| first)
}

/// Queues the hand-over of a part, once per attempt.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn queue_hand_over(tx: &mut Tx, tenant: Tenant, part: &Part, run_at: Timestamp) -> Result<(), StoreError> {
    queue_attempt(tx, tenant, part.id, part.attempts, run_at).await
}

/// The same, of a part that is known by its id and the number of its attempts.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn queue_attempt(
    tx: &mut Tx,
    tenant: Tenant,
    part_id: PartId,
    attempts: u32,
    run_at: Timestamp,
) -> Result<(), StoreError> {
    let unique_key = Some(format!("{part_id}:send:{attempts}"));
    jobs::enqueue(
        tx,
        tenant,
        NewJob {
            job: Job::SendPart { part_id },
            run_at,
            unique_key,
        },
    )
    .await
    .map(drop)
}

/// Queues finding out what became of a part, once at a time.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn queue_resolution(tx: &mut Tx, tenant: Tenant, part_id: PartId, run_at: Timestamp) -> Result<(), StoreError> {
    let unique_key = Some(format!("{part_id}:resolve"));
    jobs::enqueue(
        tx,
        tenant,
        NewJob {
            job: Job::ResolvePart { part_id },
            run_at,
            unique_key,
        },
    )
    .await
    .map(drop)
}
