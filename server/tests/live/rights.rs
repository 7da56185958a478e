//! Who gets what: an event reaches a socket if and only if its reader may read its subject, as of the moment it is sent.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test measures time")]

use std::time::{Duration, Instant};

use casewire::live::socket::CLOSE_SIGNED_OUT;
use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::access::{Access, CaseScope, Grant, Level};
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{CaseId, ContactId, UserId};
use casewire_store::{Act, StoreError, Tx, access, contacts, on_both_engines};

use super::house::{House, Reader, tempo, v};

/// The agent's and the manager's roles.
const AGENT: usize = 0;
const MANAGER: usize = 4;

/// A sequence of choices that is the same in every run.
struct Choices(u64);

impl Choices {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    fn level(&mut self) -> Level {
        [Level::None, Level::None, Level::See, Level::Act, Level::Manage][usize::try_from(self.below(5)).unwrap()]
    }

    fn grant(&mut self) -> Grant {
        Grant {
            scope: CaseScope::ALL[usize::try_from(self.below(4)).unwrap()],
            case_contacts: self.level(),
            sms: self.level(),
            calls: self.level(),
            audit: self.level(),
            settings: self.level(),
        }
    }
}

/// A case as this file sees it.
struct Drawn {
    case: CaseId,
    in_team: bool,
    assigned: Vec<UserId>,
    walled: Vec<UserId>,
}

/// The naive re-statement: may this user, with this one role, GET what the event is about?
fn may_get(reader: &Reader, grant: &Grant, in_team: bool, audience: &Audience, cases: &[Drawn], shown_contacts: &[ContactId]) -> bool {
    let reaches = |id: &CaseId| {
        let case = cases.iter().find(|case| case.case == *id).unwrap();
        let in_scope = match grant.scope {
            CaseScope::None => false,
            CaseScope::Assigned => case.assigned.contains(&reader.user),
            CaseScope::Team => in_team && case.in_team,
            CaseScope::All => true,
        };
        in_scope && !case.walled.contains(&reader.user)
    };
    match audience {
        Audience::CaseTexts(case) => reaches(case) && grant.sms.number() >= 1,
        Audience::Case(case) => reaches(case) && grant.sms.number() + grant.calls.number() + grant.case_contacts.number() >= 1,
        Audience::PersonalTexts => grant.sms.number() >= 1,
        Audience::UnknownSenders => grant.sms.number() >= 2,
        Audience::Contact(contact) => shown_contacts.contains(contact) && grant.case_contacts.number() >= 1,
        Audience::OwnTexts { user, case } => {
            let reads = case.map_or(grant.sms.number() >= 2, |case| reaches(&case) && grant.sms.number() >= 1);
            *user == reader.user && reads
        }
        Audience::Own { user, case } => {
            let knows = |case: CaseId| reaches(&case) && grant.sms.number() + grant.calls.number() + grant.case_contacts.number() >= 1;
            *user == reader.user && case.is_none_or(knows)
        }
        Audience::ContactTexts(contact) => shown_contacts.contains(contact) && grant.sms.number() >= 1,
        Audience::ContactCalls(contact) => shown_contacts.contains(contact) && grant.calls.number() >= 1,
        Audience::ContactSupervisors(contact) => shown_contacts.contains(contact) && grant.calls.number() >= 3,
        Audience::CaseCalls(case) => reaches(case) && grant.calls.number() >= 1,
        Audience::PersonalCalls => grant.calls.number() >= 1,
        Audience::UnknownCallers => grant.calls.number() >= 2,
        Audience::CaseSupervisors(case) => reaches(case) && grant.calls.number() >= 3,
        Audience::Supervisors => grant.calls.number() >= 3,
        Audience::OwnCall { user, case } => *user == reader.user && grant.calls.number() >= 1 && case.is_none_or(|case| reaches(&case)),
        Audience::Everyone => true,
        Audience::Settings => grant.settings.number() >= 1,
    }
}

/// The contacts that the API shows to a user: the statement behind it, not the hub's rule.
struct SeenContacts {
    tenant: casewire_core::access::Tenant,
    user: UserId,
    contacts: Vec<ContactId>,
}

