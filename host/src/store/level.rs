//! Stock levels in the database: a few at a time for an order, ten thousand at a time for a listing.

mod counted;
mod details;
mod put;
mod skus;

use std::collections::HashMap;

use bestand_plugin_api::{Quantity, Sku, Timestamp, Tracking};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::{Db, Engine, Error, Tx, sql};
use crate::id::{AccountId, SourceId, SyncId};
use crate::stock::Held;

pub use counted::{Counted, CountedLevel, counted};
pub use details::{LevelDetails, details};
pub(crate) use put::{Row, put};
pub use skus::skus;

/// SKUs named in one query.
const SKUS_PER_STATEMENT: usize = 512;

/// The columns of a [`Held`].
pub(super) const HELD: &str =
    "tracking, available, on_hand, allocated, incoming, as_of, source_version, absent";

/// Whether rows that are read are going to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// They are only looked at.
    Look,
    /// Nobody else may change them before this transaction ends.
    Change,
}

#[derive(FromQueryResult)]
pub(super) struct HeldRow {
    tracking: i16,
    available: Option<i64>,
    on_hand: Option<i64>,
    allocated: Option<i64>,
    incoming: Option<i64>,
    as_of: i64,
    source_version: Option<i64>,
    absent: bool,
}

#[derive(FromQueryResult)]
struct SkuRow {
    sku: String,
    #[sea_orm(nested)]
    held: HeldRow,
}

/// What is stored of these SKUs.
pub(crate) async fn find_many(
    connection: &impl ConnectionTrait,
    purpose: Purpose,
    account: AccountId,
    source: SourceId,
    skus: &[&str],
) -> Result<HashMap<String, Held>, Error> {
    let mut found = HashMap::with_capacity(skus.len());
    for skus in skus.chunks(SKUS_PER_STATEMENT) {
        let select = format!(
            "select sku, {HELD} from stock_levels where account_id = $1 and source_id = $2 and sku in ({}){}",
            sql::placeholders(3, skus.len()),
            lock(connection, purpose),
        );
        let values = key(account, source, skus.iter().map(|sku| Value::from(*sku)));
        for row in sql::list::<SkuRow>(connection, &select, values).await? {
            found.insert(row.sku, row.held.read()?);
        }
    }
    Ok(found)
}

/// SQLite has one writer at a time and needs no lock on rows.
fn lock(connection: &impl ConnectionTrait, purpose: Purpose) -> &'static str {
    match (Engine::of(connection), purpose) {
        (Engine::Postgres, Purpose::Change) => " order by sku for update",
        _ => "",
    }
}

