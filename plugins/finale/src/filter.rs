//! `?filter=`: base64 of JSON, each field a closed range, and dates in windows of thirty days at most.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bestand_plugin_api::Timestamp;
use serde_json::json;

/// The widest range of `lastUpdatedDate` Finale answers; wider is a 400.
const WINDOW: Duration = Duration::from_secs(30 * 24 * 3600);

/// A closed range of `lastUpdatedDate`. Finale's documentation allows an open upper bound and its service refuses
/// one, so both bounds are always given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateFilter {
    from: Timestamp,
    to: Timestamp,
}

impl DateFilter {
    /// The windows that cover `from..=to`, the oldest first. Neighbours share their bound: it is inclusive.
    pub(crate) fn windows(from: Timestamp, to: Timestamp) -> Vec<Self> {
        let mut windows = Vec::new();
        let mut start = from;
        while start < to {
            let end = start.after(WINDOW).min(to);
            windows.push(Self {
                from: start,
                to: end,
            });
            start = end;
        }
        windows
    }

    /// What follows the collection's slash.
    pub(crate) fn query(self) -> String {
        let filter = json!({ "lastUpdatedDate": [date(self.from), date(self.to)] });
        format!(
            "?filter={}",
            percent_encoded(&STANDARD.encode(filter.to_string()))
        )
    }
}

/// Finale's dates have whole seconds.
fn date(at: Timestamp) -> String {
    Timestamp::from_secs(at.millis().div_euclid(1000)).to_string()
}

fn percent_encoded(base64: &str) -> String {
    base64
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_encoding_is_that_of_the_documented_vectors() {
        let committed_sales = json!({
            "orderTypeId": ["SALES_ORDER", "SALES_ORDER"],
            "statusId": ["ORDER_LOCKED", "ORDER_LOCKED"],
        });
        assert_eq!(
            STANDARD.encode(committed_sales.to_string()),
            "eyJvcmRlclR5cGVJZCI6WyJTQUxFU19PUkRFUiIsIlNBTEVTX09SREVSIl0sInN0YXR1c0lkIjpbIk9SREVSX0xPQ0tFRCIsIk9SREVSX0xPQ0tFRCJdfQ=="
        );
        let open = json!({ "lastUpdatedDate": ["2015-11-19T20:09:57Z", null] });
        assert_eq!(
            STANDARD.encode(open.to_string()),
            "eyJsYXN0VXBkYXRlZERhdGUiOlsiMjAxNS0xMS0xOVQyMDowOTo1N1oiLG51bGxdfQ=="
        );
    }

    #[test]
    fn both_bounds_are_given_and_the_query_is_percent_encoded() {
        let [window] =
            DateFilter::windows(at("2026-11-19T00:00:00Z"), at("2026-11-20T00:00:00.5Z"))[..]
        else {
            panic!("a day is one window");
        };
        let query = window.query();
        let encoded = query.strip_prefix("?filter=").unwrap().replace("%3D", "=");
        assert_eq!(
            String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap(),
            r#"{"lastUpdatedDate":["2026-11-19T00:00:00Z","2026-11-20T00:00:00Z"]}"#
        );
        assert_eq!(percent_encoded("a+b/c="), "a%2Bb%2Fc%3D");
    }

    #[test]
    fn a_long_range_is_cut_into_windows_of_thirty_days_that_share_their_bounds() {
        let windows = DateFilter::windows(at("2026-01-01T00:00:00Z"), at("2026-03-15T00:00:00Z"));
        let bounds: Vec<_> = windows
            .iter()
            .map(|window| (window.from, window.to))
            .collect();
        assert_eq!(
            bounds,
            [
                (at("2026-01-01T00:00:00Z"), at("2026-01-31T00:00:00Z")),
                (at("2026-01-31T00:00:00Z"), at("2026-03-02T00:00:00Z")),
                (at("2026-03-02T00:00:00Z"), at("2026-03-15T00:00:00Z")),
            ]
        );
    }
}
