//! A level that is low, as a line of a table.

use std::collections::HashMap;

use crate::daemon::Parts;
use crate::http::console::address;
use crate::http::console::moment::When;
use crate::http::console::visitor::Visitor;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::LowStock;

/// A level that is low.
pub(super) struct Row {
    pub(super) sku: String,
    /// Where it is explained.
    pub(super) path: String,
    pub(super) source: String,
    pub(super) available: String,
    pub(super) threshold: String,
    /// What the threshold is set for.
    pub(super) set_for: String,
    pub(super) as_of: When,
    pub(super) is_stale: bool,
    pub(super) since: Option<When>,
}

// === impl Row ===

impl Row {
    pub(super) fn of(
        level: &LowStock,
        sources: &HashMap<SourceId, InventorySource>,
        parts: &Parts,
        visitor: &Visitor,
    ) -> Self {
        let source = sources.get(&level.source_id);
        let max_age = parts.config.sync.max_age;
        let set_for = format!("threshold-for-{}", level.threshold_for.as_str());
        let page = format!("/inventory-sources/{}", level.source_id);
        Self {
            sku: level.sku.to_string(),
            path: address::with_query(&page, [("sku", level.sku.as_str())]),
            source: source.map(|source| source.name.clone()).unwrap_or_default(),
            available: visitor.quantity(level.available),
            threshold: visitor.quantity(level.threshold),
            set_for: visitor.text().say(&set_for),
            as_of: visitor.when(level.as_of),
            is_stale: source
                .is_some_and(|source| visitor.now > level.as_of.after(source.max_age(max_age))),
            since: level.since.map(|since| visitor.when(since)),
        }
    }
}
