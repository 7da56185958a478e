//! `/api/cases/{mycase_case_id}/communications/`: everything said in a case, in the order in which it happened. The act:
//! `crate::ops::communications`.

use axum::Json;
use axum::extract::State;
use casewire_core::id::{ContactId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::audit::Entry;
use casewire_store::communications::START;
use casewire_store::items::Item;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::conversations::{ItemView, read_cursor_from, write_cursor};
use super::page;
use crate::auth::caller::Caller;
use crate::export::manifest::{Channel, ExportFilter};
use crate::ops::communications::ListCommunications;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Path, Query};

/// What narrows the communications of a case, and which stretch of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommunicationsQuery {
    /// With this person.
    pub contact_id: Option<ContactId>,
    /// With those who had this role then, by its name; `Client` for the client.
    pub role: Option<String>,
    /// text or call.
    pub channel: Option<Channel>,
    /// Written, claimed or spoken by this user.
    pub user_id: Option<UserId>,
    /// inbound or outbound.
    pub direction: Option<Direction>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

impl CommunicationsQuery {
    fn filter(&self) -> ExportFilter {
        ExportFilter {
            contact_id: self.contact_id,
            role: self.role.clone(),
            channel: self.channel,
            user_id: self.user_id,
            direction: self.direction,
            from: self.from,
            until: self.until,
        }
    }
}

/// A page of what was said in a case.
#[derive(Serialize, ToSchema)]
pub struct CommunicationsPage {
    /// What was said, the oldest first.
    pub items: Vec<ItemView>,
    /// How much there is in all.
    pub total: i64,
    /// Where the next page begins; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Everything said in a case by texts and calls, the oldest first: `sms:1` there, and `calls:1` for the calls. A text is here where it
/// belongs to the case, or is offered to it and unclaimed.
#[utoipa::path(get, path = "/api/cases/{mycase_case_id}/communications", tag = "cases",
    params(("mycase_case_id" = String, Path), CommunicationsQuery),
    responses((status = 200, body = CommunicationsPage), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(mycase_case_id): Path<String>,
    Query(query): Query<CommunicationsQuery>,
) -> Result<Json<CommunicationsPage>, Problem> {
    let limit = page::limit(query.limit)?;
    let act = ListCommunications {
        access: caller.access().clone(),
        mycase_case_id,
        filter: query.filter().of_store(),
        after: read_cursor_from("communications", query.cursor.as_deref(), START)?,
        limit: limit + 1,
    };
    let found = app.store.read(act).await?;
    let entry = Entry::read(caller.user(), "read_communications", found.case).in_case(found.case);
    app.audit
        .read(caller.tenant(), query.contact_id.into_iter().fold(entry, Entry::about))
        .await?;
    Ok(Json(of_page(found.items, found.total, limit)))
}

fn of_page(mut items: Vec<Item>, total: i64, limit: u32) -> CommunicationsPage {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| has_more);
    CommunicationsPage {
        next_cursor: last.map(|last| write_cursor("communications", last.after())),
        items: items.into_iter().map(ItemView::from).collect(),
        total,
    }
}
