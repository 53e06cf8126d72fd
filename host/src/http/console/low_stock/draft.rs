//! A threshold as a form has it: text, until it is checked.

use bestand_plugin_api::{Quantity, Sku};
use serde::Deserialize;

use crate::http::console::visitor::Visitor;
use crate::http::problem::Problem;
use crate::id::SourceId;
use crate::stock::Threshold;

/// What a threshold is for; what is empty means all.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct Extent {
    source: String,
    sku: String,
}

/// A threshold as it is typed.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct Draft {
    source: String,
    sku: String,
    threshold: String,
}

// === impl Extent ===

impl Extent {
    pub(super) fn read(
        &self,
        visitor: &Visitor,
    ) -> Result<(Option<SourceId>, Option<Sku>), Problem> {
        let wrong =
            |field: &str, id: &str| Problem::field_for_visitor(field, visitor.text().say(id));
        let source = match self.source.as_str() {
            "" => None,
            id => Some(
                id.parse()
                    .map_err(|_| wrong("source", "low-stock-source-invalid"))?,
            ),
        };
        let sku = match self.sku.trim() {
            "" => None,
            sku => Some(Sku::new(sku).map_err(|_| wrong("sku", "operation-sku-invalid"))?),
        };
        Ok((source, sku))
    }
}

// === impl Draft ===

impl Draft {
    pub(super) fn read(self, visitor: &Visitor) -> Result<Threshold, Problem> {
        let typed: Option<Quantity> = self.threshold.trim().replace(',', ".").parse().ok();
        let threshold = typed.filter(|threshold| *threshold >= Quantity::ZERO);
        let extent = Extent {
            source: self.source,
            sku: self.sku,
        };
        let (source_id, sku) = extent.read(visitor)?;
        let wrong = || {
            let sentence = visitor.text().say("low-stock-threshold-invalid");
            Problem::field_for_visitor("threshold", sentence)
        };
        Ok(Threshold {
            source_id,
            sku,
            threshold: threshold.ok_or_else(wrong)?,
        })
    }
}
