//! Closing a warehouse or a location.
//!
//! Every shelf that knows the place forgets it first, each under the expectation that nobody has changed it; then the
//! place itself goes, under the expectation that no article was brought to it for the first time meanwhile. So
//! nothing can come to lie at a place that is no longer there. If something did meanwhile, the round is made again.

use bestand_plugin_api::state::{Entry, Expected, Write, Written};
use bestand_plugin_api::{AdapterError, Ctx, Location, LocationId, Result, Sku, call};

use crate::draft::untouched;
use crate::ledger::{self, Cause, Line};
use crate::location_writes::{ATTEMPTS_MAX, busy};
use crate::places::{self, Place, find};
use crate::shelf::Shelf;
use crate::{keys, walk};

/// Places removed in one commit; each costs two writes of 10,000.
const PLACES_MAX: usize = 4000;

/// Removes a place, and answers with what it was.
pub(crate) async fn remove(ctx: &Ctx, place: &LocationId, discard: bool) -> Result<Location> {
    let (_, removed) = find(ctx, place).await?;
    for _ in 0..ATTEMPTS_MAX {
        let doomed = doomed(ctx, place).await?;
        if !discard {
            refuse_stock(ctx, place).await?;
        }
        clear(ctx, place, discard).await?;
        if close(ctx, &doomed).await? {
            return Ok(removed.seen(place.clone()));
        }
    }
    Err(busy())
}

/// What is to go, the place itself last. It is read before the locations in it: one that is opened later changes the
/// entry that was read.
async fn doomed(ctx: &Ctx, place: &LocationId) -> Result<Vec<(Entry, Place)>> {
    let this = find(ctx, place).await?;
    let mut doomed = match places::is_site(place) {
        true => places::inside(ctx, place).await?,
        false => Vec::new(),
    };
    doomed.push(this);
    Ok(doomed)
}

async fn refuse_stock(ctx: &Ctx, place: &LocationId) -> Result<()> {
    let (mut after, mut held) = (None, Vec::new());
    loop {
        let page = walk::page(ctx, after).await?;
        let shelves = page.shelves.into_iter().map(|(_, shelf)| shelf);
        held.extend(
            shelves
                .filter(|shelf| !shelf.clearing(place).is_empty())
                .map(|shelf| shelf.sku),
        );
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    match held.split_first() {
        Some((sku, others)) => Err(holds_stock(sku, others.len())),
        None => Ok(()),
    }
}

/// Makes every shelf forget the place.
async fn clear(ctx: &Ctx, place: &LocationId, discard: bool) -> Result<()> {
    let (mut after, mut attempts) = (None, 0);
    while attempts < ATTEMPTS_MAX {
        let page = walk::page(ctx, after.clone()).await?;
        let writes = clearing(ctx, place, page.shelves, discard).await?;
        if !writes.is_empty() && ctx.state().commit(&writes).await? != Written::Done {
            attempts += 1; // The same page again.
            continue;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
    Err(busy())
}

/// What makes these shelves forget the place.
async fn clearing(
    ctx: &Ctx,
    place: &LocationId,
    shelves: Vec<(Entry, Shelf)>,
    discard: bool,
) -> Result<Vec<Write>> {
    let now = ctx.now().await?;
    let mut writes = Vec::new();
    for (entry, mut shelf) in shelves
        .into_iter()
        .filter(|(_, shelf)| shelf.knows_inside(place))
    {
        let lines = shelf.clearing(place);
        if !lines.is_empty() && !discard {
            return Err(holds_stock(&shelf.sku, 0));
        }
        if !lines.is_empty() {
            shelf.post(&lines, now).map_err(AdapterError::bug)?;
            writes.push(written_off(&shelf, lines)?);
        }
        shelf.forget(place);
        let expected = Expected::Version(entry.version);
        writes.push(Write::put(entry.key, call::encode(&shelf)?, expected));
    }
    // The warehouse around a location now knows these articles itself, and must still be there.
    if let (Some(site), false) = (places::parent_of(place), writes.is_empty()) {
        writes.push(untouched(&find(ctx, &site).await?.0));
    }
    Ok(writes)
}

/// `false` when somebody else has used one of the places.
async fn close(ctx: &Ctx, doomed: &[(Entry, Place)]) -> Result<bool> {
    for places in doomed.chunks(PLACES_MAX) {
        let unmade = places.iter().flat_map(|(entry, place)| place.unmade(entry));
        if ctx.state().commit(&unmade.collect::<Vec<_>>()).await? != Written::Done {
            return Ok(false);
        }
    }
    Ok(true)
}

fn written_off(shelf: &Shelf, lines: Vec<Line>) -> Result<Write> {
    let entry = ledger::Entry {
        sku: shelf.sku.clone(),
        number: shelf.revision,
        at: shelf.updated_at,
        cause: Cause::PlaceRemoved,
        lines,
        unit_cost: shelf.unit_cost,
    };
    let key = keys::ledger(&entry.sku, entry.number);
    Ok(Write::put(key, call::encode(&entry)?, Expected::Absent))
}

fn holds_stock(sku: &Sku, others: usize) -> AdapterError {
    let others = match others {
        0 => String::new(),
        1 => " and of one other article".into(),
        others => format!(" and of {others} other articles"),
    };
    let message =
        format!("there is stock of `{sku}`{others}: move it, or discard it with the place");
    AdapterError::config("location", message)
}
