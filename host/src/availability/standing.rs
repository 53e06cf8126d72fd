//! How all orders of an account stand that are still to be shipped, for a page that is looked at all day.
//!
//! To judge a hundred thousand orders takes a second or two, which nobody who opens a page waits for: what was found
//! last is answered at once with its time, and found anew behind it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::{Availability, Tally};
use crate::id::AccountId;
use crate::order::OrderStatus;
use crate::store::Error;
use crate::store::order::Filter;

/// How old an answer may become before it is found anew.
const FRESH_FOR: Duration = Duration::from_secs(10);
/// Accounts whose answer is held; beyond it all are forgotten and found anew.
const ACCOUNTS_MAX: usize = 10_000;

/// How an account's open orders stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many there are of each verdict.
    pub tally: Tally,
    /// When that was found.
    pub as_of: Timestamp,
}

/// The answers that are held.
#[derive(Debug, Default)]
pub(super) struct Standings {
    /// Locked only to look up or put in a moment.
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    by_account: HashMap<AccountId, Standing>,
    /// Those that are being found anew.
    under_way: HashSet<AccountId>,
}

// === impl Availability ===

impl Availability {
    /// How the account's orders stand that await shipment. Only the very first answer has to be waited for.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn standing(&self, account: AccountId) -> Result<Standing, Error> {
        let Some(held) = self.shared.standings.find(account) else {
            return self.find_standing(account).await;
        };
        let is_old = self.shared.clock.now().since(held.as_of) > FRESH_FOR;
        if is_old && self.shared.standings.begin(account) {
            let this = self.clone();
            tokio::spawn(async move {
                if let Err(error) = this.find_standing(account).await {
                    tracing::warn!(%error, "the orders' verdicts could not be counted");
                }
                this.shared.standings.end(account);
            });
        }
        Ok(held)
    }

    async fn find_standing(&self, account: AccountId) -> Result<Standing, Error> {
        let as_of = self.shared.clock.now();
        let open = Filter {
            status: Some(OrderStatus::AwaitingShipment),
            ..Filter::default()
        };
        let tally = self.tally(account, &open).await?;
        let standing = Standing { tally, as_of };
        self.shared.standings.keep(account, standing);
        Ok(standing)
    }
}

// === impl Standings ===

impl Standings {
    fn find(&self, account: AccountId) -> Option<Standing> {
        self.lock().by_account.get(&account).copied()
    }

    fn keep(&self, account: AccountId, standing: Standing) {
        let mut held = self.lock();
        if held.by_account.len() >= ACCOUNTS_MAX {
            held.by_account.clear();
        }
        held.by_account.insert(account, standing);
    }

    /// Whether it is the caller's to find it anew.
    fn begin(&self, account: AccountId) -> bool {
        self.lock().under_way.insert(account)
    }

    fn end(&self, account: AccountId) {
        self.lock().under_way.remove(&account);
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
