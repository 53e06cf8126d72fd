//! What an adapter promises with its answers.

use bestand_plugin_api::*;
use serde::Serialize;

use crate::probe::{answering, now};

/// The complaint must be a `Bug` that contains `expected`; nothing is expected of what is in order.
fn check<T: std::fmt::Debug>(outcome: Result<T>, expected: &str) {
    match outcome {
        Ok(_) => assert_eq!(expected, ""),
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::Bug, "{error}");
            assert!(
                !expected.is_empty() && error.message.contains(expected),
                "{error}"
            );
        }
    }
}

fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

fn level(quantities: Quantities, fetched_at: Timestamp) -> StockLevel {
    StockLevel::counted(sku("A"), "a".into(), quantities, fetched_at)
}

fn good() -> StockLevel {
    level(
        Quantities::of(Quantity::units(1), Quantity::units(2)),
        now(),
    )
}

#[tokio::test]
async fn a_counted_level_has_a_count_and_a_time_that_has_been() {
    let later = now().after(std::time::Duration::from_secs(1));
    for (level, expected) in [
        (good(), ""),
        (
            level(Quantities::default(), now()),
            "neither `available` nor `on_hand`",
        ),
        (level(good().quantities, later), "fetched in the future"),
    ] {
        let listing = answering(&Listing::done(vec![level.clone()])).await;
        check(listing.list_stock(None).await, expected);
        let changes = answering(&Changes::last(vec![level.clone()], "now")).await;
        check(changes.stock_changes(None, None).await, expected);
        let answers = answering(&SkuAnswers::found(vec![level])).await;
        let query = SkuQuery::of(vec![sku("A")]);
        check(answers.stock_by_sku(&query).await, expected);
    }
}

#[tokio::test]
async fn a_listing_moves_on_with_a_cursor_that_can_be_kept() {
    async fn list(step: Listing<StockLevel>, expected: &str) {
        check(answering(&step).await.list_stock(None).await, expected);
    }
    list(Listing::page(vec![], "again"), "gave the same cursor twice").await;
    let long = "c".repeat(CURSOR_BYTES_MAX + 1);
    list(
        Listing::page(vec![], long.clone()),
        "the cursor is larger than 65536 bytes",
    )
    .await;
    let changes = answering(&Changes::<StockLevel>::last(vec![], long)).await;
    check(
        changes.stock_changes(None, None).await,
        "the checkpoint is larger",
    );
}

#[tokio::test]
async fn every_sku_asked_for_is_answered() {
    let only_a = answering(&SkuAnswers::found(vec![good()])).await;
    let both = SkuQuery::of(vec![sku("A"), sku("B")]);
    check(
        only_a.stock_by_sku(&both).await,
        "`B` has neither a level nor an error",
    );
    let unknown = vec![SkuError::not_found(sku("B"), "no such article")];
    let all = answering(&SkuAnswers::found(vec![good()]).with_errors(unknown)).await;
    check(all.stock_by_sku(&both).await, "");
    let three = SkuQuery::of(["A", "B", "C"].map(sku).into());
    check(
        all.stock_by_sku(&three).await,
        "at most 2 at once (`MAX_BATCH`), not 3",
    );
}

#[tokio::test]
async fn every_operation_has_its_outcome() {
    async fn write(outcomes: &impl Serialize, count: usize, expected: &str) {
        let change = StockChange::Adjust {
            delta: Quantity::units(1),
        };
        let operation = StockOperation::new("op", sku("A"), "a".into(), change);
        let connection = answering(outcomes).await;
        check(
            connection.write_stock(&vec![operation; count]).await,
            expected,
        );
    }
    write(&[WriteOutcome::Applied], 1, "").await;
    write(&[WriteOutcome::Applied], 2, "1 outcomes for 2 operations").await;
    write(&[WriteOutcome::Applied], 3, "at most 2 at once").await;
}

#[tokio::test]
async fn places_are_listed_once_and_with_what_they_lie_in() {
    let site = Location::site("a", "A");
    let bin = Location::new("b", "B", LocationKind::Bin).with_parent("a");
    for (places, expected) in [
        (vec![site.clone(), bin.clone()], ""),
        (vec![site.clone(), site], "location `a` is listed twice"),
        (
            vec![bin],
            "location `a` holds others, but is not listed itself",
        ),
    ] {
        let connection = answering(&Listing::done(places)).await;
        check(connection.locations().await, expected);
    }
}
