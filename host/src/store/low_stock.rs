//! Low-stock thresholds in the database.

mod now;

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::id::{AccountId, SourceId};
use crate::stock::Threshold;

pub use now::low;

#[derive(FromQueryResult)]
struct Row {
    source_id: Option<Uuid>,
    sku: String,
    threshold: i64,
}

#[derive(FromQueryResult)]
struct Count {
    thresholds: i64,
}

/// All of the account, in no order.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Threshold>, Error> {
    let select = "select source_id, sku, threshold from low_stock_thresholds where account_id = $1";
    let rows: Vec<Row> = sql::list(db.read(), select, [account.0.into()]).await?;
    rows.into_iter().map(Threshold::try_from).collect()
}

/// How many the account has.
///
/// # Errors
/// When the database is out of reach.
pub async fn count(db: &Db, account: AccountId) -> Result<u64, Error> {
    let select = "select count(*) as thresholds from low_stock_thresholds where account_id = $1";
    let count: Option<Count> = sql::find(db.read(), select, [account.0.into()]).await?;
    let count = count.map_or(0, |count| count.thresholds);
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Sets one, in place of what was set for the same.
///
/// # Errors
/// When the database is out of reach, or its source is gone.
pub async fn put(
    db: &Db,
    account: AccountId,
    threshold: &Threshold,
    now: Timestamp,
) -> Result<(), Error> {
    let target = match threshold.source_id {
        Some(_) => "(account_id, sku, source_id) where source_id is not null",
        None => "(account_id, sku) where source_id is null",
    };
    let upsert = format!(
        "insert into low_stock_thresholds (account_id, source_id, sku, threshold, updated_at) values ($1, $2, $3, $4, $5) \
         on conflict {target} do update set threshold = excluded.threshold, updated_at = excluded.updated_at"
    );
    let values: [Value; 5] = [
        account.0.into(),
        threshold.source_id.map(|id| id.0).into(),
        threshold.sku.as_deref().unwrap_or("").into(),
        threshold.threshold.millionths().into(),
        now.millis().into(),
    ];
    sql::execute(db.writer(), &upsert, values).await?;
    Ok(())
}

/// Removes one; `false` when none is set for just this.
///
/// # Errors
/// When the database is out of reach.
pub async fn delete(
    db: &Db,
    account: AccountId,
    source: Option<SourceId>,
    sku: Option<&Sku>,
) -> Result<bool, Error> {
    let delete = "delete from low_stock_thresholds where account_id = $1 and sku = $2 \
        and source_id is not distinct from $3";
    let values: [Value; 3] = [
        account.0.into(),
        sku.map_or("", |sku| sku.as_str()).into(),
        source.map(|id| id.0).into(),
    ];
    Ok(sql::execute(db.writer(), delete, values).await? > 0)
}

impl TryFrom<Row> for Threshold {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let sku = Some(row.sku).filter(|sku| !sku.is_empty());
        Ok(Self {
            source_id: row.source_id.map(SourceId),
            sku: sku.map(|sku| Error::read("threshold", &sku)).transpose()?,
            threshold: Quantity::from_millionths(row.threshold),
        })
    }
}
