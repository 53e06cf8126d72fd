//! What sources' systems said, when asked, that they do not have.
//!
//! The stock book keeps what there is; that something is not there is kept here, so that an article nobody has is not
//! asked for again with every look at its order. Lost on a restart, which costs one question each.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bestand_plugin_api::{Sku, Timestamp};

use crate::id::SourceId;

/// Articles remembered; beyond it all are forgotten and asked for anew.
const ABSENCES_MAX: usize = 50_000;

/// When a source's system last said that it does not have an article.
#[derive(Debug, Default)]
pub(super) struct Absences {
    /// Locked only to look up or put in a moment.
    told_at: Mutex<HashMap<(SourceId, Sku), Timestamp>>,
}

// === impl Absences ===

impl Absences {
    /// When it was said, if it was.
    pub(super) fn find(&self, source: SourceId, sku: &Sku) -> Option<Timestamp> {
        self.lock().get(&(source, sku.clone())).copied()
    }

    /// Remembers that it was said.
    pub(super) fn keep(&self, source: SourceId, skus: Vec<Sku>, told_at: Timestamp) {
        let mut kept = self.lock();
        if kept.len() + skus.len() > ABSENCES_MAX {
            kept.clear();
        }
        kept.extend(skus.into_iter().map(|sku| ((source, sku), told_at)));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(SourceId, Sku), Timestamp>> {
        self.told_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
