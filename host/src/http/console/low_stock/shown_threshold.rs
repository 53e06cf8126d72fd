//! A threshold as a line of a table.

use std::collections::HashMap;

use crate::http::console::visitor::Visitor;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::Threshold;

/// Thresholds of one page; of more, those of an article are looked for.
const THRESHOLDS: usize = 100;

/// A threshold.
pub(super) struct ShownThreshold {
    /// The article; empty for all.
    pub(super) sku: String,
    /// The source's id; empty for all.
    pub(super) source_id: String,
    /// What that is called.
    pub(super) source: String,
    pub(super) threshold: String,
}

/// The broadest first, and how many there are beyond those; only those of one article when it is named.
pub(super) fn shown(
    mut set: Vec<Threshold>,
    sku: &str,
    sources: &HashMap<SourceId, InventorySource>,
    visitor: &Visitor,
) -> (Vec<ShownThreshold>, String) {
    let of_article = |threshold: &Threshold| {
        threshold
            .sku
            .as_ref()
            .is_some_and(|one| one.as_str() == sku)
    };
    set.retain(|threshold| sku.is_empty() || of_article(threshold));
    set.sort_by(|one, other| (&one.sku, one.source_id).cmp(&(&other.sku, other.source_id)));
    let further = match set.len().saturating_sub(THRESHOLDS) {
        0 => String::new(),
        further => visitor
            .text()
            .count("low-stock-thresholds-further", further as u64),
    };
    set.truncate(THRESHOLDS);
    let shown = set.into_iter().map(|threshold| {
        let source = threshold.source_id.and_then(|id| sources.get(&id));
        ShownThreshold {
            sku: threshold.sku.map(|sku| sku.to_string()).unwrap_or_default(),
            source_id: threshold
                .source_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            source: source.map(|source| source.name.clone()).unwrap_or_default(),
            threshold: visitor.quantity(threshold.threshold),
        }
    });
    (shown.collect(), further)
}
