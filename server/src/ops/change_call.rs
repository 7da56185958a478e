//! The act by which somebody does something with a call: answers, declines, hangs up, holds, mutes, hands over, presses keys, pauses the
//! recording, files it in a case, notes what came of it. Who may is the state machine's to say, on top of `calls:2` where the call is.

use casewire_core::access::{Access, Resource};
use casewire_core::calls::state::{Microphone, OutsideLine};
use casewire_core::calls::{Clearance, RecordingOrder, State, Tape};
use casewire_core::event::CallCause;
use casewire_core::id::{CallId, ContactId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::calls::{self, people};
use casewire_store::conversations::{self, ConversationKey};
use casewire_store::{Act, Tx, access, messages};

use super::calls::{Step, Stepped, Subject, acted_on, clearance, loaded, may_act, settings};
use super::{softphones, texts};
use crate::lines::LineOrder;
use crate::problem::{Problem, ProblemCode};

/// How many keys may be pressed at once.
pub const MOST_DIGITS: usize = 32;
/// How long a note may be, in characters.
pub const LONGEST_NOTE: usize = 4000;

/// Does something with a call.
#[derive(Clone)]
pub struct ChangeCall {
    /// Who.
    pub access: Access,
    /// The call.
    pub call_id: CallId,
    /// What.
    pub order: CallOrder,
    /// The time.
    pub now: Timestamp,
}

/// What somebody does with a call.
#[derive(Clone)]
pub enum CallOrder {
    /// Takes a call that rings at them.
    Answer,
    /// Will not take it, or the call that is being handed to them.
    Decline,
    /// Hangs up, or gives up.
    HangUp,
    /// Puts the outside party on hold, or takes them back.
    Hold(OutsideLine),
    /// Mutes their microphone, or opens it.
    Mute(Microphone),
    /// Hands the call to another agent.
    Transfer(UserId),
    /// Takes the call that is being handed to them.
    TakeOver,
    /// Hands it to nobody after all.
    CancelTransfer,
    /// Presses keys.
    Press(String),
    /// Pauses the recording, or goes on.
    Record(RecordingOrder),
    /// Files the call in a case, by its number.
    File(String),
    /// Notes what came of it.
    WrapUp {
        /// A code of the organization's list.
        disposition: String,
        /// More of it.
        note: Option<String>,
    },
}

impl CallOrder {
    /// The word in the audit.
    const fn act(&self) -> &'static str {
        match self {
            Self::Answer => "answer_call",
            Self::Decline => "decline_call",
            Self::HangUp => "hang_up",
            Self::Hold(_) => "hold_call",
            Self::Mute(_) => "mute_call",
            Self::Transfer(_) => "transfer_call",
            Self::TakeOver => "take_over_call",
            Self::CancelTransfer => "cancel_transfer",
            Self::Press(_) => "press_keys",
            Self::Record(_) => "steer_recording",
            Self::File(_) => "file_call",
            Self::WrapUp { .. } => "wrap_up_call",
        }
    }
}

impl Act for ChangeCall {
    type Out = Stepped;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let subject = acted_on(tx, &self.access, self.call_id).await?;
        let row = loaded(tx, &self.access, self.call_id).await?;
        let chosen = settings(tx, self.access.tenant()).await?;
        let mut step = Step::of(row, chosen, Some(self.access.user()), self.now);
        let cause = match &self.order {
            CallOrder::File(number) => self.file(tx, &mut step, subject, number).await?,
            CallOrder::WrapUp { disposition, note } => self.wrap_up(tx, &mut step, disposition, note.as_deref()).await?,
            CallOrder::Transfer(to) => self.transfer(tx, &mut step, subject, *to).await?,
            CallOrder::Answer
            | CallOrder::Decline
            | CallOrder::HangUp
            | CallOrder::Hold(_)
            | CallOrder::Mute(_)
            | CallOrder::TakeOver
            | CallOrder::CancelTransfer
            | CallOrder::Press(_)
            | CallOrder::Record(_) => self.while_it_goes_on(&mut step)?,
        };
        step.commit(tx, cause, Some(self.order.act())).await
    }
}

