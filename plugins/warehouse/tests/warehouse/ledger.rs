//! The ledger explains every number.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bestand_plugin_api::{
    Condition, Listing, LocationChange, LocationId, Quantity, StockChange, StockOperation,
    Timestamp, WriteOutcome, call,
};
use bestand_plugin_warehouse::ledger::{Cause, Line};
use futures::future::join_all;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{
    Shop, adjust, bring, main_site, operation, regrade, release, reserve, set, ship,
};

const CONDITIONS: [Condition; 4] = [
    Condition::Sellable,
    Condition::Damaged,
    Condition::Expired,
    Condition::QaHold,
];
const ARTICLES: [&str; 3] = ["A", "A/1", "B"];

/// What is tried: which article, which place, what, and under which id (few, so that some are repeats).
#[derive(Clone, Debug)]
struct Try {
    id: u8,
    article: usize,
    place: usize,
    to: usize,
    what: u8,
    quantity: i64,
    /// Of which lot, if any.
    lot: u8,
    /// In which condition, if one is named.
    condition: Option<Condition>,
}

fn tries() -> impl Strategy<Value = Try> {
    (
        any::<u8>(),
        0..ARTICLES.len(),
        0..5_usize,
        0..5_usize,
        0..8_u8,
        -3..12_i64,
        0..4_u8,
        prop::option::of(prop::sample::select(CONDITIONS.to_vec())),
    )
        .prop_map(
            |(id, article, place, to, what, quantity, lot, condition)| Try {
                id,
                article,
                place,
                to,
                what,
                quantity,
                lot,
                condition,
            },
        )
}

/// Calls that are under way at once, each a batch of operations, and how many of their answers are lost in a crash, after
/// which all of them are sent again.
#[derive(Clone, Debug)]
struct Round {
    calls: Vec<Vec<Try>>,
    lost: Option<usize>,
}

fn rounds() -> impl Strategy<Value = Vec<Round>> {
    let call = prop::collection::vec(tries(), 1..5);
    let calls = prop::collection::vec(call, 1..4);
    let round =
        (calls, prop::option::of(0..4_usize)).prop_map(|(calls, lost)| Round { calls, lost });
    prop::collection::vec(round, 1..12)
}

fn change(tried: &Try, places: &[LocationId]) -> StockChange {
    match tried.what {
        0 => set(tried.quantity),
        1 => StockChange::Set {
            quantity: Quantity::units(tried.quantity),
            expected: Some(Quantity::units(5)),
        },
        2 => adjust(tried.quantity - 4),
        3 => reserve(tried.quantity),
        4 => release(tried.quantity),
        5 => ship(tried.quantity),
        6 => regrade(tried.quantity, CONDITIONS[tried.to % 4]),
        _ => bring(tried.quantity, &places[tried.to]),
    }
}

fn operations(tries: &[Try], places: &[LocationId]) -> Vec<StockOperation> {
    let one = |tried: &Try| {
        let place = &places[tried.place];
        let mut operation = operation(
            &tried.id.to_string(),
            ARTICLES[tried.article],
            place,
            change(tried, places),
        );
        operation.condition = tried.condition;
        operation.lot = (tried.lot > 0).then(|| format!("L{}", tried.lot));
        if tried.lot == 2 {
            operation.expires_at = Some(Timestamp::from_secs(1_700_000_003));
        }
        operation
    };
    tries.iter().map(one).collect()
}

/// Two warehouses, of which the first has two bins and the second one.
async fn shop() -> (Shop, Vec<LocationId>) {
    let shop = Shop::open().await;
    let second = shop.create("Second", None).await.id;
    let places = vec![
        main_site(),
        shop.bin("main", "A-1-1-1").await,
        shop.bin("main", "A-1-1-2").await,
        second.clone(),
        shop.bin(&second.0, "A-1-1-1").await,
    ];
    (shop, places)
}

/// What the ledger adds up to: article and place to on hand and allocated.
fn sums(shop: &Shop) -> BTreeMap<(String, String), (Quantity, Quantity)> {
    let mut sums = BTreeMap::new();
    for entry in shop.ledger() {
        for Line {
            location,
            on_hand,
            allocated,
            ..
        } in entry.lines
        {
            let key = (entry.sku.to_string(), location.0);
            let sum: &mut (Quantity, Quantity) = sums.entry(key).or_default();
            *sum = (sum.0 + on_hand, sum.1 + allocated);
        }
    }
    sums
}

async fn ledger_explains_levels(shop: &Shop) {
    assert_eq!(batches(shop), held(shop));
    let sums = sums(shop);
    let mut explained = 0;
    for level in shop.connection.list_stock(None).await.unwrap() {
        let site = level.location.0.as_str();
        let inside = sums.iter().filter(|((sku, place), _)| {
            *sku == *level.sku && (place == site || place.starts_with(&format!("{site}.")))
        });
        let (on_hand, allocated): (Vec<_>, Vec<_>) = inside.map(|(_, sum)| *sum).unzip();
        explained += on_hand.len();
        let (on_hand, allocated): (Quantity, Quantity) =
            (on_hand.into_iter().sum(), allocated.into_iter().sum());
        assert_eq!(level.quantities.on_hand, Some(on_hand));
        assert_eq!(level.quantities.allocated, Some(allocated));
        let unsellable = level.quantities.other.values().copied().sum();
        let available = on_hand - allocated - unsellable;
        assert_eq!(level.quantities.available, Some(available));
    }
    assert_eq!(explained, sums.len(), "every line belongs to a level");
    for ((sku, place), (on_hand, allocated)) in sums {
        assert!(
            !on_hand.is_negative() && !allocated.is_negative(),
            "{sku} at {place}"
        );
        let here = shop.level(&sku, &LocationId(place)).await;
        if here.location.0.contains('.') {
            assert_eq!(here.quantities.on_hand, Some(on_hand));
            assert_eq!(here.quantities.allocated, Some(allocated));
        }
    }
}

