//! At a system's limit an order goes first: a sync waits, and leaves a part to orders.

use std::time::Duration;

use bestand::connection::state::{ConnectionState, Status};
use bestand::live_query::Said;
use bestand_plugin_api::Quantity;

use crate::support::{FinaleSystem, Site, sku};

/// What a sync may use of Finale's 120 requests a minute; the rest is kept for orders.
const FOR_SYNCS: usize = 96;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_answered_while_a_sync_waits_at_the_limit() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let gets = || {
        let requests = system.finale.requests();
        let gets = requests.iter().filter(|request| request.method == "GET");
        gets.count()
    };
    while gets() < FOR_SYNCS {
        let checked = life.connections.check(life.account, connection.id).await;
        checked.unwrap();
    }
    // What is known of the facilities is too old by now, so that the order's query needs a GET as well.
    site.advance(Duration::from_secs(16 * 60));
    let syncs = |status: &Status| matches!(status.state, ConnectionState::Syncing { .. });
    life.until(connection.id, "syncing", syncs).await;
    assert_eq!(gets(), FOR_SYNCS, "the sync waits");

    system.finale.set_stock("A", "Berlin", 4);
    assert_eq!(life.ask(&berlin, &[sku("A")]).await, Said::default());
    let held = life.level(&berlin, "A").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(4)));
    assert_eq!(
        gets(),
        FOR_SYNCS + 1,
        "the order used what is kept for orders"
    );
    let refused = system
        .finale
        .requests()
        .iter()
        .any(|request| request.status == Some(429));
    assert!(!refused, "the limit was kept");
}
