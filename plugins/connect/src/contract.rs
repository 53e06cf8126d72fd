//! What modules are asked, as the published contract has it.

use std::collections::BTreeMap;

use bestand_plugin_api::Sku;
use serde::Serialize;

use crate::settings::Settings;

/// Who asks, in every request; the host adds the secrets.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Login {
    order_source_api_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_name: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    connection_context: BTreeMap<String, String>,
}

/// A request of any method.
#[derive(Debug, Serialize)]
pub(crate) struct Request<'a, T> {
    pub(crate) transaction_id: String,
    pub(crate) auth: &'a Login,
    #[serde(flatten)]
    pub(crate) body: T,
}

/// What `/inventory_fetch` is asked for.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Fetch<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<&'a str>,
    #[serde(skip_serializing_if = "Criteria::is_empty")]
    pub(crate) criteria: Criteria<'a>,
}

/// Which items are wanted; all without it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Criteria<'a> {
    #[serde(skip_serializing_if = "<[Sku]>::is_empty")]
    pub(crate) skus: &'a [Sku],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from_date_time: Option<&'a str>,
}

/// What `/inventory_push` is given.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Push<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<&'a str>,
    pub(crate) items: &'a [PushItem],
}

/// A count to be set. The id goes under both names, because the contract's two forms disagree.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PushItem {
    pub(crate) integration_entity_id: String,
    pub(crate) integration_inventory_item_id: String,
    pub(crate) sku: Sku,
    pub(crate) available_quantity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) onhand_quantity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) warehouse_id: Option<String>,
    pub(crate) updated_at: String,
}

// === impl Login ===

impl Login {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            order_source_api_code: settings.order_source_api_code.clone(),
            url: settings.store_url.clone(),
            connection_name: settings.connection_name.clone(),
            connection_context: settings.connection_context.clone(),
        }
    }
}

// === impl Criteria ===

impl Criteria<'_> {
    fn is_empty(&self) -> bool {
        self.skus.is_empty() && self.from_date_time.is_none()
    }
}
