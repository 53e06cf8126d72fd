//! When a system that asks to come back later may be asked again. Systems say it in several ways.

use std::time::Duration;

use crate::Timestamp;

/// Numbers from here on are moments, in seconds since the epoch (September 2001); smaller ones are seconds to wait.
const EPOCH_SECS_MIN: i64 = 1_000_000_000;
/// Numbers from here on are moments in milliseconds.
const EPOCH_MILLIS_MIN: i64 = 1_000_000_000_000;
/// Where the moment is looked for, most believed first.
const HEADERS: [&str; 4] = [
    "retry-after",
    "ratelimit-reset",
    "x-ratelimit-reset",
    "x-rate-limit-reset",
];

/// The moment that the headers of an answer name, on our own clock. `sent_at` is when the question went out.
pub(super) fn at<'a>(
    sent_at: Timestamp,
    header: impl Fn(&str) -> Option<&'a str>,
) -> Option<Timestamp> {
    let theirs = header("date").and_then(date).unwrap_or(sent_at);
    let wait = HEADERS
        .iter()
        .find_map(|name| wait(header(name)?.trim(), theirs))?;
    Some(sent_at.after(wait))
}

/// How long to wait when their clock stands at `theirs`: a moment of theirs is as far away as it is on their clock.
fn wait(value: &str, theirs: Timestamp) -> Option<Duration> {
    let moment = match value.parse::<f64>() {
        Ok(secs) if secs.is_finite() => {
            let whole = value.split('.').next().and_then(|whole| whole.parse().ok());
            match whole.unwrap_or(0_i64) {
                millis @ EPOCH_MILLIS_MIN.. => Timestamp::from_millis(millis),
                secs @ EPOCH_SECS_MIN.. => Timestamp::from_secs(secs),
                _ => return Duration::try_from_secs_f64(secs).ok(),
            }
        }
        _ => date(value)?,
    };
    Some(moment.since(theirs))
}

/// An HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT`), or RFC 3339, which some systems send instead.
fn date(text: &str) -> Option<Timestamp> {
    match jiff::fmt::rfc2822::parse(text) {
        Ok(date) => Some(Timestamp::from_secs(date.timestamp().as_second())),
        Err(_) => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds to wait, asked at 1,700,000,000 of our clock.
    fn check(headers: &[(&str, &str)], secs: Option<i64>) {
        let sent_at = Timestamp::from_secs(1_700_000_000);
        let header = |name: &str| {
            let found = headers.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| *value)
        };
        let expected = secs.map(|secs| Timestamp::from_millis(sent_at.millis() + secs * 1000));
        assert_eq!(at(sent_at, header), expected, "{headers:?}");
    }

    #[test]
    fn every_way_to_say_later_is_understood() {
        check(&[], None);
        check(&[("retry-after", "soon")], None);
        check(&[("retry-after", "-5")], None);
        check(&[("retry-after", "NaN")], None);
        check(&[("retry-after", "30")], Some(30));
        check(&[("retry-after", "30.0")], Some(30));
        check(
            &[("retry-after", "Tue, 14 Nov 2023 22:14:20 GMT")],
            Some(60),
        );
        check(&[("ratelimit-reset", "7")], Some(7));
        check(&[("x-ratelimit-reset", "1700000045")], Some(45));
        check(&[("x-ratelimit-reset", "1700000045000")], Some(45));
        check(&[("x-ratelimit-reset", "2023-11-14T22:14:20Z")], Some(60));
        check(&[("x-rate-limit-reset", "1600000000")], Some(0));
        check(&[("retry-after", "99999999999999999999")], None);
    }

    #[test]
    fn a_moment_is_one_of_their_clock() {
        let date = ("date", "Tue, 14 Nov 2023 23:13:20 GMT"); // An hour ahead of ours.
        check(&[date, ("x-ratelimit-reset", "1700003630")], Some(30));
        check(
            &[date, ("retry-after", "Tue, 14 Nov 2023 23:13:25 GMT")],
            Some(5),
        );
        check(&[date, ("retry-after", "30")], Some(30));
    }

    #[test]
    fn what_is_most_believed_wins_over_what_is_not_understood() {
        check(&[("retry-after", "?"), ("x-ratelimit-reset", "9")], Some(9));
        check(&[("retry-after", "4"), ("x-ratelimit-reset", "9")], Some(4));
    }
}
