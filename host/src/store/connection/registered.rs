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
    let select = format!(
        "{SELECT} where account_id = $1 and id = \
         (select connection_id from registrations where account_id = $1 and api_code = $2)"
    );
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
    let insert =
        "insert into registrations (account_id, api_code, connection_id) values ($1, $2, $3)";
    let (account, id) = (connection.account_id, connection.id);
    db.write(async |tx| {
        insert_in(tx, connection, secrets).await?;
        let values = [account.0.into(), api_code.into(), id.0.into()];
        let inserted = sql::execute(tx, insert, values).await;
        inserted.map_err(|error| error.when_taken("a registration", api_code))?;
        Ok(())
    })
    .await
}
