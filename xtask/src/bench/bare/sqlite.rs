//! The bare SQLite: one thread, prepared statements, as many texts per commit as there are senders, at most 32; the events of a
//! commit are numbered together at its end, as the program does.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use trial::Random;

use super::{Bound, Parameter, Rate, Work, with_parameters};
use crate::bench::place::{self, trouble};
use crate::bench::senders::body;
use crate::bench::town::{CONTACTS_EACH, Cell, Kind, ORGANIZATIONS, ROUTED, case_number, handset, home_case, home_conversation, line};
use crate::load::cpu;
use crate::load::stopwatch::Stopwatch;
use crate::process::Failure;

/// How many texts share a commit at most.
const TOGETHER: usize = 32;
/// How far apart the numbers of rounds are.
const ROUND: u64 = 100_000_000;
/// PostgreSQL writes the events of a batch in one statement, SQLite one by one.
const INSERT_EVENT: &str = "insert into events (organization_id, seq, at, type, audience, audience_id, audience_user_id, payload) values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// One text.
#[derive(Clone, Copy)]
struct Text {
    serial: u64,
    contact: u64,
    at: i64,
}

/// A statement as SQLite reads it: it numbers `$1` by first appearance and `?1` by its digits.
fn statement(bound: &Bound) -> Result<Bound, Failure> {
    Ok(Bound {
        text: with_parameters(&bound.text, |number| Ok(format!("?{number}")))?,
        parameters: bound.parameters.clone(),
    })
}

/// Runs it for so long on a file; `round` must be another one each time.
pub fn run(work: &Work, path: &Path, senders: usize, length: Duration, round: usize) -> Result<Rate, Failure> {
    let database = place::open(path)?;
    let round = u64::try_from(round).unwrap_or_default();
    let mut random = Random::new(round);
    let batch = senders.min(TOGETHER);
    let now = place::now()?;
    let mut writer = Writer::new(&database, work)?;
    let before = cpu::seconds(std::process::id())?;
    let (watch, mut count) = (Stopwatch::start(), 0_u64);
    while watch.elapsed() < length {
        let mut texts = Vec::with_capacity(batch);
        for _ in 0..batch {
            count += 1;
            texts.push(Text {
                serial: round * ROUND + count,
                contact: contact(&mut random),
                at: now + i64::try_from(count).unwrap_or_default(),
            });
        }
        writer.commit(&texts)?;
    }
    let (within, cpu_seconds) = (watch.elapsed(), cpu::seconds(std::process::id())? - before);
    #[expect(clippy::cast_precision_loss, reason = "a count of texts is far below 2^52")]
    let count = count as f64;
    Ok(Rate {
        per_second: count / within.as_secs_f64(),
        per_cpu_second: count / cpu_seconds.max(0.01),
    })
}

fn contact(random: &mut Random) -> u64 {
    let mut below = |limit: u64| u64::try_from(random.below(usize::try_from(limit).unwrap_or(usize::MAX))).unwrap_or_default();
    let organization = if below(10) == 0 { 0 } else { below(ORGANIZATIONS) };
    organization * CONTACTS_EACH + below(ROUTED.end)
}

struct Writer<'d> {
    database: &'d rusqlite::Connection,
    work: &'d Work,
    before: Vec<Bound>,
    first: Vec<Bound>,
    take_numbers: Bound,
    insert_event: Bound,
}

impl<'d> Writer<'d> {
    fn new(database: &'d rusqlite::Connection, work: &'d Work) -> Result<Self, Failure> {
        let is_of_events = |bound: &&Bound| bound.text.starts_with("insert into event");
        let all = |bounds: &[Bound]| bounds.iter().map(statement).collect::<Result<Vec<_>, _>>();
        let find = |words: &str| work.transaction.iter().find(|bound| bound.text.starts_with(words)).cloned();
        let (Some(take_numbers), Some(mut insert_event)) = (find("insert into event_counters "), find("insert into events ")) else {
            return Err(Failure::new("a text is not an event any more"));
        };
        INSERT_EVENT.clone_into(&mut insert_event.text);
        let first: Vec<Bound> = work.transaction.iter().filter(|bound| !is_of_events(bound)).cloned().collect();
        Ok(Self {
            database,
            work,
            before: all(&work.before)?,
            first: all(&first)?,
            take_numbers: statement(&take_numbers)?,
            insert_event: statement(&insert_event)?,
        })
    }

