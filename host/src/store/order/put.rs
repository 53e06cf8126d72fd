//! Putting orders: one with a check of its version, or thousands in one transaction.

use std::collections::{HashMap, HashSet};

use bestand_plugin_api::Timestamp;
use sea_orm::Value;
use uuid::Uuid;

use super::super::{Db, Engine, Error, Tx, sql};
use super::{Row, SELECT, line, with_lines};
use crate::id::AccountId;
use crate::order::{Order, OrderDraft, OrderLine, OrderNumber, ShipFrom};

/// Rows of one statement: enough to make its parsing cheap, with eight columns far below the 32,766 values SQLite takes.
pub(super) const ROWS_PER_STATEMENT: usize = 500;

/// What became of some orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// They were not there before.
    pub created: u64,
    /// They took the place of what was stored under their number.
    pub replaced: u64,
    /// They were added to what the same import had stored before.
    pub continued: u64,
}

/// Stores one order, when its stored version is `expected` or nobody asks. Answers it as it is then.
///
/// # Errors
/// `Conflict` when its version is another one, or it is not there though a version is expected.
pub async fn put(
    db: &Db,
    account: AccountId,
    draft: OrderDraft,
    expected: Option<i64>,
    now: Timestamp,
) -> Result<(Order, Stored), Error> {
    let put = db.write(async |tx| {
        let number = draft.number.clone();
        let known = known(tx, account, &[number.as_str()]).await?;
        let version = known.get(number.as_str()).map(|row| row.version);
        if expected.is_some() && version != expected {
            return Err(Error::changed_meanwhile("order", number));
        }
        let stored = store(tx, account, vec![draft], known, now).await?;
        let select = format!("{SELECT} and number = $2");
        let values = [account.0.into(), number.as_str().into()];
        let row = sql::find::<Row>(tx, &select, values).await?;
        let order = with_lines(tx, account, row.into_iter().collect())
            .await?
            .pop();
        let order = order.ok_or_else(|| Error::not_found("order", number))?;
        Ok((order, stored))
    });
    let put = put.await?;
    db.note_order_change();
    Ok(put)
}

/// Stores orders of different numbers in one transaction: all of them are durable when this returns.
///
/// # Errors
/// When the database is out of reach; then none is stored.
pub async fn put_many(
    db: &Db,
    account: AccountId,
    drafts: Vec<OrderDraft>,
    now: Timestamp,
) -> Result<Stored, Error> {
    let put = db.write(async |tx| {
        let mut known_rows = HashMap::new();
        for part in drafts.chunks(ROWS_PER_STATEMENT) {
            let numbers: Vec<&str> = part.iter().map(|draft| draft.number.as_str()).collect();
            known_rows.extend(known(tx, account, &numbers).await?);
        }
        store(tx, account, drafts, known_rows, now).await
    });
    let stored = put.await?;
    db.note_order_change();
    Ok(stored)
}

/// What is stored under these numbers, locked until the transaction ends.
pub(super) async fn known(
    tx: &Tx,
    account: AccountId,
    numbers: &[&str],
) -> Result<HashMap<String, Row>, Error> {
    // SQLite has one writer at a time anyway. The order keeps two transactions from waiting for each other.
    let lock = match Engine::of(tx) {
        Engine::Sqlite => "",
        Engine::Postgres => " order by number for update",
    };
    let select = format!(
        "{SELECT} and number in ({}){lock}",
        sql::placeholders(2, numbers.len())
    );
    let values = numbers.iter().map(|&number| number.into());
    let values = std::iter::once(account.0.into()).chain(values);
    let rows: Vec<Row> = sql::list(tx, &select, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.number.clone(), row))
        .collect())
}

