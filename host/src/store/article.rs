//! Aliases and kits in the database.

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;

use super::{Db, Error, Tx, sql};
use crate::id::AccountId;

pub mod alias;
pub mod kit;

#[derive(FromQueryResult)]
struct Revision {
    revision: i64,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// A number that grows with every change of the account's aliases and kits; 0 when there never was any.
///
/// # Errors
/// When the database is out of reach.
pub async fn revision(db: &Db, account: AccountId) -> Result<i64, Error> {
    let select = "select revision from article_revisions where account_id = $1";
    let found: Option<Revision> = sql::find(db.read(), select, [account.0.into()]).await?;
    Ok(found.map_or(0, |found| found.revision))
}

/// To be called in the transaction of every change. Two changes of one account wait for each other from here on.
async fn begin_change(tx: &Tx, account: AccountId) -> Result<(), Error> {
    let upsert = "insert into article_revisions (account_id, revision) values ($1, 1) \
        on conflict (account_id) do update set revision = article_revisions.revision + 1";
    sql::execute(tx, upsert, [account.0.into()]).await?;
    Ok(())
}

async fn count(tx: &Tx, table: &str, account: AccountId) -> Result<u64, Error> {
    let select = format!("select count(*) as count from {table} where account_id = $1");
    let found: Option<Count> = sql::find(tx, &select, [account.0.into()]).await?;
    Ok(found.map_or(0, |found| u64::try_from(found.count).unwrap_or(0)))
}

fn moment(now: Timestamp) -> sea_orm::Value {
    now.millis().into()
}
