//! Changes since a checkpoint, with an overlap, location by location.

use std::time::Duration;

use bestand_plugin_api::{Checkpoint, Tracking};

use crate::support::{Shop, now, shown};

#[tokio::test]
async fn the_first_call_only_makes_a_checkpoint() {
    let shop = Shop::open().await;
    let first = shop.connection.stock_changes(None, None).await.unwrap();
    assert_eq!(
        (first.items.len(), first.next, first.checkpoint),
        (0, None, Checkpoint("2026-11-20T10:00:00Z".into()))
    );
    assert!(shop.asked().is_empty());
}

#[tokio::test]
async fn every_location_is_asked_from_before_the_checkpoint_and_only_the_end_moves_it() {
    let shop = Shop::open().await;
    shop.host.advance(Duration::from_secs(600));
    let since = Checkpoint(now().to_string());
    shop.answers(include_str!("../fixtures/locations_first.json"));
    shop.answers(include_str!("../fixtures/locations_last.json"));
    shop.answers(include_str!("../fixtures/location_levels.json"));
    let first = shop
        .connection
        .stock_changes(Some(since.clone()), None)
        .await
        .unwrap();
    assert_eq!(first.checkpoint, since, "not before the run has ended");
    assert_eq!(
        shown(&first.items),
        [("MUG", "1", Tracking::Counted, Some(3))]
    );
    shop.host.advance(Duration::from_secs(60));
    shop.answers(include_str!("../fixtures/location_levels.json"));
    let last = shop
        .connection
        .stock_changes(Some(since), first.next)
        .await
        .unwrap();
    assert_eq!(
        (last.next, last.checkpoint),
        (None, Checkpoint("2026-11-20T10:10:00Z".into()))
    );
    let asked = shop.asked();
    assert_eq!(asked[2].1["query"], "updated_at:>='2026-11-20T09:55:00Z'");
    let locations = [&asked[2].1["location"], &asked[3].1["location"]];
    assert_eq!(
        locations,
        ["gid://shopify/Location/2", "gid://shopify/Location/1"]
    );
}
