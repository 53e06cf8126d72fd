//! Deliveries that are done, by the ids their senders gave them.

use std::time::Duration;

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};

use crate::id::{AccountId, ConnectionId};
use crate::store::{Db, Error, Tx, sql};

/// How long a delivery is remembered: longer than any known sender tries again.
pub const REMEMBERED_FOR: Duration = Duration::from_secs(3 * 24 * 3600);
/// Deliveries remembered of one connection: four a second for three days, some hundred megabytes.
///
/// Only what an adapter took for genuine gets here, so that it is a system without rest that forgets its own early.
pub const REMEMBERED_MAX: i64 = 1_000_000;

/// What is remembered of a delivery's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventHash([u8; 32]);

#[derive(FromQueryResult)]
struct Found {
    #[expect(dead_code, reason = "that there is a row says it all")]
    done_at: i64,
}

/// Whether a delivery was done before.
///
/// # Errors
/// When the database is out of reach.
pub async fn is_done(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    event: &EventHash,
) -> Result<bool, Error> {
    let select = "select done_at from inbound_events \
        where account_id = $1 and connection_id = $2 and event_hash = $3";
    let values = [
        account.0.into(),
        connection.0.into(),
        event.0.to_vec().into(),
    ];
    let found: Option<Found> = sql::find(db.read(), select, values).await?;
    Ok(found.is_some())
}

/// Forgets deliveries that are past their time, and of each connection all but the newest [`REMEMBERED_MAX`]. Answers
/// how many those were.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget(db: &Db, now: Timestamp) -> Result<u64, Error> {
    let old = "delete from inbound_events where done_at < $1";
    let before = now.before(REMEMBERED_FOR).millis();
    let forgotten = sql::execute(db.writer(), old, [before.into()]).await?;
    Ok(forgotten + forget_beyond(db, REMEMBERED_MAX).await?)
}

async fn forget_beyond(db: &Db, most: i64) -> Result<u64, Error> {
    let beyond = "delete from inbound_events where (account_id, connection_id, event_hash) in \
        (select account_id, connection_id, event_hash from (select account_id, connection_id, event_hash, \
            row_number() over (partition by account_id, connection_id order by done_at desc) as place \
            from inbound_events where (account_id, connection_id) in \
                (select account_id, connection_id from inbound_events \
                 group by account_id, connection_id having count(*) > $1)) as placed where place > $2)";
    sql::execute(db.writer(), beyond, [most.into(), most.into()]).await
}

pub(super) async fn insert(
    tx: &Tx,
    account: AccountId,
    connection: ConnectionId,
    event: &EventHash,
    now: Timestamp,
) -> Result<(), Error> {
    let insert = "insert into inbound_events (account_id, connection_id, event_hash, done_at) \
        values ($1, $2, $3, $4) on conflict (account_id, connection_id, event_hash) do nothing";
    let values = [
        account.0.into(),
        connection.0.into(),
        event.0.to_vec().into(),
        now.millis().into(),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

// === impl EventHash ===

impl EventHash {
    /// Of the id that a sender gave its delivery.
    #[must_use]
    pub fn of(event_id: &str) -> Self {
        Self(Sha256::digest(event_id).into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Done, done};
    use super::*;
    use crate::store::testing::{connection, on_both_engines};

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    async fn keep(
        db: &Db,
        (account, connection): (AccountId, ConnectionId),
        id: &str,
        at: Timestamp,
    ) {
        let event = Some(EventHash::of(id));
        let kept = Done {
            account,
            connection,
            event,
            owed: None,
        };
        done(db, &kept, at).await.unwrap();
    }

    async fn knows(db: &Db, (account, connection): (AccountId, ConnectionId), id: &str) -> bool {
        is_done(db, account, connection, &EventHash::of(id))
            .await
            .unwrap()
    }

    on_both_engines! {
        async fn a_delivery_is_remembered_for_its_connection_alone_and_for_three_days(db) {
            let (ours, theirs) = (connection(db).await, connection(db).await);
            let endless = "x".repeat(100_000);
            assert!(!knows(db, ours, "a").await);
            keep(db, ours, "a", NOW).await;
            keep(db, ours, "a", NOW).await;
            keep(db, ours, &endless, NOW.after(Duration::from_secs(1))).await;
            assert!(knows(db, ours, "a").await && knows(db, ours, &endless).await);
            assert!(!knows(db, theirs, "a").await);
            assert_eq!(forget(db, NOW.after(REMEMBERED_FOR)).await.unwrap(), 0);
            assert_eq!(forget(db, NOW.after(REMEMBERED_FOR + Duration::from_millis(1))).await.unwrap(), 1);
            assert!(!knows(db, ours, "a").await && knows(db, ours, &endless).await);
        }

        async fn of_a_connection_that_never_rests_the_oldest_are_forgotten_and_of_others_none(db) {
            let (restless, calm) = (connection(db).await, connection(db).await);
            keep(db, calm, "first", NOW).await;
            for second in 0..5 {
                keep(db, restless, &second.to_string(), NOW.after(Duration::from_secs(second))).await;
            }
            assert_eq!(forget_beyond(db, 3).await.unwrap(), 2);
            assert!(!knows(db, restless, "1").await && knows(db, restless, "2").await);
            assert!(knows(db, calm, "first").await);
        }

        async fn a_delivery_to_a_connection_that_is_gone_says_so(db) {
            let (account, _) = connection(db).await;
            let event = Some(EventHash::of("a"));
            let kept = Done { account, connection: ConnectionId::new(), event, owed: None };
            assert!(matches!(done(db, &kept, NOW).await, Err(Error::NotFound { .. })));
        }
    }
}
