//! Changes since a checkpoint.

use std::time::Duration;

use crate::conformance::Bench;
use crate::conformance::finding::{Ended, Finding, Promised, Stop, told};
use crate::conformance::rig::{Line, Rig};
use crate::{Capability, Changes, Checkpoint, ErrorKind, Result, StockLevel};

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
/// Most pages of changes that are read.
const PAGES_MAX: usize = 1000;

pub(in crate::conformance) async fn a_first_checkpoint_brings_no_changes(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect().await?;
    let first = first(&line).await?;
    if !first.items.is_empty() {
        bench.found(
            Finding::must_fix("asked for changes without a checkpoint")
                .expected("nothing but a first checkpoint: a full listing follows")
                .seen(format!("{} levels", first.items.len()))
                .way_out("answer `Changes::last(Vec::new(), checkpoint)` to `None`"),
        );
    }
    since(&line, first.checkpoint)
        .await
        .promised("asked for changes since the first checkpoint")
        .map(drop)
}

pub(in crate::conformance) async fn a_checkpoint_of_the_future_brings_nothing(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect().await?;
    line.host.advance(YEAR);
    let future = first(&line).await?.checkpoint;
    line.host.set_now(bench.now);
    let seen = match since(&line, future).await {
        Ok(levels) if levels.is_empty() => return Ok(()),
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(()),
        Ok(levels) => format!("{} levels", levels.len()),
        Err(error) => told(&error),
    };
    Err(Finding::must_fix("asked for changes since a checkpoint made while the clock was a year ahead")
        .expected("none, or `NotFound`: a full listing follows")
        .seen(seen)
        .way_out("let the system count from the checkpoint; do not subtract moments that may be the wrong way round")
        .into())
}

pub(in crate::conformance) async fn an_old_checkpoint_is_answered_or_not_found(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect().await?;
    for text in ["", "no checkpoint of mine", "{}", "-1"] {
        judge(
            bench,
            &format!("the checkpoint `{text}`, which it never gave"),
            since(&line, text.into()).await,
        );
    }
    line.host.set_now(bench.now.before(YEAR));
    let old = first(&line).await?.checkpoint;
    line.host.set_now(bench.now);
    judge(
        bench,
        "a checkpoint made a year ago",
        since(&line, old).await,
    );
    Ok(())
}

fn judge(bench: &Bench, what: &str, answer: Result<Vec<StockLevel>>) {
    let done = format!("asked for changes since {what}");
    let seen = match answer {
        Ok(_) => return,
        Err(error) if error.kind == ErrorKind::NotFound => return,
        Err(error) => told(&error),
    };
    bench.found(
        Finding::must_fix(done)
            .expected("the changes, or `NotFound`: a full listing follows")
            .seen(seen)
            .way_out("answer `AdapterError::not_found(…)` to a checkpoint that is too old or cannot be read"),
    );
}

async fn first(line: &Line) -> Result<Changes<StockLevel>, Stop> {
    line.connection
        .stock_changes(None, None)
        .await
        .promised("asked for a first checkpoint")
}

/// All pages.
async fn since(line: &Line, checkpoint: Checkpoint) -> Result<Vec<StockLevel>> {
    let mut levels = Vec::new();
    let mut cursor = None;
    for _ in 0..PAGES_MAX {
        let changes = line
            .connection
            .stock_changes(Some(checkpoint.clone()), cursor)
            .await?;
        levels.extend(changes.items);
        match changes.next {
            Some(next) => cursor = Some(next),
            None => return Ok(levels),
        }
    }
    Err(crate::AdapterError::bug(format!(
        "the changes did not end within {PAGES_MAX} pages"
    )))
}

fn expect(rig: &Rig<'_>) -> Ended {
    match rig.can(|capability| matches!(capability, Capability::StockChanges { .. })) {
        true => Ok(()),
        false => Err(Stop::not_applicable(
            "the adapter does not serve `StockChanges`",
        )),
    }
}
