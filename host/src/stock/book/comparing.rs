//! Full listings are compared with what was held, where both are at hand: while their pages are stored.
//!
//! A source's first listing is compared with nothing, and costs nothing here.

use bestand_plugin_api::{Sku, Timestamp};

use super::Shared;
use super::batch::Batch;
use super::writer::{Apply, Finish};
use crate::event_log::News;
use crate::event_log::news::DriftHigh;
use crate::stock::drift::{Difference, DriftRun, Tally};
use crate::stock::index::Source;
use crate::stock::{Cause, Held};
use crate::store::{self, Error, Tx};

/// Keeps what the pages of listings among these callers found different.
pub(super) async fn keep_differences(
    batch: &Batch<'_>,
    group: &[Apply],
    tx: &Tx,
    now: Timestamp,
) -> Result<(), Error> {
    for (caller, apply) in group.iter().enumerate() {
        let Some(run) = apply.cause.listed_by() else {
            continue;
        };
        for (position, source) in apply.sources.iter().enumerate() {
            let Some(listed_at) = source.listed_at() else {
                continue;
            };
            let levels = apply.levels.iter();
            let compared = levels.filter(|(source, _)| *source == position).count();
            let changes = batch.changes_by(caller, source.id);
            let differences: Vec<Difference> = changes
                .filter_map(|(sku, before, after)| {
                    Difference::between(sku, before.as_ref(), listed_at, &after)
                })
                .collect();
            let tally = Tally::of(compared, &differences, now);
            let place = (source.account_id, source.id);
            store::drift::add(tx, place, run, (&tally, &differences), now).await?;
        }
    }
    Ok(())
}

/// Keeps what a listing found gone.
pub(super) async fn keep_absent(
    source: &Source,
    gone: &[(Sku, Held)],
    absent: &Held,
    cause: &Cause,
    tx: &Tx,
    now: Timestamp,
) -> Result<(), Error> {
    let (Some(run), Some(listed_at)) = (cause.listed_by(), source.listed_at()) else {
        return Ok(());
    };
    let differences = gone
        .iter()
        .filter_map(|(sku, held)| Difference::between(sku, Some(held), listed_at, absent));
    let differences: Vec<Difference> = differences.collect();
    let tally = Tally::of(gone.len(), &differences, now);
    let place = (source.account_id, source.id);
    store::drift::add(tx, place, run, (&tally, &differences), now).await
}

/// Ends the comparison with a complete listing. Answers what it found where that is to be told.
pub(super) async fn end(
    shared: &Shared,
    finish: &Finish,
    tx: &Tx,
    now: Timestamp,
) -> Result<Option<DriftRun>, Error> {
    let (account, id) = (finish.source.account_id, finish.source.id);
    let (place, run, started_at) = ((account, id), finish.run, finish.started_at);
    if finish.source.listed_at().is_some_and(|at| at < started_at) {
        // Of a source that had nothing, and has nothing.
        store::drift::add(tx, place, run, (&Tally::default(), &[]), now).await?;
    }
    let Some(ended) = store::drift::finish(tx, place, run, started_at, now).await? else {
        return Ok(None);
    };
    let threshold = store::drift::find_threshold(tx, account, id).await?;
    if !threshold.is_reached(&ended.tally) {
        return Ok(None);
    }
    store::drift::keep_high(tx, place, run).await?;
    let news = [News::DriftHigh(DriftHigh::new(id, &ended))];
    shared.event_log.append_in(tx, account, &news).await?;
    Ok(Some(ended))
}
