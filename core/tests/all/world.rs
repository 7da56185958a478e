//! A small world of two firms in which random things happen, each decided by the core: texts come and go, agents claim, release,
//! move and dismiss, people leave, walls rise, cases close. After every step the promises are looked at through each agent's
//! eyes. The acts are in `world/firm.rs`.

use std::collections::BTreeMap;

use casewire_core::access::{Access, CaseReach, Denied, Level, Resource};
use casewire_core::id::UserId;
use casewire_core::messaging::claims::{AttentionReason, ClaimError, Standing};
use casewire_core::messaging::routing::{CaseStatus, decide};
use casewire_core::time::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::naive::{HOURS_48, NOW};

#[path = "world/firm.rs"]
mod firm;
use firm::{Firm, Message, Refused};

/// An agent, message or case: the firm, and the which-th of its kind there (the remainder counts).
type Which = (usize, usize);

#[derive(Debug, Clone, Copy)]
enum Happening {
    Text {
        firm: usize,
        sender: u8,
    },
    Write {
        by: Which,
        case: Which,
        person: usize,
        clarifying: bool,
    },
    /// For any case.
    Claim {
        by: Which,
        message: Which,
        case: Which,
    },
    /// Both for a case that the message is shown in.
    Race {
        one: Which,
        two: Which,
        message: Which,
        place: usize,
    },
    Release {
        by: Which,
        message: Which,
    },
    Move {
        by: Which,
        message: Which,
        case: Which,
    },
    Dismiss {
        by: Which,
        message: Which,
        place: usize,
        again: bool,
    },
    EverybodyDismisses {
        message: Which,
    },
    /// Of a case or its firm, the which-th person or agent.
    Lose {
        loss: Loss,
        case: Which,
        who: usize,
    },
    Wait {
        micros: u64,
    },
}

/// Somebody or something goes, and with it rights.
#[derive(Debug, Clone, Copy)]
enum Loss {
    Contact,
    OpenCase,
    Agent,
    Assignment,
    /// A wall rises between an agent and a case.
    Sight,
    /// A wall rises between a case and everybody.
    SightOfAll,
}

fn which() -> impl Strategy<Value = Which> {
    (prop_oneof![9 => Just(0_usize), 1 => Just(1_usize)], 0_usize..64)
}

fn happening() -> impl Strategy<Value = Happening> {
    let wait = prop_oneof![Just(1), Just(HOURS_48), 0..HOURS_48];
    let losses = [
        Loss::Contact,
        Loss::OpenCase,
        Loss::Agent,
        Loss::Assignment,
        Loss::Sight,
        Loss::SightOfAll,
    ];
    let loss = prop::sample::select(losses.to_vec());
    prop_oneof![
        8 => (which(), 0_u8..4).prop_map(|((firm, _), sender)| Happening::Text { firm, sender }),
        4 => (which(), which(), 0_usize..4, any::<bool>())
            .prop_map(|(by, case, person, clarifying)| Happening::Write { by, case, person, clarifying }),
        5 => (which(), which(), which()).prop_map(|(by, message, case)| Happening::Claim { by, message, case }),
        8 => (which(), which(), which(), 0_usize..4).prop_map(|(one, two, message, place)| Happening::Race { one, two, message, place }),
        7 => (loss, which(), 0_usize..8).prop_map(|(loss, case, who)| Happening::Lose { loss, case, who }),
        5 => (which(), which()).prop_map(|(by, message)| Happening::Release { by, message }),
        3 => (which(), which(), which()).prop_map(|(by, message, case)| Happening::Move { by, message, case }),
        6 => (which(), which(), 0_usize..4, prop::bool::weighted(0.3))
            .prop_map(|(by, message, place, again)| Happening::Dismiss { by, message, place, again }),
        2 => which().prop_map(|message| Happening::EverybodyDismisses { message }),
        3 => wait.prop_map(|micros| Happening::Wait { micros }),
    ]
}

struct World {
    firms: Vec<Firm>,
    now: Timestamp,
    /// How often each thing came about, so that a test can see that nothing is proven of an empty world.
    tally: BTreeMap<&'static str, u64>,
}

fn nth<T>(list: &[T], n: usize) -> Option<&T> {
    list.get(n.checked_rem(list.len())?)
}

impl World {
    fn new() -> Self {
        Self {
            firms: vec![Firm::new(1), Firm::new(2)],
            now: Timestamp::from_micros(NOW),
            tally: BTreeMap::new(),
        }
    }

