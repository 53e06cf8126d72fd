//! Allocations in the database. A step is kept before it is sent, and only whoever knows the one before may set out on
//! the next: of two daemons one does.

use std::collections::HashMap;

use bestand_plugin_api::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, Tx, sql};
use crate::allocation::{Allocation, AllocationState};
use crate::id::{AccountId, SourceId};
use crate::order::OrderNumber;

#[derive(FromQueryResult)]
struct Row {
    order_number: String,
    sku: String,
    source_id: Uuid,
    quantity: i64,
    state: String,
    operation_id: String,
    order_version: i64,
}

#[derive(FromQueryResult)]
struct Number {
    order_number: String,
}

const SELECT: &str = "select order_number, sku, source_id, quantity, state, operation_id, order_version \
    from allocations where account_id = $1";

/// Those of an order, in the order of the articles.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_order(
    db: &Db,
    account: AccountId,
    number: &OrderNumber,
) -> Result<Vec<Allocation>, Error> {
    let mut found = of_orders(db.writer(), account, &[number.as_str()]).await?;
    Ok(found.remove(number.as_str()).unwrap_or_default())
}

/// Those of some orders, by their numbers.
pub(super) async fn of_orders(
    connection: &impl ConnectionTrait,
    account: AccountId,
    numbers: &[&str],
) -> Result<HashMap<String, Vec<Allocation>>, Error> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let places = sql::placeholders(2, numbers.len());
    let select = format!("{SELECT} and order_number in ({places}) order by order_number, sku");
    let numbers = numbers.iter().map(|number| Value::from(*number));
    let values: Vec<Value> = [account.0.into()].into_iter().chain(numbers).collect();
    let rows: Vec<Row> = sql::list(connection, &select, values).await?;
    let mut found: HashMap<String, Vec<Allocation>> = HashMap::new();
    for row in rows {
        let number = row.order_number.clone();
        found.entry(number).or_default().push(row.try_into()?);
    }
    Ok(found)
}

/// Sets out on a step: `next[i]` in place of `known[i]`, or as new where that one has no operation yet.
///
/// # Errors
/// `Conflict` when somebody else has set out meanwhile; then none of them is.
pub async fn set_out(
    db: &Db,
    account: AccountId,
    known: &[Allocation],
    next: &[Allocation],
) -> Result<(), Error> {
    let done = db.write(async |tx| {
        for (known, next) in known.iter().zip(next) {
            match known.operation_id.is_empty() {
                true => insert(tx, account, next).await?,
                false => advance(tx, account, known, next).await?,
            }
        }
        Ok(())
    });
    done.await?;
    db.note_order_change();
    Ok(())
}

async fn insert(tx: &Tx, account: AccountId, new: &Allocation) -> Result<(), Error> {
    let insert = "insert into allocations \
        (account_id, order_number, sku, source_id, quantity, state, operation_id, order_version) \
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (account_id, order_number, sku) do nothing";
    let values: [Value; 8] = [
        account.0.into(),
        new.order_number.as_str().into(),
        new.sku.as_str().into(),
        new.source_id.0.into(),
        new.quantity.millionths().into(),
        new.state.as_str().into(),
        new.operation_id.as_str().into(),
        new.order_version.into(),
    ];
    match sql::execute(tx, insert, values).await? {
        0 => Err(changed(new)),
        _ => Ok(()),
    }
}

async fn advance(
    tx: &Tx,
    account: AccountId,
    known: &Allocation,
    next: &Allocation,
) -> Result<(), Error> {
    let update = "update allocations set state = $4, operation_id = $5 \
        where account_id = $1 and order_number = $2 and sku = $3 and operation_id = $6";
    let values: [Value; 6] = [
        account.0.into(),
        next.order_number.as_str().into(),
        next.sku.as_str().into(),
        next.state.as_str().into(),
        next.operation_id.as_str().into(),
        known.operation_id.as_str().into(),
    ];
    match sql::execute(tx, update, values).await? {
        0 => Err(changed(next)),
        _ => Ok(()),
    }
}