    fn commit(&mut self, texts: &[Text]) -> Result<(), Failure> {
        for text in texts {
            for bound in &self.before {
                self.run(bound, *text, 0, 1)?;
            }
        }
        self.command("begin immediate")?;
        let mut events: BTreeMap<u64, Vec<Text>> = BTreeMap::new();
        for text in texts {
            for bound in &self.first {
                self.run(bound, *text, 0, 1)?;
            }
            events.entry(text.contact / CONTACTS_EACH).or_default().push(*text);
        }
        for texts in events.values() {
            let Some(any) = texts.first() else { continue };
            let count = i64::try_from(texts.len()).unwrap_or_default();
            let last = self.run(&self.take_numbers, *any, 0, count)?;
            for (seq, text) in (last - count + 1..).zip(texts) {
                self.run(&self.insert_event, *text, seq, 1)?;
            }
        }
        self.command("commit")
    }

    fn command(&self, words: &str) -> Result<(), Failure> {
        let mut statement = self.database.prepare_cached(words).map_err(trouble)?;
        statement.execute([]).map(drop).map_err(trouble)
    }

    /// Runs a statement to its end; the last integer of its first column.
    fn run(&self, bound: &Bound, text: Text, seq: i64, count: i64) -> Result<i64, Failure> {
        let mut statement = self.database.prepare_cached(&bound.text).map_err(trouble)?;
        let values = bound.parameters.iter().map(|parameter| self.value(*parameter, text, seq, count));
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(trouble)?;
        let mut last = 0;
        while let Some(row) = rows.next().map_err(trouble)? {
            if let rusqlite::types::ValueRef::Integer(int) = row.get_ref(0).map_err(trouble)? {
                last = int;
            }
        }
        Ok(last)
    }

    fn value(&self, parameter: Parameter, text: Text, seq: i64, count: i64) -> Cell {
        let Text { serial, contact, at } = text;
        let organization = contact / CONTACTS_EACH;
        match parameter {
            Parameter::Null => Cell::Null,
            // The only statement with a count is the one that takes numbers.
            Parameter::Int(1) => Cell::Int(count),
            Parameter::Int(int) => Cell::Int(int),
            Parameter::Word(word) => Cell::Text(word.to_owned()),
            Parameter::Organization => Cell::Id(Kind::Organization.id(organization)),
            Parameter::Line => Cell::Text(line(organization)),
            Parameter::Number => Cell::Id(Kind::Number.id(organization)),
            Parameter::Message => Cell::Id(Kind::Message.id(serial)),
            Parameter::Step => Cell::Id(Kind::Step.id(serial)),
            Parameter::Conversation => Cell::Id(Kind::Conversation.id(home_conversation(contact))),
            Parameter::Case => Cell::Id(Kind::Case.id(home_case(contact))),
            Parameter::CaseNumber => Cell::Text(case_number(home_case(contact))),
            Parameter::Contact => Cell::Id(Kind::Contact.id(contact)),
            Parameter::Handset => Cell::Text(handset(contact)),
            Parameter::ProviderId => Cell::Text(format!("SM{:032x}", Kind::Message.id(serial))),
            Parameter::Body => Cell::Text(body(0)),
            Parameter::Receipt => Cell::Text(self.work.receipt.clone()),
            Parameter::Payload => Cell::Text(self.work.payload.clone()),
            Parameter::At => Cell::Int(at),
            Parameter::Seq => Cell::Int(seq),
        }
    }
}
