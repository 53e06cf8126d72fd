//! An order as it was sent, made tidy: numbers that came as texts are numbers, dates are written in one way, and what only
//! we may say is taken out. What we know nothing of stays as it is.

use serde_json::{Map, Number, Value};

use super::super::moment;
use crate::http::problem::{FieldError, Problem};

type Object = Map<String, Value>;

/// What a field has to be.
#[derive(Clone, Copy)]
enum Shape {
    Number,
    Moment,
    Truth,
}

const ORDER: &[(&str, Shape)] = &[
    ("amountPaid", Shape::Number),
    ("taxAmount", Shape::Number),
    ("shippingAmount", Shape::Number),
    ("orderDate", Shape::Moment),
    ("paymentDate", Shape::Moment),
    ("shipByDate", Shape::Moment),
    ("holdUntilDate", Shape::Moment),
    ("gift", Shape::Truth),
];
const ITEM: &[(&str, Shape)] = &[
    ("quantity", Shape::Number),
    ("unitPrice", Shape::Number),
    ("taxAmount", Shape::Number),
    ("shippingAmount", Shape::Number),
    ("adjustment", Shape::Truth),
];
const ADVANCED: &[(&str, Shape)] = &[
    ("warehouseId", Shape::Number),
    ("storeId", Shape::Number),
    ("nonMachinable", Shape::Truth),
    ("saturdayDelivery", Shape::Truth),
    ("containsAlcohol", Shape::Truth),
];
const WEIGHT: &[(&str, Shape)] = &[("value", Shape::Number)];
const DIMENSIONS: &[(&str, Shape)] = &[
    ("length", Shape::Number),
    ("width", Shape::Number),
    ("height", Shape::Number),
];

/// What only we say of an order and of its items.
const OURS: [&str; 7] = [
    "orderId",
    "createDate",
    "modifyDate",
    "orderTotal",
    "userId",
    "externallyFulfilled",
    "externallyFulfilledBy",
];
const OURS_OF_ITEMS: [&str; 4] = ["orderItemId", "productId", "createDate", "modifyDate"];

/// The order, or all that is wrong with it.
pub(super) fn tidy(mut order: Object) -> Result<Object, Problem> {
    let mut errors = Vec::new();
    order.retain(|name, value| !value.is_null() && !OURS.contains(&name.as_str()));
    shape(&mut order, "", ORDER, &mut errors);
    for (name, fields) in [
        ("advancedOptions", ADVANCED),
        ("weight", WEIGHT),
        ("dimensions", DIMENSIONS),
    ] {
        if let Some(part) = order.get_mut(name).and_then(Value::as_object_mut) {
            shape(part, &format!("{name}."), fields, &mut errors);
        }
    }
    match order.get_mut("items") {
        None => {}
        Some(Value::Array(items)) => tidy_items(items, &mut errors),
        Some(_) => errors.push(FieldError::new("items", "it is no list")),
    }
    match errors.is_empty() {
        true => Ok(order),
        false => Err(Problem::fields(errors)),
    }
}

fn tidy_items(items: &mut [Value], errors: &mut Vec<FieldError>) {
    for (index, item) in items.iter_mut().enumerate() {
        let Some(item) = item.as_object_mut() else {
            errors.push(FieldError::new(
                format!("items[{index}]"),
                "it is no object",
            ));
            continue;
        };
        item.retain(|name, value| !value.is_null() && !OURS_OF_ITEMS.contains(&name.as_str()));
        shape(item, &format!("items[{index}]."), ITEM, errors);
        if let Some(weight) = item.get_mut("weight").and_then(Value::as_object_mut) {
            shape(weight, &format!("items[{index}].weight."), WEIGHT, errors);
        }
    }
}

/// Gives fields their shape; an empty text is as good as none.
fn shape(object: &mut Object, path: &str, fields: &[(&str, Shape)], errors: &mut Vec<FieldError>) {
    for (name, shape) in fields {
        let Some(value) = object
            .remove(*name)
            .filter(|value| !value.is_null() && *value != "")
        else {
            continue;
        };
        match shape.of(&value) {
            Some(shaped) => {
                object.insert((*name).to_owned(), shaped);
            }
            None => errors.push(FieldError::new(
                format!("{path}{name}"),
                shape.wrong(&value),
            )),
        }
    }
}

// === impl Shape ===

impl Shape {
    fn of(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Self::Number, Value::Number(_)) | (Self::Truth, Value::Bool(_)) => Some(value.clone()),
            (Self::Number, Value::String(text)) => number(text.trim()),
            (Self::Moment, Value::String(text)) => Some(moment::write(moment::read(text)?).into()),
            (Self::Truth, Value::String(text)) if text.eq_ignore_ascii_case("true") => {
                Some(true.into())
            }
            (Self::Truth, Value::String(text)) if text.eq_ignore_ascii_case("false") => {
                Some(false.into())
            }
            _ => None,
        }
    }

    fn wrong(self, value: &Value) -> String {
        let shown: String = value.to_string().chars().take(40).collect();
        match self {
            Self::Number => format!("{shown} is no number"),
            Self::Moment => format!("{shown} is no date"),
            Self::Truth => format!("{shown} is neither true nor false"),
        }
    }
}

fn number(text: &str) -> Option<Value> {
    let whole = text.parse::<i64>().ok().map(Number::from);
    let number = whole.or_else(|| Number::from_f64(text.parse().ok()?));
    number.map(Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_was_sent_as_texts_is_told_as_what_it_is() {
        let sent = json!({
            "orderId": 7, "orderNumber": "A1", "amountPaid": "12.50", "gift": "False", "customerNotes": null,
            "orderDate": "2026-11-20T10:00:00Z", "weight": { "value": "3", "units": "ounces" },
            "items": [{ "sku": "MUG", "quantity": "2", "orderItemId": 1, "our own": { "kept": true } }],
            "advancedOptions": { "warehouseId": "3" },
        });
        let expected = json!({
            "orderNumber": "A1", "amountPaid": 12.5, "gift": false,
            "orderDate": "2026-11-20T02:00:00.0000000", "weight": { "value": 3, "units": "ounces" },
            "items": [{ "sku": "MUG", "quantity": 2, "our own": { "kept": true } }],
            "advancedOptions": { "warehouseId": 3 },
        });
        assert_eq!(Value::from(tidy(object(sent)).unwrap()), expected);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let sent =
            json!({ "orderDate": "soon", "amountPaid": [], "items": [{ "quantity": "two" }, 5] });
        let problem = tidy(object(sent)).unwrap_err();
        let fields: Vec<&str> = problem
            .errors()
            .iter()
            .map(|error| error.field.as_str())
            .collect();
        assert_eq!(
            fields,
            ["amountPaid", "orderDate", "items[0].quantity", "items[1]"]
        );
    }
}
