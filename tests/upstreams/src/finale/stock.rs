//! What a test or a demo seeds: how much of a product stands where.

use serde::{Deserialize, Serialize};

use super::units::Units;

/// The whole stock of one product at one location; the product and the location are made when they are new.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// The `productId`.
    pub sku: String,
    /// The `internalName`; empty keeps the name a known product has.
    #[serde(default)]
    pub title: String,
    /// The name of the location, which is not a sublocation.
    pub location: String,
    /// Physically there, in the location's own default sublocation.
    #[serde(default)]
    pub on_hand: Units,
    /// Promised to one committed sale.
    #[serde(default)]
    pub reserved: Units,
    /// Expected from one committed purchase.
    #[serde(default)]
    pub on_order: Units,
}

/// One row of `inventoryitem/`, for the situations [`Stock`] does not make: lots, packings, several orders, other
/// sublocations.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StockRow {
    /// The `productId`, of a known product.
    pub sku: String,
    /// The name of a known location or sublocation.
    pub facility: String,
    /// The lot, if the product has lots.
    #[serde(default)]
    pub lot: Option<String>,
    /// As in `36 cs 36/1`.
    #[serde(default)]
    pub packing: Option<String>,
    /// Which of the three quantities this row carries.
    pub held: Held,
    /// The number of the order; required unless on hand.
    #[serde(default)]
    pub order: Option<u32>,
    /// How much.
    pub quantity: Units,
}

/// The one quantity of a row that is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// Physically there.
    OnHand,
    /// Promised to a committed sale.
    Reserved,
    /// Expected from a committed purchase.
    OnOrder,
}

impl Stock {
    /// Stock on hand only.
    pub fn on_hand(
        sku: impl Into<String>,
        location: impl Into<String>,
        on_hand: impl Into<Units>,
    ) -> Self {
        Self {
            sku: sku.into(),
            title: String::new(),
            location: location.into(),
            on_hand: on_hand.into(),
            reserved: Units::ZERO,
            on_order: Units::ZERO,
        }
    }

    /// The same under a name.
    #[must_use]
    pub fn titled(self, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..self
        }
    }

    /// The same with so much promised to a sale.
    #[must_use]
    pub fn reserved(self, reserved: impl Into<Units>) -> Self {
        Self {
            reserved: reserved.into(),
            ..self
        }
    }

    /// The same with so much expected from a purchase.
    #[must_use]
    pub fn on_order(self, on_order: impl Into<Units>) -> Self {
        Self {
            on_order: on_order.into(),
            ..self
        }
    }
}
