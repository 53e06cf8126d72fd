//! The connection itself: its settings, its place, its list.

use bestand_plugin_api::ErrorKind;
use bestand_plugin_api::testing::{Connection, FakeHost, FakeSource, check_manifest};
use serde_json::json;

use crate::support::{NOON, available, combined, east, west};

#[test]
fn the_manifest_is_in_order() {
    check_manifest(bestand_plugin_combined::wiring);
}

#[tokio::test]
async fn it_says_which_source_is_gone_and_works_until_the_last_one_is() {
    let (connection, host) = combined(json!({ "mode": "sum" }), [east(), west()]).await;
    assert!(connection.check().await.unwrap().warnings.is_empty());
    host.remove_source("west");
    let warnings = connection.check().await.unwrap().warnings;
    assert!(warnings[0].contains("`west`"), "{warnings:?}");
    host.remove_source("east");
    let error = connection.check().await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Config {
            field: "sources".into()
        }
    );
}

#[tokio::test]
async fn a_source_may_not_be_named_twice() {
    let settings = json!({ "sources": ["east", "east"], "mode": "sum" });
    let host = FakeHost::at(NOON);
    let opened = Connection::open(bestand_plugin_combined::wiring, &settings, &host).await;
    let error = opened.err().unwrap();
    assert!(error.message.contains("named twice"), "{error}");
}

#[tokio::test]
async fn every_article_of_any_source_is_listed_once() {
    let many = |source: FakeSource, numbers: std::ops::Range<u32>| {
        numbers.fold(source, |source, number| {
            source.has(&format!("S-{number:05}"), available(1), NOON)
        })
    };
    let sources = [many(east(), 0..1500), many(west(), 1000..2500)];
    let (connection, _) = combined(json!({ "mode": "sum" }), sources).await;
    let levels = connection.list_stock(None).await.unwrap();
    assert_eq!(levels.len(), 2500);
    let twice = levels
        .iter()
        .filter(|level| level.quantities == available(2));
    assert_eq!(twice.count(), 500);
}
