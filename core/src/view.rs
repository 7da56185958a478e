//! What is sent to a signed-in user: views of messages, conversations, contacts and cases, alike in answers and in events.
//! Names, roles and numbers in a view are as of the moment that it was made. Debug output is left out on purpose: views hold
//! people's words.

use serde::{Deserialize, Serialize};

use crate::documents::MediaState;
use crate::id::{
    CallId, CaseContactId, CaseId, ContactId, ContactRoleId, ConversationId, DocumentId, LeadId, MessageId, NumberId, PartId, PhoneId,
    TaskId, UserId,
};
use crate::messaging::claims::{AttentionReason, StandingKind};
use crate::messaging::delivery::DeliveryState;
use crate::messaging::opt_out::Keyword;
use crate::messaging::routing::CaseStatus;
use crate::tasks::TaskStatus;
use crate::time::Timestamp;

macro_rules! view {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " { .. }"))
            }
        }
    )*};
}

mod call;

pub use call::{CallView, ConnectionView, RecordingView, SupervisorView};

/// Which way something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Direction {
    /// To the firm.
    Inbound,
    /// From the firm.
    Outbound,
}

impl Direction {
    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// What kind of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConversationKind {
    /// In a case.
    Case,
    /// With a lead.
    Lead,
    /// With a known contact on no case and no lead.
    Contact,
    /// With a sender that nobody knows.
    Unknown,
}

impl ConversationKind {
    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Lead => "lead",
            Self::Contact => "contact",
            Self::Unknown => "unknown",
        }
    }
}

macro_rules! from_word {
    ($($name:ident: [$($variant:ident),*];)*) => {$(
        impl std::str::FromStr for $name {
            type Err = crate::messaging::claims::UnknownWord;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                [$(Self::$variant),*].into_iter().find(|value| value.as_str() == word).ok_or(crate::messaging::claims::UnknownWord)
            }
        }
    )*};
}

from_word! {
    Direction: [Inbound, Outbound];
    ConversationKind: [Case, Lead, Contact, Unknown];
}

