//! A full listing: complete, the same each time, and resumable anywhere.

use std::collections::HashSet;

use crate::conformance::Bench;
use crate::conformance::deed::timeless;
use crate::conformance::finding::{Ended, Finding, Promised, Stop, told};
use crate::conformance::rig::Line;
use crate::{Cursor, ErrorKind, Listing, StockLevel};

/// How many cursors are resumed from.
const CURSORS_MAX: usize = 12;
/// Most steps of one listing.
const STEPS_MAX: usize = 10_000;

pub(in crate::conformance) async fn a_listing_has_no_duplicates_and_only_listed_places(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    rig.expect_listing()?;
    let line = rig.connect().await?;
    let locations = line
        .connection
        .locations()
        .await
        .promised("listed all places")?;
    let sources: HashSet<_> = locations
        .iter()
        .filter(|location| location.kind.is_source())
        .map(|location| &location.id)
        .collect();
    let known: HashSet<_> = locations.iter().map(|location| &location.id).collect();
    let levels = line
        .connection
        .list_stock(None)
        .await
        .promised("listed all stock")?;
    if levels.is_empty() {
        bench.found(
            Finding::should_fix("listed all stock")
                .expected("some levels to look at")
                .seen("none")
                .way_out(
                    "give the kit a cassette or system that holds stock; most tests look at levels",
                ),
        );
    }
    let mut seen = HashSet::new();
    for level in &levels {
        let done = format!(
            "listed all stock; looked at `{}` at `{}`",
            level.sku, level.location
        );
        if !seen.insert((&level.sku, &level.location)) {
            bench.found(
                Finding::must_fix(done)
                    .expected("one level for each article and place")
                    .seen("two")
                    .way_out("sum up bins and lots; where several articles carry one SKU, say `Tracking::Ambiguous`"),
            );
        } else if !known.contains(&level.location) {
            bench.found(
                Finding::must_fix(done)
                    .expected("a place that `locations` lists")
                    .seen("one that it does not")
                    .way_out("list it, or roll its stock up to one that is listed"),
            );
        } else if !sources.contains(&level.location) {
            bench.found(
                Finding::should_fix(done)
                    .expected("a place that is a source: `Site`, `Virtual` or `Channel`")
                    .seen("a part of one")
                    .way_out("roll the stock of areas and bins up to their site"),
            );
        }
        if bench.has_found() {
            break;
        }
    }
    Ok(())
}

pub(in crate::conformance) async fn two_full_listings_agree(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    rig.expect_listing()?;
    let (line, fresh) = (rig.connect().await?, rig.connect().await?);
    let first = timeless(
        line.connection
            .list_stock(None)
            .await
            .promised("listed all stock")?,
    );
    let second = timeless(
        line.connection
            .list_stock(None)
            .await
            .promised("listed all stock again")?,
    );
    let third = timeless(
        fresh
            .connection
            .list_stock(None)
            .await
            .promised("listed all stock of a second instance")?,
    );
    match first == second && first == third {
        true => Ok(()),
        false => Err(Finding::must_fix("listed all stock three times, the last time of a fresh instance")
            .expected("the same levels")
            .seen(difference(&first, if first == second { &third } else { &second }))
            .way_out("what a listing brings must come from the system, not from what was kept of the last one")
            .into()),
    }
}

