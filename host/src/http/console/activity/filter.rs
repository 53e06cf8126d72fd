//! Which events are shown; it lives in the address, so that it can be kept and shared.

use std::time::Duration;

use bestand_plugin_api::Timestamp;
use serde::Deserialize;

use crate::activity::EventId;
use crate::http::api::activity::about;
use crate::http::console::address;
use crate::http::paging::Cursor;
use crate::http::problem::Problem;
use crate::store::activity::Filter;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// How far to look back; a span and no date, so that a kept address goes on to mean the same.
pub(super) const SPANS: [(&str, Duration); 4] = [
    ("hour", HOUR),
    ("day", DAY),
    ("week", DAY.saturating_mul(7)),
    ("month", DAY.saturating_mul(30)),
];

/// The filter as the address has it; a field that is left empty is open.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct FilterQuery {
    /// A sort of thing, or with `:` and an id one of them.
    pub(super) subject: String,
    pub(super) since: String,
    pub(super) cursor: Option<Cursor<EventId>>,
}

// === impl FilterQuery ===

impl FilterQuery {
    pub(super) fn is_open(&self) -> bool {
        self.subject.is_empty() && self.since.is_empty()
    }

    pub(super) fn to_filter(&self, now: Timestamp) -> Result<Filter, Problem> {
        let subject = (!self.subject.is_empty()).then(|| about(&self.subject));
        let span = SPANS.iter().find(|(word, _)| *word == self.since);
        Ok(Filter {
            kinds: Vec::new(),
            subject: subject.transpose()?,
            since: span.map(|(_, span)| now.before(*span)),
        })
    }

    /// The same filter at another place of the list.
    pub(super) fn address(&self, cursor: Option<&str>) -> String {
        let fields = [
            ("subject", self.subject.as_str()),
            ("since", &self.since),
            ("cursor", cursor.unwrap_or_default()),
        ];
        address::with_query("/activity", fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::SubjectKind;
    use crate::store::activity::About;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn filter(subject: &str, since: &str) -> FilterQuery {
        FilterQuery {
            subject: subject.into(),
            since: since.into(),
            cursor: None,
        }
    }

    #[test]
    fn what_is_left_open_lists_all() {
        let all = filter("", "").to_filter(NOON).unwrap();
        assert_eq!(all, Filter::default());
    }

    #[test]
    fn one_thing_and_one_span_are_read_from_the_address() {
        let wanted = filter("connection:42", "day").to_filter(NOON).unwrap();
        let about = About {
            kind: SubjectKind::Connection,
            id: Some("42".into()),
        };
        assert_eq!(wanted.subject, Some(about));
        assert_eq!(wanted.since, Some(NOON.before(DAY)));
        assert!(filter("dream", "").to_filter(NOON).is_err());
    }

    #[test]
    fn the_next_page_keeps_the_filter() {
        let next = filter("connection:42", "week").address(Some("abc"));
        assert_eq!(
            next,
            "/activity?subject=connection%3A42&since=week&cursor=abc"
        );
    }
}
