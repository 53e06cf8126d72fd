//! Connections and their sealed secrets in the database.

pub mod partner;
pub mod registered;

use bestand_plugin_api::Timestamp;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, Tx, sql};
use crate::connection::record::Connection;
use crate::id::{AccountId, ConnectionId};

/// A secret as it is stored: sealed, for the vault alone to open.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SealedSecret {
    /// The name the adapter uses.
    pub name: String,
    /// What the vault made of it.
    pub sealed: Vec<u8>,
}

/// What becomes of a connection's secrets. Those that are not named stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretChange {
    /// Stored in place of those of the same names.
    pub put: Vec<SealedSecret>,
    /// The names of those that go.
    pub remove: Vec<String>,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    id: Uuid,
    name: String,
    adapter: String,
    partner: Option<String>,
    settings: String,
    origin: String,
    paused: bool,
    allow_private_network: bool,
    sync_interval_secs: Option<i64>,
    reconcile_secs: Option<i64>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

const SELECT: &str = "select account_id, id, name, adapter, partner, settings, origin, paused, allow_private_network, \
    sync_interval_secs, reconcile_secs, created_at, updated_at, version from connections";

/// Levels removed per transaction when a connection goes, so that others get their turn in between.
const LEVELS_REMOVED_AT_ONCE: i64 = 20_000;

/// Stores a new connection.
///
/// # Errors
/// `Conflict` when the name is taken.
pub async fn insert(db: &Db, connection: &Connection) -> Result<(), Error> {
    insert_with(db, connection, &SecretChange::default()).await
}

/// The same together with its secrets: both are stored or neither is.
///
/// # Errors
/// `Conflict` when the name is taken.
pub async fn insert_with(
    db: &Db,
    connection: &Connection,
    secrets: &SecretChange,
) -> Result<(), Error> {
    db.write(async |tx| insert_in(tx, connection, None, secrets).await)
        .await
}

async fn insert_in(
    tx: &Tx,
    connection: &Connection,
    registered_as: Option<&str>,
    secrets: &SecretChange,
) -> Result<(), Error> {
    let insert = "insert into connections (account_id, id, name, adapter, settings, origin, paused, \
        allow_private_network, sync_interval_secs, updated_at, version, partner, reconcile_secs, \
        created_at, registered_as) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let mut values = values(connection).to_vec();
    values.push(connection.created_at.millis().into());
    values.push(registered_as.into());
    let inserted = sql::execute(tx, insert, values).await;
    inserted.map_err(|error| name_taken(error, connection))?;
    put_secrets(tx, connection.account_id, connection.id, secrets).await
}

/// Stores a changed connection under the next version, when nobody else has changed it since it was read.
///
/// One that reads something else from now on has listed nothing of it yet: its runs and listings are forgotten with the
/// change.
///
/// # Errors
/// `Conflict` when it was changed meanwhile, is gone, or the name is taken.
pub async fn update(db: &Db, connection: &Connection) -> Result<Connection, Error> {
    update_with(db, connection, &SecretChange::default()).await
}

/// The same together with its secrets: both are changed or neither is.
///
/// # Errors
/// As [`update`].
pub async fn update_with(
    db: &Db,
    connection: &Connection,
    secrets: &SecretChange,
) -> Result<Connection, Error> {
    let update = "update connections set name = $3, adapter = $4, settings = $5, origin = $6, paused = $7, \
        allow_private_network = $8, sync_interval_secs = $9, updated_at = $10, version = $11, \
        partner = $12, reconcile_secs = $13 where account_id = $1 and id = $2 and version = $14";
    let next = Connection {
        version: connection.version + 1,
        ..connection.clone()
    };
    let mut values = values(&next).to_vec();
    values.push(connection.version.into());
    let (account, id) = (connection.account_id, connection.id);
    db.write(async |tx| {
        let known = find_in(tx, account, id).await?;
        let updated = sql::execute(tx, update, values).await;
        if updated.map_err(|error| name_taken(error, connection))? == 0 {
            return Err(Error::changed_meanwhile("connection", &connection.name));
        }
        put_secrets(tx, account, id, secrets).await?;
        match known.is_some_and(|known| known.reads_the_same_as(connection)) {
            true => Ok(()),
            false => forget_listings(tx, account, id).await,
        }
    })
    .await?;
    db.note_route_change();
    Ok(next)
}

