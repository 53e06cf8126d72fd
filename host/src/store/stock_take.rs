//! Stock takes in the database.

pub mod count;

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::id::{AccountId, SourceId, StockTakeId};
use crate::stock_take::{StockTake, TakeState};

const COLUMNS: &str =
    "account_id, id, source_id, note, state, started_by, started_at, closed_by, closed_at";

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    id: Uuid,
    source_id: Uuid,
    note: Option<String>,
    state: String,
    started_by: String,
    started_at: i64,
    closed_by: Option<String>,
    closed_at: Option<i64>,
}

/// Keeps a new one; `false` when its source has one under way.
///
/// # Errors
/// When the database is out of reach, or the source is gone.
pub async fn insert(db: &Db, take: &StockTake) -> Result<bool, Error> {
    let insert = format!(
        "insert into stock_takes ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing"
    );
    let values: [Value; 9] = [
        take.account_id.0.into(),
        take.id.0.into(),
        take.source_id.0.into(),
        take.note.clone().into(),
        take.state.as_str().into(),
        take.started_by.as_str().into(),
        take.started_at.millis().into(),
        take.closed_by.clone().into(),
        take.closed_at.map(Timestamp::millis).into(),
    ];
    Ok(sql::execute(db.writer(), &insert, values).await? > 0)
}

/// One by its id.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    id: StockTakeId,
) -> Result<Option<StockTake>, Error> {
    let select = format!("select {COLUMNS} from stock_takes where account_id = $1 and id = $2");
    let values: [Value; 2] = [account.0.into(), id.0.into()];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    row.map(StockTake::try_from).transpose()
}

/// The newest first, before `before`; of one source, where one is named.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    source: Option<SourceId>,
    before: Option<StockTakeId>,
    limit: u32,
) -> Result<Vec<StockTake>, Error> {
    let mut values: Vec<Value> = vec![account.0.into()];
    let mut filter = String::new();
    if let Some(source) = source {
        values.push(source.0.into());
        filter += &format!(" and source_id = ${}", values.len());
    }
    if let Some(before) = before {
        values.push(before.0.into());
        filter += &format!(" and id < ${}", values.len());
    }
    values.push(i64::from(limit).into());
    let select = format!(
        "select {COLUMNS} from stock_takes where account_id = $1{filter} order by id desc limit ${}",
        values.len()
    );
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(StockTake::try_from).collect()
}

/// Turns one from one state into another; `false` when it is not in that state.
///
/// # Errors
/// When the database is out of reach.
pub async fn turn(
    db: &Db,
    take: &StockTake,
    from: TakeState,
    to: TakeState,
    actor: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let update = "update stock_takes set state = $4, closed_by = $5, closed_at = $6 \
        where account_id = $1 and id = $2 and state = $3";
    let values: [Value; 6] = [
        take.account_id.0.into(),
        take.id.0.into(),
        from.as_str().into(),
        to.as_str().into(),
        actor.into(),
        now.millis().into(),
    ];
    Ok(sql::execute(db.writer(), update, values).await? > 0)
}

impl TryFrom<Row> for StockTake {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: StockTakeId(row.id),
            account_id: AccountId(row.account_id),
            source_id: SourceId(row.source_id),
            note: row.note,
            state: Error::read("stock take", &row.state)?,
            started_by: row.started_by,
            started_at: Timestamp::from_millis(row.started_at),
            closed_by: row.closed_by,
            closed_at: row.closed_at.map(Timestamp::from_millis),
        })
    }
}
