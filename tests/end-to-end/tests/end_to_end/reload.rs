//! Enabling and disabling an adapter needs no restart: its connections stop and say why, and go on where they were.

use bestand::config::adapter::Adapter;
use bestand_plugin_api::Quantity;
use serde_json::{Value, json};

use crate::support::install::enabling;
use crate::support::{FinaleSystem, Install, Site, enabled, find, sku};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_adapters_connections_keep_their_stock_and_say_how_to_enable_it() {
    let site = Site::with(&["warehouse", "finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let mut life = site.start().await;
    let connection = life.connected(system.connection()).await;
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
    assert_eq!((trouble.to_string(), trouble.advice()), (reason, advice));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_running_program_takes_adapters_on_and_off_without_a_restart() {
    let install = Install::with(&["warehouse", "finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    let connection = daemon.api.connection("Finale main").await;
    daemon.api.ship_from("Berlin", "Berlin").await;

    install.configure(&enabling(&["warehouse"]));
    let reloaded = install.run(&["reload"]).expect(0);
    assert!(
        reloaded.stdout.contains("adapter `finale`"),
        "{}",
        reloaded.stdout
    );
    let shown = daemon.api.until(&connection, "needs_attention").await;
    assert!(
        shown["status"]["reason"]
            .as_str()
            .unwrap()
            .contains("is not enabled"),
        "{shown:#}"
    );
    assert_eq!(daemon.api.stored("A").await["available"], json!(5));

    install.configure(&enabling(&["warehouse", "finale"]));
    daemon.signal("-HUP");
    daemon.api.until(&connection, "ready").await;

    assert!(daemon.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_config_that_is_wrong_is_refused_at_reload_and_the_old_one_goes_on() {
    let install = Install::with(&["warehouse", "finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    let connection = daemon.api.connection("Finale main").await;
    daemon.api.ship_from("Berlin", "Berlin").await;

    install.configure("[sync]\nintervall_secs = 60\n[[adapter]]\nid = \"warehouse\"\n");
    let refused = install.run(&["reload"]).expect(64);
    assert!(
        refused.stderr.contains("did you mean `interval_secs`?"),
        "{}",
        refused.stderr
    );
    daemon.signal("-HUP");
    let report = find("what the daemon made of it", async || {
        let bytes = std::fs::read(install.path("data/bestand.reload")).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok()
    })
    .await;
    assert_eq!(report["taken"], json!(false));
    assert!(
        report["lines"]
            .to_string()
            .contains("did you mean `interval_secs`?"),
        "{report:#}"
    );
    let shown = daemon.api.get(&format!("/connections/{connection}")).await;
    assert_eq!(shown["status"]["state"], json!("ready"), "{shown:#}");
    assert_eq!(daemon.api.stored("A").await["available"], json!(5));

    install.configure(&enabling(&["warehouse", "finale"]));
    install.run(&["reload"]).expect(0);
    daemon.api.until(&connection, "ready").await;
    assert!(daemon.end().await.success());
}
