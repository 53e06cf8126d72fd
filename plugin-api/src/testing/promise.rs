//! What an adapter promises with its answers. The daemon drops or distrusts what breaks a promise; a test should fail.

use std::collections::HashSet;

use crate::sources::SOURCES_MAX;
use crate::{
    AdapterError, CURSOR_BYTES_MAX, Changes, Cursor, Listing, Location, Result, SkuAnswers,
    SkuQuery, StockLevel, StockOperation, Timestamp, WriteOutcome,
};

/// One step of a listing that was asked for with `asked`.
pub(super) fn step<T>(asked: Option<&Cursor>, step: &Listing<T>) -> Result<()> {
    match step {
        Listing::Page { next, .. } if asked == Some(next) => Err(AdapterError::bug(
            "the listing does not move on: it gave the same cursor twice",
        )),
        Listing::Page { next: cursor, .. } | Listing::Pending { cursor, .. } => {
            fits("cursor", &cursor.0)
        }
        Listing::Done { .. } => Ok(()),
    }
}

/// Levels that arrive at `now`.
pub(super) fn levels(levels: &[StockLevel], now: Timestamp) -> Result<()> {
    levels.iter().try_for_each(|level| self::level(level, now))
}

pub(super) fn changes(changes: &Changes<StockLevel>, now: Timestamp) -> Result<()> {
    fits("checkpoint", &changes.checkpoint.0)?;
    if let Some(next) = &changes.next {
        fits("cursor", &next.0)?;
    }
    levels(&changes.items, now)
}

pub(super) fn answers(query: &SkuQuery, answers: &SkuAnswers, now: Timestamp) -> Result<()> {
    levels(&answers.levels, now)?;
    let found = answers.levels.iter().map(|level| &level.sku);
    let told: HashSet<_> = found
        .chain(answers.errors.iter().map(|error| &error.sku))
        .collect();
    match query.skus.iter().find(|sku| !told.contains(sku)) {
        Some(missing) => Err(AdapterError::bug(format!(
            "`{missing}` has neither a level nor an error; say with `SkuError::not_found` that it is unknown"
        ))),
        None => Ok(()),
    }
}

pub(super) fn outcomes(operations: &[StockOperation], outcomes: &[WriteOutcome]) -> Result<()> {
    let (asked, told) = (operations.len(), outcomes.len());
    match asked == told {
        true => Ok(()),
        false => Err(AdapterError::bug(format!(
            "{told} outcomes for {asked} operations; there must be one for each, in order"
        ))),
    }
}

pub(super) fn locations(locations: &[Location]) -> Result<()> {
    let mut ids = HashSet::new();
    if let Some(twice) = locations.iter().find(|location| !ids.insert(&location.id)) {
        return Err(AdapterError::bug(format!(
            "location `{}` is listed twice",
            twice.id
        )));
    }
    let mut parents = locations
        .iter()
        .filter_map(|location| location.parent.as_ref());
    match parents.find(|parent| !ids.contains(parent)) {
        Some(lost) => Err(AdapterError::bug(format!(
            "location `{lost}` holds others, but is not listed itself"
        ))),
        None => Ok(()),
    }
}

fn level(level: &StockLevel, now: Timestamp) -> Result<()> {
    let StockLevel { sku, location, .. } = level;
    let quantities = &level.quantities;
    let has_count = quantities.available.is_some() || quantities.on_hand.is_some();
    if level.tracking.is_counted() && !has_count {
        return Err(AdapterError::bug(format!(
            "the level of `{sku}` at `{location}` is counted, but has neither `available` nor `on_hand`; say with \
             `StockLevel::uncounted` why there is no count"
        )));
    }
    if level.parts.len() > SOURCES_MAX {
        return Err(AdapterError::bug(format!(
            "the level of `{sku}` at `{location}` has more than {SOURCES_MAX} parts"
        )));
    }
    if level.fetched_at > now || level.as_of.is_some_and(|as_of| as_of > level.fetched_at) {
        return Err(AdapterError::bug(format!(
            "the level of `{sku}` at `{location}` was fetched in the future; take the answer's `sent_at`"
        )));
    }
    Ok(())
}

fn fits(what: &str, text: &str) -> Result<()> {
    match text.len() > CURSOR_BYTES_MAX {
        true => Err(AdapterError::bug(format!(
            "the {what} is larger than {CURSOR_BYTES_MAX} bytes"
        ))),
        false => Ok(()),
    }
}
