//! An order gets its answer from the running program: from the one source of the place it ships from.

use bestand_upstreams::finale::{Fault, Stock};
use bestand_upstreams::shopify::stock::NewItem;
use bestand_upstreams::shopify::webhook::Twist;
use serde_json::{Value, json};

use crate::support::install::enabling;
use crate::support::{FinaleSystem, Install, ShopifySystem, find, on_both_engines};

on_both_engines! {
    async fn an_order_is_answered_with_the_counts_of_the_place_it_ships_from(database) {
        let install = Install::on(database, &["finale"]);
        let system = FinaleSystem::in_real_time(&install.secrets).await;
        system.finale.stock([
            Stock::on_hand("A", "Berlin", 5).reserved(1),
            Stock::on_hand("NONE", "Berlin", 0),
            Stock::on_hand("FEW", "Berlin", 2).on_order(10),
        ]);
        let daemon = install.serve_with(&system.connection()).await;
        let place = daemon.api.ship_from("Berlin", "Berlin").await;

        let ships = daemon.api.order("1", &place, json!([line("A", 2), line("A", 2)])).await;
        assert_eq!((&ships["verdict"], &ships["reason"]), (&json!("can_ship"), &Value::Null));
        assert_eq!(status(&ships), ["in_stock", "in_stock"]);
        assert_eq!(ships["lines"][0]["stock"]["available"], json!(4));
        assert_eq!(ships["lines"][0]["stock"]["on_hand"], json!(5));
        assert_eq!(ships["source"]["name"], json!("Berlin"));

        let summed = daemon.api.order("2", &place, json!([line("A", 3), line("A", 2)])).await;
        assert_eq!((&summed["verdict"], status(&summed)), (&json!("short"), vec!["short", "short"]));

        let mixed = json!([line("NONE", 1), line("FEW", 3), line("NOBODY-KNOWS", 1)]);
        let mixed = daemon.api.order("3", &place, mixed).await;
        assert_eq!(mixed["verdict"], json!("short"));
        assert_eq!(status(&mixed), ["out_of_stock", "short", "unknown_sku"]);
        assert_eq!(mixed["lines"][1]["stock"]["incoming"], json!(10));

        let unknown = daemon.api.order("4", &place, json!([line("A", 1), line("NOBODY-KNOWS", 1)])).await;
        assert_eq!((&unknown["verdict"], status(&unknown)), (&json!("unknown"), vec!["in_stock", "unknown_sku"]));
        let stock = &unknown["lines"][1]["stock"];
        assert_eq!(stock["available"], Value::Null, "unknown is not zero");
        assert!(stock["reason"].is_string() && stock["advice"].is_string(), "{stock}");

        let listed = daemon.api.get("/orders?verdict=short").await;
        let numbers: Vec<_> = listed["items"].as_array().unwrap().iter().map(|order| &order["order_number"]).collect();
        assert_eq!(numbers, [&json!("2"), &json!("3")]);
        assert!(daemon.end().await.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heading_that_is_missing_is_explained() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.fault(Fault::Unauthorized);
    let daemon = install.serve().await;
    let connection = daemon.api.connect(&system.connection()).await;
    daemon.api.until(&connection, "needs_attention").await;
    let listed = daemon.api.get("/inventory-sources").await;
    assert_eq!(listed["groups"], json!([]));
    let missing = &listed["missing"][0];
    assert!(missing.to_string().contains("Finale"), "{missing:#}");
    assert!(
        missing.to_string().contains("support.finaleinventory.com"),
        "{missing:#}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_delivery_to_the_running_program_is_followed() {
    let install = Install::with(&["shopify"]);
    // Systems are told the address before they are asked, so the port cannot be left to chance.
    let port = free_port();
    let mut config = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n"
    );
    config += &enabling(&["shopify"]);
    install.configure(&config);
    let system = ShopifySystem::in_real_time(&install.secrets).await;
    let item = system
        .shop
        .add_items([NewItem::sku("A").at(system.main, 5)])[0];
    let daemon = install.serve_with(&system.connection()).await;
    daemon.api.ship_from("Portland", "Main").await;
    system.shop.set_quantity(item, system.main, "available", 2);
    let forged = system.shop.deliver_webhooks(Twist::BadHmac).await;
    assert!(
        forged.iter().all(|delivery| delivery.status == Some(401)),
        "{forged:?}"
    );
    system.shop.set_quantity(item, system.main, "available", 3);
    let deliveries = system.shop.deliver_webhooks(Default::default()).await;
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.status == Some(200)),
        "{deliveries:?}"
    );
    find("the new count", async || {
        (daemon.api.stored("A").await["available"] == json!(3)).then_some(())
    })
    .await;
}

fn line(sku: &str, quantity: i64) -> Value {
    json!({ "sku": sku, "quantity": quantity })
}

fn status(order: &Value) -> Vec<&str> {
    let lines = order["lines"].as_array().expect("lines").iter();
    lines
        .map(|line| line["stock"]["status"].as_str().expect("a status"))
        .collect()
}

/// A port that nobody had a moment ago.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
