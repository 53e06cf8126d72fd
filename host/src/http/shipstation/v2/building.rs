//! Buildings that hold stock: our inventory sources, by the numbers that the newer API has for them.

use bestand_plugin_api::Timestamp;
use serde::Serialize;

use super::id;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::AccountId;
use crate::source::InventorySource;
use crate::store;
use crate::store::shipstation::number::{self, Kind};

/// A building.
#[derive(Clone, Debug)]
pub(super) struct Building {
    pub(super) source: InventorySource,
    pub(super) number: i64,
    changed_at: Timestamp,
}

/// A building as it is told.
#[derive(Debug, Serialize)]
pub(super) struct Warehouse {
    inventory_warehouse_id: String,
    name: String,
    created_at: Moment,
    updated_at: Moment,
}

/// All that are there, oldest first. Closed ones are not.
pub(super) async fn all(parts: &Parts, account: AccountId) -> Result<Vec<Building>, Problem> {
    let mut sources = store::source::list(&parts.db, account).await?;
    sources.retain(|source| source.active);
    let ids: Vec<String> = sources.iter().map(|source| source.id.to_string()).collect();
    let now = parts.clock.now();
    let numbers = number::of_all(&parts.db, account, Kind::Warehouse, &ids, now).await?;
    let building = |(source, numbered): (InventorySource, number::Numbered)| Building {
        number: numbered.number,
        changed_at: numbered.changed_at.max(source.created_at),
        source,
    };
    Ok(sources.into_iter().zip(numbers).map(building).collect())
}

/// The building of this id.
pub(super) async fn find(parts: &Parts, account: AccountId, id: &str) -> Result<Building, Problem> {
    let buildings = all(parts, account).await?;
    let number = id::number(id);
    let mut found = buildings
        .into_iter()
        .filter(|building| Some(building.number) == number);
    found.next().ok_or_else(|| no_such(id))
}

/// There is none.
pub(super) fn no_such(id: &str) -> Problem {
    let shown: String = id.chars().take(40).collect();
    Problem::new(
        ProblemKind::NotFound,
        format!("there is no inventory warehouse `{shown}`"),
    )
}

// === impl Building ===

impl Building {
    /// As it is told.
    pub(super) fn shown(&self) -> Warehouse {
        Warehouse {
            inventory_warehouse_id: id::of(self.number),
            name: self.source.name.clone(),
            created_at: Moment(self.source.created_at),
            updated_at: Moment(self.changed_at),
        }
    }
}
