//! Values reach the host as the system sent them.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use crate::conformance::Bench;
use crate::conformance::deed::{Deed, Done, timeless};
use crate::conformance::edit::{Edited, places_of, replaced, with_unknown_fields};
use crate::conformance::finding::{Ended, Finding, Promised, Stop, told};
use crate::conformance::rig::Rig;
use crate::{ErrorKind, Quantity, Result, StockLevel};

/// A SKU as merchants make them.
const STRANGE_SKU: &str = "Größe 42 – ✓/箱\u{1f4e6}";
/// A number that nothing else is.
const CONTROL: &str = "471147";
/// What counts can be: halves, oversold, beyond 32 bits, and what a double cannot hold.
const NUMBERS: [&str; 7] = [
    "0.5",
    "-3",
    "2147483648",
    "0.1",
    "12.345678",
    "9007199254.740993",
    "0",
];
/// Places of a number that are tried.
const PLACES_MAX: usize = 24;

/// Where a number stands in what the system answers, and where it turns up.
struct Found {
    request: usize,
    range: Range<usize>,
    level: StockLevel,
    is_on_hand: bool,
}

pub(in crate::conformance) async fn unknown_fields_are_ignored(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    rig.expect_traffic()?;
    for deed in Deed::all(&rig).await? {
        let baseline = deed
            .on(&rig.connect().await?)
            .await
            .promised(&format!("called `{}`", deed.name()))?;
        let edited = Edited::new(bench.system(), |_, text| Some(with_unknown_fields(text)));
        let line = rig.connect_to(Arc::new(edited)).await?;
        let seen = match deed.on(&line).await {
            Ok(done) if done == baseline => continue,
            Ok(done) => format!("another answer: {}", done.told()),
            Err(error) => told(&error),
        };
        bench.found(
            Finding::must_fix(format!(
                "added a field to every row that `{}` reads",
                deed.name()
            ))
            .expected("the same answer: systems add fields without notice")
            .seen(seen)
            .way_out("no `deny_unknown_fields` on what a system answers"),
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn a_sku_of_any_script_survives(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let (levels, answers) = listed(&rig).await?;
    let named = |level: &&StockLevel| {
        answers
            .iter()
            .any(|text| !places_of(text, |leaf| leaf.eq_ignore_ascii_case(&level.sku)).is_empty())
    };
    let Some(level) = levels.iter().find(named) else {
        return Err(Stop::not_applicable(
            "no SKU of the listing stands as it is in what the system answers",
        ));
    };
    let old = level.sku.as_str().to_owned();
    let edited = Edited::new(bench.system(), move |_, text| {
        let mut text = text.to_owned();
        for range in places_of(&text, |leaf| leaf.eq_ignore_ascii_case(&old))
            .into_iter()
            .rev()
        {
            text = replaced(&text, &range, STRANGE_SKU);
        }
        Some(text)
    });
    let line = rig.connect_to(Arc::new(edited)).await?;
    let done = format!(
        "listed stock in which `{}` is called `{STRANGE_SKU}`",
        level.sku
    );
    let seen = match line.connection.list_stock(None).await {
        Ok(levels) if levels.iter().any(|level| level.sku.as_str() == STRANGE_SKU) => return Ok(()),
        Ok(levels) => format!("no such article among {} levels", levels.len()),
        Err(error) => told(&error),
    };
    Err(Finding::must_fix(done)
        .expected("a level of just that SKU")
        .seen(seen)
        .way_out("take SKUs with `Sku::new` as they are: no lower case, no trimming of letters, no filter")
        .into())
}

pub(in crate::conformance) async fn quantities_are_exact(bench: &Bench) -> Ended {
    let rig = bench.start().await?;
    let (levels, answers) = listed(&rig).await?;
    let Some(found) = find_number(&rig, &levels, &answers).await? else {
        return Err(Stop::not_applicable(
            "no number of the listing could be traced to what the system answers",
        ));
    };
    for number in NUMBERS {
        let done = format!(
            "answered {number} where `{}` had another number",
            found.level.sku
        );
        let expected: Quantity = number.parse().expect("a number written out above");
        let is_whole = expected.is_whole();
        let seen = match list_with(&rig, &found, number).await? {
            Ok(levels) => match found.number_in(&levels) {
                Some(quantity) if quantity == expected => continue,
                Some(quantity) => quantity.to_string(),
                None => "no level".into(),
            },
            // A system that counts in whole numbers has no others, and then an error is an answer.
            Err(error) if !is_whole && error.kind == ErrorKind::Protocol => continue,
            Err(error) => told(&error),
        };
        bench.found(
            Finding::must_fix(done)
                .expected(format!("{number}, to the last digit"))
                .seen(seen)
                .way_out("read quantities as `Quantity` (it reads numbers and texts), never as `f64` or `u32`"),
        );
    }
    Ok(())
}

/// All levels, and the bodies they were read from.
async fn listed(rig: &Rig<'_>) -> Result<(Vec<StockLevel>, Vec<String>), Stop> {
    rig.expect_listing()?;
    rig.expect_traffic()?;
    let texts = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&texts);
    let listening = Edited::new(rig.bench.system(), move |_, text| {
        kept.lock().expect("no holder panics").push(text.to_owned());
        None
    });
    let line = rig.connect_to(Arc::new(listening)).await?;
    let levels = line
        .connection
        .list_stock(None)
        .await
        .promised("listed all stock")?;
    let texts = texts.lock().expect("no holder panics").clone();
    Ok((timeless(levels), texts))
}

/// A place whose number turns up in a level as it stands.
async fn find_number(
    rig: &Rig<'_>,
    levels: &[StockLevel],
    answers: &[String],
) -> Result<Option<Found>, Stop> {
    let numbers: Vec<Quantity> = levels
        .iter()
        .filter_map(|level| level.quantities.on_hand.or(level.quantities.available))
        .collect();
    let is_one = |leaf: &str| {
        leaf.parse::<Quantity>()
            .is_ok_and(|number| number != Quantity::ZERO && numbers.contains(&number))
    };
    let places = answers.iter().enumerate().flat_map(|(request, text)| {
        places_of(text, is_one)
            .into_iter()
            .map(move |range| (request, range))
    });
    let control: Quantity = CONTROL.parse().expect("a number written out above");
    for (request, range) in places.take(PLACES_MAX) {
        let Some(level) = levels.first() else { break };
        let mut found = Found {
            request,
            range,
            level: level.clone(),
            is_on_hand: true,
        };
        let Ok(levels) = list_with(rig, &found, CONTROL).await? else {
            continue;
        };
        let hit = levels.iter().find(|level| {
            [level.quantities.on_hand, level.quantities.available].contains(&Some(control))
        });
        if let Some(level) = hit {
            found.is_on_hand = level.quantities.on_hand == Some(control);
            found.level = level.clone();
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// A listing with another number in this place.
async fn list_with(
    rig: &Rig<'_>,
    found: &Found,
    number: &str,
) -> Result<Result<Vec<StockLevel>>, Stop> {
    let (at, range, number) = (found.request, found.range.clone(), number.to_owned());
    let edited = Edited::new(rig.bench.system(), move |request, text| {
        let is_it = request == at && text.len() >= range.end;
        is_it.then(|| replaced(text, &range, &number))
    });
    let line = rig.connect_to(Arc::new(edited)).await?;
    Ok(match Deed::ListStock.on(&line).await {
        Ok(Done::Levels(levels)) => Ok(levels),
        Ok(_) => Ok(Vec::new()),
        Err(error) => Err(error),
    })
}

// === impl Found ===

impl Found {
    fn number_in(&self, levels: &[StockLevel]) -> Option<Quantity> {
        let level = levels
            .iter()
            .find(|level| level.sku == self.level.sku && level.location == self.level.location)?;
        match self.is_on_hand {
            true => level.quantities.on_hand,
            false => level.quantities.available,
        }
    }
}
