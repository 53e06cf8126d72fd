//! The logs of events in the database.

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};

use super::{Db, Error, Tx, sql};
use crate::event_log::{BYTES_MAX, Event, EventId, EventType, News};
use crate::id::AccountId;

/// Rows per statement.
const ROWS_PER_STATEMENT: usize = 100;
const COLUMNS: usize = 6;
/// Rows forgotten per transaction, so that others get their turn in between.
const FORGOTTEN_AT_ONCE: i64 = 1_000;
/// What lies beyond the most that is kept is forgotten in slices of this many bytes.
const SLICE_BYTES: u64 = BYTES_MAX / 32;

#[derive(FromQueryResult)]
struct Head {
    head: i64,
    bytes: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    at: i64,
    r#type: String,
    data: String,
}

/// A row to be.
struct NewRow {
    event_type: EventType,
    data: String,
}

/// Appends news to the log of an account, and forgets what no longer finds room in it.
pub(crate) async fn append(
    tx: &Tx,
    account: AccountId,
    news: &[News],
    now: Timestamp,
) -> Result<(), Error> {
    let rows: Vec<NewRow> = news.iter().map(NewRow::of).collect::<Result<_, _>>()?;
    let added: usize = rows.iter().map(|row| row.data.len()).sum();
    if rows.is_empty() {
        return Ok(());
    }
    let head = advance(tx, account, rows.len(), added).await?;
    let mut place = Head {
        head: head.head - signed(rows.len()),
        bytes: head.bytes - signed(added),
    };
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        insert(tx, account, rows, &mut place, now).await?;
    }
    let slice = |bytes: i64| u64::try_from(bytes).unwrap_or(0) / SLICE_BYTES;
    if slice(head.bytes) != slice(head.bytes - signed(added)) {
        forget_beyond(tx, account, head.bytes).await?;
    }
    Ok(())
}

/// Takes the next ids. The row stays locked until the commit, so ids become readable in their order.
async fn advance(tx: &Tx, account: AccountId, rows: usize, bytes: usize) -> Result<Head, Error> {
    let upsert = "insert into event_heads (account_id, head, bytes) values ($1, $2, $3) \
        on conflict (account_id) do update set head = event_heads.head + excluded.head, \
        bytes = event_heads.bytes + excluded.bytes returning head, bytes";
    let values = [account.0.into(), signed(rows).into(), signed(bytes).into()];
    let head = sql::find(tx, upsert, values).await?;
    head.ok_or_else(|| Error::not_found("event log", account))
}

async fn insert(
    tx: &Tx,
    account: AccountId,
    rows: &[NewRow],
    place: &mut Head,
    now: Timestamp,
) -> Result<(), Error> {
    let row = |row: usize| format!("({})", sql::placeholders(1 + row * COLUMNS, COLUMNS));
    let insert = format!(
        "insert into events (account_id, id, at, type, data, bytes) values {}",
        (0..rows.len()).map(row).collect::<Vec<_>>().join(", ")
    );
    let values = rows.iter().flat_map(|row| {
        place.head += 1;
        place.bytes += signed(row.data.len());
        row.values(account, place, now)
    });
    let values: Vec<Value> = values.collect();
    sql::execute(tx, &insert, values).await?;
    Ok(())
}

/// Forgets what was written before the last [`BYTES_MAX`] bytes.
async fn forget_beyond(tx: &Tx, account: AccountId, bytes: i64) -> Result<(), Error> {
    let delete = "delete from events where account_id = $1 and id < \
        (select min(id) from events where account_id = $1 and bytes > $2)";
    let kept_from = bytes - i64::try_from(BYTES_MAX).unwrap_or(i64::MAX);
    sql::execute(tx, delete, [account.0.into(), kept_from.into()]).await?;
    Ok(())
}

/// Events after `after`, oldest first.
pub(crate) async fn after(
    db: &Db,
    account: AccountId,
    after: EventId,
    limit: u32,
) -> Result<Vec<Event>, Error> {
    let select = "select id, at, type, data from events where account_id = $1 and id > $2 order by id limit $3";
    let after = i64::try_from(after.0).unwrap_or(i64::MAX);
    let values = [account.0.into(), after.into(), i64::from(limit).into()];
    let rows: Vec<Row> = sql::list(db.read(), select, values).await?;
    rows.into_iter().map(Event::try_from).collect()
}

/// The id of the newest event.
pub(crate) async fn head(db: &Db, account: AccountId) -> Result<EventId, Error> {
    let select = "select head, bytes from event_heads where account_id = $1";
    let head: Option<Head> = sql::find(db.read(), select, [account.0.into()]).await?;
    let head = head.map_or(0, |head| head.head);
    Ok(EventId(u64::try_from(head).unwrap_or(0)))
}

/// Forgets events from before `before`, and answers how many.
pub(crate) async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = "delete from events where (account_id, id) in \
        (select account_id, id from events where at < $1 order by at limit $2)";
    let values: [Value; 2] = [before.millis().into(), FORGOTTEN_AT_ONCE.into()];
    sql::execute_until_none(db.writer(), delete, values).await
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

// === impl NewRow ===

impl NewRow {
    fn of(news: &News) -> Result<Self, Error> {
        Ok(Self {
            event_type: news.event_type(),
            data: news
                .data()
                .map_err(|error| Error::corrupt("event", error))?,
        })
    }

    fn values(&self, account: AccountId, place: &Head, now: Timestamp) -> [Value; COLUMNS] {
        [
            account.0.into(),
            place.head.into(),
            now.millis().into(),
            self.event_type.as_str().into(),
            self.data.as_str().into(),
            place.bytes.into(),
        ]
    }
}

impl TryFrom<Row> for Event {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let event_type = Error::read("event", &row.r#type)?;
        let news = News::from_data(event_type, &row.data);
        Ok(Self {
            id: EventId(u64::try_from(row.id).unwrap_or(0)),
            at: Timestamp::from_millis(row.at),
            news: news.map_err(|error| Error::corrupt("event", error))?,
        })
    }
}
