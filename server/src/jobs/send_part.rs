//! Hands a part of an outbound text to the carrier: commit that it is on its way, call once, commit how it ended. Bears being
//! done twice, for the first commit is taken by one only. The acts: [`crate::ops::hand_over`].

use casewire_carriers::carrier::{HandOver, OutboundText};
use casewire_core::id::{OrganizationId, PartId};
use casewire_store::jobs::LeasedJob;

use super::JobOutcome;
use crate::ops::hand_over::{FinishHandOver, OnItsWay, StartHandOver, Started};
use crate::state::App;
use crate::webhooks;

/// Does the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, part_id: PartId) -> JobOutcome {
    let tenant = leased.tenant;
    let organization = tenant.organization();
    let start = StartHandOver {
        tenant,
        part_id,
        now: app.clock.now(),
    };
    let text = match app.store.write(organization, start).await {
        Ok(Started::Go(text)) => text,
        Ok(Started::Nothing | Started::InDoubt) => return JobOutcome::Done,
        Err(error) => return JobOutcome::of_store_error(&error),
    };
    let status_callback = webhooks::twilio::status_callback(&app.config.public_address, organization);
    let outcome = call(app, text, (organization, part_id), status_callback).await;
    match app
        .store
        .write(
            organization,
            FinishHandOver {
                tenant,
                part_id,
                outcome,
                now: app.clock.now(),
            },
        )
        .await
    {
        Ok(()) => JobOutcome::Done,
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

/// Calls the carrier once.
async fn call(app: &App, text: OnItsWay, (organization, part): (OrganizationId, PartId), status_callback: String) -> HandOver {
    let Some(carrier) = app.carriers.account(&text.account_sid) else {
        tracing::error!(%part, "the carrier account of a number is not configured; its texts wait");
        return HandOver::NotSent;
    };
    let OnItsWay {
        from,
        to,
        body,
        account_sid,
        media,
    } = text;
    let address = |position: u32| {
        let which = (organization, part, position);
        webhooks::media::address(&app.carriers, &app.config.public_address, &account_sid, which, app.clock.now())
    };
    // Without its attachments a text is another one: it waits until its account can seal their addresses.
    let Some(media) = media.into_iter().map(address).collect::<Option<Vec<_>>>() else {
        return HandOver::NotSent;
    };
    carrier
        .send_text(OutboundText {
            from,
            to,
            body,
            media,
            part: part.to_string(),
            status_callback,
        })
        .await
}
