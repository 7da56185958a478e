//! Runs the jobs that are due: woken by commits, by the time of the next one, and by a poll behind both. Leases what it has
//! hands for, so that several nodes share the work; a lease outlasts the longest a job may take, so that nothing runs twice at
//! once. A node that dies leaves its jobs to whoever looks after the lease has ended. What jobs do: [`super::perform`].

use std::time::Duration;

use casewire_core::id::OrganizationId;
use casewire_core::time::Timestamp;
use casewire_store::jobs::{self, Held, LeasedJob};
use casewire_store::{Act, StoreError, Tx};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::recurring::{QueueRounds, next_round, period};
use super::{JobOutcome, perform};
use crate::clock::Stopwatch;
use crate::config::JobTimes;
use crate::state::App;

/// The pace of a runner.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many jobs run at once.
    pub hands: u32,
    /// How long a job may take.
    pub job_timeout: Duration,
    /// How long a job is ours; longer than it may take and its end may take to be written.
    pub lease: Duration,
    /// How often the queue is looked at without being woken.
    pub poll: Duration,
    /// How often recurring jobs are queued for what came since.
    pub rounds: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            hands: 16,
            job_timeout: Duration::from_secs(60),
            lease: Duration::from_secs(120),
            poll: Duration::from_secs(2),
            rounds: Duration::from_secs(300),
        }
    }
}

impl Pace {
    /// The usual pace, as patient as the operator decided.
    #[must_use]
    pub fn of(times: &JobTimes) -> Self {
        Self {
            job_timeout: times.timeout,
            lease: times.lease,
            ..Self::default()
        }
    }
}

/// How often a job is tried before it is laid aside for a person.
const ATTEMPTS: u32 = 20;

/// The job runner of this node. It also ends when the server stops, which then waits for it.
pub struct Runner {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Runner {
    /// Starts to run jobs.
    #[must_use]
    pub fn start(app: App, pace: Pace) -> Self {
        let stop = app.stop.child_token();
        let (commits, tasks) = (app.store.commits(), app.tasks.clone());
        let shift = Shift {
            app,
            pace,
            commits,
            stop: stop.clone(),
            running: JoinSet::new(),
        };
        Self {
            stop,
            task: tasks.spawn(shift.work()),
        }
    }

    /// Takes no further job, and waits until those that run have ended.
    pub async fn stop(self) {
        self.stop.cancel();
        if self.task.await.is_err() {
            tracing::error!("the job runner ended by a defect");
        }
    }
}

/// One node at work.
struct Shift {
    app: App,
    pace: Pace,
    commits: broadcast::Receiver<OrganizationId>,
    stop: CancellationToken,
    running: JoinSet<()>,
}

impl Shift {
    async fn work(mut self) {
        let mut rounds: Option<Stopwatch> = None;
        while !self.stop.is_cancelled() {
            if rounds.is_none_or(|last| last.elapsed() >= self.pace.rounds) {
                self.queue_rounds().await;
                rounds = Some(Stopwatch::start());
            }
            let wait = match self.take_jobs().await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(%error, "jobs wait for the database");
                    self.pace.poll
                }
            };
            self.rest(wait).await;
        }
        while self.running.join_next().await.is_some() {}
    }

    async fn queue_rounds(&self) {
        let act = QueueRounds {
            now: self.app.clock.now(),
            times: self.app.config.jobs,
        };
        if let Err(error) = self.app.store.write_for_all(act).await {
            tracing::warn!(%error, "recurring jobs could not be queued");
        }
    }

    /// Starts what is due, as far as there are hands. How long nothing else is due.
    async fn take_jobs(&mut self) -> Result<Duration, StoreError> {
        loop {
            let busy = u32::try_from(self.running.len()).unwrap_or(u32::MAX);
            let free = self.pace.hands.saturating_sub(busy);
            if free == 0 {
                return Ok(self.pace.poll);
            }
            let now = self.app.clock.now();
            let Some(due) = self.app.store.read(NextDue).await? else {
                return Ok(self.pace.poll);
            };
            if due > now {
                return Ok(due.since(now).min(self.pace.poll));
            }
            let leased = self
                .app
                .store
                .write_for_all(Lease {
                    now,
                    lease: self.pace.lease,
                    limit: free,
                })
                .await?;
            if leased.is_empty() {
                // Another node was faster.
                return Ok(self.pace.poll);
            }
            for job in leased {
                let (app, limit) = (self.app.clone(), self.pace.job_timeout);
                self.running.spawn(async move { run(&app, &job, limit).await });
            }
        }
    }

    /// Until there may be something to do.
    async fn rest(&mut self, wait: Duration) {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => {}
            Some(ended) = self.running.join_next() => {
                if ended.is_err() {
                    tracing::error!("a job ended by a defect; it is tried again after its lease");
                }
            }
            heard = self.commits.recv() => self.drain(heard).await,
            () = sleep(wait) => {}
        }
    }

    /// One look at the queue answers all nudges that are waiting.
    async fn drain(&mut self, heard: Result<OrganizationId, RecvError>) {
        if heard == Err(RecvError::Closed) {
            return sleep(self.pace.poll).await;
        }
        while matches!(self.commits.try_recv(), Ok(_) | Err(TryRecvError::Lagged(_))) {}
    }
}

