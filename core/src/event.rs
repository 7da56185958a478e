//! What happened, in the past tense: the events that the log numbers and the sockets carry. Each has one audience, and
//! reaches a socket if and only if the user behind it may read the event's subject. Who that is: `server/src/live/`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{CallId, CaseContactId, CaseId, ContactId, ContactRoleId, ConversationId, DocumentId, Id, MessageId, TaskId, UserId};
use crate::view::{
    CallView, CaseContactView, CaseView, ContactRoleView, ContactView, ConversationView, MessageView, SupervisorView, UserRef,
};

/// Who may read an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Who reads the texts of a case: `sms:1` within scope.
    CaseTexts(CaseId),
    /// Who may know of a case.
    Case(CaseId),
    /// Who reads the texts of leads: `sms:1`.
    PersonalTexts,
    /// Who reads the texts of a contact outside of cases: `sms:1`, unless they are known from walled cases alone.
    ContactTexts(ContactId),
    /// Who sees unknown senders: `sms:2`.
    UnknownSenders,
    /// Who may see this contact.
    Contact(ContactId),
    /// One user alone, as long as they read the texts of the case, or see unknown senders where there is none: what concerns their own
    /// view of a text.
    OwnTexts {
        /// Who.
        user: UserId,
        /// Of which case.
        case: Option<CaseId>,
    },
    /// One user alone, as long as they may know of the case, where there is one: what concerns them alone, such as their own tasks.
    Own {
        /// Who.
        user: UserId,
        /// Of which case.
        case: Option<CaseId>,
    },
    /// Who reads the calls of a case: `calls:1` within scope.
    CaseCalls(CaseId),
    /// Who reads the calls of leads: `calls:1`.
    PersonalCalls,
    /// Who reads the calls of a contact outside of cases: `calls:1`, unless they are known from walled cases alone.
    ContactCalls(ContactId),
    /// Who sees unknown callers: `calls:2`.
    UnknownCallers,
    /// Who may supervise the calls of a case: `calls:3` within scope.
    CaseSupervisors(CaseId),
    /// Who may supervise calls without a case: `calls:3`.
    Supervisors,
    /// The same for those of a contact, unless they are known from walled cases alone.
    ContactSupervisors(ContactId),
    /// One user alone, as long as they read the calls of the case, or those of contacts where there is none: what concerns them as the
    /// agent.
    OwnCall {
        /// Who.
        user: UserId,
        /// Of which case.
        case: Option<CaseId>,
    },
    /// Every user of the organization.
    Everyone,
    /// Who sees settings: `settings:1`.
    Settings,
}

impl Audience {
    /// The word in the log.
    #[must_use]
    pub const fn kind_str(&self) -> &'static str {
        match self {
            Self::CaseTexts(_) => "case_texts",
            Self::Case(_) => "case",
            Self::PersonalTexts => "personal_texts",
            Self::ContactTexts(_) => "contact_texts",
            Self::UnknownSenders => "unknown_senders",
            Self::Contact(_) => "contact",
            Self::OwnTexts { .. } => "own_texts",
            Self::Own { .. } => "own",
            Self::CaseCalls(_) => "case_calls",
            Self::PersonalCalls => "personal_calls",
            Self::ContactCalls(_) => "contact_calls",
            Self::UnknownCallers => "unknown_callers",
            Self::CaseSupervisors(_) => "case_supervisors",
            Self::Supervisors => "supervisors",
            Self::ContactSupervisors(_) => "contact_supervisors",
            Self::OwnCall { .. } => "own_call",
            Self::Everyone => "everyone",
            Self::Settings => "settings",
        }
    }

    /// The case or contact that it turns on.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::CaseTexts(case) | Self::Case(case) | Self::CaseCalls(case) | Self::CaseSupervisors(case) => Some(case.uuid()),
            Self::OwnTexts { case, .. } | Self::Own { case, .. } | Self::OwnCall { case, .. } => case.map(Id::uuid),
            Self::Contact(contact) | Self::ContactTexts(contact) | Self::ContactCalls(contact) | Self::ContactSupervisors(contact) => {
                Some(contact.uuid())
            }
            Self::PersonalTexts
            | Self::UnknownSenders
            | Self::PersonalCalls
            | Self::UnknownCallers
            | Self::Supervisors
            | Self::Everyone
            | Self::Settings => None,
        }
    }

    /// The only user of it, where there is but one.
    #[must_use]
    pub fn user_id(&self) -> Option<Uuid> {
        match self {
            Self::OwnTexts { user, .. } | Self::Own { user, .. } | Self::OwnCall { user, .. } => Some(user.uuid()),
            Self::CaseTexts(_)
            | Self::Case(_)
            | Self::CaseCalls(_)
            | Self::CaseSupervisors(_)
            | Self::Contact(_)
            | Self::ContactTexts(_)
            | Self::ContactCalls(_)
            | Self::ContactSupervisors(_)
            | Self::PersonalTexts
            | Self::UnknownSenders
            | Self::PersonalCalls
            | Self::UnknownCallers
            | Self::Supervisors
            | Self::Everyone
            | Self::Settings => None,
        }
    }

    /// The audience as the log names it.
    #[must_use]
    pub fn from_row(kind: &str, id: Option<Uuid>, user: Option<Uuid>) -> Option<Self> {
        Some(match (kind, id, user) {
            ("case_texts", Some(id), None) => Self::CaseTexts(CaseId::from_uuid(id)),
            ("case", Some(id), None) => Self::Case(CaseId::from_uuid(id)),
            ("contact", Some(id), None) => Self::Contact(ContactId::from_uuid(id)),
            ("own_texts", case, Some(user)) => Self::OwnTexts {
                user: UserId::from_uuid(user),
                case: case.map(CaseId::from_uuid),
            },
            ("own", case, Some(user)) => Self::Own {
                user: UserId::from_uuid(user),
                case: case.map(CaseId::from_uuid),
            },
            ("case_calls", Some(id), None) => Self::CaseCalls(CaseId::from_uuid(id)),
            ("case_supervisors", Some(id), None) => Self::CaseSupervisors(CaseId::from_uuid(id)),
            ("own_call", case, Some(user)) => Self::OwnCall {
                user: UserId::from_uuid(user),
                case: case.map(CaseId::from_uuid),
            },
            ("contact_texts", Some(id), None) => Self::ContactTexts(ContactId::from_uuid(id)),
            ("contact_calls", Some(id), None) => Self::ContactCalls(ContactId::from_uuid(id)),
            ("contact_supervisors", Some(id), None) => Self::ContactSupervisors(ContactId::from_uuid(id)),
            ("personal_calls", None, None) => Self::PersonalCalls,
            ("unknown_callers", None, None) => Self::UnknownCallers,
            ("supervisors", None, None) => Self::Supervisors,
            ("personal_texts", None, None) => Self::PersonalTexts,
            ("unknown_senders", None, None) => Self::UnknownSenders,
            ("everyone", None, None) => Self::Everyone,
            ("settings", None, None) => Self::Settings,
            _ => return None,
        })
    }
}

