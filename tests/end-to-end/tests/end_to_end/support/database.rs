//! A database of its own for each site, on either engine, which outlives the lives that use it.

use std::path::PathBuf;

use bestand::store::Db;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;
use uuid::Uuid;

use super::postgres;

/// A database, and what removes it.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) url: String,
    /// The folder of the SQLite file.
    folder: Option<TempDir>,
}

/// Turns `async fn a_behaviour(database) { … }` into a test on SQLite and one on PostgreSQL.
macro_rules! on_both_engines {
    ($($(#[$doc:meta])* async fn $name:ident($database:ident) $body:block)+) => {
        $($(#[$doc])* mod $name {
            use super::*;

            async fn case($database: $crate::support::Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                case($crate::support::Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match $crate::support::Database::postgres().await {
                    Ok(database) => case(database).await,
                    Err(why) => println!("skipped on PostgreSQL: {why}"),
                }
            }
        })+
    };
}
pub(crate) use on_both_engines;

// === impl Database ===

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("bestand.db").display());
        Self {
            url,
            folder: Some(folder),
        }
    }

    /// A schema of its own on this process's server, or why there is none.
    pub(crate) async fn postgres() -> Result<Self, &'static str> {
        let server = postgres::server()?;
        let schema = format!("e2e_{}", Uuid::now_v7().simple());
        let connection: DatabaseConnection = sea_orm::Database::connect(server.url())
            .await
            .expect("the server answers");
        let create = format!("create schema {schema}");
        let made = connection.execute_unprepared(&create).await;
        made.expect("a schema can be made");
        connection
            .close()
            .await
            .expect("a connection can be closed");
        Ok(Self {
            url: format!("{}&options[search_path]={schema}", server.url()),
            folder: None,
        })
    }

    pub(crate) async fn open(&self) -> Db {
        Db::open(&self.url).await.expect("the database opens")
    }

    /// The files of the database, where it has files of its own.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let Some(folder) = &self.folder else {
            return Vec::new();
        };
        let entries = std::fs::read_dir(folder.path()).expect("the folder is there");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }
}
