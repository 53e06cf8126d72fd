//! SKU aliases in the database.

use bestand_plugin_api::{Sku, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{begin_change, count, moment};
use crate::article::{ALIASES_MAX, Pack, SkuAlias};
use crate::id::{AccountId, SourceId};
use crate::store::{Db, Error, Tx, sql};

#[derive(FromQueryResult)]
struct Row {
    source_id: Uuid,
    sku: String,
    source_sku: String,
    ours: i64,
    theirs: i64,
}

/// All of the account, in no order.
///
/// # Errors
/// When the database is out of reach.
pub async fn all(db: &Db, account: AccountId) -> Result<Vec<SkuAlias>, Error> {
    let select =
        "select source_id, sku, source_sku, ours, theirs from sku_aliases where account_id = $1";
    let rows: Vec<Row> = sql::list(db.read(), select, [account.0.into()]).await?;
    rows.into_iter().map(SkuAlias::try_from).collect()
}

/// Those of a source, in the order of our SKUs, after `after`, at most `limit`.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    source: SourceId,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<SkuAlias>, Error> {
    let select = "select source_id, sku, source_sku, ours, theirs from sku_aliases \
        where account_id = $1 and source_id = $2 and sku > $3 order by sku limit $4";
    let values: [Value; 4] = [
        account.0.into(),
        source.0.into(),
        after.unwrap_or("").into(),
        i64::from(limit).into(),
    ];
    let rows: Vec<Row> = sql::list(db.read(), select, values).await?;
    rows.into_iter().map(SkuAlias::try_from).collect()
}

/// Sets these, all or none, each in place of what was set for its article at its source. `false`, and nothing is set,
/// when the account would have more than [`ALIASES_MAX`].
///
/// # Errors
/// When the database is out of reach, or a source is gone.
pub async fn put(
    db: &Db,
    account: AccountId,
    aliases: &[SkuAlias],
    now: Timestamp,
) -> Result<bool, Error> {
    let tx = db.begin().await?;
    begin_change(&tx, account).await?;
    for alias in aliases {
        put_one(&tx, account, alias, now).await?;
    }
    if count(&tx, "sku_aliases", account).await? > ALIASES_MAX {
        return Ok(false);
    }
    tx.commit().await?;
    db.note_route_change();
    Ok(true)
}

async fn put_one(
    tx: &Tx,
    account: AccountId,
    alias: &SkuAlias,
    now: Timestamp,
) -> Result<(), Error> {
    let upsert = "insert into sku_aliases (account_id, source_id, sku, source_sku, ours, theirs, updated_at) \
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (account_id, source_id, sku) do update set \
        source_sku = excluded.source_sku, ours = excluded.ours, theirs = excluded.theirs, \
        updated_at = excluded.updated_at";
    let values: [Value; 7] = [
        account.0.into(),
        alias.source_id.0.into(),
        alias.sku.as_str().into(),
        alias.source_sku.as_str().into(),
        i64::from(alias.pack.ours()).into(),
        i64::from(alias.pack.theirs()).into(),
        moment(now),
    ];
    sql::execute(tx, upsert, values).await?;
    Ok(())
}

/// Removes one; `false` when none is set for this article at this source.
///
/// # Errors
/// When the database is out of reach.
pub async fn delete(
    db: &Db,
    account: AccountId,
    source: SourceId,
    sku: &Sku,
) -> Result<bool, Error> {
    let deleted = db
        .write(async |tx| {
            begin_change(tx, account).await?;
            let delete =
                "delete from sku_aliases where account_id = $1 and source_id = $2 and sku = $3";
            let values: [Value; 3] = [account.0.into(), source.0.into(), sku.as_str().into()];
            sql::execute(tx, delete, values).await
        })
        .await?;
    db.note_route_change();
    Ok(deleted > 0)
}

impl TryFrom<Row> for SkuAlias {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let number = |number: i64| u32::try_from(number).unwrap_or(0);
        let pack = Pack::new(number(row.ours), number(row.theirs));
        Ok(Self {
            source_id: SourceId(row.source_id),
            sku: Error::read("SKU alias", &row.sku)?,
            source_sku: Error::read("SKU alias", &row.source_sku)?,
            pack: pack.ok_or_else(|| Error::Corrupt {
                what: "SKU alias",
                why: format!("its pack factor is {}/{}", row.theirs, row.ours),
            })?,
        })
    }
}
