//! Empties a database for a fresh start of the demo. Refuses one that holds an organization other than those named, because it
//! would be somebody's.

use crate::error::StoreError;
use crate::open::{Database, OpenOptions};
use crate::postgres::connect::Server;
use crate::postgres::failure;

/// Whether there is anything to ask.
const HAS_TABLES: &str = "select to_regclass('organizations') is not null";
/// How many organizations are not ours.
const STRANGERS: &str = "select count(*) from organizations where not (name = any($1))";
/// Everything goes.
const EMPTY: &str = "drop schema public cascade; create schema public";

/// Removes everything from a database whose organizations are all among `ours`, by name.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Address`] where the database holds another organization, or its file cannot be removed.
pub async fn wipe(options: &OpenOptions, ours: &[&str]) -> Result<(), StoreError> {
    match &options.database {
        Database::Sqlite(path) => ["", "-wal", "-shm"].into_iter().try_for_each(|suffix| {
            let mut file = path.clone().into_os_string();
            file.push(suffix);
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(StoreError::Address("the old database file cannot be removed"))
                }
                Ok(()) | Err(_) => Ok(()),
            }
        }),
        Database::Postgres(config) => wipe_postgres(config.as_ref().clone(), ours).await,
    }
}

async fn wipe_postgres(config: tokio_postgres::Config, ours: &[&str]) -> Result<(), StoreError> {
    let (client, _notifications) = Server::new(config)?.listener().await?;
    let row = client.query_one(HAS_TABLES, &[]).await.map_err(|error| failure::of(&error))?;
    if row.try_get::<_, bool>(0).map_err(|error| failure::of(&error))? {
        let row = client.query_one(STRANGERS, &[&ours]).await.map_err(|error| failure::of(&error))?;
        if row.try_get::<_, i64>(0).map_err(|error| failure::of(&error))? > 0 {
            return Err(StoreError::Address(
                "this database holds an organization that is not of the demo; it was left as it is",
            ));
        }
    }
    client.batch_execute(EMPTY).await.map_err(|error| failure::of(&error))
}
