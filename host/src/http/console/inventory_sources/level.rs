//! A stock level in the list of a source.

use bestand_plugin_api::Sku;

use super::address;
use crate::daemon::Parts;
use crate::http::console::moment::When;
use crate::http::console::visitor::Visitor;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::Held;
use crate::verdict::knowledge::Knowledge;

/// A stock level.
pub(super) struct Level {
    pub(super) sku: String,
    pub(super) path: String,
    pub(super) available: String,
    pub(super) on_hand: String,
    pub(super) allocated: String,
    pub(super) incoming: String,
    pub(super) as_of: Option<When>,
    /// What stands there instead of a count.
    pub(super) instead: String,
}

// === impl Level ===

impl Level {
    pub(super) fn of(
        id: SourceId,
        sku: &Sku,
        held: &Option<Held>,
        parts: &Parts,
        source: &InventorySource,
        visitor: &Visitor,
    ) -> Self {
        let known = parts.availability.known(source, sku, held.as_ref());
        let number = |quantity| visitor.quantity_or_unknown(quantity);
        let quantities = held.as_ref();
        Self {
            sku: sku.to_string(),
            path: address(id, "sku", sku.as_str()),
            available: number(quantities.and_then(|held| held.available)),
            on_hand: number(quantities.and_then(|held| held.on_hand)),
            allocated: number(quantities.and_then(|held| held.allocated)),
            incoming: number(quantities.and_then(|held| held.incoming)),
            as_of: quantities.map(|held| visitor.when(held.as_of)),
            instead: instead(&known)
                .map(|id| visitor.text().say(id))
                .unwrap_or_default(),
        }
    }
}

const fn instead(known: &Knowledge) -> Option<&'static str> {
    match known {
        Knowledge::Counted(_) => None,
        Knowledge::NotTracked { .. } => Some("line-not_tracked"),
        Knowledge::NotStocked { .. } => Some("cause-not-stocked"),
        Knowledge::Ambiguous { .. } => Some("cause-ambiguous"),
        Knowledge::Incomplete { .. } => Some("cause-incomplete"),
        Knowledge::UnknownSku { .. } => Some("line-unknown_sku"),
        Knowledge::NotRetrieved(_) => Some("line-unavailable"),
    }
}
