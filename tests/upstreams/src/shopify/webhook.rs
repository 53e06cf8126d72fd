//! Webhooks: subscriptions, the events waiting to be told, and their delivery with a signature over the raw body.
//!
//! A payload is built when it is delivered, not when the stock changed: two quick changes are told twice with the
//! last value, as the real service does.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use super::gid::{find_number, gid};
use super::shop::Shop;
use super::stock::LevelKey;
use super::version;

/// A subscription made through the API is deleted after that many failed deliveries in a row.
const FAILURES_MAX: u32 = 8;

/// The receiver's time to answer.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// How the waiting events are delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Twist {
    /// In order, once, well signed.
    #[default]
    None,
    /// Each one twice, with the same webhook id.
    Duplicate,
    /// Last first.
    OutOfOrder,
    /// With a signature that fits another body.
    BadHmac,
    /// Signed with the secret from before its rotation.
    OldSecret,
}

/// One delivery and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// Unique per delivery; what receivers drop duplicates by.
    pub webhook_id: String,
    /// Such as `inventory_levels/update`.
    pub topic: String,
    /// Where it went.
    pub uri: String,
    /// The body as sent.
    pub body: String,
    /// The receiver's status; none when it could not be reached.
    pub status: Option<u16>,
}

#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: u64,
    /// The schema's enum value, such as `INVENTORY_LEVELS_UPDATE`.
    pub(crate) topic: String,
    pub(crate) uri: String,
    include_fields: Value,
    created_at: Timestamp,
    failures: u32,
}

/// Something that happened and that somebody subscribed to.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) topic: &'static str,
    pub(crate) item: Option<u64>,
    pub(crate) location: Option<u64>,
    pub(crate) body: Option<Value>,
}

/// A request ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    subscription: u64,
    uri: String,
    topic: &'static str,
    body: String,
    headers: Vec<(&'static str, String)>,
}

impl Subscription {
    /// `inventory_levels/update` for `INVENTORY_LEVELS_UPDATE`.
    pub(crate) fn topic_path(&self) -> String {
        let lower = self.topic.to_lowercase();
        let mut parts = lower.rsplitn(2, '_');
        let verb = parts.next().unwrap_or_default();
        format!("{}/{verb}", parts.next().unwrap_or_default())
    }

    pub(crate) fn record(&self) -> Value {
        json!({
            "id": gid("WebhookSubscription", self.id),
            "legacyResourceId": self.id.to_string(),
            "topic": self.topic,
            "uri": self.uri,
            "format": "JSON",
            "filter": null,
            "name": null,
            "includeFields": self.include_fields,
            "metafieldNamespaces": [],
            "createdAt": self.created_at.to_string(),
            "updatedAt": self.created_at.to_string(),
            "apiVersion": { "handle": version::LATEST, "displayName": version::LATEST, "supported": true },
        })
    }
}

