//! Requests that are kept for later, in the order they came. Bounded for each connection, because anybody may send.

use bestand_plugin_api::{InboundRequest, Timestamp, call};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::id::{AccountId, ConnectionId};
use crate::store::{Db, Error, Tx, sql};

/// How much of a queue may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests of one connection.
    pub requests_max: i64,
    /// Their bytes, as they are stored.
    pub bytes_max: i64,
    /// Which part of either one sender may take: one in so many.
    pub sender_share: i64,
}

/// Whether a request was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is durable.
    Kept,
    /// The connection's queue is full.
    Full,
    /// This sender's share of it is.
    SenderFull,
}

/// A request that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its place in the order.
    pub id: Uuid,
    /// The request.
    pub request: InboundRequest,
    /// How often the adapter could not take it.
    pub failures: u32,
    /// When it is tried next.
    pub not_before: Timestamp,
}

/// The oldest of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// It can be worked.
    Request(Queued),
    /// It cannot be read: a fault of ours, or of the disk.
    Unreadable(Uuid),
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    request: Vec<u8>,
    failures: i64,
    not_before: i64,
}

#[derive(FromQueryResult)]
struct Taken {
    requests: i64,
    bytes: i64,
}

/// Keeps a request of `sender`, a network, unless there is no room.
///
/// # Errors
/// `NotFound` when the connection is gone.
pub async fn put(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    sender: Option<&str>,
    request: &InboundRequest,
    limits: Limits,
) -> Result<Put, Error> {
    let bytes = call::encode(request).map_err(|error| Error::corrupt("inbound request", error))?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let kept = db.write(async |tx| {
        if !taken(tx, account, connection, None)
            .await?
            .has_room(size, limits, 1)
        {
            return Ok(Put::Full);
        }
        let by_sender = taken(tx, account, connection, Some(sender)).await?;
        if !by_sender.has_room(size, limits, limits.sender_share) {
            return Ok(Put::SenderFull);
        }
        insert(tx, account, connection, sender, bytes, request.received_at).await?;
        Ok(Put::Kept)
    });
    kept.await
        .map_err(|error| error.when_dangling("connection", connection))
}

