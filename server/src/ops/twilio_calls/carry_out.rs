//! The two halves of asking Twilio for one thing, with the request between them: the first notes that Twilio is being asked, so that a
//! crash is seen as what it is; the second writes down what came of it, and what follows for the call. The job
//! `crate::jobs::carry_out_call` asks between them. One order of a call is under way at a time.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::calls::Mode;
use casewire_core::id::{CallId, CallLegId, CallOrderId};
use casewire_core::time::Timestamp;
use casewire_store::calls::CallRow;
use casewire_store::twilio::legs::{self, Leg, LegParty, LegState};
use casewire_store::twilio::orders::{self, Order, OrderState};
use casewire_store::twilio::recordings::{self, TwilioRecording};
use casewire_store::{Act, StoreError, Tx, mint};

use super::Scene;
use crate::lines::LineEvent;
use crate::lines::twilio::orders::TwilioOrder;
use crate::problem::Problem;

/// After how long whoever asks has not come back: longer than any answer of Twilio's may take.
const COMES_BACK_WITHIN: Duration = Duration::from_secs(40);

/// Takes the next order of a call.
#[derive(Clone)]
pub struct TakeOrder {
    /// Whose call.
    pub tenant: Tenant,
    /// Which.
    pub call: CallId,
    /// The time.
    pub now: Timestamp,
}

/// Something to ask Twilio.
pub struct Errand {
    /// The order's id.
    pub id: CallOrderId,
    /// What it is.
    pub order: TwilioOrder,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Whether an earlier attempt may have been carried out.
    pub is_in_doubt: bool,
    /// The call as it stands.
    pub row: CallRow,
    /// The account.
    pub account_sid: String,
    /// Its conference, as far as that is known.
    pub conference_sid: Option<String>,
    /// Its legs.
    pub legs: Vec<Leg>,
    /// Its recordings.
    pub recordings: Vec<TwilioRecording>,
}

impl Errand {
    /// The leg by which somebody is in the conference.
    #[must_use]
    pub fn seat(&self, party: LegParty) -> Option<&Leg> {
        let seated = |leg: &&Leg| leg.party == party && leg.state == LegState::Seated && leg.sid.is_some();
        self.legs.iter().rfind(seated)
    }

    /// The legs of somebody that are not over.
    pub fn alive(&self, party: LegParty) -> impl Iterator<Item = &Leg> {
        self.legs
            .iter()
            .filter(move |leg| leg.party == party && leg.state != LegState::Gone)
    }

    /// The other side's leg.
    #[must_use]
    pub fn outside(&self) -> Option<&Leg> {
        self.alive(LegParty::Outside).last()
    }
}

/// Whether there is something to ask.
pub enum Next {
    /// Ask this.
    Ask(Box<Errand>),
    /// Nothing; or somebody else asks, and goes on with what comes after.
    Nothing,
}

impl Act for TakeOrder {
    type Out = Next;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Next, Problem> {
        let Some(mut scene) = Scene::lock(tx, self.tenant, self.call, self.now).await? else {
            return Ok(Next::Nothing);
        };
        let Some(mut order) = orders::head(tx, self.tenant, self.call).await? else {
            return Ok(Next::Nothing);
        };
        let is_late = order.attempted_at.is_some_and(|at| self.now.since(at) >= COMES_BACK_WITHIN);
        let is_in_doubt = match order.state {
            OrderState::Asking if !is_late => return Ok(Next::Nothing),
            OrderState::Asking | OrderState::Unknown => true,
            OrderState::Waiting | OrderState::Kept => false,
        };
        let what: TwilioOrder = serde_json::from_str(&order.what).map_err(|_| StoreError::bug("an order for Twilio cannot be read"))?;
        if what == TwilioOrder::RingOutside {
            self.expect_outside(tx, &mut scene).await?;
        }
        order.state = OrderState::Asking;
        order.attempts = order.attempts.saturating_add(1);
        order.attempted_at = Some(self.now);
        orders::save(tx, self.tenant, &order).await?;
        Ok(Next::Ask(Box::new(Errand {
            id: order.id,
            order: what,
            attempt: order.attempts,
            is_in_doubt,
            recordings: recordings::list(tx, self.tenant, self.call).await?,
            account_sid: scene.known.account_sid,
            conference_sid: scene.known.conference_sid,
            legs: scene.legs,
            row: scene.row,
        })))
    }
}

impl TakeOrder {
    /// The other side's leg has its label before Twilio is asked, so that its callbacks find it.
    async fn expect_outside(&self, tx: &mut Tx, scene: &mut Scene) -> Result<(), StoreError> {
        if scene.leg_of(LegParty::Outside).is_some() {
            return Ok(());
        }
        let leg = Leg {
            id: mint(),
            call: self.call,
            party: LegParty::Outside,
            sid: None,
            state: LegState::Expected,
            mode: None,
            created_at: self.now,
        };
        legs::add(tx, self.tenant, &leg).await?;
        scene.legs.push(leg);
        Ok(())
    }
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is done, or there is nothing left to do.
    Done,
    /// It is done, and what it says is needed still.
    Kept,
    /// Nothing was done: once more, later.
    Again,
    /// Nobody knows whether it was done; it is found out.
    Unknown,
    /// It cannot be done.
    Failed {
        /// Why, as a word of ours.
        code: &'static str,
        /// What follows for the call.
        event: Option<LineEvent>,
    },
}

