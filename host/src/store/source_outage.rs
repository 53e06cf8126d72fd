//! Of which sources programs were told that they are unavailable.

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, ConnectionId, SourceId};

/// A source that is available again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Which.
    pub(crate) source_id: SourceId,
    /// What the system calls it.
    pub(crate) name: String,
    /// Since when it was not.
    pub(crate) since: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    since: i64,
}

const SELECT: &str = "select source.id, source.name, outage.since from source_outages outage \
    join inventory_sources source on source.account_id = outage.account_id and source.id = outage.source_id \
    where outage.account_id = $1 and source.connection_id = $2 order by source.id";

/// Whether any of a connection's sources is.
pub(crate) async fn any(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
) -> Result<bool, Error> {
    let key = [account.0.into(), connection.0.into()];
    let row: Option<Row> = sql::find(db.read(), SELECT, key).await?;
    Ok(row.is_some())
}

/// Notes that a source is unavailable; `false` when that stood there already.
pub(crate) async fn begin(
    tx: &Tx,
    account: AccountId,
    source: SourceId,
    since: Timestamp,
) -> Result<bool, Error> {
    let insert = "insert into source_outages (account_id, source_id, since) values ($1, $2, $3) \
        on conflict (account_id, source_id) do nothing";
    let values = [account.0.into(), source.0.into(), since.millis().into()];
    Ok(sql::execute(tx, insert, values).await? > 0)
}

/// Forgets the outages of a connection's sources, and answers which they were.
pub(crate) async fn end(
    tx: &Tx,
    account: AccountId,
    connection: ConnectionId,
) -> Result<Vec<Ended>, Error> {
    let key = || [account.0.into(), connection.0.into()];
    let rows: Vec<Row> = sql::list(tx, SELECT, key()).await?;
    let delete = "delete from source_outages where account_id = $1 and source_id in \
        (select id from inventory_sources where account_id = $1 and connection_id = $2)";
    sql::execute(tx, delete, key()).await?;
    let ended = rows.into_iter().map(|row| Ended {
        source_id: SourceId(row.id),
        name: row.name,
        since: Timestamp::from_millis(row.since),
    });
    Ok(ended.collect())
}
