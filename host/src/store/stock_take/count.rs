//! The counts of stock takes in the database.

use bestand_plugin_api::{LocationId, Quantity, Sku, Timestamp};
use sea_orm::{FromQueryResult, Value};

use crate::operation::OperationState;
use crate::stock_take::{COUNTS_MAX, Count, StockTake, TakeState, TakeTotals};
use crate::store::{Db, Error, Tx, sql};

/// What became of counts that were to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// They are kept.
    Done,
    /// None is: the take is in this state.
    Closed(TakeState),
    /// None is: the take would have more than [`COUNTS_MAX`].
    TooMany,
}

/// Which counts of a take are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// Those that differ from what was held.
    Differences,
}

/// What stands before a page of counts: an article and its place.
pub type After<'a> = (&'a str, &'a str);

/// An operation of what is not known any more is looked up where it is: among the operations.
const SELECT: &str = "select c.sku, c.place, c.operation_id, c.counted, c.held, c.counted_at, c.counted_by, \
    coalesce(o.state, c.state) as state, coalesce(o.reason, c.reason) as reason from stock_take_counts c \
    left join stock_operations o on o.account_id = c.account_id and o.id = c.operation_id \
    where c.account_id = $1 and c.take_id = $2";

#[derive(FromQueryResult)]
struct Row {
    sku: String,
    place: String,
    operation_id: String,
    counted: i64,
    held: i64,
    counted_at: i64,
    counted_by: String,
    state: Option<String>,
    reason: Option<String>,
}

#[derive(FromQueryResult)]
struct State {
    state: String,
}

#[derive(FromQueryResult)]
struct Number {
    number: i64,
}

#[derive(FromQueryResult)]
struct Sums {
    counts: i64,
    differences: i64,
    more: i64,
    fewer: i64,
    written: i64,
    not_written: i64,
}

#[derive(FromQueryResult)]
struct OnHand {
    sku: String,
    on_hand: i64,
}

/// Keeps counts, all or none, each in place of the one before of its article and place, while the take is open.
///
/// # Errors
/// When the database is out of reach.
pub async fn put(db: &Db, take: &StockTake, counts: &[&Count]) -> Result<Put, Error> {
    let tx = db.begin().await?;
    // Waits for a commit of the take that is just beginning.
    let hold = "update stock_takes set state = state where account_id = $1 and id = $2";
    sql::execute(&tx, hold, key(take)).await?;
    let select = "select state from stock_takes where account_id = $1 and id = $2";
    let state: Option<State> = sql::find(&tx, select, key(take)).await?;
    let state = state.map_or_else(|| TakeState::Cancelled.as_str().to_owned(), |row| row.state);
    let state: TakeState = Error::read("stock take", &state)?;
    if state != TakeState::Open {
        return Ok(Put::Closed(state));
    }
    for count in counts {
        put_one(&tx, take, count).await?;
    }
    let select =
        "select count(*) as number from stock_take_counts where account_id = $1 and take_id = $2";
    let number: Option<Number> = sql::find(&tx, select, key(take)).await?;
    if number.is_some_and(|row| u64::try_from(row.number).is_ok_and(|number| number > COUNTS_MAX)) {
        return Ok(Put::TooMany);
    }
    tx.commit().await?;
    Ok(Put::Done)
}

async fn put_one(tx: &Tx, take: &StockTake, count: &Count) -> Result<(), Error> {
    let upsert = "insert into stock_take_counts (account_id, take_id, sku, place, operation_id, counted, held, \
        counted_at, counted_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        on conflict (account_id, take_id, sku, place) do update set operation_id = excluded.operation_id, \
        counted = excluded.counted, held = excluded.held, counted_at = excluded.counted_at, \
        counted_by = excluded.counted_by";
    let values: [Value; 7] = [
        count.sku.as_str().into(),
        place(count).into(),
        count.operation_id.as_str().into(),
        count.counted.millionths().into(),
        count.held.millionths().into(),
        count.counted_at.millis().into(),
        count.counted_by.as_str().into(),
    ];
    sql::execute(tx, upsert, key(take).into_iter().chain(values)).await?;
    Ok(())
}

/// Counts in the order of their articles and places, after `after`.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    take: &StockTake,
    which: Which,
    after: Option<After<'_>>,
    limit: u32,
) -> Result<Vec<Count>, Error> {
    let (sku, place) = after.unwrap_or_default();
    let differ = match which {
        Which::All => "",
        Which::Differences => " and c.counted <> c.held",
    };
    let select = format!(
        "{SELECT}{differ} and (c.sku > $3 or (c.sku = $3 and c.place > $4)) order by c.sku, c.place limit $5"
    );
    let values: [Value; 3] = [sku.into(), place.into(), i64::from(limit).into()];
    let rows: Vec<Row> = sql::list(db.read(), &select, key(take).into_iter().chain(values)).await?;
    rows.into_iter().map(Count::try_from).collect()
}

