//! Times as the older API writes them: Pacific time, without an offset, seven decimals.

use bestand_plugin_api::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Pacific time by the rule in force since 2007, so that no database of time zones has to be there.
const PACIFIC: &str = "PST8PDT,M3.2.0,M11.1.0";

/// `2015-06-06T00:29:35.0000000`
pub(super) fn write(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(moment.millis()).unwrap_or_default();
    let local = moment.to_zoned(pacific()).datetime();
    let tenths_of_micros = local.subsec_nanosecond() / 100;
    format!(
        "{}.{tenths_of_micros:07}",
        local.strftime("%Y-%m-%dT%H:%M:%S")
    )
}

/// A moment as tools send it: with an offset, or without one in Pacific time; with or without a time of the day.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let moment = match text.parse::<jiff::Timestamp>() {
        Ok(moment) => moment,
        Err(_) => local(text)?.to_zoned(pacific()).ok()?.timestamp(),
    };
    Some(Timestamp::from_millis(moment.as_millisecond()))
}

fn local(text: &str) -> Option<DateTime> {
    let american = || Date::strptime("%m/%d/%Y", text).ok().map(DateTime::from);
    let american_with_time = || DateTime::strptime("%m/%d/%Y %H:%M:%S", text).ok();
    text.parse()
        .ok()
        .or_else(american)
        .or_else(american_with_time)
}

fn pacific() -> TimeZone {
    TimeZone::posix(PACIFIC).expect("the rule is written as POSIX wants it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, utc: &str) {
        assert_eq!(
            read(text).map(|moment| moment.to_string()).as_deref(),
            Some(utc),
            "{text}"
        );
    }

    #[test]
    fn a_moment_is_written_as_it_is_read_on_the_west_coast() {
        for (utc, pacific) in [
            ("2015-06-06T07:29:35Z", "2015-06-06T00:29:35.0000000"),
            ("2026-01-01T00:00:00.125Z", "2025-12-31T16:00:00.1250000"),
        ] {
            assert_eq!(write(utc.parse().unwrap()), pacific);
            check(pacific, utc);
        }
    }

    #[test]
    fn moments_are_read_in_every_way_that_tools_write_them() {
        check("2015-06-29T08:46:27.0000000Z", "2015-06-29T08:46:27Z");
        check("2015-06-29T08:46:27+02:00", "2015-06-29T06:46:27Z");
        check("2015-06-29 08:46:27", "2015-06-29T15:46:27Z");
        check("2015-06-29", "2015-06-29T07:00:00Z");
        check("6/29/2015", "2015-06-29T07:00:00Z");
        check("2026-11-20T10:00:00.123456", "2026-11-20T18:00:00.123Z");
        assert_eq!(read("yesterday"), None);
    }
}
