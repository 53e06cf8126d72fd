//! For tests: a fresh database on each engine, and test cases that are written once and run on both.

mod postgres;

use bestand_plugin_api::Timestamp;
use uuid::Uuid;

use super::{Db, Engine, Error, sql};
use crate::account::Account;
use crate::connection::record::{Connection, Origin};
use crate::id::{AccountId, ConnectionId};

/// Turns `async fn a_case(db) { … }` into a test on SQLite and one on PostgreSQL.
macro_rules! on_both_engines {
    ($(async fn $case:ident($db:ident) $body:block)+) => {
        $(mod $case {
            #[allow(unused_imports, reason = "not every case needs what the others use")]
            use super::*;

            async fn case($db: &$crate::store::Db) $body

            #[tokio::test]
            async fn sqlite() {
                $crate::store::testing::on_sqlite(async |db| case(db).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                $crate::store::testing::on_postgres(async |db| case(db).await).await;
            }
        })+
    };
}
pub(crate) use on_both_engines;

/// Runs `case` on a fresh SQLite file.
pub(crate) async fn on_sqlite(case: impl AsyncFnOnce(&Db)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bestand.db");
    let db = Db::open(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    case(&db).await;
    db.close().await.unwrap();
}

/// Runs `case` on a fresh schema of a PostgreSQL server, or says why not.
pub(crate) async fn on_postgres(case: impl AsyncFnOnce(&Db)) {
    let server = match postgres::server() {
        Ok(server) => server,
        Err(why) => return println!("skipped on PostgreSQL: {why}"),
    };
    let schema = format!("test_{}", Uuid::now_v7().simple());
    make_schema(&server.url(), &schema).await.unwrap();
    let url = format!("{}&options[search_path]={schema}", server.url());
    let db = Db::open(&url).await.unwrap();
    case(&db).await;
    db.close().await.unwrap();
}

async fn make_schema(url: &str, schema: &str) -> Result<(), Error> {
    let pools = super::open::pools(url).await?;
    assert_eq!(pools.engine, Engine::Postgres);
    sql::execute(&pools.writer, &format!("create schema {schema}"), []).await?;
    Ok(pools.writer.close().await?)
}

/// A new account in `db`, for tests of what belongs to one.
pub(crate) async fn account(db: &Db) -> AccountId {
    let now = Timestamp::from_secs(1_700_000_000);
    let account = Account::new(&Uuid::now_v7().to_string(), now);
    super::account::insert(db, &account).await.unwrap();
    account.id
}

/// A new account with a connection, for tests of what belongs to one.
pub(crate) async fn connection(db: &Db) -> (AccountId, ConnectionId) {
    let now = Timestamp::from_secs(1_700_000_000);
    let connection = Connection {
        id: ConnectionId::new(),
        account_id: account(db).await,
        name: "Finale main".into(),
        adapter: "finale".into(),
        partner: None,
        settings: serde_json::json!({}),
        origin: Origin::Api,
        paused: false,
        allow_private_network: false,
        sync_interval_secs: None,
        reconcile_secs: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    super::connection::insert(db, &connection).await.unwrap();
    (connection.account_id, connection.id)
}
