//! Told to stop in the middle of a sync, the program stops at once, and goes on with the rest when it is started again.

use std::time::{Duration, Instant};

use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;
use serde_json::json;

use crate::support::{Install, ShopifySystem, find};

/// Three pages of a shop.
const ITEMS: i32 = 600;
/// An answer that does not come while the test runs.
const NEVER_MS: u64 = 600_000;
/// Less than requests under way are given to end: there are none.
const SOON: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_hangs_keeps_nobody_from_stopping() {
    let install = Install::with(&["shopify"]);
    let system = ShopifySystem::in_real_time(&install.secrets).await;
    let main = system.main;
    let item = |number| NewItem::sku(format!("S-{number}")).at(main, number);
    system.shop.add_items((0..ITEMS).map(item));
    let hangs = FaultRule::always(Fault::Slow { millis: NEVER_MS });
    system.shop.fault(hangs.on("InventoryItemsPage").after(1));
    let daemon = install.serve().await;
    let connection = daemon.api.connect(&system.connection()).await;
    find("a page in", async || {
        let shown = daemon.api.get(&format!("/connections/{connection}")).await;
        (shown["status"]["levels"] == json!(250)).then_some(())
    })
    .await;
    let began = Instant::now();
    assert!(daemon.end().await.success());
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());

    system.shop.clear_faults();
    let daemon = install.serve().await;
    daemon.api.until(&connection, "ready").await;
    daemon.api.ship_from("Portland", "Main").await;
    for number in [1, 249, 250, ITEMS - 1] {
        let line = daemon.api.stored(&format!("S-{number}")).await;
        assert_eq!(line["available"], json!(number), "{line:#}");
    }
    assert!(daemon.end().await.success());
}
