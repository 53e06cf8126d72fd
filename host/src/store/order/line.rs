//! The lines of orders in the database.

use std::collections::HashMap;

use bestand_plugin_api::{Quantity, Sku};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::super::{Error, Tx, sql};
use super::put::ROWS_PER_STATEMENT;
use crate::id::AccountId;
use crate::order::goods::NotGoods;
use crate::order::{LineKind, OrderLine, OrderNumber};

#[derive(FromQueryResult)]
struct Row {
    order_number: String,
    line: i64,
    sku: Option<String>,
    name: Option<String>,
    quantity: i64,
    kind: String,
    note: Option<String>,
}

#[derive(FromQueryResult)]
struct Last {
    order_number: String,
    line: i64,
}

/// The words of lines that are neither goods nor a [`NotGoods`].
const GOODS: &str = "goods";
const UNREADABLE: &str = "unreadable";

/// The lines of these orders, by order number.
pub(super) async fn of_orders(
    connection: &impl ConnectionTrait,
    account: AccountId,
    numbers: &[&str],
) -> Result<HashMap<String, Vec<OrderLine>>, Error> {
    let mut lines: HashMap<String, Vec<OrderLine>> = HashMap::with_capacity(numbers.len());
    for part in numbers.chunks(ROWS_PER_STATEMENT) {
        let select = format!(
            "select order_number, line, sku, name, quantity, kind, note from order_lines \
             where account_id = $1 and order_number in ({}) order by order_number, line",
            sql::placeholders(2, part.len())
        );
        for row in sql::list::<Row>(connection, &select, keyed(account, part)).await? {
            let (number, line) = row.read()?;
            lines.entry(number).or_default().push(line);
        }
    }
    Ok(lines)
}

/// The last line of each of these orders.
pub(super) async fn last_of_orders(
    tx: &Tx,
    account: AccountId,
    numbers: &[&str],
) -> Result<HashMap<String, u32>, Error> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let select = format!(
        "select order_number, max(line) as line from order_lines where account_id = $1 and order_number in ({}) \
         group by order_number",
        sql::placeholders(2, numbers.len())
    );
    let rows: Vec<Last> = sql::list(tx, &select, keyed(account, numbers)).await?;
    let last = |row: Last| {
        (
            row.order_number,
            u32::try_from(row.line).unwrap_or(u32::MAX),
        )
    };
    Ok(rows.into_iter().map(last).collect())
}

/// Removes all lines of these orders.
pub(super) async fn delete(tx: &Tx, account: AccountId, numbers: &[&str]) -> Result<(), Error> {
    for part in numbers.chunks(ROWS_PER_STATEMENT) {
        let delete = format!(
            "delete from order_lines where account_id = $1 and order_number in ({})",
            sql::placeholders(2, part.len())
        );
        sql::execute(tx, &delete, keyed(account, part)).await?;
    }
    Ok(())
}

/// Adds lines to orders.
pub(super) async fn insert(
    tx: &Tx,
    account: AccountId,
    lines: &[(&OrderNumber, &OrderLine)],
) -> Result<(), Error> {
    for part in lines.chunks(ROWS_PER_STATEMENT) {
        let insert = format!(
            "insert into order_lines (account_id, order_number, line, sku, name, quantity, kind, note) values {}",
            super::put::rows(part.len(), COLUMNS)
        );
        let values = part
            .iter()
            .flat_map(|(number, line)| values(account, number, line));
        sql::execute(tx, &insert, values).await?;
    }
    Ok(())
}

const COLUMNS: usize = 8;

fn values(account: AccountId, number: &OrderNumber, line: &OrderLine) -> [Value; COLUMNS] {
    let (kind, note) = match &line.kind {
        LineKind::Goods => (GOODS, None),
        LineKind::NotGoods(reason) => (reason.as_str(), None),
        LineKind::Unreadable(reason) => (UNREADABLE, Some(reason.as_str())),
    };
    [
        account.0.into(),
        number.as_str().into(),
        i64::from(line.line).into(),
        line.sku.as_ref().map(Sku::as_str).into(),
        line.name.as_deref().into(),
        line.quantity.millionths().into(),
        kind.into(),
        note.into(),
    ]
}

fn keyed(account: AccountId, numbers: &[&str]) -> Vec<Value> {
    let numbers = numbers.iter().map(|&number| number.into());
    std::iter::once(account.0.into()).chain(numbers).collect()
}

// === impl Row ===

impl Row {
    fn read(self) -> Result<(String, OrderLine), Error> {
        let sku = self.sku.map(Sku::try_from).transpose();
        let line = OrderLine {
            line: u32::try_from(self.line).map_err(|error| Error::corrupt("order line", error))?,
            sku: sku.map_err(|error| Error::corrupt("order line", error))?,
            name: self.name,
            quantity: Quantity::from_millionths(self.quantity),
            kind: read_kind(&self.kind, self.note)?,
        };
        Ok((self.order_number, line))
    }
}

fn read_kind(word: &str, note: Option<String>) -> Result<LineKind, Error> {
    match word {
        GOODS => Ok(LineKind::Goods),
        UNREADABLE => Ok(LineKind::Unreadable(note.unwrap_or_default())),
        other => NotGoods::find(other)
            .map(LineKind::NotGoods)
            .ok_or_else(|| Error::corrupt("order line", format!("`{other}` is no kind"))),
    }
}