/// Why a text left a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WithdrawalReason {
    /// Claimed for another case.
    ClaimedElsewhere,
    /// Released: it is offered to all candidates again.
    Released,
    /// Moved to another case.
    Moved,
}

/// What happened. `type` on the wire is the variant in snake_case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Event {
    /// A text came to stand in a conversation: received, offered, sent, claimed, released or moved into it; or it changed there.
    /// The reader puts `message` in place of what it had by that id in that conversation.
    MessagePlaced {
        /// What was done to it.
        cause: PlacementCause,
        /// The text.
        message: Box<MessageView>,
        /// The conversation, as of then.
        conversation: Box<ConversationView>,
    },
    /// A text left a conversation.
    MessageWithdrawn {
        /// The text.
        message_id: MessageId,
        /// The conversation that it left, as of then; where it is empty now, it goes as well.
        conversation: Box<ConversationView>,
        /// Whether nothing is left in the conversation.
        is_empty: bool,
        /// Why.
        reason: WithdrawalReason,
    },
    /// The user hid a text from their own view.
    MessageDismissed {
        /// The text.
        message_id: MessageId,
        /// The conversation in which it is hidden.
        conversation_id: ConversationId,
    },
    /// The user brought a text back into their own view.
    MessageUndismissed {
        /// The text.
        message_id: MessageId,
        /// The conversation in which it is shown again.
        conversation_id: ConversationId,
    },
    /// A call began, went on, ended, or came to stand in a conversation. The reader puts `call` in place of what it had by that id,
    /// keeping what it knows of the supervisors.
    CallChanged {
        /// What happened to it.
        cause: CallCause,
        /// The call, without its supervisors.
        call: Box<CallView>,
    },
    /// A call left a conversation, for it was filed in a case; whoever reads it there is told so next.
    CallWithdrawn {
        /// The call.
        call_id: CallId,
        /// The conversation that it left.
        conversation_id: ConversationId,
    },
    /// A conversation changed by a call that came, went or ended; told to who reads its texts.
    ConversationChanged {
        /// The conversation, as of then.
        conversation: Box<ConversationView>,
        /// Whether nothing is left in it.
        is_empty: bool,
    },
    /// A supervisor came on a call, switched or left. For who may supervise it, and its agent where the organization tells them.
    CallSupervisionChanged {
        /// The call.
        call_id: CallId,
        /// Everybody who supervises it now.
        supervisors: Vec<SupervisorView>,
    },
    /// The user's calls are taken by this softphone from now on, in one browser tab of theirs.
    SoftphoneElected {
        /// Who.
        user_id: UserId,
        /// The tab's own name of itself; none where no softphone is left.
        softphone_id: Option<String>,
    },
    /// A contact was added to a case.
    CaseContactAdded {
        /// The link.
        case_contact: Box<CaseContactView>,
    },
    /// A contact's role in a case changed.
    CaseContactChanged {
        /// The link.
        case_contact: Box<CaseContactView>,
    },
    /// A contact was removed from a case.
    CaseContactRemoved {
        /// The link.
        case_contact_id: CaseContactId,
        /// The case.
        mycase_case_id: String,
        /// The contact.
        contact_id: ContactId,
    },
    /// A contact was created, or its name or numbers changed.
    ContactChanged {
        /// The contact.
        contact: Box<ContactView>,
    },
    /// A case was created, or its status, team, client or assignments changed.
    CaseChanged {
        /// The case.
        case: Box<CaseView>,
    },
    /// A contact role was created or changed.
    ContactRoleChanged {
        /// The role.
        contact_role: ContactRoleView,
    },
    /// A contact role was removed.
    ContactRoleRemoved {
        /// The role.
        contact_role_id: ContactRoleId,
    },
    /// A user has another name.
    UserChanged {
        /// The user, with the name of now.
        user: UserRef,
    },
    /// A task was made, or something of it changed. Read it, or the lists that it may be in.
    TaskChanged {
        /// The task.
        task_id: TaskId,
        /// The number of its case, where it has one.
        mycase_case_id: Option<String>,
    },
    /// A task in no case is somebody else's now.
    TaskWithdrawn {
        /// The task.
        task_id: TaskId,
    },
    /// The time has come to remind the reader of a task of theirs.
    TaskReminded {
        /// The task.
        task_id: TaskId,
    },
    /// A document was added, or a version of one. Read the documents and the flow that are shown.
    DocumentChanged {
        /// The document.
        document_id: DocumentId,
        /// The number of its case, where it has one.
        mycase_case_id: Option<String>,
    },
    /// The organization's settings changed.
    SettingsChanged,
    /// The rights of somebody changed; whom it concerns reads everything anew.
    AccessChanged {
        /// The user, or none where many are concerned.
        user_id: Option<UserId>,
    },
}

