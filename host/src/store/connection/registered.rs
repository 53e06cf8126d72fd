//! Connections of partners that registered themselves.

use super::{Row, SELECT, SecretChange, insert_in};
use crate::connection::record::Connection;
use crate::id::AccountId;
use crate::store::{Db, Error, sql};

/// The connection of the account's partner that calls itself `api_code`, in small letters.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    api_code: &str,
) -> Result<Option<Connection>, Error> {
    let select = format!("{SELECT} where account_id = $1 and registered_as = $2");
    let row: Option<Row> =
        sql::find(db.read(), &select, [account.0.into(), api_code.into()]).await?;
    row.map(Connection::try_from).transpose()
}

/// Stores a new connection with its secrets as that of this partner: all of it or nothing.
///
/// # Errors
/// `Conflict` when the connection's name is taken, or the partner has a connection.
pub async fn insert(
    db: &Db,
    connection: &Connection,
    secrets: &SecretChange,
    api_code: &str,
) -> Result<(), Error> {
    db.write(async |tx| insert_in(tx, connection, Some(api_code), secrets).await)
        .await
}
