//! The low-stock thresholds of each account, as the writer needs them: in memory, and never for long without a look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::id::AccountId;
use crate::stock::low_stock::Thresholds;
use crate::store::{self, Db, Error};

/// How long what was read is taken for true: another process may have set one.
const BELIEVED_FOR: Duration = Duration::from_secs(60);

/// The thresholds of the accounts that had changes lately. Locked only to look up and to put.
#[derive(Debug, Default)]
pub(super) struct WatchList(Mutex<HashMap<AccountId, (Instant, Arc<Thresholds>)>>);

// === impl WatchList ===

impl WatchList {
    /// The thresholds of an account.
    pub(super) async fn of(&self, db: &Db, account: AccountId) -> Result<Arc<Thresholds>, Error> {
        if let Some((read_at, thresholds)) = self.lock().get(&account)
            && read_at.elapsed() < BELIEVED_FOR
        {
            return Ok(Arc::clone(thresholds));
        }
        let read_at = Instant::now();
        let thresholds = store::low_stock::list(db, account).await?;
        let thresholds = Arc::new(thresholds.into_iter().collect::<Thresholds>());
        self.lock()
            .insert(account, (read_at, Arc::clone(&thresholds)));
        Ok(thresholds)
    }

    /// To be called after one was set or removed.
    pub(super) fn forget(&self, account: AccountId) {
        self.lock().remove(&account);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, (Instant, Arc<Thresholds>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
