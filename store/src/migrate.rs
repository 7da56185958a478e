//! The migrations of both engines, the version a database has, and the refusal of one that is newer than the program. A
//! migration is a numbered SQL file per engine in `store/migrations`, and one line here.

use std::path::Path;

use deadpool_postgres::{Object, Pool};
use refinery::{Migration, Runner};
use tokio_postgres::Client;

use crate::error::StoreError;
use crate::{postgres, sqlite};

/// The texts of one engine, in order.
pub(crate) type Texts = &'static [(&'static str, &'static str)];

/// The migrations of SQLite.
pub(crate) const SQLITE: Texts = &[
    ("V1__foundation", include_str!("../migrations/sqlite/V1__foundation.sql")),
    ("V2__calls", include_str!("../migrations/sqlite/V2__calls.sql")),
    ("V3__audit", include_str!("../migrations/sqlite/V3__audit.sql")),
    (
        "V4__tasks_and_documents",
        include_str!("../migrations/sqlite/V4__tasks_and_documents.sql"),
    ),
    (
        "V5__search_and_reports",
        include_str!("../migrations/sqlite/V5__search_and_reports.sql"),
    ),
    ("V6__twilio_calls", include_str!("../migrations/sqlite/V6__twilio_calls.sql")),
    ("V7__local_voice", include_str!("../migrations/sqlite/V7__local_voice.sql")),
];
/// The migrations of PostgreSQL.
pub(crate) const POSTGRES: Texts = &[
    ("V1__foundation", include_str!("../migrations/postgres/V1__foundation.sql")),
    ("V2__calls", include_str!("../migrations/postgres/V2__calls.sql")),
    ("V3__audit", include_str!("../migrations/postgres/V3__audit.sql")),
    (
        "V4__tasks_and_documents",
        include_str!("../migrations/postgres/V4__tasks_and_documents.sql"),
    ),
    (
        "V5__search_and_reports",
        include_str!("../migrations/postgres/V5__search_and_reports.sql"),
    ),
    ("V6__twilio_calls", include_str!("../migrations/postgres/V6__twilio_calls.sql")),
    ("V7__local_voice", include_str!("../migrations/postgres/V7__local_voice.sql")),
];

/// What brings a database of one engine up to date.
pub(crate) fn runner(texts: Texts) -> Result<Runner, StoreError> {
    let migrations: Vec<Migration> = texts
        .iter()
        .map(|(name, text)| Migration::unapplied(name, text))
        .collect::<Result<_, _>>()
        .map_err(|error| failed(&error))?;
    Ok(Runner::new(&migrations))
}

/// The newest version this program knows.
pub(crate) fn newest(texts: Texts) -> u32 {
    let number = |name: &str| name.strip_prefix('V')?.split("__").next()?.parse().ok();
    texts.iter().filter_map(|(name, _)| number(name)).max().unwrap_or(0)
}

/// Refuses a database that is newer than the program.
pub(crate) fn check(database: u32, texts: Texts) -> Result<(), StoreError> {
    let program = newest(texts);
    if database > program {
        Err(StoreError::Newer { database, program })
    } else {
        Ok(())
    }
}

/// Migrates a file on a connection of its own; another process that migrates it is waited for.
pub(crate) fn sqlite(path: &Path) -> Result<(), StoreError> {
    let mut session = sqlite::Session::writer(path)?;
    check(sqlite_version(&session.connection)?, SQLITE)?;
    runner(SQLITE)?.run(&mut session.connection).map_err(|error| failed(&error))?;
    sqlite::plans::settle(&session.connection).map_err(|error| sqlite::failure::of(&error, Some(&session.connection)))
}

/// The newest migration that a file has.
pub(crate) fn sqlite_version(connection: &rusqlite::Connection) -> Result<u32, StoreError> {
    let read = |sql| {
        connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(|error| sqlite::failure::of(&error, None))
    };
    match read("select count(*) from sqlite_schema where name = 'refinery_schema_history'")? {
        0 => Ok(0),
        _ => read("select coalesce(max(version), 0) from refinery_schema_history"),
    }
}

/// Migrates a server; of several nodes one does it and the others wait.
pub(crate) async fn postgres(pool: &Pool) -> Result<(), StoreError> {
    // Taken out of the pool, so that the lock ends with the connection whatever happens. A migration may take long: it is waited for.
    let mut client = Object::take(postgres::session(pool).await?);
    client
        .batch_execute("set lock_timeout = 0; select pg_advisory_lock(4854361)")
        .await
        .map_err(|error| postgres::failure::of(&error))?;
    check(postgres_version(&client).await?, POSTGRES)?;
    let client: &mut Client = &mut client;
    runner(POSTGRES)?
        .run_async(client)
        .await
        .map(|_| ())
        .map_err(|error| failed(&error))
}

/// The newest migration that a server has.
pub(crate) async fn postgres_version(client: &Client) -> Result<u32, StoreError> {
    let tables = "select count(*) from pg_tables where tablename = 'refinery_schema_history' and schemaname = current_schema()";
    match number(client, tables).await? {
        0 => Ok(0),
        _ => {
            let version = number(
                client,
                "select cast(coalesce(max(version), 0) as bigint) from refinery_schema_history",
            )
            .await?;
            Ok(u32::try_from(version).unwrap_or(u32::MAX))
        }
    }
}

async fn number(client: &Client, sql: &str) -> Result<i64, StoreError> {
    let row = client.query_one(sql, &[]).await.map_err(|error| postgres::failure::of(&error))?;
    row.try_get(0).map_err(|error| postgres::failure::of(&error))
}

/// Names the migration, without the database's message.
pub(crate) fn failed(error: &refinery::Error) -> StoreError {
    use refinery::error::Kind;
    let what = match error.kind() {
        Kind::DivergentVersion(migration, _) => format!("{migration} was changed after it was applied"),
        Kind::MissingVersion(migration) => format!("{migration} was applied and is not known to this program"),
        Kind::Connection(step, _) => step.clone(),
        Kind::InvalidName
        | Kind::InvalidVersion
        | Kind::RepeatedVersion(_)
        | Kind::InvalidMigrationPath(..)
        | Kind::ConfigError(_)
        | Kind::InvalidMigrationFile(..) => "its name or file is wrong".to_owned(),
    };
    StoreError::Migration(what.into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_migration_file_has_its_line_and_versions_ascend_alike() {
        for (folder, texts) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let path = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
            let mut files: Vec<String> = std::fs::read_dir(path)
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort_by_key(|file| {
                file.trim_start_matches('V')
                    .split('_')
                    .next()
                    .and_then(|version| version.parse::<u32>().ok())
            });
            let named: Vec<String> = texts.iter().map(|(name, _)| format!("{name}.sql")).collect();
            assert_eq!(files, named, "{folder}");
            let read = runner(texts).unwrap();
            let versions: Vec<_> = read.get_migrations().iter().map(Migration::version).collect();
            assert!(
                versions.first().is_some_and(|first| *first == 1) && versions.is_sorted_by(|one, next| one < next),
                "{versions:?}"
            );
        }
        let names = |texts: Texts| texts.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(SQLITE), names(POSTGRES));
    }

    #[test]
    fn a_database_that_is_newer_than_the_program_is_refused() {
        assert_eq!(check(newest(SQLITE), SQLITE), Ok(()));
        let error = check(newest(SQLITE) + 1, SQLITE).unwrap_err();
        assert!(error.to_string().contains("use a newer program"), "{error}");
    }
}