async fn insert(
    tx: &Tx,
    account: AccountId,
    connection: ConnectionId,
    sender: Option<&str>,
    bytes: Vec<u8>,
    received_at: Timestamp,
) -> Result<(), Error> {
    let insert = "insert into inbound_requests (account_id, connection_id, id, sender, request, bytes, \
        received_at, failures, not_before) values ($1, $2, $3, $4, $5, $6, $7, 0, $8)";
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let values: [Value; 8] = [
        account.0.into(),
        connection.0.into(),
        Uuid::now_v7().into(),
        sender.map(str::to_owned).into(),
        bytes.into(),
        size.into(),
        received_at.millis().into(),
        received_at.millis().into(),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

/// What is taken of a queue, by all or by one sender.
async fn taken(
    tx: &Tx,
    account: AccountId,
    connection: ConnectionId,
    sender: Option<Option<&str>>,
) -> Result<Taken, Error> {
    let select = "select count(*) as requests, cast(coalesce(sum(bytes), 0) as bigint) as bytes from inbound_requests \
        where account_id = $1 and connection_id = $2";
    let (of_sender, named) = match sender {
        None => ("", None),
        Some(None) => (" and sender is null", None),
        Some(Some(sender)) => (" and sender = $3", Some(sender)),
    };
    let mut values = vec![account.0.into(), connection.0.into()];
    values.extend(named.map(Into::into));
    let taken = sql::find(tx, &format!("{select}{of_sender}"), values).await?;
    Ok(taken.unwrap_or(Taken {
        requests: 0,
        bytes: 0,
    }))
}

/// The oldest request of a connection.
///
/// # Errors
/// When the database is out of reach.
pub async fn head(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
) -> Result<Option<Head>, Error> {
    let select = "select id, request, failures, not_before from inbound_requests \
        where account_id = $1 and connection_id = $2 order by id limit 1";
    let row: Option<Row> =
        sql::find(db.read(), select, [account.0.into(), connection.0.into()]).await?;
    Ok(row.map(Head::from))
}

/// How many requests of a connection are kept.
///
/// # Errors
/// When the database is out of reach.
pub async fn count(db: &Db, account: AccountId, connection: ConnectionId) -> Result<u64, Error> {
    let select = "select count(*) as requests, cast(0 as bigint) as bytes from inbound_requests \
        where account_id = $1 and connection_id = $2";
    let found: Option<Taken> =
        sql::find(db.read(), select, [account.0.into(), connection.0.into()]).await?;
    Ok(found.map_or(0, |found| found.requests.unsigned_abs()))
}

/// Keeps that a request failed once more, and when it is tried again.
///
/// # Errors
/// When the database is out of reach.
pub async fn put_off(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    id: Uuid,
    not_before: Timestamp,
) -> Result<(), Error> {
    let update = "update inbound_requests set failures = failures + 1, not_before = $4 \
        where account_id = $1 and connection_id = $2 and id = $3";
    let values = [
        account.0.into(),
        connection.0.into(),
        id.into(),
        not_before.millis().into(),
    ];
    sql::execute(db.writer(), update, values).await?;
    Ok(())
}

/// Lets a request go.
///
/// # Errors
/// When the database is out of reach.
pub async fn remove(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    id: Uuid,
) -> Result<(), Error> {
    let delete =
        "delete from inbound_requests where account_id = $1 and connection_id = $2 and id = $3";
    sql::execute(
        db.writer(),
        delete,
        [account.0.into(), connection.0.into(), id.into()],
    )
    .await?;
    Ok(())
}

// === impl Taken ===

impl Taken {
    fn has_room(&self, size: i64, limits: Limits, share: i64) -> bool {
        self.requests < limits.requests_max / share
            && self.bytes.saturating_add(size) <= limits.bytes_max / share
    }
}

impl From<Row> for Head {
    fn from(row: Row) -> Self {
        match call::decode(&row.request) {
            Ok(request) => Self::Request(Queued {
                id: row.id,
                request,
                failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
                not_before: Timestamp::from_millis(row.not_before),
            }),
            Err(_) => Self::Unreadable(row.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{connection, on_both_engines};

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const LIMITS: Limits = Limits {
        requests_max: 4,
        bytes_max: 4_000,
        sender_share: 2,
    };

    fn request(body: &[u8]) -> InboundRequest {
        let request = InboundRequest::new(
            "POST",
            "https://x.example/hooks/1?a=%20",
            body.to_vec(),
            NOW,
        );
        request.with_header("x-signature", "sha256=00")
    }

    on_both_engines! {
        async fn requests_come_back_exactly_and_in_their_order(db) {
            let (account, connection) = connection(db).await;
            let sent = [request(b"\x00\xff\r\n"), request(b"")];
            for request in &sent {
                let kept = put(db, account, connection, Some("192.0.2.7"), request, LIMITS).await;
                assert_eq!(kept.unwrap(), Put::Kept);
            }
            assert_eq!(count(db, account, connection).await.unwrap(), 2);
            let mut failures = 0;
            for request in sent {
                put_off_head(db, account, connection, &mut failures).await;
                let Some(Head::Request(head)) = head(db, account, connection).await.unwrap() else {
                    panic!("there is one");
                };
                assert_eq!((head.request, head.failures, head.not_before), (request, 1, NOW));
                remove(db, account, connection, head.id).await.unwrap();
            }
            assert_eq!(head(db, account, connection).await.unwrap(), None);
        }

        async fn no_sender_fills_a_queue_and_all_together_fill_none_but_their_own(db) {
            let (full, free) = (connection(db).await, connection(db).await);
            let put = async |sender, of: (AccountId, ConnectionId), body: &[u8]| {
                put(db, of.0, of.1, sender, &request(body), LIMITS).await.unwrap()
            };
            let [one, other, third] = [Some("192.0.2.7"), None, Some("2001:db8::")];
            assert_eq!(put(one, full, &[7; 2_000]).await, Put::SenderFull, "of half the bytes");
            for expected in [Put::Kept, Put::Kept, Put::SenderFull] {
                assert_eq!(put(one, full, b"{}").await, expected);
            }
            assert_eq!(put(other, full, &[7; 4_000]).await, Put::Full, "of all the bytes");
            for expected in [Put::Kept, Put::Kept] {
                assert_eq!(put(other, full, b"{}").await, expected);
            }
            assert_eq!(put(third, full, b"{}").await, Put::Full);
            assert_eq!(put(one, free, b"{}").await, Put::Kept);
        }
    }

    async fn put_off_head(
        db: &Db,
        account: AccountId,
        connection: ConnectionId,
        failures: &mut u32,
    ) {
        let Some(Head::Request(head)) = head(db, account, connection).await.unwrap() else {
            panic!("there is one");
        };
        put_off(db, account, connection, head.id, NOW)
            .await
            .unwrap();
        *failures += 1;
    }
}