    fn access(&self, (firm, agent): Which) -> Result<Access, Refused> {
        let firm = self.firms.get(firm).ok_or(Refused::NoSuchThing)?;
        nth(&firm.agents, agent)
            .and_then(|agent| agent.access(firm.id))
            .ok_or(Refused::SignedOut)
    }

    fn reach(&self, (firm, case): Which) -> Result<CaseReach, Refused> {
        let case = self.firms.get(firm).and_then(|firm| nth(&firm.cases, case));
        case.map(|case| case.reach.clone()).ok_or(Refused::NoSuchThing)
    }

    fn message(&self, (firm, message): Which) -> Result<(usize, &Message), Refused> {
        let messages = self.firms.get(firm).map_or(&[][..], |firm| &firm.messages);
        let place = message.checked_rem(messages.len()).ok_or(Refused::NoSuchThing)?;
        Ok((place, messages.get(place).ok_or(Refused::NoSuchThing)?))
    }

    /// The which-th place where a message is shown, as a case; none for a message without a case.
    fn place(&self, message: Which, n: usize) -> Result<Option<CaseReach>, Refused> {
        let places = self.message(message)?.1.places();
        let place = nth(&places, n).copied().flatten();
        let mut cases = self.firms.iter().flat_map(|firm| &firm.cases);
        Ok(cases.find(|case| Some(case.reach.case_id) == place).map(|case| case.reach.clone()))
    }

