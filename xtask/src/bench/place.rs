//! A database of either engine, made by the program's own `casewire migrate` and filled with raw rows as fast as it goes.

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use futures_util::SinkExt;
use tokio_postgres::CopyInSink;

use super::town::{Cell, Rows, Town};
use crate::load::engine::Engine;
use crate::process::{Failure, succeed};

/// How many rows go into the database at a time.
const AT_ONCE: usize = 10_000;

/// Where a database is.
#[derive(Debug, Clone)]
pub enum Place {
    File(PathBuf),
    Server(String),
}

impl Place {
    /// A new one: a file in the folder, or a database on the server.
    pub async fn fresh(engine: Engine, name: &str, folder: &Path, server: &str) -> Result<Self, Failure> {
        match engine {
            Engine::Sqlite => Ok(Self::File(folder.join(format!("{name}.db")))),
            Engine::Postgres => {
                let url = server.strip_suffix("/postgres").unwrap_or(server);
                connect(server)
                    .await?
                    .batch_execute(&format!("create database {name}"))
                    .await
                    .map_err(trouble)?;
                Ok(Self::Server(format!("{url}/{name}")))
            }
        }
    }

    /// The address as the program's configuration has it.
    pub fn address(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Server(url) => url.clone(),
        }
    }

    /// Brings the schema in and fills it.
    pub async fn fill(&self, executable: &Path, town: Town) -> Result<(), Failure> {
        self.fill_with(executable, town.tables()?).await
    }

    /// Brings the schema in and these rows.
    pub async fn fill_with(&self, executable: &Path, tables: Vec<Rows>) -> Result<(), Failure> {
        let mut migrate = Command::new(executable);
        migrate
            .arg("migrate")
            .env("CASEWIRE_DATABASE__ADDRESS", self.address())
            .env("CASEWIRE_LOG__LEVEL", "warn");
        migrate.stdout(std::process::Stdio::null());
        succeed(&mut migrate)?;
        match self {
            Self::File(path) => fill_file(path, tables),
            Self::Server(url) => fill_server(url, tables).await,
        }
    }

    /// Another one with the same contents; nobody may be using this one.
    pub async fn copy(&self, name: &str, server: &str) -> Result<Self, Failure> {
        match self {
            Self::File(path) => {
                let copy = path.with_file_name(format!("{name}.db"));
                std::fs::copy(path, &copy)?;
                Ok(Self::File(copy))
            }
            Self::Server(url) => {
                let (base, original) = url.rsplit_once('/').unwrap_or_default();
                let create = format!("create database {name} template {original}");
                connect(server).await?.batch_execute(&create).await.map_err(trouble)?;
                Ok(Self::Server(format!("{base}/{name}")))
            }
        }
    }

    /// The newest value of one column of text, as the program wrote it.
    pub async fn newest(&self, select: &str) -> Result<String, Failure> {
        match self {
            Self::File(path) => {
                let database = rusqlite::Connection::open(path).map_err(trouble)?;
                database.query_row(select, [], |row| row.get(0)).map_err(trouble)
            }
            Self::Server(url) => {
                let row = connect(url).await?.query_one(select, &[]).await.map_err(trouble)?;
                row.try_get(0).map_err(trouble)
            }
        }
    }
}

/// Microseconds since 1970, by the clock of a database, for this program reads none.
pub fn now() -> Result<i64, Failure> {
    let memory = rusqlite::Connection::open_in_memory().map_err(trouble)?;
    let seconds: i64 = memory.query_row("select unixepoch()", [], |row| row.get(0)).map_err(trouble)?;
    Ok(seconds * 1_000_000)
}

/// A connection of the asynchronous client.
pub async fn connect(url: &str) -> Result<tokio_postgres::Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.map_err(trouble)?;
    tokio::spawn(connection);
    Ok(client)
}

/// Any error, in words.
pub fn trouble(error: impl std::error::Error) -> Failure {
    let cause = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    Failure::new(format!("{error}{cause}"))
}

/// Opens a file with the settings that the program itself uses.
pub fn open(path: &Path) -> Result<rusqlite::Connection, Failure> {
    let database = rusqlite::Connection::open(path).map_err(trouble)?;
    database
        .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -32000;")
        .map_err(trouble)?;
    database
        .set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(trouble)?;
    database.set_prepared_statement_cache_capacity(64);
    Ok(database)
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value, ValueRef};
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(int) => ToSqlOutput::Borrowed(ValueRef::Integer(*int)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Id(id) => ToSqlOutput::Owned(Value::Blob(id.to_be_bytes().to_vec())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn fill_file(path: &Path, tables: Vec<Rows>) -> Result<(), Failure> {
    let mut database = open(path)?;
    for Rows { table, columns, rows } in tables {
        let places = vec!["?"; columns.split(',').count()].join(", ");
        let insert = format!("insert into {table} ({columns}) values ({places})");
        let together = database.transaction().map_err(trouble)?;
        {
            let mut statement = together.prepare(&insert).map_err(trouble)?;
            for row in rows {
                statement.execute(rusqlite::params_from_iter(row)).map_err(trouble)?;
            }
        }
        together.commit().map_err(trouble)?;
    }
    database
        .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
        .map_err(trouble)
}

async fn fill_server(url: &str, tables: Vec<Rows>) -> Result<(), Failure> {
    let client = connect(url).await?;
    for Rows { table, columns, rows } in tables {
        let copy: CopyInSink<Cursor<Vec<u8>>> = client
            .copy_in(&format!("copy {table} ({columns}) from stdin"))
            .await
            .map_err(trouble)?;
        let mut copy = std::pin::pin!(copy);
        let mut text = String::new();
        for (count, row) in rows.enumerate() {
            write_row(&mut text, &row);
            if count % AT_ONCE == AT_ONCE - 1 {
                copy.send(Cursor::new(std::mem::take(&mut text).into_bytes()))
                    .await
                    .map_err(trouble)?;
            }
        }
        copy.send(Cursor::new(text.into_bytes())).await.map_err(trouble)?;
        copy.as_mut().finish().await.map_err(trouble)?;
    }
    client.batch_execute("vacuum analyze").await.map_err(trouble)?;
    client.batch_execute("checkpoint").await.map_err(trouble)
}

/// A row as `copy` reads it. What is filled in here holds neither tabs nor backslashes.
fn write_row(text: &mut String, row: &[Cell]) {
    for (index, cell) in row.iter().enumerate() {
        if index > 0 {
            text.push('\t');
        }
        let written = match cell {
            Cell::Null => write!(text, "\\N"),
            Cell::Int(int) => write!(text, "{int}"),
            Cell::Text(words) => write!(text, "{words}"),
            Cell::Id(id) => write!(text, "{id:032x}"),
            Cell::Bytes(bytes) => {
                text.push_str("\\\\x");
                bytes.iter().try_for_each(|byte| write!(text, "{byte:02x}"))
            }
        };
        // Writing into a string does not fail.
        written.unwrap_or_default();
    }
    text.push('\n');
}
