//! Signing in, checking, locations, and everything that can be wrong with an answer.

use std::time::Duration;

use bestand_plugin_api::http::Auth;
use bestand_plugin_api::testing::{Answer, Connection, FakeHost};
use bestand_plugin_api::{ErrorKind, Timestamp};
use bestand_plugin_shopify::wiring;
use serde_json::json;

use crate::support::{GRAPHQL, Shop, kind, now, skus};

const PROBE: &str = include_str!("../fixtures/shop_probe.json");
const THROTTLED: &str = include_str!("../fixtures/throttled.json");
const ITEMS: &str = include_str!("../fixtures/items_page.json");

#[tokio::test]
async fn a_check_names_the_shop_and_signs_in_by_secret_name() {
    let shop = Shop::open().await;
    shop.answers(PROBE);
    let account = shop.connection.check().await.unwrap();
    assert_eq!((account.name.as_str(), account.warnings.len()), ("Acme", 0));
    let header = Auth::header("x-shopify-access-token", "access_token");
    assert_eq!(shop.host.sent()[0].request.auth, header);
}

#[tokio::test]
async fn client_credentials_are_left_to_the_host() {
    let shop =
        Shop::with(json!({ "shop": "acme.myshopify.com", "sign_in": "client_credentials" })).await;
    shop.answers(PROBE);
    shop.connection.check().await.unwrap();
    let Auth::ClientCredentials {
        token_url, header, ..
    } = &shop.host.sent()[0].request.auth
    else {
        panic!("not signed in by client credentials")
    };
    assert_eq!(
        token_url,
        "https://acme.myshopify.com/admin/oauth/access_token"
    );
    assert_eq!(header, "x-shopify-access-token");
}

#[tokio::test]
async fn a_shop_outside_shopify_is_refused_before_anything_is_sent() {
    let host = FakeHost::at(now());
    let opened = Connection::open(wiring, &json!({ "shop": "acme.example" }), &host).await;
    assert_eq!(
        opened.err().unwrap().kind,
        ErrorKind::Config {
            field: "shop".into()
        }
    );
}

#[tokio::test]
async fn an_answer_of_another_api_version_is_a_warning() {
    let shop = Shop::open().await;
    shop.host.answer(
        GRAPHQL,
        Answer::json_text(PROBE).header("X-Shopify-API-Version", "2027-01"),
    );
    let account = shop.connection.check().await.unwrap();
    assert!(account.warnings[0].contains("2027-01"), "{account:?}");
}

#[tokio::test]
async fn a_missing_scope_or_another_shop_is_said_at_once() {
    let shop = Shop::open().await;
    shop.answers(&PROBE.replace("read_locations", "read_products"));
    let error = shop.connection.check().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Auth);
    assert!(error.message.contains("read_locations"));
    shop.answers(&PROBE.replace("acme.myshopify.com", "other.myshopify.com"));
    assert_eq!(
        kind(shop.connection.check().await),
        ErrorKind::Config {
            field: "shop".into()
        }
    );
}

#[tokio::test]
async fn all_locations_are_listed_the_closed_ones_too() {
    let shop = Shop::open().await;
    shop.answers(include_str!("../fixtures/locations_first.json"));
    shop.answers(include_str!("../fixtures/locations_last.json"));
    let locations = shop.connection.locations().await.unwrap();
    let first = (
        locations[0].name.as_str(),
        locations[0].active,
        locations[0].address.as_deref(),
    );
    assert_eq!(
        first,
        ("Portland", true, Some("1 Main St, 97201, Portland, OR, US"))
    );
    let second = (
        locations[1].name.as_str(),
        locations[1].active,
        locations[1].sellable,
    );
    assert_eq!(second, ("Closed", false, false));
    assert_eq!(shop.asked()[1].1["after"], "L1");
}

