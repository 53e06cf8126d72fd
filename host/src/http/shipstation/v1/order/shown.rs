//! Orders as they are told: with every field that the older API has, filled with what was sent, and with what is true by
//! now.

use std::collections::HashMap;

use bestand_plugin_api::Quantity;
use serde_json::{Map, Value, json};

use super::super::moment;
use super::super::warehouse::{self, address};
use super::draft::lines;
use super::fields::items;
use super::known::Known;
use crate::daemon::Parts;
use crate::http::problem::Problem;
use crate::id::{AccountId, ShipFromId};
use crate::order::goods::NotGoods;
use crate::order::{LINES_PER_ORDER_MAX, LineKind, OrderLine};
use crate::store;
use crate::store::shipstation::order::STORE_OF_NONE;

type Object = Map<String, Value>;

/// The numbers of the places that orders ship from.
pub(super) struct Places {
    numbers: HashMap<ShipFromId, i64>,
    default: Option<i64>,
}

/// The order.
pub(super) fn order(known: &Known, places: &Places) -> Object {
    let Known {
        order,
        sent,
        document,
        ..
    } = known;
    let mut shown = blank();
    overlay(&mut shown, document);
    let items = items_of(known);
    let total = total(&items, document);
    let ours = [
        ("orderId", known.number.into()),
        ("orderNumber", order.number.as_str().into()),
        ("orderKey", sent.key.as_str().into()),
        (
            "orderDate",
            moment::write(order.ordered_at.unwrap_or(order.sort_at)).into(),
        ),
        ("createDate", moment::write(sent.created_at).into()),
        ("modifyDate", moment::write(order.updated_at).into()),
        ("orderStatus", known.status().into()),
        ("orderTotal", total.into()),
        ("items", items.into()),
    ];
    shown.extend(ours.map(|(name, value)| (name.to_owned(), value)));
    if let Some(Value::Object(options)) = shown.get_mut("advancedOptions") {
        let place = order
            .ship_from_id
            .and_then(|id| places.numbers.get(&id).copied());
        let place = place.or(places.default.filter(|_| order.ship_from_id.is_none()));
        options.insert("warehouseId".to_owned(), place.into());
        options.insert(
            "storeId".to_owned(),
            sent.store_id.unwrap_or(STORE_OF_NONE).into(),
        );
    }
    shown
}

/// The id of an item: its order's, and its place on it.
pub(super) fn item_id(order: i64, line: u32) -> i64 {
    order * ITEMS_PER_ORDER + i64::from(line) - 1
}

/// The order and the place of an item, by its id.
pub(super) fn of_item(id: i64) -> (i64, i64) {
    (
        id.div_euclid(ITEMS_PER_ORDER),
        id.rem_euclid(ITEMS_PER_ORDER) + 1,
    )
}

/// So many ids are set apart for the items of each order.
const ITEMS_PER_ORDER: i64 = LINES_PER_ORDER_MAX as i64;

/// What was sent of the items, as long as they are those of the order; else what the order's lines say.
pub(super) fn items_of(known: &Known) -> Vec<Value> {
    let Known {
        order,
        document,
        sent,
        number,
        ..
    } = known;
    let are_same = lines(document).is_ok_and(|sent| sent == order.lines);
    let mut sent_items = items(document);
    let mut item = |line: &OrderLine| {
        let mut item = blank_item();
        match sent_items.next().filter(|_| are_same) {
            Some(sent) => overlay(&mut item, sent),
            None => overlay(&mut item, &of_line(line)),
        }
        let ours = [
            ("orderItemId", item_id(*number, line.line).into()),
            ("quantity", plain(line.quantity)),
            ("createDate", moment::write(sent.created_at).into()),
            ("modifyDate", moment::write(order.updated_at).into()),
        ];
        item.extend(ours.map(|(name, value)| (name.to_owned(), value)));
        Value::from(item)
    };
    order.lines.iter().map(&mut item).collect()
}

fn of_line(line: &OrderLine) -> Object {
    let is_adjustment = line.kind == LineKind::NotGoods(NotGoods::Adjustment);
    let mut item = Object::new();
    item.insert(
        "sku".to_owned(),
        line.sku.as_ref().map(|sku| sku.as_str()).into(),
    );
    item.insert("name".to_owned(), line.name.as_deref().into());
    item.insert("adjustment".to_owned(), is_adjustment.into());
    item
}

