//! Webhooks: verified on the raw body, then taken as hints.
//!
//! A delivery's number is built late and merged with others, and only `available` is in it; so it says what to read
//! again, never what the stock is. Its headers are not signed: the topic only chooses how the body is read.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bestand_plugin_api::{
    AdapterError, Ctx, Inbound, InboundEvent, InboundOutcome, InboundRequest, LocationId, Result,
    Sku, Timestamp,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Shopify;
use crate::client::Answered;
use crate::graph::{Item, item_gid, location_gid};
use crate::level::Article;
use crate::operations::INVENTORY_ITEM_SKUS;
use crate::settings::SIGNING_SECRETS;
use crate::throttle::Urgency;

/// Shopify tries again for four hours, and the moment it names is that of the change itself; a day leaves room for its
/// own delays. The moment is not signed: against replays stands the id, and the age where that is forgotten.
const TRIES_AGAIN_FOR: Duration = Duration::from_secs(24 * 3600);

/// The parts of any body that we read; ids exceed what a double can hold.
#[derive(Debug, Deserialize)]
struct Body {
    #[serde(default)]
    inventory_item_id: Option<u64>,
    #[serde(default)]
    location_id: Option<u64>,
    /// Of an item, in the topics about items.
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    sku: Option<String>,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Option<Value>>,
}

impl Inbound for Shopify {
    async fn receive(&self, ctx: &Ctx, request: InboundRequest) -> Result<InboundOutcome> {
        verify(ctx, &request).await?;
        let shop = request.header("x-shopify-shop-domain").unwrap_or_default();
        if !shop.eq_ignore_ascii_case(&self.settings.shop) {
            return Err(AdapterError::auth(format!(
                "the webhook is of another shop: `{shop}`"
            )));
        }
        let topic = request.header("x-shopify-topic").unwrap_or_default();
        let event = self.event(ctx, topic, &request.body).await?;
        let event_id = request.header("x-shopify-webhook-id").map(str::to_owned);
        let outcome = InboundOutcome::ok(event, event_id).at_most(TRIES_AGAIN_FOR);
        Ok(match made_at(&request) {
            Some(made_at) => outcome.sent_at(made_at),
            None => outcome,
        })
    }

    async fn register(&self, ctx: &Ctx, public_url: &str) -> Result<()> {
        self.repair_subscriptions(ctx, public_url).await
    }

    async fn unregister(&self, ctx: &Ctx, public_url: &str) -> Result<()> {
        self.remove_subscriptions(ctx, public_url).await
    }
}

impl Shopify {
    async fn event(&self, ctx: &Ctx, topic: &str, body: &[u8]) -> Result<InboundEvent> {
        let subject = topic.split('/').next().unwrap_or_default();
        match subject {
            "inventory_levels" => {
                let body = read(topic, body)?;
                let locations = body
                    .location_id
                    .map(|id| LocationId(location_gid(id)))
                    .into_iter()
                    .collect();
                let skus = match body.inventory_item_id {
                    Some(item) => self.sku_of_item(ctx, item).await.into_iter().collect(),
                    None => Vec::new(),
                };
                Ok(InboundEvent::Hint { skus, locations })
            }
            "inventory_items" => Ok(self.item_event(&read(topic, body)?)),
            "locations" => Ok(InboundEvent::ResyncNeeded),
            _ => Ok(InboundEvent::Ignored),
        }
    }

    /// An item was made, renamed or deleted: both its SKUs may have changed.
    fn item_event(&self, body: &Body) -> InboundEvent {
        let old = body.id.and_then(|id| self.catalog.find_sku(id));
        if let Some(id) = body.id {
            self.catalog.forget(id);
        }
        let new = body.sku.as_deref().and_then(|sku| Sku::new(sku).ok());
        let mut skus: Vec<_> = old.into_iter().chain(new).collect();
        skus.dedup();
        match skus.is_empty() {
            true => InboundEvent::Ignored,
            false => InboundEvent::hint(skus),
        }
    }

    /// The item's SKU, remembered or asked for; without one the hint is about anything at its location.
    async fn sku_of_item(&self, ctx: &Ctx, item: u64) -> Option<Sku> {
        if let Some(sku) = self.catalog.find_sku(item) {
            return Some(sku);
        }
        let variables = json!({ "ids": [item_gid(item)] });
        let answer: Answered<Nodes> = self
            .client
            .ask(ctx, &INVENTORY_ITEM_SKUS, variables, Urgency::Order)
            .await
            .ok()?;
        let node = answer.data.nodes.into_iter().flatten().next()?;
        let article = Article::find(&serde_json::from_value::<Item>(node).ok()?)?;
        self.catalog.remember([&article]);
        Some(article.sku)
    }
}

/// When what the webhook tells happened.
fn made_at(request: &InboundRequest) -> Option<Timestamp> {
    request.header("x-shopify-triggered-at")?.parse().ok()
}

/// Refuses a body that none of our secrets has signed, before anything of it is read.
async fn verify(ctx: &Ctx, request: &InboundRequest) -> Result<()> {
    let signature = request
        .header("x-shopify-hmac-sha256")
        .and_then(|text| STANDARD.decode(text).ok());
    let Some(signature) = signature else {
        return Err(AdapterError::auth("the webhook has no signature"));
    };
    match ctx
        .hmac_verify(&SIGNING_SECRETS, &request.body, &signature)
        .await?
    {
        true => Ok(()),
        false => Err(AdapterError::auth(
            "the webhook is signed with none of our secrets",
        )),
    }
}

fn read(topic: &str, body: &[u8]) -> Result<Body> {
    serde_json::from_slice(body).map_err(|error| {
        AdapterError::protocol(format!("the body of `{topic}` makes no sense: {error}"))
    })
}
