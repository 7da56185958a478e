//! One step of a call: what was loaded, what the state machine made of it, what a line is to do, and the one place that writes it all.

use casewire_core::access::Tenant;
use casewire_core::calls::{Effect, RecordingKind, State, Supervisor, Tape};
use casewire_core::event::CallCause;
use casewire_core::id::{CallId, ConversationId, Id, UserId};
use casewire_core::job::Job;
use casewire_core::settings::calls::{CallSettings, SupervisionNotice};
use casewire_core::time::Timestamp;
use casewire_core::view::CallView;
use casewire_store::audit::{self, Entry};
use casewire_store::calls::{self, CallRow, Saved, Told, recordings, view};
use casewire_store::conversations::{self, ItemKind, NewItem};
use casewire_store::jobs::{self, NewJob};
use casewire_store::{StoreError, Tx, agents, call_news, mint};

use super::deadlines;
use crate::lines::{LineOrder, twilio};
use crate::problem::{Problem, ProblemCode};

/// What a step came to.
#[derive(Debug, Clone)]
pub struct Stepped {
    /// How the call stands since.
    pub row: CallRow,
    /// The same, as who reads calls sees it.
    pub view: CallView,
    /// What the line is to do.
    pub orders: Vec<LineOrder>,
}

/// A step that is being made.
pub struct Step {
    /// The call; change it by its state machine.
    pub row: CallRow,
    /// What the organization chose.
    pub settings: CallSettings,
    before: Option<State>,
    status_before: Option<&'static str>,
    supervisors_before: Vec<Supervisor>,
    agent_before: Option<UserId>,
    left: Option<(ConversationId, super::Subject)>,
    orders: Vec<LineOrder>,
    /// Who does it; none for the carrier and for timers.
    by: Option<UserId>,
    now: Timestamp,
}

impl Step {
    /// A step of a call as it stands.
    #[must_use]
    pub fn of(row: CallRow, settings: CallSettings, by: Option<UserId>, now: Timestamp) -> Self {
        Self {
            before: Some(*row.call.state()),
            status_before: Some(row.call.status().as_str()),
            supervisors_before: row.call.supervisors().to_vec(),
            agent_before: row.user,
            left: None,
            orders: Vec::new(),
            row,
            settings,
            by,
            now,
        }
    }

    /// The first step of a call, which is not stored yet.
    #[must_use]
    pub fn first(row: CallRow, settings: CallSettings, by: Option<UserId>, now: Timestamp) -> Self {
        Self {
            before: None,
            status_before: None,
            ..Self::of(row, settings, by, now)
        }
    }

    /// Adds an order of the product's.
    pub fn order(&mut self, order: LineOrder) {
        self.orders.push(order);
    }

    /// The call leaves the conversation where it stood.
    pub fn leave(&mut self, conversation: ConversationId, subject: super::Subject) {
        self.left = Some((conversation, subject));
    }

    /// Adds what the state machine asks for.
    pub fn take(&mut self, effects: Vec<Effect>) {
        self.orders.extend(effects.into_iter().filter_map(LineOrder::of_effect));
    }

