//! A source as the index knows it.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use bestand_plugin_api::Timestamp;

use crate::id::{AccountId, SourceId};
use crate::stock::{Held, absence};

/// A source that the index has met.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) account_id: AccountId,
    pub(crate) id: SourceId,
    /// Stands for both in keys; never used twice.
    pub(super) number: u32,
    /// Milliseconds, or [`NEVER`].
    listed_at: AtomicI64,
    /// Whether nothing was stored of it when it was met, so that all of it has gone through the index since.
    was_empty: bool,
}

const NEVER: i64 = i64::MIN;

// === impl Source ===

impl Source {
    /// A source met just now.
    pub(crate) fn new(
        account_id: AccountId,
        id: SourceId,
        listed_at: Option<Timestamp>,
        was_empty: bool,
    ) -> Self {
        static NEXT_NUMBER: AtomicU32 = AtomicU32::new(0);
        Self {
            account_id,
            id,
            number: NEXT_NUMBER.fetch_add(1, Ordering::Relaxed),
            listed_at: AtomicI64::new(listed_at.map_or(NEVER, Timestamp::millis)),
            was_empty,
        }
    }

    /// Start of its last complete listing.
    pub(crate) fn listed_at(&self) -> Option<Timestamp> {
        let millis = self.listed_at.load(Ordering::Acquire);
        (millis != NEVER).then(|| Timestamp::from_millis(millis))
    }

    /// Keeps that a complete listing began then; an older one changes nothing.
    pub(crate) fn keep_listed(&self, started_at: Timestamp) {
        self.listed_at
            .fetch_max(started_at.millis(), Ordering::AcqRel);
    }

    /// Forgets that it was ever listed.
    pub(crate) fn forget_listed(&self) {
        self.listed_at.store(NEVER, Ordering::Release);
    }

    /// What is stored, with the age it really has.
    pub(crate) fn confirm(&self, stored: Held) -> Held {
        absence::confirmed_by_listing(stored, self.listed_at())
    }

    /// The same of what may not be stored.
    pub(crate) fn as_confirmed(&self, stored: Option<Held>) -> Option<Held> {
        stored.map(|held| self.confirm(held))
    }

    pub(super) fn is_held_whole(&self) -> bool {
        self.was_empty
    }
}
