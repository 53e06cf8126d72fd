//! Settings, the manifest, the check of a connection, and its warehouses.

use bestand_plugin_api::http::{Auth, SecretPlace};
use bestand_plugin_api::testing::{Answer, check_manifest};
use bestand_plugin_api::{Absent, ErrorKind};
use serde_json::{Value, json};

use crate::support::{Fixture, list, page, product};

fn warehouse(id: f64, name: &str, active: bool) -> Value {
    json!({ "Id": id, "Name": name, "IsActive": active, "AccountNumber": "1" })
}

#[test]
fn the_manifest_is_in_order() {
    check_manifest(bestand_plugin_ecomdash::wiring);
}

#[tokio::test]
async fn the_manifest_declares_the_published_limit_and_what_absence_means() {
    let manifest = Fixture::open().await.connection.describe().await.unwrap();
    let bucket = &manifest.buckets[0];
    assert_eq!((bucket.capacity, bucket.window_ms), (120, 60_000));
    assert_eq!(manifest.semantics.absent, Absent::Unknown);
}

#[tokio::test]
async fn a_setting_that_cannot_be_right_is_named() {
    for (settings, field) in [
        (json!({ "base_url": "ecomdash.azure-api.net" }), "base_url"),
        (
            json!({ "base_url": "https://ecomdash.azure-api.net/api" }),
            "base_url",
        ),
        (
            json!({ "changed_since_parameter": "" }),
            "changed_since_parameter",
        ),
        (
            json!({ "changed_since_parameter": "a&b" }),
            "changed_since_parameter",
        ),
        (json!({ "application_id": "a\nb" }), "application_id"),
        (json!({ "kits": "left_out" }), "settings.kits"),
    ] {
        let refusal = Fixture::refusal(settings.clone()).await;
        let expected = ErrorKind::Config {
            field: field.into(),
        };
        assert_eq!(refusal.kind, expected, "{settings}");
    }
}

#[tokio::test]
async fn every_request_carries_both_keys_the_app_and_its_bucket() {
    let fixture = Fixture::with(json!({ "application_id": "app-7" })).await;
    fixture
        .get("Warehouses", list(&[warehouse(788.0, "Berlin", true)]))
        .get("Inventory", list(&[]));
    fixture.connection.check().await.unwrap();
    let auth = Auth::places([
        SecretPlace::header("ecd-subscription-key", "account_key"),
        SecretPlace::header("ocp-apim-subscription-key", "portal_key"),
    ]);
    for sent in fixture.host.sent() {
        assert_eq!(sent.request.auth, auth);
        assert_eq!(sent.request.buckets, ["calls"]);
        let app = ("application-id".to_owned(), "app-7".to_owned());
        assert!(
            sent.request.headers.contains(&app),
            "{:?}",
            sent.request.headers
        );
    }
}

#[tokio::test]
async fn a_check_finds_out_whether_the_filter_for_changes_is_known() {
    let fixture = Fixture::open().await;
    let warehouses = || list(&[warehouse(788.0, "Berlin", true)]);
    fixture
        .get("Warehouses", warehouses())
        .get("Inventory", list(&[]));
    assert!(
        fixture
            .connection
            .check()
            .await
            .unwrap()
            .warnings
            .is_empty()
    );
    assert!(fixture.lines()[1].contains("quantityChangedSince=2100-01-01T00%3A00%3A00Z"));
    fixture
        .get("Warehouses", warehouses())
        .get("Inventory", list(&[product("A", &[(788, 1.0)])]));
    let warnings = fixture.connection.check().await.unwrap().warnings;
    assert!(
        warnings[0].contains("`quantityChangedSince`"),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn a_check_warns_of_an_account_without_an_active_warehouse() {
    let fixture = Fixture::open().await;
    fixture
        .get("Warehouses", list(&[warehouse(788.0, "Berlin", false)]))
        .get("Inventory", list(&[]));
    let warnings = fixture.connection.check().await.unwrap().warnings;
    assert_eq!(warnings, ["the account has no active warehouse"]);
}

#[tokio::test]
async fn a_check_tells_which_key_is_refused_and_an_address_that_is_not_ecomdashs() {
    for (status, kind, words) in [
        (401, ErrorKind::Auth, "API subscription key"),
        (403, ErrorKind::Auth, "account integration key"),
        (
            404,
            ErrorKind::Config {
                field: "base_url".into(),
            },
            "no such address",
        ),
    ] {
        let fixture = Fixture::open().await;
        fixture.get("Warehouses", Answer::new(status, "{}"));
        let error = fixture.connection.check().await.unwrap_err();
        assert_eq!(error.kind, kind);
        assert!(error.message.contains(words), "{error}");
    }
}

#[tokio::test]
async fn warehouses_are_the_places_on_however_many_pages() {
    let fixture = Fixture::open().await;
    fixture
        .get("Warehouses", page(&[warehouse(788.0, "Berlin", true)], 2))
        .get("Warehouses", page(&[warehouse(876.0, " ", false)], 2));
    let places = fixture.connection.locations().await.unwrap();
    let told: Vec<_> = places
        .iter()
        .map(|place| (place.id.0.as_str(), place.name.as_str(), place.active))
        .collect();
    assert_eq!(told, [("788", "Berlin", true), ("876", "876", false)]);
}
