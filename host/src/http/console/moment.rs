//! Moments as a visitor reads them: how long ago, and exactly, in the visitor's own time zone and language.

use std::time::Duration;

use axum::http::HeaderMap;
use bestand_plugin_api::Timestamp;
use jiff::tz::TimeZone;

use super::cookie;
use super::language::Language;
use super::text::Text;

/// The cookie in which the page's script names the browser's time zone.
const COOKIE: &str = "bestand_zone";

/// A moment, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct When {
    /// For machines: RFC 3339.
    pub(super) iso: String,
    /// To the minute, in the visitor's time zone.
    pub(super) exact: String,
    /// How long ago, or how soon.
    pub(super) ago: String,
}

/// The time zone that a visitor's browser is in; UTC until its script has said so.
pub(super) fn zone(headers: &HeaderMap) -> TimeZone {
    let named = cookie::find(headers, COOKIE).map(|name| name.replace("%2F", "/"));
    named
        .and_then(|name| TimeZone::get(&name).ok())
        .unwrap_or(TimeZone::UTC)
}

// === impl When ===

impl When {
    pub(super) fn of(at: Timestamp, now: Timestamp, zone: &TimeZone, text: Text) -> Self {
        let exact = jiff::Timestamp::from_millisecond(at.millis()).map(|instant| {
            let local = instant.to_zoned(zone.clone());
            local.strftime(form(text.language())).to_string()
        });
        Self {
            iso: at.to_string(),
            exact: exact.unwrap_or_else(|_| at.to_string()),
            ago: ago(at, now, text),
        }
    }
}

const fn form(language: Language) -> &'static str {
    match language {
        Language::En => "%-d %b %Y, %H:%M",
        Language::De => "%d.%m.%Y, %H:%M",
    }
}

fn ago(at: Timestamp, now: Timestamp, text: Text) -> String {
    match at > now {
        true => span(at.since(now), "when-in", text),
        false => span(now.since(at), "when-ago", text),
    }
}

/// The largest unit alone: nobody counts the seconds of a day.
fn span(span: Duration, direction: &str, text: Text) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let secs = span.as_secs();
    let (unit, count) = match secs {
        0..5 if direction == "when-in" => return text.say("when-soon"),
        0..5 => return text.say("when-now"),
        5..MINUTE => ("seconds", secs),
        MINUTE..HOUR => ("minutes", secs / MINUTE),
        HOUR..DAY => ("hours", secs / HOUR),
        _ => ("days", secs / DAY),
    };
    text.count(&format!("{direction}-{unit}"), count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, secs_ago: i64, expected: &str) {
        let now = Timestamp::from_secs(1_800_000_000);
        let at = Timestamp::from_secs(1_800_000_000 - secs_ago);
        let when = When::of(at, now, &TimeZone::UTC, Text::new(language));
        assert_eq!(when.ago, expected);
    }

    #[test]
    fn a_moment_is_told_by_its_largest_unit() {
        check(Language::En, 2, "just now");
        check(Language::En, 59, "59 seconds ago");
        check(Language::En, 60, "1 minute ago");
        check(Language::De, 7_300, "vor 2 Stunden");
        check(Language::De, 86_400, "vor 1 Tag");
        check(Language::En, -120, "in 2 minutes");
        check(Language::De, -2, "gleich");
    }

    #[test]
    fn a_moment_is_shown_in_the_visitors_own_zone() {
        let at = Timestamp::from_secs(1_800_000_000);
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let shown = |language| When::of(at, at, &berlin, Text::new(language)).exact;
        assert_eq!(shown(Language::De), "15.01.2027, 09:00");
        assert_eq!(shown(Language::En), "15 Jan 2027, 09:00");
    }
}
