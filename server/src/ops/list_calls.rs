//! The acts that read calls: lists of those in view, and one. They write nothing. Supervisors are shown to who may supervise, and to the
//! agent where the organization tells them.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::id::CallId;
use casewire_core::time::Timestamp;
use casewire_core::view::CallView;
use casewire_store::calls::view::{self, CallList};
use casewire_store::inbox::{Offices, Page};
use casewire_store::{Act, Tx};

use super::calls::{in_view, shown, with_supervisors};
use super::texts;
use crate::problem::Problem;

/// Which calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichCalls {
    /// Those that the user is on, or busy with after.
    Mine,
    /// Those under way: of whoever supervises, those that they may supervise; of others, those that they read.
    Live,
    /// All that the user reads.
    History,
    /// Those that came in and nobody took.
    Missed,
}

/// Lists calls, the latest first.
pub struct ListCalls {
    /// The rights of the reader.
    pub access: Access,
    /// Which.
    pub which: WhichCalls,
    /// Of one case alone, by its number.
    pub mycase_case_id: Option<String>,
    /// The stretch.
    pub page: Page,
    /// The time.
    pub now: Timestamp,
}

impl Act for ListCalls {
    type Out = Vec<CallView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<CallView>, Problem> {
        let access = &self.access;
        access.office(Resource::Calls, Level::See)?;
        let case = match &self.mycase_case_id {
            Some(number) => {
                let case = texts::case_in_view(tx, access, number).await?;
                access.read(&case, Resource::Calls)?;
                Some(case.case_id)
            }
            None => None,
        };
        let own = access.level(Resource::Calls);
        let level = match self.which {
            WhichCalls::Live if own >= Level::Manage => Level::Manage,
            WhichCalls::Live | WhichCalls::Mine | WhichCalls::History | WhichCalls::Missed => Level::See,
        };
        let offices = Offices {
            personal: own >= level,
            unknown: own >= level.max(Level::Act),
        };
        let which = match self.which {
            WhichCalls::Mine => CallList::Mine { now: self.now },
            WhichCalls::Live => CallList::Live,
            WhichCalls::History => CallList::History,
            WhichCalls::Missed => CallList::Missed,
        };
        let visible = access.visible(Resource::Calls, level);
        let found = view::list(tx, &visible, offices, which, case, self.page).await?;
        let mut calls = Vec::with_capacity(found.len());
        for call in found {
            let is_under_way = call.line.is_some() && call.ended_at.is_none();
            calls.push(if is_under_way {
                let subject = in_view(tx, access, call.id).await?;
                with_supervisors(tx, access, subject, call).await?
            } else {
                call
            });
        }
        Ok(calls)
    }
}

/// Shows one call.
pub struct ShowCall {
    /// The rights of the reader.
    pub access: Access,
    /// The call.
    pub call_id: CallId,
}

impl Act for ShowCall {
    type Out = CallView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<CallView, Problem> {
        shown(tx, &self.access, self.call_id).await
    }
}
