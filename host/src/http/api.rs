//! The API under `/api/v1`: a file per resource, with its handlers above and its JSON shapes below.

pub mod activity;
pub mod adapters;
pub mod adjustments;
pub mod alias_suggestions;
pub mod aliases;
pub mod api_keys;
pub mod availability;
pub mod changes;
pub mod connections;
pub mod drift;
pub mod explanation;
pub mod history;
pub mod inventory_sources;
mod kept_apart;
pub mod kits;
pub mod ledger;
pub mod levels;
pub mod line_component;
pub mod low_stock;
pub mod low_stock_thresholds;
pub mod operations;
pub mod orders;
pub mod partner;
pub mod products;
pub mod ship_from_locations;
pub mod stock_takes;
pub mod webhooks;

mod count_part;
pub mod missing;
mod source_name;
