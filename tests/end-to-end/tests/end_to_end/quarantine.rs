//! The real program beside a library that keeps ending its process: what the operator reads, what it takes to go on, and
//! that nothing is left of any of it.

use std::path::Path;

use reqwest::Method;
use serde_json::Value;

use crate::support::install::enabling;
use crate::support::misbehaving::behaving;
use crate::support::neighbour::warehouse;
use crate::support::processes::Process;
use crate::support::{Api, Install, built, find};

/// Quarantines after which whatever leaks at each crash has shown itself.
const ROUNDS: usize = 3;
/// Crashes in all of them.
const CRASHES: usize = 5 * ROUNDS;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_crashes_are_a_quarantine_that_is_explained_released_and_leaves_nothing_behind() {
    let install = Install::with(&["misbehaving", "warehouse"]);
    let daemon = install.serve().await;
    let connection = daemon
        .api
        .connect(&behaving("crashes", "abort", "check"))
        .await;
    quarantined(&daemon.api, &connection).await;

    let shown = misbehaving(&daemon.api).await;
    let reason = shown["reason"].as_str().unwrap();
    assert!(
        reason.starts_with(
            "adapter `misbehaving` is quarantined: its process ended five times within five minutes"
        ),
        "{reason}"
    );
    let last_end = &shown["process"]["last_end"];
    assert!(
        last_end["why"]
            .as_str()
            .unwrap()
            .contains("signal 6 (SIGABRT"),
        "{last_end}"
    );
    assert_eq!(last_end["stderr"][0], "told to abort");
    let state = daemon.api.until(&connection, "needs_attention").await;
    let reason = state["status"]["reason"].as_str().unwrap();
    assert!(reason.contains("quarantined"), "{state:#}");

    let process = Process::of(daemon.id());
    release(&daemon.api).await;
    let before = process.traces();
    for _ in 0..ROUNDS {
        quarantined(&daemon.api, &connection).await;
        release(&daemon.api).await;
    }
    find("as many workers as before", async || {
        (process.children().len() == before.children).then_some(())
    })
    .await;
    // Pools come and go; what leaks at a crash has leaked as often as there were crashes.
    let after = process.traces();
    for (kind, count) in &after.descriptors {
        let had = before.descriptors.get(kind).unwrap_or(&0);
        assert!(
            count - had.min(count) < CRASHES,
            "{kind}: {before:?}, then {after:?}"
        );
    }
    assert_eq!(after.adapter_threads, before.adapter_threads);
    neighbour_is_well(&daemon.api).await;
    assert!(daemon.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_starts_a_quarantined_adapter_again() {
    let install = Install::with(&["misbehaving", "warehouse"]);
    let daemon = install.serve().await;
    let connection = daemon
        .api
        .connect(&behaving("crashes", "segfault", "check"))
        .await;
    quarantined(&daemon.api, &connection).await;
    daemon.signal("-HUP");
    running(&daemon.api).await;
    neighbour_is_well(&daemon.api).await;
    assert!(daemon.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_daemon_was_given_does_not_reach_its_libraries() {
    let install = Install::with(&["misbehaving"]);
    let secret = install.secrets.make();
    install.put("inherited", &secret);
    // Opened by a shell, as an operator's script may do, for all that it starts.
    let program = built::folder().join("bestand");
    let script = format!("exec 9<inherited; exec {} serve", program.display());
    let mut shell = install.command_of(Path::new("/bin/sh"), &["-c", script.as_str()]);
    shell.env("WAREHOUSE_TOKEN", &secret);
    let daemon = install.serve_by(shell).await;
    let process = Process::of(daemon.id());
    let inherited = install.path("inherited");
    assert!(
        process.open_files().contains(&inherited),
        "the daemon has it"
    );
    for worker in process.children() {
        assert!(
            !worker.open_files().contains(&inherited),
            "its worker has it, too"
        );
    }
    for fault in ["read_environment", "read_descriptors"] {
        let connection = daemon.api.connect(&behaving(fault, fault, "check")).await;
        let state = daemon.api.until(&connection, "degraded").await;
        let reason = state["status"]["reason"].as_str().unwrap();
        assert!(reason.contains("was refused"), "{reason}");
    }
    assert!(daemon.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_is_killed_takes_a_library_that_loops_with_it() {
    let install = Install::with(&[]);
    install.plugins.install("misbehaving");
    install.configure(&enabling(&["misbehaving"]));
    let daemon = install.serve().await;
    let workers = Process::of(daemon.id()).children();
    assert_eq!(workers.len(), 1);
    daemon
        .api
        .connect(&behaving("loops", "busy_loop", "check"))
        .await;
    // It is at it once it has used the processor for longer than any start takes.
    find("looping", async || {
        (workers[0].processor_ticks() > LOOPING_TICKS).then_some(())
    })
    .await;
    daemon.kill();
    find("the end of its worker", async || {
        (!workers[0].runs()).then_some(())
    })
    .await;
}

/// Processor time of a process that loops, in ticks of a hundredth of a second.
const LOOPING_TICKS: u64 = 100;

/// Has the connection checked until its adapter is quarantined.
async fn quarantined(api: &Api, connection: &str) {
    find("quarantined", async || {
        api.post(&format!("/connections/{connection}/check"), Value::Null)
            .await;
        (misbehaving(api).await["state"] == "quarantined").then_some(())
    })
    .await;
}

async fn release(api: &Api) {
    let path = "/adapters/misbehaving/release";
    api.ask(Method::POST, path, None).await.expect(200);
    running(api).await;
}

async fn running(api: &Api) {
    find("running", async || {
        (misbehaving(api).await["state"] == "ready").then_some(())
    })
    .await;
}

async fn misbehaving(api: &Api) -> Value {
    let all = api.get("/adapters").await;
    let items = all["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["id"] == "misbehaving");
    found.unwrap().clone()
}

async fn neighbour_is_well(api: &Api) {
    let connection = api.connect(&warehouse()).await;
    api.until(&connection, "ready").await;
    let path = format!("/connections/{connection}/check");
    api.post(&path, Value::Null).await.expect(200);
}
