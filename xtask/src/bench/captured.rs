//! The statements that the server really runs, in their order, as PostgreSQL logs them: what the bare database is given to do is
//! taken from here, and how many statements a request needs is counted here. Both engines run the same texts.

use std::path::PathBuf;
use std::time::Duration;

use super::place::{connect, trouble};
use crate::process::Failure;

/// How long PostgreSQL may take to heed a changed setting, and to write its log.
const HEED: Duration = Duration::from_millis(700);

/// The statements of one transaction.
pub type Transaction = Vec<String>;

/// Listens to what PostgreSQL is asked.
pub struct Capture {
    server: String,
    log: PathBuf,
    from: usize,
}

impl Capture {
    /// From now on every statement is logged, which costs time: nothing is measured meanwhile.
    pub async fn begin(server: &str, log: PathBuf) -> Result<Self, Failure> {
        set(server, "alter system set log_statement = 'all'").await?;
        let from = std::fs::read(&log)?.len();
        Ok(Self {
            server: server.to_owned(),
            log,
            from,
        })
    }

    /// The transactions since the beginning in which a statement has these words.
    pub async fn end(self, words: &[&str]) -> Result<Vec<Transaction>, Failure> {
        tokio::time::sleep(HEED).await;
        set(&self.server, "alter system reset log_statement").await?;
        let log = std::fs::read(&self.log)?;
        let log = String::from_utf8_lossy(log.get(self.from..).unwrap_or_default()).into_owned();
        let wanted = |transaction: &Transaction| transaction.iter().any(|text| words.iter().any(|words| text.contains(words)));
        Ok(transactions(&log).into_iter().filter(wanted).collect())
    }
}

async fn set(server: &str, setting: &str) -> Result<(), Failure> {
    let client = connect(server).await?;
    client.batch_execute(setting).await.map_err(trouble)?;
    client.batch_execute("select pg_reload_conf()").await.map_err(trouble)?;
    tokio::time::sleep(HEED).await;
    Ok(())
}

/// What was run between `begin` and its end, process by process, in the order of their beginnings.
fn transactions(log: &str) -> Vec<Transaction> {
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut all: Vec<Transaction> = Vec::new();
    for (process, text) in statements(log) {
        let word = text.split([' ', ';']).next().unwrap_or_default().to_ascii_lowercase();
        let place = open.iter().position(|(of, _)| *of == process);
        match (word.as_str(), place) {
            ("begin", None) => {
                open.push((process, all.len()));
                all.push(Vec::new());
            }
            ("commit" | "rollback", Some(place)) => drop(open.swap_remove(place)),
            (_, Some(place)) => {
                let index = open.get(place).map(|(_, index)| *index);
                if let Some(transaction) = index.and_then(|index| all.get_mut(index)) {
                    transaction.push(text);
                }
            }
            (_, None) => {}
        }
    }
    all
}

/// Every statement with the process that ran it. Further lines of a statement begin with a tab.
fn statements(log: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut goes_on = false;
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if goes_on && let Some((_, text)) = all.last_mut() {
                text.push('\n');
                text.push_str(more);
            }
            continue;
        }
        let found = logged(line);
        goes_on = found.is_some();
        all.extend(found);
    }
    all
}

/// `2026-01-01 00:00:00.000 UTC [123] LOG:  execute s1: select …`, or `LOG:  statement: begin`.
fn logged(line: &str) -> Option<(String, String)> {
    let (before, said) = line.split_once(" LOG:  ")?;
    let process = before.rsplit_once('[')?.1.trim_end_matches(']').to_owned();
    let (how, text) = said.split_once(": ")?;
    (how == "statement" || how.starts_with("execute ")).then(|| (process, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_apart_by_process_and_transaction() {
        let log = "\
2026-01-01 00:00:00.000 UTC [7] LOG:  statement: begin
2026-01-01 00:00:00.000 UTC [8] LOG:  statement: begin isolation level repeatable read, read only
2026-01-01 00:00:00.000 UTC [7] LOG:  execute s1: select a
\tfrom b
2026-01-01 00:00:00.000 UTC [7] DETAIL:  parameters: $1 = 'x'
\ty
2026-01-01 00:00:00.000 UTC [8] LOG:  execute s0: select c
2026-01-01 00:00:00.000 UTC [7] LOG:  statement: commit
2026-01-01 00:00:00.000 UTC [7] LOG:  execute s2: select outside
2026-01-01 00:00:00.000 UTC [8] LOG:  statement: rollback
";
        let expected = vec![vec!["select a\nfrom b".to_owned()], vec!["select c".to_owned()]];
        assert_eq!(transactions(log), expected);
    }
}
