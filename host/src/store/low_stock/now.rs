//! What is low now: levels at their threshold or below it.
//!
//! No index of its own, which every stored level would pay for: the levels of the account are gone through in the order
//! of their key, and only those that no threshold is too low for are looked at closely.

use bestand_plugin_api::{Quantity, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::id::{AccountId, SourceId};
use crate::stock::{Counts, Held, LowPlace, LowStock, ThresholdFor};
use crate::store::level::{HeldRow, read_sku, tracking_code};
use crate::store::{Db, Error, sql};

#[derive(FromQueryResult)]
struct Row {
    source_id: Uuid,
    sku: String,
    #[sea_orm(nested)]
    held: HeldRow,
    threshold: i64,
    place: i16,
}

#[derive(FromQueryResult)]
struct Since {
    changed_at: i64,
}

/// Never too large for an integer, whatever a system says.
const SELLABLE: &str =
    "coalesce(cast(available as numeric), cast(on_hand as numeric) - coalesce(allocated, 0))";

/// The levels of these sources, or of all, that are low, by source and SKU, after `after`, at most `limit`. What lies at a
/// place that its system has closed is left out: nobody can do anything about it.
///
/// # Errors
/// When the database is out of reach.
pub async fn low(
    db: &Db,
    account: AccountId,
    sources: &[SourceId],
    after: Option<&LowPlace>,
    limit: u32,
) -> Result<Vec<LowStock>, Error> {
    let (select, values) = select(account, sources, after, limit);
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let mut level = row.read()?;
        level.since = since(db, account, &level).await?;
        found.push(level);
    }
    Ok(found)
}

fn select(
    account: AccountId,
    sources: &[SourceId],
    after: Option<&LowPlace>,
    limit: u32,
) -> (String, Vec<Value>) {
    let counted = tracking_code(Default::default());
    let mut values: Vec<Value> = vec![account.0.into(), counted.into(), i64::from(limit).into()];
    let mut wanted = String::new();
    if !sources.is_empty() {
        let places = sql::placeholders(values.len() + 1, sources.len());
        wanted += &format!(" and source_id in ({places})");
        values.extend(sources.iter().map(|source| Value::from(source.0)));
    }
    if let Some(after) = after {
        let places = sql::placeholders(values.len() + 1, 2);
        wanted += &format!(" and (source_id, sku) > ({places})");
        values.extend([after.source_id.0.into(), after.sku.as_str().into()]);
    }
    let of = |name: &str, sku: &str, source: &str| {
        format!(
            " left join low_stock_thresholds {name} on {name}.account_id = $1 and {name}.sku = {sku} \
             and {name}.source_id {source}"
        )
    };
    let joins = [
        of("own", "level.sku", "= level.source_id"),
        of("article", "level.sku", "is null"),
        of("whole", "''", "= level.source_id"),
        of("everything", "''", "is null"),
    ]
    .concat();
    let select = format!(
        "with level as (select *, {SELLABLE} as sellable from stock_levels \
           where account_id = $1 and tracking = $2{wanted} \
           and source_id in (select id from inventory_sources where account_id = $1 and active) \
           and {SELLABLE} <= (select max(threshold) from low_stock_thresholds where account_id = $1)), \
         low as (select level.*, coalesce(own.threshold, article.threshold, whole.threshold, everything.threshold) \
           as threshold, cast(case when own.threshold is not null then 0 when article.threshold is not null then 1 \
             when whole.threshold is not null then 2 else 3 end as smallint) as place \
           from level{joins}) \
         select source_id, sku, tracking, available, on_hand, allocated, incoming, as_of, source_version, absent, \
           threshold, place from low where sellable <= threshold order by source_id, sku limit $3"
    );
    (select, values)
}

/// When it fell to what is its threshold now; nothing when it has been that low since it was first seen, or for longer
/// than changes are kept.
async fn since(db: &Db, account: AccountId, level: &LowStock) -> Result<Option<Timestamp>, Error> {
    let before = SELLABLE.replace("available", "available_before");
    let before = before.replace("on_hand", "on_hand_before");
    let before = before.replace("allocated", "allocated_before");
    let select = format!(
        "select changed_at from stock_history where account_id = $1 and source_id = $2 and sku = $3 \
         and tracking = $4 and {SELLABLE} <= $5 \
         and (tracking_before <> $4 or {before} is null or {before} > $5) order by id desc limit 1"
    );
    let values: [Value; 5] = [
        account.0.into(),
        level.source_id.0.into(),
        level.sku.as_str().into(),
        tracking_code(Default::default()).into(),
        level.threshold.millionths().into(),
    ];
    let found: Option<Since> = sql::find(db.read(), &select, values).await?;
    Ok(found.map(|found| Timestamp::from_millis(found.changed_at)))
}

// === impl Row ===

impl Row {
    fn read(self) -> Result<LowStock, Error> {
        let held: Held = self.held.read()?;
        let place = match self.place {
            0 => ThresholdFor::ArticleAtSource,
            1 => ThresholdFor::Article,
            2 => ThresholdFor::Source,
            _ => ThresholdFor::Everything,
        };
        Ok(LowStock {
            source_id: SourceId(self.source_id),
            sku: read_sku(&self.sku)?,
            available: Counts::from(held).sellable().unwrap_or_default(),
            threshold: Quantity::from_millionths(self.threshold),
            threshold_for: place,
            as_of: held.as_of,
            absent: held.absent,
            since: None,
        })
    }
}
