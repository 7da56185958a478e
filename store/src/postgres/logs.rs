//! The end of a batch on PostgreSQL: its events and its entries of the audit take their numbers, the counters locked last and in
//! one order, and are written and committed in two round trips, however many there are.

use casewire_core::audit::{AuditEntry, Hash};
use casewire_core::id::{Id, OrganizationId};
use casewire_core::time::Timestamp;
use futures_util::FutureExt;
use futures_util::future::{join, join_all, join4};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{CommitFailure, PIPELINE, Session, State, after, borrowed, failure, values};
use crate::act::Effects;
use crate::audit;
use crate::commits::News;
use crate::error::StoreError;
use crate::events;
use crate::params;
use crate::row::Row;
use crate::value::Value;

/// Writes the events of a batch in one statement.
pub(crate) const INSERT_EVENTS: &str = "insert into events (organization_id, seq, at, type, audience, audience_id, audience_user_id, payload) \
    select e.organization_id, e.seq, $3, e.type, e.audience, e.audience_id, e.audience_user_id, e.payload \
    from unnest($1::uuid[], $2::bigint[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[]) \
    as e (organization_id, seq, type, audience, audience_id, audience_user_id, payload)";

/// Writes the entries of the audit of a batch in one statement.
pub(crate) const INSERT_ENTRIES: &str = "insert into audit_entries \
    (organization_id, seq, at, kind, user_id, act, subject, case_id, contact_id, outcome, detail, hash) \
    select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], \
    $10::text[], $11::text[], $12::bytea[])";

/// Moves the heads of the chains that a batch made longer.
pub(crate) const ADVANCE_HEADS: &str = "update audit_heads set last_seq = h.last_seq, last_hash = h.last_hash \
    from unnest($1::uuid[], $2::bigint[], $3::bytea[]) as h (organization_id, last_seq, last_hash) \
    where audit_heads.organization_id = h.organization_id";

impl Session {
    /// Numbers and writes the events and the audit, and commits.
    pub(crate) async fn commit(&mut self, effects: Effects, at: Timestamp) -> Result<News, CommitFailure> {
        let mut news = effects.news();
        let (events, entries, heads) = self.number(effects, &mut news).await.map_err(CommitFailure::Refused)?;
        if self.state == State::Unbegun {
            return Ok(news);
        }
        let insert_events = self.prepare_if(!events.seqs.is_empty(), INSERT_EVENTS).await?;
        let insert_entries = self.prepare_if(!entries.seqs.is_empty(), INSERT_ENTRIES).await?;
        let advance_heads = self.prepare_if(!entries.seqs.is_empty(), ADVANCE_HEADS).await?;
        self.state = State::Ended;
        let (client, at) = (&self.client, at.as_micros());
        let (events, entries, heads) = (events.params(&at), entries.params(), heads.params());
        // In the order in which they are polled they are sent.
        let (inserted, entered, advanced, committed) = join4(
            send(client, insert_events, &events),
            send(client, insert_entries, &entries),
            send(client, advance_heads, &heads),
            client.batch_execute("commit"),
        )
        .await;
        // After a failed insert the commit answers ROLLBACK without an error, so all are looked at.
        match inserted.and(entered).and(advanced).and(committed) {
            Ok(()) => Ok(news),
            Err(error) if failure::is_definite(&error) => Err(CommitFailure::Refused(failure::of(&error))),
            Err(_) => Err(CommitFailure::Unknown),
        }
    }

    async fn prepare_if(&self, is_needed: bool, sql: &'static str) -> Result<Option<tokio_postgres::Statement>, CommitFailure> {
        if !is_needed {
            return Ok(None);
        }
        self.prepare(sql).await.map(Some).map_err(CommitFailure::Refused)
    }

    /// Takes numbers for the events and the entries; their rows.
    async fn number(&mut self, effects: Effects, news: &mut News) -> Result<(EventRows, EntryRows, HeadRows), StoreError> {
        let events = events::by_organization(effects.events);
        let audit = events::by_organization(effects.audit);
        let counters = events
            .iter()
            .map(|(organization, events)| params![*organization, events.len()].to_vec())
            .collect();
        let heads = audit
            .keys()
            .map(|organization| audit::head_params(*organization).to_vec())
            .collect();
        let (lasts, heads) = self.lock(counters, heads).await?;
        let mut event_rows = EventRows::default();
        for ((organization, events), last) in events.iter().zip(lasts) {
            let last = last.columns().int()?;
            event_rows.add(*organization, last, events)?;
            news.insert(*organization, Some(last));
        }
        let (mut entry_rows, mut head_rows) = (EntryRows::default(), HeadRows::default());
        for ((organization, recorded), head) in audit.into_iter().zip(heads) {
            let (entries, head) = audit::chain(organization, audit::Head::read(&head)?, recorded)?;
            entries.iter().for_each(|(entry, hash)| entry_rows.add(entry, hash));
            head_rows.add(organization, head);
        }
        Ok((event_rows, entry_rows, head_rows))
    }

