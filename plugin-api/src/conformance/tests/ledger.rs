//! The ledger: it explains every number, and says so of itself.

use std::collections::BTreeSet;

use super::writes::{Target, one_more, op_id, put_back, target, write};
use crate::conformance::Bench;
use crate::conformance::finding::{Ended, Finding, Promised, Stop};
use crate::conformance::rig::{Line, Rig};
use crate::{Capability, Cursor, LedgerEntry, LedgerQuery, Listing, Quantity};

/// Most pages of a ledger that are read.
const PAGES_MAX: usize = 1_000;

pub(in crate::conformance) async fn the_ledger_of_an_article_is_numbered_without_a_gap(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect_to(bench.live_system()).await?;
    let target = target(&line).await?;
    let entries = entries(&line, &LedgerQuery::of(target.sku.clone())).await?;
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.number).collect();
    let expected: Vec<u64> = (1..=numbers.len() as u64).rev().collect();
    if numbers != expected || entries.iter().any(|entry| entry.sku != target.sku) {
        bench.found(
            Finding::must_fix(format!("listed the ledger of `{}`", target.sku))
                .expected("each of its changes once, newest first, numbered from 1")
                .seen(format!("numbers {numbers:?}"))
                .way_out("count the changes of each article by themselves, and let the cursor go on after the last one"),
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn a_write_is_an_entry_of_the_ledger(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect_to(bench.live_system()).await?;
    let target = target(&line).await?;
    let before = entries(&line, &LedgerQuery::of(target.sku.clone())).await?;
    let operation = one_more(&target, &op_id(bench, 40)).with_author("kit");
    write(&line, &operation).await?;
    write(&line, &operation).await?;
    let after = entries(&line, &LedgerQuery::of(target.sku.clone())).await?;
    judge(bench, &target, &operation.op_id, before.len(), &after);
    put_back(bench, &line, &target).await
}

fn judge(bench: &Bench, target: &Target, op_id: &str, before: usize, after: &[LedgerEntry]) {
    let newest = after.first();
    let is_told = newest.is_some_and(|entry| {
        let sum: Quantity = entry.lines.iter().map(|line| line.on_hand).sum();
        let is_ours =
            entry.op_id.as_deref() == Some(op_id) && entry.author.as_deref() == Some("kit");
        is_ours && sum == Quantity::units(1)
    });
    if after.len() == before + 1 && is_told {
        return;
    }
    bench.found(
        Finding::must_fix(format!(
            "wrote one more of `{}`, twice with one operation id",
            target.sku
        ))
        .expected("one entry more, with the operation id, its author, and lines that come to 1")
        .seen(format!(
            "{before} entries, then {}, the newest: {newest:?}",
            after.len()
        ))
        .way_out("write the entry in the commit that changes the number"),
    );
}

pub(in crate::conformance) async fn the_ledger_adds_up(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect_to(bench.live_system()).await?;
    let (mut articles, mut cursor) = (0, None);
    for _ in 0..PAGES_MAX {
        let check = line.connection.verify_ledger(cursor).await;
        let check = check.promised("let the ledger be added up")?;
        articles += check.articles;
        let (findings, next) = step(check.findings);
        if let Some(finding) = findings.first() {
            bench.found(
                Finding::must_fix("let the ledger be added up")
                    .expected("nothing wrong: the kit has touched it through the adapter alone")
                    .seen(format!("{finding:?}"))
                    .way_out("commit a number and the entry that explains it together"),
            );
        }
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    let skus: BTreeSet<_> = line
        .connection
        .list_stock(None)
        .await
        .promised("listed all stock")?
        .into_iter()
        .map(|level| level.sku)
        .collect();
    if articles < skus.len() as u64 {
        bench.found(
            Finding::must_fix("let the ledger be added up")
                .expected(format!("all {} articles of the listing", skus.len()))
                .seen(format!("{articles}"))
                .way_out("count every article that was added up in `LedgerCheck::articles`"),
        );
    }
    Ok(())
}

/// All entries, page by page.
async fn entries(line: &Line, query: &LedgerQuery) -> Result<Vec<LedgerEntry>, Stop> {
    let (mut entries, mut query) = (Vec::new(), query.clone());
    for _ in 0..PAGES_MAX {
        let page = line.connection.list_ledger(&query).await;
        let (items, next) = step(page.promised("listed the ledger of an article")?);
        entries.extend(items);
        match next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(entries),
        }
    }
    Err(Stop::not_applicable(
        "the ledger has more pages than the kit reads",
    ))
}

/// What a step brings, and where the next one goes on.
fn step<T>(listing: Listing<T>) -> (Vec<T>, Option<Cursor>) {
    match listing {
        Listing::Page { items, next } => (items, Some(next)),
        Listing::Pending { cursor, .. } => (Vec::new(), Some(cursor)),
        Listing::Done { items, .. } => (items, None),
    }
}

fn expect(rig: &Rig<'_>) -> Result<(), Stop> {
    match rig.can(|capability| *capability == Capability::StockLedger) {
        true => Ok(()),
        false => Err(Stop::not_applicable(
            "the adapter does not serve `StockLedger`",
        )),
    }
}
