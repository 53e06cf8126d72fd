//! Numbers as clients send them: as numbers, or as texts of numbers.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A whole number: `5`, `5.0` or `"5"`; nothing when it is absent, `null` or an empty text.
pub(super) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value = Option::<Value>::deserialize(deserializer)?.unwrap_or_default();
    if value.is_null() || value == "" {
        return Ok(None);
    }
    let number = as_whole(&value);
    let wrong = || serde::de::Error::custom(format!("{value} is no whole number"));
    number.map(Some).ok_or_else(wrong)
}

/// The whole number that a value is or spells.
pub(super) fn as_whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| without_fraction(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse()
                .ok()
                .or_else(|| without_fraction(text.parse().ok()?))
        }
        _ => None,
    }
}

/// Only as far as every whole number has a double of its own.
fn without_fraction(number: f64) -> Option<i64> {
    let fits = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it was just seen to fit")]
    fits.then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_read_in_every_way_that_clients_write_it() {
        for value in [json!(5), json!(5.0), json!("5"), json!(" 5.0 ")] {
            assert_eq!(as_whole(&value), Some(5), "{value}");
        }
        for value in [
            json!(5.5),
            json!("five"),
            json!(null),
            json!([5]),
            json!(1e300),
            json!("inf"),
        ] {
            assert_eq!(as_whole(&value), None, "{value}");
        }
    }
}