async fn store(
    tx: &Tx,
    account: AccountId,
    mut drafts: Vec<OrderDraft>,
    known: HashMap<String, Row>,
    now: Timestamp,
) -> Result<Stored, Error> {
    let is_continued = |draft: &OrderDraft| {
        let stored = known
            .get(draft.number.as_str())
            .and_then(|row| row.import_id);
        draft.import.is_some() && draft.import == stored
    };
    drafts.retain(|draft| draft.is_readable() || is_continued(draft));
    let (continued, whole): (Vec<_>, Vec<_>) = drafts.into_iter().partition(is_continued);
    let replaced = whole
        .iter()
        .filter(|draft| known.contains_key(draft.number.as_str()));
    let stored = Stored {
        replaced: replaced.clone().count() as u64,
        created: (whole.len() - replaced.clone().count()) as u64,
        continued: continued.len() as u64,
    };
    let continued = behind_stored_lines(tx, account, continued).await?;
    let mut drafts: Vec<OrderDraft> = whole.into_iter().chain(continued).collect();
    // In one order everywhere, and the orders before their lines: of two transactions that store the same new order,
    // the second waits here, and then finds the lines of the first.
    drafts.sort_unstable_by(|one, other| one.number.as_str().cmp(other.number.as_str()));
    upsert(tx, account, &drafts, &known, now).await?;
    let whole = drafts.iter().filter(|draft| !is_continued(draft));
    let gone: Vec<&str> = whole.map(|draft| draft.number.as_str()).collect();
    line::delete(tx, account, &gone).await?;
    let lines: Vec<(&OrderNumber, &OrderLine)> = drafts
        .iter()
        .flat_map(|draft| draft.lines.iter().map(move |line| (&draft.number, line)))
        .collect();
    line::insert(tx, account, &lines).await?;
    Ok(stored)
}

/// Gives the lines of continued orders the places behind those that are stored.
async fn behind_stored_lines(
    tx: &Tx,
    account: AccountId,
    mut drafts: Vec<OrderDraft>,
) -> Result<Vec<OrderDraft>, Error> {
    for part in drafts.chunks_mut(ROWS_PER_STATEMENT) {
        let numbers: Vec<&str> = part.iter().map(|draft| draft.number.as_str()).collect();
        let last = line::last_of_orders(tx, account, &numbers).await?;
        for draft in part {
            let behind = last.get(draft.number.as_str()).copied().unwrap_or(0);
            for line in &mut draft.lines {
                line.line = line.line.saturating_add(behind);
            }
        }
    }
    Ok(drafts)
}

async fn upsert(
    tx: &Tx,
    account: AccountId,
    drafts: &[OrderDraft],
    known: &HashMap<String, Row>,
    now: Timestamp,
) -> Result<(), Error> {
    debug_assert!(are_different(drafts), "one draft per order number");
    for part in drafts.chunks(ROWS_PER_STATEMENT) {
        let upsert = format!(
            "insert into orders \
             (account_id, number, status, ship_from_id, ordered_at, sort_at, import_id, updated_at, version) values {} \
             on conflict (account_id, number) do update set status = excluded.status, \
             ship_from_id = excluded.ship_from_id, ordered_at = excluded.ordered_at, sort_at = excluded.sort_at, \
             import_id = excluded.import_id, updated_at = excluded.updated_at, version = orders.version + 1",
            rows(part.len(), COLUMNS)
        );
        let values = part.iter().flat_map(|draft| {
            let stored = known.get(draft.number.as_str());
            values(account, draft, stored, now)
        });
        sql::execute(tx, &upsert, values).await?;
    }
    Ok(())
}

const COLUMNS: usize = 9;

/// The columns of an order: what the draft leaves open stays as it is stored.
fn values(
    account: AccountId,
    draft: &OrderDraft,
    stored: Option<&Row>,
    now: Timestamp,
) -> [Value; COLUMNS] {
    let status = match (draft.status, stored) {
        (Some(status), _) => status.as_str().to_owned(),
        (None, Some(stored)) => stored.status.clone(),
        (None, None) => crate::order::OrderStatus::default().as_str().to_owned(),
    };
    let ship_from_id: Option<Uuid> = match draft.ship_from {
        ShipFrom::At(id) => Some(id.0),
        ShipFrom::Default => None,
        ShipFrom::Kept => stored.and_then(|stored| stored.ship_from_id),
    };
    let said = draft.ordered_at.map(Timestamp::millis);
    let ordered_at = said.or_else(|| stored.and_then(|stored| stored.ordered_at));
    let sort_at = said.or_else(|| stored.map(|stored| stored.sort_at));
    [
        account.0.into(),
        draft.number.as_str().into(),
        status.into(),
        ship_from_id.into(),
        ordered_at.into(),
        sort_at.unwrap_or(now.millis()).into(),
        draft.import.into(),
        now.millis().into(),
        1_i64.into(),
    ]
}

fn are_different(drafts: &[OrderDraft]) -> bool {
    let numbers: HashSet<&OrderNumber> = drafts.iter().map(|draft| &draft.number).collect();
    numbers.len() == drafts.len()
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
pub(super) fn rows(count: usize, columns: usize) -> String {
    let each = (0..count).map(|row| format!("({})", sql::placeholders(row * columns + 1, columns)));
    each.collect::<Vec<_>>().join(", ")
}
