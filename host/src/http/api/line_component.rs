//! What a source was asked for instead of an article.

use bestand_plugin_api::{Quantity, Sku};
use serde::Serialize;
use utoipa::ToSchema;

use crate::article::Pack;
use crate::connection::state::Moment;
use crate::verdict::component::ComponentAnswer;
use crate::verdict::line::{Cause, LineAnswer, LineStatus};

/// What a source was asked for instead of an article: what it calls it, or a component of a kit. Its numbers are in the
/// source's units.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineComponent {
    /// The article, as we call it.
    #[schema(value_type = String)]
    sku: Sku,
    /// What the source calls it.
    #[schema(value_type = String)]
    source_sku: Sku,
    /// How many of it, as we count it, go into one of the line.
    #[schema(value_type = f64)]
    quantity: Quantity,
    /// How many of the source's one of ours is.
    #[schema(value_type = String, example = "1")]
    pack_factor: Pack,
    /// The answer in one word.
    status: LineStatus,
    /// What lies behind it.
    cause: Cause,
    /// How many all lines need of it together.
    #[schema(value_type = f64)]
    required: Quantity,
    /// How many are promised to this order; they are part of `available`.
    #[schema(value_type = f64)]
    allocated: Quantity,
    /// Sellable, less the location's buffer; nothing when there is no count, which is not zero.
    #[schema(value_type = Option<f64>)]
    available: Option<Quantity>,
    /// Physically there.
    #[schema(value_type = Option<f64>)]
    on_hand: Option<Quantity>,
    /// When this was true.
    #[schema(value_type = Option<String>)]
    as_of: Option<Moment>,
    /// Whether that is longer ago than the source's `max_age_secs`.
    stale: bool,
    /// Why, unless it is simply there.
    reason: Option<String>,
}

// === impl LineComponent ===

impl LineComponent {
    /// Of a line.
    pub(super) fn all(line: &LineAnswer) -> Vec<Self> {
        line.components.iter().map(Self::of).collect()
    }

    fn of(part: &ComponentAnswer) -> Self {
        let ComponentAnswer { component, line } = part;
        Self {
            sku: component.sku.clone(),
            source_sku: component.source_sku.clone(),
            quantity: component.per,
            pack_factor: component.pack,
            status: line.status,
            cause: line.cause,
            required: line.required,
            allocated: line.allocated,
            available: line.available,
            on_hand: line.on_hand,
            as_of: line.as_of.map(Moment),
            stale: line.stale,
            reason: line.reason(),
        }
    }
}
