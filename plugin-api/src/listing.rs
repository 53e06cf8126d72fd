//! Long answers, page by page.

use serde::{Deserialize, Serialize};

/// Where to go on; only the adapter that made it can read it. At most 64 KiB.
///
/// It is stored by the host and survives its restart, so it must not name anything that dies with the process.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Up to where changes are known; only the adapter that made it can read it. At most 64 KiB.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Checkpoint(pub String);

/// One step of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing<T> {
    /// Some items, and where to go on. Pages of about a thousand items are right.
    Page {
        /// The items of this page; may be empty.
        items: Vec<T>,
        /// Where to go on.
        next: Cursor,
    },
    /// The last items: the listing is complete.
    Done {
        /// The items of this page; may be empty.
        items: Vec<T>,
    },
    /// The system is still working on it (a report, a bulk operation).
    Pending {
        /// Milliseconds to wait before asking again with `cursor`; the host waits between 0.1 s and 10 min.
        poll_after_ms: u64,
        /// What to ask with.
        cursor: Cursor,
    },
}

/// One step of the changes since a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes<T> {
    /// What changed.
    pub items: Vec<T>,
    /// Where to go on, when there is more.
    #[serde(default)]
    pub next: Option<Cursor>,
    /// Up to where changes are known once this page is stored. The host keeps it only after committing `items`.
    pub checkpoint: Checkpoint,
}

// === impl Listing ===

impl<T> Listing<T> {
    /// A whole listing in one step.
    #[must_use]
    pub fn done(items: Vec<T>) -> Self {
        Self::Done { items }
    }
}
