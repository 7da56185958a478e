//! The act behind "Why is this here?": the receipt of the decision and the whole history of a text, as far as the reader may
//! know of the cases in them. A case that is not in view is left out as if it were not there.

use std::collections::BTreeMap;

use casewire_core::access::Access;
use casewire_core::id::{CaseId, MessageId};
use casewire_core::messaging::routing::{Candidate, Receipt, Route};
use casewire_store::messages::{self, StoredStep};
use casewire_store::{Act, Tx, cases};

use crate::ops::texts::in_view;
use crate::problem::Problem;

/// Explains where a text is.
pub struct ExplainRouting {
    /// The rights of the reader.
    pub access: Access,
    /// The text.
    pub message_id: MessageId,
}

/// The decision and what came after it, as far as the reader may know.
pub struct Explanation {
    /// The receipt; none for an outbound or an old text.
    pub receipt: Option<Receipt>,
    /// The history, oldest first.
    pub steps: Vec<StoredStep>,
    /// The numbers of the cases that are named.
    pub case_numbers: BTreeMap<CaseId, String>,
}

impl Act for ExplainRouting {
    type Out = Explanation;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Explanation, Problem> {
        let tenant = self.access.tenant();
        let text = in_view(tx, &self.access, self.message_id).await?.text;
        let mut receipt: Option<Receipt> = text.receipt.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let mut steps = messages::steps(tx, tenant, self.message_id).await?;
        let known = self.known(tx, receipt.as_ref(), &steps).await?;
        if let Some(receipt) = &mut receipt {
            withhold(receipt, &known);
        }
        let is_known = |case: &Option<CaseId>| case.is_none_or(|case| known.contains_key(&case));
        for step in &mut steps {
            step.from = step.from.filter(|case| known.contains_key(case));
        }
        steps.retain(|step| is_known(&step.to));
        Ok(Explanation {
            receipt,
            steps,
            case_numbers: known,
        })
    }
}

impl ExplainRouting {
    /// The cases that are named and that the reader may know of.
    async fn known(&self, tx: &mut Tx, receipt: Option<&Receipt>, steps: &[StoredStep]) -> Result<BTreeMap<CaseId, String>, Problem> {
        let tenant = self.access.tenant();
        let of_receipt = receipt
            .into_iter()
            .flat_map(|receipt| receipt.facts.links.iter().map(|link| link.case_id));
        let mut named: Vec<CaseId> = of_receipt
            .chain(steps.iter().flat_map(|step| [step.from, step.to].into_iter().flatten()))
            .collect();
        named.sort_unstable();
        named.dedup();
        let mut known = BTreeMap::new();
        for case in cases::reaches(tx, tenant, &named).await? {
            if self.access.knows(&self.access.relation(&case))
                && let Some(view) = cases::view(tx, tenant, case.case_id).await?
            {
                known.insert(case.case_id, view.mycase_case_id);
            }
        }
        Ok(known)
    }
}

/// Leaves out of a receipt what the reader may not know of.
fn withhold(receipt: &mut Receipt, known: &BTreeMap<CaseId, String>) {
    receipt.facts.links.retain(|link| known.contains_key(&link.case_id));
    match &mut receipt.route {
        Route::Broadcast { candidates } => candidates.retain(|candidate: &Candidate| known.contains_key(&candidate.case_id)),
        Route::Case(_) | Route::Lead { .. } | Route::Contact { .. } | Route::Unknown => {}
    }
}
