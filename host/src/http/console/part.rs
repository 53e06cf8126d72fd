//! A source that a count was put together from, as a page shows it.

use bestand_plugin_api::{LevelPart, PartReason};

use super::explain::told::Told;
use super::moment::When;
use super::text::Text;
use super::visitor::Visitor;
use crate::id::SourceId;

/// A source that a count was put together from.
pub(super) struct Part {
    pub(super) name: String,
    /// Where its own page is; empty for one that is gone.
    pub(super) path: String,
    pub(super) available: String,
    pub(super) as_of: Option<When>,
    pub(super) is_used: bool,
    pub(super) reason: Told,
}

// === impl Part ===

impl Part {
    /// Each of these, in their order.
    pub(super) fn all(parts: &[LevelPart], visitor: &Visitor) -> Vec<Self> {
        parts.iter().map(|part| Self::of(part, visitor)).collect()
    }

    fn of(part: &LevelPart, visitor: &Visitor) -> Self {
        let id = part.source.0.parse::<SourceId>().ok();
        let id = id.filter(|_| part.reason != Some(PartReason::Gone));
        Self {
            name: part.name.clone(),
            path: id.map_or_else(String::new, |id| format!("/inventory-sources/{id}")),
            available: visitor.quantity_or_unknown(part.available),
            as_of: part.as_of.map(|as_of| visitor.when(as_of)),
            is_used: part.used,
            reason: reason(part, visitor.text()),
        }
    }
}

fn reason(part: &LevelPart, text: Text) -> Told {
    let Some(reason) = part.reason else {
        return Told::default();
    };
    let id = match reason {
        PartReason::NotNeeded => "part-not-needed",
        PartReason::Stale => "part-stale",
        PartReason::Down => "part-down",
        PartReason::Short => "part-short",
        PartReason::UnknownSku => "part-unknown-sku",
        PartReason::NotStocked => "part-not-stocked",
        PartReason::NotTracked => "part-not-tracked",
        PartReason::Gone => "part-gone",
        _ => "part-not-counted",
    };
    Told::quoting(text.say(id), part.said.clone())
}
