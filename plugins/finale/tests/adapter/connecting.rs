//! Settings, the manifest, the check of a connection, and the places of its account.

use bestand_plugin_api::http::Auth;
use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{Absent, Capability, ErrorKind, Idempotency, LocationKind};
use serde_json::json;

use crate::support::{Fixture, login_page, recorded};

#[tokio::test]
async fn the_manifest_declares_secrets_limits_and_what_absence_means() {
    let manifest = Fixture::open().await.connection.describe().await.unwrap();
    assert_eq!(manifest.id, "finale");
    let secrets: Vec<_> = manifest
        .secrets
        .iter()
        .map(|secret| secret.name.as_str())
        .collect();
    assert_eq!(secrets, ["api_key", "api_secret"]);
    let buckets: Vec<_> = manifest
        .buckets
        .iter()
        .map(|bucket| (bucket.name.as_str(), bucket.capacity, bucket.window_ms))
        .collect();
    assert_eq!(
        buckets,
        [
            ("gets", 120, 60_000),
            ("posts", 120, 60_000),
            ("collections", 300, 3_600_000)
        ]
    );
    assert_eq!(manifest.semantics.absent, Absent::Unknown);
    assert!(matches!(
        &manifest.capabilities[..],
        [
            Capability::StockListing,
            Capability::StockBySku { max_batch: 50, .. },
            Capability::StockWrites {
                max_batch: 20,
                idempotency: Idempotency::LookUp,
                ..
            },
        ]
    ));
    assert_eq!(manifest.settings_schema["required"], json!(["account"]));
}

#[tokio::test]
async fn a_setting_that_cannot_be_right_is_named() {
    for (settings, field) in [
        (json!({ "account": "Acme Inc" }), "account"),
        (json!({ "account": "" }), "account"),
        (
            json!({ "account": "acme", "base_url": "app.finaleinventory.com" }),
            "base_url",
        ),
        (
            json!({ "account": "acme", "base_url": "https://app.finaleinventory.com/acme" }),
            "base_url",
        ),
        (json!({ "account": "acme", "colour": "red" }), "settings"),
        (json!({}), "settings"),
    ] {
        let refusal = Fixture::refusal(settings.clone()).await;
        assert_eq!(
            refusal.kind,
            ErrorKind::Config {
                field: field.into()
            },
            "{settings}"
        );
    }
}

#[tokio::test]
async fn every_request_names_its_secrets_and_its_buckets() {
    let fixture = Fixture::open().await;
    fixture.layout();
    fixture.connection.check().await.unwrap();
    let auth = Auth::basic("api_key", "api_secret");
    for sent in fixture.host.sent() {
        assert_eq!(sent.request.auth, auth, "{}", sent.line());
    }
    assert_eq!(
        fixture.sent("GET facility/")[0].request.buckets,
        ["gets", "collections"]
    );
    assert_eq!(fixture.sent("POST graphql")[0].request.buckets, ["posts"]);
}

#[tokio::test]
async fn a_check_names_the_account_and_has_nothing_to_say_when_all_is_well() {
    let fixture = Fixture::open().await;
    fixture.layout();
    let account = fixture.connection.check().await.unwrap();
    assert_eq!(
        (account.name.as_str(), account.warnings),
        ("acme", Vec::new())
    );
}

#[tokio::test]
async fn a_check_warns_of_locations_without_columns_and_of_a_sublocation_that_is_not_there() {
    let fixture =
        Fixture::with(json!({ "account": "acme", "excluded_sublocations": ["Quarantine"] })).await;
    fixture
        .get("facility", recorded("facilities.json"))
        .graphql(recorded("fields_hamburg_only.json"));
    let warnings = fixture.connection.check().await.unwrap().warnings;
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("`Quarantine`"));
    assert!(warnings[1].contains("no stock columns for Berlin and for Berlin Transit"));
}

#[tokio::test]
async fn a_check_passes_with_a_warning_when_only_graphql_is_down() {
    let fixture = Fixture::open().await;
    fixture
        .get("facility", recorded("facilities.json"))
        .graphql(Answer::new(503, "busy"));
    let warnings = fixture.connection.check().await.unwrap().warnings;
    assert!(
        warnings[0].contains("GraphQL does not answer"),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn an_account_without_an_open_location_is_warned_of() {
    let fixture = Fixture::open().await;
    fixture
        .get("facility", recorded("facilities_closed.json"))
        .graphql(recorded("fields.json"));
    assert_eq!(
        fixture.connection.check().await.unwrap().warnings,
        ["the account has no active location"]
    );
}

#[tokio::test]
async fn a_check_tells_wrong_credentials_from_a_wrong_account() {
    for (answer, kind) in [
        (Answer::new(401, ""), ErrorKind::Auth),
        (Answer::new(403, ""), ErrorKind::Auth),
        (login_page(), ErrorKind::Auth),
        (
            Answer::new(404, "<html>"),
            ErrorKind::Config {
                field: "account".into(),
            },
        ),
    ] {
        let fixture = Fixture::open().await;
        fixture.get("facility", answer);
        assert_eq!(fixture.connection.check().await.unwrap_err().kind, kind);
    }
}

#[tokio::test]
async fn locations_become_sources_and_transit_may_not_be_sold_from() {
    let fixture =
        Fixture::with(json!({ "account": "acme", "excluded_sublocations": ["H-01"] })).await;
    fixture.get("facility", recorded("facilities.json"));
    let locations = fixture.connection.locations().await.unwrap();
    let shown: Vec<_> = locations
        .iter()
        .map(|location| {
            let parent = location.parent.as_ref().map(|parent| parent.0.as_str());
            (
                location.id.0.as_str(),
                location.name.as_str(),
                parent,
                location.kind,
                location.sellable,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("100000", "Berlin", None, LocationKind::Site, true),
            ("100001", "B-01", Some("100000"), LocationKind::Area, true),
            (
                "100002",
                "Berlin Transit",
                Some("100000"),
                LocationKind::Transit,
                false
            ),
            ("100003", "Hamburg", None, LocationKind::Site, true),
            ("100004", "H-01", Some("100003"), LocationKind::Area, false),
        ]
    );
}

#[tokio::test]
async fn a_closed_location_stays_listed() {
    let fixture = Fixture::open().await;
    fixture.get("facility", recorded("facilities_closed.json"));
    assert!(!fixture.connection.locations().await.unwrap()[0].active);
}