impl ChangeCall {
    fn while_it_goes_on(&self, step: &mut Step) -> Result<CallCause, Problem> {
        let (user, now) = (self.access.user(), self.now);
        let call = &mut step.row.call;
        let (effects, cause) = match &self.order {
            CallOrder::Answer => (call.answer(user, now)?, CallCause::Answered),
            CallOrder::Decline => return self.decline(step),
            CallOrder::HangUp => (call.hang_up(user, now)?, CallCause::Ended),
            CallOrder::Hold(line) => (call.set_outside(user, *line)?, CallCause::Changed),
            CallOrder::Mute(microphone) => (call.set_microphone(user, *microphone)?, CallCause::Changed),
            CallOrder::TakeOver => (call.take_over(user)?, CallCause::Transferred),
            CallOrder::CancelTransfer => {
                self.talks(step)?;
                (step.row.call.cancel_transfer()?, CallCause::Transferred)
            }
            CallOrder::Press(digits) => {
                self.talks(step)?;
                let digits = keys(digits)?;
                step.order(LineOrder::Press { digits });
                return Ok(CallCause::Changed);
            }
            CallOrder::Record(order) => return self.steer(step, *order),
            CallOrder::Transfer(_) | CallOrder::File(_) | CallOrder::WrapUp { .. } => (Vec::new(), CallCause::Changed),
        };
        step.row.user = step.row.call.agent().or(step.row.user);
        step.take(effects);
        Ok(cause)
    }

