//! The demo's world: a catalogue, orders, and stock spread over three systems, some plentiful, some short, some
//! missing.
//!
//! Everything is made from a fixed seed, so two demos are alike. [`Scenario`] says to the daemon how to reach it.

mod catalogue;
mod demand;
mod orders;
mod spread;

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use crate::finale::{Finale, FinaleOptions, Stock};
use crate::shopify::stock::{NewItem, NewLocation};
use crate::shopify::{Shopify, ShopifyOptions, quantities::Quantities};
pub use demand::{Columns, Demand};
use spread::{Lot, Spread};

/// What the daemon needs to know of the demo's world: one line of JSON.
#[derive(Debug, Serialize)]
pub struct Scenario {
    /// The plugin libraries, by file name.
    pub plugins: Vec<String>,
    /// The connections to make.
    pub connections: Vec<Connection>,
    /// The ship-from locations to make, and the source of each.
    pub ship_from_locations: Vec<ShipFrom>,
    /// Stock to be written through a connection.
    pub stock: Vec<WrittenStock>,
    /// Orders as NDJSON, unless somebody brings their own.
    pub orders: Option<String>,
}

/// A connection to make.
#[derive(Debug, Serialize)]
pub struct Connection {
    /// What people call it.
    pub name: String,
    /// The adapter.
    pub adapter: String,
    /// Its settings.
    pub settings: Value,
    /// Its secrets: those of a simulated system, known to everybody.
    pub secrets: Value,
}

/// A ship-from location to make.
#[derive(Debug, Serialize)]
pub struct ShipFrom {
    /// What people call it.
    pub name: String,
    /// One line.
    pub address: String,
    /// The connection of its source.
    pub connection: String,
    /// The name of its source; empty for the only one.
    pub source: String,
}

/// Stock to be written through a connection that takes writes.
#[derive(Debug, Serialize)]
pub struct WrittenStock {
    /// The connection.
    pub connection: String,
    /// SKU and how many.
    pub levels: Vec<(String, i64)>,
}

/// The running systems; they stop when this is dropped.
#[derive(Debug)]
pub struct World {
    /// How to reach them.
    pub scenario: Scenario,
    _finale: Finale,
    _shopify: Shopify,
}

// === impl World ===

impl World {
    /// Starts the systems and stocks them for the orders of `file`, or for orders made here.
    ///
    /// # Errors
    /// When the file cannot be read or a port cannot be bound.
    pub async fn start(file: Option<(&Path, &Columns)>) -> anyhow::Result<Self> {
        let (demand, orders) = match file {
            Some((path, columns)) => (Demand::of_file(path, columns)?, None),
            None => {
                let orders = orders::make();
                (Demand::of_orders(&orders), Some(orders::ndjson(&orders)))
            }
        };
        let finale = stocked_finale(&demand).await?;
        let shopify = stocked_shopify(&demand).await?;
        let scenario = Scenario {
            plugins: ["warehouse", "finale", "shopify"]
                .map(|name| format!("libbestand_plugin_{name}.so"))
                .to_vec(),
            connections: connections(&finale.url(), &shopify.url()),
            ship_from_locations: ship_from_locations(),
            stock: vec![WrittenStock {
                connection: "Own warehouse".into(),
                levels: warehouse(&demand),
            }],
            orders,
        };
        Ok(Self {
            scenario,
            _finale: finale,
            _shopify: shopify,
        })
    }
}

fn connections(finale: &str, shopify: &str) -> Vec<Connection> {
    let connection = |name: &str, adapter: &str, settings, secrets| Connection {
        name: name.into(),
        adapter: adapter.into(),
        settings,
        secrets,
    };
    let (finale_options, shopify_options) = (FinaleOptions::default(), ShopifyOptions::default());
    vec![
        connection("Own warehouse", "warehouse", json!({}), json!({})),
        connection(
            "Finale main",
            "finale",
            json!({ "account": finale_options.account, "base_url": finale }),
            json!({ "api_key": finale_options.key, "api_secret": finale_options.secret }),
        ),
        connection(
            "Web shop",
            "shopify",
            json!({ "shop": shopify_options.shop, "base_url": shopify }),
            json!({ "access_token": shopify_options.access_token }),
        ),
    ]
}

fn ship_from_locations() -> Vec<ShipFrom> {
    let ship_from = |name: &str, address: &str, connection: &str, source: &str| ShipFrom {
        name: name.into(),
        address: address.into(),
        connection: connection.into(),
        source: source.into(),
    };
    vec![
        ship_from(
            "Berlin",
            "Prinzenstraße 34, 10969 Berlin",
            "Own warehouse",
            "",
        ),
        ship_from(
            "Hamburg",
            "Am Sandtorkai 50, 20457 Hamburg",
            "Finale main",
            "Hamburg",
        ),
        ship_from(
            "Leeds",
            "Wellington Street 1, Leeds LS1",
            "Web shop",
            "Leeds",
        ),
    ]
}

fn warehouse(demand: &Demand) -> Vec<(String, i64)> {
    let stocked = |(sku, spread): (String, Spread)| match spread {
        Spread::Missing => None,
        Spread::NotTracked => Some((sku, 0)),
        Spread::Held(lot) => Some((sku, lot.there)),
    };
    demand.spread("warehouse").filter_map(stocked).collect()
}

async fn stocked_finale(demand: &Demand) -> anyhow::Result<Finale> {
    let finale = Finale::start(FinaleOptions::default()).await?;
    let stock = |sku: String, lot: Lot, location: &str| Stock {
        title: sku.clone(),
        sku,
        location: location.into(),
        on_hand: lot.there.into(),
        reserved: lot.promised.into(),
        on_order: lot.coming.into(),
    };
    for location in ["Hamburg", "Bremen"] {
        let held = demand
            .spread(location)
            .filter_map(|(sku, spread)| match spread {
                Spread::Held(lot) => Some(stock(sku, lot, location)),
                Spread::Missing | Spread::NotTracked => None,
            });
        finale.stock(held);
    }
    Ok(finale)
}

async fn stocked_shopify(demand: &Demand) -> anyhow::Result<Shopify> {
    let shopify = Shopify::start(ShopifyOptions::default()).await?;
    let leeds = shopify.add_location(NewLocation {
        name: "Leeds".into(),
        city: "Leeds".into(),
        country_code: "GB".into(),
        ..NewLocation::default()
    });
    let item = |(sku, spread): (String, Spread)| {
        let (tracked, lot) = match spread {
            Spread::Missing => return None,
            Spread::NotTracked => (false, Lot::default()),
            Spread::Held(lot) => (true, lot),
        };
        let fits = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        let quantities = Quantities {
            available: fits(lot.there - lot.promised),
            committed: fits(lot.promised),
            incoming: fits(lot.coming),
            ..Quantities::default()
        };
        let title = sku.clone();
        Some(NewItem {
            sku: Some(sku),
            title,
            tracked,
            stock: vec![(leeds, quantities)],
            ..NewItem::default()
        })
    };
    shopify.add_items(demand.spread("Leeds").filter_map(item));
    Ok(shopify)
}
