//! Misbehaviour on demand: which fault strikes when. Each fault has a random sequence of its own from its seed, so that the
//! same requests in the same order meet the same faults. What a struck fault does is with whoever asked.

use serde::{Deserialize, Serialize};

/// A fault as it is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultRequest {
    kind: Kind,
    /// Twilio's code, for `refuse_send` and `fail_delivery`.
    code: Option<u32>,
    /// The HTTP status, for `error_before_create` and `error_after_create`.
    status: Option<u16>,
    /// Milliseconds, for `slow`, `callback_delay` and the two `_reorder`.
    ms: Option<u64>,
    /// How often it strikes before it is used up; always, where left out.
    times: Option<u32>,
    /// How likely it strikes each time, from 0 to 1; surely, where left out.
    probability: Option<f64>,
    /// Where its random sequence starts.
    seed: Option<u64>,
    /// Only texts to or from this number.
    number: Option<String>,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Everything of the REST interface answers 503.
    Down,
    /// A send, or a leg to be rung, is answered 429 and not processed.
    RateLimit,
    /// A send, or a leg to be rung, is refused with `code`.
    RefuseSend,
    /// A send is answered `status` and not created.
    ErrorBeforeCreate,
    /// A send is created, yet answered `status`.
    ErrorAfterCreate,
    /// A send is created, yet answered by something that is no JSON.
    AnswerNonsense,
    /// Every answer comes `ms` later; a send is created before.
    Slow,
    /// The connection of a send is dropped before it is created.
    DropBeforeCreate,
    /// The connection of a send is dropped after it was created.
    DropAfterCreate,
    /// A callback about a text or a call comes twice.
    CallbackDuplicate,
    /// A status callback comes after the next one.
    CallbackReorder,
    /// A status callback does not come.
    CallbackDrop,
    /// A status callback comes `ms` later.
    CallbackDelay,
    /// The webhook of an inbound text comes twice.
    InboundDuplicate,
    /// The webhook of an inbound text comes after later ones.
    InboundReorder,
    /// The webhook of an inbound text does not come; only the listing has the text.
    InboundDrop,
    /// A text ends undelivered, with `code`; a leg ends as failed.
    FailDelivery,
}

impl Kind {
    /// The parameters that this kind knows.
    fn knows(self) -> &'static [&'static str] {
        match self {
            Self::RefuseSend | Self::FailDelivery => &["code"],
            Self::ErrorBeforeCreate | Self::ErrorAfterCreate => &["status"],
            Self::Slow | Self::CallbackDelay | Self::CallbackReorder | Self::InboundReorder => &["ms"],
            Self::Down
            | Self::RateLimit
            | Self::AnswerNonsense
            | Self::DropBeforeCreate
            | Self::DropAfterCreate
            | Self::CallbackDuplicate
            | Self::CallbackDrop
            | Self::InboundDuplicate
            | Self::InboundDrop => &[],
        }
    }
}

/// A fault that waits to strike.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Fault {
    id: u64,
    kind: Kind,
    code: Option<u32>,
    status: Option<u16>,
    ms: Option<u64>,
    times_left: Option<u32>,
    probability: f64,
    seed: u64,
    number: Option<String>,
    struck: u64,
    #[serde(skip)]
    random: u64,
}

/// What a fault that struck is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Struck {
    pub code: Option<u32>,
    pub status: Option<u16>,
    pub ms: Option<u64>,
}

/// The faults in the order in which they were asked for.
#[derive(Default)]
pub(super) struct Faults {
    all: Vec<Fault>,
    next: u64,
}

impl Faults {
    /// Adds a fault.
    pub(super) fn add(&mut self, request: FaultRequest) -> Result<Fault, String> {
        let given = [
            ("code", request.code.is_some()),
            ("status", request.status.is_some()),
            ("ms", request.ms.is_some()),
        ];
        if let Some((field, _)) = given.iter().find(|(field, given)| *given && !request.kind.knows().contains(field)) {
            return Err(format!("this kind of fault has no `{field}`"));
        }
        let probability = request.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err("`probability` is from 0 to 1".to_owned());
        }
        if request.status.is_some_and(|status| !(500..=599).contains(&status)) {
            return Err("`status` is from 500 to 599".to_owned());
        }
        self.next += 1;
        let seed = request.seed.unwrap_or(0);
        let fault = Fault {
            id: self.next,
            kind: request.kind,
            code: request.code,
            status: request.status,
            ms: request.ms,
            times_left: request.times,
            probability,
            seed,
            number: request.number,
            struck: 0,
            random: seed,
        };
        self.all.push(fault.clone());
        Ok(fault)
    }

    pub(super) fn all(&self) -> &[Fault] {
        &self.all
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    /// Whether a fault of that kind strikes something that has to do with these numbers.
    pub(super) fn strike(&mut self, kind: Kind, numbers: &[impl AsRef<str>]) -> Option<Struck> {
        for fault in self
            .all
            .iter_mut()
            .filter(|fault| fault.kind == kind && fault.times_left != Some(0))
        {
            let meant = fault
                .number
                .as_deref()
                .is_none_or(|number| numbers.iter().any(|about| about.as_ref() == number));
            if meant && chance(&mut fault.random) < fault.probability {
                fault.times_left = fault.times_left.map(|times| times.saturating_sub(1));
                fault.struck += 1;
                return Some(Struck {
                    code: fault.code,
                    status: fault.status,
                    ms: fault.ms,
                });
            }
        }
        None
    }
}

/// The next of a random sequence (SplitMix64), from 0 to below 1.
fn chance(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    u32::try_from(mixed >> 32).map_or(0.0, |high| f64::from(high) / 4_294_967_296.0)
}
