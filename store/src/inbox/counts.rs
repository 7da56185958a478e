//! How many conversations there are in each view, up to a thousand: what a client shows beside the names of the views. Each count
//! reads along an index of what it counts, never along all conversations; each is the length of the list of that view.

use casewire_core::access::{Permit, Read, Visible};
use uuid::Uuid;

use super::conditions::{in_reach, something_is_left, unclaimed_text, view_condition, view_named};
use super::{InboxView, Offices};
use crate::error::StoreError;
use crate::message_view::{conversation_joins, conversation_tables};
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::parameters;

/// How many rows a select has, up to the limit.
macro_rules! count {
    ($($select:expr),+) => {
        concat!("select count(*) from (", $($select,)+ " limit 1000) counted")
    };
}

statements! {
    /// What waits to be claimed.
    COUNT_UNCLAIMED = count!("select v.id ", conversation_tables!(), " where ", in_reach!(), " and ", view_condition!(unclaimed));
    /// Senders whom nobody knows.
    COUNT_UNKNOWN = count!("select v.id ", conversation_tables!(), " where ", in_reach!(), " and ", view_condition!(unknown));
    /// Where the user wrote or claimed.
    COUNT_MINE = count!("select v.id from conversation_agents a cross join conversations v ", conversation_joins!(),
        " where a.organization_id = $1 and a.user_id = $2 and v.id = a.conversation_id and ", in_reach!(), " and ",
        view_condition!(all));
    /// What needs attention by itself, or because nobody works on its case.
    COUNT_ATTENTION = count!("select v.id ", conversation_tables!(), " where ", in_reach!(), " and v.attention_count > 0 and v.id <> $6 \
        union select v.id from cases u cross join conversations v ", conversation_joins!(),
        " where u.organization_id = $1 and u.is_unattended = 1 and v.organization_id = $1 and v.case_id = u.id and ", in_reach!());
    /// What the user dismissed and nobody claimed.
    COUNT_DISMISSED = count!("select distinct v.id from sms_dismissals d cross join sms_history m cross join conversation_items i \
        cross join conversations v ", conversation_joins!(),
        " where d.organization_id = $1 and d.user_id = $2 and m.organization_id = $1 and m.id = d.message_id \
        and m.standing in ('unclaimed', 'unknown') and i.organization_id = $1 and i.item_id = m.id \
        and v.id = i.conversation_id and d.case_id = coalesce(v.case_id, $6) and ", in_reach!());
    /// The view `$9` of the case `$10`.
    COUNT_IN_CASE = count!("select v.id ", conversation_tables!(), " where v.case_id = $10 and ", in_reach!(), " and ",
        view_named!("$9"));
}

/// The views that are counted: all but everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Where the user wrote, or holds a claim.
    Mine,
    /// What waits to be claimed.
    Unclaimed,
    /// What the user dismissed.
    Dismissed,
    /// What needs attention.
    Attention,
    /// Senders whom nobody knows.
    Unknown,
}

impl Counted {
    /// The list that has as many.
    #[must_use]
    pub const fn view(self) -> InboxView {
        match self {
            Self::Mine => InboxView::Mine,
            Self::Unclaimed => InboxView::Unclaimed,
            Self::Dismissed => InboxView::Dismissed,
            Self::Attention => InboxView::Attention,
            Self::Unknown => InboxView::Unknown,
        }
    }
}

/// How many conversations a view has, at most a thousand.
///
/// # Errors
/// [`StoreError`].
pub async fn of_view(tx: &mut Tx, visible: &Visible, offices: Offices, counted: Counted) -> Result<i64, StoreError> {
    let sql = match counted {
        Counted::Mine => COUNT_MINE,
        Counted::Unclaimed => COUNT_UNCLAIMED,
        Counted::Dismissed => COUNT_DISMISSED,
        Counted::Attention => COUNT_ATTENTION,
        Counted::Unknown => COUNT_UNKNOWN,
    };
    let own = params![Uuid::nil(), offices.personal, offices.unknown];
    let row = tx.row(sql, &parameters(visible, own)).await?;
    row.map_or(Ok(0), |row| row.columns().int())
}

/// The same in one case.
///
/// # Errors
/// [`StoreError`].
pub async fn of_case(tx: &mut Tx, permit: &Permit<Read>, visible: &Visible, counted: Counted) -> Result<i64, StoreError> {
    let own = params![Uuid::nil(), false, false, counted.view().as_str(), permit.case()];
    let row = tx.row(COUNT_IN_CASE, &parameters(visible, own)).await?;
    row.map_or(Ok(0), |row| row.columns().int())
}
