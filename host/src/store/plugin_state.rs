//! What adapters keep, in the database: the entries of one connection, written all or nothing.

use std::collections::HashMap;

use bestand_plugin_api::state::{BATCH_MAX, Entry, EntryRange, Expected, Write, Written};
use sea_orm::{FromQueryResult, Value};

use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, ConnectionId};

/// Rows per statement: most of the speed of larger ones, and far below the engines' limits on parameters.
const ROWS_PER_STATEMENT: usize = 500;

#[derive(FromQueryResult)]
struct Row {
    key: Vec<u8>,
    value: Vec<u8>,
    version: i64,
}

#[derive(FromQueryResult)]
struct Version {
    key: Vec<u8>,
    version: i64,
}

#[derive(FromQueryResult)]
struct Length {
    bytes: i64,
}

/// Whose entries: one connection's, and nobody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The connection's account.
    pub account_id: AccountId,
    /// The connection.
    pub connection_id: ConnectionId,
}

/// What a commit leaves under each key it names: a value, or nothing.
type Outcome<'a> = HashMap<&'a str, Option<&'a [u8]>>;

/// These entries, in the order asked for.
///
/// # Errors
/// When the database is out of reach.
pub async fn get(db: &Db, owner: Owner, keys: &[String]) -> Result<Vec<Option<Entry>>, Error> {
    let mut found = HashMap::new();
    for keys in keys.chunks(ROWS_PER_STATEMENT) {
        let select = format!(
            "select key, value, version from plugin_state where account_id = $1 and connection_id = $2 and key in ({})",
            sql::placeholders(3, keys.len())
        );
        let values = owner.values(keys.iter().map(|key| key_value(key)));
        let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
        for entry in rows.into_iter().map(Entry::try_from) {
            let entry = entry?;
            found.insert(entry.key.clone(), entry);
        }
    }
    Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
}

/// How many bytes the values of these entries have together.
///
/// # Errors
/// When the database is out of reach.
pub async fn bytes(db: &Db, owner: Owner, keys: &[String]) -> Result<u64, Error> {
    let mut total = 0;
    for keys in keys.chunks(ROWS_PER_STATEMENT) {
        let select = format!(
            "select coalesce(sum(length(value)), 0) as bytes from plugin_state \
             where account_id = $1 and connection_id = $2 and key in ({})",
            sql::placeholders(3, keys.len())
        );
        let values = owner.values(keys.iter().map(|key| key_value(key)));
        total += length(db, &select, values).await?;
    }
    Ok(total)
}

/// How many bytes the values have together that [`list`] would answer.
///
/// # Errors
/// When the database is out of reach.
pub async fn bytes_of_range(db: &Db, owner: Owner, range: &EntryRange) -> Result<u64, Error> {
    let (inner, values) = select_range("value", owner, range);
    let select =
        format!("select coalesce(sum(length(value)), 0) as bytes from ({inner}) as listed");
    length(db, &select, values).await
}

async fn length(db: &Db, select: &str, values: Vec<Value>) -> Result<u64, Error> {
    let rows: Vec<Length> = sql::list(db.read(), select, values).await?;
    Ok(rows.first().map_or(0, |row| row.bytes.unsigned_abs()))
}

/// Entries in the order of their keys' bytes.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, owner: Owner, range: &EntryRange) -> Result<Vec<Entry>, Error> {
    let (select, values) = select_range("key, value, version", owner, range);
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(Entry::try_from).collect()
}

fn select_range(columns: &str, owner: Owner, range: &EntryRange) -> (String, Vec<Value>) {
    let after = range.after.as_ref().map(String::as_bytes);
    let limit = i64::try_from(range.limit.min(BATCH_MAX)).unwrap_or(i64::MAX);
    let mut select = format!(
        "select {columns} from plugin_state where account_id = $1 and connection_id = $2 and key >= $3 \
         and ($4 is null or key > $4)"
    );
    let mut values = owner.values([
        key_value(&range.prefix),
        after.map(<[u8]>::to_vec).into(),
        limit.into(),
    ]);
    if let Some(end) = end_of_prefix(range.prefix.as_bytes()) {
        select.push_str(" and key < $6");
        values.push(end.into());
    }
    select.push_str(" order by key limit $5");
    (select, values)
}

/// The first bytes after all that begin with `prefix`; `None` when nothing comes after.
fn end_of_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

/// Writes all or nothing, in order; durable when it answers [`Written::Done`].
///
/// # Errors
/// When the database is out of reach.
pub async fn commit(db: &Db, owner: Owner, writes: &[Write]) -> Result<Written, Error> {
    let tx = db.begin().await?;
    let version = next_version(&tx, owner).await?;
    let expecting = writes
        .iter()
        .filter(|write| write.expected != Expected::Any);
    let keys: Vec<&str> = expecting.map(|write| write.key.as_str()).collect();
    let stored = versions(&tx, owner, &keys).await?;
    let outcome = match outcome(writes, stored, version) {
        Ok(outcome) => outcome,
        // The transaction is dropped, and with it the version it took.
        Err(key) => return Ok(Written::Conflict { key }),
    };
    put(&tx, owner, &outcome, version).await?;
    delete(&tx, owner, &outcome).await?;
    tx.commit().await?;
    Ok(Written::Done)
}

