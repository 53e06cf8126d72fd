//! The ledger told, and proved: what all entries of an article come to must be what its shelf holds.

use std::collections::BTreeMap;

use bestand_plugin_api::state::EntryRange;
use bestand_plugin_api::{
    AdapterError, Condition, Ctx, Cursor, LedgerCheck, LedgerEntry, LedgerFinding, LedgerKind,
    LedgerLine, LedgerQuery, Listing, LocationId, Quantity, Result, Sku, StockChange, StockLedger,
    call,
};

use crate::ledger::{Cause, Entry, Line};
use crate::shelf::Shelf;
use crate::{Warehouse, keys, places, walk};

/// Entries per page; each has at most a few hundred lines.
const PAGE: usize = 500;
/// Entries after which a step of a check ends with the article it is at: far less than a second each ten thousand.
const ENTRIES_PER_STEP: u64 = 20_000;
/// Missing entries told of one article; the rest is the same trouble.
const MISSING_MAX: usize = 10;

/// On hand and allocated by place, condition and lot.
type Sums = BTreeMap<(LocationId, Condition, Option<String>), (Quantity, Quantity)>;

impl StockLedger for Warehouse {
    async fn list_ledger(&self, ctx: &Ctx, query: LedgerQuery) -> Result<Listing<LedgerEntry>> {
        let (entries, next) = match &query.sku {
            Some(sku) => newest_first(ctx, sku, query.cursor.as_ref()).await?,
            None => by_key(ctx, query.cursor).await?,
        };
        let is_meant = |entry: &Entry| {
            let place = query.location.as_ref();
            let touches = |place| {
                let mut lines = entry.lines.iter();
                lines.any(|line| places::covers(place, &line.location)) || entry.lines.is_empty()
            };
            place.is_none_or(touches)
        };
        let items = entries.into_iter().filter(is_meant).map(told).collect();
        Ok(match next {
            Some(next) => Listing::page(items, next),
            None => Listing::done(items),
        })
    }

