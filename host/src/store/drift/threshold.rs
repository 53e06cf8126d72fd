//! From when on the drift of a source is high.

use bestand_plugin_api::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{as_i64, as_u64, key};
use crate::id::{AccountId, SourceId};
use crate::stock::drift::DriftThreshold;
use crate::store::{Db, Error, sql};

#[derive(FromQueryResult)]
struct Row {
    percent: Option<i64>,
    differing: Option<i64>,
}

/// The threshold of a source; one without limits where none is set.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_threshold(
    connection: &impl ConnectionTrait,
    account: AccountId,
    source: SourceId,
) -> Result<DriftThreshold, Error> {
    let select =
        "select percent, differing from drift_thresholds where account_id = $1 and source_id = $2";
    let row: Option<Row> = sql::find(connection, select, key(account, source, [])).await?;
    Ok(
        row.map_or_else(DriftThreshold::default, |row| DriftThreshold {
            percent: row.percent.map(Quantity::from_millionths),
            differing: row.differing.map(as_u64),
        }),
    )
}

/// Sets the threshold of a source, in place of what was set.
///
/// # Errors
/// When the database is out of reach, or the source is gone.
pub async fn put_threshold(
    db: &Db,
    account: AccountId,
    source: SourceId,
    threshold: &DriftThreshold,
) -> Result<(), Error> {
    let upsert = "insert into drift_thresholds (account_id, source_id, percent, differing) values ($1, $2, $3, $4) \
        on conflict (account_id, source_id) do update set \
        percent = excluded.percent, differing = excluded.differing";
    let rest = [
        threshold.percent.map(Quantity::millionths).into(),
        threshold.differing.map(as_i64).into(),
    ];
    sql::execute(db.writer(), upsert, key(account, source, rest)).await?;
    Ok(())
}
