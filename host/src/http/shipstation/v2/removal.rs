//! How a warehouse or location is to be removed: with what still lies there, or only when nothing does.

use bestand_plugin_api::{LocationChange, LocationId};
use serde::Deserialize;

use crate::http::problem::Problem;

/// What a query says of it.
#[derive(Debug, Deserialize)]
pub(super) struct RemovalQuery {
    remove_inventory: Option<String>,
}

impl RemovalQuery {
    /// The change of this place.
    pub(super) fn of(&self, location: &LocationId) -> Result<LocationChange, Problem> {
        let said = self.remove_inventory.as_deref().unwrap_or("0").trim();
        match said.to_ascii_lowercase().as_str() {
            "" | "0" | "false" => Ok(LocationChange::remove(location.clone())),
            "1" | "true" => Ok(LocationChange::remove_with_stock(location.clone())),
            _ => Err(Problem::field("remove_inventory", "it is 0 or 1")),
        }
    }
}
