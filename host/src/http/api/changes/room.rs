//! How many streams may be open at once.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::http::problem::{Kind, Problem};
use crate::id::AccountId;

/// Most streams of one account: a few for each of its programs.
const OF_ACCOUNT_MAX: usize = 32;
/// Most streams of all accounts: an eighth of the connections that the daemon takes, so that they leave room for others.
const OF_ALL_MAX: usize = 1_024;

/// The streams that are open. Locked only to count.
static OPEN: LazyLock<Mutex<HashMap<AccountId, usize>>> = LazyLock::new(Mutex::default);

/// Room for one stream, until it is dropped.
#[derive(Debug)]
pub(super) struct Room {
    account: AccountId,
}

// === impl Room ===

impl Room {
    /// Takes room for one stream of this account.
    pub(super) fn take(account: AccountId) -> Result<Self, Problem> {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if open.values().sum::<usize>() >= OF_ALL_MAX {
            let detail = format!("{OF_ALL_MAX} streams are open already; try again later");
            return Err(Problem::new(Kind::Unavailable, detail));
        }
        let own = open.entry(account).or_default();
        if *own >= OF_ACCOUNT_MAX {
            let detail = format!(
                "{OF_ACCOUNT_MAX} streams of this account are open already; close one, or filter in one"
            );
            return Err(Problem::new(Kind::TooManyRequests, detail));
        }
        *own += 1;
        Ok(Self { account })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.account) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.account);
            }
        }
    }
}