/// Levels of a source in the order of their SKUs, after `after`.
///
/// # Errors
/// When the database is out of reach.
pub async fn page(
    db: &Db,
    account: AccountId,
    source: SourceId,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<(Sku, Held)>, Error> {
    let select = format!(
        "select sku, {HELD} from stock_levels where account_id = $1 and source_id = $2 and sku > $3 \
         order by sku limit $4"
    );
    // No SKU is empty, so all come after the empty text.
    let rest = [after.unwrap_or("").into(), i64::from(limit).into()];
    let rows: Vec<SkuRow> = sql::list(db.read(), &select, key(account, source, rest)).await?;
    rows.into_iter().map(SkuRow::read).collect()
}

/// Keeps that `run` named these SKUs, although it had nothing new to say of them.
pub(crate) async fn keep_listed_by(
    tx: &Tx,
    account: AccountId,
    source: SourceId,
    run: SyncId,
    skus: &[&str],
) -> Result<(), Error> {
    for skus in skus.chunks(SKUS_PER_STATEMENT) {
        let update = format!(
            "update stock_levels set listed_by = $3 where account_id = $1 and source_id = $2 and sku in ({})",
            sql::placeholders(4, skus.len())
        );
        let rest = std::iter::once(run.0.into()).chain(skus.iter().map(|sku| Value::from(*sku)));
        sql::execute(tx, &update, key(account, source, rest)).await?;
    }
    Ok(())
}

/// Levels that are present, were last confirmed before `before` and not named by `run`, in the order of their SKUs.
pub(crate) async fn not_listed(
    tx: &Tx,
    account: AccountId,
    source: SourceId,
    run: SyncId,
    before: Timestamp,
    after: &str,
    limit: u32,
) -> Result<Vec<(Sku, Held)>, Error> {
    let select = format!(
        "select sku, {HELD} from stock_levels where account_id = $1 and source_id = $2 and sku > $3 \
         and as_of < $4 and (listed_by is null or listed_by <> $5) and not absent order by sku limit $6{}",
        match Engine::of(tx) {
            Engine::Postgres => " for update",
            Engine::Sqlite => "",
        }
    );
    let rest = [
        after.into(),
        before.millis().into(),
        run.0.into(),
        i64::from(limit).into(),
    ];
    let rows: Vec<SkuRow> = sql::list(tx, &select, key(account, source, rest)).await?;
    rows.into_iter().map(SkuRow::read).collect()
}

/// Makes these levels `absent`; their item references stay, for when they come back.
pub(crate) async fn put_absent(
    tx: &Tx,
    account: AccountId,
    source: SourceId,
    skus: &[&str],
    absent: &Held,
) -> Result<(), Error> {
    for skus in skus.chunks(SKUS_PER_STATEMENT) {
        let update = format!(
            "update stock_levels set tracking = $3, available = $4, on_hand = $5, allocated = $6, incoming = $7, \
             as_of = $8, source_version = $9, absent = $10, details = null \
             where account_id = $1 and source_id = $2 and sku in ({})",
            sql::placeholders(11, skus.len())
        );
        let skus = skus.iter().map(|sku| Value::from(*sku));
        let values = key(account, source, held_values(absent).into_iter().chain(skus));
        sql::execute(tx, &update, values).await?;
    }
    Ok(())
}

/// `$1` and `$2`, and then these.
pub(super) fn key(
    account: AccountId,
    source: SourceId,
    rest: impl IntoIterator<Item = Value>,
) -> Vec<Value> {
    let own = [account.0.into(), source.0.into()];
    own.into_iter().chain(rest).collect()
}

/// The values of [`HELD`].
pub(super) fn held_values(held: &Held) -> [Value; 8] {
    [
        tracking_code(held.tracking).into(),
        held.available.map(Quantity::millionths).into(),
        held.on_hand.map(Quantity::millionths).into(),
        held.allocated.map(Quantity::millionths).into(),
        held.incoming.map(Quantity::millionths).into(),
        held.as_of.millis().into(),
        held.source_version.map(u64::cast_signed).into(),
        held.absent.into(),
    ]
}

pub(super) const fn tracking_code(tracking: Tracking) -> i16 {
    match tracking {
        Tracking::Counted => 0,
        Tracking::NotTracked => 1,
        Tracking::NotStocked => 2,
        Tracking::Ambiguous => 3,
        Tracking::Incomplete => 5,
        _ => 4,
    }
}

pub(super) fn read_tracking(code: i16) -> Result<Tracking, Error> {
    match code {
        0 => Ok(Tracking::Counted),
        1 => Ok(Tracking::NotTracked),
        2 => Ok(Tracking::NotStocked),
        3 => Ok(Tracking::Ambiguous),
        4 => Ok(Tracking::Unknown),
        5 => Ok(Tracking::Incomplete),
        other => Err(Error::corrupt(
            "stock level",
            format!("{other} is no tracking"),
        )),
    }
}

pub(super) fn read_sku(sku: &str) -> Result<Sku, Error> {
    Sku::new(sku).map_err(|error| Error::corrupt("stock level", error))
}

// === impl HeldRow, SkuRow ===

impl HeldRow {
    pub(super) fn read(self) -> Result<Held, Error> {
        Ok(Held {
            tracking: read_tracking(self.tracking)?,
            available: self.available.map(Quantity::from_millionths),
            on_hand: self.on_hand.map(Quantity::from_millionths),
            allocated: self.allocated.map(Quantity::from_millionths),
            incoming: self.incoming.map(Quantity::from_millionths),
            as_of: Timestamp::from_millis(self.as_of),
            source_version: self.source_version.map(i64::cast_unsigned),
            absent: self.absent,
        })
    }
}

impl SkuRow {
    fn read(self) -> Result<(Sku, Held), Error> {
        Ok((read_sku(&self.sku)?, self.held.read()?))
    }
}
