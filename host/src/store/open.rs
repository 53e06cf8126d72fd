//! Opening the connections of a database, tuned for what Bestand does with it.

use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{ConnectOptions, PgPool, SqlitePool};
use sea_orm::{SqlxPostgresConnector, SqlxSqliteConnector};

use super::{Engine, Error, Pools};
use crate::config::store::without_password;

/// Readers of one SQLite file; each is a thread, and more than a few only wait for the same disk.
const SQLITE_READERS_MAX: u32 = 4;
/// Connections to PostgreSQL, a tenth of its default limit per daemon.
const POSTGRES_CONNECTIONS_MAX: u32 = 10;
/// How long a write waits for another process (a command run beside the daemon) to finish its own.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a query waits for a free connection before it is refused.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Page cache of the writer in KiB (negative is SQLite's way to say KiB): the inner pages of a few million levels take
/// 5 MB. The pages with the levels themselves are each touched once by a listing, and need no place in it.
const WRITER_CACHE: &str = "-8192";
/// Pages written to the log before they are moved to the file: 64 MiB, so that a full listing moves a page once
/// and not with each batch.
const CHECKPOINT_PAGES: &str = "16384";

/// Opens the connections to `url`.
pub(super) async fn pools(url: &str) -> Result<Pools, Error> {
    match url.split_once(':') {
        Some(("sqlite", path)) => sqlite(url, path.trim_start_matches("//")).await,
        Some(("postgres" | "postgresql", _)) => postgres(url).await,
        _ => Err(unusable(url, "it is neither SQLite nor PostgreSQL")),
    }
}

async fn sqlite(url: &str, path: &str) -> Result<Pools, Error> {
    if path.is_empty() || path.starts_with(':') {
        return Err(unusable(url, "it names no file"));
    }
    let folder = Path::new(path).parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .map_err(|error| unusable(url, &format!("cannot make `{}`: {error}", folder.display())))?;
    let options = sqlite_options(path);
    let writer = sqlite_pool(1, writer_options(options.clone())).await?;
    let reader = sqlite_pool(SQLITE_READERS_MAX, options).await?;
    Ok(Pools {
        engine: Engine::Sqlite,
        reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
        writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        route_changes: AtomicU64::new(0),
        order_changes: AtomicU64::new(0),
    })
}

fn sqlite_options(path: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
}

fn writer_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
}

async fn sqlite_pool(
    connections_max: u32,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None);
    Ok(pool.connect_with(options).await?)
}

async fn postgres(url: &str) -> Result<Pools, Error> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| unusable(url, &error.to_string()))?
        .application_name("bestand")
        .disable_statement_logging();
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await?;
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Ok(Pools {
        engine: Engine::Postgres,
        reader: connection.clone(),
        writer: connection,
        route_changes: AtomicU64::new(0),
        order_changes: AtomicU64::new(0),
    })
}

fn unusable(url: &str, why: &str) -> Error {
    Error::Url {
        url: without_password(url),
        why: why.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_database_is_refused_without_showing_its_password() {
        let refused = pools("mysql://me:secret@host/shop").await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "cannot use `mysql://me:***@host/shop` as a store: it is neither SQLite nor PostgreSQL; write \
             `sqlite:path/to/file.db` or `postgres://user@host/name`"
        );
        let refused = pools("sqlite::memory:").await.unwrap_err();
        assert!(refused.to_string().contains("it names no file"));
    }
}
