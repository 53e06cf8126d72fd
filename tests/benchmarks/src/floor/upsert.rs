//! The floor of a listing: the same rows, upserted by hand.

use std::path::Path;
use std::time::{Duration, Instant};

use bestand_flood::article;
use bestand_plugin_api::{Quantity, StockLevel, Timestamp};
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Rows of a transaction.
const BATCH_ROWS: u64 = 10_000;

/// The daemon's own table; nothing of it is left out.
const CREATE: &str = "
    create table stock_levels (
        account_id blob not null, source_id blob not null, sku text not null, tracking smallint not null,
        available bigint, on_hand bigint, allocated bigint, incoming bigint, as_of bigint not null,
        source_version bigint, absent boolean not null, listed_by blob, item text, details text,
        primary key (account_id, source_id, sku)
    ) without rowid";

const UPSERT: &str = "
    insert into stock_levels (account_id, source_id, sku, tracking, available, on_hand, as_of, absent, listed_by)
    values (?1, ?2, ?3, 0, ?4, ?5, ?6, false, ?7)
    on conflict (account_id, source_id, sku) do update set tracking = excluded.tracking,
    available = excluded.available, on_hand = excluded.on_hand, as_of = excluded.as_of, absent = excluded.absent,
    listed_by = excluded.listed_by";

/// Rows per second into a new database at `path`. The making of rows is not counted.
pub(crate) fn rows_per_second(path: &Path, rows: u64) -> anyhow::Result<f64> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full;")?;
    connection.execute_batch(CREATE)?;
    let ids: [Uuid; 3] = std::array::from_fn(|_| Uuid::now_v7());
    let mut spent = Duration::ZERO;
    for first in (0..rows).step_by(usize::try_from(BATCH_ROWS)?) {
        let batch = first..rows.min(first + BATCH_ROWS);
        let levels: Vec<_> = batch
            .map(|n| article::level(n, Timestamp::from_secs(1_700_000_000)))
            .collect();
        let started = Instant::now();
        upsert(&mut connection, ids, &levels)?;
        spent += started.elapsed();
    }
    Ok(rows as f64 / spent.as_secs_f64())
}

fn upsert(
    connection: &mut Connection,
    ids: [Uuid; 3],
    levels: &[StockLevel],
) -> rusqlite::Result<()> {
    let [account, source, run] = &ids;
    let transaction = connection.transaction()?;
    let mut statement = transaction.prepare_cached(UPSERT)?;
    for level in levels {
        let quantities = &level.quantities;
        statement.execute(params![
            account.as_bytes(),
            source.as_bytes(),
            level.sku.as_str(),
            quantities.available.map(Quantity::millionths),
            quantities.on_hand.map(Quantity::millionths),
            level.fetched_at.millis(),
            run.as_bytes(),
        ])?;
    }
    drop(statement);
    transaction.commit()
}
