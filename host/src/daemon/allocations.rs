//! Keeps what is promised in line with its orders, and promises by itself where that is wanted, soon after anything
//! changed that this depends on.

use std::sync::Arc;

use super::Parts;
use super::changes::Changes;
use crate::allocation::Sweep;
use crate::store::{self, Error};

pub(super) async fn run(parts: Arc<Parts>) {
    let (allocator, availability) = (parts.allocator.clone(), parts.availability.clone());
    let sweep = Sweep::new(parts.db.clone(), allocator, availability);
    let mut changes = Changes::of(&parts);
    loop {
        changes.next().await;
        if let Err(error) = sweep_all(&parts, &sweep).await {
            tracing::warn!(%error, "what is promised to orders cannot be looked after; it is tried again");
        }
    }
}

async fn sweep_all(parts: &Parts, sweep: &Sweep) -> Result<(), Error> {
    for account in store::account::list(&parts.db).await? {
        sweep.run(account.id).await?;
    }
    Ok(())
}
