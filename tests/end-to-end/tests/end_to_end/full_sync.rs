//! A full sync through the loaded library brings in what the system holds: all of it, and nothing else.

use std::collections::BTreeMap;

use bestand::stock::Held;
use bestand_plugin_api::{Quantity, Tracking};
use bestand_upstreams::finale::{Finale, Stock};
use bestand_upstreams::shopify::quantities::Quantities;
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};

use crate::support::{FinaleSystem, ShopifySystem, Site, on_both_engines};

/// Available, on hand, allocated, incoming.
type Counts = [i64; 4];
type Expected = BTreeMap<(String, String), Counts>;

/// More than one page of either adapter.
const ITEMS: i64 = 600;

on_both_engines! {
    async fn finales_stock_is_stored_as_finale_holds_it(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        let expected = stock_finale(&system.finale);
        let life = site.start().await;
        let connection = life.connect(system.connection()).await;
        let status = life.ready(connection.id).await;
        assert_eq!(status.account_name.as_deref(), Some("demo"));
        assert_eq!(counts(life.stock(connection.id).await), expected);
    }

    async fn shopifys_stock_is_stored_as_the_shop_holds_it(database) {
        let site = Site::on(database, &["shopify"]);
        let system = ShopifySystem::start(&site).await;
        let expected = stock_shopify(&system);
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        assert_eq!(system.requests_of("InventoryItemsPage"), 3);
        assert_eq!(counts(life.stock(connection.id).await), expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_shop_is_listed_by_a_bulk_operation_with_the_same_outcome() {
    let site = Site::with(&["shopify"]);
    let system = ShopifySystem::start(&site).await;
    let expected = stock_shopify(&system);
    let life = site.start().await;
    let connection = life.connect(system.connection_with_bulk_above(100)).await;
    life.ready(connection.id).await;
    assert_eq!(system.requests_of("BulkRun"), 1);
    assert_eq!(counts(life.stock(connection.id).await), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_sync_confirms_what_is_unchanged_and_brings_in_what_is_not() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    system.finale.set_stock("B", "Berlin", 6);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    system.finale.set_stock("B", "Berlin", 7);
    life.sync(&site, connection.id, true).await;

    let berlin = life.source(connection.id, "Berlin").await;
    let now = site.clock.now();
    for (sku, on_hand) in [("A", 5), ("B", 7)] {
        let held = life.level(&berlin, sku).await.unwrap();
        assert_eq!(
            (held.on_hand, held.as_of),
            (Some(Quantity::units(on_hand)), now)
        );
    }
}

/// Three locations; some products everywhere, some at one place, some nowhere.
fn stock_finale(finale: &Finale) -> Expected {
    let mut expected = Expected::new();
    let places = ["Berlin", "Hamburg", "Leeds"];
    for (position, place) in (0_i64..).zip(places) {
        let mut stock = Vec::new();
        for number in 0..ITEMS {
            let sku = format!("NCP-{number:04}");
            let held = (number + position) % 4 != 0;
            let (on_hand, reserved, on_order) = match held {
                true => (number + position, number % 3, number % 5),
                false => (0, 0, 0),
            };
            expected.insert(
                (place.into(), sku.clone()),
                [on_hand - reserved, on_hand, reserved, on_order],
            );
            if held {
                stock.push(
                    Stock::on_hand(sku, place, on_hand)
                        .reserved(reserved)
                        .on_order(on_order),
                );
            }
        }
        finale.stock(stock);
    }
    expected
}

/// Two locations; every item at the first, every third at the second as well.
fn stock_shopify(system: &ShopifySystem) -> Expected {
    let mut expected = Expected::new();
    let annex = system.shop.add_location(NewLocation::named("Annex"));
    let mut items = Vec::new();
    for number in 0..ITEMS {
        let sku = format!("SH-{number:04}");
        let (available, committed, incoming) = (number, number % 4, number % 7);
        let mut item =
            NewItem::sku(&sku).with(system.main, quantities(available, committed, incoming));
        let counts = [available, available + committed, committed, incoming];
        expected.insert(("Main".into(), sku.clone()), counts);
        if number % 3 == 0 {
            item = item.with(annex, quantities(1, 0, 0));
            expected.insert(("Annex".into(), sku), [1, 1, 0, 0]);
        }
        items.push(item);
    }
    system.shop.add_items(items);
    expected
}

fn quantities(available: i64, committed: i64, incoming: i64) -> Quantities {
    let fits = |number: i64| i32::try_from(number).expect("a small number");
    Quantities {
        available: fits(available),
        committed: fits(committed),
        incoming: fits(incoming),
        ..Quantities::default()
    }
}

fn counts(stock: BTreeMap<(String, String), Held>) -> Expected {
    let units = |quantity: Option<Quantity>| quantity.expect("a count").floor();
    let counts = |held: Held| {
        assert_eq!(held.tracking, Tracking::Counted);
        [
            units(held.available),
            units(held.on_hand),
            units(held.allocated),
            units(held.incoming),
        ]
    };
    stock
        .into_iter()
        .map(|(place, held)| (place, counts(held)))
        .collect()
}
