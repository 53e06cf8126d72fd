//! Syncs that are owed to hints: what a system only hinted at is read again, and until then it is kept that it must be.

use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::id::{AccountId, ConnectionId};
use crate::store::{Db, Error, Tx, sql};

/// How much is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Whatever is quickest.
    Quickest,
    /// A full listing.
    Full,
}

/// A sync that is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// How much.
    pub extent: Extent,
    /// Of the newest hint it is owed to; later ones have greater marks.
    pub mark: Uuid,
}

#[derive(FromQueryResult)]
struct Row {
    extent: String,
    mark: Uuid,
}

/// What is owed to a connection's system.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
) -> Result<Vec<Owed>, Error> {
    let select = "select extent, mark from owed_syncs where account_id = $1 and connection_id = $2 order by extent";
    let rows: Vec<Row> =
        sql::list(db.read(), select, [account.0.into(), connection.0.into()]).await?;
    Ok(rows.into_iter().map(Owed::from).collect())
}

/// Notes that a sync was done, and what is owed to the hints before it is paid.
///
/// # Errors
/// When the database is out of reach.
pub async fn pay(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    paid: Owed,
) -> Result<(), Error> {
    let delete = "delete from owed_syncs \
        where account_id = $1 and connection_id = $2 and extent = $3 and mark <= $4";
    let values = [
        account.0.into(),
        connection.0.into(),
        paid.extent.as_str().into(),
        paid.mark.into(),
    ];
    sql::execute(db.writer(), delete, values).await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &Tx,
    account: AccountId,
    connection: ConnectionId,
    owed: Owed,
) -> Result<(), Error> {
    // An older mark never takes the place of a newer one: what pays for the older would pay for both.
    let upsert = "insert into owed_syncs (account_id, connection_id, extent, mark) values ($1, $2, $3, $4) \
        on conflict (account_id, connection_id, extent) do update set mark = excluded.mark \
        where excluded.mark > owed_syncs.mark";
    let values = [
        account.0.into(),
        connection.0.into(),
        owed.extent.as_str().into(),
        owed.mark.into(),
    ];
    sql::execute(tx, upsert, values).await?;
    Ok(())
}

// === impl Owed ===

impl Owed {
    /// So much, to a hint that is heard now.
    #[must_use]
    pub fn now(extent: Extent) -> Self {
        Self {
            extent,
            mark: Uuid::now_v7(),
        }
    }
}

// === impl Extent ===

impl Extent {
    fn as_str(self) -> &'static str {
        match self {
            Self::Quickest => "quickest",
            Self::Full => "full",
        }
    }
}

impl From<Row> for Owed {
    fn from(row: Row) -> Self {
        let extent = match row.extent.as_str() {
            "quickest" => Extent::Quickest,
            // Nothing of what changed is lost by reading more.
            _ => Extent::Full,
        };
        Self {
            extent,
            mark: row.mark,
        }
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::Timestamp;

    use super::super::{Done, done};
    use super::*;
    use crate::store::testing::{connection, on_both_engines};

    async fn owe(
        db: &Db,
        (account, connection): (AccountId, ConnectionId),
        extent: Extent,
        mark: Uuid,
    ) {
        let owed = Some(Owed { extent, mark });
        let kept = Done {
            account,
            connection,
            event: None,
            owed,
        };
        done(db, &kept, Timestamp::from_secs(1)).await.unwrap();
    }

    on_both_engines! {
        async fn what_is_done_pays_for_the_hints_before_it_and_for_none_after(db) {
            let ours = connection(db).await;
            let marks: Vec<Uuid> = (0..4).map(|_| Uuid::now_v7()).collect();
            let left = async || list(db, ours.0, ours.1).await.unwrap();
            owe(db, ours, Extent::Full, marks[0]).await;
            owe(db, ours, Extent::Quickest, marks[2]).await;
            // However late it is kept, it was heard before.
            owe(db, ours, Extent::Quickest, marks[1]).await;
            for (extent, mark, expected) in [
                (Extent::Quickest, marks[1], 2),
                (Extent::Full, marks[1], 1),
                (Extent::Full, marks[3], 1),
                (Extent::Quickest, marks[3], 0),
            ] {
                pay(db, ours.0, ours.1, Owed { extent, mark }).await.unwrap();
                assert_eq!(left().await.len(), expected, "{extent:?}");
            }
        }
    }
}
