//! Orders in the database: put by the thousand in one transaction, listed by cursor.

mod line;
mod moved;
mod put;
mod search;
mod told;

use std::collections::HashMap;

use bestand_plugin_api::Timestamp;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::allocation::Allocation;
use crate::id::{AccountId, ShipFromId};
use crate::order::{Order, OrderNumber, OrderStatus};
use crate::search::SearchText;
use search::Matches;

pub use moved::{Moved, move_to};
pub use put::{Stored, put, put_many};
pub(crate) use told::{tell, told};

#[cfg(test)]
mod tests;

/// Which orders a list shows; what is left open shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of this status.
    pub status: Option<OrderStatus>,
    /// Those that ship from this location.
    pub ship_from: Option<ShipsFrom>,
    /// Those whose number begins with this, in whatever letters, or on which it is a SKU.
    pub search: Option<SearchText>,
    /// Which come first.
    pub sequence: Sequence,
}

/// A location that orders ship from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShipsFrom {
    /// The location.
    pub id: ShipFromId,
    /// Whether it is the account's default one, from which orders ship that name none.
    pub is_default: bool,
}

/// Which orders come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sequence {
    /// Those that have waited longest.
    #[default]
    OldestFirst,
    /// Those that came last.
    NewestFirst,
}

/// The place of an order in a list, to go on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it was placed or, where nobody says, first stored.
    pub sort_at: Timestamp,
    /// Its number.
    pub number: OrderNumber,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The orders, with their lines.
    pub orders: Vec<Order>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<Place>,
}

#[derive(FromQueryResult)]
struct Row {
    number: String,
    status: String,
    ship_from_id: Option<Uuid>,
    ordered_at: Option<i64>,
    sort_at: i64,
    import_id: Option<Uuid>,
    updated_at: i64,
    version: i64,
    overridden_by: Option<String>,
}

#[derive(FromQueryResult)]
struct Count {
    orders: i64,
}

const SELECT: &str = "select number, status, ship_from_id, ordered_at, sort_at, import_id, updated_at, version, \
    overridden_by \
    from orders where account_id = $1";

/// One order of the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    number: &OrderNumber,
) -> Result<Option<Order>, Error> {
    let select = format!("{SELECT} and number = $2");
    let values = [account.0.into(), number.as_str().into()];
    match sql::find::<Row>(db.read(), &select, values).await? {
        Some(row) => Ok(with_lines(db.read(), account, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

/// These orders of the account, in the order asked for; those that are not there are left out.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_many(
    db: &Db,
    account: AccountId,
    numbers: &[OrderNumber],
) -> Result<Vec<Order>, Error> {
    let mut found = HashMap::with_capacity(numbers.len());
    for part in numbers.chunks(put::ROWS_PER_STATEMENT) {
        let named = sql::placeholders(2, part.len());
        let select = format!("{SELECT} and number in ({named})");
        let names = part.iter().map(|number| number.as_str().into());
        let values = std::iter::once(account.0.into()).chain(names);
        let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
        let orders = with_lines(db.read(), account, rows).await?;
        found.extend(
            orders
                .into_iter()
                .map(|order| (order.number.clone(), order)),
        );
    }
    Ok(numbers
        .iter()
        .filter_map(|number| found.remove(number))
        .collect())
}

/// Orders of the account, after `after` in the filter's sequence, at most `limit`.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    filter: &Filter,
    after: Option<&Place>,
    limit: u32,
) -> Result<Page, Error> {
    let matches = match &filter.search {
        Some(text) => search::matches(db, account, text).await?,
        None => Matches::Many,
    };
    let (select, values) = select_page(account, filter, matches, after, limit);
    let mut rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    // One more than asked for was selected: it tells whether there is a next page.
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let orders = with_lines(db.read(), account, rows).await?;
    let next = orders.last().filter(|_| more).map(Order::place);
    Ok(Page { orders, next })
}

/// How many orders the account has.
///
/// # Errors
/// When the database is out of reach.
pub async fn count(db: &Db, account: AccountId) -> Result<u64, Error> {
    let select = "select count(*) as orders from orders where account_id = $1";
    let count: Option<Count> = sql::find(db.read(), select, [account.0.into()]).await?;
    let orders = count.map_or(0, |count| count.orders);
    Ok(u64::try_from(orders).unwrap_or(0))
}

fn select_page(
    account: AccountId,
    filter: &Filter,
    matches: Matches,
    after: Option<&Place>,
    limit: u32,
) -> (String, Vec<Value>) {
    let mut conditions = String::new();
    let mut values: Vec<Value> = vec![account.0.into()];
    let mut placeholder = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some(status) = filter.status {
        conditions += &format!(" and status = {}", placeholder(status.as_str().into()));
    }
    if let Some(from) = filter.ship_from {
        let id = placeholder(from.id.0.into());
        conditions += &match from.is_default {
            true => format!(" and (ship_from_id = {id} or ship_from_id is null)"),
            false => format!(" and ship_from_id = {id}"),
        };
    }
    if let Some(text) = &filter.search {
        conditions += &matches.condition(text, &mut placeholder);
    }
    let (than, direction) = match filter.sequence {
        Sequence::OldestFirst => (">", "asc"),
        Sequence::NewestFirst => ("<", "desc"),
    };
    if let Some(place) = after {
        let sort_at = placeholder(place.sort_at.millis().into());
        let number = placeholder(place.number.as_str().into());
        conditions += &format!(" and (sort_at, number) {than} ({sort_at}, {number})");
    }
    let limit = placeholder((i64::from(limit) + 1).into());
    let key = matches.sort_key();
    conditions += &format!(" order by {key} {direction}, number {direction} limit {limit}");
    let select = match filter.search {
        None => format!("{SELECT}{conditions}"),
        // Found by what the indexes hold, before any row is read.
        Some(_) => format!(
            "{SELECT} and number in (select number from orders where account_id = $1{conditions}) \
             order by sort_at + 0 {direction}, number {direction}"
        ),
    };
    (select, values)
}

/// The orders of some rows, their lines read in one more query.
async fn with_lines(
    connection: &impl ConnectionTrait,
    account: AccountId,
    rows: Vec<Row>,
) -> Result<Vec<Order>, Error> {
    let numbers: Vec<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    let mut lines = line::of_orders(connection, account, &numbers).await?;
    let mut allocations = super::allocation::of_orders(connection, account, &numbers).await?;
    rows.into_iter()
        .map(|row| {
            let lines = lines.remove(&row.number).unwrap_or_default();
            let allocations = allocations.remove(&row.number).unwrap_or_default();
            row.into_order(account, lines, allocations)
        })
        .collect()
}

// === impl Row ===

impl Row {
    fn into_order(
        self,
        account_id: AccountId,
        lines: Vec<crate::order::OrderLine>,
        allocations: Vec<Allocation>,
    ) -> Result<Order, Error> {
        Ok(Order {
            account_id,
            number: Error::read("order", &self.number)?,
            status: Error::read("order", &self.status)?,
            ship_from_id: self.ship_from_id.map(ShipFromId),
            lines,
            ordered_at: self.ordered_at.map(Timestamp::from_millis),
            sort_at: Timestamp::from_millis(self.sort_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            version: self.version,
            allocations,
            overridden_by: self.overridden_by,
        })
    }
}

// === impl Order ===

impl Order {
    /// Its place in a list.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            sort_at: self.sort_at,
            number: self.number.clone(),
        }
    }
}
