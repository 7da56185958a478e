//! The act that takes in a call from outside: it rings at the signed-in agent who last called or texted that number, else the machine
//! takes it. Which case it belongs to is for the agent to say: it is logged with whoever holds the number. Never dropped.

use casewire_core::access::Tenant;
use casewire_core::calls::{Call, Effect, Tape};
use casewire_core::event::CallCause;
use casewire_core::id::{CallId, ContactId, ConversationId, LeadId, NumberId, UserId};
use casewire_core::phone::{Address, E164};
use casewire_core::settings::calls::CallSettings;
use casewire_core::time::Timestamp;
use casewire_store::calls::{self, CallRow, people};
use casewire_store::conversations::{self, ConversationKey};
use casewire_store::{Act, StoreError, Tx, access, inbox};

use super::calls::{Step, Stepped, Subject, may_act, settings};
use crate::problem::Problem;

/// A call that comes in.
#[derive(Clone)]
pub struct ReceiveCall {
    /// The owner of the number that was called.
    pub tenant: Tenant,
    /// That number.
    pub number_id: NumberId,
    /// The same in full.
    pub number: E164,
    /// The call that is to be.
    pub id: CallId,
    /// Who calls.
    pub from: Address,
    /// What carries it.
    pub line: &'static str,
    /// What the carrier calls it, where it calls it anything; the same once more is no second call.
    pub provider_id: Option<String>,
    /// The time.
    pub now: Timestamp,
}

/// Who calls, as far as it is known, and where their calls stand.
struct Caller {
    contact_id: Option<ContactId>,
    lead_id: Option<LeadId>,
    conversation_id: ConversationId,
}

impl Act for ReceiveCall {
    type Out = Stepped;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let chosen = settings(tx, self.tenant).await?;
        if let Some(known) = self.known(tx).await? {
            return Step::of(known, chosen, None, self.now).nothing(tx).await;
        }
        let caller = self.caller(tx).await?;
        let agent = self.callee(tx, &caller).await?;
        let (call, effects) = self.begin(agent, &chosen);
        let row = CallRow {
            id: self.id,
            tenant: self.tenant,
            call,
            conversation_id: caller.conversation_id,
            matter_id: None,
            case_contact_id: None,
            contact_id: caller.contact_id,
            contact_role_name: None,
            lead_id: caller.lead_id,
            peer: self.from.clone(),
            number_id: Some(self.number_id),
            number: Some(self.number.clone()),
            line: self.line.to_owned(),
            provider_id: self.provider_id.clone(),
            user: agent,
            started_at: self.now,
            dialed_at: None,
            agent_due_at: None,
            due_at: None,
            recording: Tape::None,
            disposition: None,
            wrap_up_until: None,
            version: 0,
        };
        let mut step = Step::first(row, chosen, None, self.now);
        step.take(effects);
        step.commit(tx, CallCause::Started, None).await
    }
}

impl ReceiveCall {
    async fn known(&self, tx: &mut Tx) -> Result<Option<CallRow>, StoreError> {
        let Some(provider_id) = &self.provider_id else { return Ok(None) };
        match calls::by_provider_id(tx, self.tenant, provider_id).await? {
            Some(id) => calls::load(tx, self.tenant, id).await,
            None => Ok(None),
        }
    }

    fn begin(&self, agent: Option<UserId>, settings: &CallSettings) -> (Call, Vec<Effect>) {
        let organization = self.tenant.organization();
        match agent {
            Some(agent) => Call::incoming(organization, None, agent),
            None if settings.voicemail => Call::incoming_to_voicemail(organization, None, self.now),
            None => Call::incoming_to_nobody(organization, None, self.now),
        }
    }

    /// Whoever alone holds the number, as their lead if they are one; else an unknown caller.
    async fn caller(&self, tx: &mut Tx) -> Result<Caller, StoreError> {
        let holder = people::only_holder(tx, self.tenant, &self.from).await?;
        let key = match holder {
            Some((contact_id, Some(lead_id))) => ConversationKey::Lead { lead_id, contact_id },
            Some((contact_id, None)) => ConversationKey::Contact { contact_id },
            None => ConversationKey::Unknown { peer: self.from.clone() },
        };
        Ok(Caller {
            contact_id: holder.map(|(contact, _)| contact),
            lead_id: holder.and_then(|(_, lead)| lead),
            conversation_id: conversations::ensure(tx, self.tenant, &key, self.now).await?,
        })
    }

    /// The agent at whom it rings: of those who could take it now, the one who last called or texted the number, and may.
    async fn callee(&self, tx: &mut Tx, caller: &Caller) -> Result<Option<UserId>, StoreError> {
        let found = inbox::subject(tx, self.tenant, caller.conversation_id).await?;
        let subject = found.map(|(kind, case)| Subject {
            kind,
            case,
            contact: caller.contact_id,
        });
        for user in people::callees(tx, self.tenant, &self.from, self.now).await? {
            let Some((access, subject)) = access::of_user(tx, self.tenant, user).await?.zip(subject) else {
                continue;
            };
            if may_act(tx, &access, subject).await? {
                return Ok(Some(user));
            }
        }
        Ok(None)
    }
}