fn plain(quantity: Quantity) -> Value {
    match quantity.is_whole() {
        true => quantity.floor().into(),
        false => quantity.to_f64().into(),
    }
}

/// What the customer pays: the items, tax and shipping; to the cent.
fn total(items: &[Value], document: &Object) -> f64 {
    let amount = |value: Option<&Value>| value.and_then(Value::as_f64).unwrap_or(0.0);
    let of_item = |item: &Value| amount(item.get("unitPrice")) * amount(item.get("quantity"));
    let items: f64 = items.iter().map(of_item).sum();
    let total = items + amount(document.get("taxAmount")) + amount(document.get("shippingAmount"));
    (total * 100.0).round() / 100.0
}

/// Puts what is said over what stands there, part by part; `null` says nothing.
fn overlay(shown: &mut Object, said: &Object) {
    for (name, value) in said {
        match (shown.get_mut(name), value) {
            (_, Value::Null) => {}
            (Some(Value::Object(part)), Value::Object(said)) => overlay(part, said),
            _ => {
                shown.insert(name.clone(), value.clone());
            }
        }
    }
}

fn blank() -> Object {
    let no_address = || Value::from(address::tidy(&Object::new()));
    let mut blank = object(json!({
        "paymentDate": null, "shipByDate": null, "customerId": null, "customerUsername": null,
        "customerEmail": null, "amountPaid": 0.0, "taxAmount": 0.0, "shippingAmount": 0.0,
        "customerNotes": null, "internalNotes": null, "gift": false, "giftMessage": null,
        "paymentMethod": null, "requestedShippingService": null, "carrierCode": null,
        "serviceCode": null, "packageCode": null, "confirmation": "none", "shipDate": null,
        "holdUntilDate": null, "weight": { "value": 0.0, "units": "ounces" }, "dimensions": null,
        "insuranceOptions": { "provider": null, "insureShipment": false, "insuredValue": 0.0 },
        "internationalOptions": { "contents": null, "customsItems": null, "nonDelivery": null },
        "tagIds": null, "userId": null, "externallyFulfilled": false,
        "externallyFulfilledBy": null, "labelMessages": null,
    }));
    blank.insert("advancedOptions".to_owned(), no_options());
    blank.insert("billTo".to_owned(), no_address());
    blank.insert("shipTo".to_owned(), no_address());
    blank
}

fn no_options() -> Value {
    json!({
        "nonMachinable": false, "saturdayDelivery": false, "containsAlcohol": false,
        "mergedOrSplit": false, "mergedIds": [], "parentId": null, "customField1": null,
        "customField2": null, "customField3": null, "source": null, "billToParty": null,
        "billToAccount": null, "billToPostalCode": null, "billToCountryCode": null,
        "billToMyOtherAccount": null,
    })
}

fn blank_item() -> Object {
    object(json!({
        "lineItemKey": null, "sku": null, "name": null, "imageUrl": null, "weight": null,
        "unitPrice": null, "taxAmount": null, "shippingAmount": null, "warehouseLocation": null,
        "options": [], "productId": null, "fulfillmentSku": null, "adjustment": false, "upc": null,
    }))
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

// === impl Places ===

impl Places {
    pub(super) async fn of(parts: &Parts, account: AccountId) -> Result<Self, Problem> {
        let locations = store::ship_from::list(&parts.db, account).await?;
        let numbered = warehouse::numbered_all(parts, account, locations).await?;
        let default = numbered.iter().find(|(location, _)| location.is_default);
        let default = default.map(|(_, numbered)| numbered.number);
        let numbers = numbered
            .iter()
            .map(|(location, numbered)| (location.id, numbered.number));
        Ok(Self {
            numbers: numbers.collect(),
            default,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_found_again_by_its_id() {
        for (order, line) in [(1, 1), (7, 3), (7, 10_000)] {
            assert_eq!(of_item(item_id(order, line)), (order, i64::from(line)));
        }
    }

    #[test]
    fn what_is_said_is_put_over_what_stands_there() {
        let mut shown = object(json!({ "a": 1, "part": { "x": null, "y": 2 }, "b": null }));
        overlay(
            &mut shown,
            &object(json!({ "a": null, "part": { "x": 5 }, "c": [1] })),
        );
        let expected = json!({ "a": 1, "part": { "x": 5, "y": 2 }, "b": null, "c": [1] });
        assert_eq!(Value::from(shown), expected);
    }
}
