//! `?filter=`: base64 of a JSON object whose every value is a closed range `[lower, upper]`.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The widest range of `lastUpdatedDate` Finale answers.
const DATE_WINDOW_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);
const DATE_FIELD: &str = "lastUpdatedDate";

/// The documentation shows filters with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The ranges a row must lie in.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    updated: Option<(Timestamp, Timestamp)>,
    ranges: Vec<(usize, Value, Value)>,
}

impl Filter {
    /// Reads the filter for a collection of these fields; the error is what Finale says with its 400.
    pub(crate) fn parse(encoded: &str, names: &[&str]) -> Result<Self, String> {
        let decoded = BASE64
            .decode(encoded)
            .map_err(|error| format!("filter is not base64: {error}"))?;
        let parsed: Value = serde_json::from_slice(&decoded)
            .map_err(|error| format!("filter is not JSON: {error}"))?;
        let Value::Object(fields) = parsed else {
            return Err("filter is not a JSON object".to_owned());
        };
        let mut filter = Filter::default();
        for (field, range) in fields {
            let (lower, upper) = closed_range(&field, range)?;
            if field == DATE_FIELD {
                filter.updated = Some(date_window(&lower, &upper)?);
                continue;
            }
            let column = names.iter().position(|name| *name == field);
            let column = column.ok_or_else(|| format!("filter names unknown field `{field}`"))?;
            filter.ranges.push((column, lower, upper));
        }
        Ok(filter)
    }

    /// Applied first, before the collection is cut.
    pub(crate) fn allows_date(&self, last_updated: Timestamp) -> bool {
        self.updated
            .is_none_or(|(lower, upper)| (lower..=upper).contains(&last_updated))
    }

    /// Applied last, to the rows that the cut left.
    pub(crate) fn allows_cells(&self, cells: &[Value]) -> bool {
        self.ranges.iter().all(|(column, lower, upper)| {
            let cell = &cells[*column];
            in_order(lower, cell) && in_order(cell, upper)
        })
    }
}

fn closed_range(field: &str, range: Value) -> Result<(Value, Value), String> {
    let Value::Array(bounds) = range else {
        return Err(format!(
            "filter of `{field}` is not a range `[lower, upper]`"
        ));
    };
    let Ok([lower, upper]) = <[Value; 2]>::try_from(bounds) else {
        return Err(format!("filter of `{field}` does not have two bounds"));
    };
    let scalar = |bound: &Value| bound.is_string() || bound.is_number() || bound.is_boolean();
    if !scalar(&lower) || !scalar(&upper) {
        return Err(format!(
            "filter of `{field}` is open: both bounds must be given"
        ));
    }
    Ok((lower, upper))
}

fn date_window(lower: &Value, upper: &Value) -> Result<(Timestamp, Timestamp), String> {
    let date = |bound: &Value| -> Result<Timestamp, String> {
        let text = bound
            .as_str()
            .ok_or_else(|| format!("`{DATE_FIELD}` is filtered by text"))?;
        text.parse()
            .map_err(|_| format!("cannot read date `{text}`"))
    };
    let (lower, upper) = (date(lower)?, date(upper)?);
    if upper.duration_since(lower) > DATE_WINDOW_MAX {
        return Err(format!("the range of `{DATE_FIELD}` is limited to 30 days"));
    }
    Ok((lower, upper))
}

fn in_order(lower: &Value, upper: &Value) -> bool {
    let order = match (lower, upper) {
        (Value::String(lower), Value::String(upper)) => Some(lower.cmp(upper)),
        (Value::Number(lower), Value::Number(upper)) => lower.as_f64().partial_cmp(&upper.as_f64()),
        (Value::Bool(lower), Value::Bool(upper)) => Some(lower.cmp(upper)),
        _ => None,
    };
    order.is_some_and(Ordering::is_le)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn encoded(filter: &Value) -> String {
        BASE64.encode(filter.to_string())
    }

    #[test]
    fn the_documented_filter_of_committed_sales_orders_is_understood() {
        let vector = "eyJvcmRlclR5cGVJZCI6WyJTQUxFU19PUkRFUiIsIlNBTEVTX09SREVSIl0sInN0YXR1c0lkIjpbIk9SREVSX0xPQ0tFRCIsIk9SREVSX0xPQ0tFRCJdfQ==";
        let filter = Filter::parse(vector, &["orderTypeId", "statusId"]).unwrap();
        assert!(filter.allows_cells(&[json!("SALES_ORDER"), json!("ORDER_LOCKED")]));
        assert!(!filter.allows_cells(&[json!("SALES_ORDER"), json!("ORDER_CREATED")]));
    }

    #[test]
    fn the_documented_filter_with_an_open_upper_bound_is_refused() {
        let vector = "eyJsYXN0VXBkYXRlZERhdGUiOlsiMjAxNS0xMS0xOVQyMDowOTo1N1oiLG51bGxdfQ==";
        assert!(Filter::parse(vector, &[]).unwrap_err().contains("open"));
    }

    #[test]
    fn a_filter_without_padding_is_understood() {
        let padded = encoded(&json!({ "statusId": ["A", "A"] }));
        let filter = Filter::parse(padded.trim_end_matches('='), &["statusId"]).unwrap();
        assert!(filter.allows_cells(&[json!("A")]));
    }

    #[test]
    fn a_window_of_thirty_days_is_the_widest() {
        let window =
            |upper| encoded(&json!({ "lastUpdatedDate": ["2026-01-01T00:00:00Z", upper] }));
        assert!(Filter::parse(&window("2026-01-31T00:00:00Z"), &[]).is_ok());
        assert!(
            Filter::parse(&window("2026-01-31T00:00:01Z"), &[])
                .unwrap_err()
                .contains("30 days")
        );
    }
}
