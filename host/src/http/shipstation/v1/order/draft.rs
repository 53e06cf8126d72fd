//! From an order as it was sent to one of ours.

use bestand_plugin_api::{Quantity, Sku};
use serde_json::{Map, Value};

use super::super::super::text_or_number::as_whole;
use super::super::moment;
use super::super::warehouse;
use super::fields::{items, part, text};
use super::status::Word;
use crate::daemon::Parts;
use crate::http::problem::{FieldError, Problem};
use crate::id::AccountId;
use crate::order::goods::{Adjustment, NotGoodsCodes};
use crate::order::{
    LINE_QUANTITY_MAX, LINES_PER_ORDER_MAX, OrderDraft, OrderLine, OrderNumber, ShipFrom,
};

type Object = Map<String, Value>;

/// The order of ours that this one is.
pub(super) async fn draft(
    parts: &Parts,
    account: AccountId,
    document: &Object,
    number: OrderNumber,
    status: Word,
) -> Result<OrderDraft, Problem> {
    Ok(OrderDraft {
        status: Some(status.ours),
        ship_from: ship_from(parts, account, document).await?,
        ordered_at: text(document, "orderDate").and_then(moment::read),
        ..OrderDraft::new(number, lines(document)?)
    })
}

/// Its lines, or all that is wrong with them.
pub(super) fn lines(document: &Object) -> Result<Vec<OrderLine>, Problem> {
    let codes = NotGoodsCodes::default();
    let (mut lines, mut errors) = (Vec::new(), Vec::new());
    for (place, item) in (1..).zip(items(document)) {
        match line(place, item, &codes) {
            Ok(line) => lines.push(line),
            Err((field, reason)) => {
                let field = format!("items[{}].{field}", place - 1);
                errors.push(FieldError::new(field, reason));
            }
        }
    }
    if lines.len() > LINES_PER_ORDER_MAX {
        let reason = format!("an order may have {LINES_PER_ORDER_MAX} items");
        errors = vec![FieldError::new("items", reason)];
    }
    match errors.is_empty() {
        true => Ok(lines),
        false => Err(Problem::fields(errors)),
    }
}

fn line(
    place: u32,
    item: &Object,
    codes: &NotGoodsCodes,
) -> Result<OrderLine, (&'static str, String)> {
    let sku = text(item, "sku").map(Sku::new).transpose();
    let sku = sku.map_err(|error| ("sku", error.to_string()))?;
    let flag = match item.get("adjustment") == Some(&Value::Bool(true)) {
        true => Adjustment::Flagged,
        false => Adjustment::None,
    };
    let quantity = quantity(item.get("quantity")).ok_or_else(|| {
        let reason = format!("it is no number of at most {LINE_QUANTITY_MAX}");
        ("quantity", reason)
    })?;
    Ok(OrderLine {
        line: place,
        kind: codes.kind(sku.as_ref(), quantity, flag),
        sku,
        name: text(item, "name").map(str::to_owned),
        quantity,
    })
}

/// An item that says nothing asks for none.
fn quantity(sent: Option<&Value>) -> Option<Quantity> {
    let quantity: Quantity = match sent {
        None => Quantity::ZERO,
        Some(value) => value.to_string().parse().ok()?,
    };
    (-LINE_QUANTITY_MAX..=LINE_QUANTITY_MAX)
        .contains(&quantity)
        .then_some(quantity)
}

/// Where it ships from; where it did before, when the sender does not say.
async fn ship_from(
    parts: &Parts,
    account: AccountId,
    document: &Object,
) -> Result<ShipFrom, Problem> {
    let options = part(document, "advancedOptions");
    let Some(number) = options
        .and_then(|options| options.get("warehouseId"))
        .and_then(as_whole)
    else {
        return Ok(ShipFrom::Kept);
    };
    let found = warehouse::find(parts, account, number).await;
    let (location, _) = found.map_err(|problem| match problem.status().as_u16() {
        404 => Problem::field("advancedOptions.warehouseId", problem.detail()),
        _ => problem,
    })?;
    Ok(ShipFrom::At(location.id))
}
