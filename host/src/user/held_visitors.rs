//! Who was there within the last seconds, held in memory: a page asks several times, and the store once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::users::Visitor;
use crate::api_key::SecretHash;
use crate::id::{UserId, UserSessionId};

/// How long a visitor is trusted before the store is asked again: so long what *another* process (a command run beside
/// the daemon) ends may go on. What is ended through the same [`Users`](super::Users) ends at once.
pub(super) const TRUSTED_FOR: Duration = Duration::from_secs(5);
/// Visitors held at once; beyond it all are asked for anew. Far above what an installation sees within seconds.
const HELD_MAX: usize = 10_000;

/// Visitors by the hash of their token.
#[derive(Debug, Default)]
pub(super) struct HeldVisitors {
    /// Locked only to look up or put in a reference, never across a query.
    held: RwLock<Held>,
}

/// How many changes there had been when something was read: what is older than a change is not held after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AsOf(u64);

#[derive(Debug, Default)]
struct Held {
    by_token: HashMap<SecretHash, HeldVisitor>,
    changes: u64,
}

#[derive(Debug)]
struct HeldVisitor {
    visitor: Visitor,
    trusted_until: Timestamp,
}

// === impl HeldVisitors ===

impl HeldVisitors {
    pub(super) fn find(&self, token: &SecretHash, now: Timestamp) -> Option<Visitor> {
        let held = self.read();
        let found = held.by_token.get(token)?;
        (now < found.trusted_until).then(|| found.visitor.clone())
    }

    /// To be asked before the store is.
    pub(super) fn as_of(&self) -> AsOf {
        AsOf(self.read().changes)
    }

    /// Holds a visitor for some seconds, but not beyond the end of the session.
    pub(super) fn hold(
        &self,
        token: SecretHash,
        visitor: Visitor,
        expires_at: Timestamp,
        now: Timestamp,
        as_of: AsOf,
    ) {
        let mut held = self.write();
        if held.changes != as_of.0 {
            return;
        }
        if held.by_token.len() >= HELD_MAX {
            held.by_token.clear();
        }
        let trusted_until = now.after(TRUSTED_FOR).min(expires_at);
        let visitor = HeldVisitor {
            visitor,
            trusted_until,
        };
        held.by_token.insert(token, visitor);
    }

    pub(super) fn forget_token(&self, token: &SecretHash) {
        let mut held = self.write();
        held.changes += 1;
        held.by_token.remove(token);
    }

    pub(super) fn forget_session(&self, id: UserSessionId) {
        self.forget(|visitor| visitor.session_id == id);
    }

    pub(super) fn forget_user(&self, id: UserId) {
        self.forget(|visitor| visitor.user.id == id);
    }

    fn forget(&self, is_meant: impl Fn(&Visitor) -> bool) {
        let mut held = self.write();
        held.changes += 1;
        held.by_token.retain(|_, held| !is_meant(&held.visitor));
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}
