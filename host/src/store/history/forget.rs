//! Forgetting changes: those that are too old, and those that are too many.

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::store::{Db, Error, sql};

/// Rows forgotten per transaction, so that others get their turn in between.
const FORGOTTEN_AT_ONCE: i64 = 10_000;

#[derive(FromQueryResult)]
struct SourceRow {
    account_id: Uuid,
    id: Uuid,
}

/// Forgets changes from before `before`, and answers how many.
pub(crate) async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = "delete from stock_history where (account_id, source_id, sku, id) in \
        (select account_id, source_id, sku, id from stock_history where changed_at < $1 limit $2)";
    let values: [Value; 2] = [before.millis().into(), FORGOTTEN_AT_ONCE.into()];
    sql::execute_until_none(db.writer(), delete, values).await
}

/// Forgets all changes of each source but the newest `kept`, and answers how many.
pub(crate) async fn forget_beyond(db: &Db, kept: u64) -> Result<u64, Error> {
    let select = "select account_id, id from inventory_sources";
    let delete = "delete from stock_history where (account_id, source_id, sku, id) in \
        (select account_id, source_id, sku, id from stock_history where account_id = $1 and source_id = $2 \
        order by id desc limit $3 offset $4)";
    let kept = i64::try_from(kept).unwrap_or(i64::MAX);
    let mut forgotten = 0;
    for SourceRow { account_id, id } in sql::list(db.read(), select, []).await? {
        let values: [Value; 4] = [
            account_id.into(),
            id.into(),
            FORGOTTEN_AT_ONCE.into(),
            kept.into(),
        ];
        forgotten += sql::execute_until_none(db.writer(), delete, values).await?;
    }
    Ok(forgotten)
}
