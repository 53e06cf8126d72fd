//! Operations in the database: written down before they are sent, and settled by what came of them.

mod list;

use std::collections::HashMap;

use bestand_plugin_api::{StockOperation, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, SourceId};
use crate::operation::{Operation, OperationState};

pub use list::{OperationFilter, OperationPlace, list};

/// Rows per statement: far below what either engine binds at once.
const ROWS_PER_STATEMENT: usize = 200;
const COLUMNS: usize = 9;
/// Rows forgotten per transaction, so that others get their turn in between.
const FORGOTTEN_AT_ONCE: i64 = 10_000;

/// What became of an operation, as it is kept.
#[derive(Clone, Debug)]
pub struct Settlement<'a> {
    /// The operation's id.
    pub id: &'a str,
    /// What became of it.
    pub state: OperationState,
    /// Why it was rejected, or is unknown.
    pub reason: Option<&'a str>,
    /// When its system is asked next, when that is not known.
    pub due_at: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    source_id: Uuid,
    actor: String,
    operation: String,
    state: String,
    reason: Option<String>,
    look_ups: i64,
    due_at: Option<i64>,
    made_at: i64,
    settled_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

const SELECT: &str = "select account_id, source_id, actor, operation, state, reason, look_ups, due_at, made_at, \
    settled_at from stock_operations";

/// Writes down operations that are to be sent to `source`, so that they are due to be asked about from `due_at` on.
///
/// Answers those that were written down before, by their ids: they are left as they are. One that was rejected has
/// changed nothing, so the same is tried again as if it were new.
///
/// # Errors
/// `NotFound` when the source is gone.
pub async fn begin(
    db: &Db,
    account: AccountId,
    source: SourceId,
    actor: &str,
    operations: &[StockOperation],
    now: Timestamp,
    due_at: Timestamp,
) -> Result<HashMap<String, Operation>, Error> {
    db.write(async |tx| {
        let mut known = HashMap::new();
        for operations in operations.chunks(ROWS_PER_STATEMENT) {
            let new = insert(tx, account, source, actor, operations, now, due_at).await?;
            if new.len() < operations.len() {
                let is_old = |id: &&str| !new.iter().any(|new| new.id == **id);
                let old = operations.iter().map(|operation| operation.op_id.as_str());
                let old: Vec<&str> = old.filter(is_old).collect();
                known.extend(find_many(tx, account, &old).await?);
            }
        }
        Ok(known)
    })
    .await
}

async fn insert(
    tx: &Tx,
    account: AccountId,
    source: SourceId,
    actor: &str,
    operations: &[StockOperation],
    now: Timestamp,
    due_at: Timestamp,
) -> Result<Vec<Id>, Error> {
    let row = |row: usize| format!("({}, 0)", sql::placeholders(1 + row * COLUMNS, COLUMNS));
    let rows: Vec<String> = (0..operations.len()).map(row).collect();
    let insert = format!(
        "insert into stock_operations (account_id, id, source_id, sku, actor, operation, state, due_at, made_at, \
         look_ups) values {} on conflict (account_id, id) do update set state = excluded.state, reason = null, \
         due_at = excluded.due_at, settled_at = null where stock_operations.state = 'rejected' \
         and stock_operations.operation = excluded.operation returning id",
        rows.join(", ")
    );
    let mut values: Vec<Value> = Vec::with_capacity(operations.len() * COLUMNS);
    for operation in operations {
        let json = serde_json::to_string(operation);
        values.extend([
            account.0.into(),
            operation.op_id.as_str().into(),
            source.0.into(),
            operation.sku.as_str().into(),
            actor.into(),
            json.map_err(|error| Error::corrupt("operation", error))?
                .into(),
            OperationState::Pending.as_str().into(),
            due_at.millis().into(),
            now.millis().into(),
        ]);
    }
    let inserted = sql::list(tx, &insert, values).await;
    inserted.map_err(|error| error.when_dangling("inventory source", source))
}

async fn find_many(
    tx: &Tx,
    account: AccountId,
    ids: &[&str],
) -> Result<Vec<(String, Operation)>, Error> {
    let places = sql::placeholders(2, ids.len());
    let select = format!("{SELECT} where account_id = $1 and id in ({places})");
    let ids = ids.iter().map(|id| Value::from(*id));
    let values: Vec<Value> = [account.0.into()].into_iter().chain(ids).collect();
    let rows: Vec<Row> = sql::list(tx, &select, values).await?;
    let read = |row: Row| {
        let operation = Operation::try_from(row)?;
        Ok((operation.sent.op_id.clone(), operation))
    };
    rows.into_iter().map(read).collect()
}

