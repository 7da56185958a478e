//! One firm of the test's world: its people, cases and messages, and the acts upon them, each decided by the core alone. An act
//! is handed any case of any firm: what keeps strangers out is the permit, and the tenant that it names for the message's row.

use std::collections::{BTreeMap, BTreeSet};

use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::access::{Access, CaseReach, CaseScope, Denied, Grant, Level, Resource, Tenant};
use casewire_core::id::{CaseContactId, CaseId, ContactId, OrganizationId, TeamId, UserId};
use casewire_core::messaging::claims::{AttentionReason, Claim, ClaimError, DismissError, MoveError, ReleaseError, Standing};
use casewire_core::messaging::routing::{CaseStatus, Facts, Holder, Link, Receipt, Route, decide};
use casewire_core::time::Timestamp;

use crate::naive::{HOURS_48, id};

#[derive(Debug, Clone)]
pub struct Agent {
    pub id: UserId,
    pub active: bool,
    pub teams: BTreeSet<TeamId>,
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone)]
pub struct Case {
    pub reach: CaseReach,
    pub status: CaseStatus,
    pub client: Option<ContactId>,
    pub contacts: BTreeMap<ContactId, CaseContactId>,
}

/// A line of a message's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Received,
    Claimed(UserId, CaseId),
    Released(UserId),
    Moved(UserId, CaseId),
    Dismissed(UserId, Option<CaseId>),
    Undismissed(UserId, Option<CaseId>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub receipt: Receipt,
    pub standing: Standing,
    pub dismissed: BTreeSet<(UserId, Option<CaseId>)>,
    pub attention: Option<AttentionReason>,
    pub steps: Vec<Step>,
}

/// Why an act was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    SignedOut,
    NoSuchThing,
    Denied(Denied),
    Claim(ClaimError),
    Release(ReleaseError),
    Move(MoveError),
    Dismiss(DismissError),
}