async fn forget_listings(tx: &Tx, account: AccountId, id: ConnectionId) -> Result<(), Error> {
    const FORGET: [&str; 2] = [
        "delete from sync_runs where account_id = $1 and connection_id = $2",
        "update inventory_sources set listed_at = null where account_id = $1 and connection_id = $2",
    ];
    for statement in FORGET {
        sql::execute(tx, statement, [account.0.into(), id.0.into()]).await?;
    }
    Ok(())
}

/// One connection of the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    id: ConnectionId,
) -> Result<Option<Connection>, Error> {
    find_in(db.read(), account, id).await
}

async fn find_in(
    reader: &impl ConnectionTrait,
    account: AccountId,
    id: ConnectionId,
) -> Result<Option<Connection>, Error> {
    let select = format!("{SELECT} where account_id = $1 and id = $2");
    let row: Option<Row> = sql::find(reader, &select, [account.0.into(), id.0.into()]).await?;
    row.map(Connection::try_from).transpose()
}

/// The account's connection of this name.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_by_name(
    db: &Db,
    account: AccountId,
    name: &str,
) -> Result<Option<Connection>, Error> {
    let select = format!("{SELECT} where account_id = $1 and name = $2");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into(), name.into()]).await?;
    row.map(Connection::try_from).transpose()
}

/// The account's connections, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Connection>, Error> {
    let select = format!("{SELECT} where account_id = $1 order by id");
    let rows: Vec<Row> = sql::list(db.read(), &select, [account.0.into()]).await?;
    rows.into_iter().map(Connection::try_from).collect()
}

/// The connections of all accounts, oldest first: what the daemon works on.
///
/// # Errors
/// When the database is out of reach.
pub async fn list_of_all_accounts(db: &Db) -> Result<Vec<Connection>, Error> {
    let rows: Vec<Row> = sql::list(db.read(), &format!("{SELECT} order by id"), []).await?;
    rows.into_iter().map(Connection::try_from).collect()
}

/// Removes a connection with all that came from it: links, levels, history, sources, state, secrets, runs.
///
/// Once this has begun nothing is known of its sources any more, wherever it is interrupted: their listings and the
/// links to them go first, and only then their levels.
///
/// # Errors
/// `NotFound` when there is no such connection, `Conflict` when it was changed since it was read at this version.
pub async fn delete(
    db: &Db,
    account: AccountId,
    id: ConnectionId,
    version: i64,
) -> Result<(), Error> {
    let Some(known) = find(db, account, id).await? else {
        return Err(Error::not_found("connection", id));
    };
    let claim = "update connections set version = version + 1 where account_id = $1 and id = $2 and version = $3";
    db.write(async |tx| {
        let values = [account.0.into(), id.0.into(), version.into()];
        if sql::execute(tx, claim, values).await? == 0 {
            return Err(Error::changed_meanwhile("connection", &known.name));
        }
        forget_listings(tx, account, id).await?;
        sql::execute(tx, UNLINK, [account.0.into(), id.0.into()]).await?;
        Ok(())
    })
    .await?;
    db.note_route_change();
    for table in ["stock_levels", "stock_history"] {
        while delete_some_levels(db, table, account, id).await? > 0 {}
    }
    db.write(async |tx| {
        for statement in REMOVALS {
            sql::execute(tx, statement, [account.0.into(), id.0.into()]).await?;
        }
        Ok(())
    })
    .await?;
    db.note_route_change();
    Ok(())
}

const UNLINK: &str = "update ship_from_locations set source_id = null, version = version + 1 where account_id = $1 \
    and source_id in (select id from inventory_sources where account_id = $1 and connection_id = $2)";

/// What goes with a connection, in the order that the keys between them ask for.
const REMOVALS: [&str; 9] = [
    // Locks them: whoever is storing a level of theirs is waited for, and whoever wants to finds them gone.
    "update inventory_sources set listed_at = null where account_id = $1 and connection_id = $2",
    // Whatever was linked or arrived meanwhile.
    UNLINK,
    "delete from stock_levels where account_id = $1 and source_id in \
        (select id from inventory_sources where account_id = $1 and connection_id = $2)",
    "delete from stock_history where account_id = $1 and source_id in \
        (select id from inventory_sources where account_id = $1 and connection_id = $2)",
    "delete from inventory_sources where account_id = $1 and connection_id = $2",
    "delete from plugin_state where account_id = $1 and connection_id = $2",
    "delete from plugin_state_commits where account_id = $1 and connection_id = $2",
    "delete from connection_secrets where account_id = $1 and connection_id = $2",
    "delete from connections where account_id = $1 and id = $2",
];