/// Keeps what became of operations. One that is settled already stays as it is.
///
/// # Errors
/// When the database is out of reach; then nothing is kept.
pub async fn settle(
    db: &Db,
    account: AccountId,
    settlements: &[Settlement<'_>],
    now: Timestamp,
) -> Result<(), Error> {
    let is_plain = |settlement: &&Settlement<'_>| settlement.state == OperationState::Applied;
    let (applied, others): (Vec<_>, Vec<_>) = settlements.iter().partition(is_plain);
    db.write(async |tx| {
        for applied in applied.chunks(ROWS_PER_STATEMENT) {
            settle_applied(tx, account, applied, now).await?;
        }
        for settlement in &others {
            settle_one(tx, account, settlement, now).await?;
        }
        Ok(())
    })
    .await
}

async fn settle_applied(
    tx: &Tx,
    account: AccountId,
    applied: &[&Settlement<'_>],
    now: Timestamp,
) -> Result<(), Error> {
    let update = format!(
        "update stock_operations set state = 'applied', reason = null, due_at = null, settled_at = $2 \
         where account_id = $1 and settled_at is null and id in ({})",
        sql::placeholders(3, applied.len())
    );
    let ids = applied.iter().map(|settlement| settlement.id.into());
    let values: [Value; 2] = [account.0.into(), now.millis().into()];
    sql::execute(tx, &update, values.into_iter().chain(ids)).await?;
    Ok(())
}

async fn settle_one(
    tx: &Tx,
    account: AccountId,
    settlement: &Settlement<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    let update = "update stock_operations set state = $3, reason = $4, due_at = $5, settled_at = $6 \
        where account_id = $1 and id = $2 and settled_at is null";
    let settled_at = settlement.state.is_settled().then(|| now.millis());
    let values: [Value; 6] = [
        account.0.into(),
        settlement.id.into(),
        settlement.state.as_str().into(),
        settlement.reason.into(),
        settlement.due_at.map(Timestamp::millis).into(),
        settled_at.into(),
    ];
    sql::execute(tx, update, values).await?;
    Ok(())
}

/// Takes on asking what became of an operation: of several who try at once one succeeds, and it is due again at
/// `due_at`, should that one die.
///
/// # Errors
/// When the database is out of reach.
pub async fn claim(
    db: &Db,
    operation: &Operation,
    due_at: Option<Timestamp>,
) -> Result<bool, Error> {
    let update = "update stock_operations set state = 'unknown', look_ups = look_ups + 1, due_at = $3 \
        where account_id = $1 and id = $2 and look_ups = $4 and settled_at is null";
    let values: [Value; 4] = [
        operation.account_id.0.into(),
        operation.sent.op_id.as_str().into(),
        due_at.map(Timestamp::millis).into(),
        i64::from(operation.look_ups).into(),
    ];
    Ok(sql::execute(db.writer(), update, values).await? > 0)
}

/// Those of all accounts that are due to be asked about, longest due first.
///
/// # Errors
/// When the database is out of reach.
pub async fn due(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<Operation>, Error> {
    let select = format!("{SELECT} where due_at <= $1 order by due_at limit $2");
    let values: [Value; 2] = [now.millis().into(), i64::from(limit).into()];
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(Operation::try_from).collect()
}

/// Whether the same article was changed through here after this operation.
///
/// # Errors
/// When the database is out of reach.
pub async fn changed_since(db: &Db, operation: &Operation) -> Result<bool, Error> {
    let select = "select id from stock_operations where account_id = $1 and source_id = $2 and sku = $3 \
        and made_at >= $4 and id <> $5 and state <> 'rejected' limit 1";
    let values: [Value; 5] = [
        operation.account_id.0.into(),
        operation.source_id.0.into(),
        operation.sent.sku.as_str().into(),
        operation.made_at.millis().into(),
        operation.sent.op_id.as_str().into(),
    ];
    Ok(sql::find::<Id>(db.read(), select, values).await?.is_some())
}

/// One operation of the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(db: &Db, account: AccountId, id: &str) -> Result<Option<Operation>, Error> {
    let select = format!("{SELECT} where account_id = $1 and id = $2");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into(), id.into()]).await?;
    row.map(Operation::try_from).transpose()
}

/// Forgets what was settled before `before`, and answers how many. What is not settled stays.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = "delete from stock_operations where (account_id, id) in \
        (select account_id, id from stock_operations where settled_at < $1 limit $2)";
    let values: [Value; 2] = [before.millis().into(), FORGOTTEN_AT_ONCE.into()];
    sql::execute_until_none(db.writer(), delete, values).await
}

impl TryFrom<Row> for Operation {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let sent = serde_json::from_str(&row.operation);
        Ok(Self {
            account_id: AccountId(row.account_id),
            source_id: SourceId(row.source_id),
            actor: row.actor,
            sent: sent.map_err(|error| Error::corrupt("operation", error))?,
            state: Error::read("operation", &row.state)?,
            reason: row.reason,
            look_ups: u32::try_from(row.look_ups).unwrap_or(u32::MAX),
            due_at: row.due_at.map(Timestamp::from_millis),
            made_at: Timestamp::from_millis(row.made_at),
            settled_at: row.settled_at.map(Timestamp::from_millis),
        })
    }
}

#[cfg(test)]
mod tests;
