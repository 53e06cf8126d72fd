//! Changing where orders ship from: many at once, all or none.

use bestand_plugin_api::Timestamp;
use sea_orm::Value;

use super::super::{Db, Error, Tx, sql};
use super::put::{ROWS_PER_STATEMENT, known};
use crate::id::{AccountId, ShipFromId};
use crate::order::OrderNumber;

/// What became of orders that were to ship from elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// They ship from there now.
    pub moved: u64,
    /// They did so before, and are as they were.
    pub unchanged: u64,
}

/// Lets these orders ship from a location, or from the account's default one, in one transaction.
///
/// Each that shipped from elsewhere has a new version then. When some are not there none is changed, and the answer is
/// their numbers.
///
/// # Errors
/// When the database is out of reach.
pub async fn move_to(
    db: &Db,
    account: AccountId,
    numbers: &[OrderNumber],
    ship_from: Option<ShipFromId>,
    now: Timestamp,
) -> Result<Result<Moved, Vec<OrderNumber>>, Error> {
    let mut numbers: Vec<&OrderNumber> = numbers.iter().collect();
    // In one order everywhere, so that two transactions do not wait for each other.
    numbers.sort_unstable();
    numbers.dedup();
    let moved = db.write(async |tx| {
        let missing = missing(tx, account, &numbers).await?;
        if !missing.is_empty() {
            return Ok(Err(missing));
        }
        let mut moved = 0;
        for part in numbers.chunks(ROWS_PER_STATEMENT) {
            moved += move_part(tx, account, part, ship_from, now).await?;
        }
        Ok(Ok(Moved {
            moved,
            unchanged: numbers.len() as u64 - moved,
        }))
    });
    let moved = moved.await?;
    db.note_order_change();
    Ok(moved)
}

/// Those that are not there; the others are locked.
async fn missing(
    tx: &Tx,
    account: AccountId,
    numbers: &[&OrderNumber],
) -> Result<Vec<OrderNumber>, Error> {
    let mut missing = Vec::new();
    for part in numbers.chunks(ROWS_PER_STATEMENT) {
        let texts: Vec<&str> = part.iter().map(|number| number.as_str()).collect();
        let known = known(tx, account, &texts).await?;
        let absent = part
            .iter()
            .filter(|number| !known.contains_key(number.as_str()));
        missing.extend(absent.map(|&number| number.clone()));
    }
    Ok(missing)
}

/// Answers how many shipped from elsewhere.
async fn move_part(
    tx: &Tx,
    account: AccountId,
    numbers: &[&OrderNumber],
    ship_from: Option<ShipFromId>,
    now: Timestamp,
) -> Result<u64, Error> {
    let update = format!(
        "update orders set ship_from_id = $2, updated_at = $3, version = version + 1 \
         where account_id = $1 and ship_from_id is distinct from $2 and number in ({})",
        sql::placeholders(4, numbers.len())
    );
    let own: [Value; 3] = [
        account.0.into(),
        ship_from.map(|id| id.0).into(),
        now.millis().into(),
    ];
    let numbers = numbers.iter().map(|number| number.as_str().into());
    sql::execute(tx, &update, own.into_iter().chain(numbers)).await
}
