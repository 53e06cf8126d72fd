//! What a source was asked for instead of an article, as a page shows it.

use super::explain;
use super::explain::told::Told;
use super::tone::Tone;
use super::visitor::Visitor;
use crate::verdict::line::LineAnswer;

/// What a source was asked for instead of an article: what it calls it, or a component of a kit.
pub(super) struct Component {
    /// What we call it.
    pub(super) sku: String,
    /// What the source calls it; empty where that is the same.
    pub(super) source_sku: String,
    pub(super) status: Tone,
    pub(super) required: String,
    pub(super) available: String,
    pub(super) reason: Told,
}

// === impl Component ===

impl Component {
    /// Each of a line.
    pub(super) fn all(line: &LineAnswer, visitor: &Visitor) -> Vec<Self> {
        let shown = line.components.iter().map(|part| Self {
            sku: part.component.sku.to_string(),
            source_sku: match part.component.source_sku == part.component.sku {
                true => String::new(),
                false => part.component.source_sku.to_string(),
            },
            status: Tone::line(part.line.status, visitor.text()),
            required: visitor.quantity(part.line.required),
            available: visitor.quantity_or_unknown(part.line.available),
            reason: explain::reason(&part.line, visitor),
        });
        shown.collect()
    }
}
