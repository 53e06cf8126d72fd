//! What is read again.

use bestand_plugin_api::{Sku, Timestamp};

/// What is read again, at the sources that are named with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// These articles.
    Skus(Vec<Sku>),
    /// All that is held there; from an adapter that only lists, all that it lists there.
    Everything,
    /// What its system says has changed since then.
    ChangedSince(Timestamp),
}
