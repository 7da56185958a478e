//! The same work without the program: the statements that the server runs for a text, with the same number of parameters in the
//! same order, given to the bare database. A statement that is not known here is a failure, so that none is left out.

pub mod pgbench;
pub mod sqlite;

use std::path::Path;

use super::captured::{Capture, Transaction};
use super::node::Node;
use super::place::Place;
use super::senders::{Letters, Mix};
use super::town::Town;
use crate::load::engine::Engine;
use crate::load::server::Setting;
use crate::postgres::Postgres;
use crate::process::Failure;

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    Null,
    Int(i64),
    Word(&'static str),
    Organization,
    Line,
    Number,
    Message,
    Step,
    Conversation,
    Case,
    CaseNumber,
    Contact,
    Handset,
    ProviderId,
    Body,
    Receipt,
    Payload,
    At,
    Seq,
}

/// A statement and its parameters.
#[derive(Debug, Clone)]
pub struct Bound {
    pub text: String,
    pub parameters: Vec<Parameter>,
}

/// The work for one text, and what the server wrote where the bare database writes constants.
#[derive(Debug, Clone)]
pub struct Work {
    /// Whose the number is, asked before and outside of the transaction.
    pub before: Vec<Bound>,
    /// The transaction.
    pub transaction: Vec<Bound>,
    pub receipt: String,
    pub payload: String,
}

/// What the bare database did.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub per_second: f64,
    pub per_cpu_second: f64,
}

/// A text that goes to the one case of its sender, column by column.
fn text_row() -> Vec<Parameter> {
    use Parameter::{
        At, Body, Case, CaseNumber, Contact, Conversation, Handset, Int, Message, Null, Number, Organization, ProviderId, Receipt, Word,
    };
    let inbound = Word("inbound");
    vec![
        Organization,
        Message,
        Conversation,
        inbound,
        Word("routed"),
        CaseNumber,
        Case,
        Null,
        Contact,
        Word("Client"),
        Null,
        Handset,
        Number,
        Body,
        Int(0),
        At,
        At,
        ProviderId,
        Word("only_case"),
        Receipt,
        Null,
        Null,
        Int(0),
        Null,
        Null,
    ]
}

/// How statements are recognised, and what their parameters are.
fn known() -> Vec<(&'static str, Vec<Parameter>)> {
    use Parameter::{At, Body, Case, Conversation, Handset, Int, Line, Message, Null, Organization, Payload, ProviderId, Seq, Step, Word};
    let (inbound, text) = (Word("inbound"), Word("text"));
    vec![
        ("select n.organization_id, n.id, n.e164", vec![Line]),
        ("select 'link', ", vec![Organization, Handset, ProviderId]),
        ("insert into sms_history ", text_row()),
        (
            "insert into conversation_items ",
            vec![Organization, Conversation, At, Message, text],
        ),
        (
            "update conversations set last_item_id = case ",
            vec![Organization, Conversation, At, Message, Body, inbound, Int(0), Null],
        ),
        (
            "insert into sms_steps ",
            vec![Organization, Message, Step, At, Word("routed"), Null, Null, Case, Null],
        ),
        ("select v.id, v.kind, ", vec![Organization, Conversation]),
        ("select m.id, i.conversation_id, ", vec![Organization, Conversation, Message]),
        ("insert into event_counters ", vec![Organization, Int(1)]),
        // On PostgreSQL the events of a batch are arrays; here each has one element.
        (
            "insert into events ",
            vec![
                Organization,
                Seq,
                At,
                Word("message_placed"),
                Word("case_texts"),
                Case,
                Null,
                Payload,
            ],
        ),
    ]
}

fn bind(text: String) -> Result<Bound, Failure> {
    let found = known().into_iter().find(|(beginning, _)| text.starts_with(beginning));
    match found {
        Some((_, parameters)) => Ok(Bound { text, parameters }),
        None => Err(Failure::new(format!(
            "the server runs a statement that this benchmark does not know: {text}"
        ))),
    }
}

impl Work {
    /// Watches the server take in one text on PostgreSQL.
    pub async fn watch(executable: &Path, server: &Postgres, town: Town) -> Result<Self, Failure> {
        let setting = Setting::fresh("bench-capture")?;
        let place = Place::fresh(Engine::Postgres, "captured", &setting.data, &server.url()).await?;
        place.fill(executable, Town { texts_each: 1, ..town }).await?;
        let node = Node::start(executable, &setting, &place)?;
        // The first texts bring the caches into their ordinary state.
        send(&node, 0, 20).await?;
        let capture = Capture::begin(&server.url(), server.log()).await?;
        send(&node, 20, 1).await?;
        let transactions = capture
            .end(&["from organization_numbers n where n.e164", "insert into sms_history"])
            .await?;
        node.stop()?;
        let receipt = place
            .newest("select receipt from sms_history where receipt is not null order by created_at desc limit 1")
            .await?;
        let payload = place.newest("select payload from events order by at desc limit 1").await?;
        std::fs::remove_dir_all(&setting.data)?;
        Self::of(transactions, receipt, payload)
    }

    fn of(transactions: Vec<Transaction>, receipt: String, payload: String) -> Result<Self, Failure> {
        let bound = |texts: Transaction| texts.into_iter().map(bind).collect::<Result<Vec<_>, _>>();
        let mut transactions = transactions.into_iter();
        match (transactions.next(), transactions.next(), transactions.next()) {
            (Some(before), Some(transaction), None) => Ok(Self {
                before: bound(before)?,
                transaction: bound(transaction)?,
                receipt,
                payload,
            }),
            _ => Err(Failure::new("one text is not one read and one transaction any more")),
        }
    }

    /// How many statements a text takes.
    pub fn statements(&self) -> usize {
        self.before.len() + self.transaction.len()
    }
}

async fn send(node: &Node, first: usize, count: usize) -> Result<(), Failure> {
    let letters = std::sync::Arc::new(Letters::write(node.address, Mix::Routed, first, count));
    letters.post(node.address, 1, std::time::Duration::from_secs(30), 0).await.map(drop)
}

/// Replaces each `$1`, `$2` … of a statement.
fn with_parameters(text: &str, mut parameter: impl FnMut(usize) -> Result<String, Failure>) -> Result<String, Failure> {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        written.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (number, remaining) = after.split_at(digits);
        match number.parse::<usize>() {
            Ok(number) => written.push_str(&parameter(number)?),
            Err(_) => written.push('$'),
        }
        rest = remaining;
    }
    written.push_str(rest);
    Ok(written)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn parameters_are_replaced_by_their_whole_numbers() {
        let written = with_parameters("select $1, '$', $12::uuid[]", |number| Ok(format!("<{number}>"))).unwrap();
        assert_eq!(written, "select <1>, '$', <12>::uuid[]");
    }

    #[test]
    fn a_statement_that_is_not_known_is_a_failure() {
        assert!(bind("select 1".to_owned()).is_err());
        assert_eq!(bind("insert into sms_history (…) …".to_owned()).unwrap().parameters.len(), 25);
    }
}
