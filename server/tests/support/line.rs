//! The line of the tests: carries no audio, remembers what it was told, and fails where a test says so. What it hears, a test says.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::{Arc, Mutex};

use casewire::lines::{LegParty, Line, LineCredentials, LineFailure, LineOrder, SoftphoneIdentity};
use casewire::problem::Problem;
use casewire_core::id::CallId;
use casewire_store::calls::CallRow;
use futures_util::future::BoxFuture;

/// The name of the line.
pub const NULL: &str = "null";

/// A line without audio.
#[derive(Default)]
pub struct NullLine {
    told: Mutex<Vec<(CallId, LineOrder)>>,
    failures: Mutex<Vec<LineFailure>>,
    offers: Mutex<Vec<(CallId, LegParty)>>,
}

impl NullLine {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// What was to be done for a call, in order.
    pub fn told(&self, call: CallId) -> Vec<LineOrder> {
        let told = self.told.lock().unwrap();
        told.iter().filter(|(of, _)| *of == call).map(|(_, order)| order.clone()).collect()
    }

    /// Forgets what it was told.
    pub fn forget(&self) {
        self.told.lock().unwrap().clear();
    }

    /// Who brought their audio.
    pub fn offers(&self, call: CallId) -> Vec<LegParty> {
        let offers = self.offers.lock().unwrap();
        offers.iter().filter(|(of, _)| *of == call).map(|(_, party)| *party).collect()
    }

    /// Fails the next orders, once.
    pub fn fail_once(&self, failure: LineFailure) {
        self.failures.lock().unwrap().push(failure);
    }
}

impl Line for NullLine {
    fn name(&self) -> &'static str {
        NULL
    }

    fn credentials(&self, _who: SoftphoneIdentity) -> BoxFuture<'_, Result<LineCredentials, Problem>> {
        Box::pin(std::future::ready(Ok(LineCredentials::default())))
    }

    fn carry_out(&self, call: CallRow, orders: Vec<LineOrder>) -> BoxFuture<'_, Result<(), LineFailure>> {
        Box::pin(async move {
            if let Some(failure) = self.failures.lock().unwrap().pop() {
                return Err(failure);
            }
            self.told.lock().unwrap().extend(orders.into_iter().map(|order| (call.id, order)));
            Ok(())
        })
    }

    fn offer(&self, call: CallRow, party: LegParty, sdp: String) -> BoxFuture<'_, Result<String, Problem>> {
        Box::pin(async move {
            self.offers.lock().unwrap().push((call.id, party));
            Ok(format!("answer to {sdp}"))
        })
    }
}
