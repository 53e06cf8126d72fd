//! Products by pages: the SKUs that any source of an account has a level of, and what orders call them.

use std::collections::HashMap;

use bestand_plugin_api::Sku;
use sea_orm::{FromQueryResult, Value};

use super::super::{Db, Error, sql};
use crate::id::AccountId;

/// SKUs named in one statement.
const SKUS_PER_STATEMENT: usize = 500;

/// Which products; what is left open shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The one of this SKU.
    pub sku: Option<String>,
    /// Those that an order calls something that holds this, in whatever letters.
    pub name: Option<String>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skus {
    /// How many there are in all.
    pub total: u64,
    /// Those asked for, in their order.
    pub skus: Vec<Sku>,
}

#[derive(FromQueryResult)]
struct Row {
    sku: String,
}

#[derive(FromQueryResult)]
struct Total {
    products: i64,
}

#[derive(FromQueryResult)]
struct Named {
    sku: String,
    name: Option<String>,
}

/// `limit` products after the first `offset`, and how many there are.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    filter: &Filter,
    offset: u64,
    limit: u64,
) -> Result<Skus, Error> {
    let (found, mut values) = found(account, filter);
    let total = format!("select count(distinct sku) as products {found}");
    let total: Option<Total> = sql::find(db.read(), &total, values.clone()).await?;
    let count = values.len();
    let select = format!(
        "select distinct sku {found} order by sku limit ${} offset ${}",
        count + 1,
        count + 2
    );
    let as_value = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    values.extend([as_value(limit), as_value(offset)]);
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    let sku = |row: &Row| Sku::new(&row.sku).map_err(|error| Error::corrupt("stock level", error));
    Ok(Skus {
        total: total.map_or(0, |total| u64::try_from(total.products).unwrap_or(0)),
        skus: rows.iter().map(sku).collect::<Result<_, Error>>()?,
    })
}

/// What orders call these SKUs, where any does.
///
/// # Errors
/// When the database is out of reach.
pub async fn names(
    db: &Db,
    account: AccountId,
    skus: &[Sku],
) -> Result<HashMap<String, String>, Error> {
    let mut names = HashMap::new();
    for part in skus.chunks(SKUS_PER_STATEMENT) {
        let select = format!(
            "select sku, max(name) as name from order_lines where account_id = $1 and sku in ({}) group by sku",
            sql::placeholders(2, part.len())
        );
        let skus = part.iter().map(|sku| Value::from(sku.as_str()));
        let values = std::iter::once(account.0.into()).chain(skus);
        let rows: Vec<Named> = sql::list(db.read(), &select, values).await?;
        names.extend(
            rows.into_iter()
                .filter_map(|row| Some((row.sku, row.name?))),
        );
    }
    Ok(names)
}

/// What comes after the columns, and its values.
fn found(account: AccountId, filter: &Filter) -> (String, Vec<Value>) {
    let mut found = "from stock_levels where account_id = $1".to_owned();
    let mut values: Vec<Value> = vec![account.0.into()];
    if let Some(sku) = &filter.sku {
        values.push(sku.as_str().into());
        found += &format!(" and sku = ${}", values.len());
    }
    if let Some(name) = &filter.name {
        values.push(super::pattern("%", name).into());
        found += &format!(
            " and sku in (select sku from order_lines where account_id = $1 and lower(name) like ${} escape '\\')",
            values.len()
        );
    }
    (found, values)
}
