//! Listings, orders' queries and changes are the shop's own numbers.

use std::collections::HashMap;

use bestand_plugin_api::{SkuErrorKind, StockLevel, Tracking};
use bestand_upstreams::shopify::ShopifyOptions;
use bestand_upstreams::shopify::quantities::Quantities;
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};
use jiff::SignedDuration;

use crate::wire::{Connected, available, place};

fn seed(connected: &Connected, count: i32) -> u64 {
    let other = connected.shop.add_location(NewLocation::named("Other"));
    let item = |number: i32| {
        NewItem::sku(format!("S{number}"))
            .at(connected.location, number)
            .at(other, -number)
    };
    connected.shop.add_items((0..count).map(item));
    other
}

fn assert_complete(levels: &[StockLevel], connected: &Connected, other: u64, count: i32) {
    let by_key: HashMap<_, _> = levels
        .iter()
        .map(|level| {
            (
                (level.sku.as_str(), level.location.clone()),
                available(level),
            )
        })
        .collect();
    assert_eq!(
        (levels.len(), by_key.len()),
        (count as usize * 2, count as usize * 2)
    );
    for number in 0..count {
        let sku = format!("S{number}");
        assert_eq!(
            by_key[&(sku.as_str(), place(connected.location))],
            Some(i64::from(number))
        );
        assert_eq!(
            by_key[&(sku.as_str(), place(other))],
            Some(-i64::from(number))
        );
    }
}

#[tokio::test]
async fn a_check_and_the_locations_work() {
    let connected = Connected::new().await;
    connected.shop.add_location(NewLocation {
        is_active: false,
        ..NewLocation::named("Closed")
    });
    assert_eq!(
        connected.check().await.unwrap().warnings,
        Vec::<String>::new()
    );
    let places: Vec<_> = connected
        .locations()
        .await
        .into_iter()
        .map(|place| (place.name, place.active))
        .collect();
    assert_eq!(
        places,
        [("Main".to_owned(), true), ("Closed".to_owned(), false)]
    );
}

#[tokio::test]
async fn a_small_shop_is_listed_whole_by_pages() {
    let connected = Connected::new().await;
    let other = seed(&connected, 600);
    assert_complete(&connected.list(0).await.unwrap(), &connected, other, 600);
    assert!(
        connected
            .shop
            .requests()
            .iter()
            .all(|entry| entry.operation.as_deref() == Some("InventoryItemsPage"))
    );
}

#[tokio::test]
async fn a_large_shop_is_listed_whole_by_a_bulk_file_read_in_parts() {
    let connected = Connected::with(ShopifyOptions::default(), 0).await;
    let other = seed(&connected, 3_000);
    assert_complete(&connected.list(0).await.unwrap(), &connected, other, 3_000);
    assert!(
        connected
            .shop
            .requests()
            .iter()
            .all(|entry| entry.operation.as_deref() != Some("InventoryItemsPage"))
    );
}

#[tokio::test]
async fn a_shop_that_turns_out_large_ends_complete_and_is_known_as_large() {
    let connected = Connected::with(ShopifyOptions::default(), 300).await;
    let other = seed(&connected, 600);
    let levels = connected.list(0).await.unwrap();
    let bulk = &levels[levels.len() - 1_200..];
    assert_complete(bulk, &connected, other, 600);
    connected.shop.forget_requests();
    connected.list(0).await.unwrap();
    assert_eq!(
        connected.shop.requests()[0].operation.as_deref(),
        Some("BulkRun")
    );
}

#[tokio::test]
async fn listing_waits_for_points_and_is_never_throttled_twice() {
    let options = ShopifyOptions {
        bucket_points: 500.0,
        restore_points_per_sec: 50.0,
        ..ShopifyOptions::default()
    };
    let connected = Connected::with(options, 10_000).await;
    let other = seed(&connected, 2_500);
    connected.shop.drain_bucket(100.0);
    assert_complete(&connected.list(0).await.unwrap(), &connected, other, 2_500);
    assert!(
        connected.shop.requests().len() <= 11,
        "ten pages and one refusal"
    );
}

