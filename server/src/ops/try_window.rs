//! The act that tells what another routing window would have done to the texts of the last 30 days. It decides each again by the
//! rule that decided it, from the receipt of then, and changes nothing.

use std::time::Duration;

use casewire_core::access::OfficePermit;
use casewire_core::messaging::trial::{Difference, with_window};
use casewire_core::settings::Settings;
use casewire_core::time::Timestamp;
use casewire_store::{Act, Tx, receipts};

use super::settings::refused;
use crate::problem::Problem;

/// How far back texts are decided again.
const LOOKED_BACK: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many texts are decided again at most.
const MOST_TEXTS: usize = 20_000;

/// Tries another routing window.
pub struct TryWindow {
    /// `settings:1`.
    pub permit: OfficePermit,
    /// The window, in seconds.
    pub routing_window_seconds: u64,
    /// Now.
    pub now: Timestamp,
}

/// What it would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// How many texts were decided again.
    pub texts: u64,
    /// Those that came in since then.
    pub since: Timestamp,
    /// How many would be where they are.
    pub unchanged: u64,
    /// How many went to one case and would have been offered to several.
    pub newly_offered: u64,
    /// How many were offered to several and would have gone to one.
    pub newly_routed: u64,
    /// How many would have gone elsewhere.
    pub routed_elsewhere: u64,
}

impl Act for TryWindow {
    type Out = Trial;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Trial, Problem> {
        let tried = Settings {
            routing_window_seconds: self.routing_window_seconds,
            ..Settings::default()
        };
        tried.check().map_err(refused)?;
        let found = receipts::lately(tx, &self.permit, self.now.minus(LOOKED_BACK), MOST_TEXTS).await?;
        let mut trial = Trial {
            texts: 0,
            since: found.since,
            unchanged: 0,
            newly_offered: 0,
            newly_routed: 0,
            routed_elsewhere: 0,
        };
        for receipt in found.receipts {
            trial.texts += 1;
            match with_window(receipt, tried.routing_window()) {
                Difference::Unchanged => trial.unchanged += 1,
                Difference::NewlyOffered => trial.newly_offered += 1,
                Difference::NewlyRouted => trial.newly_routed += 1,
                Difference::RoutedElsewhere => trial.routed_elsewhere += 1,
            }
        }
        Ok(trial)
    }
}
