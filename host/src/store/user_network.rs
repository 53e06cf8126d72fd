//! Where users have signed in, in the database.

use std::net::IpAddr;
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::{Db, Error, Tx, sql};
use crate::user::User;

/// How long a network is remembered: who was away for a season signs in as from a new place.
pub const REMEMBERED_FOR: Duration = Duration::from_secs(90 * 86_400);
/// Networks remembered of one user; beyond it the one seen longest ago is forgotten. A person has a few, a phone on the
/// road some dozens.
const NETWORKS_PER_USER_MAX: usize = 50;

/// Remembers that the user has signed in from there.
pub(super) async fn keep(
    tx: &Tx,
    user: &User,
    network: IpAddr,
    now: Timestamp,
) -> Result<(), Error> {
    let upsert = "insert into user_networks (account_id, user_id, network, last_seen_at) values ($1, $2, $3, $4) \
        on conflict (account_id, user_id, network) do update set last_seen_at = excluded.last_seen_at";
    let [account, id] = [user.account_id.0, user.id.0];
    let (network, now) = (network.to_string().into(), now.millis().into());
    sql::execute(tx, upsert, [account.into(), id.into(), network, now]).await?;
    let delete = format!(
        "delete from user_networks where account_id = $1 and user_id = $2 and network not in \
        (select network from user_networks where account_id = $1 and user_id = $2 \
        order by last_seen_at desc, network limit {NETWORKS_PER_USER_MAX})"
    );
    sql::execute(tx, &delete, [account.into(), id.into()]).await?;
    Ok(())
}

/// Forgets networks that were last seen before then; answers how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = "delete from user_networks where last_seen_at < $1";
    sql::execute(db.writer(), delete, [before.millis().into()]).await
}
