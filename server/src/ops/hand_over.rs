//! The two halves of handing a part to the carrier, with the carrier's call between them. The first commits that the part is on
//! its way before the call, so that a crash is seen as what it is: an unknown outcome, never sent again by itself. The second
//! writes down how it ended. Whoever finds a part on its way already came after a crash.

use std::time::Duration;

use casewire_carriers::carrier::{self, Refusal, Retry};
use casewire_core::access::Tenant;
use casewire_core::id::PartId;
use casewire_core::messaging::delivery::{DeliveryState, HandOver};
use casewire_core::messaging::opt_out::OptOut;
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;
use casewire_store::sends::{self, Outbound};
use casewire_store::{Act, StoreError, Tx, media, opt_outs};

use super::text_status::{News, OPTED_OUT, queue_attempt, queue_resolution, settle, take_in};

/// How often a part is handed over to a carrier that is away or busy; with the waits between, about an hour.
const MOST_ATTEMPTS: u32 = 20;
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// How long after an unknown outcome the carrier is asked first: its callback may come meanwhile.
const FIRST_LOOK: Duration = Duration::from_secs(2);

/// Takes a part to be handed over.
pub struct StartHandOver {
    /// Whose part.
    pub tenant: Tenant,
    /// The part.
    pub part_id: PartId,
    /// The time.
    pub now: Timestamp,
}

/// Whether there is something to hand over.
pub enum Started {
    /// Call the carrier now, once.
    Go(OnItsWay),
    /// Nothing: it is done, lost, or not its turn.
    Nothing,
    /// Somebody called the carrier and did not come back: the outcome is unknown.
    InDoubt,
}

/// What the carrier is to be given.
pub struct OnItsWay {
    /// The firm's number.
    pub from: E164,
    /// The number of the person.
    pub to: E164,
    /// What is said.
    pub body: String,
    /// The carrier account.
    pub account_sid: String,
    /// Which of the text's attachments go with it, by their positions.
    pub media: Vec<u32>,
}

impl Act for StartHandOver {
    type Out = Started;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Started, StoreError> {
        let (tenant, now) = (self.tenant, self.now);
        let Some(mut text) = lock(tx, tenant, self.part_id).await? else {
            return Ok(Started::Nothing);
        };
        let Some(index) = text.parts.iter().position(|part| part.id == self.part_id) else {
            return Ok(Started::Nothing);
        };
        let (before, rest) = text.parts.split_at(index);
        let Some(part) = rest.first() else { return Ok(Started::Nothing) };
        match part.state {
            DeliveryState::Queued => {}
            DeliveryState::HandingOver => {
                self.doubt(tx, &mut text).await?;
                return Ok(Started::InDoubt);
            }
            DeliveryState::Unknown
            | DeliveryState::Accepted
            | DeliveryState::Sending
            | DeliveryState::Sent
            | DeliveryState::Delivered
            | DeliveryState::Read
            | DeliveryState::Undelivered
            | DeliveryState::Failed
            | DeliveryState::Refused
            | DeliveryState::Canceled => return Ok(Started::Nothing),
        }
        if !before.iter().all(|part| part.state.lets_the_next_go()) {
            return Ok(Started::Nothing);
        }
        let body = part.body.clone();
        let (Some(sender), Some(to)) = (text.sender.clone(), text.peer.number().cloned()) else {
            self.refuse(tx, &mut text, None).await?;
            return Ok(Started::Nothing);
        };
        if opt_outs::state(tx, tenant, &text.peer).await? == OptOut::OptedOut {
            self.refuse(tx, &mut text, Some(OPTED_OUT)).await?;
            return Ok(Started::Nothing);
        }
        if !sends::hand_over(tx, tenant, self.part_id, now).await? {
            return Ok(Started::Nothing);
        }
        if let Some(part) = text.parts.get_mut(index) {
            part.state = DeliveryState::HandingOver;
        }
        settle(tx, tenant, &mut text, now).await?;
        Ok(Started::Go(OnItsWay {
            from: sender.e164,
            to,
            body,
            account_sid: sender.account_sid,
            media: media::of_part(tx, tenant, self.part_id).await?,
        }))
    }
}

impl StartHandOver {
    async fn doubt(&self, tx: &mut Tx, text: &mut Outbound) -> Result<(), StoreError> {
        take_in(
            tx,
            self.tenant,
            text,
            self.part_id,
            &plain(DeliveryState::Unknown, None, self.now),
            self.now,
        )
        .await?;
        queue_resolution(tx, self.tenant, self.part_id, self.now).await
    }

