//! Which SKUs are wanted, and how many at most: what the places are stocked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use anyhow::Context;

use super::orders::Order;
use super::spread::Spread;

/// The most that one line wants of each SKU.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    wanted: BTreeMap<String, i64>,
}

/// The columns of an order file that matter here, out of a mapping such as `sku=StockCode,quantity=Quantity`.
#[derive(Clone, Debug)]
pub struct Columns {
    sku: String,
    quantity: String,
}

// === impl Demand ===

impl Demand {
    pub(super) fn of_orders(orders: &[Order]) -> Self {
        let mut demand = Self::default();
        for line in orders.iter().flat_map(|order| &order.lines) {
            if let Some(sku) = &line.sku {
                demand.add(sku, line.quantity);
            }
        }
        demand
    }

    /// The SKUs of a CSV file. What is no number counts as none: the daemon says what is wrong with it, not we.
    pub(super) fn of_file(path: &Path, columns: &Columns) -> anyhow::Result<Self> {
        let mut file = csv::Reader::from_path(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        let headers = file.headers()?.clone();
        let column = |name: &str| {
            let found = headers.iter().position(|header| header == name);
            found.with_context(|| format!("`{}` has no column `{name}`", path.display()))
        };
        let (sku, quantity) = (column(&columns.sku)?, column(&columns.quantity)?);
        let mut demand = Self::default();
        for row in file.records().flatten() {
            let number = row
                .get(quantity)
                .and_then(|text| text.trim().parse().ok())
                .unwrap_or(0);
            demand.add(row.get(sku).unwrap_or_default().trim(), number);
        }
        Ok(demand)
    }

    /// What `place` says of each SKU.
    pub(super) fn spread(&self, place: &str) -> impl Iterator<Item = (String, Spread)> {
        self.wanted
            .iter()
            .map(move |(sku, wanted)| (sku.clone(), Spread::of(sku, place, *wanted)))
    }

    fn add(&mut self, sku: &str, quantity: i64) {
        if !sku.is_empty() {
            let wanted = self.wanted.entry(sku.to_owned()).or_insert(1);
            *wanted = quantity.max(*wanted);
        }
    }
}

// === impl Columns ===

impl FromStr for Columns {
    type Err = String;

    fn from_str(mapping: &str) -> Result<Self, String> {
        let find = |field: &str| {
            let pairs = mapping.split(',').filter_map(|pair| pair.split_once('='));
            pairs
                .map(|(key, column)| (key.trim(), column.trim()))
                .find(|(key, _)| *key == field)
        };
        let column = |field: &str| {
            find(field).map_or_else(|| field.to_owned(), |(_, column)| column.to_owned())
        };
        Ok(Self {
            sku: column("sku"),
            quantity: column("quantity"),
        })
    }
}
