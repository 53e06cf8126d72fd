//! The aliases and kits of all accounts, kept in memory for as long as nobody changes them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::{Naming, SourceNaming};
use crate::id::{AccountId, SourceId};
use crate::store::{self, Db, Error};

/// Aliases and components held over all accounts, near 250 bytes each; beyond it all are dropped and read anew.
const HELD_MAX: usize = 2_000_000;

/// Knows every account's aliases and kits. Cheap to clone; clones share what they hold.
#[derive(Clone)]
pub struct Articles {
    db: Db,
    /// Locked only to look up or put in a reference.
    held: Arc<RwLock<HashMap<AccountId, Held>>>,
}

struct Held {
    naming: Arc<Naming>,
    /// Which version of the account's it is.
    revision: i64,
}

// === impl Articles ===

impl Articles {
    /// Reads from this store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            held: Arc::default(),
        }
    }

    /// All of an account, as they are in the store now.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn of(&self, account: AccountId) -> Result<Arc<Naming>, Error> {
        let revision = store::article::revision(&self.db, account).await?;
        if let Some(naming) = self.find(account, revision) {
            return Ok(naming);
        }
        let (kits, aliases) = match revision {
            // Nobody ever set one.
            0 => (Vec::new(), Vec::new()),
            _ => (
                store::article::kit::all(&self.db, account).await?,
                store::article::alias::all(&self.db, account).await?,
            ),
        };
        let naming = Arc::new(Naming::new(kits, aliases));
        self.keep(account, revision, &naming);
        Ok(naming)
    }

    /// All of an account, at one of its sources.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn at(&self, account: AccountId, source: SourceId) -> Result<SourceNaming, Error> {
        Ok(SourceNaming::new(self.of(account).await?, source))
    }

    fn find(&self, account: AccountId, revision: i64) -> Option<Arc<Naming>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let held = held.get(&account)?;
        (held.revision == revision).then(|| Arc::clone(&held.naming))
    }

    fn keep(&self, account: AccountId, revision: i64, naming: &Arc<Naming>) {
        let mut all = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let held: usize = all.values().map(|held| held.naming.len() + 1).sum();
        if held + naming.len() > HELD_MAX {
            all.clear();
        }
        let naming = Arc::clone(naming);
        all.insert(account, Held { naming, revision });
    }
}
