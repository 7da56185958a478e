//! The bare PostgreSQL: `pgbench` with the statements prepared, one transaction a text, as many connections as senders.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::{Bound, Parameter, Rate, Work, with_parameters};
use crate::bench::place::trouble;
use crate::bench::senders::body;
use crate::bench::town::{CASES_EACH, CONTACTS_EACH, FIRST, Kind, ORGANIZATIONS, ROUTED};
use crate::load::cpu;
use crate::postgres::{self, Postgres};
use crate::process::{Failure, output};

/// How far apart the numbers of rounds are.
const ROUND: usize = 100_000_000;

/// Runs it for so many seconds on a database; `round` must be another one each time.
pub fn run(
    work: &Work,
    (server, url): (&Postgres, &str),
    (senders, seconds): (usize, u64),
    round: usize,
    folder: &Path,
) -> Result<Rate, Failure> {
    let script = folder.join("pgbench.sql");
    std::fs::write(&script, text(work)?)?;
    let pid = server
        .pid()
        .ok_or_else(|| Failure::new("the throw-away PostgreSQL has no process id"))?;
    let now = crate::bench::place::now()?;
    let mut pgbench = command(url)?;
    pgbench.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
    pgbench.args(["--client", &senders.to_string(), "--time", &seconds.to_string()]);
    pgbench.args(["--define", &format!("n={}", round * ROUND), "--define", &format!("start={now}")]);
    pgbench.arg("--file").arg(&script);
    let before = cpu::seconds_of_family(pid)?;
    let said = output(&mut pgbench)?;
    let cpu_seconds = cpu::seconds_of_family(pid)? - before;
    let figure = |words: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(words))?;
        line.split([' ', '/']).next()?.parse::<f64>().ok()
    };
    match (
        figure("tps = "),
        figure("number of transactions actually processed: "),
        figure("number of failed transactions: "),
    ) {
        (Some(per_second), Some(count), None | Some(0.0)) => Ok(Rate {
            per_second,
            per_cpu_second: count / cpu_seconds.max(0.01),
        }),
        _ => Err(Failure::new(format!(
            "pgbench did not say how many transactions it did, or some failed:\n{said}"
        ))),
    }
}

/// Its connection is given by the environment: an argument would show the password to everybody on the machine.
fn command(url: &str) -> Result<Command, Failure> {
    let config: tokio_postgres::Config = url.parse().map_err(trouble)?;
    let folder = postgres::programs().ok_or_else(|| Failure::new("there is no PostgreSQL 15 or newer on this machine"))?;
    let port = config.get_ports().first().copied().unwrap_or_default().to_string();
    let mut command = Command::new(folder.join("pgbench"));
    command.env("PGHOST", "127.0.0.1").env("PGPORT", port);
    command.env("PGUSER", config.get_user().unwrap_or_default());
    command.env(
        "PGPASSWORD",
        String::from_utf8_lossy(config.get_password().unwrap_or_default()).as_ref(),
    );
    command.env("PGDATABASE", config.get_dbname().unwrap_or_default());
    Ok(command)
}

/// The script. Ids are put together in the statements, for pgbench's own variables are numbers.
fn text(work: &Work) -> Result<String, Failure> {
    let people = ROUTED.end - 1;
    let offices = ORGANIZATIONS - 1;
    let mut script = format!(
        "\\set office case when random(1, 10) = 1 then 0 else random(0, {offices}) end\n\
         \\set index random(0, {people})\n\
         \\set n :n + 1\n\
         \\set serial {FIRST} + :n * 1000 + :client_id\n\
         \\set organization {FIRST} + :office\n\
         \\set contact {FIRST} + :office * {CONTACTS_EACH} + :index\n\
         \\set matter {FIRST} + :office * {CASES_EACH} + :index % {CASES_EACH}\n\
         \\set handset 2125000000 + :office * {CONTACTS_EACH} + :index\n\
         \\set line 6465000000 + :office\n\
         \\set at :start + :n\n"
    );
    for bound in &work.before {
        script.push_str(&statement(work, bound)?);
    }
    script.push_str("begin;\n");
    for bound in &work.transaction {
        script.push_str(&statement(work, bound)?);
    }
    script.push_str("commit;\n");
    Ok(script)
}

fn statement(work: &Work, bound: &Bound) -> Result<String, Failure> {
    let is_counter = bound.text.starts_with("insert into event_counters ");
    let are_arrays = bound.text.contains("unnest(");
    // The time of the events of a batch is one for all of them, and comes third.
    let places: Vec<Parameter> = if are_arrays {
        let mut places: Vec<Parameter> = bound.parameters.clone();
        places.retain(|parameter| matches!(parameter, Parameter::Organization | Parameter::Seq | Parameter::At));
        places.extend(bound.parameters.iter().copied().skip(3));
        places
    } else {
        bound.parameters.clone()
    };
    let mut script = with_parameters(&bound.text, |number| {
        let parameter = number.checked_sub(1).and_then(|index| places.get(index)).copied();
        let parameter = parameter.ok_or_else(|| Failure::new(format!("a statement has more parameters than are known: {}", bound.text)))?;
        let written = expression(work, parameter);
        Ok(if are_arrays && parameter != Parameter::At {
            format!("array[{written}]")
        } else {
            written
        })
    })?;
    // A statement with a result that is needed later is ended by its name for it.
    script.push_str(if is_counter { " \\gset\n" } else { ";\n" });
    Ok(script)
}

fn expression(work: &Work, parameter: Parameter) -> String {
    let id = |kind: Kind, variable: &str| format!("('{}' || cast(:{variable} as text))::uuid", kind.prefix());
    match parameter {
        Parameter::Null => "null".to_owned(),
        Parameter::Int(int) => int.to_string(),
        Parameter::Word(word) => literal(word),
        Parameter::Organization => id(Kind::Organization, "organization"),
        Parameter::Line => "('+1' || cast(:line as text))".to_owned(),
        Parameter::Number => id(Kind::Number, "organization"),
        Parameter::Message => id(Kind::Message, "serial"),
        Parameter::Step => id(Kind::Step, "serial"),
        Parameter::Conversation => id(Kind::Conversation, "contact"),
        Parameter::Case => id(Kind::Case, "matter"),
        Parameter::CaseNumber => "cast(:matter as text)".to_owned(),
        Parameter::Contact => id(Kind::Contact, "contact"),
        Parameter::Handset => "('+1' || cast(:handset as text))".to_owned(),
        Parameter::ProviderId => "('SM0000000000000000' || cast(:serial as text))".to_owned(),
        Parameter::Body => literal(&body(0)),
        Parameter::Receipt => literal(&work.receipt),
        Parameter::Payload => literal(&work.payload),
        Parameter::At => "cast(:at as bigint)".to_owned(),
        Parameter::Seq => "cast(:last_seq as bigint)".to_owned(),
    }
}

/// A constant. pgbench would take a colon for the beginning of a variable, so another character of the same length stands for it.
fn literal(words: &str) -> String {
    let mut text = String::from("'");
    for character in words.chars() {
        match character {
            ':' => text.push('='),
            '\'' => text.push_str("''"),
            other => text.push(other),
        }
    }
    // Writing into a string does not fail.
    write!(text, "'").unwrap_or_default();
    text
}