view! {
    /// A user by id and name.
    UserRef {
        /// The user.
        id: UserId,
        /// Their name.
        name: String,
    }

    /// Who a conversation is with, or a message from: a name wherever there is one, a formatted number otherwise.
    PersonView {
        /// The contact, where it is known which one.
        contact_id: Option<ContactId>,
        /// The link to the case as of the message; none for the client, an old row, or outside of a case.
        case_contact_id: Option<CaseContactId>,
        /// The contact's name, else the number formatted nationally, else the sender as the carrier named it.
        name: String,
        /// The role in the case, such as "Witness"; "Client" for the case's client.
        role: Option<String>,
        /// "Jane Smith - Witness" in a case, the name elsewhere.
        display_name: String,
        /// The number that it came from or went to, formatted nationally.
        number: String,
    }

    /// Who claimed a text.
    ClaimView {
        /// The winner.
        by: UserRef,
        /// The moment.
        at: Timestamp,
    }

    /// An attachment.
    MediaView {
        /// From 0.
        position: u32,
        /// Its MIME type by its first bytes; as the carrier named it until it was fetched.
        content_type: String,
        /// How far it is.
        state: MediaState,
        /// Its size in bytes, once it is stored.
        size: Option<u64>,
        /// The name of the document that was sent.
        name: Option<String>,
        /// The document that was sent.
        document_id: Option<DocumentId>,
        /// Which version of it.
        version: Option<u32>,
    }

    /// A part of an outbound text.
    PartView {
        /// The part.
        id: PartId,
        /// From 1.
        position: u32,
        /// How far it got.
        state: DeliveryState,
        /// The carrier's error code, such as 30003.
        error_code: Option<u32>,
    }

    /// A text message as it stands in one conversation.
    MessageView {
        /// The message.
        id: MessageId,
        /// The conversation that it is shown in; an unclaimed text is shown in one for each candidate case.
        conversation_id: ConversationId,
        /// In or out.
        direction: Direction,
        /// When it arrived or was written.
        at: Timestamp,
        /// The text; may be empty where there is media.
        body: String,
        /// Attachments.
        media: Vec<MediaView>,
        /// Who it is from or to.
        person: PersonView,
        /// How it stands.
        standing: StandingKind,
        /// The case that owns it, or in whose conversation it is offered.
        case_id: Option<CaseId>,
        /// The number of that case: the requirement's `SMSHistory.case_number`.
        case_number: Option<String>,
        /// The rule that put it there, for inbound texts.
        rule: Option<String>,
        /// The claim, while it holds.
        claim: Option<ClaimView>,
        /// Our number.
        number_id: Option<NumberId>,
        /// Who wrote it, for outbound texts.
        sent_by: Option<UserRef>,
        /// The text that it answers.
        in_reply_to: Option<MessageId>,
        /// A clarifying reply: it answers an unclaimed text and opens no session.
        is_clarifying: bool,
        /// How far it got, for outbound texts.
        state: Option<DeliveryState>,
        /// The carrier's error code, such as 30003.
        error_code: Option<u32>,
        /// Its parts, where there is more than one or one of them failed.
        parts: Vec<PartView>,
        /// STOP, START or HELP, where the text is one of these.
        keyword: Option<Keyword>,
        /// Why it needs attention, if it does.
        attention: Option<AttentionReason>,
        /// Whether the reader dismissed it; absent in events, which many read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dismissed: Option<bool>,
    }

    /// A conversation in a list.
    ConversationView {
        /// The conversation.
        id: ConversationId,
        /// What kind it is.
        kind: ConversationKind,
        /// Its case.
        case_id: Option<CaseId>,
        /// The number of its case.
        mycase_case_id: Option<String>,
        /// The caption of its case.
        case_name: Option<String>,
        /// Its lead.
        lead_id: Option<LeadId>,
        /// Who it is with.
        person: PersonView,
        /// When the last thing in it happened.
        last_at: Timestamp,
        /// Which way that went.
        last_direction: Option<Direction>,
        /// The beginning of the last text, at most 140 characters.
        preview: String,
        /// How the last thing in it stands, where that is a call: the word of its status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_call: Option<String>,
        /// How many unclaimed texts are offered in it.
        unclaimed_count: u32,
        /// How many of its texts need attention.
        attention_count: u32,
    }

    /// A number of a contact.
    PhoneView {
        /// The phone.
        id: PhoneId,
        /// E.164.
        e164: String,
        /// Formatted nationally.
        number: String,
        /// Such as mobile or work.
        label: String,
        /// Whether it is the one to write to by default.
        is_primary: bool,
        /// Whether it opted out of texts.
        opted_out: bool,
    }

    /// A contact.
    ContactView {
        /// The contact.
        id: ContactId,
        /// Their name.
        name: String,
        /// CLIENT, PROSPECT, LEAD, OPPOSING_PARTY, WITNESS, ATTORNEY or OTHER.
        contact_type: String,
        /// Their numbers, the primary one first.
        phones: Vec<PhoneView>,
        /// Since when.
        created_at: Timestamp,
        /// Last changed.
        updated_at: Timestamp,
    }

    /// A contact on a case.
    CaseContactView {
        /// The link; none for the client, who is on the case by itself.
        id: Option<CaseContactId>,
        /// The number of the case.
        mycase_case_id: String,
        /// The contact.
        contact: ContactView,
        /// The role; none for the client.
        contact_role_id: Option<ContactRoleId>,
        /// Its name, "Client" for the client.
        role: String,
        /// Whether this is the client.
        is_client: bool,
        /// Who added it.
        added_by_user_id: Option<UserId>,
        /// Since when.
        created_at: Timestamp,
        /// Last changed.
        updated_at: Timestamp,
    }

    /// A role that a contact can have in a case.
    ContactRoleView {
        /// The role.
        id: ContactRoleId,
        /// Its name.
        name: String,
        /// Provided by the platform.
        is_default: bool,
        /// Ascending.
        display_order: i64,
        /// Offered for new links.
        is_active: bool,
    }

    /// A case.
    CaseView {
        /// The case.
        id: CaseId,
        /// Its number outside.
        mycase_case_id: String,
        /// Its caption.
        name: String,
        /// Open or closed.
        status: CaseStatus,
        /// The client.
        client_contact_id: Option<ContactId>,
        /// The client's name.
        client_name: Option<String>,
        /// Its team's name.
        team_name: Option<String>,
        /// Who is assigned.
        assigned: Vec<UserRef>,
    }

    /// A follow-up task.
    TaskView {
        /// The task.
        id: TaskId,
        /// What is to be done.
        what: String,
        /// Open or done.
        status: TaskStatus,
        /// The day that it is due on, `2026-12-24`, by the clocks of `time_zone`.
        due_on: String,
        /// The time of that day, `09:30`; none where the whole day will do.
        due_time: Option<String>,
        /// The IANA name of the time zone.
        time_zone: String,
        /// From when on it is overdue, while it is open.
        due_at: Timestamp,
        /// How many minutes before, of a whole day before nine in the morning, its assignee is reminded; none for no reminder.
        reminder_minutes: Option<u32>,
        /// When that is.
        remind_at: Option<Timestamp>,
        /// Who sees to it.
        assignee: UserRef,
        /// Who made it.
        created_by: UserRef,
        /// Who did it.
        done_by: Option<UserRef>,
        /// When.
        done_at: Option<Timestamp>,
        /// Its case.
        case_id: Option<CaseId>,
        /// The number of its case.
        mycase_case_id: Option<String>,
        /// The caption of its case.
        case_name: Option<String>,
        /// Whom it is about.
        contact_id: Option<ContactId>,
        /// Their name.
        contact_name: Option<String>,
        /// The text that it follows up.
        message_id: Option<MessageId>,
        /// The call that it follows up.
        call_id: Option<CallId>,
        /// Where that text or call stands now, within the case of the task; none where it was moved elsewhere.
        conversation_id: Option<ConversationId>,
        /// Since when.
        created_at: Timestamp,
        /// Last changed.
        updated_at: Timestamp,
    }

    /// A document with its versions.
    DocumentView {
        /// The document.
        id: DocumentId,
        /// The name of the file.
        name: String,
        /// Its case.
        case_id: Option<CaseId>,
        /// The number of its case.
        mycase_case_id: Option<String>,
        /// Its contact, where there is no case.
        contact_id: Option<ContactId>,
        /// Who added it.
        created_by: UserRef,
        /// Since when.
        created_at: Timestamp,
        /// Last changed.
        updated_at: Timestamp,
        /// The latest first.
        versions: Vec<DocumentVersionView>,
    }

    /// A version of a document.
    DocumentVersionView {
        /// From 1.
        number: u32,
        /// The SHA-256 of its content, in hexadecimal digits.
        sha256: String,
        /// In bytes.
        size: u64,
        /// Its MIME type by its first bytes.
        content_type: String,
        /// Who added it.
        uploaded_by: UserRef,
        /// When.
        created_at: Timestamp,
        /// With how many texts it went.
        sent_count: u32,
    }

    /// What went to somebody, or came from them, with a text.
    FlowEntryView {
        /// When.
        at: Timestamp,
        /// In or out.
        direction: Direction,
        /// To or from whom, with the role as of then.
        person: PersonView,
        /// The number of the case.
        mycase_case_id: Option<String>,
        /// The caption of the case.
        case_name: Option<String>,
        /// With which text.
        message_id: MessageId,
        /// Which of its attachments, from 0.
        position: u32,
        /// Where the text stands.
        conversation_id: Option<ConversationId>,
        /// The document that was sent.
        document_id: Option<DocumentId>,
        /// Which version.
        version: Option<u32>,
        /// The name of the document.
        name: Option<String>,
        /// The SHA-256 of the content, once it is stored.
        sha256: Option<String>,
        /// Its size in bytes, once it is stored.
        size: Option<u64>,
        /// Its MIME type.
        content_type: String,
        /// How far it is.
        state: MediaState,
        /// How far the text got, for outbound ones.
        delivery: Option<DeliveryState>,
        /// Who sent it.
        sent_by: Option<UserRef>,
    }
}
