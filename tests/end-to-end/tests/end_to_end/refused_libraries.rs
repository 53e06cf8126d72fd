//! A library that cannot be used is a recorded state with one line that says why; the others run.

use bestand::config::adapter::Adapter;
use bestand::connection::{EditError, NewConnection};
use bestand::plugin::PluginState;
use serde_json::json;

use crate::support::plugin_dir::{library, written_over};
use crate::support::{Life, Site, enabled};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_lies_in_the_plugin_directory_the_good_plugins_run() {
    let site = Site::with(&["warehouse"]);
    let finale = std::fs::read(library("finale")).unwrap();
    site.plugins.put("a_text.so", b"this is no library");
    site.plugins.put("an_empty_file.so", b"");
    site.plugins.put("cut_off.so", &finale[..finale.len() / 2]);
    site.plugins.put("from_the_system.so", &system_library());
    site.plugins
        .put("other_major.so", &built_for_plugin_api_2(&finale));
    site.plugins.put("notes.txt", b"not looked at");
    let life = site.start().await;

    assert_eq!(life.connections.directory().plugins().len(), 6);
    let expected = [
        ("a_text.so", "cannot open plugin"),
        ("an_empty_file.so", "cannot open plugin"),
        ("cut_off.so", "bytes are missing; copy it again"),
        (
            "from_the_system.so",
            "is not a plugin: it was built without `export_adapter!`",
        ),
        (
            "other_major.so",
            "was built for plugin-api 2.0.0, this daemon serves 1.x",
        ),
    ];
    for (file, said) in expected {
        let reason = refusal(&life, file);
        assert!(reason.contains(said), "{file}: {reason}");
        assert!(reason.contains(file) && !reason.contains('\n'), "{reason}");
    }
    let own = life.connect(new("warehouse")).await;
    life.ready(own.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_library_that_panics_or_hangs_at_its_start_holds_nobody_up_for_long() {
    let site = Site::with(&["warehouse"]);
    site.plugins.put_misbehaving("hangs.so", "hangs");
    site.plugins.put_misbehaving("panics.so", "panics");
    let life = site.start().await;
    let reason = refusal(&life, "hangs.so");
    assert!(
        reason.contains("hangs.so` does not start: it was not ready within 5s"),
        "{reason}"
    );
    let reason = refusal(&life, "panics.so");
    assert!(
        reason.contains("the adapter panicked while it described itself"),
        "{reason}"
    );
    let own = life.connect(new("warehouse")).await;
    life.ready(own.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_libraries_with_the_same_adapter_are_one_too_many() {
    let site = Site::with(&["warehouse"]);
    let again = std::fs::read(library("warehouse")).unwrap();
    site.plugins.put("zz_again.so", &again);
    let life = site.start().await;
    let reason = refusal(&life, "zz_again.so");
    assert_eq!(
        reason,
        "another plugin already holds adapter `warehouse`; remove one of them"
    );
    let own = life.connect(new("warehouse")).await;
    life.ready(own.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adapter_that_does_not_run_says_how_to_make_it_run() {
    let mut site = Site::with(&["warehouse", "shopify"]);
    let off = Adapter {
        enabled: false,
        ..enabled("shopify")
    };
    site.adapters = vec![off];
    let life = site.start().await;
    let expected = [
        (
            "shopify",
            "adapter `shopify` is not enabled; add `[[adapter]]` with `id = \"shopify\"`",
        ),
        ("warehouse", "adapter `warehouse` is not enabled"),
        (
            "acme",
            "no plugin in the plugin directory holds an adapter `acme`; install it there",
        ),
    ];
    for (adapter, said) in expected {
        let Err(EditError::Invalid(problems)) = life.try_connect(new(adapter)).await else {
            panic!("{adapter} is refused")
        };
        assert_eq!(problems[0].field, "adapter");
        assert!(
            problems[0].fault.to_string().contains(said),
            "{:?}",
            problems[0]
        );
    }
}

fn refusal(life: &Life, file: &str) -> String {
    let directory = life.connections.directory();
    let plugin = directory
        .plugins()
        .iter()
        .find(|plugin| plugin.path.ends_with(file));
    match plugin.map(|plugin| &plugin.state) {
        Some(PluginState::Refused { reason, .. }) => reason.clone(),
        state => panic!("{file} is {state:?}"),
    }
}

fn new(adapter: &str) -> NewConnection {
    NewConnection {
        name: adapter.into(),
        adapter: adapter.into(),
        settings: json!({}),
        secrets: Default::default(),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    }
}

/// Some library of the system that is none of ours.
fn system_library() -> Vec<u8> {
    let maps = std::fs::read_to_string("/proc/self/maps").expect("this is Linux");
    let mapped = maps
        .lines()
        .filter_map(|line| line.split_whitespace().last());
    let library = mapped
        .into_iter()
        .find(|path| path.contains("/libm.so") || path.contains("/libc.so"));
    std::fs::read(library.expect("a process has a C library")).expect("which can be read")
}

/// The same library, saying that it was built for another major version of the contract.
fn built_for_plugin_api_2(library: &[u8]) -> Vec<u8> {
    written_over(library, bestand_plugin_api::CONTRACT.as_bytes(), b"2.0.0")
}