/// By article, place, condition and lot: what the ledger adds up to for all that is not plain.
fn batches(shop: &Shop) -> BTreeMap<(String, String, String, Option<String>), i64> {
    let mut sums = BTreeMap::new();
    for entry in shop.ledger() {
        for line in entry.lines {
            let key = (
                entry.sku.to_string(),
                line.location.0,
                line.condition.to_string(),
                line.lot,
            );
            *sums.entry(key).or_default() += line.on_hand.millionths();
        }
    }
    sums.retain(|(_, _, condition, lot), sum| {
        *sum != 0 && (condition != "sellable" || lot.is_some())
    });
    sums
}

/// The same as the shelves hold it.
fn held(shop: &Shop) -> BTreeMap<(String, String, String, Option<String>), i64> {
    let mut held = BTreeMap::new();
    let state = shop.host.state();
    for entry in state.iter().filter(|entry| entry.key.starts_with("stock/")) {
        let shelf: Value = call::decode(&entry.value).unwrap();
        for batch in shelf["batches"].as_array().into_iter().flatten() {
            let text = |name: &str| batch[name].as_str().map(str::to_owned);
            let key = (
                shelf["sku"].as_str().unwrap().to_owned(),
                text("location").unwrap(),
                text("condition").unwrap(),
                text("lot"),
            );
            held.insert(key, batch["on_hand"].as_i64().unwrap());
        }
    }
    held
}

/// Applied operations and ledger entries are the same, each once, and numbered without a gap.
fn ledger_names_each_operation_once(shop: &Shop, applied: &BTreeSet<String>) {
    let mut named = BTreeSet::new();
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for entry in shop.ledger() {
        let Cause::Operation { op_id, .. } = entry.cause else {
            panic!("nothing else was done");
        };
        assert!(named.insert(op_id), "no operation counts twice");
        let last = numbers.entry(entry.sku.to_string()).or_default();
        assert_eq!(entry.number, *last + 1);
        *last = entry.number;
    }
    assert_eq!(named, *applied);
}

async fn run(rounds: Vec<Round>) {
    let (mut shop, places) = shop().await;
    shop.host.interleave();
    let mut applied = BTreeSet::new();
    for Round { calls, lost } in rounds {
        let calls: Vec<_> = calls
            .iter()
            .map(|tries| operations(tries, &places))
            .collect();
        if let Some(lost) = lost {
            shop.host.lose_commit_answers(lost);
            join_all(calls.iter().map(|call| shop.write(call.clone()))).await;
            ledger_explains_levels(&shop).await;
            shop.host.lose_commit_answers(0);
            shop = Shop::on(shop.host).await;
        }
        let outcomes = join_all(calls.iter().map(|call| shop.write(call.clone()))).await;
        for (operation, outcome) in calls.concat().iter().zip(outcomes.concat()) {
            assert!(
                !matches!(outcome, WriteOutcome::Unknown { .. }),
                "{operation:?}"
            );
            if outcome == WriteOutcome::Applied {
                applied.insert(operation.op_id.clone());
            }
        }
        ledger_explains_levels(&shop).await;
        let check = shop.connection.verify_ledger(None).await.unwrap();
        assert_eq!(check.findings, Listing::done(vec![]));
        shop.host.advance(Duration::from_secs(1));
    }
    ledger_names_each_operation_once(&shop, &applied);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_ledger_adds_up_to_the_levels_whatever_is_done_at_once_and_wherever_it_crashes(rounds in rounds()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(run(rounds));
    }
}

#[tokio::test]
async fn an_entry_keeps_why_and_what_it_came_to() {
    let shop = Shop::open().await;
    let counted = operation("count-1", "A", &main_site(), set(7))
        .with_reason("count")
        .with_note("found two behind the shelf");
    shop.apply(counted).await;
    let entry = shop.ledger().remove(0);
    assert_eq!(
        (entry.number, entry.at.to_string().as_str()),
        (1, "2023-11-14T22:13:20Z")
    );
    assert_eq!(
        entry.cause,
        Cause::Operation {
            op_id: "count-1".into(),
            change: set(7),
            reason: Some("count".into()),
            note: Some("found two behind the shelf".into()),
            author: None,
            expires_at: None,
        }
    );
    let line = Line {
        location: main_site(),
        on_hand: Quantity::units(7),
        allocated: Quantity::ZERO,
        condition: Condition::Sellable,
        lot: None,
    };
    assert_eq!(entry.lines, [line]);
}

#[tokio::test]
async fn what_is_written_off_with_a_place_is_in_the_ledger() {
    let (shop, places) = shop().await;
    shop.apply(operation("1", "A", &places[1], set(7))).await;
    let change = LocationChange::remove_with_stock(places[1].clone());
    shop.connection.change_location(&change).await.unwrap();
    let entry = shop.ledger().remove(1);
    assert_eq!(entry.cause, Cause::PlaceRemoved);
    assert_eq!(entry.lines[0].on_hand, Quantity::units(-7));
}
