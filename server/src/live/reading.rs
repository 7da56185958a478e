//! What rooms and sockets read, each in one act: the log from a number on, with whatever is needed to judge it read after it, so
//! that the rights are never older than the events. Refuses to decide who may read.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::event::Audience;
use casewire_core::id::{CaseId, ContactId};
use casewire_core::time::Timestamp;
use casewire_store::events::{self, Head, StoredEvent};
use casewire_store::live::{self, SignedIn};
use casewire_store::{Act, StoreError, Tx, cases};

use super::frame::changes_rights;
use super::rights::{Grounds, Rights};

/// When everybody's rights are read along with the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// In any case.
    Always,
    /// Where one of the events may have changed them.
    OnChange,
    /// Not: they are newer than these events already.
    Never,
}

/// Reads the log from a number on.
pub struct ReadLog {
    /// Whose log.
    pub tenant: Tenant,
    /// After which number.
    pub after: i64,
    /// How many at most.
    pub limit: u32,
    /// When rights are read along.
    pub refresh: Refresh,
    /// What is known already.
    pub known: Arc<Rights>,
    /// By when sign-ins have expired.
    pub now: Timestamp,
    /// For how long they may idle.
    pub idle: Duration,
}

/// What was read.
pub struct Reading {
    /// The events, in order.
    pub events: Vec<StoredEvent>,
    /// Everybody's rights, where they were read.
    pub signed_in: Option<SignedIn>,
    /// What the events turn on and was not known.
    pub grounds: Grounds,
}

impl Act for ReadLog {
    type Out = Reading;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Reading, StoreError> {
        let events = events::since(tx, self.tenant.organization(), self.after, self.limit).await?;
        let anew = match self.refresh {
            Refresh::Always => true,
            Refresh::OnChange => events.iter().any(|event| changes_rights(&event.kind)),
            Refresh::Never => false,
        };
        let signed_in = if anew {
            Some(live::signed_in(tx, self.tenant, self.now, self.idle).await?)
        } else {
            None
        };
        let unknown = events
            .iter()
            .map(|event| event.audience)
            .filter(|audience| anew || self.known.lacks(audience));
        let grounds = load_grounds(tx, self.tenant, unknown).await?;
        Ok(Reading {
            events,
            signed_in,
            grounds,
        })
    }
}

/// Loads what audiences turn on.
pub struct LoadGrounds {
    /// Whose.
    pub tenant: Tenant,
    /// Of which audiences.
    pub audiences: Vec<Audience>,
}

impl Act for LoadGrounds {
    type Out = Grounds;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Grounds, StoreError> {
        load_grounds(tx, self.tenant, self.audiences.iter().copied()).await
    }
}

/// Reads how far the log goes.
pub struct ReadHead {
    /// Whose log.
    pub tenant: Tenant,
}

impl Act for ReadHead {
    type Out = Head;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Head, StoreError> {
        events::head(tx, self.tenant.organization()).await
    }
}

/// Reads where a room starts: how far the log goes and everybody's rights.
pub struct OpenRoom {
    /// Whose room.
    pub tenant: Tenant,
    /// By when sign-ins have expired.
    pub now: Timestamp,
    /// For how long they may idle.
    pub idle: Duration,
}

impl Act for OpenRoom {
    type Out = (Head, SignedIn);
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(Head, SignedIn), StoreError> {
        let head = events::head(tx, self.tenant.organization()).await?;
        Ok((head, live::signed_in(tx, self.tenant, self.now, self.idle).await?))
    }
}

async fn load_grounds(tx: &mut Tx, tenant: Tenant, audiences: impl Iterator<Item = Audience>) -> Result<Grounds, StoreError> {
    let (mut case_ids, mut contact_ids) = (BTreeSet::<CaseId>::new(), BTreeSet::<ContactId>::new());
    for audience in audiences {
        match audience {
            Audience::CaseTexts(case)
            | Audience::Case(case)
            | Audience::CaseCalls(case)
            | Audience::CaseSupervisors(case)
            | Audience::OwnTexts { case: Some(case), .. }
            | Audience::Own { case: Some(case), .. }
            | Audience::OwnCall { case: Some(case), .. } => {
                case_ids.insert(case);
            }
            Audience::Contact(contact)
            | Audience::ContactTexts(contact)
            | Audience::ContactCalls(contact)
            | Audience::ContactSupervisors(contact) => {
                contact_ids.insert(contact);
            }
            Audience::PersonalTexts
            | Audience::UnknownSenders
            | Audience::PersonalCalls
            | Audience::UnknownCallers
            | Audience::Supervisors
            | Audience::OwnTexts { case: None, .. }
            | Audience::Own { case: None, .. }
            | Audience::OwnCall { case: None, .. }
            | Audience::Everyone
            | Audience::Settings => {}
        }
    }
    let mut grounds = Grounds::default();
    let wanted: Vec<CaseId> = case_ids.into_iter().collect();
    grounds.cases.extend(wanted.iter().map(|case| (*case, None)));
    for reach in cases::reaches(tx, tenant, &wanted).await? {
        grounds.cases.insert(reach.case_id, Some(reach));
    }
    for contact in contact_ids {
        grounds.contacts.insert(contact, live::contact_reach(tx, tenant, contact).await?);
    }
    Ok(grounds)
}
