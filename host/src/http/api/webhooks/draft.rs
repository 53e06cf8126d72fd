//! A webhook to be made or changed, as the API takes it.

use std::collections::BTreeSet;

use bestand_plugin_api::Sku;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::event_log::{EventType, Filter};
use crate::http::problem::{FieldError, Problem};
use crate::id::SourceId;
use crate::webhook::{Webhook, WebhookDraft};

/// A webhook to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct WebhookToMake {
    /// What people shall call it; the host of its address when nothing is said.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(in crate::http) name: String,
    /// Where messages shall go: a public address over TLS, unless `webhooks.allow_private_network` is set.
    #[schema(example = "https://example.com/hooks/stock", max_length = 2000)]
    pub(in crate::http) url: String,
    /// Of which types of events it shall be told; of all when there is none.
    #[serde(default)]
    pub(in crate::http) types: Vec<EventType>,
    /// Of which sources; of all when there is none.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub(in crate::http) sources: Vec<SourceId>,
    /// Of which SKUs; of all when there is none. What is about no SKU is told in any case.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub(in crate::http) skus: Vec<String>,
    /// Whether messages shall be sent; they are when nothing is said.
    #[serde(default = "yes")]
    pub(in crate::http) enabled: bool,
}

/// What is to be different about a webhook.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct WebhookChange {
    /// Another name.
    #[schema(min_length = 1, max_length = 100)]
    pub(in crate::http) name: Option<String>,
    /// Another address. What waits goes there too.
    #[schema(max_length = 2000)]
    pub(in crate::http) url: Option<String>,
    /// Other types of events, from now on.
    pub(in crate::http) types: Option<Vec<EventType>>,
    /// Other sources, from now on.
    #[schema(max_items = 1000)]
    pub(in crate::http) sources: Option<Vec<SourceId>>,
    /// Other SKUs, from now on.
    #[schema(max_items = 1000)]
    pub(in crate::http) skus: Option<Vec<String>>,
    /// Whether messages are sent.
    pub(in crate::http) enabled: Option<bool>,
}

const fn yes() -> bool {
    true
}

// === impl WebhookToMake ===

impl WebhookToMake {
    /// What is to be made, or every SKU that is none.
    pub(in crate::http) fn into_draft(self) -> Result<WebhookDraft, Problem> {
        Ok(WebhookDraft {
            name: self.name,
            url: self.url,
            filter: Filter {
                types: self.types.into_iter().collect(),
                sources: self.sources.into_iter().collect(),
                skus: skus(&self.skus)?,
            },
            enabled: self.enabled,
        })
    }
}

// === impl WebhookChange ===

impl WebhookChange {
    /// The webhook as it is to be, or every SKU that is none.
    pub(in crate::http) fn apply_to(self, mut webhook: Webhook) -> Result<Webhook, Problem> {
        if let Some(name) = self.name {
            webhook.name = name.trim().to_owned();
        }
        if let Some(url) = self.url {
            webhook.url = url.trim().to_owned();
        }
        if let Some(types) = self.types {
            webhook.filter.types = types.into_iter().collect();
        }
        if let Some(sources) = self.sources {
            webhook.filter.sources = sources.into_iter().collect();
        }
        if let Some(listed) = self.skus {
            webhook.filter.skus = skus(&listed)?;
        }
        if let Some(enabled) = self.enabled {
            webhook.gone_at = webhook.gone_at.filter(|_| !enabled);
            webhook.enabled = enabled;
        }
        Ok(webhook)
    }
}

fn skus(listed: &[String]) -> Result<BTreeSet<Sku>, Problem> {
    let (mut skus, mut errors) = (BTreeSet::new(), Vec::new());
    for (index, text) in listed.iter().enumerate() {
        match Sku::new(text) {
            Ok(sku) => {
                skus.insert(sku);
            }
            Err(error) => errors.push(FieldError::new(format!("skus[{index}]"), error.to_string())),
        }
    }
    match errors.is_empty() {
        true => Ok(skus),
        false => Err(Problem::fields(errors)),
    }
}
