//! Webhook subscriptions: compared with what is wanted, and mended.
//!
//! Shopify deletes a subscription after eight failed deliveries in a row without a word, so this runs at every start
//! and every hour. What is ours is known by the path of the address, which names this connection.

use std::collections::HashSet;

use bestand_plugin_api::{AdapterError, Ctx, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Shopify;
use crate::client::Answered;
use crate::graph::{Connection, UserError};
use crate::items::PAGE_SIZE;
use crate::operations::{Operation, WEBHOOK_CREATE, WEBHOOK_DELETE, WEBHOOK_LIST};
use crate::throttle::Urgency;

/// What we want to be told of.
const TOPICS: [&str; 11] = [
    "INVENTORY_LEVELS_CONNECT",
    "INVENTORY_LEVELS_UPDATE",
    "INVENTORY_LEVELS_DISCONNECT",
    "INVENTORY_ITEMS_CREATE",
    "INVENTORY_ITEMS_UPDATE",
    "INVENTORY_ITEMS_DELETE",
    "LOCATIONS_CREATE",
    "LOCATIONS_UPDATE",
    "LOCATIONS_ACTIVATE",
    "LOCATIONS_DEACTIVATE",
    "LOCATIONS_DELETE",
];

#[derive(Debug, Deserialize)]
struct Subscription {
    id: String,
    topic: String,
    uri: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    webhook_subscriptions: Connection<Subscription>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    user_errors: Vec<UserError>,
}

impl Shopify {
    /// Makes what is missing at `url`, and removes what of ours leads elsewhere.
    pub(crate) async fn repair_subscriptions(&self, ctx: &Ctx, url: &str) -> Result<()> {
        let mut missing: HashSet<_> = TOPICS.into_iter().collect();
        for subscription in self.our_subscriptions(ctx, url).await? {
            let kept = subscription.uri == url && missing.remove(subscription.topic.as_str());
            if !kept {
                self.change_subscription(ctx, &WEBHOOK_DELETE, json!({ "id": subscription.id }))
                    .await?;
            }
        }
        for topic in TOPICS.into_iter().filter(|topic| missing.contains(topic)) {
            self.change_subscription(ctx, &WEBHOOK_CREATE, json!({ "topic": topic, "uri": url }))
                .await?;
        }
        Ok(())
    }

    /// Removes everything of ours.
    pub(crate) async fn remove_subscriptions(&self, ctx: &Ctx, url: &str) -> Result<()> {
        for subscription in self.our_subscriptions(ctx, url).await? {
            self.change_subscription(ctx, &WEBHOOK_DELETE, json!({ "id": subscription.id }))
                .await?;
        }
        Ok(())
    }

    /// The subscriptions whose address has our path, whatever its host: another one is an earlier address of ours.
    async fn our_subscriptions(&self, ctx: &Ctx, url: &str) -> Result<Vec<Subscription>> {
        let mut ours = Vec::new();
        let mut after = None;
        loop {
            let variables = |first: usize| json!({ "first": first, "after": after });
            let answer: Answered<Page> = self
                .client
                .ask_page(
                    ctx,
                    &WEBHOOK_LIST,
                    PAGE_SIZE,
                    Urgency::Background,
                    variables,
                )
                .await?;
            let Connection { nodes, page_info } = answer.data.webhook_subscriptions;
            ours.extend(
                nodes
                    .into_iter()
                    .filter(|subscription| path(&subscription.uri) == path(url)),
            );
            if !page_info.has_next_page {
                return Ok(ours);
            }
            after = page_info.end_cursor;
        }
    }

    async fn change_subscription(
        &self,
        ctx: &Ctx,
        operation: &Operation,
        variables: Value,
    ) -> Result<()> {
        let answer: Answered<std::collections::HashMap<String, Payload>> = self
            .client
            .ask(ctx, operation, variables, Urgency::Background)
            .await?;
        match answer
            .data
            .into_values()
            .flat_map(|payload| payload.user_errors)
            .next()
        {
            Some(error) if operation.name == WEBHOOK_CREATE.name => {
                let message = format!("shopify refuses the webhook address: {}", error.message);
                Err(AdapterError::config("public_url", message))
            }
            // Another daemon or a person was faster.
            Some(_) | None => Ok(()),
        }
    }
}

/// The address without scheme and host.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("", |start| &rest[start..])
}