/// What `writes` leave behind, or the first key that is not as expected.
fn outcome<'a>(
    writes: &'a [Write],
    mut versions: HashMap<String, u64>,
    next: u64,
) -> Result<Outcome<'a>, String> {
    let mut outcome = HashMap::with_capacity(writes.len());
    for Write {
        key,
        value,
        expected,
        ..
    } in writes
    {
        let there = versions.get(key).copied();
        let is_as_expected = match expected {
            Expected::Any => true,
            Expected::Absent => there.is_none(),
            Expected::Version(version) => there == Some(*version),
        };
        if !is_as_expected {
            return Err(key.clone());
        }
        match value {
            Some(_) => versions.insert(key.clone(), next),
            None => versions.remove(key),
        };
        outcome.insert(key.as_str(), value.as_deref());
    }
    Ok(outcome)
}

/// Takes the connection's next version; others that commit wait here, so what is read from now on stays true.
async fn next_version(tx: &Tx, owner: Owner) -> Result<u64, Error> {
    #[derive(FromQueryResult)]
    struct Next {
        version: i64,
    }
    let upsert = "insert into plugin_state_commits (account_id, connection_id, version) values ($1, $2, 1) \
        on conflict (account_id, connection_id) do update set version = plugin_state_commits.version + 1 \
        returning version";
    let next: Option<Next> = sql::find(tx, upsert, owner.values([])).await?;
    let next = next.ok_or_else(|| Error::corrupt("commit number", "it was not returned"))?;
    read_version(next.version)
}

async fn versions(tx: &Tx, owner: Owner, keys: &[&str]) -> Result<HashMap<String, u64>, Error> {
    let mut versions = HashMap::with_capacity(keys.len());
    for keys in keys.chunks(ROWS_PER_STATEMENT) {
        let select = format!(
            "select key, version from plugin_state where account_id = $1 and connection_id = $2 and key in ({})",
            sql::placeholders(3, keys.len())
        );
        let values = owner.values(keys.iter().map(|key| key_value(key)));
        for row in sql::list::<Version>(tx, &select, values).await? {
            versions.insert(read_key(row.key)?, read_version(row.version)?);
        }
    }
    Ok(versions)
}

async fn put(tx: &Tx, owner: Owner, outcome: &Outcome<'_>, version: u64) -> Result<(), Error> {
    let puts: Vec<_> = outcome
        .iter()
        .filter_map(|(key, value)| Some((*key, (*value)?)))
        .collect();
    for rows in puts.chunks(ROWS_PER_STATEMENT) {
        let upsert = format!(
            "insert into plugin_state (account_id, connection_id, version, key, value) values {} \
             on conflict (account_id, connection_id, key) do update set value = excluded.value, \
             version = excluded.version",
            rows_of_owner(rows.len())
        );
        let cells = rows
            .iter()
            .flat_map(|(key, value)| [key_value(key), value.to_vec().into()]);
        let version = i64::try_from(version).unwrap_or(i64::MAX).into();
        sql::execute(
            tx,
            &upsert,
            owner.values([version].into_iter().chain(cells)),
        )
        .await?;
    }
    Ok(())
}

/// `($1, $2, $3, $4, $5), ($1, $2, $3, $6, $7)`: owner and version are the same in all rows.
fn rows_of_owner(rows: usize) -> String {
    let row = |row: usize| format!("($1, $2, $3, ${}, ${})", 4 + 2 * row, 5 + 2 * row);
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

async fn delete(tx: &Tx, owner: Owner, outcome: &Outcome<'_>) -> Result<(), Error> {
    let gone = outcome.iter().filter(|(_, value)| value.is_none());
    let keys: Vec<&str> = gone.map(|(key, _)| *key).collect();
    for keys in keys.chunks(ROWS_PER_STATEMENT) {
        let delete = format!(
            "delete from plugin_state where account_id = $1 and connection_id = $2 and key in ({})",
            sql::placeholders(3, keys.len())
        );
        let values = owner.values(keys.iter().map(|key| key_value(key)));
        sql::execute(tx, &delete, values).await?;
    }
    Ok(())
}

fn key_value(key: &str) -> Value {
    key.as_bytes().to_vec().into()
}

fn read_key(key: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(key).map_err(|error| Error::corrupt("key of an adapter", error))
}

fn read_version(version: i64) -> Result<u64, Error> {
    u64::try_from(version).map_err(|error| Error::corrupt("version of an entry", error))
}

// === impl Owner ===

impl Owner {
    /// `$1` and `$2`, and then these.
    fn values(self, rest: impl IntoIterator<Item = Value>) -> Vec<Value> {
        let own = [self.account_id.0.into(), self.connection_id.0.into()];
        own.into_iter().chain(rest).collect()
    }
}

impl TryFrom<Row> for Entry {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self::new(
            read_key(row.key)?,
            row.value,
            read_version(row.version)?,
        ))
    }
}

#[cfg(test)]
mod tests;