/// The counts of an article, at each place where it was counted.
///
/// # Errors
/// When the database is out of reach.
pub async fn list_of(db: &Db, take: &StockTake, sku: &Sku) -> Result<Vec<Count>, Error> {
    let select = format!("{SELECT} and c.sku = $3 order by c.place");
    let values = key(take).into_iter().chain([sku.as_str().into()]);
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(Count::try_from).collect()
}

/// Differences of which is not kept yet what became of them.
///
/// # Errors
/// When the database is out of reach.
pub async fn due(db: &Db, take: &StockTake, limit: u32) -> Result<Vec<Count>, Error> {
    let select = format!(
        "{SELECT} and c.state is null and c.counted <> c.held order by c.sku, c.place limit $3"
    );
    let values = key(take).into_iter().chain([i64::from(limit).into()]);
    let rows: Vec<Row> = sql::list(db.writer(), &select, values).await?;
    rows.into_iter().map(Count::try_from).collect()
}

/// Keeps what became of differences.
///
/// # Errors
/// When the database is out of reach; then they are due again, and sent with the same ids.
pub async fn settle(
    db: &Db,
    take: &StockTake,
    settled: &[(&Count, (OperationState, Option<&str>))],
) -> Result<(), Error> {
    db.write(async |tx| {
        for (count, (state, reason)) in settled {
            let update = "update stock_take_counts set state = $5, reason = $6 \
                where account_id = $1 and take_id = $2 and sku = $3 and place = $4";
            let values: [Value; 4] = [
                count.sku.as_str().into(),
                place(count).into(),
                state.as_str().into(),
                reason.map(str::to_owned).into(),
            ];
            sql::execute(tx, update, key(take).into_iter().chain(values)).await?;
        }
        Ok(())
    })
    .await
}

/// What all counts of a take come to.
///
/// # Errors
/// When the database is out of reach.
pub async fn totals(db: &Db, take: &StockTake) -> Result<TakeTotals, Error> {
    let sum = |what: &str, when: &str| {
        format!("cast(coalesce(sum(case when {when} then {what} else 0 end), 0) as bigint)")
    };
    let state = "coalesce(o.state, c.state)";
    let select = format!(
        "select count(*) as counts, {} as differences, {} as more, {} as fewer, {} as written, {} as not_written \
         from stock_take_counts c left join stock_operations o on o.account_id = c.account_id \
         and o.id = c.operation_id where c.account_id = $1 and c.take_id = $2",
        sum("1", "c.counted <> c.held"),
        sum("c.counted - c.held", "c.counted > c.held"),
        sum("c.held - c.counted", "c.counted < c.held"),
        sum("1", &format!("{state} in ('applied', 'accepted')")),
        sum("1", &format!("{state} in ('rejected', 'unknown')")),
    );
    let sums: Option<Sums> = sql::find(db.read(), &select, key(take)).await?;
    let number = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(sums.map_or_else(TakeTotals::default, |sums| TakeTotals {
        counts: number(sums.counts),
        differences: number(sums.differences),
        more: Quantity::from_millionths(sums.more),
        fewer: Quantity::from_millionths(sums.fewer),
        written: number(sums.written),
        not_written: number(sums.not_written),
    }))
}

/// Articles of which the source has some and that were counted nowhere in it, with how many are on hand, after `after`.
///
/// # Errors
/// When the database is out of reach.
pub async fn uncounted(
    db: &Db,
    take: &StockTake,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<(Sku, Quantity)>, Error> {
    let select = "select l.sku, l.on_hand from stock_levels l where l.account_id = $1 and l.source_id = $3 \
        and l.on_hand <> 0 and not l.absent and l.sku > $4 and not exists (select 1 from stock_take_counts c \
        where c.account_id = $1 and c.take_id = $2 and c.sku = l.sku) order by l.sku limit $5";
    let values: [Value; 3] = [
        take.source_id.0.into(),
        after.unwrap_or("").into(),
        i64::from(limit).into(),
    ];
    let rows: Vec<OnHand> =
        sql::list(db.read(), select, key(take).into_iter().chain(values)).await?;
    rows.into_iter()
        .map(|row| {
            let sku: Sku = Error::read("stock level", &row.sku)?;
            Ok((sku, Quantity::from_millionths(row.on_hand)))
        })
        .collect()
}

fn key(take: &StockTake) -> [Value; 2] {
    [take.account_id.0.into(), take.id.0.into()]
}

/// No place of a system is called by the empty text, so that is the source itself.
fn place(count: &Count) -> &str {
    count.place.as_ref().map_or("", |place| place.0.as_str())
}

impl TryFrom<Row> for Count {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let state = row.state.map(|state| Error::read("count", &state));
        let state: Option<OperationState> = state.transpose()?;
        Ok(Self {
            sku: Error::read("count", &row.sku)?,
            place: Some(row.place)
                .filter(|place| !place.is_empty())
                .map(LocationId),
            operation_id: row.operation_id,
            counted: Quantity::from_millionths(row.counted),
            held: Quantity::from_millionths(row.held),
            counted_at: Timestamp::from_millis(row.counted_at),
            counted_by: row.counted_by,
            outcome: state.map(|state| (state, row.reason)),
        })
    }
}
