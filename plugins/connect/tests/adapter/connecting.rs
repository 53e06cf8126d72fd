//! Settings, the manifest, the check of a connection, and the places that are learned.

use bestand_plugin_api::http::{Auth, SecretPlace};
use bestand_plugin_api::testing::{Answer, check_manifest};
use bestand_plugin_api::{Capability, ErrorKind, Idempotency};
use serde_json::json;

use crate::support::{Fixture, MODULE, done, item, later, page, settings};

#[test]
fn the_manifest_is_in_order() {
    check_manifest(bestand_plugin_connect::wiring);
}

#[tokio::test]
async fn the_manifest_tells_that_a_repeat_is_not_recognised() {
    let manifest = Fixture::open().await.connection.describe().await.unwrap();
    let writes = &manifest.capabilities[3];
    let expected = matches!(
        writes,
        Capability::StockWrites {
            max_batch: 100,
            idempotency: Idempotency::None,
            ..
        }
    );
    assert!(expected, "{writes:?}");
    assert!(manifest.icon.unwrap().starts_with("<svg"));
}

#[tokio::test]
async fn a_setting_that_cannot_be_right_is_named() {
    let with = |name: &str, value: &str| {
        let mut settings = settings();
        settings[name] = json!(value);
        settings
    };
    for (settings, field) in [
        (with("base_url", "modules.acme.example"), "base_url"),
        (with("base_url", "https://"), "base_url"),
        (with("base_url", "https:///stock"), "base_url"),
        (with("base_url", "https://a.example/?tenant=1"), "base_url"),
        (with("order_source_api_code", " "), "order_source_api_code"),
        (with("sign_in", "oauth"), "settings.sign_in"),
        (json!({ "base_url": MODULE }), "settings"),
    ] {
        let refusal = Fixture::refusal(settings.clone()).await;
        let expected = ErrorKind::Config {
            field: field.into(),
        };
        assert_eq!(refusal.kind, expected, "{settings}");
    }
}

#[tokio::test]
async fn each_kind_of_sign_in_puts_its_secrets_into_the_body() {
    let place = |name: &str| SecretPlace::json(format!("auth.{name}"), name);
    for (sign_in, auth) in [
        ("api_key", Auth::places([place("api_key")])),
        (
            "basic",
            Auth::places([place("username"), place("password")]),
        ),
        ("access_token", Auth::places([place("access_token")])),
        ("none", Auth::None),
    ] {
        let mut settings = settings();
        settings["sign_in"] = json!(sign_in);
        let fixture = Fixture::with(settings).await;
        fixture.fetch(done(&[]));
        fixture.connection.list_stock(None).await.unwrap();
        assert_eq!(fixture.host.sent()[0].request.auth, auth);
    }
}

#[tokio::test]
async fn a_request_says_who_asks_and_has_an_id_of_its_own() {
    let mut settings = settings();
    settings["store_url"] = json!("https://acme.example");
    settings["connection_name"] = json!("production");
    settings["connection_context"] = json!({ "tenant": "7" });
    let fixture = Fixture::with(settings).await;
    fixture.fetch(page(&[], "2")).fetch(done(&[]));
    fixture.connection.list_stock(None).await.unwrap();
    let sent = fixture.sent("inventory_fetch");
    assert_eq!(
        sent[0]["auth"],
        json!({
            "order_source_api_code": "acme_wms", "url": "https://acme.example", "connection_name": "production",
            "connection_context": { "tenant": "7" },
        })
    );
    assert_eq!(sent[0].get("criteria"), None);
    let ids: Vec<_> = sent
        .iter()
        .map(|body| body["transaction_id"].as_str().unwrap())
        .collect();
    assert!(ids[0] != ids[1] && ids[0].len() == 36, "{ids:?}");
}

#[tokio::test]
async fn a_check_passes_with_and_without_a_method_for_it() {
    for validation in [
        Answer::new(200, ""),
        Answer::json(&json!({})),
        Answer::new(404, ""),
    ] {
        let fixture = Fixture::open().await;
        fixture
            .answer("validate_connection", validation)
            .fetch(done(&[]));
        assert_eq!(fixture.connection.check().await.unwrap().name, "acme_wms");
        let criteria = &fixture.sent("inventory_fetch")[0]["criteria"];
        assert_eq!(criteria["skus"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_check_tells_credentials_from_an_address_and_from_a_page() {
    for (validation, fetch, kind) in [
        (Answer::new(401, ""), None, ErrorKind::Auth),
        (
            Answer::new(404, ""),
            Some(Answer::new(401, "{}")),
            ErrorKind::Auth,
        ),
        (
            Answer::new(404, ""),
            Some(Answer::new(404, "<html>")),
            ErrorKind::Config {
                field: "base_url".into(),
            },
        ),
        (Answer::new(200, "<html>"), None, ErrorKind::Protocol),
        (
            Answer::json(&json!({ "errors": [{}] })),
            None,
            ErrorKind::Protocol,
        ),
    ] {
        let fixture = Fixture::open().await;
        fixture.answer("validate_connection", validation);
        fetch.map(|answer| fixture.fetch(answer).host.clone());
        assert_eq!(fixture.connection.check().await.unwrap_err().kind, kind);
    }
}

#[tokio::test]
async fn places_are_the_warehouses_of_all_pages_each_once_and_by_name() {
    let mut settings = settings();
    settings["warehouse_names"] = json!({ "W1": "Berlin" });
    let fixture = Fixture::with(settings).await;
    let mut homeless = item("C", "", 1);
    homeless["warehouse_id"] = json!(null);
    fixture
        .fetch(later(100, None))
        .fetch(page(&[item("A", "W1", 1), item("B", "W2", 1)], "2"))
        .fetch(done(&[item("C", "W1", 1), homeless]));
    let places = fixture.connection.locations().await.unwrap();
    let named: Vec<_> = places
        .iter()
        .map(|place| (place.id.0.as_str(), place.name.as_str()))
        .collect();
    assert_eq!(
        named,
        [("W1", "Berlin"), ("W2", "W2"), ("all-stock", "All stock")]
    );
    let cursors: Vec<_> = fixture
        .sent("inventory_fetch")
        .iter()
        .map(|body| body["cursor"].clone())
        .collect();
    assert_eq!(cursors, [json!(null), json!(null), json!("2")]);
}

#[tokio::test]
async fn a_module_without_items_has_one_place() {
    let fixture = Fixture::open().await;
    fixture.fetch(done(&[]));
    assert_eq!(
        fixture.connection.locations().await.unwrap()[0].id.0,
        "all-stock"
    );
}
