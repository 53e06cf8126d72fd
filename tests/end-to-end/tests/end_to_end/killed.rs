//! `kill -9` at the worst moment: after the restart nothing acknowledged is missing, and no wrong count is answered.

use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Install, ShopifySystem, find, on_both_engines};

/// Three pages of a shop.
const ITEMS: i32 = 600;
/// An answer that does not come while the test runs.
const NEVER_MS: u64 = 600_000;

on_both_engines! {
    async fn a_sync_that_was_killed_answers_what_it_brought_and_then_the_rest(database) {
        let install = Install::on(database, &["shopify"]);
        let system = ShopifySystem::in_real_time(&install.secrets).await;
        let main = system.main;
        system.shop.add_items((0..ITEMS).map(|number| NewItem::sku(code(number)).at(main, number)));
        let third_page_hangs = FaultRule::always(Fault::Slow { millis: NEVER_MS });
        system.shop.fault(third_page_hangs.on("InventoryItemsPage").after(2));

        let daemon = install.serve().await;
        let connection = daemon.api.connect(&system.connection()).await;
        find("two pages in", async || {
            let shown = daemon.api.get(&format!("/connections/{connection}")).await;
            (shown["status"]["levels"] == json!(500)).then_some(())
        })
        .await;
        daemon.api.ship_from("Portland", "Main").await;
        answers_are_right(&daemon.api, 500).await;
        daemon.kill();

        let daemon = install.serve().await;
        answers_are_right(&daemon.api, 500).await;
        daemon.kill();

        system.shop.clear_faults();
        system.shop.forget_requests();
        let daemon = install.serve().await;
        daemon.api.until(&connection, "ready").await;
        answers_are_right(&daemon.api, ITEMS).await;
        assert!(system.requests_of("InventoryItemsPage") <= 2, "it went on where it was");
        assert!(daemon.end().await.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_a_moment_before_is_there_after_the_restart() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let (key, order) = (
        "the-same-intent",
        json!({ "lines": [{ "sku": "A", "quantity": 1 }] }),
    );
    let with_key = |api: &Api| {
        let request = api.request(Method::PUT, "/orders/once");
        request.header("idempotency-key", key).json(&order)
    };
    let first = daemon.api.send(with_key(&daemon.api)).await.expect(201);
    for number in 0..20 {
        daemon
            .api
            .put(&format!("/orders/{number}"), order.clone())
            .await
            .expect(201);
    }
    let place = daemon
        .api
        .post("/ship-from-locations", json!({ "name": "Berlin" }))
        .await
        .expect(201);
    daemon.kill();

    let daemon = install.serve().await;
    assert_eq!(daemon.api.orders().await.len(), 21);
    let kept = daemon
        .api
        .get(&format!(
            "/ship-from-locations/{}",
            place["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(kept, place);
    let again = daemon.api.send(with_key(&daemon.api)).await.expect(201);
    assert_eq!(again, first, "done once, answered twice");
}

/// Every SKU of the first `known` is answered with its count, every later one as not known yet; none as zero.
async fn answers_are_right(api: &Api, known: i32) {
    for number in [1, 100, 249, 250, 499, 500, ITEMS - 1] {
        let line: Value = api.stored(&code(number)).await;
        if number < known {
            let expected = (&json!("in_stock"), &json!(number));
            assert_eq!((&line["status"], &line["available"]), expected, "{line:#}");
        } else {
            assert_eq!(line["available"], Value::Null, "{line:#}");
            assert_eq!(line["status"], json!("unavailable"), "{line:#}");
            assert!(line["reason"].is_string(), "{line:#}");
        }
    }
}

fn code(number: i32) -> String {
    format!("S-{number:05}")
}
