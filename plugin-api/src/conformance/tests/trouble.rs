//! Trouble of the system and of the line to it: told by its kind, never taken for empty stock.

use super::trial::{Trial, each};
use crate::ErrorKind;
use crate::conformance::Bench;
use crate::conformance::fault::Fault;
use crate::conformance::finding::{Ended, Finding};
use crate::testing::Answer;

/// Memory an adapter may take for one body, in KiB: what it may gather, twice over while a buffer grows, and its own.
const BODY_KIB_MAX: u64 = 1024 * 1024;

const PASSING: &str = "`Transient` or `Upstream` with the status: the host tries again";
const NOT_BELIEVED: &str = "`Protocol`: nothing is changed, and the host tries again";

pub(in crate::conformance) async fn an_internal_error_is_passing_trouble(bench: &Bench) -> Ended {
    status(bench, 500).await
}

pub(in crate::conformance) async fn a_bad_gateway_is_passing_trouble(bench: &Bench) -> Ended {
    status(bench, 502).await
}

pub(in crate::conformance) async fn a_system_that_is_down_is_passing_trouble(
    bench: &Bench,
) -> Ended {
    status(bench, 503).await
}

async fn status(bench: &Bench, status: u16) -> Ended {
    let trial = Trial {
        done: format!("answered {status}"),
        fault: Fault::status(status),
        allowed: |kind| match kind {
            ErrorKind::Upstream { status } => *status >= 500,
            kind => matches!(kind, ErrorKind::Transient | ErrorKind::RateLimited { .. }),
        },
        expected: PASSING,
        way_out: "make `AdapterError::upstream(status, …)` of every 5xx",
    };
    trial.run(bench).await
}

pub(in crate::conformance) async fn a_connection_that_fails_is_passing_trouble(
    bench: &Bench,
) -> Ended {
    line(
        bench,
        "let the connection fail",
        Fault::Instead(Answer::unreachable()),
    )
    .await
}

pub(in crate::conformance) async fn a_body_that_breaks_off_is_passing_trouble(
    bench: &Bench,
) -> Ended {
    line(
        bench,
        "let the connection break in the middle of the body",
        Fault::BreaksOff,
    )
    .await
}

pub(in crate::conformance) async fn a_body_that_stalls_is_passing_trouble(bench: &Bench) -> Ended {
    line(
        bench,
        "sent nothing behind the middle of the body",
        Fault::Stalls,
    )
    .await
}

async fn line(bench: &Bench, done: &str, fault: Fault) -> Ended {
    let trial = Trial {
        done: done.into(),
        fault,
        allowed: |kind| matches!(kind, ErrorKind::Transient | ErrorKind::Protocol),
        expected: "`Transient`, as the host says it",
        way_out: "hand the host's errors on as they are: `response.bytes().await?`",
    };
    trial.run(bench).await
}

pub(in crate::conformance) async fn a_truncated_answer_is_not_believed(bench: &Bench) -> Ended {
    nonsense(
        bench,
        "ended the body in its middle",
        Fault::Truncated,
        "read a body with `response.json()`, or parse all of it before any of it is used",
    )
    .await
}

pub(in crate::conformance) async fn a_page_for_an_answer_is_not_believed(bench: &Bench) -> Ended {
    nonsense(
        bench,
        "answered 200 with a page of HTML",
        Fault::page(),
        "read a body with `response.json()`",
    )
    .await
}

pub(in crate::conformance) async fn an_error_with_status_200_is_not_believed(
    bench: &Bench,
) -> Ended {
    nonsense(
        bench,
        "answered 200 with JSON that is an error",
        Fault::error_inside(),
        "require the fields that an answer has; no `#[serde(default)]` on the list of rows",
    )
    .await
}

async fn nonsense(bench: &Bench, done: &str, fault: Fault, way_out: &'static str) -> Ended {
    let trial = Trial {
        done: done.into(),
        fault,
        allowed: |kind| match kind {
            ErrorKind::Upstream { status } => *status >= 500 || *status == 200,
            kind => matches!(
                kind,
                ErrorKind::Protocol | ErrorKind::Transient | ErrorKind::Auth
            ),
        },
        expected: NOT_BELIEVED,
        way_out,
    };
    trial.run(bench).await
}

pub(in crate::conformance) async fn a_body_without_end_is_given_up(bench: &Bench) -> Ended {
    let process = bench.subject.process();
    let before = process.and_then(peak_kib);
    let is_typed = |kind: &ErrorKind| {
        !matches!(
            kind,
            ErrorKind::Bug | ErrorKind::Config { .. } | ErrorKind::NotFound
        )
    };
    let done = "sent a body without end, as a compressed bomb unpacks";
    // One request tells: each takes hundreds of megabytes.
    let mut is_told = false;
    each_once(bench, |tried| {
        let seen = match &tried.result {
            Err(error) if is_typed(&error.kind) => return,
            Ok(answer) if *answer == tried.baseline || answer.admits_trouble(&tried.baseline) => {
                return;
            }
            Ok(answer) => format!("an answer that looks whole: {}", answer.told()),
            Err(error) => crate::conformance::finding::told(error),
        };
        is_told = true;
        let finding = Finding::must_fix(format!("{done} ({})", tried.place()));
        bench.found(
            finding
                .expected("`Protocol` or `Transient`")
                .seen(seen)
                .way_out("gather with `response.bytes()`, or stop at a limit of your own"),
        );
    })
    .await?;
    let grown = process
        .and_then(peak_kib)
        .zip(before)
        .map(|(after, before)| after.saturating_sub(before));
    match grown {
        Some(kib) if kib > BODY_KIB_MAX => Err(Finding::must_fix(done)
            .expected(format!("at most {BODY_KIB_MAX} KiB more memory"))
            .seen(format!("{kib} KiB"))
            .way_out("work on the chunks as they come, and keep only what is needed of them")
            .into()),
        _ => Ok(()),
    }
}

async fn each_once(bench: &Bench, judge: impl FnMut(super::trial::Tried)) -> Ended {
    each(bench, &Fault::Endless, judge).await
}

/// The most memory a process ever held.
fn peak_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
