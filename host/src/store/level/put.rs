//! Storing many levels fast: many rows per statement, and few different statements, so that each is prepared once.

use bestand_plugin_api::StockLevel;
use sea_orm::Value;

use super::details::Details;
use super::{HELD, held_values, key};
use crate::id::{AccountId, SourceId, SyncId};
use crate::stock::Held;
use crate::store::{Error, Tx, sql};

/// Most rows of one statement; beyond it nothing is gained. A power of two, see [`statement_size`].
const ROWS_PER_STATEMENT: usize = 512;

/// A level to store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) account_id: AccountId,
    pub(crate) source_id: SourceId,
    /// The listing that names it, if one does.
    pub(crate) listed_by: Option<SyncId>,
    /// Where it comes from: its item reference, lots and the like.
    pub(crate) level: &'a StockLevel,
    /// What is known now.
    pub(crate) held: Held,
}

/// Stores these levels in place of what was there. Rows of the same source and listing should stand together.
pub(crate) async fn put(tx: &Tx, rows: &[Row<'_>]) -> Result<(), Error> {
    let owner = |row: &Row<'_>| (row.account_id, row.source_id, row.listed_by);
    for mut rest in rows.chunk_by(|one, next| owner(one) == owner(next)) {
        while !rest.is_empty() {
            let (now, later) = rest.split_at(statement_size(rest.len()));
            put_of_one_owner(tx, now).await?;
            rest = later;
        }
    }
    Ok(())
}

/// The largest power of two that fits: eleven statements serve every number of rows.
fn statement_size(rows: usize) -> usize {
    match rows {
        many if many >= ROWS_PER_STATEMENT => ROWS_PER_STATEMENT,
        few => 1 << few.ilog2(),
    }
}

async fn put_of_one_owner(tx: &Tx, rows: &[Row<'_>]) -> Result<(), Error> {
    let owner = &rows[0];
    let listed_by = std::iter::once(Value::from(owner.listed_by.map(|run| run.0)));
    let cells = rows.iter().flat_map(Row::values);
    let values = key(owner.account_id, owner.source_id, listed_by.chain(cells));
    sql::execute(tx, &upsert(rows.len()), values).await?;
    Ok(())
}

/// The statement for so many rows; account, source and listing are the same in all.
fn upsert(rows: usize) -> String {
    const COLUMNS: usize = 11;
    let row = |row: usize| {
        format!(
            "($1, $2, $3, {})",
            sql::placeholders(4 + row * COLUMNS, COLUMNS)
        )
    };
    let rows = (0..rows).map(row).collect::<Vec<_>>().join(", ");
    let replaced = HELD.split(", ").chain(["item", "details"]);
    let replaced: Vec<_> = replaced
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    format!(
        "insert into stock_levels (account_id, source_id, listed_by, sku, {HELD}, item, details) values {rows} \
         on conflict (account_id, source_id, sku) do update set {}, \
         listed_by = coalesce(excluded.listed_by, stock_levels.listed_by)",
        replaced.join(", ")
    )
}

// === impl Row ===

impl Row<'_> {
    /// What rows are sorted by: those of one owner stand together, in the order they are stored in.
    pub(crate) fn key(&self) -> (AccountId, SourceId, Option<SyncId>, &str) {
        (
            self.account_id,
            self.source_id,
            self.listed_by,
            &self.level.sku,
        )
    }

    fn values(&self) -> impl Iterator<Item = Value> {
        let item = self.level.item.as_ref().map(|item| item.0.clone());
        std::iter::once(self.level.sku.as_str().into())
            .chain(held_values(&self.held))
            .chain([item.into(), Details::text_of(self.level).into()])
    }
}
