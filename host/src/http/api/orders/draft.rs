//! An order as a client puts it.

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::json::{moment, present};
use crate::http::problem::{FieldError, Problem};
use crate::id::ShipFromId;
use crate::order::goods::{Adjustment, NotGoodsCodes};
use crate::order::{
    LINE_QUANTITY_MAX, LINES_PER_ORDER_MAX, OrderDraft, OrderLine, OrderNumber, OrderStatus,
    ShipFrom,
};

/// Most lines whose faults are listed at once.
const ERRORS_MAX: usize = 100;

/// An order to be put.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct OrderToPut {
    /// How far it is; `awaiting_shipment` on a new order.
    status: Option<OrderStatus>,
    /// Where it ships from; `null` for the account's default location.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<ShipFromId>)]
    ship_from_location_id: Option<Option<ShipFromId>>,
    /// When it was placed.
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ordered_at: Option<Timestamp>,
    /// What is on it.
    #[schema(max_items = 10_000)]
    lines: Vec<LineToPut>,
}

/// A line of an order to be put.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LineToPut {
    /// The article; a line without one is not goods.
    #[schema(value_type = Option<String>, example = "85123A")]
    sku: Option<Sku>,
    /// What the line says for people.
    #[schema(example = "White hanging heart T-light holder")]
    name: Option<String>,
    /// How many; negative for what is brought back.
    #[schema(value_type = f64, example = 6)]
    quantity: Quantity,
    /// Whether it adjusts the total and is not goods.
    #[serde(default)]
    adjustment: bool,
}

// === impl OrderToPut ===

impl OrderToPut {
    /// The order of this number, or all that is wrong with it.
    pub(super) fn into_draft(self, number: &str) -> Result<OrderDraft, Problem> {
        let number = OrderNumber::new(number);
        let number = number.map_err(|error| Problem::field("order_number", error.to_string()))?;
        let errors = self.errors();
        if !errors.is_empty() {
            return Err(Problem::fields(errors));
        }
        let codes = NotGoodsCodes::default();
        let lines = (1..)
            .zip(self.lines)
            .map(|(place, line)| line.into_line(place, &codes));
        Ok(OrderDraft {
            status: self.status,
            ship_from: match self.ship_from_location_id {
                None => ShipFrom::Kept,
                Some(None) => ShipFrom::Default,
                Some(Some(id)) => ShipFrom::At(id),
            },
            ordered_at: self.ordered_at,
            ..OrderDraft::new(number, lines.collect())
        })
    }

    fn errors(&self) -> Vec<FieldError> {
        if self.lines.len() > LINES_PER_ORDER_MAX {
            let reason = format!("an order may have {LINES_PER_ORDER_MAX} lines");
            return vec![FieldError::new("lines", reason)];
        }
        let bounds = -LINE_QUANTITY_MAX..=LINE_QUANTITY_MAX;
        let wrong = |(_, line): &(usize, &LineToPut)| !bounds.contains(&line.quantity);
        let wrong = self.lines.iter().enumerate().filter(wrong).take(ERRORS_MAX);
        let error = |(index, _): (usize, _)| {
            let reason = format!("a line may have {LINE_QUANTITY_MAX} units");
            FieldError::new(format!("lines[{index}].quantity"), reason)
        };
        wrong.map(error).collect()
    }
}

// === impl LineToPut ===

impl LineToPut {
    fn into_line(self, place: u32, codes: &NotGoodsCodes) -> OrderLine {
        let flag = match self.adjustment {
            true => Adjustment::Flagged,
            false => Adjustment::None,
        };
        OrderLine {
            line: place,
            kind: codes.kind(self.sku.as_ref(), self.quantity, flag),
            sku: self.sku,
            name: self.name,
            quantity: self.quantity,
        }
    }
}