/// What put a text in its place, or changed it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PlacementCause {
    /// It arrived.
    Received,
    /// An agent wrote it.
    Written,
    /// It was claimed.
    Claimed,
    /// It was released.
    Released,
    /// It was moved here.
    Moved,
    /// Its delivery went on.
    DeliveryAdvanced,
    /// It began or ceased to need attention.
    AttentionChanged,
    /// What came with it was fetched from the carrier, or will not come.
    MediaFetched,
}

/// What happened to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CallCause {
    /// It began.
    Started,
    /// It rings, or does not any more.
    Rang,
    /// Somebody took it.
    Answered,
    /// Hold, microphone, recording or a connection changed.
    Changed,
    /// It is being handed to another agent, was, or is not any more.
    Transferred,
    /// It came to a case.
    Filed,
    /// It is over.
    Ended,
    /// A recording can be heard, or could not be made.
    Recorded,
    /// The agent said what came of it, or their time for that is over.
    WrappedUp,
}

impl CallCause {
    /// The word in the steps of a call.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Rang => "rang",
            Self::Answered => "answered",
            Self::Changed => "changed",
            Self::Transferred => "transferred",
            Self::Filed => "filed",
            Self::Ended => "ended",
            Self::Recorded => "recorded",
            Self::WrappedUp => "wrapped_up",
        }
    }
}

impl Event {
    /// The word in the log and on the wire.
    #[must_use]
    pub const fn type_str(&self) -> &'static str {
        match self {
            Self::MessagePlaced { .. } => "message_placed",
            Self::MessageWithdrawn { .. } => "message_withdrawn",
            Self::MessageDismissed { .. } => "message_dismissed",
            Self::MessageUndismissed { .. } => "message_undismissed",
            Self::CallChanged { .. } => "call_changed",
            Self::CallWithdrawn { .. } => "call_withdrawn",
            Self::ConversationChanged { .. } => "conversation_changed",
            Self::CallSupervisionChanged { .. } => "call_supervision_changed",
            Self::SoftphoneElected { .. } => "softphone_elected",
            Self::CaseContactAdded { .. } => "case_contact_added",
            Self::CaseContactChanged { .. } => "case_contact_changed",
            Self::CaseContactRemoved { .. } => "case_contact_removed",
            Self::ContactChanged { .. } => "contact_changed",
            Self::CaseChanged { .. } => "case_changed",
            Self::ContactRoleChanged { .. } => "contact_role_changed",
            Self::ContactRoleRemoved { .. } => "contact_role_removed",
            Self::UserChanged { .. } => "user_changed",
            Self::TaskChanged { .. } => "task_changed",
            Self::TaskWithdrawn { .. } => "task_withdrawn",
            Self::TaskReminded { .. } => "task_reminded",
            Self::DocumentChanged { .. } => "document_changed",
            Self::SettingsChanged => "settings_changed",
            Self::AccessChanged { .. } => "access_changed",
        }
    }
}

/// An event to be numbered and written when its act commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Who may read it.
    pub audience: Audience,
    /// What happened.
    pub event: Event,
}
