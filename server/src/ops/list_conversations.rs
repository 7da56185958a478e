//! The acts that read the inbox: conversations by view, case, lead or contact, and what stands in one. They write nothing.

use casewire_core::access::{Access, CaseReach, Denied, Level, Permit, Read, Resource};
use casewire_core::id::{ContactId, ConversationId, LeadId, UserId};
use casewire_core::view::{ConversationKind, ConversationView};
use casewire_store::audit::Entry;
use casewire_store::inbox::{self, Dismissed, Filter, InboxView, Offices, Page, Question};
use casewire_store::items::{self, CallsShown, Item};
use casewire_store::{Act, Tx, cases, contacts, message_view};

use crate::ops::calls;
use crate::ops::texts::case_in_view;
use crate::problem::Problem;

/// Of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything in the user's view.
    Everything,
    /// A case by its number, or one contact in it.
    Case {
        /// The number of the case.
        mycase_case_id: String,
        /// The contact.
        contact_id: Option<ContactId>,
    },
    /// A lead.
    Lead(LeadId),
    /// A contact, in every case in view.
    Contact(ContactId),
}

/// Lists conversations, the latest first.
pub struct ListConversations {
    /// The rights of the reader.
    pub access: Access,
    /// Of what.
    pub scope: Scope,
    /// Which of them.
    pub view: InboxView,
    /// What narrows the list further.
    pub filter: Filter,
    /// The stretch.
    pub page: Page,
}

impl Act for ListConversations {
    type Out = Vec<ConversationView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<ConversationView>, Problem> {
        let (access, level) = (&self.access, view_level(self.view));
        let visible = access.visible(Resource::Sms, level);
        let question = Question {
            visible: &visible,
            offices: offices(access, self.view),
            view: self.view,
            filter: &self.filter,
            page: self.page,
        };
        if let Scope::Case {
            mycase_case_id,
            contact_id,
        } = &self.scope
        {
            let case = case_in_view(tx, access, mycase_case_id).await?;
            let permit = self.may_read(&case, level)?;
            return Ok(inbox::of_case(tx, &permit, question, *contact_id).await?);
        }
        let permit = access.office(Resource::Sms, level)?;
        Ok(match &self.scope {
            Scope::Everything | Scope::Case { .. } => inbox::list(tx, question).await?,
            Scope::Lead(lead) => inbox::of_lead(tx, &permit, question, *lead).await?,
            Scope::Contact(contact) => inbox::of_contact(tx, question, *contact).await?,
        })
    }
}

impl ListConversations {
    /// The permit to read a case, where the user has the level there that the view needs.
    fn may_read(&self, case: &CaseReach, level: Level) -> Result<Permit<Read>, Denied> {
        match level {
            Level::None | Level::See => {}
            Level::Act => self.access.contact(case, Resource::Sms).map(drop)?,
            Level::Manage => self.access.manage(case, Resource::Sms).map(drop)?,
        }
        self.access.read(case, Resource::Sms)
    }
}

/// What a view needs: those who oversee see what needs attention, those who act see what waits for an act.
pub(super) const fn view_level(view: InboxView) -> Level {
    match view {
        InboxView::All | InboxView::Mine | InboxView::Unclaimed | InboxView::Dismissed => Level::See,
        InboxView::Unknown => Level::Act,
        InboxView::Attention => Level::Manage,
    }
}

/// What a view shows beside cases.
pub(super) fn offices(access: &Access, view: InboxView) -> Offices {
    let level = access.level(Resource::Sms);
    match view {
        InboxView::Attention => Offices {
            personal: level >= Level::Manage,
            unknown: level >= Level::Manage,
        },
        InboxView::All | InboxView::Mine | InboxView::Unclaimed | InboxView::Dismissed | InboxView::Unknown => Offices {
            personal: level >= Level::See,
            unknown: level >= Level::Act,
        },
    }
}

/// A conversation, if the user may read it.
///
/// # Errors
/// `not_found`.
pub async fn conversation_in_view(tx: &mut Tx, access: &Access, id: ConversationId) -> Result<ConversationView, Problem> {
    let tenant = access.tenant();
    let (kind, case_id) = inbox::subject(tx, tenant, id).await?.ok_or_else(Problem::not_found)?;
    let allowed = match (kind, case_id) {
        (ConversationKind::Case, Some(case_id)) => {
            let case = cases::reach_by_id(tx, tenant, case_id).await?.ok_or_else(Problem::not_found)?;
            access.read(&case, Resource::Sms).is_ok()
        }
        (ConversationKind::Lead | ConversationKind::Contact, _) => access.level(Resource::Sms) >= Level::See,
        (ConversationKind::Unknown | ConversationKind::Case, _) => access.level(Resource::Sms) >= Level::Act,
    };
    if !allowed {
        return Err(Problem::not_found());
    }
    let view = message_view::conversation(tx, tenant, id).await?.ok_or_else(Problem::not_found)?;
    if let (ConversationKind::Contact, Some(contact)) = (kind, view.person.contact_id)
        && !contacts::may_see(tx, &access.known_cases(), contact).await?
    {
        return Err(Problem::not_found());
    }
    Ok(view)
}

/// Shows one conversation.
pub struct ShowConversation {
    /// The rights of the reader.
    pub access: Access,
    /// The conversation.
    pub id: ConversationId,
}

impl Act for ShowConversation {
    type Out = ConversationView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<ConversationView, Problem> {
        conversation_in_view(tx, &self.access, self.id).await
    }
}

/// Lists what stands in a conversation, the latest first.
pub struct ListItems {
    /// The rights of the reader.
    pub access: Access,
    /// The conversation.
    pub id: ConversationId,
    /// Whose view, and whether dismissed texts are in it.
    pub dismissed: Dismissed,
    /// The stretch.
    pub page: Page,
}

/// A conversation that was opened, and what stands in it.
pub struct Opened {
    /// The conversation.
    pub conversation: ConversationView,
    /// What stands in it.
    pub items: Vec<Item>,
}

impl Opened {
    /// What the audit keeps of it.
    #[must_use]
    pub fn entry(&self, user: UserId) -> Entry {
        let entry = Entry::read(user, "open_conversation", self.conversation.id);
        let entry = match self.conversation.case_id {
            Some(case) => entry.in_case(case),
            None => entry,
        };
        match self.conversation.person.contact_id {
            Some(contact) => entry.about(contact),
            None => entry,
        }
    }
}

impl Act for ListItems {
    type Out = Opened;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Opened, Problem> {
        let conversation = conversation_in_view(tx, &self.access, self.id).await?;
        let tenant = self.access.tenant();
        let subject = calls::Subject {
            kind: conversation.kind,
            case: conversation.case_id,
            contact: conversation.person.contact_id,
        };
        let calls = if calls::may_read(tx, &self.access, subject).await? {
            CallsShown::Yes
        } else {
            CallsShown::No
        };
        let items = items::items(tx, tenant, self.id, self.dismissed, calls, self.page).await?;
        Ok(Opened { conversation, items })
    }
}
