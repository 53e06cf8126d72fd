//! The version rule of the contract: any 1.x plugin serves any 1.y daemon, and what does not fit is refused in one
//! line. Proven with real libraries and real hosts, each built against its own version of `plugin-api`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/contract.rs"]
mod contract;
#[path = "support/workspace.rs"]
mod workspace;

use std::process::Command;

use contract::{Contract, V1_0, V1_1, V1_2_CHANGED_TYPE, V2_0};
use serde_json::{Value, json};

/// What a host built against `host` says of a plugin built against `plugin`.
fn meet(host: &Contract, plugin: &Contract) -> Value {
    meet_with(Command::new(workspace::host(host)), plugin)
}

fn meet_with(mut host: Command, plugin: &Contract) -> Value {
    let met = host.arg(workspace::plugin(plugin)).output().unwrap();
    let told = String::from_utf8_lossy(&met.stderr);
    assert!(met.status.success(), "the host went down: {told}");
    serde_json::from_slice(&met.stdout).unwrap()
}

/// The plugin was loaded and did its work.
fn works(met: &Value) {
    assert_eq!(met["manifest"]["ok"]["id"], "fixture", "{met}");
    assert_eq!(met["manifest"]["ok"]["contract"], met["plugin"]);
    assert_eq!(met["open"], json!({ "ok": null }));
    assert_eq!(met["check"]["ok"]["name"], "asked at 1970-01-01T00:00:00Z");
    assert_eq!(
        met["levels"]["ok"]["done"]["items"][0]["quantities"]["available"],
        3
    );
}

/// The plugin was refused in this one line, which the file's name follows.
fn refused(met: &Value, line: &str) {
    let refusal = met["refused"]
        .as_str()
        .unwrap_or_else(|| panic!("it was loaded: {met}"));
    let (path, said) = refusal.split_once(".so` ").unwrap();
    assert!(path.starts_with('`'), "{refusal}");
    assert_eq!(said, line);
}

#[test]
fn a_plugin_and_a_host_of_the_same_version_work() {
    let met = meet(&V1_0, &V1_0);
    works(&met);
    assert_eq!(
        (&met["daemon"], &met["plugin"]),
        (&json!("1.0.0"), &json!("1.0.0"))
    );
}

#[test]
fn an_older_plugin_works_under_a_newer_host_which_does_without_the_new() {
    let met = meet(&V1_1, &V1_0);
    works(&met);
    assert_eq!(
        (&met["daemon"], &met["plugin"]),
        (&json!("1.1.0"), &json!("1.0.0"))
    );
    assert_eq!(met["manifest"]["ok"]["motto"], "unsaid");
    assert_eq!(met["greet"]["error"]["kind"], "unsupported");
}

#[test]
fn a_newer_plugin_works_under_an_older_host_which_skips_the_new() {
    let met = meet(&V1_0, &V1_1);
    works(&met);
    assert_eq!(
        (&met["daemon"], &met["plugin"]),
        (&json!("1.0.0"), &json!("1.1.0"))
    );
    assert_eq!(met["manifest"]["ok"].get("motto"), None);
    assert_eq!(met["greet"]["ok"], "hello from 1.1");
}

#[test]
fn two_of_the_newer_version_use_the_new() {
    let met = meet(&V1_1, &V1_1);
    works(&met);
    assert_eq!(met["manifest"]["ok"]["motto"], "said by 1.1");
    assert_eq!(met["greet"]["ok"], "hello from 1.1");
}

#[test]
fn a_changed_type_is_refused_in_one_line_that_names_both_versions() {
    let line = |served: &str| {
        format!(
            "was built for plugin-api 1.2.0, whose types are not those of this daemon's plugin-api {served}; ask its \
             publisher for a build with an unaltered plugin-api 1"
        )
    };
    let newer = meet(&V1_1, &V1_2_CHANGED_TYPE);
    refused(&newer, &line("1.1.0"));
    let older = meet(&V1_0, &V1_2_CHANGED_TYPE);
    refused(&older, &line("1.0.0"));
    let report = older["report"].as_str().unwrap();
    assert!(
        report.lines().count() > 10 && report.contains("generation"),
        "{report}"
    );
}

#[test]
fn another_major_version_is_refused_either_way_round() {
    refused(
        &meet(&V1_0, &V2_0),
        "was built for plugin-api 2.0.0, this daemon serves 1.x (1.0.0); ask its publisher for a build with plugin-api 1",
    );
    refused(
        &meet(&V2_0, &V1_1),
        "was built for plugin-api 1.1.0, this daemon serves 2.x (2.0.0); ask its publisher for a build with plugin-api 2",
    );
}

#[test]
fn a_plugin_that_fits_but_cannot_start_says_why() {
    let mut host = Command::new(workspace::host(&V1_0));
    host.env("FIXTURE_PANICS", "1");
    let met = meet_with(host, &V1_0);
    let refusal = met["refused"].as_str().unwrap();
    assert!(refusal.starts_with("plugin `"), "{refusal}");
    assert!(
        refusal.ends_with("refused to start: the adapter panicked while it described itself"),
        "{refusal}"
    );
}