pub(in crate::conformance) async fn a_listing_resumes_from_every_cursor(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    rig.expect_listing()?;
    let line = rig.connect().await?;
    let steps = steps(&line).await?;
    if steps.is_empty() {
        return Err(Stop::not_applicable(
            "the listing has one page only, so there is no cursor",
        ));
    }
    let every = steps.len().div_ceil(CURSORS_MAX);
    for (number, (cursor, rest)) in steps.iter().enumerate().step_by(every) {
        let done = format!(
            "began a listing at the cursor of step {} on a fresh instance",
            number + 1
        );
        let fresh = rig.connect().await?;
        let resumed = fresh.connection.list_stock(Some(cursor.clone())).await;
        let seen = match resumed.map(timeless) {
            Ok(levels) if levels == *rest => continue,
            Ok(levels) => difference(rest, &levels),
            Err(error) if error.kind == ErrorKind::NotFound => {
                bench.found(
                    Finding::note(done)
                        .expected("the rest of the listing")
                        .seen(format!("{}; the host begins anew", told(&error)))
                        .way_out("keep in the cursor, or in `state`, what is needed to go on"),
                );
                continue;
            }
            Err(error) => told(&error),
        };
        bench.found(
            Finding::must_fix(done)
                .expected("the rest of the listing, as after a restart of the daemon; or `NotFound`, and it begins anew")
                .seen(seen)
                .way_out("put into the cursor all that is needed to go on; nothing of the instance is left"),
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn a_dead_cursor_is_not_found(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    rig.expect_listing()?;
    for cursor in [
        "",
        "no cursor of mine",
        "{\"a\":[]}",
        "9999999999999999999999",
        "-1",
    ] {
        let line = rig.connect().await?;
        let done = format!("listed stock from the cursor `{cursor}`, which it never gave");
        let seen = match line.connection.list_stock_step(Some(cursor.into())).await {
            Err(error) if error.kind == ErrorKind::NotFound => continue,
            // A cursor that happens to be one: there is nothing behind it.
            Ok(Listing::Done { items }) if items.is_empty() => continue,
            Err(error)
                if matches!(
                    error.kind,
                    ErrorKind::Bug | ErrorKind::Config { .. } | ErrorKind::Auth
                ) =>
            {
                told(&error)
            }
            Err(error) => {
                let finding = Finding::should_fix(done)
                    .expected("`NotFound`: the run starts over")
                    .seen(told(&error));
                bench.found(finding.way_out(
                    "answer `AdapterError::not_found(…)` to a cursor that cannot be read",
                ));
                continue;
            }
            Ok(_) => {
                let finding = Finding::note(done).seen("levels, so it took the text for a cursor");
                bench.found(finding.way_out("read cursors strictly, unless any text may be one"));
                continue;
            }
        };
        bench.found(
            Finding::must_fix(done)
                .expected("`NotFound`: the run starts over; another error would stop the connection for good")
                .seen(seen)
                .way_out("answer `AdapterError::not_found(…)` to a cursor that cannot be read"),
        );
    }
    Ok(())
}

/// Each cursor of a full listing, with what must come after it.
async fn steps(line: &Line) -> Result<Vec<(Cursor, Vec<StockLevel>)>, Stop> {
    let mut cursor = None;
    let mut cursors: Vec<(Cursor, usize)> = Vec::new();
    let mut levels = Vec::new();
    for _ in 0..STEPS_MAX {
        let step = line
            .connection
            .list_stock_step(cursor.clone())
            .await
            .promised("listed stock page by page")?;
        let next = match step {
            Listing::Page { items, next } => {
                levels.extend(items);
                next
            }
            Listing::Pending {
                poll_after_ms,
                cursor,
            } => {
                line.host
                    .pass_time(std::time::Duration::from_millis(poll_after_ms))
                    .await;
                cursor
            }
            Listing::Done { items } => {
                levels.extend(items);
                return Ok(cursors
                    .into_iter()
                    .map(|(cursor, from)| (cursor, timeless(levels[from..].to_vec())))
                    .collect());
            }
        };
        cursors.push((next.clone(), levels.len()));
        cursor = Some(next);
    }
    Err(Finding::must_fix("listed stock page by page")
        .expected("it ends")
        .seen(format!("no end after {STEPS_MAX} steps"))
        .way_out("answer `Listing::done` on the last page")
        .into())
}

/// The first thing in which two lists differ.
pub(super) fn difference(expected: &[StockLevel], seen: &[StockLevel]) -> String {
    let shown = |level: &StockLevel| format!("`{}` at `{}`", level.sku, level.location);
    if let Some(lost) = expected.iter().find(|level| !seen.contains(level)) {
        let same = |level: &&StockLevel| level.sku == lost.sku && level.location == lost.location;
        return match seen.iter().find(same) {
            Some(other) => format!(
                "{}: {:?} instead of {:?}",
                shown(lost),
                other.quantities,
                lost.quantities
            ),
            None => format!(
                "{} is missing; {} levels instead of {}",
                shown(lost),
                seen.len(),
                expected.len()
            ),
        };
    }
    match seen.iter().find(|level| !expected.contains(level)) {
        Some(more) => format!(
            "{} too; {} levels instead of {}",
            shown(more),
            seen.len(),
            expected.len()
        ),
        None => format!("{} levels instead of {}", seen.len(), expected.len()),
    }
}