    fn firm(&mut self, which: Which) -> Result<&mut Firm, Refused> {
        self.firms.get_mut(which.0).ok_or(Refused::NoSuchThing)
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Refused> {
        let now = self.now;
        match happening {
            Happening::Text { firm, sender } => self.firm((firm, 0))?.receive(sender, now),
            Happening::Write {
                by,
                case,
                person,
                clarifying,
            } => {
                let (access, reach) = (self.access(by)?, self.reach(case)?);
                let firm = self.firm(case)?;
                let (person, _) = *nth(&firm.people, person).ok_or(Refused::NoSuchThing)?;
                firm.sent(&access, &reach, person, clarifying, now)?;
            }
            Happening::Claim { by, message, case } => {
                let (access, reach, (place, _)) = (self.access(by)?, self.reach(case)?, self.message(message)?);
                self.firm(message)?.claim(&access, place, &reach, now)?;
            }
            Happening::Race { one, two, message, place } => self.race(one, two, message, place)?,
            Happening::Release { by, message } => {
                let (access, (place, _)) = (self.access(by)?, self.message(message)?);
                let case = self.place(message, 0)?.ok_or(Refused::NoSuchThing)?;
                self.firm(message)?.release(&access, place, &case)?;
            }
            Happening::Move { by, message, case } => {
                let (access, to, (place, _)) = (self.access(by)?, self.reach(case)?, self.message(message)?);
                let from = self.place(message, 0)?;
                self.firm(message)?.move_to(&access, place, from.as_ref(), &to)?;
            }
            Happening::Dismiss { by, message, place, again } => self.dismiss(by, message, place, again)?,
            Happening::EverybodyDismisses { message } => {
                let agents = self.firm(message)?.agents.len();
                for (agent, place) in (0..agents).flat_map(|agent| (0..4).map(move |place| (agent, place))) {
                    // Who may not, does not.
                    self.dismiss((message.0, agent), message, place, false).unwrap_or_default();
                }
            }
            Happening::Lose { loss, case, who } => self.lose(loss, case, who)?,
            Happening::Wait { micros } => self.now = now.plus(std::time::Duration::from_micros(micros)),
        }
        Ok(())
    }

    fn lose(&mut self, loss: Loss, case: Which, who: usize) -> Result<(), Refused> {
        let firm = self.firm(case)?;
        let nth_case = case.1.checked_rem(firm.cases.len()).ok_or(Refused::NoSuchThing)?;
        let nth_agent = who.checked_rem(firm.agents.len()).ok_or(Refused::NoSuchThing)?;
        let person = nth(&firm.people, who).map(|(person, _)| *person).ok_or(Refused::NoSuchThing)?;
        let everybody: Vec<UserId> = firm.agents.iter().map(|agent| agent.id).collect();
        let agent = firm.agents.get_mut(nth_agent).ok_or(Refused::NoSuchThing)?;
        let case = firm.cases.get_mut(nth_case).ok_or(Refused::NoSuchThing)?;
        match loss {
            Loss::Contact => {
                case.contacts.remove(&person);
                firm.sessions.remove(&(case.reach.case_id, person));
            }
            Loss::OpenCase => case.status = CaseStatus::Closed,
            // A firm keeps its last administrator.
            Loss::Agent => agent.active = agent.grants.iter().any(|grant| grant.settings == Level::Manage),
            Loss::Assignment => {
                case.reach.assigned.remove(&agent.id);
            }
            Loss::Sight => {
                case.reach.walled.insert(agent.id);
            }
            Loss::SightOfAll => case.reach.walled.extend(everybody),
        }
        firm.look_again_at_all();
        Ok(())
    }

    /// Two agents claim the same message, one right after the other.
    fn race(&mut self, one: Which, two: Which, message: Which, place: usize) -> Result<(), Refused> {
        let (first, second) = (self.access(one)?, self.access(two)?);
        let reach = self.place(message, place)?.ok_or(Refused::NoSuchThing)?;
        let (place, before) = self.message(message)?;
        let was_unclaimed = before.standing.owner().is_none();
        let (at, later) = (self.now, self.now.plus(std::time::Duration::from_micros(1)));
        let firm = self.firm(message)?;
        if firm.claim(&first, place, &reach, at).is_err() {
            return Ok(());
        }
        assert!(was_unclaimed, "only an unclaimed message can be claimed");
        match firm.claim(&second, place, &reach, later) {
            Err(Refused::Claim(lost)) => {
                assert_eq!(
                    lost,
                    ClaimError::AlreadyClaimed { by: first.user(), at },
                    "the loser learns who won, and when"
                );
                self.count("races lost");
            }
            Err(Refused::Denied(_)) => assert!(second.contact(&reach, Resource::Sms).is_err()),
            other => panic!("two claims, two winners: {other:?}"),
        }
        Ok(())
    }

    fn dismiss(&mut self, by: Which, message: Which, place: usize, again: bool) -> Result<(), Refused> {
        let (access, (nth, _)) = (self.access(by)?, self.message(message)?);
        let case = self.place(message, place)?;
        let before = self.seen_by_others(access.user());
        self.firm(message)?.dismiss(&access, nth, case.as_ref(), again)?;
        assert_eq!(before, self.seen_by_others(access.user()), "a dismissal is personal");
        Ok(())
    }

    fn seen_by_others(&self, user: UserId) -> Vec<usize> {
        let others = self.agents().filter(|access| access.user() != user);
        others
            .flat_map(|access| self.firms.iter().flat_map(move |firm| seen(firm, &access)))
            .collect()
    }

    fn agents(&self) -> impl Iterator<Item = Access> {
        self.firms
            .iter()
            .flat_map(|firm| firm.agents.iter().filter_map(|agent| agent.access(firm.id)))
    }

    fn count(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
    }
}

/// In how many places of each message of a firm an agent sees it and could act on it.
fn seen(firm: &Firm, access: &Access) -> Vec<usize> {
    firm.messages.iter().map(|message| places_seen(firm, message, access)).collect()
}

fn places_seen(firm: &Firm, message: &Message, access: &Access) -> usize {
    let sees = |place: &Option<_>| {
        let may = match firm.cases.iter().find(|case| Some(case.reach.case_id) == *place) {
            Some(case) => access.contact(&case.reach, Resource::Sms).is_ok(),
            None => place.is_none() && access.organization() == firm.id && access.office(Resource::Sms, Level::Act).is_ok(),
        };
        may && !message.dismissed.contains(&(access.user(), *place))
    };
    message.places().iter().filter(|place| sees(place)).count()
}

/// What is promised of every message, at any time.
fn promises(world: &World) {
    for firm in &world.firms {
        let (own, strangers): (Vec<Access>, Vec<Access>) = world.agents().partition(|access| access.organization() == firm.id);
        for message in &firm.messages {
            let seen = own.iter().any(|access| places_seen(firm, message, access) > 0);
            assert_eq!(
                seen,
                message.attention.is_none(),
                "seen by somebody entitled, or in need of attention"
            );
            let someone_is_told = own
                .iter()
                .any(|access| minds(firm, message, access) || access.level(Resource::Settings) == Level::Manage);
            assert!(someone_is_told, "attention has an addressee");

            let cases = message.places().iter().flatten().count();
            match &message.standing {
                Standing::Unclaimed { candidates } => assert_eq!(*candidates, message.offered_to(), "offered to whom it was offered first"),
                Standing::Claimed { case_id, candidates, .. } => {
                    assert_eq!(*candidates, message.offered_to());
                    assert!(cases == 1 && candidates.contains(case_id), "one owner, out of the candidates");
                }
                Standing::Routed { .. } | Standing::Moved { .. } => assert_eq!(cases, 1, "one owner"),
                Standing::Personal | Standing::Unknown => assert_eq!(cases, 0),
            }
            assert!(
                message
                    .places()
                    .iter()
                    .flatten()
                    .all(|place| firm.cases.iter().any(|case| case.reach.case_id == *place))
            );
            assert_eq!(decide(message.receipt.facts.clone()), message.receipt, "the receipt replays");
        }
        for (case, stranger) in firm
            .cases
            .iter()
            .flat_map(|case| strangers.iter().map(move |stranger| (case, stranger)))
        {
            assert_eq!(
                stranger.read(&case.reach, Resource::Sms).err(),
                Some(Denied::NotFound),
                "another organization's case"
            );
        }
        for (case, access) in firm.cases.iter().flat_map(|case| own.iter().map(move |access| (case, access))) {
            if case.reach.walled.contains(&access.user()) {
                assert_eq!(
                    access.read(&case.reach, Resource::Sms).err(),
                    Some(Denied::NotFound),
                    "behind a wall"
                );
            }
        }
    }
}

/// Whether "Needs attention" shows the message to this agent: `sms:3` where it stands.
fn minds(firm: &Firm, message: &Message, access: &Access) -> bool {
    message
        .places()
        .iter()
        .any(|place| match firm.cases.iter().find(|case| Some(case.reach.case_id) == *place) {
            Some(case) => access.manage(&case.reach, Resource::Sms).is_ok(),
            None => access.office(Resource::Sms, Level::Manage).is_ok(),
        })
}

/// Lets all of it happen, and looks at the promises after each step.
fn live(world: &mut World, happenings: &[Happening]) {
    for happening in happenings {
        let before: Vec<Vec<Message>> = world.firms.iter().map(|firm| firm.messages.clone()).collect();
        let outcome = world.happen(*happening);
        promises(world);
        let messages = || {
            world
                .firms
                .iter()
                .zip(&before)
                .flat_map(|(firm, before)| firm.messages.iter().zip(before))
        };
        assert!(
            world
                .firms
                .iter()
                .zip(&before)
                .all(|(firm, before)| firm.messages.len() >= before.len()),
            "none vanished"
        );
        for (now, then) in messages() {
            assert!(now.steps.starts_with(&then.steps), "history never shrinks");
            assert_eq!(now.receipt, then.receipt, "a receipt is never rewritten");
            assert!(
                now.standing == then.standing || now.steps.len() > then.steps.len(),
                "each change leaves a line"
            );
            assert!(outcome.is_ok() || now == then, "what was refused changed nothing");
        }
        let reasons: Vec<_> = messages()
            .filter(|(now, then)| now.attention != then.attention)
            .map(|(now, _)| now.attention)
            .collect();
        for reason in reasons {
            world.count(match reason {
                None => "attention ended",
                Some(AttentionReason::DismissedByAll) => "dismissed by all",
                Some(AttentionReason::NobodyEntitled) => "nobody entitled",
                Some(AttentionReason::UnknownOutcome) => "never here",
            });
        }
        world.count(match (outcome, happening) {
            (Err(Refused::Denied(Denied::NotFound)), _) => "not found",
            (Err(Refused::Denied(Denied::Forbidden { .. })), _) => "forbidden",
            (Err(Refused::Claim(ClaimError::AlreadyClaimed { .. })), _) => "claimed too late",
            (Err(Refused::Claim(_)), _) => "claim refused",
            (Err(_), _) => "refused",
            (Ok(()), Happening::Release { .. }) => "released",
            (Ok(()), Happening::Move { .. }) => "moved",
            (Ok(()), Happening::Claim { .. }) => "claimed",
            (Ok(()), Happening::Dismiss { .. }) => "dismissed",
            (Ok(()), _) => "happened",
        });
    }
}

#[test]
fn the_random_world_is_not_an_empty_one() {
    let mut runner = TestRunner::deterministic();
    let mut tally: BTreeMap<&str, u64> = BTreeMap::new();
    for _ in 0..60 {
        let mut world = World::new();
        let happenings = prop::collection::vec(happening(), 60)
            .new_tree(&mut runner)
            .map(|tree| tree.current());
        live(&mut world, &happenings.unwrap_or_default());
        for (what, times) in world.tally {
            *tally.entry(what).or_default() += times;
        }
    }
    let wanted = [
        "races lost",
        "claimed",
        "claimed too late",
        "claim refused",
        "released",
        "moved",
        "dismissed",
        "dismissed by all",
        "nobody entitled",
        "attention ended",
        "not found",
        "forbidden",
    ];
    for what in wanted {
        assert!(tally.get(what).is_some_and(|times| *times >= 3), "{what}: {tally:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_message_is_lost_leaked_or_owned_twice(happenings in prop::collection::vec(happening(), 1..50)) {
        live(&mut World::new(), &happenings);
    }
}