    /// Locks the counters of events, then the heads of the audit, each in the order of the organizations: every writer of every node
    /// takes them in that one order. Their rows.
    async fn lock(&mut self, counters: Vec<Vec<Value>>, heads: Vec<Vec<Value>>) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
        if counters.len() + heads.len() > PIPELINE || counters.is_empty() || heads.is_empty() {
            let counters = self.all_rows(events::TAKE_NUMBERS, counters).await?;
            return Ok((counters, self.all_rows(audit::TAKE_HEAD, heads).await?));
        }
        let (take_numbers, take_head) = (self.prepare(events::TAKE_NUMBERS).await?, self.prepare(audit::TAKE_HEAD).await?);
        let begin = self.take_begin();
        let client = &self.client;
        let (counters, heads): (Vec<_>, Vec<_>) = (
            counters.iter().map(|params| borrowed(params)).collect(),
            heads.iter().map(|params| borrowed(params)).collect(),
        );
        let both = join(
            join_all(counters.iter().map(|params| client.query_one(&take_numbers, params))),
            join_all(heads.iter().map(|params| client.query_one(&take_head, params))),
        );
        let (counters, heads) = after(client, begin, both.map(Ok)).await.map_err(|error| failure::of(&error))?;
        Ok((read(events::TAKE_NUMBERS, counters)?, read(audit::TAKE_HEAD, heads)?))
    }

    async fn all_rows(&mut self, sql: &'static str, all: Vec<Vec<Value>>) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::with_capacity(all.len());
        if all.is_empty() {
            return Ok(rows);
        }
        let statement = self.prepare(sql).await?;
        for chunk in all.chunks(PIPELINE) {
            let begin = self.take_begin();
            let client = &self.client;
            let params: Vec<_> = chunk.iter().map(|params| borrowed(params)).collect();
            let some = join_all(params.iter().map(|params| client.query_one(&statement, params))).map(Ok);
            let some = after(client, begin, some).await.map_err(|error| failure::of(&error))?;
            rows.append(&mut read(sql, some)?);
        }
        Ok(rows)
    }
}

async fn send(
    client: &deadpool_postgres::Object,
    statement: Option<tokio_postgres::Statement>,
    params: &[&(dyn ToSql + Sync)],
) -> Result<(), tokio_postgres::Error> {
    match statement {
        Some(statement) => client.execute(&statement, params).await.map(drop),
        None => Ok(()),
    }
}

fn read(sql: &'static str, rows: Vec<Result<tokio_postgres::Row, tokio_postgres::Error>>) -> Result<Vec<Row>, StoreError> {
    rows.into_iter()
        .map(|row| row.map_err(|error| failure::of(&error)).and_then(|row| values::row(sql, &row)))
        .collect()
}

/// The columns of the events of a batch.
#[derive(Default)]
struct EventRows {
    organizations: Vec<Uuid>,
    seqs: Vec<i64>,
    kinds: Vec<&'static str>,
    audiences: Vec<&'static str>,
    audience_ids: Vec<Option<Uuid>>,
    audience_user_ids: Vec<Option<Uuid>>,
    payloads: Vec<String>,
}

impl EventRows {
    fn add(&mut self, organization: OrganizationId, last: i64, events: &[casewire_core::event::NewEvent]) -> Result<(), StoreError> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        for (seq, event) in (events::first_of(last, count)..).zip(events) {
            self.organizations.push(organization.uuid());
            self.seqs.push(seq);
            self.kinds.push(event.event.type_str());
            self.audiences.push(event.audience.kind_str());
            self.audience_ids.push(event.audience.id());
            self.audience_user_ids.push(event.audience.user_id());
            self.payloads.push(events::payload(event)?);
        }
        Ok(())
    }

    fn params<'p>(&'p self, at: &'p i64) -> [&'p (dyn ToSql + Sync); 8] {
        [
            &self.organizations,
            &self.seqs,
            at,
            &self.kinds,
            &self.audiences,
            &self.audience_ids,
            &self.audience_user_ids,
            &self.payloads,
        ]
    }
}

/// The columns of the entries of the audit of a batch.
#[derive(Default)]
struct EntryRows {
    organizations: Vec<Uuid>,
    seqs: Vec<i64>,
    ats: Vec<i64>,
    kinds: Vec<&'static str>,
    users: Vec<Option<Uuid>>,
    acts: Vec<String>,
    subjects: Vec<String>,
    cases: Vec<Option<Uuid>>,
    contacts: Vec<Option<Uuid>>,
    outcomes: Vec<String>,
    details: Vec<String>,
    hashes: Vec<Vec<u8>>,
}

impl EntryRows {
    fn add(&mut self, entry: &AuditEntry, hash: &Hash) {
        self.organizations.push(entry.organization_id.uuid());
        self.seqs.push(entry.seq);
        self.ats.push(entry.at.as_micros());
        self.kinds.push(entry.kind.as_str());
        self.users.push(entry.user_id.map(Id::uuid));
        self.acts.push(entry.act.clone());
        self.subjects.push(entry.subject.clone());
        self.cases.push(entry.case_id.map(Id::uuid));
        self.contacts.push(entry.contact_id.map(Id::uuid));
        self.outcomes.push(entry.outcome.clone());
        self.details.push(entry.detail.clone());
        self.hashes.push(hash.to_vec());
    }

    fn params(&self) -> [&(dyn ToSql + Sync); 12] {
        [
            &self.organizations,
            &self.seqs,
            &self.ats,
            &self.kinds,
            &self.users,
            &self.acts,
            &self.subjects,
            &self.cases,
            &self.contacts,
            &self.outcomes,
            &self.details,
            &self.hashes,
        ]
    }
}

/// The columns of the heads that a batch moves.
#[derive(Default)]
struct HeadRows {
    organizations: Vec<Uuid>,
    seqs: Vec<i64>,
    hashes: Vec<Vec<u8>>,
}

impl HeadRows {
    fn add(&mut self, organization: OrganizationId, head: audit::Head) {
        self.organizations.push(organization.uuid());
        self.seqs.push(head.seq);
        self.hashes.push(head.hash.to_vec());
    }

    fn params(&self) -> [&(dyn ToSql + Sync); 3] {
        [&self.organizations, &self.seqs, &self.hashes]
    }
}
