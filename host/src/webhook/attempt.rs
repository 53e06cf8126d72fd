//! What came of sending a message once.

use std::time::Duration;

use bestand_plugin_api::Timestamp;

/// What came of sending a message once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// What was answered, when anything was.
    pub status: Option<u16>,
    /// Why it failed, for people; nothing when it did not.
    pub error: Option<String>,
    /// How long the receiver wants to be left alone.
    pub retry_after: Option<Duration>,
}

/// How long a receiver that answers with this header wants to be left alone: seconds, or an HTTP date.
#[must_use]
pub fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if let Ok(secs) = header.parse() {
        return Some(Duration::from_secs(secs));
    }
    let date = jiff::fmt::rfc2822::parse(header).ok()?;
    let date = Timestamp::from_millis(date.timestamp().as_millisecond());
    Some(date.since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_anything_else_is_not() {
        let now = Timestamp::from_secs(1_700_000_000);
        let secs = |secs| Some(Duration::from_secs(secs));
        assert_eq!(retry_after(" 120 ", now), secs(120));
        assert_eq!(retry_after("Tue, 14 Nov 2023 22:14:20 GMT", now), secs(60));
        assert_eq!(retry_after("Tue, 14 Nov 2000 22:14:20 GMT", now), secs(0));
        assert_eq!(retry_after("soon", now), None);
        assert_eq!(retry_after("-5", now), None);
    }
}