macro_rules! refusals {
    ($($error:ty => $variant:ident),*) => {$(
        impl From<$error> for Refused {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}
refusals!(Denied => Denied, ClaimError => Claim, ReleaseError => Release, MoveError => Move, DismissError => Dismiss);

#[derive(Debug, Clone)]
pub struct Firm {
    pub id: OrganizationId,
    pub agents: Vec<Agent>,
    pub cases: Vec<Case>,
    /// Each person and the one number that they hold.
    pub people: Vec<(ContactId, u8)>,
    pub sessions: BTreeMap<(CaseId, ContactId), Timestamp>,
    pub messages: Vec<Message>,
}

impl Agent {
    /// Their rights, as long as they may sign in.
    pub fn access(&self, firm: OrganizationId) -> Option<Access> {
        self.active
            .then(|| Access::new(firm, self.id, self.teams.clone(), self.grants.clone()))
    }
}

impl Message {
    /// Where it is shown: in cases, or in none of them.
    pub fn places(&self) -> Vec<Option<CaseId>> {
        match &self.standing {
            Standing::Unclaimed { candidates } => candidates.iter().copied().map(Some).collect(),
            Standing::Routed { case_id } | Standing::Claimed { case_id, .. } | Standing::Moved { case_id } => vec![Some(*case_id)],
            Standing::Personal | Standing::Unknown => vec![None],
        }
    }

    /// The cases that it was offered to when it arrived.
    pub fn offered_to(&self) -> Vec<CaseId> {
        match &self.receipt.route {
            Route::Broadcast { candidates } => candidates.iter().map(|candidate| candidate.case_id).collect(),
            Route::Case(_) | Route::Lead { .. } | Route::Contact { .. } | Route::Unknown => vec![],
        }
    }
}

/// The permit to act where a message stands: in a case, or in none.
fn may_act(by: &Access, place: Option<&CaseReach>) -> Result<Tenant, Denied> {
    match place {
        Some(case) => by.contact(case, Resource::Sms).map(|permit| permit.tenant()),
        None => by.office(Resource::Sms, Level::Act).map(|permit| permit.tenant()),
    }
}

impl Firm {
    /// One agent per default role and one with two roles, in two teams; four cases; Jane on three of them, John who shares her
    /// number as the client of the fourth, Ann on one, Leo on none.
    pub fn new(number: u64) -> Self {
        let base = number * 1_000;
        let [jane, john, ann, leo]: [ContactId; 4] = [1, 2, 3, 4].map(|n| id(base + n));
        let mut agents: Vec<Agent> = (0_u64..)
            .zip(DEFAULT_ROLES)
            .map(|(n, role)| Agent {
                id: id(base + n),
                active: true,
                teams: BTreeSet::from([id(base + n % 2)]),
                grants: vec![role.grant],
            })
            .collect();
        let both = DEFAULT_ROLES.iter().filter(|role| ["Paralegal", "Supervisor"].contains(&role.name));
        agents.push(Agent {
            id: id(base + 7),
            active: true,
            teams: BTreeSet::from([id(base), id(base + 1)]),
            grants: both.map(|role| role.grant).collect(),
        });
        let case = |n: u64| Case {
            reach: CaseReach {
                organization_id: id(base),
                case_id: id(base + n),
                team_id: (n < 3).then(|| id(base + n % 2)),
                assigned: [n, n + 1, 7].map(|n| id(base + n)).into_iter().collect(),
                walled: BTreeSet::new(),
            },
            status: CaseStatus::Open,
            client: (n == 3).then_some(john),
            contacts: if n == 3 {
                BTreeMap::new()
            } else {
                BTreeMap::from([(jane, id(base + n))])
            },
        };
        let mut cases: Vec<Case> = (0..4).map(case).collect();
        if let Some(first) = cases.first_mut() {
            first.contacts.insert(ann, id(base + 50));
        }
        Self {
            id: id(base),
            agents,
            cases,
            people: vec![(jane, 0), (john, 0), (ann, 1), (leo, 2)],
            sessions: BTreeMap::new(),
            messages: Vec::new(),
        }
    }

    fn facts(&self, sender: u8, now: Timestamp) -> Facts {
        let holders = || {
            self.people
                .iter()
                .filter(|(_, number)| *number == sender)
                .map(|(person, _)| *person)
        };
        let mut links = Vec::new();
        for (case, person) in self.cases.iter().flat_map(|case| holders().map(move |person| (case, person))) {
            let case_contact_id = case.contacts.get(&person).copied();
            if case_contact_id.is_some() || case.client == Some(person) {
                links.push(Link {
                    case_id: case.reach.case_id,
                    status: case.status,
                    contact_id: person,
                    case_contact_id,
                    session_opened_at: self.sessions.get(&(case.reach.case_id, person)).copied(),
                });
            }
        }
        Facts {
            at: now,
            window_micros: HOURS_48,
            links,
            holders: holders().map(|contact_id| Holder { contact_id, lead_id: None }).collect(),
        }
    }

    /// A text arrives.
    pub fn receive(&mut self, sender: u8, now: Timestamp) {
        let receipt = decide(self.facts(sender, now));
        let standing = match &receipt.route {
            Route::Case(candidate) => Standing::Routed {
                case_id: candidate.case_id,
            },
            Route::Broadcast { candidates } => Standing::Unclaimed {
                candidates: candidates.iter().map(|candidate| candidate.case_id).collect(),
            },
            Route::Lead { .. } | Route::Contact { .. } => Standing::Personal,
            Route::Unknown => Standing::Unknown,
        };
        let mut message = Message {
            receipt,
            standing,
            dismissed: BTreeSet::new(),
            attention: None,
            steps: vec![Step::Received],
        };
        message.attention = self.attention(&message);
        self.messages.push(message);
    }

    /// The firm's text to a person in a case is accepted by the carrier.
    pub fn sent(&mut self, by: &Access, case: &CaseReach, person: ContactId, clarifying: bool, now: Timestamp) -> Result<(), Refused> {
        by.contact(case, Resource::Sms)?;
        if !clarifying {
            self.sessions.insert((case.case_id, person), now);
        }
        Ok(())
    }

    pub fn claim(&mut self, by: &Access, message: usize, case: &CaseReach, now: Timestamp) -> Result<(), Refused> {
        let tenant = by.contact(case, Resource::Sms)?.tenant();
        let claim = Claim { by: by.user(), at: now };
        let step = Step::Claimed(by.user(), case.case_id);
        self.change(tenant, message, step, |standing| Ok(standing.claim(case.case_id, claim)?))
    }

    pub fn release(&mut self, by: &Access, message: usize, place: &CaseReach) -> Result<(), Refused> {
        let tenant = by.contact(place, Resource::Sms)?.tenant();
        self.change(tenant, message, Step::Released(by.user()), |standing| Ok(standing.release()?))
    }

    pub fn move_to(&mut self, by: &Access, message: usize, from: Option<&CaseReach>, to: &CaseReach) -> Result<(), Refused> {
        may_act(by, from)?;
        let tenant = by.contact(to, Resource::Sms)?.tenant();
        let step = Step::Moved(by.user(), to.case_id);
        self.change(tenant, message, step, |standing| Ok(standing.move_to(to.case_id)?))
    }

    /// Hides a message from one agent's view of one place, or shows it again.
    pub fn dismiss(&mut self, by: &Access, message: usize, place: Option<&CaseReach>, again: bool) -> Result<(), Refused> {
        let tenant = may_act(by, place)?;
        let place = place.map(|case| case.case_id);
        let found = self.row(tenant, message)?;
        found.standing.dismissible(place)?;
        if again {
            found.dismissed.remove(&(by.user(), place));
            found.steps.push(Step::Undismissed(by.user(), place));
        } else {
            found.dismissed.insert((by.user(), place));
            found.steps.push(Step::Dismissed(by.user(), place));
        }
        self.look_again(message);
        Ok(())
    }

    /// A message's row, for an act within this firm.
    fn row(&mut self, tenant: Tenant, message: usize) -> Result<&mut Message, Refused> {
        let own = tenant.organization() == self.id;
        self.messages.get_mut(message).filter(|_| own).ok_or(Refused::NoSuchThing)
    }

    fn change(
        &mut self,
        tenant: Tenant,
        message: usize,
        step: Step,
        to: impl FnOnce(Standing) -> Result<Standing, Refused>,
    ) -> Result<(), Refused> {
        let found = self.row(tenant, message)?;
        found.standing = to(found.standing.clone())?;
        found.steps.push(step);
        self.look_again(message);
        Ok(())
    }

    fn look_again(&mut self, message: usize) {
        let attention = self.messages.get(message).and_then(|message| self.attention(message));
        if let Some(message) = self.messages.get_mut(message) {
            message.attention = attention;
        }
    }

    /// Whose rights changed, changes what needs attention.
    pub fn look_again_at_all(&mut self) {
        for message in 0..self.messages.len() {
            self.look_again(message);
        }
    }

    /// As a store counts it: over the scopes of each agent's view, walls excepted.
    fn attention(&self, message: &Message) -> Option<AttentionReason> {
        let (mut entitled, mut not_dismissed) = (0, 0);
        for access in self.agents.iter().filter_map(|agent| agent.access(self.id)) {
            let view = access.visible(Resource::Sms, Level::Act);
            let mut reached = message.places();
            reached.retain(|place| match self.cases.iter().find(|case| Some(case.reach.case_id) == *place) {
                None => place.is_none() && view.office(),
                Some(case) => {
                    let relation = access.relation(&case.reach);
                    let in_scope = view.includes(CaseScope::All)
                        || (view.includes(CaseScope::Team) && relation.in_team)
                        || (view.includes(CaseScope::Assigned) && relation.assigned);
                    in_scope && !relation.walled
                }
            });
            entitled += u64::from(!reached.is_empty());
            let undismissed = reached.iter().any(|place| !message.dismissed.contains(&(access.user(), *place)));
            not_dismissed += u64::from(undismissed);
        }
        AttentionReason::of(entitled, not_dismissed)
    }
}
