//! The act that counts what waits in each view of the inbox, of everything in the user's scope or of one case. A view that the user
//! may not have is not counted.

use casewire_core::access::{Access, CaseReach, Level, Resource};
use casewire_store::inbox::counts::{self, Counted};
use casewire_store::{Act, Tx};

use super::list_conversations::{offices, view_level};
use super::texts::case_in_view;
use crate::problem::Problem;

/// Counts conversations.
pub struct CountConversations {
    /// The rights of the reader.
    pub access: Access,
    /// The number of a case; everything in scope where there is none.
    pub mycase_case_id: Option<String>,
}

/// How many conversations there are in each view, at most a thousand; none where the view is not the user's to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// What waits to be claimed.
    pub unclaimed: Option<i64>,
    /// Where the user wrote, or holds a claim.
    pub mine: Option<i64>,
    /// Senders whom nobody knows.
    pub unknown: Option<i64>,
    /// What needs attention.
    pub attention: Option<i64>,
    /// What the user dismissed.
    pub dismissed: Option<i64>,
}

impl Act for CountConversations {
    type Out = Counts;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Counts, Problem> {
        self.access.office(Resource::Sms, Level::See)?;
        let case = match &self.mycase_case_id {
            Some(number) => Some(case_in_view(tx, &self.access, number).await?),
            None => None,
        };
        let case = case.as_ref();
        Ok(Counts {
            unclaimed: self.count(tx, case, Counted::Unclaimed).await?,
            mine: self.count(tx, case, Counted::Mine).await?,
            unknown: self.count(tx, case, Counted::Unknown).await?,
            attention: self.count(tx, case, Counted::Attention).await?,
            dismissed: self.count(tx, case, Counted::Dismissed).await?,
        })
    }
}

impl CountConversations {
    async fn count(&self, tx: &mut Tx, case: Option<&CaseReach>, counted: Counted) -> Result<Option<i64>, Problem> {
        let access = &self.access;
        let level = view_level(counted.view());
        let visible = access.visible(Resource::Sms, level);
        if let Some(case) = case {
            let permit = access.read(case, Resource::Sms)?;
            if access.level_in(&access.relation(case), Resource::Sms) < level {
                return Ok(None);
            }
            return Ok(Some(counts::of_case(tx, &permit, &visible, counted).await?));
        }
        if access.level(Resource::Sms) < level {
            return Ok(None);
        }
        let offices = offices(access, counted.view());
        Ok(Some(counts::of_view(tx, &visible, offices, counted).await?))
    }
}