#[tokio::test]
async fn an_order_gets_exact_numbers_and_reasons_where_there_are_none() {
    let connected = Connected::new().await;
    let other = connected.shop.add_location(NewLocation::named("Other"));
    let main = connected.location;
    let stock = Quantities {
        available: 7,
        committed: 2,
        damaged: 1,
        incoming: 40,
        ..Quantities::default()
    };
    let items = connected.shop.add_items([
        NewItem::sku("X-1").with(main, stock),
        NewItem::sku("x-1").at(main, 1),
        NewItem::sku("X-1-BLUE").at(main, 2),
        NewItem::sku("SERVICE").untracked().at(main, 0),
        NewItem::sku("TWIN").at(main, 3),
        NewItem::sku("TWIN").at(other, 4),
        NewItem::sku(r"O'N\:(1)").at(main, 5),
    ]);
    for _ in 0..2 {
        let skus = ["X-1", "SERVICE", "TWIN", r"O'N\:(1)", "MISSING"];
        let answers = connected.by_sku(&skus, &[main]).await.unwrap();
        let rows: Vec<_> = answers
            .levels
            .iter()
            .map(|level| (level.sku.as_str(), level.tracking, available(level)))
            .collect();
        assert_eq!(
            rows,
            [
                ("X-1", Tracking::Counted, Some(7)),
                ("SERVICE", Tracking::NotTracked, None),
                ("TWIN", Tracking::Ambiguous, None),
                (r"O'N\:(1)", Tracking::Counted, Some(5)),
            ]
        );
        let on_hand = answers.levels[0].quantities.on_hand.unwrap().floor();
        assert_eq!(on_hand, 10, "available, committed and damaged");
        assert_eq!(
            (answers.errors.len(), answers.errors[0].kind),
            (1, SkuErrorKind::NotFound)
        );
    }
    connected.shop.deactivate(items[0], main);
    let gone = connected.by_sku(&["X-1"], &[main, other]).await.unwrap();
    assert!(
        gone.levels
            .iter()
            .all(|level| level.tracking == Tracking::NotStocked)
    );
    assert_eq!(gone.levels.len(), 2);
}

#[tokio::test]
async fn an_order_is_answered_while_a_sync_has_emptied_the_bucket_to_its_reserve() {
    let connected = Connected::new().await;
    connected
        .shop
        .add_items([NewItem::sku("A").at(connected.location, 3)]);
    connected.list(0).await.unwrap();
    connected.shop.drain_bucket(210.0);
    let answers = connected.by_sku(&["A"], &[]).await.unwrap();
    assert_eq!(available(&answers.levels[0]), Some(3));
}

#[tokio::test]
async fn changes_bring_what_changed_and_nothing_that_is_long_past() {
    let connected = Connected::new().await;
    let items = connected
        .shop
        .add_items(["A", "B"].map(|sku| NewItem::sku(sku).at(connected.location, 1)));
    connected
        .shop
        .clock()
        .advance(SignedDuration::from_mins(30));
    let first = connected.changes(None).await.unwrap();
    connected
        .shop
        .clock()
        .advance(SignedDuration::from_mins(10));
    connected
        .shop
        .set_quantity(items[1], connected.location, "available", 9);
    let changed = connected
        .changes(Some(first.checkpoint.clone()))
        .await
        .unwrap();
    let rows: Vec<_> = changed
        .items
        .iter()
        .map(|level| (level.sku.as_str(), available(level)))
        .collect();
    assert_eq!(rows, [("B", Some(9))]);
    let mut checkpoint = changed.checkpoint;
    for expected in [1, 0] {
        connected
            .shop
            .clock()
            .advance(SignedDuration::from_mins(10));
        let later = connected.changes(Some(checkpoint)).await.unwrap();
        assert_eq!(
            later.items.len(),
            expected,
            "the overlap brings it once more, and then never"
        );
        checkpoint = later.checkpoint;
    }
}