/// `webhookSubscriptionCreate`: HTTPS only, except on this machine, and one address once per topic.
pub(crate) fn create(shop: &mut Shop, arguments: &Value, now: Timestamp) -> Value {
    let topic = arguments["topic"].as_str().unwrap_or_default().to_owned();
    let uri = arguments["webhookSubscription"]["uri"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let refuse = |message: &str| {
        let field = ["webhookSubscription", "callbackUrl"];
        json!({ "webhookSubscription": null, "userErrors": [{ "field": field, "message": message }] })
    };
    let local = uri.starts_with("http://127.0.0.1:") || uri.starts_with("http://localhost:");
    if !uri.starts_with("https://") && !local {
        return refuse("Address protocol is not supported. Use https.");
    }
    if shop
        .subscriptions
        .values()
        .any(|known| known.topic == topic && known.uri == uri)
    {
        return refuse("Address for this topic has already been taken");
    }
    let id = shop.next_number();
    let include_fields = match &arguments["webhookSubscription"]["includeFields"] {
        Value::Null => json!([]),
        fields => fields.clone(),
    };
    let subscription = Subscription {
        id,
        topic,
        uri,
        include_fields,
        created_at: now,
        failures: 0,
    };
    let record = subscription.record();
    shop.subscriptions.insert(id, subscription);
    json!({ "webhookSubscription": record, "userErrors": [] })
}

/// `webhookSubscriptionDelete`.
pub(crate) fn delete(shop: &mut Shop, arguments: &Value) -> Value {
    let id = arguments["id"].as_str().unwrap_or_default();
    let found = find_number(id, "WebhookSubscription")
        .and_then(|number| shop.subscriptions.remove(&number));
    match found {
        Some(_) => json!({ "deletedWebhookSubscriptionId": id, "userErrors": [] }),
        None => json!({
            "deletedWebhookSubscriptionId": null,
            "userErrors": [{ "field": ["id"], "message": "Webhook subscription does not exist" }],
        }),
    }
}

/// Takes the waiting events and makes the requests of them.
pub(crate) fn pack(shop: &mut Shop, twist: Twist, now: Timestamp) -> Vec<Parcel> {
    let events = std::mem::take(&mut shop.outbox);
    let mut parcels = Vec::new();
    for event in events {
        let wanted: Vec<_> = shop
            .subscriptions
            .values()
            .filter(|known| known.topic_path() == event.topic)
            .cloned()
            .collect();
        for subscription in wanted {
            parcels.push(parcel(shop, &event, &subscription, twist, now));
        }
    }
    match twist {
        Twist::Duplicate => parcels
            .iter()
            .flat_map(|parcel| [parcel.clone(), parcel.clone()])
            .collect(),
        Twist::OutOfOrder => parcels.into_iter().rev().collect(),
        Twist::None | Twist::BadHmac | Twist::OldSecret => parcels,
    }
}

/// Sends the requests one after the other.
pub(crate) async fn send(client: &reqwest::Client, parcels: Vec<Parcel>) -> Vec<(u64, Delivery)> {
    let mut deliveries = Vec::new();
    for parcel in parcels {
        let mut request = client
            .post(&parcel.uri)
            .timeout(DELIVERY_TIMEOUT)
            .body(parcel.body.clone());
        for (name, value) in &parcel.headers {
            request = request.header(*name, value);
        }
        let answer = request
            .header("Content-Type", "application/json")
            .send()
            .await;
        let status = answer.ok().map(|answer| answer.status().as_u16());
        let webhook_id = parcel
            .headers
            .iter()
            .find(|(name, _)| *name == "X-Shopify-Webhook-Id");
        let webhook_id = webhook_id.map(|(_, id)| id.clone()).unwrap_or_default();
        let delivery = Delivery {
            webhook_id,
            topic: parcel.topic.to_owned(),
            uri: parcel.uri,
            body: parcel.body,
            status,
        };
        deliveries.push((parcel.subscription, delivery));
    }
    deliveries
}

/// Counts the failures, and drops a subscription whose address keeps failing.
pub(crate) fn settle(shop: &mut Shop, deliveries: &[(u64, Delivery)]) {
    for (id, delivery) in deliveries {
        let Some(subscription) = shop.subscriptions.get_mut(id) else {
            continue;
        };
        let delivered = delivery
            .status
            .is_some_and(|status| (200..300).contains(&status));
        subscription.failures = if delivered {
            0
        } else {
            subscription.failures + 1
        };
        if subscription.failures >= FAILURES_MAX {
            shop.subscriptions.remove(id);
        }
    }
}

/// Base64 of HMAC-SHA256 over the raw body.
#[must_use]
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

fn parcel(
    shop: &mut Shop,
    event: &Event,
    subscription: &Subscription,
    twist: Twist,
    now: Timestamp,
) -> Parcel {
    let body = event
        .body
        .clone()
        .unwrap_or_else(|| payload(shop, event))
        .to_string();
    let hmac = match twist {
        Twist::BadHmac => signature(&shop.options.client_secret, b"another body"),
        Twist::OldSecret => signature(&shop.options.old_client_secret, body.as_bytes()),
        Twist::None | Twist::Duplicate | Twist::OutOfOrder => {
            signature(&shop.options.client_secret, body.as_bytes())
        }
    };
    let headers = vec![
        ("X-Shopify-Topic", event.topic.to_owned()),
        ("X-Shopify-Hmac-Sha256", hmac),
        ("X-Shopify-Shop-Domain", shop.options.shop.clone()),
        ("X-Shopify-API-Version", version::LATEST.to_owned()),
        (
            "X-Shopify-Webhook-Id",
            format!("webhook-{}", shop.next_number()),
        ),
        (
            "X-Shopify-Event-Id",
            format!("event-{}", shop.next_number()),
        ),
        ("X-Shopify-Triggered-At", now.to_string()),
    ];
    Parcel {
        subscription: subscription.id,
        uri: subscription.uri.clone(),
        topic: event.topic,
        body,
        headers,
    }
}

/// The body as of now; only `available` is ever told, and null for an item that is not counted.
fn payload(shop: &Shop, event: &Event) -> Value {
    match (event.topic.split_once('/'), event.item, event.location) {
        (Some(("inventory_levels", "disconnect")), Some(item), Some(location)) => {
            json!({ "inventory_item_id": item, "location_id": location })
        }
        (Some(("inventory_levels", _)), Some(item), Some(location)) => {
            let key = LevelKey { item, location };
            let tracked = shop.items.get(&item).is_some_and(|item| item.tracked);
            let level = shop.level(key);
            json!({
                "inventory_item_id": item,
                "location_id": location,
                "available": level.filter(|_| tracked).map(|level| level.quantities.available),
                "updated_at": level.map(|level| level.updated_at.to_string()),
                "admin_graphql_api_id": shop.locations.get(&location).map(|found| found.level_gid(item)),
            })
        }
        (Some(("inventory_items", _)), Some(id), _) => {
            let item = shop.items.get(&id);
            json!({
                "id": id,
                "sku": item.and_then(|item| item.sku.clone()),
                "tracked": item.map(|item| item.tracked),
                "requires_shipping": item.map(|item| item.requires_shipping),
                "created_at": item.map(|item| item.created_at.to_string()),
                "updated_at": item.map(|item| item.updated_at.to_string()),
                "cost": null,
                "admin_graphql_api_id": gid("InventoryItem", id),
            })
        }
        (_, _, location) => json!({ "id": location }),
    }
}
