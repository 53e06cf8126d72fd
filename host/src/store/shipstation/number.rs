//! Whole numbers for our things: given out by counting up, one series for each account and kind, and never twice.

use std::collections::HashMap;

use bestand_plugin_api::Timestamp;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::super::{Db, Engine, Error, Tx, sql};
use crate::id::AccountId;

/// Things named in one statement: with two more values far below the 32,766 that SQLite takes.
const THINGS_PER_STATEMENT: usize = 500;

/// What sort of thing has a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A ship-from location, by its id.
    ShipFrom,
    /// A connection, by its id.
    Connection,
    /// An inventory source as a building, by its id.
    Warehouse,
    /// A place in a system, by its connection and its own id there.
    Location,
    /// An order, by its number (which is a text).
    Order,
    /// An article, by its SKU.
    Product,
}

/// A thing and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Our own id of the thing.
    pub thing: String,
    /// From 1.
    pub number: i64,
    /// When the number was given out.
    pub made_at: Timestamp,
    /// When the thing was changed last through these numbers.
    pub changed_at: Timestamp,
    /// JSON: what was sent of it and has no place of its own.
    pub document: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    thing: String,
    number: i64,
    made_at: i64,
    changed_at: i64,
    document: Option<String>,
}

#[derive(FromQueryResult)]
struct Last {
    number: Option<i64>,
}

const SELECT: &str = "select thing, number, made_at, changed_at, document from shipstation_numbers \
    where account_id = $1 and kind = $2";

/// The numbers of these things, in the order asked for; those without one are given the next.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_all(
    db: &Db,
    account: AccountId,
    kind: Kind,
    things: &[String],
    now: Timestamp,
) -> Result<Vec<Numbered>, Error> {
    let mut known = known(db.read(), account, kind, things).await?;
    if things.iter().any(|thing| !known.contains_key(thing)) {
        known = db
            .write(async |tx| give(tx, account, kind, things, now).await)
            .await?;
    }
    let number = |thing: &String| {
        let found = known.get(thing).cloned();
        found.ok_or_else(|| Error::not_found("number of", thing))
    };
    things.iter().map(number).collect()
}

/// The number of one thing.
///
/// # Errors
/// When the database is out of reach.
pub async fn of(
    db: &Db,
    account: AccountId,
    kind: Kind,
    thing: impl ToString,
    now: Timestamp,
) -> Result<Numbered, Error> {
    let thing = thing.to_string();
    let mut found = of_all(db, account, kind, std::slice::from_ref(&thing), now).await?;
    found
        .pop()
        .ok_or_else(|| Error::not_found("number of", thing))
}

/// The thing that has this number.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    kind: Kind,
    number: i64,
) -> Result<Option<Numbered>, Error> {
    let select = format!("{SELECT} and number = $3");
    let values = [account.0.into(), kind.word().into(), number.into()];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    Ok(row.map(Numbered::from))
}

/// Notes that the thing with this number was changed now, and what was sent of it.
///
/// # Errors
/// When the database is out of reach.
pub async fn keep(
    db: &Db,
    account: AccountId,
    kind: Kind,
    number: i64,
    document: Option<String>,
    now: Timestamp,
) -> Result<(), Error> {
    let update = "update shipstation_numbers set document = $4, changed_at = $5 \
        where account_id = $1 and kind = $2 and number = $3";
    let values = [
        account.0.into(),
        kind.word().into(),
        number.into(),
        document.into(),
        now.millis().into(),
    ];
    sql::execute(db.writer(), update, values).await?;
    Ok(())
}

async fn known(
    connection: &impl ConnectionTrait,
    account: AccountId,
    kind: Kind,
    things: &[String],
) -> Result<HashMap<String, Numbered>, Error> {
    let mut known = HashMap::with_capacity(things.len());
    for part in things.chunks(THINGS_PER_STATEMENT) {
        let named = sql::placeholders(3, part.len());
        let select = format!("{SELECT} and thing in ({named})");
        let own = [account.0.into(), kind.word().into()];
        let things = part.iter().map(|thing| thing.as_str().into());
        let rows: Vec<Row> = sql::list(connection, &select, own.into_iter().chain(things)).await?;
        known.extend(rows.into_iter().map(|row| (row.thing.clone(), row.into())));
    }
    Ok(known)
}