async fn delete_some_levels(
    db: &Db,
    table: &str,
    account: AccountId,
    id: ConnectionId,
) -> Result<u64, Error> {
    let key = match table {
        "stock_history" => "(source_id, sku, id)",
        _ => "(source_id, sku)",
    };
    let columns = key.trim_matches(['(', ')']);
    let delete = format!(
        "delete from {table} where account_id = $1 and {key} in (select {columns} from {table} where account_id = $1 \
         and source_id in (select id from inventory_sources where account_id = $1 and connection_id = $2) limit $3)"
    );
    let values = [account.0.into(), id.0.into(), LEVELS_REMOVED_AT_ONCE.into()];
    sql::execute(db.writer(), &delete, values).await
}

/// Changes secrets alone.
///
/// # Errors
/// `NotFound` when there is no such connection.
pub async fn change_secrets(
    db: &Db,
    account: AccountId,
    id: ConnectionId,
    secrets: &SecretChange,
) -> Result<(), Error> {
    db.write(async |tx| put_secrets(tx, account, id, secrets).await)
        .await
}

async fn put_secrets(
    tx: &Tx,
    account: AccountId,
    id: ConnectionId,
    secrets: &SecretChange,
) -> Result<(), Error> {
    let delete =
        "delete from connection_secrets where account_id = $1 and connection_id = $2 and name = $3";
    for name in &secrets.remove {
        let values = [account.0.into(), id.0.into(), name.as_str().into()];
        sql::execute(tx, delete, values).await?;
    }
    for secret in &secrets.put {
        put(tx, account, id, secret).await?;
    }
    Ok(())
}

async fn put(
    tx: &Tx,
    account: AccountId,
    id: ConnectionId,
    secret: &SealedSecret,
) -> Result<(), Error> {
    let upsert = "insert into connection_secrets (account_id, connection_id, name, sealed) values ($1, $2, $3, $4) \
        on conflict (account_id, connection_id, name) do update set sealed = excluded.sealed";
    let values = [
        account.0.into(),
        id.0.into(),
        secret.name.as_str().into(),
        secret.sealed.clone().into(),
    ];
    let put = sql::execute(tx, upsert, values).await;
    put.map_err(|error| error.when_dangling("connection", id))?;
    Ok(())
}

/// The connection's secrets, in the order of their names.
///
/// # Errors
/// When the database is out of reach.
pub async fn secrets(
    db: &Db,
    account: AccountId,
    id: ConnectionId,
) -> Result<Vec<SealedSecret>, Error> {
    let select = "select name, sealed from connection_secrets where account_id = $1 and connection_id = $2 \
        order by name";
    sql::list(db.read(), select, [account.0.into(), id.0.into()]).await
}

/// The columns that insert and update share, `$1` to `$13`.
fn values(connection: &Connection) -> [Value; 13] {
    [
        connection.account_id.0.into(),
        connection.id.0.into(),
        connection.name.as_str().into(),
        connection.adapter.as_str().into(),
        connection.settings.to_string().into(),
        connection.origin.as_str().into(),
        connection.paused.into(),
        connection.allow_private_network.into(),
        connection.sync_interval_secs.into(),
        connection.updated_at.millis().into(),
        connection.version.into(),
        connection.partner.clone().into(),
        connection.reconcile_secs.into(),
    ]
}

fn name_taken(error: Error, connection: &Connection) -> Error {
    error.when_taken("a connection", &connection.name)
}

impl TryFrom<Row> for Connection {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let settings = serde_json::from_str(&row.settings);
        Ok(Self {
            id: ConnectionId(row.id),
            account_id: AccountId(row.account_id),
            name: row.name,
            adapter: row.adapter,
            partner: row.partner,
            settings: settings.map_err(|error| Error::corrupt("connection", error))?,
            origin: Error::read("connection", &row.origin)?,
            paused: row.paused,
            allow_private_network: row.allow_private_network,
            sync_interval_secs: row.sync_interval_secs,
            reconcile_secs: row.reconcile_secs,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            version: row.version,
        })
    }
}

#[cfg(test)]
mod tests;