#[tokio::test]
async fn statuses_become_kinds_that_say_whether_to_try_again() {
    let cases = [
        (401, ErrorKind::Auth),
        (403, ErrorKind::Auth),
        (402, ErrorKind::Upstream { status: 402 }),
        (
            404,
            ErrorKind::Config {
                field: "shop".into(),
            },
        ),
        (423, ErrorKind::Upstream { status: 423 }),
        (502, ErrorKind::Upstream { status: 502 }),
    ];
    for (status, expected) in cases {
        let shop = Shop::open().await;
        shop.host.answer(GRAPHQL, Answer::new(status, "<html>"));
        assert_eq!(kind(shop.connection.check().await), expected, "{status}");
    }
    let shop = Shop::open().await;
    shop.host
        .answer(GRAPHQL, Answer::new(429, "").header("Retry-After", "7"));
    let retry_at = Some(now().after(Duration::from_secs(7)));
    assert_eq!(
        kind(shop.connection.check().await),
        ErrorKind::RateLimited { retry_at }
    );
    shop.host
        .answer(GRAPHQL, Answer::new(200, "<!DOCTYPE html>"));
    assert_eq!(kind(shop.connection.check().await), ErrorKind::Protocol);
}

#[tokio::test]
async fn throttled_at_status_200_is_waited_out_and_asked_again() {
    let shop = Shop::open().await;
    shop.answers(THROTTLED).answers(ITEMS);
    let levels = shop.connection.list_stock(None).await.unwrap();
    assert!(!levels.is_empty());
    // 200 points are missing, at 100 a second; background work also leaves a tenth of the bucket alone.
    assert!(
        levels[0].fetched_at >= now().after(Duration::from_secs(2)),
        "{}",
        levels[0].fetched_at
    );
}

#[tokio::test]
async fn an_order_does_not_wait_long_for_points() {
    let shop = Shop::open().await;
    shop.answers(THROTTLED);
    let error = shop
        .connection
        .stock_by_sku(&skus(&["MUG"]))
        .await
        .unwrap_err();
    let ErrorKind::RateLimited {
        retry_at: Some(retry_at),
    } = error.kind
    else {
        panic!("{error:?}")
    };
    assert_eq!(retry_at, now().after(Duration::from_secs(2)));
}

#[tokio::test]
async fn a_query_that_is_too_expensive_is_asked_with_half_the_page() {
    let shop = Shop::open().await;
    let extensions = json!({ "code": "MAX_COST_EXCEEDED", "cost": 1200, "maxCost": 1000 });
    shop.answers_json(
        &json!({ "errors": [{ "message": "Query cost is 1200", "extensions": extensions }] }),
    );
    shop.answers(ITEMS);
    shop.connection.list_stock(None).await.unwrap();
    let sizes: Vec<_> = shop
        .asked()
        .iter()
        .map(|(_, variables)| variables["first"].clone())
        .collect();
    assert_eq!(sizes, [250, 125]);
}

#[tokio::test]
async fn denied_access_and_inner_failures_are_told_apart() {
    let cases = [
        ("ACCESS_DENIED", ErrorKind::Auth),
        ("INTERNAL_SERVER_ERROR", ErrorKind::Transient),
        ("INVALID_VARIABLE", ErrorKind::Bug),
        ("SOMETHING_NEW", ErrorKind::Protocol),
    ];
    for (code, expected) in cases {
        let shop = Shop::open().await;
        let error = json!({ "message": "no", "extensions": { "code": code } });
        shop.answers_json(&json!({ "errors": [error], "data": null }));
        assert_eq!(kind(shop.connection.check().await), expected, "{code}");
    }
}

#[tokio::test]
async fn the_time_of_a_level_is_the_start_of_its_request() {
    let shop = Shop::open().await;
    shop.answers(ITEMS);
    let levels = shop.connection.list_stock(None).await.unwrap();
    let updated_at: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    assert_eq!(
        (levels[0].fetched_at, levels[0].source_updated_at),
        (now(), Some(updated_at))
    );
}
