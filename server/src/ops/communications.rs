//! The act that reads everything said in a case, in the order in which it happened. The reader needs `sms:1` in the case, and `calls:1`
//! for its calls.

use casewire_core::access::{Access, Permit, Read, Resource};
use casewire_core::id::CaseId;
use casewire_store::communications::{self, Filter};
use casewire_store::inbox::After;
use casewire_store::items::{CallsShown, Item};
use casewire_store::{Act, Tx};

use crate::ops::texts::case_in_view;
use crate::problem::Problem;

/// Reads a stretch of a case.
pub struct ListCommunications {
    /// The rights of the reader.
    pub access: Access,
    /// The number of the case.
    pub mycase_case_id: String,
    /// What narrows it.
    pub filter: Filter,
    /// Behind this entry.
    pub after: After,
    /// At most so many.
    pub limit: u32,
}

/// A stretch of a case.
pub struct Stretch {
    /// The case.
    pub case: CaseId,
    /// What was said, the oldest first.
    pub items: Vec<Item>,
    /// How much there is in all.
    pub total: i64,
}

impl Act for ListCommunications {
    type Out = Stretch;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Stretch, Problem> {
        let (permit, calls) = permitted(tx, &self.access, &self.mycase_case_id).await?;
        Ok(Stretch {
            case: permit.case(),
            items: communications::page(tx, &permit, &self.filter, calls, self.after, self.limit).await?,
            total: communications::count(tx, &permit, &self.filter, calls).await?,
        })
    }
}

/// The permit to read what was said in a case, and whether its calls are in it.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn permitted(tx: &mut Tx, access: &Access, mycase_case_id: &str) -> Result<(Permit<Read>, CallsShown), Problem> {
    let case = case_in_view(tx, access, mycase_case_id).await?;
    let permit = access.read(&case, Resource::Sms)?;
    let calls = if access.read(&case, Resource::Calls).is_ok() {
        CallsShown::Yes
    } else {
        CallsShown::No
    };
    Ok((permit, calls))
}
