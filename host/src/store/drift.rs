//! Drift in the database: what each full listing of a source found different, its largest differences, and from when on
//! that is high.

mod forget;
mod threshold;

use std::time::Duration;

use bestand_plugin_api::{Quantity, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::level::{key, read_sku};
use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, SourceId, SyncId};
use crate::stock::drift::{Difference, DriftRun, Tally};

pub(crate) use forget::{forget, forget_beyond};
pub use threshold::{find_threshold, put_threshold};

/// Differences kept of one listing, the largest: more than anybody looks through. All of them are counted.
pub const DIFFERENCES_MAX: usize = 1_000;
/// Rows per statement.
const ROWS_PER_STATEMENT: usize = 256;
/// A total that has grown beyond all measure stays there.
const TOTAL_MAX: i64 = i64::MAX;

#[derive(FromQueryResult)]
struct Row {
    sync_id: Uuid,
    started_at: i64,
    finished_at: Option<i64>,
    compared: i64,
    differing: i64,
    total: i64,
    largest: i64,
    longest: i64,
    high: bool,
}

#[derive(FromQueryResult)]
struct DifferenceRow {
    sku: String,
    held: Option<i64>,
    found: Option<i64>,
    since: i64,
}

const SELECT: &str = "select sync_id, started_at, finished_at, compared, differing, total, largest, longest, high \
    from drift_runs where account_id = $1 and source_id = $2";

/// Adds what a part of a listing found. A page that is brought again after a crash is counted again as compared, and
/// finds nothing different.
pub(crate) async fn add(
    tx: &Tx,
    (account, source): (AccountId, SourceId),
    run: SyncId,
    (tally, differences): (&Tally, &[Difference]),
    now: Timestamp,
) -> Result<(), Error> {
    let upsert = format!(
        "insert into drift_runs (account_id, source_id, sync_id, started_at, compared, differing, total, largest, \
         longest, high) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (account_id, source_id, sync_id) do update set \
         compared = drift_runs.compared + excluded.compared, differing = drift_runs.differing + excluded.differing, \
         total = case when drift_runs.total > {TOTAL_MAX} - excluded.total then {TOTAL_MAX} \
             else drift_runs.total + excluded.total end, \
         largest = case when drift_runs.largest > excluded.largest then drift_runs.largest else excluded.largest end, \
         longest = case when drift_runs.longest > excluded.longest then drift_runs.longest else excluded.longest end"
    );
    let rest = [
        run.0.into(),
        now.millis().into(),
        as_i64(tally.compared).into(),
        as_i64(tally.differing).into(),
        tally.total.millionths().into(),
        tally.largest.millionths().into(),
        i64::try_from(tally.longest.as_millis())
            .unwrap_or(i64::MAX)
            .into(),
        false.into(),
    ];
    sql::execute(tx, &upsert, key(account, source, rest)).await?;
    add_differences(tx, (account, source), run, differences).await
}

async fn add_differences(
    tx: &Tx,
    (account, source): (AccountId, SourceId),
    run: SyncId,
    differences: &[Difference],
) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    let mut largest: Vec<&Difference> = differences.iter().collect();
    largest.sort_by_key(|difference| (std::cmp::Reverse(difference.distance()), &difference.sku));
    largest.truncate(DIFFERENCES_MAX);
    for some in largest.chunks(ROWS_PER_STATEMENT) {
        let row = |row: usize| format!("({})", sql::placeholders(1 + row * 8, 8));
        let insert = format!(
            "insert into drift_items (account_id, source_id, sync_id, sku, held, found, distance, since) values {} \
             on conflict (account_id, source_id, sync_id, sku) do update set \
             found = excluded.found, distance = excluded.distance",
            (0..some.len()).map(row).collect::<Vec<_>>().join(", ")
        );
        let values = some
            .iter()
            .flat_map(|difference| values(account, source, run, difference));
        sql::execute(tx, &insert, values).await?;
    }
    let smaller = "delete from drift_items where (account_id, source_id, sync_id, sku) in \
        (select account_id, source_id, sync_id, sku from drift_items \
        where account_id = $1 and source_id = $2 and sync_id = $3 \
        order by distance desc, sku limit $4 offset $5)";
    // At most what was there before and what was just added.
    let rest = [
        run.0.into(),
        as_i64(2 * DIFFERENCES_MAX as u64).into(),
        as_i64(DIFFERENCES_MAX as u64).into(),
    ];
    sql::execute(tx, smaller, key(account, source, rest)).await?;
    Ok(())
}

