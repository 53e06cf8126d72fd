//! A sync that dies in the middle goes on where it was: nothing acknowledged is lost, nothing is counted twice.

use std::collections::BTreeMap;
use std::time::Duration;

use bestand::connection::Connection;
use bestand::source::InventorySource;
use bestand::store::sync_run::{self, RunState, SyncKind, SyncRun};
use bestand_plugin_api::Quantity;
use bestand_upstreams::finale::Stock;
use bestand_upstreams::shopify::ShopifyOptions;
use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};
use jiff::SignedDuration;

use crate::support::{FinaleSystem, Life, ShopifySystem, Site, find, on_both_engines, sku};

/// Three pages of a shop: 250, 250 and 100.
const ITEMS: i32 = 600;
/// An answer that does not come while the test runs.
const NEVER_MS: u64 = 600_000;

on_both_engines! {
    async fn a_listing_goes_on_at_its_cursor_after_the_process_died(database) {
        let site = Site::on(database, &["shopify"]);
        let system = stocked_shop(&site, ShopifyOptions::default()).await;
        let third_page_hangs = FaultRule::always(Fault::Slow { millis: NEVER_MS });
        system.shop.fault(third_page_hangs.on("InventoryItemsPage").after(2));
        let life = site.start().await;
        let connection = life.connect(system.connection()).await;
        let open = find("two pages in", async || {
            open_run(&life, &connection).await.filter(|run| run.pages == 2)
        })
        .await;
        drop(life);

        system.shop.clear_faults();
        system.shop.forget_requests();
        let life = site.start().await;
        life.ready(connection.id).await;
        assert_eq!(system.requests_of("InventoryItemsPage"), 1, "only the page that was missing");
        assert_whole(&life, &connection).await;
        let runs = sync_run::list(&life.db, life.account, connection.id, 10).await.unwrap();
        let listings: Vec<&SyncRun> =
            runs.iter().filter(|run| run.kind == SyncKind::Listing).collect();
        assert_eq!((listings.len(), listings[0].id, listings[0].pages), (1, open.id, 3));
        assert_eq!((listings[0].levels, listings[0].state), (i64::from(ITEMS), RunState::Done));
    }

    async fn whatever_moment_the_process_dies_the_stock_is_whole_in_the_end(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        let stock = |number: i32| Stock::on_hand(code(number), "Main", i64::from(number));
        system.finale.stock((0..4 * ITEMS).map(stock));
        let connection = {
            let life = site.start().await;
            life.connect(system.connection()).await
        };
        for deaths in 1..4 {
            let life = site.start().await;
            let mut changes = life.book.changes();
            for _ in 0..deaths {
                let next = tokio::time::timeout(Duration::from_millis(500), changes.recv()).await;
                if next.is_err() {
                    break;
                }
            }
        }
        let life = site.start().await;
        life.ready(connection.id).await;
        let counts = counts(&life, &connection).await;
        let expected = (0..4 * ITEMS).map(|number| (code(number), i64::from(number)));
        assert_eq!(counts, expected.collect());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bulk_operation_that_ran_when_the_process_died_is_not_started_again() {
    let site = Site::with(&["shopify"]);
    let options = ShopifyOptions {
        bulk_duration: SignedDuration::from_secs(60),
        ..ShopifyOptions::default()
    };
    let system = stocked_shop(&site, options).await;
    let life = site.start().await;
    let connection = life.connect(system.connection_with_bulk_above(0)).await;
    find("a bulk operation that runs", async || {
        let run = open_run(&life, &connection).await?;
        run.cursor
            .filter(|cursor| cursor.0.contains("bulk_running"))
    })
    .await;
    drop(life);

    site.advance(Duration::from_secs(61));
    let life = site.start().await;
    life.ready(connection.id).await;
    assert_eq!(system.requests_of("BulkRun"), 1);
    assert_whole(&life, &connection).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_appeared_while_a_listing_was_interrupted_is_listed_again_before_it_counts() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let at_main = |number| NewItem::sku(code(number)).at(system.main, number);
    let items = system.shop.add_items((0..ITEMS).map(at_main));
    let third_page_hangs = FaultRule::always(Fault::Slow { millis: NEVER_MS });
    system
        .shop
        .fault(third_page_hangs.on("InventoryItemsPage").after(2));
    let life = site.start().await;
    let connection = life.connect(system.connection()).await;
    find("two pages in", async || {
        open_run(&life, &connection)
            .await
            .filter(|run| run.pages == 2)
    })
    .await;
    drop(life);

    site.advance(Duration::from_secs(1));
    let new = system.shop.add_location(NewLocation::named("New"));
    system.shop.set_quantity(items[0], new, "available", 3);
    system.shop.clear_faults();
    let life = site.start().await;
    let source = find("the new place listed", async || {
        let sources = life.sources(connection.id).await;
        let is_listed =
            |source: &InventorySource| source.name == "New" && source.listed_at.is_some();
        sources.into_iter().find(is_listed)
    })
    .await;
    let held = life.level(&source, &code(0)).await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(3)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_has_died_starts_the_listing_over() {
    let site = Site::with(&["shopify"]);
    let options = ShopifyOptions {
        bulk_duration: SignedDuration::from_secs(60),
        ..ShopifyOptions::default()
    };
    let system = stocked_shop(&site, options).await;
    let life = site.start().await;
    let connection = life.connect(system.connection_with_bulk_above(0)).await;
    let mut run = find("a cursor", async || {
        open_run(&life, &connection)
            .await
            .filter(|run| run.cursor.is_some())
    })
    .await;
    drop(life);

    let life = {
        let db = site.database.open().await;
        run.cursor = Some(bestand_plugin_api::Cursor("of another release".into()));
        let progress = sync_run::Progress {
            cursor: run.cursor.clone(),
            checkpoint: run.checkpoint.clone(),
            pages: run.pages,
            levels: run.levels,
        };
        sync_run::keep_progress(&db, &run, &progress, site.clock.now())
            .await
            .unwrap();
        site.start().await
    };
    let reason = life.degraded(connection.id).await;
    assert!(
        reason.starts_with("the listing has to start over"),
        "{reason}"
    );
    site.advance(Duration::from_secs(300));
    find("another bulk operation", async || {
        (system.requests_of("BulkRun") == 2).then_some(())
    })
    .await;
    site.advance(Duration::from_secs(61));
    life.ready(connection.id).await;
    assert_whole(&life, &connection).await;
}

async fn stocked_shop(site: &Site, options: ShopifyOptions) -> ShopifySystem {
    let system = ShopifySystem::with(site, options).await;
    let main = system.main;
    system
        .shop
        .add_items((0..ITEMS).map(|number| NewItem::sku(code(number)).at(main, number)));
    system
}

fn code(number: i32) -> String {
    format!("S-{number:05}")
}

async fn open_run(life: &Life, connection: &Connection) -> Option<SyncRun> {
    let found =
        sync_run::find_running(&life.db, life.account, connection.id, SyncKind::Listing).await;
    found.expect("the store answers")
}

async fn counts(life: &Life, connection: &Connection) -> BTreeMap<String, i64> {
    let stock = life.stock(connection.id).await;
    stock
        .into_iter()
        .map(|((_, sku), held)| (sku, held.available.map_or(-1, Quantity::floor)))
        .collect()
}

/// Every item is there, once, and its level never changed after it was first seen.
async fn assert_whole(life: &Life, connection: &Connection) {
    let expected = (0..ITEMS).map(|number| (code(number), i64::from(number)));
    assert_eq!(counts(life, connection).await, expected.collect());
    let main = life.source(connection.id, "Main").await;
    assert_eq!(main.levels, ITEMS as u64);
    for number in [0, 300, ITEMS - 1] {
        let history = life
            .book
            .history(life.account, main.id, &sku(&code(number)), 10)
            .await;
        assert!(history.unwrap().is_empty(), "{number}");
    }
}