/// Keeps where a step has led; nowhere, the allocation is gone. Somebody else's next step stays as it is.
///
/// # Errors
/// When the database is out of reach.
pub async fn reach(
    db: &Db,
    account: AccountId,
    step: &Allocation,
    state: Option<AllocationState>,
) -> Result<(), Error> {
    let of_step = "where account_id = $1 and order_number = $2 and sku = $3 and operation_id = $4";
    let mut values: Vec<Value> = vec![
        account.0.into(),
        step.order_number.as_str().into(),
        step.sku.as_str().into(),
        step.operation_id.as_str().into(),
    ];
    let change = match state {
        Some(state) => {
            values.push(state.as_str().into());
            format!("update allocations set state = $5 {of_step}")
        }
        None => format!("delete from allocations {of_step}"),
    };
    sql::execute(db.writer(), &change, values).await?;
    db.note_order_change();
    Ok(())
}

/// Keeps that an order's allocations are in line with this version of it.
///
/// # Errors
/// When the database is out of reach.
pub async fn confirm(
    db: &Db,
    account: AccountId,
    number: &OrderNumber,
    version: i64,
) -> Result<(), Error> {
    let update =
        "update allocations set order_version = $3 where account_id = $1 and order_number = $2";
    let values: [Value; 3] = [account.0.into(), number.as_str().into(), version.into()];
    sql::execute(db.writer(), update, values).await?;
    Ok(())
}

/// Orders whose allocations may not be in line with them, in the order of their numbers, after `after`.
///
/// A step is under way, or the order, its status, or the link of its ship-from location is another one.
///
/// # Errors
/// When the database is out of reach.
pub async fn to_follow(
    db: &Db,
    account: AccountId,
    after: Option<&OrderNumber>,
    limit: u32,
) -> Result<Vec<OrderNumber>, Error> {
    let select = "select distinct allocation.order_number from allocations allocation \
        left join orders on orders.account_id = allocation.account_id and orders.number = allocation.order_number \
        left join ship_from_locations location on location.account_id = allocation.account_id \
        and (location.id = orders.ship_from_id or (orders.ship_from_id is null and location.is_default)) \
        where allocation.account_id = $1 and allocation.state <> 'shipped' and allocation.order_number > $2 \
        and (allocation.state <> 'reserved' or orders.version is distinct from allocation.order_version \
        or orders.status <> 'awaiting_shipment' or orders.overridden_by is not null \
        or location.source_id is distinct from allocation.source_id) \
        order by allocation.order_number limit $3";
    let values: [Value; 3] = [
        account.0.into(),
        after.map_or("", |number| number.as_str()).into(),
        i64::from(limit).into(),
    ];
    let rows: Vec<Number> = sql::list(db.read(), select, values).await?;
    let read = |row: Number| Error::read("allocation", &row.order_number);
    rows.into_iter().map(read).collect()
}

/// Keeps who lets an order ship without its goods being promised, or that nobody does.
///
/// # Errors
/// `NotFound` when there is no such order.
pub async fn set_overridden(
    db: &Db,
    account: AccountId,
    number: &OrderNumber,
    who: Option<&str>,
) -> Result<(), Error> {
    let update = "update orders set overridden_by = $3, version = version + 1 where account_id = $1 and number = $2";
    let values: [Value; 3] = [account.0.into(), number.as_str().into(), who.into()];
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::not_found("order", number)),
        _ => {
            db.note_order_change();
            Ok(())
        }
    }
}

fn changed(allocation: &Allocation) -> Error {
    Error::changed_meanwhile("allocation of order", &allocation.order_number)
}

impl TryFrom<Row> for Allocation {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            order_number: Error::read("allocation", &row.order_number)?,
            sku: super::level::read_sku(&row.sku)?,
            source_id: SourceId(row.source_id),
            quantity: Quantity::from_millionths(row.quantity),
            state: Error::read("allocation", &row.state)?,
            operation_id: row.operation_id,
            order_version: row.order_version,
        })
    }
}
