//! What a system no longer names means what its adapter declares, and only once a listing was complete.

use std::time::Duration;

use bestand_plugin_api::Quantity;
use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};

use crate::support::{FinaleSystem, ShopifySystem, Site, on_both_engines};

on_both_engines! {
    async fn a_product_that_finale_no_longer_has_is_unknown_and_one_without_stock_is_at_zero(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        system.finale.set_stock("GONE", "Berlin", 5);
        system.finale.set_stock("STAYS", "Berlin", 6);
        for code in ["SOLD", "RETIRED"] {
            system.finale.set_stock(code, "Berlin", 7);
        }
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        system.finale.rename_product("GONE", "RENAMED");
        for code in ["SOLD", "RETIRED"] {
            system.finale.set_stock(code, "Berlin", 0);
        }
        system.finale.set_product_active("RETIRED", false);
        life.sync(&site, connection.id, true).await;

        let berlin = life.source(connection.id, "Berlin").await;
        let gone = life.level(&berlin, "GONE").await.unwrap();
        assert_eq!((gone.available, gone.absent), (None, true), "unknown is not zero");
        assert_eq!(gone.as_of, site.clock.now());
        for (code, count) in [("RENAMED", 5), ("STAYS", 6), ("SOLD", 0), ("RETIRED", 0)] {
            let held = life.level(&berlin, code).await.unwrap();
            assert_eq!((held.available, held.absent), (Some(Quantity::units(count)), false));
        }
    }

    async fn an_item_that_shopify_no_longer_has_is_unknown_but_only_after_a_complete_listing(database) {
        let site = Site::on(database, &["shopify"]);
        let system = ShopifySystem::start(&site).await;
        let main = system.main;
        let items = system.shop.add_items((0..600).map(|n| NewItem::sku(format!("S{n}")).at(main, 9)));
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        let source = life.source(connection.id, "Main").await;
        let before = life.level(&source, "S0").await;

        system.shop.delete_item(items[0]);
        let third_page_fails = FaultRule::always(Fault::Status { code: 503, retry_after_secs: None });
        system.shop.fault(third_page_fails.on("InventoryItemsPage").after(2));
        site.advance(Duration::from_secs(1));
        life.ask_for_sync(connection.id, true);
        life.degraded(connection.id).await;
        assert_eq!(life.level(&source, "S0").await, before, "the listing did not come to its end");

        system.shop.clear_faults();
        life.sync(&site, connection.id, true).await;
        let gone = life.level(&source, "S0").await.unwrap();
        assert_eq!((gone.available, gone.absent), (None, true), "unknown is not zero");
        let there = life.level(&source, "S1").await.unwrap();
        assert_eq!((there.available, there.absent), (Some(Quantity::units(9)), false));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_article_that_comes_back_counts_again() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    system.finale.rename_product("A", "B");
    life.sync(&site, connection.id, true).await;
    system.finale.rename_product("B", "A");
    life.sync(&site, connection.id, true).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let back = life.level(&berlin, "A").await.unwrap();
    assert_eq!(
        (back.available, back.absent),
        (Some(Quantity::units(5)), false)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_location_that_is_closed_stays_as_a_source_that_says_so() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    system.finale.set_stock("A", "Bremen", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    system.finale.set_facility_active("Bremen", false);
    life.sync(&site, connection.id, true).await;
    assert!(!life.source(connection.id, "Bremen").await.active);
    assert!(life.source(connection.id, "Berlin").await.active);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_location_that_opens_becomes_a_source() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let annex = system.shop.add_location(NewLocation::named("Annex"));
    system.shop.add_items([NewItem::sku("A").at(annex, 3)]);
    life.sync(&site, connection.id, true).await;
    let annex = life.source(connection.id, "Annex").await;
    let held = life.level(&annex, "A").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(3)));
}
