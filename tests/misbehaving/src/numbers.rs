//! Quantities that are no quantities, which the SDK's types do not let an author write.

use bestand_plugin_api::call;
use serde_json::Value;

/// Stands where a number is to be put that JSON has none for; MessagePack writes it in nine bytes.
const PLACEHOLDER: f64 = 1234.5;
/// A float of eight bytes, as MessagePack marks it.
const FLOAT: u8 = 0xcb;

/// The same response with a decimal point in every quantity.
pub(crate) fn floats(response: &[u8]) -> Vec<u8> {
    let spoilt = call::read_response(response)
        .and_then(call::decode::<Value>)
        .and_then(|mut answer| {
            put_floats(&mut answer, false);
            call::encode(&answer)
        });
    call::response(spoilt)
}

/// The same response with NaN for every quantity.
pub(crate) fn not_a_number(response: &[u8]) -> Vec<u8> {
    let marked = |number: f64| [&[FLOAT][..], &number.to_be_bytes()].concat();
    let (old, new) = (marked(PLACEHOLDER), marked(f64::NAN));
    let mut spoilt = floats(response);
    for start in 0..spoilt.len().saturating_sub(old.len()) {
        if spoilt[start..].starts_with(&old) {
            spoilt[start..start + new.len()].copy_from_slice(&new);
        }
    }
    spoilt
}

fn put_floats(value: &mut Value, is_quantity: bool) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                put_floats(field, is_quantity || name == "quantities");
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| put_floats(item, is_quantity)),
        _ if is_quantity => *value = PLACEHOLDER.into(),
        _ => {}
    }
}
