//! Fetches what came with a text from the carrier, into the storage. Nobody is believed: not the address (only our account's media at the
//! configured carrier, see `casewire_carriers::twilio::media`), not the length (counted), not the type (judged by the first bytes). Done
//! twice, the second time finds nothing waiting.

use std::time::Duration;

use casewire_carriers::twilio::media::NoMedia;
use casewire_core::documents::LARGEST_RECEIVED;
use casewire_core::id::MessageId;
use casewire_store::jobs::LeasedJob;
use casewire_store::media::{Fetched, WaitingMedia};
use futures_util::StreamExt as _;

use super::JobOutcome;
use crate::ops::media::{FindWaiting, NoteFetched};
use crate::state::App;
use crate::storage::{IntakeError, StorageError};

/// After so many attempts, about half an hour, an attachment that the carrier does not give is given up.
const MOST_ATTEMPTS: u32 = 12;
/// How long one attachment may take altogether.
const LONGEST: Duration = Duration::from_secs(45);

/// Does the job: one attachment after the other; the next attempt goes on where this one stopped.
pub(super) async fn perform(app: &App, leased: &LeasedJob, message: MessageId) -> JobOutcome {
    let tenant = leased.tenant;
    let waiting = match app.store.read(FindWaiting { tenant, message }).await {
        Ok(waiting) => waiting,
        Err(error) => return JobOutcome::of_store_error(&error),
    };
    for media in waiting {
        let fetched = match tokio::time::timeout(LONGEST, fetch(app, leased, &media))
            .await
            .unwrap_or(Err("media_too_slow"))
        {
            Ok(fetched) => fetched,
            Err(_) if leased.attempt >= MOST_ATTEMPTS => Fetched::Refused("unreachable"),
            Err(code) => return JobOutcome::Retry { after: None, code },
        };
        let note = NoteFetched {
            tenant,
            message,
            fetched: (media.position, fetched),
        };
        if let Err(error) = app.store.write(tenant.organization(), note).await {
            return JobOutcome::of_store_error(&error);
        }
    }
    JobOutcome::Done
}

/// Fetches one attachment; why to try again another time, where it is worth it.
async fn fetch(app: &App, leased: &LeasedJob, media: &WaitingMedia) -> Result<Fetched, &'static str> {
    let Some(carrier) = app.carriers.account(&media.account_sid) else {
        return Err("carrier_not_configured");
    };
    let mut stream = match carrier.open_media(&media.url).await {
        Ok(stream) => stream,
        Err(NoMedia::Gone) => return Ok(Fetched::Gone),
        Err(NoMedia::NotAllowed) => return Ok(Fetched::Refused("not_allowed")),
        Err(NoMedia::NotNow) => return Err("carrier_unreachable"),
    };
    let mut intake = app.storage.intake(LARGEST_RECEIVED).await.map_err(word)?;
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| "carrier_unreachable")?;
        match intake.write(&piece).await {
            Ok(()) => {}
            Err(IntakeError::TooLarge | IntakeError::Empty) => return Ok(Fetched::Refused("too_large")),
            Err(IntakeError::Storage(error)) => return Err(word(error)),
        }
    }
    let staged = match intake.finish().await {
        Ok(staged) => staged,
        Err(IntakeError::Empty | IntakeError::TooLarge) => return Ok(Fetched::Refused("empty")),
        Err(IntakeError::Storage(error)) => return Err(word(error)),
    };
    let fetched = Fetched::Stored {
        hash: staged.hash,
        size: staged.size,
        content_type: staged.content_type,
    };
    app.storage.keep(leased.tenant.organization(), staged).await.map_err(word)?;
    Ok(fetched)
}

const fn word(error: StorageError) -> &'static str {
    match error {
        StorageError::Full => "storage_full",
        StorageError::Missing | StorageError::Unavailable(_) => "storage_unavailable",
    }
}
