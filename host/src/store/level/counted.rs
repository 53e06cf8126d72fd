//! Levels that are numbers, over several sources: for those who can be told nothing but numbers.

use bestand_plugin_api::{Currency, Quantity, Sku};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::super::{Db, Error, sql};
use super::details::Details;
use super::{HELD, SkuRow, tracking_code};
use crate::id::{AccountId, SourceId};
use crate::stock::Held;

/// A part of a list of levels.
#[derive(Clone, Debug)]
pub struct Counted {
    /// How many there are in all.
    pub total: u64,
    /// The part asked for, in the order of their SKUs, and of their sources' ids for the same SKU.
    pub levels: Vec<CountedLevel>,
}

/// A level that is a number.
#[derive(Clone, Debug)]
pub struct CountedLevel {
    /// Where.
    pub source_id: SourceId,
    /// The article.
    pub sku: Sku,
    /// What is known.
    pub held: Held,
    /// What one has cost on average, where its system keeps that.
    pub unit_cost: Option<Quantity>,
    /// What that is told in.
    pub currency: Option<Currency>,
}

#[derive(FromQueryResult)]
struct Row {
    source_id: Uuid,
    details: Option<String>,
    #[sea_orm(nested)]
    level: SkuRow,
}

#[derive(FromQueryResult)]
struct Total {
    levels: i64,
}

/// The levels of these sources that are a count and have a number, of these SKUs or, without any, of all: `limit` of
/// them after the first `offset`.
///
/// # Errors
/// When the database is out of reach.
pub async fn counted(
    db: &Db,
    account: AccountId,
    sources: &[SourceId],
    skus: &[Sku],
    offset: u64,
    limit: u64,
) -> Result<Counted, Error> {
    if sources.is_empty() {
        return Ok(Counted {
            total: 0,
            levels: Vec::new(),
        });
    }
    let (found, mut values) = found(account, sources, skus);
    let total = format!("select count(*) as levels {found}");
    let total: Option<Total> = sql::find(db.read(), &total, values.clone()).await?;
    let count = values.len();
    let select = format!(
        "select source_id, sku, details, {HELD} {found} order by sku, source_id limit ${} offset ${}",
        count + 1,
        count + 2
    );
    values.extend([as_value(limit), as_value(offset)]);
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    Ok(Counted {
        total: total.map_or(0, |total| u64::try_from(total.levels).unwrap_or(0)),
        levels: rows
            .into_iter()
            .map(CountedLevel::try_from)
            .collect::<Result<_, Error>>()?,
    })
}

/// What comes after the columns, and its values.
fn found(account: AccountId, sources: &[SourceId], skus: &[Sku]) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![account.0.into(), tracking_code(Default::default()).into()];
    values.extend(sources.iter().map(|source| Value::from(source.0)));
    values.extend(skus.iter().map(|sku| Value::from(sku.as_str())));
    let of_skus = match skus.len() {
        0 => String::new(),
        count => format!(
            " and sku in ({})",
            sql::placeholders(3 + sources.len(), count)
        ),
    };
    let found = format!(
        "from stock_levels where account_id = $1 and tracking = $2 and source_id in ({}){of_skus} \
         and (available is not null or on_hand is not null)",
        sql::placeholders(3, sources.len())
    );
    (found, values)
}

impl TryFrom<Row> for CountedLevel {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let (sku, held) = row.level.read()?;
        let details = Details::read(row.details.as_deref())?;
        Ok(Self {
            source_id: SourceId(row.source_id),
            sku,
            held,
            unit_cost: details.unit_cost.map(Quantity::from_millionths),
            currency: details.currency,
        })
    }
}

fn as_value(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
