//! What changes at a source changes what is put together from it: connections that are made of it are told, gathered for
//! a moment, so that a push of a thousand levels is told once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use super::Parts;
use crate::connection::ChangedSkus;
use crate::id::AccountId;
use crate::stock::Changed;

/// How long changes are gathered: short enough for a page that somebody looks at to be right when it is there.
const GATHERED_FOR: Duration = Duration::from_millis(50);
/// SKUs gathered of one source; beyond it, only that it changed is told.
const SKUS_MAX: usize = 500;

/// What changed, by account.
type Gathered = BTreeMap<AccountId, ChangedSkus>;

/// Tells for as long as the daemon runs.
pub(super) async fn run(parts: Arc<Parts>) {
    let mut changes = parts.book.changes();
    loop {
        match changes.recv().await {
            Ok(first) if parts.connections.has_readers() => {
                tell(&parts, gather(first, &mut changes).await);
            }
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => parts.connections.tell_all_readers(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// What changes from now on for a moment; nothing when some of it was missed.
async fn gather(first: Arc<Changed>, changes: &mut Receiver<Arc<Changed>>) -> Option<Gathered> {
    let until = Instant::now() + GATHERED_FOR;
    let mut gathered = Gathered::default();
    put(&mut gathered, &first);
    loop {
        match timeout_at(until, changes.recv()).await {
            Ok(Ok(changed)) => put(&mut gathered, &changed),
            Ok(Err(RecvError::Lagged(_))) => return None,
            Ok(Err(RecvError::Closed)) | Err(_) => return Some(gathered),
        }
    }
}

fn put(gathered: &mut Gathered, changed: &Changed) {
    let of_account = gathered.entry(changed.account_id).or_default();
    for (source, sku) in &changed.levels {
        let is_new = !of_account.contains_key(source);
        let skus = of_account.entry(*source).or_default();
        // Once there were too many, it stays at none: any of them.
        if is_new || !skus.is_empty() {
            skus.push(sku.clone());
        }
        if skus.len() > SKUS_MAX {
            skus.clear();
        }
    }
}

fn tell(parts: &Parts, gathered: Option<Gathered>) {
    let Some(gathered) = gathered else {
        parts.connections.tell_all_readers();
        return;
    };
    for (account, changed) in &gathered {
        parts.connections.tell_readers(*account, changed);
    }
}