/// Does every job that is due now, one after the other in order of their times, and what becomes due by that; how many runs it
/// took. For tests, in place of a [`Runner`].
///
/// # Errors
/// [`StoreError`].
pub async fn run_due_now(app: &App) -> Result<usize, StoreError> {
    let pace = Pace::default();
    let mut runs = 0;
    loop {
        let leased = app
            .store
            .write_for_all(Lease {
                now: app.clock.now(),
                lease: pace.lease,
                limit: 1,
            })
            .await?;
        let Some(job) = leased.first() else { return Ok(runs) };
        run(app, job, pace.job_timeout).await;
        runs += 1;
    }
}

/// Does one job and writes down how it ended.
async fn run(app: &App, job: &LeasedJob, limit: Duration) {
    let gives_up = period(&job.job, &app.config.jobs).is_none();
    let outcome = if gives_up && job.attempt > ATTEMPTS {
        // It never came to an end of any kind: it takes the process down, or hangs.
        JobOutcome::Bury { code: "abandoned" }
    } else {
        timeout(limit, perform(app, job)).await.unwrap_or(JobOutcome::Retry {
            after: None,
            code: "timeout",
        })
    };
    let outcome = match outcome {
        JobOutcome::Retry { code, .. } if gives_up && job.attempt >= ATTEMPTS => JobOutcome::Bury { code },
        JobOutcome::Done | JobOutcome::Retry { .. } | JobOutcome::Bury { .. } => outcome,
    };
    let (job_id, kind) = (job.id, job.job.type_str());
    app.metrics.job(kind, outcome.word());
    match outcome {
        JobOutcome::Done => {}
        JobOutcome::Retry { code, .. } => tracing::warn!(%job_id, kind, code, attempt = job.attempt, "a job failed and is tried again"),
        JobOutcome::Bury { code } => tracing::error!(%job_id, kind, code, "a job was laid aside for a person"),
    }
    match app
        .store
        .write(
            job.tenant.organization(),
            Finish {
                job: job.clone(),
                outcome,
                times: app.config.jobs,
                now: app.clock.now(),
            },
        )
        .await
    {
        Ok(Held::Held) => {}
        Ok(Held::Lost) => tracing::warn!(%job_id, kind, "a job took longer than its lease; somebody else has it"),
        Err(error) => tracing::warn!(%job_id, kind, %error, "the end of a job could not be written; it is done again after its lease"),
    }
}

/// When the next job is due.
struct NextDue;

impl Act for NextDue {
    type Out = Option<Timestamp>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
        jobs::next_due(tx).await
    }
}

/// Leases what is due.
struct Lease {
    now: Timestamp,
    lease: Duration,
    limit: u32,
}

impl Act for Lease {
    type Out = Vec<LeasedJob>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<LeasedJob>, StoreError> {
        jobs::lease(tx, self.now, self.lease, self.limit).await
    }
}

/// Writes down how a job ended; the next round of a recurring one is queued in the same transaction.
struct Finish {
    job: LeasedJob,
    outcome: JobOutcome,
    times: JobTimes,
    now: Timestamp,
}

impl Act for Finish {
    type Out = Held;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Held, StoreError> {
        let (lease, now) = (self.job.lease, self.now);
        let held = match self.outcome {
            JobOutcome::Done => jobs::complete(tx, lease).await?,
            JobOutcome::Retry { after, code } => {
                let at = after.map_or_else(
                    || jobs::next_attempt_at(now, self.job.attempt, self.job.id),
                    |after| now.plus(after),
                );
                return jobs::retry(tx, lease, at, code).await;
            }
            JobOutcome::Bury { code } => jobs::bury(tx, lease, now, code).await?,
        };
        if held == Held::Held
            && let Some(next) = next_round(self.job.tenant, self.job.job, &self.times, now)
        {
            jobs::enqueue(tx, self.job.tenant, next).await?;
        }
        Ok(held)
    }
}
