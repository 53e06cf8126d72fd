//! What the system sends, and what it is to Bestand. Only what is used is named: what the system adds does no harm.

use bestand_plugin_api::{Location, Quantities, Quantity, Sku, StockLevel, Timestamp, Tracking};
use serde::Deserialize;

/// `GET /v1/account`
#[derive(Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) name: String,
}

/// `GET /v1/warehouses`
#[derive(Debug, Deserialize)]
pub(crate) struct Warehouses {
    pub(crate) warehouses: Vec<Warehouse>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Warehouse {
    id: String,
    name: String,
    open: bool,
}

/// `GET /v1/stock`, and `POST /v1/stock/search`, which knows no `next`.
#[derive(Debug, Deserialize)]
pub(crate) struct Stock {
    rows: Vec<Row>,
    /// What to ask for the next page with; none on the last.
    pub(crate) next: Option<String>,
}

/// One article at one warehouse.
#[derive(Debug, Deserialize)]
struct Row {
    sku: String,
    warehouse: String,
    /// What may be sold; no number where the article is not tracked.
    free: Option<Quantity>,
    on_hand: Option<Quantity>,
}

// === impl Warehouse ===

impl From<Warehouse> for Location {
    /// A closed warehouse stays listed, so that what is linked to it can say so.
    fn from(warehouse: Warehouse) -> Self {
        let location = Self::site(warehouse.id, warehouse.name);
        match warehouse.open {
            true => location,
            false => location.closed(),
        }
    }
}

// === impl Stock, Row ===

impl Stock {
    pub(crate) fn levels(self, asked_at: Timestamp) -> Vec<StockLevel> {
        let rows = self.rows.into_iter();
        rows.filter_map(|row| row.level(asked_at)).collect()
    }
}

impl Row {
    /// A row whose SKU no order can name, such as an empty one, costs itself and not the page.
    fn level(self, asked_at: Timestamp) -> Option<StockLevel> {
        let sku = Sku::new(&self.sku)
            .inspect_err(|error| tracing::warn!(sku = self.sku, "a row was left out: {error}"))
            .ok()?;
        let warehouse = self.warehouse.into();
        Some(match (self.free, self.on_hand) {
            (Some(free), Some(on_hand)) => {
                let quantities = Quantities::of(free, on_hand);
                StockLevel::counted(sku, warehouse, quantities, asked_at)
            }
            // Unknown is not zero.
            _ => StockLevel::uncounted(sku, warehouse, Tracking::NotTracked, asked_at),
        })
    }
}
