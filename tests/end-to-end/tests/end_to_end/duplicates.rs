//! One SKU several times in a system is never added up into a number that nobody holds.

use bestand_plugin_api::{Quantity, Tracking};
use bestand_upstreams::finale::Fault;
use bestand_upstreams::shopify::stock::NewItem;

use crate::support::{FinaleSystem, ShopifySystem, Site, sku};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_finale_lists_twice_count_once() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    system.finale.fault(Fault::DuplicatedRows);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let held = life.level(&berlin, "A").await.unwrap();
    assert_eq!(
        (held.tracking, held.on_hand),
        (Tracking::Counted, Some(Quantity::units(5)))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sku_of_two_items_is_ambiguous_in_a_sync_and_in_a_query() {
    for bulk_above in [1_000, 0] {
        let site = Site::with(&["shopify"]);
        let system = ShopifySystem::start(&site).await;
        let main = system.main;
        let seeds = ["TWICE", "TWICE", "ONCE"].map(|code| NewItem::sku(code).at(main, 4));
        system.shop.add_items(seeds);
        let life = site.start().await;
        let new = system.connection_with_bulk_above(bulk_above);
        let connection = life.connect(new).await;
        life.ready(connection.id).await;
        let main = life.source(connection.id, "Main").await;
        for _ in 0..2 {
            let twice = life.level(&main, "TWICE").await.unwrap();
            assert_eq!(
                (twice.tracking, twice.available),
                (Tracking::Ambiguous, None)
            );
            let once = life.level(&main, "ONCE").await.unwrap();
            assert_eq!(once.available, Some(Quantity::units(4)));
            let said = life.ask(&main, &[sku("TWICE"), sku("ONCE")]).await;
            assert_eq!(said.trouble, None);
        }
    }
}
