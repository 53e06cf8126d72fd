//! What of a product can be sold altogether, with what the sum is made of: unknown is never shown as zero.

use crate::http::console::moment::When;
use crate::http::console::visitor::Visitor;
use crate::product::{Product, Share};

/// A total.
pub(super) struct ShownTotal {
    pub(super) available: String,
    /// Of how many sources it is made.
    pub(super) made_of: String,
    /// The included sources that do not know how many they have, by name.
    pub(super) not_known: Vec<String>,
    /// The age of the oldest number in it.
    pub(super) as_of: Option<When>,
    pub(super) is_stale: bool,
}

// === impl ShownTotal ===

impl ShownTotal {
    pub(super) fn of(product: &Product, visitor: &Visitor) -> Self {
        let total = product.total;
        let not_known = product
            .places
            .iter()
            .filter(|place| place.share == Share::NotKnown);
        Self {
            available: visitor.quantity_or_unknown(total.available),
            made_of: match total.counted {
                0 => visitor.text().say("product-made-of-none"),
                counted => visitor.text().count("product-made-of", counted),
            },
            not_known: not_known.map(|place| place.source.name.clone()).collect(),
            as_of: total.as_of.map(|at| visitor.when(at)),
            is_stale: total.stale,
        }
    }

    pub(super) fn not_known(&self) -> String {
        self.not_known.join(", ")
    }
}
