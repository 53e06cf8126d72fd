//! Deliveries of the simulated shop, however twisted, become hints or are refused.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use bestand_plugin_api::{ErrorKind, InboundEvent, InboundRequest, Sku, Timestamp};
use bestand_upstreams::server::Server;
use bestand_upstreams::shopify::stock::NewItem;
use bestand_upstreams::shopify::webhook::Twist;

use crate::wire::{Connected, place};

type Received = Arc<Mutex<Vec<InboundRequest>>>;

async fn receiver() -> (Server, Received) {
    let received = Received::default();
    let take = async |State(received): State<Received>, headers: HeaderMap, body: Bytes| {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let url = "https://stock.example/hooks/7";
        let request = InboundRequest::new("POST", url, body.to_vec(), Timestamp::from_secs(0));
        received.lock().unwrap().push(request.with_headers(headers));
    };
    let router = Router::new()
        .route("/hooks/7", post(take))
        .with_state(Arc::clone(&received));
    (Server::start(router, 0).await.unwrap(), received)
}

#[tokio::test]
async fn subscriptions_are_made_mended_and_left_alone() {
    let connected = Connected::new().await;
    let (server, _received) = receiver().await;
    let url = format!("{}/hooks/7", server.url());
    connected
        .register("http://127.0.0.1:1/hooks/7")
        .await
        .unwrap();
    connected.register(&url).await.unwrap();
    let subscriptions = connected.shop.subscriptions();
    assert_eq!(subscriptions.len(), 11);
    assert!(subscriptions.iter().all(|(_, uri)| *uri == url));
    connected.shop.forget_requests();
    connected.register(&url).await.unwrap();
    assert_eq!(connected.shop.requests().len(), 1);
    connected.shop.drop_subscriptions();
    connected.register(&url).await.unwrap();
    assert_eq!(connected.shop.subscriptions().len(), 11);
}

#[tokio::test]
async fn every_delivery_is_a_hint_whatever_its_number_and_order() {
    let connected = Connected::new().await;
    let (server, received) = receiver().await;
    connected
        .register(&format!("{}/hooks/7", server.url()))
        .await
        .unwrap();
    let item = connected
        .shop
        .add_items([NewItem::sku("A").at(connected.location, 0)])[0];
    connected.shop.deliver_webhooks(Twist::None).await;
    received.lock().unwrap().clear();
    for twist in [
        Twist::None,
        Twist::Duplicate,
        Twist::OutOfOrder,
        Twist::OldSecret,
    ] {
        connected
            .shop
            .set_quantity(item, connected.location, "available", 10);
        connected
            .shop
            .set_quantity(item, connected.location, "available", 0);
        connected.shop.deliver_webhooks(twist).await;
    }
    let deliveries = std::mem::take(&mut *received.lock().unwrap());
    assert_eq!(deliveries.len(), 10);
    let hint = InboundEvent::Hint {
        skus: vec![Sku::new("A").unwrap()],
        locations: vec![place(connected.location)],
    };
    let mut ids = std::collections::HashSet::new();
    for delivery in deliveries {
        let outcome = connected.receive(delivery).await.unwrap();
        assert_eq!(outcome.event, hint);
        assert!(outcome.sent_at.is_some() && outcome.age_max_ms.is_some());
        ids.insert(outcome.event_id.unwrap());
    }
    assert_eq!(ids.len(), 8, "a duplicate has the id of its first");
}

#[tokio::test]
async fn a_badly_signed_delivery_is_refused() {
    let connected = Connected::new().await;
    let (server, received) = receiver().await;
    connected
        .register(&format!("{}/hooks/7", server.url()))
        .await
        .unwrap();
    connected
        .shop
        .add_items([NewItem::sku("A").at(connected.location, 0)]);
    connected.shop.deliver_webhooks(Twist::BadHmac).await;
    let delivery = received.lock().unwrap().pop().unwrap();
    assert_eq!(
        connected.receive(delivery).await.unwrap_err().kind,
        ErrorKind::Auth
    );
}
