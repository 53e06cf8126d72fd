//! `kill -9` again and again, each time one request later: at no moment is a wrong count answered or a known one lost.

use std::collections::BTreeSet;

use bestand::connection::NewConnection;
use bestand_upstreams::finale::Stock;
use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;
use serde_json::{Value, json};

use crate::support::{Api, FinaleSystem, Install, ShopifySystem, find};

/// Several pages of either system.
const ITEMS: i32 = 1_200;
/// Slow enough to die in between.
const ANSWER_MS: u64 = 60;
/// Most items of one question.
const QUESTION_ITEMS: i32 = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_read_page_by_page_is_whole_in_the_end() {
    let install = Install::with(&["shopify"]);
    let system = stocked_shop(&install).await;
    let count = || system.shop.requests().len();
    die_until_ready(&install, &system.connection(), count).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_read_by_a_bulk_operation_is_whole_in_the_end() {
    let install = Install::with(&["shopify"]);
    let system = stocked_shop(&install).await;
    let count = || system.shop.requests().len();
    let bulk = system.connection_with_bulk_above(100);
    die_until_ready(&install, &bulk, count).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_read_by_columns_is_whole_in_the_end() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    let stock = |number| Stock::on_hand(code(number), "Main", i64::from(number));
    system.finale.stock((0..ITEMS).map(stock));
    let count = || system.finale.requests().len();
    die_until_ready(&install, &system.connection(), count).await;
}

/// Lets the daemon live for one request longer each time, until it has brought in everything.
async fn die_until_ready(
    install: &Install,
    connection: &NewConnection,
    requests: impl Fn() -> usize,
) {
    let mut known = BTreeSet::new();
    let daemon = install.serve().await;
    let id = daemon.api.connect(connection).await;
    daemon.kill();
    for lived in 1.. {
        let began = requests();
        let daemon = install.serve().await;
        known = known_to(&daemon.api, &known).await;
        let ready = find("one request more", async || {
            let shown = daemon.api.get(&format!("/connections/{id}")).await;
            let is_ready = shown["status"]["state"] == "ready";
            (is_ready || requests() >= began + lived).then_some(is_ready)
        })
        .await;
        if ready {
            assert_eq!(known_to(&daemon.api, &known).await.len(), ITEMS as usize);
            assert!(daemon.end().await.success());
            return;
        }
        known = known_to(&daemon.api, &known).await;
        daemon.kill();
    }
}

/// Every SKU with a count, after seeing that each count is right and none is missing that was known `before`.
async fn known_to(api: &Api, before: &BTreeSet<i32>) -> BTreeSet<i32> {
    let groups = api.get("/inventory-sources").await["groups"].clone();
    if groups == json!([]) {
        assert!(before.is_empty(), "the source is gone");
        return BTreeSet::new();
    }
    if api.get("/ship-from-locations").await["items"] == json!([]) {
        api.ship_from("Hall", "Main").await;
    }
    let mut known = BTreeSet::new();
    for first in (0..ITEMS).step_by(QUESTION_ITEMS as usize) {
        let asked = first..first + QUESTION_ITEMS;
        let items: Vec<Value> = asked
            .clone()
            .map(|number| json!({ "sku": code(number), "quantity": 1 }))
            .collect();
        let question = json!({ "items": items, "live": false });
        let told = api.post("/availability", question).await.expect(200);
        for (number, line) in asked.zip(told["lines"].as_array().unwrap()) {
            match &line["available"] {
                Value::Null => assert_eq!(line["status"], json!("unavailable"), "{line:#}"),
                count => {
                    assert_eq!(count, &json!(number), "{line:#}");
                    known.insert(number);
                }
            }
        }
    }
    let lost: Vec<&i32> = before.difference(&known).collect();
    assert!(lost.is_empty(), "known before and not now: {lost:?}");
    known
}

async fn stocked_shop(install: &Install) -> ShopifySystem {
    let system = ShopifySystem::in_real_time(&install.secrets).await;
    let main = system.main;
    let item = |number| NewItem::sku(code(number)).at(main, number);
    system.shop.add_items((0..ITEMS).map(item));
    let slow = Fault::Slow { millis: ANSWER_MS };
    system.shop.fault(FaultRule::always(slow));
    system
}

fn code(number: i32) -> String {
    format!("S-{number:05}")
}
