//! Answers for some SKUs: what an order is shown.

use crate::conformance::Bench;
use crate::conformance::deed::{some_skus, timeless};
use crate::conformance::finding::{Ended, Finding, Promised, Stop};
use crate::conformance::rig::Rig;
use crate::{Quantities, Sku, SkuErrorKind, SkuQuery, StockLevel, Tracking};

/// An article that no system has.
const UNKNOWN: &str = "BESTAND-KIT-NO-SUCH-ARTICLE";

pub(in crate::conformance) async fn answers_by_sku_agree_with_the_listing(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let skus = skus(&rig).await?;
    let line = rig.connect().await?;
    let listed = timeless(
        line.connection
            .list_stock(None)
            .await
            .promised("listed all stock")?,
    );
    let answers = line
        .connection
        .stock_by_sku(&SkuQuery::of(skus.clone()))
        .await;
    let answers = timeless(
        answers
            .promised("asked for some SKUs of the listing")?
            .levels,
    );
    let alone = vec![skus[0].clone()];
    let of_one = line
        .connection
        .stock_by_sku(&SkuQuery::of(alone.clone()))
        .await;
    let of_one = of_one.promised("asked for one SKU of the listing")?.levels;
    if let Some(level) = of_one.iter().find(|level| !alone.contains(&level.sku)) {
        bench.found(
            Finding::should_fix(format!("asked for `{}` only", alone[0]))
                .expected("its levels")
                .seen(format!("a level of `{}` too", level.sku))
                .way_out("leave others out; the host drops them"),
        );
    }
    for level in listed.iter().filter(|level| skus.contains(&level.sku)) {
        let found = answers
            .iter()
            .find(|answer| answer.sku == level.sku && answer.location == level.location);
        compare(bench, level, found);
    }
    Ok(())
}

fn compare(bench: &Bench, listed: &StockLevel, answered: Option<&StockLevel>) {
    let done = format!(
        "asked for `{}` by its SKU, and looked at `{}`",
        listed.sku, listed.location
    );
    let core = |quantities: &Quantities| (quantities.available, quantities.on_hand);
    let all =
        |quantities: &Quantities| (core(quantities), quantities.allocated, quantities.incoming);
    let Some(answered) = answered else {
        if listed.tracking.is_counted()
            && listed
                .quantities
                .on_hand
                .or(listed.quantities.available)
                .is_some_and(|quantity| quantity != crate::Quantity::ZERO)
        {
            bench.found(
                Finding::must_fix(done)
                    .expected("the level that the listing has")
                    .seen("none")
                    .way_out("answer one level for each place that has the article"),
            );
        }
        return;
    };
    if core(&listed.quantities) != core(&answered.quantities)
        || listed.tracking != answered.tracking
    {
        bench.found(
            Finding::must_fix(done)
                .expected(format!("what the listing says: {:?}, {:?}", listed.tracking, listed.quantities))
                .seen(format!("{:?}, {:?}", answered.tracking, answered.quantities))
                .way_out("count both ways alike; staff see one number now and another after the next sync"),
        );
    } else if all(&listed.quantities) != all(&answered.quantities) {
        bench.found(
            Finding::should_fix(done)
                .expected(format!("what the listing says: {:?}", listed.quantities))
                .seen(format!("{:?}", answered.quantities))
                .way_out("bring the same numbers both ways"),
        );
    }
}

pub(in crate::conformance) async fn an_unknown_sku_is_not_found_and_never_zero(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    expect(&rig)?;
    let line = rig.connect().await?;
    let unknown = Sku::new(UNKNOWN).expect("a SKU written out above");
    let answers = line
        .connection
        .stock_by_sku(&SkuQuery::of(vec![unknown.clone()]))
        .await;
    let answers = answers.promised("asked for a SKU that does not exist")?;
    let is_told = answers
        .errors
        .iter()
        .any(|error| error.sku == unknown && error.kind == SkuErrorKind::NotFound);
    let level = answers.levels.iter().find(|level| level.sku == unknown);
    let seen = match (level, is_told) {
        (None, true) => return Ok(()),
        (Some(level), _) => format!("a level: {:?}, {:?}", level.tracking, level.quantities),
        (None, false) => format!("{:?}", answers.errors),
    };
    Err(Finding::must_fix("asked for a SKU that does not exist")
        .expected("`SkuError::not_found`: unknown is not zero")
        .seen(seen)
        .way_out("put every SKU that the system does not name into `SkuAnswers::errors`")
        .into())
}

pub(in crate::conformance) async fn answers_keep_to_the_places_asked_for(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let skus = skus(&rig).await?;
    let line = rig.connect().await?;
    let all = line
        .connection
        .stock_by_sku(&SkuQuery::of(skus.clone()))
        .await
        .promised("asked for some SKUs")?;
    let Some(place) = all.levels.first().map(|level| level.location.clone()) else {
        return Err(Stop::not_applicable("no SKU lies anywhere"));
    };
    let query = SkuQuery::of(skus).at(vec![place.clone()]);
    let some = line
        .connection
        .stock_by_sku(&query)
        .await
        .promised("asked for some SKUs at one place")?;
    // "It is not stocked there" may be said of a place that is asked for, and left out of an answer about all.
    let says_something =
        |level: &StockLevel| level.tracking != Tracking::NotStocked || level.location != place;
    let expected = timeless(
        all.levels
            .into_iter()
            .filter(|level| level.location == place && says_something(level))
            .collect(),
    );
    let seen = timeless(
        some.levels
            .into_iter()
            .filter(|level| says_something(level))
            .collect(),
    );
    match expected == seen {
        true => Ok(()),
        false => Err(
            Finding::must_fix(format!("asked for some SKUs at `{place}` only"))
                .expected("its levels, as when all places are asked for")
                .seen(super::listing::difference(&expected, &seen))
                .way_out("keep to `SkuQuery::locations`")
                .into(),
        ),
    }
}

fn expect(rig: &Rig<'_>) -> Ended {
    match rig.manifest.by_sku_batch() {
        Some(_) => Ok(()),
        None => Err(Stop::not_applicable(
            "the adapter does not serve `StockBySku`",
        )),
    }
}

/// Some SKUs to ask for.
async fn skus(rig: &Rig<'_>) -> Result<Vec<Sku>, Stop> {
    expect(rig)?;
    let skus = some_skus(rig).await?;
    match skus.is_empty() {
        true => Err(Stop::not_applicable("the listing names no SKU to ask for")),
        false => Ok(skus),
    }
}
