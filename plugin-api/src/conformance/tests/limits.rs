//! A system that asks to come back later: it is told to the host, or waited for, and nothing is sent before.

use std::time::Duration;

use super::trial::{Tried, each};
use crate::conformance::Bench;
use crate::conformance::deed::Deed;
use crate::conformance::fault::Fault;
use crate::conformance::finding::{Ended, Finding, told};
use crate::testing::Answer;
use crate::{AdapterError, ErrorKind, Timestamp};

/// How long the system asks for.
const RESET: Duration = Duration::from_secs(90);
/// A reset told in whole seconds may be this much early.
const ROUNDING: Duration = Duration::from_secs(2);
/// A reset this much later than the real one is another one.
const SLACK: Duration = Duration::from_secs(600);

const WAY_OUT: &str = "answer `AdapterError::rate_limited(response.retry_at(), …)` to 429";

/// How a system says when it may be asked again.
#[derive(Clone, Copy)]
enum Style {
    Seconds,
    Date,
    UnixTime,
    Milliseconds,
    Silence,
}

pub(in crate::conformance) async fn a_limit_in_seconds_is_kept(bench: &Bench) -> Ended {
    keeps(bench, Style::Seconds).await
}

pub(in crate::conformance) async fn a_limit_until_a_date_is_kept(bench: &Bench) -> Ended {
    keeps(bench, Style::Date).await
}

pub(in crate::conformance) async fn a_limit_until_a_unix_time_is_kept(bench: &Bench) -> Ended {
    keeps(bench, Style::UnixTime).await
}

pub(in crate::conformance) async fn a_limit_until_a_time_in_milliseconds_is_kept(
    bench: &Bench,
) -> Ended {
    keeps(bench, Style::Milliseconds).await
}

pub(in crate::conformance) async fn a_limit_without_an_end_is_told(bench: &Bench) -> Ended {
    keeps(bench, Style::Silence).await
}

async fn keeps(bench: &Bench, style: Style) -> Ended {
    let fault = Fault::Instead(style.answer(bench.now));
    each(bench, &fault, |tried| judge(bench, style, &tried)).await
}

fn judge(bench: &Bench, style: Style, tried: &Tried) {
    let done = format!("answered 429 with {} ({})", style.told(), tried.place());
    let reset = bench.now.after(RESET);
    let earliest = reset.before(ROUNDING);
    let sent = tried.line.host.sent();
    let early = sent
        .iter()
        .skip(tried.at + 1)
        .find(|sent| !style.is_silent() && sent.at < earliest);
    if let (Some(early), false) = (early, tried.deed == Deed::Check) {
        bench.found(
            Finding::must_fix(done)
                .expected(format!("no request for {} s", RESET.as_secs()))
                .seen(format!(
                    "`{}` after {} s",
                    early.line(),
                    early.at.since(bench.now).as_secs()
                ))
                .way_out(WAY_OUT),
        );
        return;
    }
    match &tried.result {
        Ok(answer) if *answer == tried.baseline || answer.admits_trouble(&tried.baseline) => {}
        Ok(answer) => bench.found(
            Finding::must_fix(done)
                .expected("`RateLimited`, or the whole answer later")
                .seen(format!(
                    "an answer that looks whole: {} instead of {}",
                    answer.told(),
                    tried.baseline.told()
                ))
                .way_out(WAY_OUT),
        ),
        Err(error) => judge_error(bench, style, done, error, reset),
    }
}

fn judge_error(bench: &Bench, style: Style, done: String, error: &AdapterError, reset: Timestamp) {
    let ErrorKind::RateLimited { retry_at } = error.kind else {
        bench.found(
            Finding::must_fix(done)
                .expected("`RateLimited`")
                .seen(told(error))
                .way_out(WAY_OUT),
        );
        return;
    };
    match (retry_at, style) {
        (_, Style::Silence) | (None, Style::UnixTime | Style::Milliseconds) => {}
        (None, _) => bench.found(
            Finding::should_fix(done)
                .expected(format!("`RateLimited` until {reset}"))
                .seen("`RateLimited` without an end: the host asks again after some seconds, and is refused again")
                .way_out(WAY_OUT),
        ),
        (Some(at), _) if at >= reset.before(ROUNDING) && at <= reset.after(SLACK) => {}
        (Some(at), _) => bench.found(
            Finding::must_fix(done)
                .expected(format!("`RateLimited` until {reset}"))
                .seen(format!("`RateLimited` until {at}"))
                .way_out(WAY_OUT),
        ),
    }
}

// === impl Style ===

impl Style {
    fn answer(self, now: Timestamp) -> Answer {
        let reset = now.after(RESET);
        let answer = Answer::json(&serde_json::json!({ "error": "too many requests" }))
            .status(429)
            .header("date", &http_date(now));
        match self {
            Self::Seconds => answer.header("retry-after", &RESET.as_secs().to_string()),
            Self::Date => answer.header("retry-after", &http_date(reset)),
            Self::UnixTime => limited(answer, &(reset.millis() / 1000).to_string()),
            Self::Milliseconds => limited(answer, &reset.millis().to_string()),
            Self::Silence => answer,
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::Seconds => "`retry-after` in seconds",
            Self::Date => "`retry-after` as a date",
            Self::UnixTime => "`x-ratelimit-reset` in seconds since 1970",
            Self::Milliseconds => "`x-ratelimit-reset` in milliseconds since 1970",
            Self::Silence => "no word of when",
        }
    }

    fn is_silent(self) -> bool {
        matches!(self, Self::Silence)
    }
}

fn limited(answer: Answer, reset: &str) -> Answer {
    answer
        .header("x-ratelimit-limit", "120")
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-reset", reset)
}

/// A date as HTTP writes it: `Fri, 20 Nov 2026 10:00:00 GMT`.
fn http_date(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_second(moment.millis() / 1000).unwrap_or_default();
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