fn values(
    account: AccountId,
    source: SourceId,
    run: SyncId,
    difference: &Difference,
) -> Vec<Value> {
    let distance = difference.distance().unwrap_or_default();
    let rest = [
        run.0.into(),
        difference.sku.as_str().into(),
        difference.held.map(Quantity::millionths).into(),
        difference.found.map(Quantity::millionths).into(),
        distance.millionths().into(),
        difference.since.millis().into(),
    ];
    key(account, source, rest)
}

/// Ends a listing that was compared; answers what it found when it had not ended before.
pub(crate) async fn finish(
    tx: &Tx,
    (account, source): (AccountId, SourceId),
    run: SyncId,
    started_at: Timestamp,
    now: Timestamp,
) -> Result<Option<DriftRun>, Error> {
    let update = "update drift_runs set started_at = $4, finished_at = $5 \
        where account_id = $1 and source_id = $2 and sync_id = $3 and finished_at is null";
    let rest = [
        run.0.into(),
        started_at.millis().into(),
        now.millis().into(),
    ];
    if sql::execute(tx, update, key(account, source, rest)).await? == 0 {
        return Ok(None);
    }
    let select = format!("{SELECT} and sync_id = $3");
    let row: Option<Row> = sql::find(tx, &select, key(account, source, [run.0.into()])).await?;
    row.map(DriftRun::try_from).transpose()
}

/// Keeps that the threshold was reached.
pub(crate) async fn keep_high(
    tx: &Tx,
    (account, source): (AccountId, SourceId),
    run: SyncId,
) -> Result<(), Error> {
    let update =
        "update drift_runs set high = $4 where account_id = $1 and source_id = $2 and sync_id = $3";
    let rest = [run.0.into(), true.into()];
    sql::execute(tx, update, key(account, source, rest)).await?;
    Ok(())
}

/// What the listings of a source found, newest first, from before `before` on.
///
/// # Errors
/// When the database is out of reach.
pub async fn runs(
    db: &Db,
    account: AccountId,
    source: SourceId,
    before: Option<SyncId>,
    limit: u32,
) -> Result<Vec<DriftRun>, Error> {
    let mut rest: Vec<Value> = vec![i64::from(limit).into()];
    let earlier = match before {
        Some(before) => {
            rest.push(before.0.into());
            " and sync_id < $4"
        }
        None => "",
    };
    let select = format!("{SELECT}{earlier} order by sync_id desc limit $3");
    let rows: Vec<Row> = sql::list(db.read(), &select, key(account, source, rest)).await?;
    rows.into_iter().map(DriftRun::try_from).collect()
}

/// What this listing of a source found.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    source: SourceId,
    run: SyncId,
) -> Result<Option<DriftRun>, Error> {
    let select = format!("{SELECT} and sync_id = $3");
    let values = key(account, source, [run.0.into()]);
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    row.map(DriftRun::try_from).transpose()
}

/// The largest differences that a listing of a source found, largest first; those without a number come last.
///
/// # Errors
/// When the database is out of reach.
pub async fn differences(
    db: &Db,
    account: AccountId,
    source: SourceId,
    run: SyncId,
    limit: u32,
) -> Result<Vec<Difference>, Error> {
    let select = "select sku, held, found, since from drift_items \
        where account_id = $1 and source_id = $2 and sync_id = $3 order by distance desc, sku limit $4";
    let values = key(account, source, [run.0.into(), i64::from(limit).into()]);
    let rows: Vec<DifferenceRow> = sql::list(db.read(), select, values).await?;
    rows.into_iter().map(Difference::try_from).collect()
}

fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn as_u64(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

impl TryFrom<Row> for DriftRun {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            sync_id: SyncId(row.sync_id),
            started_at: Timestamp::from_millis(row.started_at),
            finished_at: row.finished_at.map(Timestamp::from_millis),
            tally: Tally {
                compared: as_u64(row.compared),
                differing: as_u64(row.differing),
                total: Quantity::from_millionths(row.total),
                largest: Quantity::from_millionths(row.largest),
                longest: Duration::from_millis(as_u64(row.longest)),
            },
            high: row.high,
        })
    }
}

impl TryFrom<DifferenceRow> for Difference {
    type Error = Error;

    fn try_from(row: DifferenceRow) -> Result<Self, Error> {
        Ok(Self {
            sku: read_sku(&row.sku)?,
            held: row.held.map(Quantity::from_millionths),
            found: row.found.map(Quantity::from_millionths),
            since: Timestamp::from_millis(row.since),
        })
    }
}
