//! Forgetting drift: listings that are too old, and the differences of listings that are too many.

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::store::{Db, Error, sql};

#[derive(FromQueryResult)]
struct SourceRow {
    account_id: Uuid,
    id: Uuid,
}

/// Forgets listings from before `before`, with their differences, and answers how many.
pub(crate) async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = "delete from drift_runs where started_at < $1";
    sql::execute(db.writer(), delete, [before.millis().into()]).await
}

/// Forgets the differences of all listings of each source but the newest `kept`; what they came to stays.
pub(crate) async fn forget_beyond(db: &Db, kept: u32) -> Result<u64, Error> {
    let select = "select account_id, id from inventory_sources";
    let delete = "delete from drift_items where account_id = $1 and source_id = $2 and sync_id <= \
        (select sync_id from drift_runs where account_id = $1 and source_id = $2 \
        order by sync_id desc limit 1 offset $3)";
    let mut forgotten = 0;
    for SourceRow { account_id, id } in sql::list(db.read(), select, []).await? {
        let values = [account_id.into(), id.into(), i64::from(kept).into()];
        forgotten += sql::execute(db.writer(), delete, values).await?;
    }
    Ok(forgotten)
}