impl Act for SeenContacts {
    type Out = Vec<ContactId>;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<Vec<ContactId>, StoreError> {
        let access: Access = access::of_user(tx, self.tenant, self.user).await?.unwrap();
        let mut seen = vec![];
        for contact in &self.contacts {
            if contacts::may_see(tx, &access.known_cases(), *contact).await? {
                seen.push(*contact);
            }
        }
        Ok(seen)
    }
}

fn access_changed(user: UserId) -> NewEvent {
    NewEvent {
        audience: Audience::Everyone,
        event: Event::AccessChanged { user_id: Some(user) },
    }
}

on_both_engines! {
    async fn an_event_comes_if_and_only_if_its_subject_may_be_read(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let mut choices = Choices(7);
        let (ours, theirs) = (house.team().await, house.team().await);
        let mut readers = vec![];
        for _ in 0..16 {
            let (grant, in_team) = (choices.grant(), choices.flip());
            let teams = if in_team { vec![ours] } else { vec![theirs] };
            readers.push((house.reader(grant, &teams).await, grant, in_team));
        }
        let mut cases = vec![];
        for _ in 0..8 {
            let mut some = |odds: u64| -> Vec<UserId> { readers.iter().filter(|_| choices.below(odds) == 0).map(|(reader, ..)| reader.user).collect() };
            let (assigned, walled) = (some(3), some(5));
            let in_team = choices.flip();
            let case = house.case(in_team.then_some(ours), &assigned, &walled).await;
            cases.push(Drawn { case, in_team, assigned, walled });
        }
        let mut people = vec![house.contact(&[], &[]).await];
        for index in 0..cases.len() {
            let other = usize::try_from(choices.below(8)).unwrap();
            let linked = if choices.flip() { vec![cases[other].case] } else { vec![] };
            let client = if choices.flip() { vec![cases[index].case] } else { vec![] };
            people.push(house.contact(&client, &linked).await);
        }
        let mut audiences = vec![Audience::PersonalTexts, Audience::UnknownSenders, Audience::Everyone, Audience::Settings];
        audiences.extend([Audience::PersonalCalls, Audience::UnknownCallers, Audience::Supervisors]);
        audiences.extend(cases.iter().flat_map(|drawn| [Audience::Case(drawn.case), Audience::CaseTexts(drawn.case)]));
        audiences.extend(cases.iter().flat_map(|drawn| [Audience::CaseCalls(drawn.case), Audience::CaseSupervisors(drawn.case)]));
        audiences.extend(people.iter().map(|contact| Audience::Contact(*contact)));
        audiences.extend(people.iter().map(|contact| Audience::ContactTexts(*contact)));
        audiences.extend(people.iter().flat_map(|contact| [Audience::ContactCalls(*contact), Audience::ContactSupervisors(*contact)]));
        for (reader, ..) in &readers {
            let own = |case| Audience::OwnTexts { user: reader.user, case };
            audiences.extend([own(None), Audience::OwnCall { user: reader.user, case: None }]);
            audiences.extend(cases.iter().map(|drawn| Audience::OwnCall { user: reader.user, case: Some(drawn.case) }));
            audiences.extend(cases.iter().map(|drawn| own(Some(drawn.case))));
            let own = |case| Audience::Own { user: reader.user, case };
            audiences.push(own(None));
            audiences.extend(cases.iter().map(|drawn| own(Some(drawn.case))));
        }
        let mut live = vec![];
        for (reader, ..) in &readers {
            let mut client = node.connect(*reader, None).await;
            client.hello().await;
            live.push(client);
        }
        house.emit(&audiences).await;
        let head = house.head().await;
        let (mut sent, mut hidden) = (0, 0);
        for ((reader, grant, in_team), mut client) in readers.iter().zip(live) {
            let seen = house.db.store().read(SeenContacts { tenant: house.tenant(), user: reader.user, contacts: people.clone() }).await.unwrap();
            let expected: Vec<i64> = (1..)
                .zip(&audiences)
                .filter(|(_, audience)| may_get(reader, grant, *in_team, audience, &cases, &seen))
                .map(|(seq, _)| seq)
                .collect();
            sent += expected.len();
            hidden += audiences.len() - expected.len();
            assert_eq!(client.until(head).await, expected, "live, {grant:?}");
            let mut resumed = node.connect(*reader, Some(0)).await;
            resumed.hello().await;
            assert_eq!(resumed.until(head).await, expected, "resumed, {grant:?}");
        }
        assert!(sent > 100 && hidden > 100, "{sent} sent, {hidden} hidden");
    }

    async fn nothing_of_a_case_comes_after_a_wall_was_committed(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        let (case, other) = (house.case(None, &[], &[]).await, house.case(None, &[], &[]).await);
        let mut client = node.connect(reader, None).await;
        client.hello().await;
        let own = |case| Audience::OwnTexts { user: reader.user, case: Some(case) };
        house.emit(&[Audience::CaseTexts(case), Audience::CaseTexts(other), own(case), own(other)]).await;
        assert_eq!(client.until(4).await, [1, 2, 3, 4]);
        house.wall(case, reader.user).await;
        house.emit(&[Audience::CaseTexts(case), Audience::Case(case), Audience::CaseTexts(other)]).await;
        assert_eq!(client.until(8).await, [5, 8], "the word of the change, and the other case alone");
        let mut resumed = node.connect(reader, Some(0)).await;
        resumed.hello().await;
        assert_eq!(resumed.until(8).await, [2, 4, 5, 8], "what was readable then is not readable now");
    }

    async fn a_role_that_is_taken_silences_at_once_and_the_client_is_told(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(tempo()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        let case = house.case(None, &[], &[]).await;
        let mut client = node.connect(reader, None).await;
        client.hello().await;
        house.take_role(reader, vec![access_changed(reader.user)]).await;
        house.emit(&[Audience::CaseTexts(case), Audience::PersonalTexts, Audience::Everyone]).await;
        assert_eq!(client.until(4).await, [1, 4]);
        assert!(client.rest().await.is_empty(), "told once");
    }

    async fn a_role_that_is_taken_without_an_event_is_noticed_within_a_second(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(casewire::live::Tempo::default()).await;
        let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
        let mut client = node.connect(reader, None).await;
        client.hello().await;
        let taken = Instant::now();
        house.take_role(reader, vec![]).await;
        assert_eq!(client.next().await.unwrap(), serde_json::json!({"type": "access_changed"}));
        assert!(taken.elapsed() < Duration::from_secs(1), "{:?}", taken.elapsed());
        house.emit(&[Audience::PersonalTexts, Audience::Everyone]).await;
        assert_eq!(client.until(2).await, [2]);
    }

    async fn whoever_is_deactivated_signed_out_or_expired_is_closed_within_a_second(db: TestDatabase) {
        let house = House::open(db).await;
        let node = house.node(casewire::live::Tempo::default()).await;
        let ends = [
            "update users set is_active = 0 where organization_id = $1 and id = $2",
            "delete from sign_ins where organization_id = $1 and user_id = $2",
            "update sign_ins set expires_at = 1 where organization_id = $1 and user_id = $2",
            "update sign_ins set seen_at = 1 where organization_id = $1 and user_id = $2",
        ];
        let stays = house.reader(DEFAULT_ROLES[AGENT].grant, &[]).await;
        let mut staying = node.connect(stays, None).await;
        staying.hello().await;
        for sql in ends {
            // The best of three: a machine that is busy with something else makes one late, not all.
            let mut within = Duration::MAX;
            for _ in 0..3 {
                let reader = house.reader(DEFAULT_ROLES[MANAGER].grant, &[]).await;
                let mut client = node.connect(reader, None).await;
                client.hello().await;
                let ended = Instant::now();
                house.change(vec![(sql, vec![v(house.organization), v(reader.user)])]).await;
                assert_eq!(client.close_code().await, CLOSE_SIGNED_OUT, "{sql}");
                within = within.min(ended.elapsed());
                let mut again = node.connect(reader, None).await;
                assert_eq!(again.close_code().await, CLOSE_SIGNED_OUT, "{sql}: nor may they come back");
                if within < Duration::from_secs(1) {
                    break;
                }
            }
            assert!(within < Duration::from_secs(1), "{sql}: {within:?}");
        }
        house.emit(&[Audience::Everyone]).await;
        assert_eq!(staying.until(1).await, [1]);
    }
}
