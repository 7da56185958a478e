//! The two migrations give one logical schema apart from full text, every statement prepares on both engines, and a newer database is refused.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use casewire_store::testing::{TestDatabase, postgres_statements, sqlite_statements, statements};
use casewire_store::{Store, StoreError, on_both_engines};
use tokio_postgres::{Client, NoTls};

async fn client(db: &TestDatabase) -> Client {
    let (client, connection) = db.server().unwrap().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn file(db: &TestDatabase) -> rusqlite::Connection {
    rusqlite::Connection::open(db.path().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_prepares_on_postgres() {
    let db = TestDatabase::postgres().await;
    let client = client(&db).await;
    let mut refused = Vec::new();
    for text in statements().into_iter().chain(postgres_statements()) {
        if let Err(error) = client.prepare(text).await {
            refused.push(format!("{text}: {}", error.as_db_error().map_or("", |error| error.message())));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_prepares_on_sqlite_with_as_many_parameters() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::postgres().await);
    let (file, client) = (file(&sqlite), client(&postgres).await);
    let mut refused = Vec::new();
    for text in statements() {
        let parameters = client.prepare(text).await.map(|statement| statement.params().len());
        match (file.prepare(&text.replace('$', "?")), parameters) {
            (Ok(statement), Ok(count)) if statement.parameter_count() != count => refused.push(format!("{text}: other parameters")),
            (Ok(_), _) => {}
            (Err(error), _) => refused.push(error.to_string()),
        }
    }
    for text in sqlite_statements() {
        if let Err(error) = file.prepare(&text.replace('$', "?")) {
            refused.push(error.to_string());
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

/// One line per column, key, index and reference, in words that both engines share.
type Schema = BTreeSet<String>;

const POSTGRES_COLUMNS: &str = "select c.table_name || '.' || c.column_name || ' ' || c.data_type || ' ' || c.is_nullable from information_schema.columns c \
    where c.table_schema = 'public' and c.table_name <> 'refinery_schema_history' and c.column_name <> 'terms'";
const POSTGRES_INDEXES: &str = "select t.relname || ' ' || case when x.indisprimary then 'key' when x.indisunique then 'unique' else 'index' end || ' (' || \
    (select string_agg(a.attname, ',' order by k.n) from unnest(x.indkey::int2[]) with ordinality k (c, n) \
     join pg_attribute a on a.attrelid = t.oid and a.attnum = k.c) || ')' || case when x.indpred is null then '' else ' partial' end || \
    case when exists (select 1 from pg_constraint where conindid = x.indexrelid) then '' else ' ' || i.relname end \
    from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid join pg_namespace s on s.oid = t.relnamespace \
    where s.nspname = 'public' and t.relname <> 'refinery_schema_history' and i.relname <> 'search_documents_terms'";
const POSTGRES_REFERENCES: &str = "select t.relname || ' -> ' || f.relname || ' (' || \
    (select string_agg(a.attname, ',' order by k.n) from unnest(x.conkey) with ordinality k (c, n) \
     join pg_attribute a on a.attrelid = t.oid and a.attnum = k.c) || ')' \
    from pg_constraint x join pg_class t on t.oid = x.conrelid join pg_class f on f.oid = x.confrelid where x.contype = 'f'";
const SQLITE_COLUMNS: &str = "select m.name || '.' || c.name || ' ' || lower(c.type) || ' ' || case when c.\"notnull\" = 1 then 'NO' else 'YES' end \
    from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table' and m.name <> 'refinery_schema_history' and m.name not like 'sqlite%' and m.name not like 'search!_index%' escape '!'";
const SQLITE_INDEXES: &str = "select m.name || ' ' || case when i.origin = 'pk' then 'key' when i.\"unique\" = 1 then 'unique' else 'index' end || ' (' || \
    (select group_concat(k.name, ',') from (select name from pragma_index_info(i.name) order by seqno) k) || ')' || \
    case when i.partial = 1 then ' partial' else '' end || case when i.origin = 'c' then ' ' || i.name else '' end \
    from sqlite_schema m, pragma_index_list(m.name) i where m.type = 'table' and m.name <> 'refinery_schema_history' and m.name not like 'sqlite%' and m.name not like 'search!_index%' escape '!'";
const SQLITE_REFERENCES: &str = "select line || ' (' || group_concat(column_name, ',') || ')' from (select m.name || ' -> ' || f.\"table\" as line, \
    f.id as reference, f.\"from\" as column_name from sqlite_schema m, pragma_foreign_key_list(m.name) f where m.type = 'table' order by m.name, f.id, f.seq) \
    group by line, reference";

/// Ids and bytes are one type in SQLite.
fn in_sqlite_types(line: &str) -> String {
    line.replace(" uuid ", " blob ")
        .replace(" bytea ", " blob ")
        .replace(" bigint ", " integer ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_migrations_give_the_same_logical_schema() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::postgres().await);
    let (file, client) = (file(&sqlite), client(&postgres).await);
    for (on_sqlite, on_postgres) in [
        (SQLITE_COLUMNS, POSTGRES_COLUMNS),
        (SQLITE_INDEXES, POSTGRES_INDEXES),
        (SQLITE_REFERENCES, POSTGRES_REFERENCES),
    ] {
        let mut statement = file.prepare(on_sqlite).unwrap();
        let sqlite: Schema = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let rows = client.query(on_postgres, &[]).await.unwrap();
        let postgres: Schema = rows.iter().map(|row| in_sqlite_types(row.get(0))).collect();
        assert!(sqlite.len() > 20, "{sqlite:?}");
        let only_sqlite: Vec<_> = sqlite.difference(&postgres).collect();
        let only_postgres: Vec<_> = postgres.difference(&sqlite).collect();
        assert!(
            only_sqlite.is_empty() && only_postgres.is_empty(),
            "SQLite alone: {only_sqlite:#?}\nPostgreSQL alone: {only_postgres:#?}"
        );
    }
}

on_both_engines! {
    async fn a_migrated_database_has_the_newest_version_and_migrates_again_to_no_effect(db: TestDatabase) {
        let newest = db.store().newest_schema_version();
        assert_eq!(db.store().schema_version().await.unwrap(), newest);
        db.store().migrate().await.unwrap();
        assert_eq!(db.store().schema_version().await.unwrap(), newest);
    }

    async fn a_database_newer_than_the_program_is_neither_opened_nor_migrated(db: TestDatabase) {
        let insert = "insert into refinery_schema_history (version, name, applied_on, checksum) values (999, 'future', '2030-01-01T00:00:00Z', '1')";
        match db.server() {
            Some(_) => client(&db).await.batch_execute(insert).await.unwrap(),
            None => file(&db).execute_batch(insert).unwrap(),
        }
        let refused = StoreError::Newer { database: 999, program: db.store().newest_schema_version() };
        assert_eq!(Store::open(db.options()).await.err(), Some(refused.clone()));
        assert_eq!(db.store().migrate().await, Err(refused));
    }
}
