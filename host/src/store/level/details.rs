//! What few levels have and no verdict needs: item reference, lots, further quantities.

use std::collections::{BTreeMap, HashMap};

use bestand_plugin_api::{Currency, ItemRef, LevelPart, Lot, Quantity, Sku, StockLevel, Timestamp};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use super::{HELD, HeldRow, SKUS_PER_STATEMENT, key, read_sku};
use crate::id::{AccountId, SourceId};
use crate::stock::Held;
use crate::stock::parts::fitting;
use crate::store::{Db, Error, sql};

/// All that is stored of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelDetails {
    /// The article.
    pub sku: Sku,
    /// What a verdict needs.
    pub held: Held,
    /// The system's own reference to the article, given back on writes.
    pub item: Option<ItemRef>,
    /// Whatever else the system counts, under its own names.
    pub other: BTreeMap<String, Quantity>,
    /// Batches, where the system keeps them.
    pub lots: Vec<Lot>,
    /// What one has cost on average, where the system keeps that.
    pub unit_cost: Option<Quantity>,
    /// What that is told in.
    pub currency: Option<Currency>,
    /// When the system says it last changed this level.
    pub source_updated_at: Option<Timestamp>,
    /// What it was put together from; empty for a level of its own.
    pub parts: Vec<LevelPart>,
}

/// As it is stored: quantities in millionths, moments in milliseconds.
#[derive(Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Details {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    other: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lots: Vec<(String, i64, Option<i64>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unit_cost: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<Currency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_updated_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<LevelPart>,
}

#[derive(FromQueryResult)]
struct Row {
    sku: String,
    item: Option<String>,
    details: Option<String>,
    #[sea_orm(nested)]
    held: HeldRow,
}

/// All that is stored of these SKUs, in the order asked for.
///
/// # Errors
/// When the database is out of reach.
pub async fn details(
    db: &Db,
    account: AccountId,
    source: SourceId,
    skus: &[Sku],
) -> Result<Vec<Option<LevelDetails>>, Error> {
    let mut found = HashMap::with_capacity(skus.len());
    for skus in skus.chunks(SKUS_PER_STATEMENT) {
        let select = format!(
            "select sku, item, details, {HELD} from stock_levels where account_id = $1 and source_id = $2 \
             and sku in ({})",
            sql::placeholders(3, skus.len())
        );
        let values = key(
            account,
            source,
            skus.iter().map(|sku| Value::from(sku.as_str())),
        );
        for row in sql::list::<Row>(db.read(), &select, values).await? {
            let level = LevelDetails::try_from(row)?;
            found.insert(level.sku.clone(), level);
        }
    }
    Ok(skus.iter().map(|sku| found.get(sku).cloned()).collect())
}

// === impl Details ===

impl Details {
    /// What is to store of `level`, if it has any of it.
    pub(super) fn text_of(level: &StockLevel) -> Option<String> {
        let has_any = !level.quantities.other.is_empty()
            || !level.lots.is_empty()
            || level.unit_cost.is_some()
            || level.source_updated_at.is_some()
            || !level.parts.is_empty();
        has_any.then(|| {
            let details = serde_json::to_string(&Self::of(level));
            details.expect("texts and numbers are always JSON")
        })
    }

    fn of(level: &StockLevel) -> Self {
        let lot = |lot: &Lot| {
            let expires_at = lot.expires_at.map(Timestamp::millis);
            (lot.id.clone(), lot.quantity.millionths(), expires_at)
        };
        let other = level.quantities.other.iter();
        Self {
            other: other
                .map(|(name, quantity)| (name.clone(), quantity.millionths()))
                .collect(),
            lots: level.lots.iter().map(lot).collect(),
            unit_cost: level.unit_cost.map(Quantity::millionths),
            currency: level.currency,
            source_updated_at: level.source_updated_at.map(Timestamp::millis),
            parts: fitting(level.parts.clone()),
        }
    }

    pub(super) fn read(text: Option<&str>) -> Result<Self, Error> {
        let Some(text) = text else {
            return Ok(Self::default());
        };
        serde_json::from_str(text).map_err(|error| Error::corrupt("stock level", error))
    }
}

impl TryFrom<Row> for LevelDetails {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let Details {
            other,
            lots,
            unit_cost,
            currency,
            source_updated_at,
            parts,
        } = Details::read(row.details.as_deref())?;
        let lot = |(id, quantity, expires_at): (String, i64, Option<i64>)| {
            let mut lot = Lot::new(id, Quantity::from_millionths(quantity));
            lot.expires_at = expires_at.map(Timestamp::from_millis);
            lot
        };
        let other = other.into_iter();
        Ok(Self {
            sku: read_sku(&row.sku)?,
            held: row.held.read()?,
            item: row.item.map(ItemRef),
            other: other
                .map(|(name, millionths)| (name, Quantity::from_millionths(millionths)))
                .collect(),
            lots: lots.into_iter().map(lot).collect(),
            unit_cost: unit_cost.map(Quantity::from_millionths),
            currency,
            source_updated_at: source_updated_at.map(Timestamp::from_millis),
            parts,
        })
    }
}
