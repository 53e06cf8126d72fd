//! Enabling and disabling an adapter needs no restart: its connections stop and say why, and go on where they were.

use bestand::config::adapter::Adapter;
use bestand_plugin_api::Quantity;

use crate::support::{FinaleSystem, Site, enabled, sku};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_adapters_connections_keep_their_stock_and_say_how_to_enable_it() {
    let site = Site::with(&["warehouse", "finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let mut life = site.start().await;
    let connection = life.connect(system.connection()).await;
    life.ready(connection.id).await;
    let berlin = life.source(connection.id, "Berlin").await;

    let off = Adapter {
        enabled: false,
        ..enabled("finale")
    };
    life.reload(&site, &[enabled("warehouse"), off]).await;
    let (reason, advice) = life.needs_attention(connection.id).await;
    assert!(
        reason.contains("adapter `finale` is not enabled"),
        "{reason}"
    );
    let trouble = life.ask(&berlin, &[sku("A")]).await.trouble.unwrap();
    assert_eq!((trouble.reason, trouble.advice), (reason, advice));
    let held = life.level(&berlin, "A").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(5)));

    system.finale.set_stock("A", "Berlin", 6);
    life.reload(&site, &site.adapters).await;
    life.sync(&site, connection.id, true).await;
    let held = life.level(&berlin, "A").await.unwrap();
    assert_eq!(held.available, Some(Quantity::units(6)));
    assert_eq!(life.source(connection.id, "Berlin").await.id, berlin.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_was_missing_is_found_when_it_has_been_installed() {
    let mut site = Site::with(&["warehouse", "finale"]);
    let system = FinaleSystem::start(&site).await;
    let connection = {
        let life = site.start().await;
        life.connect(system.connection()).await
    };
    let installed = std::mem::replace(
        &mut site.plugins,
        crate::support::plugin_dir::PluginDir::empty(),
    );
    let mut life = site.start().await;
    let (reason, _) = life.needs_attention(connection.id).await;
    assert_eq!(
        reason,
        "no plugin in the plugin directory holds an adapter `finale`; install it there"
    );
    site.plugins = installed;
    life.reload(&site, &site.adapters).await;
    life.ready(connection.id).await;
}