    /// The cursor is the key of the last shelf that was added up.
    async fn verify_ledger(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<LedgerCheck> {
        let page = walk::page(ctx, cursor.map(|cursor| cursor.0)).await?;
        let (mut articles, mut entries, mut findings) = (0, 0, Vec::new());
        let mut shelves = page.shelves.into_iter().peekable();
        while let Some((stored, shelf)) = shelves.next() {
            entries += verify(ctx, &shelf, &mut findings).await?;
            articles += 1;
            if entries >= ENTRIES_PER_STEP && shelves.peek().is_some() {
                let findings = Listing::page(findings, stored.key);
                return Ok(LedgerCheck::new(articles, entries, findings));
            }
        }
        let findings = match page.next {
            Some(next) => Listing::page(findings, next),
            None => Listing::done(findings),
        };
        Ok(LedgerCheck::new(articles, entries, findings))
    }
}

/// The cursor is the number of the newest entry of the page.
async fn newest_first(
    ctx: &Ctx,
    sku: &Sku,
    cursor: Option<&Cursor>,
) -> Result<(Vec<Entry>, Option<String>)> {
    let shelf = match sku.len() > keys::SKU_BYTES_MAX {
        true => None,
        false => ctx.state().get(&keys::stock(sku)).await?,
    };
    let Some(shelf) = shelf else {
        return Ok((Vec::new(), None));
    };
    let latest = call::decode::<Shelf>(&shelf.value)?.revision;
    let unreadable = |_| AdapterError::not_found("the cursor is none of this ledger's");
    let from: u64 = match cursor {
        Some(Cursor(number)) => number.parse().map_err(unreadable)?,
        None => latest,
    };
    let numbers = (1..=from.min(latest)).rev().take(PAGE);
    let wanted: Vec<String> = numbers.map(|number| keys::ledger(sku, number)).collect();
    let next = from.min(latest).saturating_sub(wanted.len() as u64);
    let stored = ctx.state().get_many(wanted).await?.into_iter().flatten();
    let entries = stored.map(|entry| call::decode(&entry.value));
    let next = (next > 0).then(|| next.to_string());
    Ok((entries.collect::<Result<_>>()?, next))
}

/// The cursor is the last key of the page before.
async fn by_key(ctx: &Ctx, cursor: Option<Cursor>) -> Result<(Vec<Entry>, Option<String>)> {
    let mut range = EntryRange::prefix(keys::LEDGER).limit(PAGE);
    range.after = cursor.map(|cursor| cursor.0);
    let stored = ctx.state().list(&range).await?;
    let next = stored.get(PAGE - 1).map(|last| last.key.clone());
    let entries = stored.iter().map(|entry| call::decode(&entry.value));
    Ok((entries.collect::<Result<_>>()?, next))
}

/// Adds up an article as its shelf was read: what was entered later is left out. Answers how many entries it has.
async fn verify(ctx: &Ctx, shelf: &Shelf, findings: &mut Vec<LedgerFinding>) -> Result<u64> {
    let (mut sums, mut missing) = (Sums::new(), 0);
    let mut expected = 1;
    while expected <= shelf.revision {
        let numbers = (expected..=shelf.revision).take(PAGE);
        let wanted: Vec<String> = numbers
            .map(|number| keys::ledger(&shelf.sku, number))
            .collect();
        for stored in ctx.state().get_many(wanted).await? {
            match stored {
                Some(stored) => add(&mut sums, call::decode::<Entry>(&stored.value)?.lines),
                None if missing < MISSING_MAX => {
                    missing += 1;
                    findings.push(LedgerFinding::missing(shelf.sku.clone(), expected));
                }
                None => {}
            }
            expected += 1;
        }
    }
    let mut held = Sums::new();
    add(&mut held, shelf.holdings());
    for key in sums
        .keys()
        .chain(held.keys().filter(|key| !sums.contains_key(key)))
    {
        let sum = |sums: &Sums| sums.get(key).copied().unwrap_or_default();
        if sum(&sums) != sum(&held) {
            let (ledger, held) = (line(key, sum(&sums)), line(key, sum(&held)));
            findings.push(LedgerFinding::differs(shelf.sku.clone(), ledger, held));
        }
    }
    Ok(shelf.revision)
}

fn add(sums: &mut Sums, lines: Vec<Line>) {
    for line in lines {
        let sum = sums
            .entry((line.location, line.condition, line.lot))
            .or_default();
        *sum = (sum.0 + line.on_hand, sum.1 + line.allocated);
    }
}

fn line(
    (location, condition, lot): &(LocationId, Condition, Option<String>),
    (on_hand, allocated): (Quantity, Quantity),
) -> LedgerLine {
    let mut line = LedgerLine::new(location.clone(), on_hand, allocated);
    (line.condition, line.lot) = (*condition, lot.clone());
    line
}

fn told(entry: Entry) -> LedgerEntry {
    let kind = kind(&entry.cause);
    let mut told = LedgerEntry::new(entry.sku, entry.number, entry.at, kind);
    if let Cause::Operation {
        op_id,
        reason,
        note,
        author,
        ..
    } = entry.cause
    {
        told.op_id = Some(op_id);
        (told.reason, told.note, told.author) = (reason, note, author);
    }
    let lines = entry.lines.into_iter();
    told.lines = lines
        .map(
            |Line {
                 location,
                 on_hand,
                 allocated,
                 condition,
                 lot,
             }| { line(&(location, condition, lot), (on_hand, allocated)) },
        )
        .collect();
    told.unit_cost = entry.unit_cost;
    told
}

fn kind(cause: &Cause) -> LedgerKind {
    let Cause::Operation { change, .. } = cause else {
        return LedgerKind::Removed;
    };
    match change {
        StockChange::Adjust { delta } if delta.is_negative() => LedgerKind::Decrement,
        StockChange::Adjust { .. } => LedgerKind::Increment,
        StockChange::Set { .. } => LedgerKind::Adjust,
        StockChange::Move { .. } | StockChange::Regrade { .. } | StockChange::Recost { .. } => {
            LedgerKind::Modify
        }
        StockChange::Reserve { .. } => LedgerKind::Reserve,
        StockChange::Release { .. } => LedgerKind::Release,
        StockChange::Ship { .. } => LedgerKind::Ship,
        _ => LedgerKind::Unknown,
    }
}
