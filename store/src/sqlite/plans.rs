//! What SQLite's planner is told of the tables. Without figures it takes any index that begins with the organization for as good
//! as the right one, and reads all of a firm's people for each text. The figures are of a typical firm and made from the schema,
//! not from the rows: a plan is the same on every file and does not change over night. Source: sqlite.org/optoverview.html, 6.2 f.

use rusqlite::Connection;

/// How many rows a table has, and how many of them a firm.
const ROWS: u32 = 1_000_000;
const ORGANIZATIONS: u32 = 50;
/// How many of them a partial index holds.
const PART: u32 = 100;
/// Columns of few different values, and how many.
const COARSE: [&str; 8] = [
    "kind",
    "status",
    "standing",
    "direction",
    "type",
    "team_id",
    "role_id",
    "contact_role_id",
];
const VALUES: u32 = 5;
/// How many rows share the value of any other column at most, by its place in the index.
const ALIKE: [u32; 4] = [10, 10, 5, 2];

/// An index of the schema.
struct Index {
    table: String,
    name: String,
    columns: Vec<String>,
    is_unique: bool,
    is_partial: bool,
}

/// Writes the figures, unless they are there. Other connections take them over with their next statement, for the schema changes.
pub(crate) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    let figures: Vec<_> = indexes(connection)?.iter().map(figure).collect();
    if stored(connection)? == figures {
        return Ok(());
    }
    connection
        .execute_batch("begin immediate; drop table if exists sqlite_stat1; drop table if exists sqlite_stat4; analyze sqlite_schema;")?;
    {
        let mut insert = connection.prepare("insert into sqlite_stat1 (tbl, idx, stat) values (?1, ?2, ?3)")?;
        for (table, index, stat) in &figures {
            insert.execute((table, index, stat))?;
        }
    }
    connection.execute_batch("commit")
}

fn stored(connection: &Connection) -> rusqlite::Result<Vec<(String, String, String)>> {
    let count: i64 = connection.query_row("select count(*) from sqlite_schema where name = 'sqlite_stat1'", [], |row| {
        row.get(0)
    })?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("select tbl, idx, stat from sqlite_stat1 where idx is not null order by tbl, idx")?;
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

fn indexes(connection: &Connection) -> rusqlite::Result<Vec<Index>> {
    let mut statement = connection.prepare(
        "select t.name, i.name, i.\"unique\", i.partial, c.name from sqlite_schema t \
         join pragma_index_list(t.name) i join pragma_index_info(i.name) c \
         where t.type = 'table' and t.name not like 'sqlite!_%' escape '!' and t.name not like 'search!_index%' escape '!' order by t.name, i.name, c.seqno",
    )?;
    let mut rows = statement.query([])?;
    let mut all: Vec<Index> = Vec::new();
    while let Some(row) = rows.next()? {
        let (table, name, column): (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(4)?);
        if all.last().is_none_or(|last| last.name != name) {
            all.push(Index {
                table,
                name,
                columns: Vec::new(),
                is_unique: row.get(2)?,
                is_partial: row.get(3)?,
            });
        }
        if let Some(last) = all.last_mut() {
            last.columns.push(column.unwrap_or_default());
        }
    }
    Ok(all)
}

/// How many rows there are, and how many agree in the first column, in the first two, and so on.
fn figure(index: &Index) -> (String, String, String) {
    let rows = if index.is_partial { ROWS / PART } else { ROWS };
    let mut figures = vec![rows];
    let mut left = rows;
    for (place, column) in index.columns.iter().enumerate() {
        left = match column.as_str() {
            "organization_id" => left / ORGANIZATIONS,
            coarse if COARSE.contains(&coarse) => left / VALUES,
            _ => left.min(ALIKE.get(place).copied().unwrap_or(1)),
        }
        .max(1);
        figures.push(left);
    }
    if index.is_unique
        && let Some(last) = figures.last_mut()
    {
        *last = 1;
    }
    let stat = figures.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    (index.table.clone(), index.name.clone(), stat)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::migrate;

    fn migrated() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::runner(migrate::SQLITE).unwrap().run(&mut connection).unwrap();
        settle(&connection).unwrap();
        connection.execute_batch("analyze sqlite_schema").unwrap();
        connection
    }

    fn plan(connection: &Connection, sql: &str) -> Vec<String> {
        let sql = format!("explain query plan {}", sql.replace('$', "?"));
        let mut statement = connection.prepare(&sql).unwrap();
        let mut rows = statement.raw_query();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            lines.push(row.get::<_, String>(3).unwrap());
        }
        lines
    }

    /// Statements that are run for each text or each look at a case: none reads all that a firm has of anything. `l` is no table,
    /// it is the people of one case.
    #[test]
    fn what_a_text_needs_is_never_found_by_the_organization_alone() {
        let connection = migrated();
        let of_a_text = [
            crate::inbound::GATHER,
            crate::message_view::CONVERSATION,
            crate::message_view::MESSAGE_IN,
            crate::numbers::OWNER,
            crate::sign_ins::FIND,
            crate::cases::reach::REACH,
            crate::case_contacts::LIST,
        ];
        for sql in of_a_text {
            for line in plan(&connection, sql) {
                let by_organization = line.contains("(organization_id=?)") && !line.contains("contact_role_choices");
                let scans_a_table = line.starts_with("SCAN") && line != "SCAN l";
                assert!(!by_organization && !scans_a_table, "{line} in {sql}");
            }
        }
    }

    /// With the default settings a parameter of another value makes SQLite plan most of these statements anew.
    #[test]
    fn a_statement_is_planned_once_whatever_its_parameters_hold() {
        let path = std::env::temp_dir().join(format!("casewire-plans-{}.db", crate::mint::<casewire_core::id::CaseId>()));
        migrate::sqlite(&path).unwrap();
        let session = crate::sqlite::Session::writer(&path).unwrap();
        let selects = crate::statements::ALL
            .iter()
            .copied()
            .flatten()
            .filter(|sql| sql.starts_with("select"));
        let mut planned_anew = Vec::new();
        for sql in selects {
            let mut statement = session.connection.prepare(&sql.replace('$', "?")).unwrap();
            for value in [1_i64, 2, 3] {
                let values = vec![value; statement.parameter_count()];
                let mut rows = statement.query(rusqlite::params_from_iter(values)).unwrap();
                while rows.next().unwrap().is_some() {}
            }
            if statement.get_status(rusqlite::StatementStatus::RePrepare) > 0 {
                planned_anew.push(*sql);
            }
        }
        assert!(planned_anew.is_empty(), "{} statements: {planned_anew:#?}", planned_anew.len());
        drop(session);
        for end in ["db", "db-wal", "db-shm"] {
            std::fs::remove_file(path.with_extension(end)).unwrap_or_default();
        }
    }

    #[test]
    fn a_second_look_finds_the_figures_there_and_writes_nothing() {
        let connection = migrated();
        let changes = connection.total_changes();
        settle(&connection).unwrap();
        assert_eq!(connection.total_changes(), changes);
    }

    #[test]
    fn a_unique_index_ends_in_one_row_and_an_organization_is_a_fiftieth() {
        let index = Index {
            table: "t".to_owned(),
            name: "i".to_owned(),
            columns: ["organization_id", "kind", "at"].map(str::to_owned).to_vec(),
            is_unique: true,
            is_partial: false,
        };
        assert_eq!(figure(&index).2, "1000000 20000 4000 1");
    }
}