    /// The text is not given to the carrier at all.
    async fn refuse(&self, tx: &mut Tx, text: &mut Outbound, code: Option<u32>) -> Result<(), StoreError> {
        take_in(
            tx,
            self.tenant,
            text,
            self.part_id,
            &plain(DeliveryState::Refused, code, self.now),
            self.now,
        )
        .await
        .map(drop)
    }
}

/// Writes down how a hand-over ended.
pub struct FinishHandOver {
    /// Whose part.
    pub tenant: Tenant,
    /// The part.
    pub part_id: PartId,
    /// How it ended.
    pub outcome: carrier::HandOver,
    /// The time.
    pub now: Timestamp,
}

impl Act for FinishHandOver {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant, self.now);
        let Some(mut text) = lock(tx, tenant, self.part_id).await? else {
            return Ok(());
        };
        let news = match &self.outcome {
            carrier::HandOver::Accepted { provider_id, state } => {
                let state = if state.rank() < DeliveryState::Accepted.rank() {
                    DeliveryState::Accepted
                } else {
                    *state
                };
                News {
                    provider_id: Some(provider_id.as_str().to_owned()),
                    ..plain(state, None, now)
                }
            }
            carrier::HandOver::Unknown(_) => {
                queue_resolution(tx, tenant, self.part_id, now.plus(FIRST_LOOK)).await?;
                plain(DeliveryState::Unknown, None, now)
            }
            carrier::HandOver::Refused(Refusal {
                code, retry: Retry::Never, ..
            }) => plain(DeliveryState::Refused, *code, now),
            carrier::HandOver::Refused(Refusal {
                code,
                retry: Retry::After(wait),
                ..
            }) => {
                if self.wait(tx, &mut text, *wait).await? {
                    return Ok(());
                }
                plain(DeliveryState::Refused, *code, now)
            }
            carrier::HandOver::NotSent => {
                if self.wait(tx, &mut text, Duration::ZERO).await? {
                    return Ok(());
                }
                plain(DeliveryState::Refused, None, now)
            }
        };
        take_in(tx, tenant, &mut text, self.part_id, &news, now).await.map(drop)
    }
}

impl FinishHandOver {
    /// Lets the part wait for another attempt: nothing was sent. False where it had enough of them.
    async fn wait(&self, tx: &mut Tx, text: &mut Outbound, at_least: Duration) -> Result<bool, StoreError> {
        let outcome = HandOver::from(&self.outcome);
        let Some(part) = text.parts.iter_mut().find(|part| part.id == self.part_id) else {
            return Ok(true);
        };
        let Some(state) = part.state.after(&outcome) else { return Ok(true) };
        if part.attempts >= MOST_ATTEMPTS {
            return Ok(false);
        }
        let before = part.state;
        part.state = state;
        let attempts = part.attempts;
        sends::set_part(tx, self.tenant, before, part, self.now).await?;
        let run_at = self.now.plus(wait_after(attempts).max(at_least));
        queue_attempt(tx, self.tenant, self.part_id, attempts, run_at).await?;
        settle(tx, self.tenant, text, self.now).await?;
        Ok(true)
    }
}

/// A second after the first attempt, then twice as long each time.
fn wait_after(attempts: u32) -> Duration {
    Duration::from_secs(1)
        .saturating_mul(1 << attempts.saturating_sub(1).min(16))
        .min(LONGEST_WAIT)
}

/// News without the carrier's id.
const fn plain(state: DeliveryState, error_code: Option<u32>, at: Timestamp) -> News {
    News {
        state,
        provider_id: None,
        error_code,
        at,
    }
}

/// Locks the text of a part.
pub(crate) async fn lock(tx: &mut Tx, tenant: Tenant, part: PartId) -> Result<Option<Outbound>, StoreError> {
    match sends::message_of_part(tx, tenant.organization(), part).await? {
        Some((tenant, message)) => sends::lock(tx, tenant, message).await,
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carrier_that_stays_away_is_tried_for_about_an_hour() {
        let waits: Vec<u64> = (1..MOST_ATTEMPTS).map(|attempts| wait_after(attempts).as_secs()).collect();
        assert_eq!(waits.get(..4), Some([1, 2, 4, 8].as_slice()));
        assert_eq!(waits.last(), Some(&300));
        assert!((3000..4500).contains(&waits.iter().sum::<u64>()));
    }
}
