//! A plugin is replaced while the daemon runs: what runs is what was opened, until a reload opens the new one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::plugin_dir::{library, written_over};
use crate::support::{Daemon, FinaleSystem, Install, find};

const OLD: &str = "Stock of every product";
const NEW: &str = "STOCK OF EVERY PRODUCT";
const FILE: &str = "libbestand_plugin_finale.so";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_is_replaced_is_the_new_one_after_a_reload() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    for (old, new) in [(OLD, NEW), (NEW, OLD)] {
        let described = description(&daemon).await;
        assert!(described.contains(old), "{described}");
        // As a package manager does: the old file stays whole for whoever has it open.
        install.plugins.put(".new", &finale_that_says(new));
        let file = install.plugins.path().join(FILE);
        std::fs::rename(install.plugins.path().join(".new"), file).unwrap();
        assert!(
            description(&daemon).await.contains(old),
            "not before a reload"
        );
        install.run(&["reload"]).expect(0);
        let described = description(&daemon).await;
        assert!(described.contains(new), "{described}");
        synced(&daemon).await;
    }
    assert!(daemon.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_is_written_over_hurts_nobody() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    // As `cp` does: the file that is open is cut to nothing and filled anew.
    install.plugins.put(FILE, b"");
    synced(&daemon).await;
    install.plugins.put(FILE, &finale_that_says(NEW));
    synced(&daemon).await;
    install.run(&["reload"]).expect(0);
    let described = description(&daemon).await;
    assert!(described.contains(NEW), "{described}");
    synced(&daemon).await;
    assert!(daemon.end().await.success());
}

/// What the one adapter says of itself.
async fn description(daemon: &Daemon) -> String {
    let adapters = daemon.api.get("/adapters").await;
    let described = adapters["items"][0]["description"].as_str();
    described.expect("a description").to_owned()
}

/// Syncs once more, all of it.
async fn synced(daemon: &Daemon) {
    let id = daemon.api.connection("Finale main").await;
    let path = format!("/connections/{id}");
    let before = daemon.api.until(&id, "ready").await["status"]["last_sync_at"].clone();
    let sync = format!("{path}/sync?full=true");
    daemon.api.ask(Method::POST, &sync, None).await.expect(202);
    find("synced again", async || {
        let status: Value = daemon.api.get(&path).await["status"].clone();
        (status["state"] == json!("ready") && status["last_sync_at"] != before).then_some(())
    })
    .await;
}

fn finale_that_says(description: &str) -> Vec<u8> {
    let built = std::fs::read(library("finale")).unwrap();
    match description {
        OLD => built,
        new => written_over(&built, OLD.as_bytes(), new.as_bytes()),
    }
}