/// Gives numbers to those that have none, and answers all.
async fn give(
    tx: &Tx,
    account: AccountId,
    kind: Kind,
    things: &[String],
    now: Timestamp,
) -> Result<HashMap<String, Numbered>, Error> {
    lock(tx, account).await?;
    let known_before = known(tx, account, kind, things).await?;
    let select =
        "select max(number) as number from shipstation_numbers where account_id = $1 and kind = $2";
    let values = [account.0.into(), kind.word().into()];
    let last: Option<Last> = sql::find(tx, select, values).await?;
    let mut number = last.and_then(|last| last.number).unwrap_or(0);
    let insert = "insert into shipstation_numbers (account_id, kind, thing, number, made_at, changed_at) \
        values ($1, $2, $3, $4, $5, $5) on conflict (account_id, kind, thing) do nothing";
    for thing in things
        .iter()
        .filter(|thing| !known_before.contains_key(*thing))
    {
        number += 1;
        let values = [
            account.0.into(),
            kind.word().into(),
            thing.as_str().into(),
            number.into(),
            now.millis().into(),
        ];
        sql::execute(tx, insert, values).await?;
    }
    known(tx, account, kind, things).await
}

/// Two that count up at once would give out the same number. SQLite has one writer at a time anyway.
async fn lock(tx: &Tx, account: AccountId) -> Result<(), Error> {
    if Engine::of(tx) == Engine::Postgres {
        let lock = "select null::bigint as number from accounts where id = $1 for update";
        sql::find::<Last>(tx, lock, [account.0.into()]).await?;
    }
    Ok(())
}

// === impl Kind ===

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::ShipFrom => "ship_from",
            Self::Connection => "connection",
            Self::Warehouse => "warehouse",
            Self::Location => "location",
            Self::Order => "order",
            Self::Product => "product",
        }
    }
}

impl From<Row> for Numbered {
    fn from(row: Row) -> Self {
        Self {
            thing: row.thing,
            number: row.number,
            made_at: Timestamp::from_millis(row.made_at),
            changed_at: Timestamp::from_millis(row.changed_at),
            document: row.document,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{account, on_both_engines};
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn things(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    async fn numbers(db: &Db, account: AccountId, kind: Kind, names: &[&str]) -> Vec<i64> {
        let all = of_all(db, account, kind, &things(names), NOW)
            .await
            .unwrap();
        all.into_iter().map(|numbered| numbered.number).collect()
    }

    on_both_engines! {
        async fn a_number_stays_and_each_account_and_kind_counts_for_itself(db) {
            let (ours, theirs) = (account(db).await, account(db).await);
            assert_eq!(numbers(db, ours, Kind::Order, &["B", "A"]).await, [1, 2]);
            assert_eq!(numbers(db, ours, Kind::Order, &["A", "C", "B"]).await, [2, 3, 1]);
            assert_eq!(numbers(db, ours, Kind::Product, &["A"]).await, [1]);
            assert_eq!(numbers(db, theirs, Kind::Order, &["Z"]).await, [1]);
            let found = find(db, ours, Kind::Order, 3).await.unwrap().unwrap();
            assert_eq!(found.thing, "C");
            assert_eq!(find(db, theirs, Kind::Order, 3).await.unwrap(), None);
        }

        async fn many_who_ask_at_once_are_told_the_same(db) {
            let account = account(db).await;
            let asked = (0..8).map(async |_| numbers(db, account, Kind::Order, &["A", "B"]).await);
            for told in futures::future::join_all(asked).await {
                let mut told = told;
                told.sort_unstable();
                assert_eq!(told, [1, 2]);
            }
        }

        async fn what_was_sent_of_a_thing_is_kept_with_its_number(db) {
            let account = account(db).await;
            let number = of(db, account, Kind::ShipFrom, "x", NOW).await.unwrap().number;
            let later = NOW.after(std::time::Duration::from_secs(5));
            keep(db, account, Kind::ShipFrom, number, Some("{}".into()), later).await.unwrap();
            let found = of(db, account, Kind::ShipFrom, "x", later).await.unwrap();
            assert_eq!((found.made_at, found.changed_at), (NOW, later));
            assert_eq!(found.document.as_deref(), Some("{}"));
        }
    }
}
