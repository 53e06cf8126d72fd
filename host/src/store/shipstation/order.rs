//! Orders as they were sent: found by their senders' keys, and listed with all other orders by what tools filter by.

mod filter;

use std::collections::HashMap;

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::super::{Db, Error, sql};
use crate::id::AccountId;
use crate::order::{OrderNumber, OrderStatus};

pub use filter::{Filter, Numbers, Sort, Span, list};

/// Orders named in one statement.
const ORDERS_PER_STATEMENT: usize = 500;

/// The store of an order whose sender names none; lists always have it.
pub const STORE_OF_NONE: i64 = 1;

/// An order as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Our own order.
    pub number: OrderNumber,
    /// What its sender calls it; unique in the account.
    pub key: String,
    /// Its status in ShipStation's words.
    pub status: String,
    /// The status of ours that it stood for; when the order has another by now, that one holds.
    pub stands_for: OrderStatus,
    /// The store it came from, where the sender says.
    pub store_id: Option<i64>,
    /// Names and address of the customer in small letters.
    pub customer: String,
    /// When it was first sent.
    pub created_at: Timestamp,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// When it goes on by itself, while it is on hold.
    pub hold_until: Option<Timestamp>,
    /// The order, as JSON.
    pub document: String,
}

#[derive(FromQueryResult)]
struct Row {
    order_number: String,
    order_key: String,
    status: String,
    stands_for: String,
    store_id: Option<i64>,
    customer: String,
    created_at: i64,
    paid_at: Option<i64>,
    hold_until: Option<i64>,
    document: String,
}

#[derive(FromQueryResult)]
struct Due {
    account_id: Uuid,
    order_number: String,
}

#[derive(FromQueryResult)]
struct Store {
    store_id: i64,
}

const SELECT: &str = "select order_number, order_key, status, stands_for, store_id, customer, created_at, paid_at, \
    hold_until, document from shipstation_orders where account_id = $1";

/// Keeps what was sent of an order that is stored, in place of what was kept of it.
///
/// # Errors
/// `Conflict` when another order has this key, `NotFound` when there is no such order.
pub async fn keep(db: &Db, account: AccountId, sent: &Sent) -> Result<(), Error> {
    let upsert = "insert into shipstation_orders (account_id, order_number, order_key, status, stands_for, store_id, \
        customer, created_at, paid_at, hold_until, document) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        on conflict (account_id, order_number) do update set order_key = excluded.order_key, \
        status = excluded.status, stands_for = excluded.stands_for, store_id = excluded.store_id, \
        customer = excluded.customer, created_at = excluded.created_at, paid_at = excluded.paid_at, \
        hold_until = excluded.hold_until, document = excluded.document";
    let values = [
        account.0.into(),
        sent.number.as_str().into(),
        sent.key.as_str().into(),
        sent.status.as_str().into(),
        sent.stands_for.as_str().into(),
        sent.store_id.into(),
        sent.customer.as_str().into(),
        sent.created_at.millis().into(),
        sent.paid_at.map(Timestamp::millis).into(),
        sent.hold_until.map(Timestamp::millis).into(),
        sent.document.as_str().into(),
    ];
    let kept = sql::execute(db.writer(), upsert, values).await;
    kept.map_err(|error| {
        error
            .when_taken("an order with a key", &sent.key)
            .when_dangling("order", &sent.number)
    })?;
    Ok(())
}

/// The order that has this key.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_by_key(db: &Db, account: AccountId, key: &str) -> Result<Option<Sent>, Error> {
    let select = format!("{SELECT} and order_key = $2");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into(), key.into()]).await?;
    row.map(Sent::try_from).transpose()
}

/// What was sent of these orders, by their numbers; nothing of those that came in another way.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_orders(
    db: &Db,
    account: AccountId,
    numbers: &[&str],
) -> Result<HashMap<String, Sent>, Error> {
    let mut found = HashMap::with_capacity(numbers.len());
    for part in numbers.chunks(ORDERS_PER_STATEMENT) {
        let select = format!(
            "{SELECT} and order_number in ({})",
            sql::placeholders(2, part.len())
        );
        let values = part.iter().map(|&number| number.into());
        let values = std::iter::once(account.0.into()).chain(values);
        for row in sql::list::<Row>(db.read(), &select, values).await? {
            found.insert(row.order_number.clone(), Sent::try_from(row)?);
        }
    }
    Ok(found)
}

/// The stores that orders came from, by their numbers.
///
/// # Errors
/// When the database is out of reach.
pub async fn stores(db: &Db, account: AccountId) -> Result<Vec<i64>, Error> {
    let select = "select distinct store_id from shipstation_orders where account_id = $1 and store_id is not null \
        order by store_id";
    let rows: Vec<Store> = sql::list(db.read(), select, [account.0.into()]).await?;
    Ok(rows.into_iter().map(|row| row.store_id).collect())
}

/// Lets the orders of all accounts go on whose hold ends by `now`, and answers which they are.
///
/// # Errors
/// When the database is out of reach.
pub async fn end_holds(db: &Db, now: Timestamp) -> Result<Vec<(AccountId, OrderNumber)>, Error> {
    let due = "select account_id, order_number from shipstation_orders where hold_until is not null and hold_until <= $1";
    let due: Vec<Due> = sql::list(db.read(), due, [now.millis().into()]).await?;
    let mut ended = Vec::new();
    for Due {
        account_id,
        order_number,
    } in due
    {
        if end_hold(db, account_id, &order_number, now).await? {
            let number = Error::read("order", &order_number)?;
            ended.push((AccountId(account_id), number));
        }
    }
    Ok(ended)
}

/// Answers whether the order was still on hold.
async fn end_hold(db: &Db, account: Uuid, number: &str, now: Timestamp) -> Result<bool, Error> {
    let forget = "update shipstation_orders set hold_until = null, status = 'awaiting_shipment', \
        stands_for = 'awaiting_shipment' where account_id = $1 and order_number = $2 and hold_until <= $3";
    let update = "update orders set status = 'awaiting_shipment', updated_at = $3, version = version + 1 \
        where account_id = $1 and number = $2 and status = 'on_hold'";
    let ended = db.write(async |tx| {
        let values = || [account.into(), number.into(), now.millis().into()];
        let is_due = sql::execute(tx, forget, values()).await? > 0;
        Ok(is_due && sql::execute(tx, update, values()).await? > 0)
    });
    let ended = ended.await?;
    db.note_order_change();
    Ok(ended)
}

impl TryFrom<Row> for Sent {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            number: Error::read("order", &row.order_number)?,
            key: row.order_key,
            status: row.status,
            stands_for: Error::read("order", &row.stands_for)?,
            store_id: row.store_id,
            customer: row.customer,
            created_at: Timestamp::from_millis(row.created_at),
            paid_at: row.paid_at.map(Timestamp::from_millis),
            hold_until: row.hold_until.map(Timestamp::from_millis),
            document: row.document,
        })
    }
}
