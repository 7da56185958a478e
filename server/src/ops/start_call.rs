//! The act that starts a call: one row, its place in the conversation, the seat of the agent, the event, the timer and the audit line
//! in one transaction. To whom it goes is chosen as for texts. The outside phone rings when the agent's audio is there.

use casewire_core::access::{Access, Resource};
use casewire_core::calls::{Call, Tape};
use casewire_core::event::CallCause;
use casewire_core::id::{CallId, CaseContactId, ContactId, LeadId, NumberId, PhoneId};
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_store::calls::{CallRow, people};
use casewire_store::{Act, Tx, numbers};

use super::calls::{Step, Stepped, settings};
use super::recipient::{self, Numbers, Wanted};
use super::softphones;
use crate::problem::{Problem, ProblemCode};

/// Starts a call.
#[derive(Clone)]
pub struct StartCall {
    /// Who calls.
    pub access: Access,
    /// The call that is to be.
    pub id: CallId,
    /// Whom.
    pub to: CalledParty,
    /// What carries it.
    pub line: &'static str,
    /// The time.
    pub now: Timestamp,
}

/// Whom somebody wants to call, and by which numbers.
#[derive(Clone, Default)]
pub struct CalledParty {
    /// The number of the case.
    pub case_id: Option<String>,
    /// The lead.
    pub lead_id: Option<LeadId>,
    /// Their link to the case.
    pub case_contact_id: Option<CaseContactId>,
    /// The contact.
    pub contact_id: Option<ContactId>,
    /// Which of their numbers.
    pub to_phone_id: Option<PhoneId>,
    /// Which of the firm's.
    pub from_number_id: Option<NumberId>,
}

impl Act for StartCall {
    type Out = Stepped;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let (access, tenant, user) = (&self.access, self.access.tenant(), self.access.user());
        let wanted = Wanted {
            by: Resource::Calls,
            case_id: self.to.case_id.as_deref(),
            lead_id: self.to.lead_id,
            case_contact_id: self.to.case_contact_id,
            contact_id: self.to.contact_id,
            in_reply_to: None,
        };
        let recipient = recipient::find(tx, access, wanted).await?;
        let numbers = Numbers {
            to_phone_id: self.to.to_phone_id,
            from_number_id: self.to.from_number_id,
        };
        let way = recipient.way(tx, tenant, numbers).await?;
        let number = numbers::read(tx, tenant, way.number_id).await?;
        softphones::alive(tx, tenant, user, self.now).await?;
        if people::call_of(tx, tenant, user).await?.is_some() {
            return Err(Problem::of(ProblemCode::CallInProgress));
        }
        let conversation_id = recipient.conversation(tx, tenant, self.now).await?;
        let (matter_id, case) = recipient.case.clone().unzip();
        let row = CallRow {
            id: self.id,
            tenant,
            call: Call::outgoing(access.organization(), case, user),
            conversation_id,
            matter_id,
            case_contact_id: recipient.case_contact_id,
            contact_id: recipient.contact_id,
            contact_role_name: recipient.role.clone(),
            lead_id: recipient.lead_id,
            peer: Address::Number(way.to),
            number_id: Some(way.number_id),
            number: number.map(|number| number.e164),
            line: self.line.to_owned(),
            provider_id: None,
            user: Some(user),
            started_at: self.now,
            dialed_at: None,
            agent_due_at: None,
            due_at: None,
            recording: Tape::None,
            disposition: None,
            wrap_up_until: None,
            version: 0,
        };
        let chosen = settings(tx, tenant).await?;
        let step = Step::first(row, chosen, Some(user), self.now);
        step.commit(tx, CallCause::Started, Some("start_call")).await
    }
}
