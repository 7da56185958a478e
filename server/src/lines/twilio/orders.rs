//! What Twilio is to be asked for a step of a call: queued in the step's own transaction, so that neither a crash nor another node
//! loses or repeats it, and carried out by a job, one after the other for each call. Read on in `ops/twilio_calls/carry_out.rs`.

use casewire_carriers::twilio::call_webhook::ConferenceRoll;
use casewire_core::access::Tenant;
use casewire_core::calls::Mode;
use casewire_core::calls::state::{Microphone, OutsideLine};
use casewire_core::id::{CallId, CallLegId, RecordingId, UserId};
use casewire_core::job::Job;
use casewire_core::settings::calls::Announcement;
use casewire_core::time::Timestamp;
use casewire_store::calls::CallRow;
use casewire_store::jobs::{self, NewJob};
use casewire_store::{StoreError, Tx, numbers, twilio};
use serde::{Deserialize, Serialize};

use super::NAME;
use crate::lines::LineOrder;

/// What Twilio is to be asked. Legs are looked up when it is: who is on the call may have another by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum TwilioOrder {
    /// Ring the other side into the conference.
    RingOutside,
    /// Take a leg off in whose place another came.
    DropLeg {
        /// Which.
        leg: CallLegId,
    },
    /// Take an agent's leg off.
    Unseat {
        /// Whose.
        agent: UserId,
    },
    /// Let the caller speak to the machine.
    TakeVoicemail {
        /// As which recording.
        recording: RecordingId,
    },
    /// Say that the call is recorded, and record the other side's leg.
    StartRecording {
        /// As which recording.
        recording: RecordingId,
        /// What is said before.
        announcement: Option<Announcement>,
    },
    /// Leave out what is said from now on.
    PauseRecording,
    /// Go on recording.
    ResumeRecording,
    /// Set an agent's microphone.
    SetMicrophone {
        /// Whose.
        agent: UserId,
        /// Whether it is heard.
        is_open: bool,
    },
    /// Put the other side on hold, or take them back.
    SetOutside {
        /// Whether they talk.
        is_talking: bool,
    },
    /// Press keys for the other side to hear.
    Press {
        /// Which.
        digits: String,
    },
    /// Set what a supervisor's leg does.
    Supervise {
        /// Whose.
        supervisor: UserId,
        /// What.
        mode: Mode,
    },
    /// Take a supervisor's leg off.
    Dismiss {
        /// Whose.
        supervisor: UserId,
    },
    /// End every leg and the conference.
    HangUp,
}

impl TwilioOrder {
    fn of(order: &LineOrder, announced: Option<Announcement>) -> Option<Self> {
        Some(match order {
            // Browsers are not rung: each comes into the conference by itself, and is let in by who it is.
            LineOrder::Ring { .. } | LineOrder::StopRinging { .. } | LineOrder::Seat { .. } | LineOrder::Announce { .. } => return None,
            LineOrder::Unseat { agent } => Self::Unseat { agent: *agent },
            LineOrder::RingOutside { .. } => Self::RingOutside,
            LineOrder::TakeVoicemail { recording } => Self::TakeVoicemail { recording: *recording },
            LineOrder::StartRecording { recording } => Self::StartRecording {
                recording: *recording,
                announcement: announced,
            },
            LineOrder::PauseRecording => Self::PauseRecording,
            LineOrder::ResumeRecording => Self::ResumeRecording,
            LineOrder::SetMicrophone { agent, microphone } => Self::SetMicrophone {
                agent: *agent,
                is_open: *microphone == Microphone::Open,
            },
            LineOrder::SetOutside(line) => Self::SetOutside {
                is_talking: *line == OutsideLine::Talking,
            },
            LineOrder::Press { digits } => Self::Press { digits: digits.clone() },
            LineOrder::Supervise { supervisor, mode } => Self::Supervise {
                supervisor: *supervisor,
                mode: *mode,
            },
            LineOrder::Dismiss { supervisor, .. } => Self::Dismiss { supervisor: *supervisor },
            LineOrder::HangUp => Self::HangUp,
        })
    }
}

/// Queues what a step of a call asks of Twilio, where Twilio carries it. What was not begun when a call ends is left out.
///
/// # Errors
/// [`StoreError`].
pub async fn queue(tx: &mut Tx, row: &CallRow, orders: &[LineOrder], now: Timestamp) -> Result<(), StoreError> {
    if row.line != NAME {
        return Ok(());
    }
    let (tenant, call) = (row.tenant, row.id);
    open(tx, row, now).await?;
    let mut announced = None;
    for order in orders {
        if let LineOrder::Announce { announcement } = order {
            announced = Some(*announcement);
        }
        let Some(order) = TwilioOrder::of(order, announced) else { continue };
        if order == TwilioOrder::HangUp {
            twilio::orders::remove_waiting(tx, tenant, call).await?;
        }
        add(tx, tenant, call, &order).await?;
    }
    Ok(())
}

/// Queues one order, and somebody to carry it out.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, call: CallId, order: &TwilioOrder) -> Result<(), StoreError> {
    let what = serde_json::to_string(order).map_err(|_| StoreError::bug("an order cannot be written as JSON"))?;
    twilio::orders::add(tx, tenant, call, &what).await?;
    let now = jobs::NewJob {
        job: Job::CarryOutCall { call_id: call },
        run_at: Timestamp::from_micros(0),
        unique_key: None,
    };
    jobs::enqueue(tx, tenant, now).await.map(drop)
}

/// Looks at the legs of a call then.
///
/// # Errors
/// [`StoreError`].
pub async fn watch(tx: &mut Tx, tenant: Tenant, call: CallId, run_at: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        job: Job::WatchLegs { call_id: call },
        run_at,
        unique_key: None,
    };
    jobs::enqueue(tx, tenant, job).await.map(drop)
}

/// Notes that the call is at Twilio, under the account that has the firm's number, and has it watched.
async fn open(tx: &mut Tx, row: &CallRow, now: Timestamp) -> Result<(), StoreError> {
    if row.version > 0 {
        return Ok(());
    }
    let number = match row.number_id {
        Some(id) => numbers::read(tx, row.tenant, id).await?,
        None => None,
    };
    let account = number.map(|number| number.account_sid).unwrap_or_default();
    let roll = serde_json::to_string(&ConferenceRoll::default()).unwrap_or_default();
    twilio::open(tx, row.tenant, row.id, &account, &roll, now).await?;
    watch(tx, row.tenant, row.id, now.plus(super::WATCH_EVERY)).await
}
