//! What this adapter makes of what the system answers. What every adapter must do is in `conformance`.

use std::sync::Arc;

use acme_stock::wiring;

use bestand_plugin_api::testing::{Answer, Cassette, Connection, FakeHost, Player, check_manifest};
use bestand_plugin_api::{
    ErrorKind, LocationId, Quantity, Result, Sku, SkuQuery, Timestamp, Tracking,
};
use serde_json::json;

const API: &str = "https://api.acme.example/v1";

/// A host behind which `upstream.toml` answers what is not scripted.
fn host() -> FakeHost {
    let cassette: Cassette = include_str!("upstream.toml").parse().unwrap();
    let host = FakeHost::at(cassette.recorded_at.unwrap());
    host.upstream(Arc::new(Player::new(cassette)));
    host
}

async fn open(host: &FakeHost) -> Result<Connection> {
    let settings = json!({ "base_url": "https://api.acme.example/" });
    Connection::open(wiring, &settings, host).await
}

fn query(skus: &[&str], places: &[&str]) -> SkuQuery {
    let skus = skus.iter().map(|sku| Sku::new(sku).unwrap());
    let places = places.iter().map(|id| LocationId::from(*id));
    SkuQuery::of(skus.collect()).at(places.collect())
}

#[test]
fn the_manifest_is_in_order() {
    check_manifest(wiring);
}

#[tokio::test]
async fn an_address_that_is_none_is_named_by_its_field() {
    for base_url in ["api.acme.example", "https://", "ftp://api.acme.example"] {
        let settings = json!({ "base_url": base_url });
        let refused = Connection::open(wiring, &settings, &host()).await.err();
        let field = "base_url".into();
        assert_eq!(refused.unwrap().kind, ErrorKind::Config { field });
    }
}

#[tokio::test]
async fn a_closed_warehouse_is_listed_as_closed() -> Result<()> {
    let locations = open(&host()).await?.locations().await?;
    let bremen = locations.iter().find(|location| location.name == "Bremen");
    assert!(!bremen.unwrap().active);
    Ok(())
}

#[tokio::test]
async fn a_listing_goes_through_all_pages() -> Result<()> {
    let levels = open(&host()).await?.list_stock(None).await?;
    assert_eq!(levels.len(), 5);
    let free: Vec<_> = levels
        .iter()
        .map(|level| level.quantities.available)
        .collect();
    assert_eq!(free[0], Some(Quantity::units(3)));
    assert_eq!(free[3], Some(Quantity::from_millionths(12_750_000)));
    assert_eq!(levels[4].tracking, Tracking::NotTracked);
    Ok(())
}

#[tokio::test]
async fn a_listing_whose_cursor_has_died_starts_over() -> Result<()> {
    let died = open(&host()).await?.list_stock(Some("old".into())).await;
    assert_eq!(died.unwrap_err().kind, ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn a_row_without_a_sku_costs_itself_alone() -> Result<()> {
    let host = host();
    let rows = json!({ "rows": [
        { "sku": "", "warehouse": "HAM", "free": 1, "on_hand": 1 },
        { "sku": "TEA-2", "warehouse": "HAM", "free": 1, "on_hand": 1 },
    ] });
    host.answer(&format!("GET {API}/stock"), Answer::json(&rows));
    let levels = open(&host).await?.list_stock(None).await?;
    assert_eq!(levels.len(), 1);
    Ok(())
}

#[tokio::test]
async fn an_order_hears_of_what_is_there_not_there_and_unknown() -> Result<()> {
    let query = query(&["TEA-1", "CLOTH-M", "HAT"], &["BRE"]);
    let answers = open(&host()).await?.stock_by_sku(&query).await?;
    let found: Vec<_> = answers.levels.iter().map(|level| level.tracking).collect();
    assert_eq!(found, [Tracking::Counted, Tracking::NotStocked]);
    assert_eq!(answers.errors[0].sku.as_str(), "HAT");
    Ok(())
}

#[tokio::test]
async fn each_refusal_tells_the_daemon_what_to_do() -> Result<()> {
    let retry_at: Option<Timestamp> = "2026-11-20T10:00:30Z".parse().ok();
    let field = "base_url".into();
    for (answer, kind) in [
        (Answer::new(401, ""), ErrorKind::Auth),
        (Answer::new(404, ""), ErrorKind::Config { field }),
        (
            Answer::new(429, "").header("retry-after", "30"),
            ErrorKind::RateLimited { retry_at },
        ),
        (Answer::new(503, ""), ErrorKind::Upstream { status: 503 }),
        (Answer::new(200, "<html>"), ErrorKind::Protocol),
        (Answer::unreachable(), ErrorKind::Transient),
    ] {
        let host = host();
        host.answer(&format!("GET {API}/account"), answer);
        let refused = open(&host).await?.check().await.unwrap_err();
        assert_eq!(refused.kind, kind, "{refused}");
    }
    Ok(())
}