    /// Only the agent who talks on it.
    fn talks(&self, step: &Step) -> Result<(), Problem> {
        match step.row.call.state() {
            State::Answered(talk) if talk.agent == self.access.user() => Ok(()),
            State::Answered(_) => Err(Problem::of(ProblemCode::NotYourCall)),
            State::Ended(_) => Err(Problem::of(ProblemCode::CallEnded)),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } => Err(Problem::of(ProblemCode::CallNotInProgress)),
        }
    }

    /// The machine takes what an agent does not; where there is none the call is missed. A call that is being handed to them stays.
    fn decline(&self, step: &mut Step) -> Result<CallCause, Problem> {
        let (user, now) = (self.access.user(), self.now);
        let (effects, cause) = if step.row.transfer_to() == Some(user) {
            (step.row.call.cancel_transfer()?, CallCause::Transferred)
        } else if step.settings.voicemail {
            (step.row.call.decline(user, now)?, CallCause::Rang)
        } else {
            (step.row.call.miss(user, now)?, CallCause::Ended)
        };
        step.take(effects);
        Ok(cause)
    }

    fn steer(&self, step: &mut Step, order: RecordingOrder) -> Result<CallCause, Problem> {
        self.talks(step)?;
        if !step.row.recording.is_on() {
            return Err(Problem::of(ProblemCode::NotRecording));
        }
        let (tape, order) = match order {
            RecordingOrder::Paused => (Tape::Paused, LineOrder::PauseRecording),
            RecordingOrder::Running => (Tape::Running, LineOrder::ResumeRecording),
        };
        if step.row.recording != tape {
            step.row.recording = tape;
            step.order(order);
        }
        Ok(CallCause::Changed)
    }

    /// To an agent who may be on this call, has a softphone and is on no other one.
    async fn transfer(&self, tx: &mut Tx, step: &mut Step, subject: Subject, to: UserId) -> Result<CallCause, Problem> {
        let tenant = self.access.tenant();
        let effects = step.row.call.transfer(self.access.user(), to)?;
        let unavailable = || Problem::of(ProblemCode::AgentUnavailable);
        let theirs = access::of_user(tx, tenant, to).await?.ok_or_else(unavailable)?;
        if !may_act(tx, &theirs, subject).await? {
            return Err(unavailable());
        }
        softphones::alive(tx, tenant, to, self.now).await.map_err(|_| unavailable())?;
        if people::call_of(tx, tenant, to).await?.is_some_and(|other| other != self.call_id) {
            return Err(unavailable());
        }
        step.take(effects);
        Ok(CallCause::Transferred)
    }

    /// Into a case where the user may call; whoever supervises stays only if they may there.
    async fn file(&self, tx: &mut Tx, step: &mut Step, subject: Subject, number: &str) -> Result<CallCause, Problem> {
        let tenant = self.access.tenant();
        let case = texts::case_in_view(tx, &self.access, number)
            .await
            .map_err(|_| super::people::missing("mycase_case_id"))?;
        self.access.contact(&case, Resource::Calls)?;
        if step.row.call.case() == Some(case.case_id) {
            return Ok(CallCause::Filed);
        }
        let there = Subject {
            kind: casewire_core::view::ConversationKind::Case,
            case: Some(case.case_id),
            contact: None,
        };
        let mut cleared: Vec<Clearance> = Vec::new();
        for supervisor in step.row.call.supervisors() {
            if let Some(theirs) = access::of_user(tx, tenant, supervisor.user).await? {
                cleared.extend(clearance(tx, &theirs, there).await?);
            }
        }
        let effects = step.row.call.file_in(self.access.user(), case.case_id, &cleared)?;
        step.take(effects);
        let left = step.row.conversation_id;
        let row = &mut step.row;
        let contact: Option<ContactId> = match row.contact_id {
            Some(contact) => Some(contact),
            None => people::only_holder(tx, tenant, &row.peer).await?.map(|(contact, _)| contact),
        };
        let link = match contact {
            Some(contact) => messages::link(tx, tenant, case.case_id, contact).await?,
            None => None,
        };
        row.contact_id = contact;
        (row.case_contact_id, row.contact_role_name) = link.map_or((None, None), |(id, role)| (id, Some(role)));
        row.matter_id = Some(number.to_owned());
        row.lead_id = None;
        let key = ConversationKey::in_case(case.case_id, contact, &row.peer);
        row.conversation_id = conversations::ensure(tx, tenant, &key, row.started_at).await?;
        step.leave(left, subject);
        Ok(CallCause::Filed)
    }

    async fn wrap_up(&self, tx: &mut Tx, step: &mut Step, disposition: &str, note: Option<&str>) -> Result<CallCause, Problem> {
        if !step.row.has_ended() {
            return Err(Problem::new(
                ProblemCode::CallNotInProgress,
                "This call goes on: note what came of it when it is over.",
            ));
        }
        if step.row.user != Some(self.access.user()) {
            return Err(Problem::of(ProblemCode::NotYourCall));
        }
        if !step.settings.knows(disposition) {
            return Err(Problem::invalid_field("disposition", "it is none of the organization's outcomes"));
        }
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE || note.contains('\0')) {
            return Err(Problem::invalid_field(
                "note",
                &format!("it has more than {LONGEST_NOTE} characters, or one that cannot be shown"),
            ));
        }
        step.row.disposition = Some(disposition.to_owned());
        step.row.wrap_up_until = None;
        calls::note(tx, self.access.tenant(), self.call_id, note.map(str::to_owned)).await?;
        Ok(CallCause::WrappedUp)
    }
}

/// `0` to `9`, `*` and `#`.
fn keys(digits: &str) -> Result<String, Problem> {
    let fit = digits.chars().all(|key| key.is_ascii_digit() || key == '*' || key == '#');
    if fit && (1..=MOST_DIGITS).contains(&digits.len()) {
        Ok(digits.to_owned())
    } else {
        Err(Problem::invalid_field("digits", "it is 1 to 32 of 0 to 9, * and #"))
    }
}
