//! The history of levels in the database: each change, with what was before and why.

mod filter;
mod forget;

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::level::{key, read_sku, read_tracking, tracking_code};
use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, ChangeId, SourceId, SyncId};
use crate::stock::{Cause, Counts, Held};

pub use filter::ChangeFilter;
pub(crate) use forget::{forget, forget_beyond};

/// Rows per statement.
const ROWS_PER_STATEMENT: usize = 256;

/// A change to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewChange<'a> {
    pub(crate) account_id: AccountId,
    pub(crate) source_id: SourceId,
    pub(crate) sku: &'a Sku,
    pub(crate) cause: &'a Cause,
    pub(crate) before: Held,
    pub(crate) after: Held,
}

/// A change of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place in the order of changes.
    pub id: ChangeId,
    /// The article.
    pub sku: Sku,
    /// When it was stored.
    pub changed_at: Timestamp,
    /// What brought it.
    pub cause: Cause,
    /// What was known before.
    pub before: Counts,
    /// What is known since.
    pub after: Counts,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    sku: String,
    changed_at: i64,
    cause: String,
    sync_id: Option<Uuid>,
    actor: Option<String>,
    tracking_before: i16,
    available_before: Option<i64>,
    on_hand_before: Option<i64>,
    allocated_before: Option<i64>,
    incoming_before: Option<i64>,
    absent_before: bool,
    tracking: i16,
    available: Option<i64>,
    on_hand: Option<i64>,
    allocated: Option<i64>,
    incoming: Option<i64>,
    absent: bool,
}

const COLUMNS: [&str; 16] = [
    "changed_at",
    "cause",
    "sync_id",
    "actor",
    "tracking_before",
    "available_before",
    "on_hand_before",
    "allocated_before",
    "incoming_before",
    "absent_before",
    "tracking",
    "available",
    "on_hand",
    "allocated",
    "incoming",
    "absent",
];

/// Keeps these changes.
pub(crate) async fn insert(
    tx: &Tx,
    changes: &[NewChange<'_>],
    now: Timestamp,
) -> Result<(), Error> {
    for changes in changes.chunks(ROWS_PER_STATEMENT) {
        let columns = 4 + COLUMNS.len();
        let row = |row: usize| format!("({})", sql::placeholders(1 + row * columns, columns));
        let insert = format!(
            "insert into stock_history (account_id, source_id, sku, id, {}) values {}",
            COLUMNS.join(", "),
            (0..changes.len()).map(row).collect::<Vec<_>>().join(", ")
        );
        let values = changes.iter().flat_map(|change| change.values(now));
        sql::execute(tx, &insert, values).await?;
    }
    Ok(())
}

/// The changes of a source that `filter` wants, newest first, from before `before` on.
///
/// # Errors
/// When the database is out of reach.
pub async fn page(
    db: &Db,
    account: AccountId,
    source: SourceId,
    filter: &ChangeFilter,
    before: Option<ChangeId>,
    limit: u32,
) -> Result<Vec<Change>, Error> {
    let (wanted, mut values) = filter.conditions(before, 3);
    values.push(i64::from(limit).into());
    let select = format!(
        "select id, sku, {} from stock_history where account_id = $1 and source_id = $2{wanted} \
         order by id desc limit ${}",
        COLUMNS.join(", "),
        values.len() + 2
    );
    let rows: Vec<Row> = sql::list(db.read(), &select, key(account, source, values)).await?;
    rows.into_iter().map(Change::try_from).collect()
}

fn counts(held: &Held) -> [Value; 6] {
    [
        tracking_code(held.tracking).into(),
        held.available.map(Quantity::millionths).into(),
        held.on_hand.map(Quantity::millionths).into(),
        held.allocated.map(Quantity::millionths).into(),
        held.incoming.map(Quantity::millionths).into(),
        held.absent.into(),
    ]
}

// === impl NewChange ===

impl NewChange<'_> {
    fn values(&self, now: Timestamp) -> Vec<Value> {
        let about = [
            self.sku.as_str().into(),
            Uuid::now_v7().into(),
            now.millis().into(),
            self.cause.kind.as_str().into(),
            self.cause.run.map(|run| run.0).into(),
            self.cause.actor.clone().into(),
        ];
        let rest = about
            .into_iter()
            .chain(counts(&self.before))
            .chain(counts(&self.after));
        key(self.account_id, self.source_id, rest)
    }
}

impl TryFrom<Row> for Change {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let quantity = |millionths: Option<i64>| millionths.map(Quantity::from_millionths);
        Ok(Self {
            id: ChangeId(row.id),
            sku: read_sku(&row.sku)?,
            changed_at: Timestamp::from_millis(row.changed_at),
            cause: Cause {
                kind: Error::read("change", &row.cause)?,
                run: row.sync_id.map(SyncId),
                actor: row.actor,
            },
            before: Counts {
                tracking: read_tracking(row.tracking_before)?,
                available: quantity(row.available_before),
                on_hand: quantity(row.on_hand_before),
                allocated: quantity(row.allocated_before),
                incoming: quantity(row.incoming_before),
                absent: row.absent_before,
            },
            after: Counts {
                tracking: read_tracking(row.tracking)?,
                available: quantity(row.available),
                on_hand: quantity(row.on_hand),
                allocated: quantity(row.allocated),
                incoming: quantity(row.incoming),
                absent: row.absent,
            },
        })
    }
}
