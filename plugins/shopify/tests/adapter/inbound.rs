//! Webhooks: the raw body decides, and it only hints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bestand_plugin_api::{ErrorKind, InboundEvent, InboundRequest, LocationId, Sku};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::support::{Shop, item, items, kind, level, now, skus};

const UPDATE: &str = include_str!("../fixtures/inventory_level_update.json");
const URL: &str = "https://stock.example/hooks/7";

fn sign(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn delivery(topic: &str, body: &str, secret: &str) -> InboundRequest {
    InboundRequest::new("POST", URL, body.into(), now())
        .with_header("x-shopify-topic", topic)
        .with_header("x-shopify-hmac-sha256", sign(secret, body))
        .with_header("x-shopify-shop-domain", "acme.myshopify.com")
        .with_header("x-shopify-webhook-id", "w-1")
}

async fn shop() -> Shop {
    let shop = Shop::open().await;
    shop.host
        .secret("client_secret", "new")
        .secret("previous_client_secret", "old");
    shop
}

#[tokio::test]
async fn a_change_is_a_hint_about_its_sku_and_place_and_never_the_number_in_it() {
    let shop = shop().await;
    shop.answers_json(&items(&[item(11, "MUG", json!([level(1, 1)]))], None));
    shop.connection.stock_by_sku(&skus(&["MUG"])).await.unwrap();
    for secret in ["new", "old"] {
        let outcome = shop
            .connection
            .receive(&delivery("inventory_levels/update", UPDATE, secret))
            .await
            .unwrap();
        let hint = InboundEvent::Hint {
            skus: vec![Sku::new("MUG").unwrap()],
            locations: vec![LocationId::from("gid://shopify/Location/1")],
        };
        assert_eq!(
            (
                outcome.event,
                outcome.event_id.as_deref(),
                outcome.reply.status
            ),
            (hint, Some("w-1"), 200)
        );
    }
}

#[tokio::test]
async fn an_unknown_item_is_asked_for_and_failing_that_the_place_is_the_hint() {
    let shop = shop().await;
    shop.answers_json(&json!({ "data": { "nodes": [{
        "id": "gid://shopify/InventoryItem/11", "sku": "MUG", "tracked": true, "duplicateSkuCount": 0 }] } }));
    let outcome = shop
        .connection
        .receive(&delivery("inventory_levels/connect", UPDATE, "new"))
        .await
        .unwrap();
    assert!(matches!(outcome.event, InboundEvent::Hint { skus, .. } if skus.len() == 1));
    let other = UPDATE.replace("11", "12");
    let outcome = shop
        .connection
        .receive(&delivery("inventory_levels/connect", &other, "new"))
        .await
        .unwrap();
    assert!(
        matches!(outcome.event, InboundEvent::Hint { skus, locations } if skus.is_empty() && locations.len() == 1)
    );
}

#[tokio::test]
async fn a_forged_body_or_a_missing_signature_or_another_shop_is_refused() {
    let shop = shop().await;
    let mut forged = delivery("inventory_levels/update", UPDATE, "new");
    forged.body[3] ^= 1;
    assert_eq!(
        kind(shop.connection.receive(&forged).await),
        ErrorKind::Auth
    );
    let stranger = delivery("inventory_levels/update", UPDATE, "someone else's");
    assert_eq!(
        kind(shop.connection.receive(&stranger).await),
        ErrorKind::Auth
    );
    let mut unsigned = delivery("inventory_levels/update", UPDATE, "new");
    unsigned.headers.remove(1);
    assert_eq!(
        kind(shop.connection.receive(&unsigned).await),
        ErrorKind::Auth
    );
    let mut elsewhere = delivery("inventory_levels/update", UPDATE, "new");
    elsewhere.headers[2].1 = "other.myshopify.com".into();
    assert_eq!(
        kind(shop.connection.receive(&elsewhere).await),
        ErrorKind::Auth
    );
    assert!(shop.asked().is_empty());
}

#[tokio::test]
async fn a_renamed_item_is_a_hint_about_both_names() {
    let shop = shop().await;
    shop.answers_json(&items(&[item(11, "OLD", json!([level(1, 1)]))], None));
    shop.connection.stock_by_sku(&skus(&["OLD"])).await.unwrap();
    let body = r#"{"id":11,"sku":"NEW","tracked":true}"#;
    let outcome = shop
        .connection
        .receive(&delivery("inventory_items/update", body, "new"))
        .await
        .unwrap();
    let expected = ["OLD", "NEW"].map(|sku| Sku::new(sku).unwrap()).to_vec();
    assert_eq!(
        outcome.event,
        InboundEvent::Hint {
            skus: expected,
            locations: Vec::new()
        }
    );
}

#[tokio::test]
async fn places_mean_a_resync_and_the_rest_is_ignored() {
    let shop = shop().await;
    let event = async |topic: &str| {
        shop.connection
            .receive(&delivery(topic, r#"{"id":1}"#, "new"))
            .await
            .unwrap()
            .event
    };
    assert_eq!(event("locations/update").await, InboundEvent::ResyncNeeded);
    assert_eq!(event("bulk_operations/finish").await, InboundEvent::Ignored);
}

#[tokio::test]
async fn subscriptions_are_mended_and_then_left_alone() {
    let shop = shop().await;
    let node = |id: u32, topic: &str, uri: &str| json!({ "id": id.to_string(), "topic": topic, "uri": uri });
    let list = |nodes: &[serde_json::Value]| {
        json!({ "data": { "webhookSubscriptions": {
            "nodes": nodes, "pageInfo": { "hasNextPage": false, "endCursor": null } } } })
    };
    let found = [
        node(1, "INVENTORY_LEVELS_UPDATE", URL),
        node(2, "INVENTORY_LEVELS_UPDATE", "https://old.example/hooks/7"),
        node(3, "ORDERS_CREATE", "https://somebody.example/else"),
    ];
    shop.answers_json(&list(&found));
    shop.answers_json(&json!({ "data": { "webhookSubscriptionDelete": { "userErrors": [] } } }));
    for _ in 0..10 {
        shop.answers_json(
            &json!({ "data": { "webhookSubscriptionCreate": { "userErrors": [] } } }),
        );
    }
    shop.connection.register(URL).await.unwrap();
    let asked = shop.asked();
    assert_eq!(asked[1], ("WebhookDelete".to_owned(), json!({ "id": "2" })));
    let made: Vec<_> = asked[2..]
        .iter()
        .map(|(_, variables)| variables["topic"].as_str().unwrap())
        .collect();
    assert_eq!(made.len(), 10);
    assert!(!made.contains(&"INVENTORY_LEVELS_UPDATE"));
    let mut all: Vec<_> = made.iter().map(|topic| node(9, topic, URL)).collect();
    all.push(node(1, "INVENTORY_LEVELS_UPDATE", URL));
    shop.answers_json(&list(&all));
    shop.connection.register(URL).await.unwrap();
    assert_eq!(shop.asked().len(), asked.len() + 1, "nothing but the look");
}
