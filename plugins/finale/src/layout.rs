//! What is known of an account's places: its facilities, and the GraphQL columns that answer for them.

use std::collections::HashMap;
use std::sync::Arc;

use bestand_plugin_api::{AdapterError, Result};

use crate::facilities::{Facilities, Facility};
use crate::graphql::{Node, Stock};
use crate::settings::Available;

const ON_HAND: &str = "stockColumnQuantityOnHandUnits";
const RESERVED: &str = "stockColumnReservationsUnits";
const ON_ORDER: &str = "stockColumnOnOrderUnits";

/// Read before each listing, and kept for the live queries in between.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) facilities: Arc<Facilities>,
    fields: Arc<Fields>,
    available: Available,
}

/// Every field a product has in GraphQL, by its letters and digits in lower case.
#[derive(Debug)]
pub(crate) struct Fields(HashMap<String, String>);

/// The columns of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StockColumns {
    pub(crate) on_hand: String,
    pub(crate) reserved: String,
    pub(crate) on_order: Option<String>,
}

/// The columns from which the sellable stock of a location is worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocationColumns {
    whole: StockColumns,
    /// Sublocations that may not be sold from.
    without: Vec<StockColumns>,
}

// === impl Layout ===

impl Layout {
    pub(crate) fn new(
        facilities: Arc<Facilities>,
        fields: Arc<Fields>,
        available: Available,
    ) -> Self {
        Self {
            facilities,
            fields,
            available,
        }
    }

    /// Which active locations cannot be asked about, and what to do about it.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = String> {
        let open = self
            .facilities
            .locations()
            .filter(|location| location.active);
        open.filter_map(|location| self.columns(location).err())
            .map(|error| error.message)
    }

    /// The columns that answer for a location, or the reason why none do.
    pub(crate) fn columns(&self, location: &Facility) -> Result<LocationColumns> {
        let unsellable: Vec<&Facility> = self
            .facilities
            .sublocations(location)
            .filter(|sublocation| !sublocation.is_sellable())
            .collect();
        let whole = self
            .facility_columns(location)
            .or_else(|| self.total_columns());
        let without: Option<Vec<StockColumns>> = unsellable
            .iter()
            .map(|sublocation| self.facility_columns(sublocation))
            .collect();
        match (whole, without) {
            (Some(whole), Some(without)) => Ok(LocationColumns { whole, without }),
            _ => Err(missing_columns(location, &unsellable)),
        }
    }

    fn facility_columns(&self, facility: &Facility) -> Option<StockColumns> {
        let field = |prefix: &str| self.fields.find(&format!("{prefix}{}", facility.url));
        self.stock_columns(field(ON_HAND), field(RESERVED), field(ON_ORDER))
    }

    /// An account with a single location has no need of columns of its own: its totals are that location's.
    fn total_columns(&self) -> Option<StockColumns> {
        if self.facilities.locations().count() != 1 {
            return None;
        }
        let field = |name: &str| self.fields.find(name);
        self.stock_columns(
            field("stockQuantityOnHandUnits"),
            field("stockReservationsUnits"),
            field("stockOnOrderUnits"),
        )
    }

    fn stock_columns(
        &self,
        on_hand: Option<&String>,
        reserved: Option<&String>,
        on_order: Option<&String>,
    ) -> Option<StockColumns> {
        let needs_on_order = self.available == Available::AvailableToPromise;
        if needs_on_order && on_order.is_none() {
            return None;
        }
        Some(StockColumns {
            on_hand: on_hand?.clone(),
            reserved: reserved?.clone(),
            on_order: on_order.cloned(),
        })
    }
}

// === impl Fields ===

impl Fields {
    pub(crate) fn new(names: &[&str]) -> Self {
        Self(
            names
                .iter()
                .map(|name| (plain(name), (*name).to_owned()))
                .collect(),
        )
    }

    fn find(&self, name: &str) -> Option<&String> {
        self.0.get(&plain(name))
    }
}

/// Finale writes a facility's URL into the field name without slashes and with a capital.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

fn missing_columns(location: &Facility, unsellable: &[&Facility]) -> AdapterError {
    let names: Vec<&str> = unsellable
        .iter()
        .map(|sublocation| sublocation.name.as_str())
        .collect();
    let besides = if names.is_empty() {
        String::new()
    } else {
        format!(" and for {}", names.join(", "))
    };
    AdapterError::unsupported(format!(
        "Finale shows no stock columns for {}{besides}: add columns for quantity on hand, reservations and on order to \
         the product list in Finale; until then orders are answered from the last sync",
        location.name
    ))
}

// === impl LocationColumns ===

impl LocationColumns {
    /// The names of all columns involved.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.whole)
            .chain(&self.without)
            .flat_map(StockColumns::names)
    }

    /// What of a product may be sold from the location.
    pub(crate) fn stock(&self, node: Node<'_>) -> Result<Stock> {
        let whole = node.stock(&self.whole)?;
        self.without
            .iter()
            .try_fold(whole, |left, part| Ok(left.without(node.stock(part)?)))
    }
}

// === impl StockColumns ===

impl StockColumns {
    fn names(&self) -> impl Iterator<Item = &str> {
        [
            Some(&self.on_hand),
            Some(&self.reserved),
            self.on_order.as_ref(),
        ]
        .into_iter()
        .flatten()
        .map(String::as_str)
    }
}