    /// Nothing happened: the call as it stands.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn nothing(self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let view = view::show(tx, self.row.tenant, self.row.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Stepped {
            row: self.row,
            view,
            orders: Vec::new(),
        })
    }

    /// Writes everything. `act` is the word in the audit; a carrier's and a timer's steps have lines for supervisors alone.
    ///
    /// # Errors
    /// `call_in_progress`, `agent_unavailable`, `call_changed`.
    pub async fn commit(mut self, tx: &mut Tx, cause: CallCause, act: Option<&'static str>) -> Result<Stepped, Problem> {
        deadlines::set(&mut self.row, self.before.as_ref(), &self.settings, self.now);
        self.record(tx).await?;
        self.save(tx, Told::Readers).await?;
        twilio::orders::queue(tx, &self.row, &self.orders, self.now).await?;
        self.stand(tx).await?;
        let (status, id) = (self.row.call.status().as_str(), self.row.id);
        calls::step(tx, self.row.tenant, id, self.now, cause.as_str(), self.by, status).await?;
        if let Some(act) = act {
            let entry = self.entry(act).with_detail(format!("status={status}"));
            audit::write(tx, self.row.tenant, &entry, self.now).await?;
        }
        self.write_supervision_down(tx).await?;
        self.queue_looks(tx).await?;
        self.row.version += 1;
        self.tell(tx, cause).await
    }

    /// Writes a step by which nothing changed but who supervises; who reads the call alone is not told.
    ///
    /// # Errors
    /// `call_in_progress`, `call_changed`.
    pub async fn commit_supervision(mut self, tx: &mut Tx) -> Result<Stepped, Problem> {
        self.save(tx, Told::Supervisors).await?;
        twilio::orders::queue(tx, &self.row, &self.orders, self.now).await?;
        self.write_supervision_down(tx).await?;
        self.row.version += 1;
        self.tell_supervision(tx).await?;
        let orders = std::mem::take(&mut self.orders);
        let stepped = self.nothing(tx).await?;
        Ok(Stepped { orders, ..stepped })
    }

    /// Begins what is to be recorded since this step.
    async fn record(&mut self, tx: &mut Tx) -> Result<(), Problem> {
        let was_answered = matches!(self.before, Some(State::Answered(_)));
        let was_at_machine = matches!(self.before, Some(State::Voicemail { .. }));
        let kind = match self.row.call.state() {
            State::Answered(_) if !was_answered && self.settings.records() => RecordingKind::Call,
            State::Voicemail { .. } if !was_at_machine => RecordingKind::Voicemail,
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) | State::Ended(_) => {
                return Ok(());
            }
        };
        let recording = mint();
        self.row.recording = Tape::Running;
        match kind {
            RecordingKind::Voicemail => self.order(LineOrder::TakeVoicemail { recording }),
            RecordingKind::Call => {
                let announcement = self.settings.recording.announcement;
                self.order(LineOrder::Announce { announcement });
                self.order(LineOrder::StartRecording { recording });
            }
        }
        if self.before.is_none() {
            // The row has to be there first.
            self.insert(tx).await?;
            self.before = Some(*self.row.call.state());
        }
        recordings::add(tx, self.row.tenant, self.row.id, recording, kind, self.now).await?;
        Ok(())
    }

    async fn insert(&self, tx: &mut Tx) -> Result<(), Problem> {
        if !calls::insert(tx, &self.row).await? {
            return Err(Problem::of(ProblemCode::CallChanged));
        }
        let item = NewItem {
            item_id: self.row.id.uuid(),
            kind: ItemKind::Call,
            at: self.row.started_at,
            direction: self.row.call.direction(),
            text: self.row.call.status().as_str(),
            unclaimed: 0,
        };
        conversations::place(tx, self.row.tenant, self.row.conversation_id, item).await?;
        Ok(())
    }

    async fn save(&self, tx: &mut Tx, told: Told) -> Result<(), Problem> {
        if self.before.is_none() {
            self.insert(tx).await?;
        }
        match calls::save(tx, &self.row, told).await? {
            Saved::Saved => Ok(()),
            Saved::ChangedMeanwhile => Err(Problem::of(ProblemCode::CallChanged)),
            Saved::Taken(user) if self.by == Some(user) => Err(Problem::of(ProblemCode::CallInProgress)),
            Saved::Taken(_) => Err(Problem::of(ProblemCode::AgentUnavailable)),
        }
    }

    /// Keeps up the conversations that the call stands in, or stood in.
    async fn stand(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let (tenant, row) = (self.row.tenant, &self.row);
        if let Some(user) = row.call.agent() {
            agents::note(tx, tenant, row.conversation_id, user).await?;
        }
        let Some((left, _)) = self.left else {
            return conversations::note_call(tx, tenant, row.conversation_id, row.id.uuid(), row.call.status().as_str())
                .await
                .map(drop);
        };
        calls::relocate(tx, row).await?;
        conversations::withdraw(tx, tenant, left, row.id.uuid(), conversations::CountChange::default()).await?;
        agents::review(tx, tenant, left).await?;
        let item = NewItem {
            item_id: row.id.uuid(),
            kind: ItemKind::Call,
            at: row.started_at,
            direction: row.call.direction(),
            text: row.call.status().as_str(),
            unclaimed: 0,
        };
        conversations::place(tx, tenant, row.conversation_id, item).await?;
        if let Some(user) = row.user {
            agents::note(tx, tenant, row.conversation_id, user).await?;
        }
        Ok(())
    }

    /// A step and a line of the audit for every supervisor who came, switched or went, whoever caused it.
    async fn write_supervision_down(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let (tenant, row) = (self.row.tenant, &self.row);
        for order in &self.orders {
            let (kind, supervisor, word) = match order {
                LineOrder::Supervise { supervisor, mode } => ("supervise_call", supervisor, format!("mode={}", mode.as_str())),
                LineOrder::Dismiss { supervisor, why } => ("leave_supervision", supervisor, format!("why={}", why.as_str())),
                LineOrder::Ring { .. }
                | LineOrder::StopRinging { .. }
                | LineOrder::Seat { .. }
                | LineOrder::Unseat { .. }
                | LineOrder::RingOutside { .. }
                | LineOrder::TakeVoicemail { .. }
                | LineOrder::Announce { .. }
                | LineOrder::StartRecording { .. }
                | LineOrder::PauseRecording
                | LineOrder::ResumeRecording
                | LineOrder::SetMicrophone { .. }
                | LineOrder::SetOutside(_)
                | LineOrder::Press { .. }
                | LineOrder::HangUp => continue,
            };
            calls::step(tx, tenant, row.id, self.now, kind, Some(*supervisor), &word).await?;
            let entry = self.entry(kind).with_detail(format!("supervisor={supervisor} {word}"));
            audit::write(tx, tenant, &entry, self.now).await?;
        }
        Ok(())
    }

    fn entry(&self, act: &'static str) -> Entry {
        let entry = match self.by {
            Some(user) => Entry::by(user, act, self.row.id),
            None => Entry::of_system(act, self.row.id),
        };
        match self.row.call.case() {
            Some(case) => entry.in_case(case),
            None => entry,
        }
    }

    async fn queue_looks(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for run_at in deadlines::next_looks(&self.row) {
            queue_look(tx, self.row.tenant, self.row.id, run_at).await?;
        }
        Ok(())
    }

    async fn tell(self, tx: &mut Tx, cause: CallCause) -> Result<Stepped, Problem> {
        let (tenant, id) = (self.row.tenant, self.row.id);
        if let Some((left, subject)) = self.left {
            call_news::withdrawn(tx, tenant, id, left, subject);
            call_news::conversation(tx, tenant, left).await?;
        }
        let view = call_news::changed(tx, tenant, id, cause).await?.ok_or_else(Problem::not_found)?;
        if self.left.is_some() || self.status_before != Some(self.row.call.status().as_str()) {
            call_news::conversation(tx, tenant, self.row.conversation_id).await?;
        }
        self.tell_supervision(tx).await?;
        Ok(Stepped {
            row: self.row,
            view,
            orders: self.orders,
        })
    }

    async fn tell_supervision(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let agent = self.row.user;
        let former = self
            .agent_before
            .filter(|former| agent != Some(*former) && !self.supervisors_before.is_empty());
        if self.row.call.supervisors() == self.supervisors_before && former.is_none() {
            return Ok(());
        }
        if self.settings.supervision_notice == SupervisionNotice::TellAgent {
            call_news::supervision_of_another(tx, self.row.tenant, self.row.id, former).await?;
        }
        call_news::supervision(tx, self.row.tenant, self.row.id, agent, self.settings.supervision_notice).await
    }
}

/// Looks at a call then, once.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn queue_look(tx: &mut Tx, tenant: Tenant, call_id: CallId, run_at: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        job: Job::WatchCall { call_id },
        run_at,
        unique_key: Some(format!("{call_id}:watch:{}", run_at.as_micros())),
    };
    jobs::enqueue(tx, tenant, job).await.map(drop)
}
