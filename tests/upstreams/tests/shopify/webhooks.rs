//! Webhooks: subscriptions, signatures, and the ways real deliveries go wrong.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bestand_upstreams::server::Server;
use bestand_upstreams::shopify::webhook::{Twist, signature};
use serde_json::{Value, json};

use crate::client::Client;

type Received = Arc<Mutex<Vec<(HeaderMap, String)>>>;

const CREATE: &str = "mutation WebhookCreate($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
      webhookSubscription { id topic uri } userErrors { field message } } }";

async fn receiver(status: StatusCode) -> (Server, Received) {
    let received = Received::default();
    let take = async move |State(received): State<Received>, headers: HeaderMap, body: String| {
        received.lock().unwrap().push((headers, body));
        status
    };
    let router = Router::new()
        .route("/hook", post(take))
        .with_state(Arc::clone(&received));
    (Server::start(router, 0).await.unwrap(), received)
}

async fn subscribe(client: &Client, uri: &str) -> Value {
    let body = client
        .ask(
            CREATE,
            json!({ "topic": "INVENTORY_LEVELS_UPDATE", "uri": uri }),
        )
        .await;
    body["data"]["webhookSubscriptionCreate"].clone()
}

#[tokio::test]
async fn two_quick_changes_are_told_twice_with_the_last_value() {
    let client = Client::new().await;
    let (server, received) = receiver(StatusCode::OK).await;
    subscribe(&client, &format!("{}/hook", server.url())).await;
    let item = client.add("A", 0);
    client
        .shop
        .set_quantity(item, client.location, "available", 10);
    client
        .shop
        .set_quantity(item, client.location, "available", 0);
    let deliveries = client.shop.deliver_webhooks(Twist::None).await;
    assert_eq!(deliveries.len(), 2);
    let received = received.lock().unwrap();
    for (headers, body) in received.iter() {
        assert_eq!(serde_json::from_str::<Value>(body).unwrap()["available"], 0);
        let hmac = headers["X-Shopify-Hmac-Sha256"].to_str().unwrap();
        assert_eq!(hmac, signature("shpss_simulated", body.as_bytes()));
        assert_eq!(headers["X-Shopify-Topic"], "inventory_levels/update");
        assert_eq!(headers["X-Shopify-Shop-Domain"], "simulated.myshopify.com");
    }
    assert_ne!(
        received[0].0["X-Shopify-Webhook-Id"],
        received[1].0["X-Shopify-Webhook-Id"]
    );
}

#[tokio::test]
async fn deliveries_come_twice_backwards_or_badly_signed_when_asked() {
    let client = Client::new().await;
    let (server, received) = receiver(StatusCode::OK).await;
    subscribe(&client, &format!("{}/hook", server.url())).await;
    let (one, two) = (client.add("A", 0), client.add("B", 0));
    let change = || {
        client
            .shop
            .set_quantity(one, client.location, "available", 1);
        client
            .shop
            .set_quantity(two, client.location, "available", 2);
    };
    change();
    let twice = client.shop.deliver_webhooks(Twist::Duplicate).await;
    assert_eq!(
        (twice.len(), &twice[0].webhook_id),
        (4, &twice[1].webhook_id)
    );
    change();
    let backwards = client.shop.deliver_webhooks(Twist::OutOfOrder).await;
    assert!(backwards[0].body.contains(&two.to_string()));
    received.lock().unwrap().clear();
    change();
    client.shop.deliver_webhooks(Twist::BadHmac).await;
    change();
    client.shop.deliver_webhooks(Twist::OldSecret).await;
    let received = received.lock().unwrap();
    let signed = |index: usize| {
        received[index].0["X-Shopify-Hmac-Sha256"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_ne!(
        signed(0),
        signature("shpss_simulated", received[0].1.as_bytes())
    );
    assert_eq!(
        signed(2),
        signature("shpss_simulated_before", received[2].1.as_bytes())
    );
}

#[tokio::test]
async fn a_subscription_needs_https_and_an_address_of_its_own() {
    let client = Client::new().await;
    let refused = subscribe(&client, "http://example.com/hook").await;
    assert_eq!(refused["webhookSubscription"], Value::Null);
    assert!(
        subscribe(&client, "https://example.com/hook").await["webhookSubscription"]["id"]
            .is_string()
    );
    let again = subscribe(&client, "https://example.com/hook").await;
    assert_eq!(
        again["userErrors"][0]["message"],
        "Address for this topic has already been taken"
    );
}

#[tokio::test]
async fn a_subscription_is_deleted_after_eight_failures_in_a_row() {
    let client = Client::new().await;
    let (server, _received) = receiver(StatusCode::INTERNAL_SERVER_ERROR).await;
    subscribe(&client, &format!("{}/hook", server.url())).await;
    let item = client.add("A", 0);
    for quantity in 1..=8 {
        assert_eq!(client.shop.subscriptions().len(), 1);
        client
            .shop
            .set_quantity(item, client.location, "available", quantity);
        client.shop.deliver_webhooks(Twist::None).await;
    }
    assert!(client.shop.subscriptions().is_empty());
}
