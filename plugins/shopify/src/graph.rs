//! Shopify's answers as they arrive: the envelope of every answer, and the objects the operations select.

use bestand_plugin_api::Quantity;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Every GraphQL answer; `data` is read further by whoever asked.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    #[serde(default)]
    pub(crate) data: Option<Value>,
    #[serde(default)]
    pub(crate) errors: Vec<GraphError>,
    #[serde(default)]
    pub(crate) extensions: Extensions,
}

/// A top-level error, which comes at status 200.
#[derive(Debug, Deserialize)]
pub(crate) struct GraphError {
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) extensions: ErrorExtensions,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ErrorExtensions {
    #[serde(default)]
    pub(crate) code: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Extensions {
    #[serde(default)]
    pub(crate) cost: Option<Cost>,
    #[serde(default)]
    pub(crate) search: Vec<Search>,
}

/// What a query was charged, and what is left.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cost {
    pub(crate) requested_query_cost: f64,
    pub(crate) throttle_status: ThrottleStatus,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ThrottleStatus {
    pub(crate) maximum_available: f64,
    pub(crate) currently_available: f64,
    pub(crate) restore_rate: f64,
}

/// How a search was understood; a warning means that a filter was ignored and everything returned.
#[derive(Debug, Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    pub(crate) warnings: Vec<SearchWarning>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SearchWarning {
    #[serde(default)]
    pub(crate) field: String,
    #[serde(default)]
    pub(crate) message: String,
}

/// A page of anything.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connection<T> {
    pub(crate) nodes: Vec<T>,
    pub(crate) page_info: PageInfo,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub(crate) has_next_page: bool,
    #[serde(default)]
    pub(crate) end_cursor: Option<String>,
}

/// What a mutation objects to; at status 200, and without a top-level error.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct UserError {
    #[serde(default)]
    pub(crate) code: Option<String>,
    #[serde(default)]
    pub(crate) field: Option<Vec<String>>,
    pub(crate) message: String,
}

/// An inventory item without its levels.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) sku: Option<String>,
    pub(crate) tracked: bool,
    /// How many other items carry its SKU.
    #[serde(default)]
    pub(crate) duplicate_sku_count: u32,
}

/// An inventory item with the first of its levels.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StockedItem {
    #[serde(flatten)]
    pub(crate) item: Item,
    pub(crate) inventory_levels: Connection<Level>,
}

/// The quantities of one item at one location.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Level {
    pub(crate) is_active: bool,
    #[serde(default)]
    pub(crate) updated_at: Option<String>,
    pub(crate) location: Reference,
    pub(crate) quantities: Vec<NamedQuantity>,
}

/// A level that names its item.
#[derive(Debug, Deserialize)]
pub(crate) struct ItemLevel {
    pub(crate) item: Item,
    #[serde(flatten)]
    pub(crate) level: Level,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reference {
    pub(crate) id: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NamedQuantity {
    pub(crate) name: String,
    pub(crate) quantity: Quantity,
}

/// The number at the end of a global id, which is shorter to keep.
pub(crate) fn number(gid: &str) -> Option<u64> {
    gid.rsplit('/').next()?.parse().ok()
}

/// The global id of an inventory item.
pub(crate) fn item_gid(number: u64) -> String {
    format!("gid://shopify/InventoryItem/{number}")
}

/// The global id of a location.
pub(crate) fn location_gid(number: u64) -> String {
    format!("gid://shopify/Location/{number}")
}

impl Envelope {
    /// The data as the operation selected it.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_value(self.data.unwrap_or_default())
    }
}
