//! How far an order is, in the words of the older API, which are more than ours.

use crate::http::problem::Problem;
use crate::order::OrderStatus;

/// A word, and what it stands for here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: &'static str,
    pub(super) ours: OrderStatus,
}

impl Word {
    pub(super) const AWAITING_SHIPMENT: Self =
        Self::new("awaiting_shipment", OrderStatus::AwaitingShipment);
    pub(super) const ON_HOLD: Self = Self::new("on_hold", OrderStatus::OnHold);
    pub(super) const SHIPPED: Self = Self::new("shipped", OrderStatus::Shipped);
    pub(super) const CANCELLED: Self = Self::new("cancelled", OrderStatus::Cancelled);

    /// All of them. What is not to be shipped yet is on hold here.
    const ALL: [Self; 7] = [
        Self::AWAITING_SHIPMENT,
        Self::ON_HOLD,
        Self::SHIPPED,
        Self::CANCELLED,
        Self::new("awaiting_payment", OrderStatus::OnHold),
        Self::new("pending_fulfillment", OrderStatus::AwaitingShipment),
        Self::new("rejected_fulfillment", OrderStatus::OnHold),
    ];

    const fn new(text: &'static str, ours: OrderStatus) -> Self {
        Self { text, ours }
    }

    /// The word that a tool has sent; to be shipped when it sent none.
    pub(super) fn read(field: &str, text: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(Self::AWAITING_SHIPMENT);
        };
        let found = Self::ALL
            .into_iter()
            .find(|word| word.text.eq_ignore_ascii_case(text));
        found.ok_or_else(|| {
            let words = Self::ALL.map(|word| word.text).join(", ");
            let shown: String = text.chars().take(40).collect();
            Problem::field(field, format!("`{shown}` is no status; they are {words}"))
        })
    }

    /// Our own word, as the older API has all of them too.
    pub(super) const fn of(ours: OrderStatus) -> Self {
        match ours {
            OrderStatus::AwaitingShipment => Self::AWAITING_SHIPMENT,
            OrderStatus::OnHold => Self::ON_HOLD,
            OrderStatus::Shipped => Self::SHIPPED,
            OrderStatus::Cancelled => Self::CANCELLED,
        }
    }
}
