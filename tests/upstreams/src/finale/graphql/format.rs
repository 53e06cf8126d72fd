//! How a scalar is shown: formatted for people unless `formatter: "none"` is asked for.

use serde_json::{Value, json};

/// Applies the formatter; the error names one that does not exist.
pub(super) fn shown(raw: &Value, formatter: Option<&str>) -> Result<Value, String> {
    match formatter.unwrap_or("html") {
        "none" => Ok(raw.clone()),
        "html" => Ok(formatted(raw)),
        "blank-zero" if raw.as_f64() == Some(0.0) => Ok(json!("")),
        "blank-zero" => Ok(formatted(raw)),
        "abbreviated" => Ok(abbreviated(raw)),
        other => Err(format!("unknown formatter `{other}`")),
    }
}

fn formatted(raw: &Value) -> Value {
    match raw {
        Value::Null => json!("--"),
        Value::Number(number) => json!(with_commas(&number.to_string())),
        Value::String(status) if status == "PRODUCT_ACTIVE" => json!("Active"),
        Value::String(status) if status == "PRODUCT_INACTIVE" => json!("Inactive"),
        other => other.clone(),
    }
}

fn abbreviated(raw: &Value) -> Value {
    match raw.as_f64() {
        Some(number) if number.abs() >= 1_000.0 => json!(format!("{:.1} k", number / 1_000.0)),
        _ => formatted(raw),
    }
}

fn with_commas(number: &str) -> String {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = match digits.find('.') {
        Some(point) => digits.split_at(point),
        None => (digits, ""),
    };
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_formatter_none_shows_the_number_itself() {
        let check = |raw: Value, formatter, expected: Value| {
            assert_eq!(shown(&raw, formatter), Ok(expected))
        };
        check(json!(1234567), None, json!("1,234,567"));
        check(json!(1234567), Some("none"), json!(1234567));
        check(json!(-1234.5), Some("html"), json!("-1,234.5"));
        check(Value::Null, None, json!("--"));
        check(Value::Null, Some("none"), Value::Null);
        check(json!(0), Some("blank-zero"), json!(""));
        check(json!("PRODUCT_ACTIVE"), None, json!("Active"));
        assert!(shown(&json!(1), Some("raw")).is_err());
    }
}