/// What was learned by asking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// The conference.
    pub conference_sid: Option<String>,
    /// What Twilio calls a leg of ours.
    pub leg: Option<(CallLegId, String)>,
    /// Legs that are over.
    pub gone: Vec<CallLegId>,
    /// What a supervisor's leg is set to.
    pub mode: Option<(CallLegId, Mode)>,
    /// A recording.
    pub recording: Option<TwilioRecording>,
}

/// Writes down what came of asking.
#[derive(Clone)]
pub struct FinishOrder {
    /// Whose call.
    pub tenant: Tenant,
    /// Which.
    pub call: CallId,
    /// The order.
    pub order: CallOrderId,
    /// What came of it.
    pub verdict: Verdict,
    /// What was learned.
    pub learned: Learned,
    /// The time.
    pub now: Timestamp,
}

impl Act for FinishOrder {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let Some(mut scene) = Scene::lock(tx, self.tenant, self.call, self.now).await? else {
            return Ok(());
        };
        self.keep(tx, &mut scene).await?;
        let Some(mut order) = orders::find(tx, self.tenant, self.order).await? else {
            return Ok(());
        };
        match &self.verdict {
            Verdict::Done => orders::remove(tx, self.tenant, order.id).await?,
            Verdict::Kept => self.become_state(tx, &mut order, OrderState::Kept).await?,
            Verdict::Again => self.become_state(tx, &mut order, OrderState::Waiting).await?,
            Verdict::Unknown => self.become_state(tx, &mut order, OrderState::Unknown).await?,
            Verdict::Failed { code, event } => {
                orders::remove(tx, self.tenant, order.id).await?;
                scene.alarm(tx, code, format!("order={}", order.id)).await?;
                if let Some(event) = event {
                    scene.say(tx, event.clone()).await?;
                }
            }
        }
        Ok(())
    }
}

impl FinishOrder {
    async fn become_state(&self, tx: &mut Tx, order: &mut Order, state: OrderState) -> Result<(), StoreError> {
        order.state = state;
        orders::save(tx, self.tenant, order).await
    }

    async fn keep(&self, tx: &mut Tx, scene: &mut Scene) -> Result<(), Problem> {
        let learned = &self.learned;
        if scene.known.conference_sid.is_none() && learned.conference_sid.is_some() {
            scene.known.conference_sid.clone_from(&learned.conference_sid);
            scene.keep(tx).await?;
        }
        if let Some((id, sid)) = &learned.leg {
            scene.bind(tx, *id, &sid.as_str().into()).await?;
        }
        for leg in &mut scene.legs {
            let is_gone = learned.gone.contains(&leg.id);
            let mode = learned.mode.filter(|(id, _)| *id == leg.id).map(|(_, mode)| mode);
            if is_gone || mode.is_some() {
                leg.mode = mode.or(leg.mode);
                leg.state = if is_gone { LegState::Gone } else { leg.state };
                legs::save(tx, self.tenant, leg).await?;
            }
        }
        if let Some(recording) = &learned.recording {
            recordings::keep(tx, self.tenant, self.call, recording).await?;
        }
        Ok(())
    }
}

/// Which of Twilio's legs are not known to be another call's.
#[derive(Clone)]
pub struct LeaveOutKnown {
    /// Whose calls.
    pub tenant: Tenant,
    /// Twilio's ids of the legs.
    pub sids: Vec<String>,
}

impl Act for LeaveOutKnown {
    type Out = Vec<String>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        let mut free = Vec::new();
        for sid in &self.sids {
            if legs::by_sid(tx, self.tenant, sid).await?.is_none() {
                free.push(sid.clone());
            }
        }
        Ok(free)
    }
}

/// Gives the keys of an order once, and forgets them: they may be somebody's secret.
#[derive(Clone)]
pub struct TakeKeys {
    /// Whose call.
    pub tenant: Tenant,
    /// The order.
    pub order: CallOrderId,
}

impl Act for TakeKeys {
    type Out = Option<String>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<String>, StoreError> {
        let Some(order) = orders::find(tx, self.tenant, self.order).await? else {
            return Ok(None);
        };
        if order.state == OrderState::Kept {
            orders::remove(tx, self.tenant, order.id).await?;
        }
        Ok(match serde_json::from_str(&order.what) {
            Ok(TwilioOrder::Press { digits }) => Some(digits),
            Ok(_) | Err(_) => None,
        })
    }
}
