//! What an order is told when counts are old: the new ones where the system answers, else the old ones with their age.

use std::time::{Duration, Instant};

use bestand_upstreams::finale::Fault;
use bestand_upstreams::shopify::stock::NewItem;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::install::enabling;
use crate::support::{FinaleSystem, Install, ShopifySystem, find};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_count_that_is_too_old_is_asked_for_while_the_order_is_looked_at() {
    let install = Install::with(&["shopify"]);
    let mut config = enabling(&["shopify"]);
    config += "[sync]\nmax_age_secs = 1\n";
    install.configure(&config);
    let system = ShopifySystem::in_real_time(&install.secrets).await;
    let item = system
        .shop
        .add_items([NewItem::sku("A").at(system.main, 5)])[0];
    let daemon = install.serve_with(&system.connection()).await;
    let place = daemon.api.ship_from("Portland", "Main").await;
    daemon.api.order("1", &place, four_of_a()).await;
    system.shop.set_quantity(item, system.main, "available", 3);
    find("the new count", async || {
        let order = daemon.api.get("/orders/1").await;
        (order["lines"][0]["stock"]["available"] == json!(3)).then_some(())
    })
    .await;
    assert_eq!(
        daemon.api.get("/orders/1?live=false").await["verdict"],
        json!("short")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_system_is_down_orders_are_answered_with_the_age_and_the_reason() {
    let install = Install::with(&["finale"]);
    let mut config = enabling(&["finale"]);
    config += "[sync]\nmax_age_secs = 1\n";
    install.configure(&config);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    let place = daemon.api.ship_from("Berlin", "Berlin").await;
    daemon.api.order("1", &place, four_of_a()).await;
    system.finale.fault(Fault::Status { code: 503 });
    let connection = daemon.api.connection("Finale main").await;
    let sync = format!("/connections/{connection}/sync?full=true");
    daemon.api.ask(Method::POST, &sync, None).await.expect(202);
    daemon.api.until(&connection, "degraded").await;
    let order = find("a stale count", async || {
        let order = daemon.api.get("/orders/1").await;
        (order["lines"][0]["stock"]["stale"] == json!(true)).then_some(order)
    })
    .await;
    let stock = &order["lines"][0]["stock"];
    assert_eq!(
        (&stock["available"], &stock["status"]),
        (&json!(5), &json!("in_stock"))
    );
    assert!(
        stock["reason"]
            .as_str()
            .unwrap()
            .contains("Finale answered 503"),
        "{stock}"
    );
    assert!(stock["as_of"].is_string());

    system.finale.clear_faults();
    daemon.api.until(&connection, "ready").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_whose_system_hangs_is_answered_within_the_deadline() {
    let install = Install::with(&["finale"]);
    let mut config = enabling(&["finale"]);
    config += "[sync]\nmax_age_secs = 1\nlive_query_ms = 300\n";
    install.configure(&config);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    let place = daemon.api.ship_from("Berlin", "Berlin").await;
    daemon.api.order("1", &place, four_of_a()).await;
    system.finale.fault(Fault::StalledBody.on("graphql"));
    let (order, took) = find("a stale count", async || {
        let began = Instant::now();
        let order = daemon.api.get("/orders/1").await;
        (order["lines"][0]["stock"]["stale"] == json!(true)).then_some((order, began.elapsed()))
    })
    .await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    let stock = &order["lines"][0]["stock"];
    assert_eq!(stock["available"], json!(5));
    assert!(
        stock["reason"].as_str().unwrap().contains("within 300 ms"),
        "{stock}"
    );
}

fn four_of_a() -> Value {
    json!([{ "sku": "A", "quantity": 4 }])
}
