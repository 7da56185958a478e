//! The act: what is handed to the store to be run inside a transaction, and how it waits for its answer. An act's future
//! belongs to the store: a caller that goes away takes no transaction with it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use casewire_core::id::OrganizationId;
use tokio::sync::oneshot;

use crate::commits::News;
use crate::error::StoreError;
use crate::idempotency::Carried;
use crate::tx::Tx;

/// Load, decide, write, emit: the work of one transaction.
///
/// Write `async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Self::Error>`. It may run twice, so it has no effect but
/// through `tx`; it awaits nothing but `tx`; it refuses before its first write.
pub trait Act: Send + Sync + 'static {
    /// What the caller gets after the commit.
    type Out: Send + 'static;
    /// Why the act refused, or what the database said.
    type Error: From<StoreError> + Send + 'static;

    /// Runs once, or again after a batch that failed.
    fn run<'t>(&'t self, tx: &'t mut Tx) -> impl Future<Output = Result<Self::Out, Self::Error>> + Send + 't;
}

/// How a run of an act ended, before anything was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It wants its writes committed.
    Done,
    /// It returned an error of its own.
    Refused,
}

/// An act of any type in a queue.
pub(crate) trait Waiting: Send {
    /// Runs the act and keeps what it returned.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = Ran> + Send + 'a>>;
    /// Whether the caller is gone.
    fn is_abandoned(&self) -> bool;
    /// Answers with what the act returned.
    fn answer(self: Box<Self>);
    /// Answers with an error of the database.
    fn fail(self: Box<Self>, error: StoreError);
}

/// An act and whom to answer.
pub(crate) struct Waiter<A: Act> {
    act: A,
    /// The key of the request that it was queued for.
    key: Option<Arc<Carried>>,
    returned: Option<Result<A::Out, A::Error>>,
    caller: oneshot::Sender<Result<A::Out, A::Error>>,
}

impl<A: Act> Waiter<A> {
    /// The act to be queued, and where its answer arrives.
    pub(crate) fn new(act: A) -> (Box<Self>, Answer<A>) {
        Self::with_key(act, None)
    }

    /// The same; the act takes the key.
    pub(crate) fn with_key(act: A, key: Option<Arc<Carried>>) -> (Box<Self>, Answer<A>) {
        let (caller, answer) = oneshot::channel();
        (
            Box::new(Self {
                act,
                key,
                returned: None,
                caller,
            }),
            Answer(answer),
        )
    }

    fn send(caller: oneshot::Sender<Result<A::Out, A::Error>>, answer: Result<A::Out, A::Error>) {
        // The caller may be gone; what was committed stays committed.
        drop(caller.send(answer));
    }
}

impl<A: Act> Waiting for Waiter<A> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = Ran> + Send + 'a>> {
        Box::pin(async move {
            let returned = match &self.key {
                None => self.act.run(tx).await,
                Some(key) => key.run(&self.act, tx).await,
            };
            let ran = if returned.is_ok() { Ran::Done } else { Ran::Refused };
            self.returned = Some(returned);
            ran
        })
    }

    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    fn answer(self: Box<Self>) {
        let Self { returned, caller, .. } = *self;
        let answer = returned.unwrap_or_else(|| Err(StoreError::bug("an act was answered before it ran").into()));
        Self::send(caller, answer);
    }

    fn fail(self: Box<Self>, error: StoreError) {
        Self::send(self.caller, Err(error.into()));
    }
}

/// The answer of a queued act.
pub(crate) struct Answer<A: Act>(oneshot::Receiver<Result<A::Out, A::Error>>);

impl<A: Act> Answer<A> {
    /// Waits for it.
    pub(crate) async fn wait(self) -> Result<A::Out, A::Error> {
        self.0
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable(crate::error::Unavailable::Closed).into()))
    }
}

/// What an act left behind in its transaction beside its rows.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Events to be numbered, in the order of the acts.
    pub(crate) events: Vec<(OrganizationId, casewire_core::event::NewEvent)>,
    /// Entries of the audit to be numbered and chained, in the order of the acts.
    pub(crate) audit: Vec<(OrganizationId, crate::audit::Recorded)>,
    /// Organizations whose jobs changed.
    pub(crate) nudges: Vec<OrganizationId>,
}

impl Effects {
    /// Takes what another act of the batch left behind.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.events.append(&mut other.events);
        self.audit.append(&mut other.audit);
        self.nudges.append(&mut other.nudges);
    }

    /// Whose jobs changed, each once; the numbers of events are added when they are taken.
    pub(crate) fn news(&self) -> News {
        self.nudges.iter().map(|organization| (*organization, None)).collect()
    }
}
