//! Connections of partners that push.

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;

use super::{Row, SELECT};
use crate::connection::record::Connection;
use crate::id::{AccountId, ConnectionId};
use crate::store::{Db, Error, sql};

#[derive(FromQueryResult)]
struct Pushed {
    pushed_at: Option<i64>,
}

/// The connection that a partner of the account pushes to.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(db: &Db, account: AccountId, partner: &str) -> Result<Option<Connection>, Error> {
    let select =
        format!("{SELECT} where account_id = $1 and partner = $2 and registered_as is null");
    let row: Option<Row> =
        sql::find(db.read(), &select, [account.0.into(), partner.into()]).await?;
    row.map(Connection::try_from).transpose()
}

/// Keeps that something was pushed then. It is no change of the connection: its version stays.
///
/// # Errors
/// When the database is out of reach.
pub async fn keep_pushed_at(
    db: &Db,
    account: AccountId,
    id: ConnectionId,
    at: Timestamp,
) -> Result<(), Error> {
    let update = "update connections set pushed_at = $3 where account_id = $1 and id = $2";
    let values = [account.0.into(), id.0.into(), at.millis().into()];
    sql::execute(db.writer(), update, values).await?;
    Ok(())
}

/// When something was pushed last, as far as it was kept.
///
/// # Errors
/// When the database is out of reach.
pub async fn pushed_at(
    db: &Db,
    account: AccountId,
    id: ConnectionId,
) -> Result<Option<Timestamp>, Error> {
    let select = "select pushed_at from connections where account_id = $1 and id = $2";
    let row: Option<Pushed> = sql::find(db.read(), select, [account.0.into(), id.0.into()]).await?;
    Ok(row
        .and_then(|row| row.pushed_at)
        .map(Timestamp::from_millis))
}
