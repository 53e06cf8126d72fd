//! Levels as the newer API lists them: a row for each article and warehouse, or for each article and location.

use std::collections::{HashMap, HashSet};

use bestand_plugin_api::{LocationId, Sku};
use serde::Serialize;

use super::building::Building;
use super::envelope::Fault;
use super::id;
use super::lying;
use super::numbers::Numbers;
use super::place::{self, Extent, Place, Places};
use super::transaction::Cost;
use crate::daemon::Parts;
use crate::http::problem::Problem;
use crate::id::{AccountId, SourceId};
use crate::store::level::{CountedLevel, counted};

/// Levels whose bins are looked up for one answer, at most: each is asked of its adapter, some thousand at a time.
const LEVELS_BY_LOCATION_MAX: u64 = 10_000;

/// A row.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Item {
    sku: Sku,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_hand: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allocated: Option<i64>,
    available: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    average_cost: Option<Cost>,
    inventory_warehouse_id: String,
    inventory_location_id: String,
}

/// Rows by location, and what could not be told.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) items: Vec<Item>,
    pub(super) faults: Vec<Fault>,
}

/// How many rows by warehouse there are, and some of them: by what is stored.
pub(super) async fn by_warehouse(
    parts: &Parts,
    account: AccountId,
    wholes: &[Place],
    skus: &[Sku],
    offset: u64,
    limit: u64,
) -> Result<(u64, Vec<Item>), Problem> {
    let sources = of_sources(wholes);
    let ids: Vec<SourceId> = wholes
        .iter()
        .map(|place| place.building.source.id)
        .collect();
    let found = counted(&parts.db, account, &ids, skus, offset, limit).await?;
    let item = |level: CountedLevel| {
        let place = *sources.get(&level.source_id)?;
        let numbers = Numbers::from_stored(&level)?;
        Some(Item::of(level.sku, numbers, place))
    };
    Ok((
        found.total,
        found.levels.into_iter().filter_map(item).collect(),
    ))
}

/// All rows by location. Bins are asked of their adapters; where one cannot answer, its buildings are told whole.
pub(super) async fn by_location(
    parts: &Parts,
    account: AccountId,
    buildings: &[Building],
    skus: &[Sku],
) -> Result<Rows, Problem> {
    let Places { places, mut faults } = place::all(parts, account, buildings).await?;
    let (wholes, bins): (Vec<Place>, Vec<Place>) = places
        .into_iter()
        .partition(|place| place.extent == Extent::Building);
    let ids: Vec<SourceId> = wholes
        .iter()
        .map(|place| place.building.source.id)
        .collect();
    let found = counted(&parts.db, account, &ids, skus, 0, LEVELS_BY_LOCATION_MAX).await?;
    if found.total > LEVELS_BY_LOCATION_MAX {
        let reason = format!(
            "these are {} levels, and at most {LEVELS_BY_LOCATION_MAX} are told by location at once; \
             name SKUs (`sku=A,B`) or a warehouse",
            found.total
        );
        return Err(Problem::field("group_by", reason));
    }
    let mut items = Vec::new();
    for whole in &wholes {
        let source = whole.building.source.id;
        let levels = found
            .levels
            .iter()
            .filter(|level| level.source_id == source);
        let numbers =
            levels.filter_map(|level| Some((level.sku.clone(), Numbers::from_stored(level)?)));
        let numbers: Vec<(Sku, Numbers)> = numbers.collect();
        let bins: Vec<&Place> = bins
            .iter()
            .filter(|bin| bin.building.source.id == source)
            .collect();
        match in_building(parts, account, whole, &bins, &numbers).await {
            Ok(rows) => items.extend(rows),
            Err(error) => {
                let message = format!(
                    "the locations in `{}` cannot be told now: {}",
                    whole.name, error.message
                );
                faults.push(Fault::of_connection(message));
                items.extend(
                    numbers
                        .into_iter()
                        .map(|(sku, numbers)| Item::of(sku, numbers, whole)),
                );
            }
        }
    }
    items.sort_by(|one, other| one.key().cmp(&other.key()));
    Ok(Rows { items, faults })
}

async fn in_building(
    parts: &Parts,
    account: AccountId,
    whole: &Place,
    bins: &[&Place],
    numbers: &[(Sku, Numbers)],
) -> Result<Vec<Item>, bestand_plugin_api::AdapterError> {
    let at_whole = |(sku, numbers): &(Sku, Numbers)| Item::of(sku.clone(), *numbers, whole);
    if bins.is_empty() || numbers.is_empty() {
        return Ok(numbers.iter().map(at_whole).collect());
    }
    let skus: Vec<Sku> = numbers.iter().map(|(sku, _)| sku.clone()).collect();
    let locations: Vec<LocationId> = bins.iter().map(|bin| bin.location.clone()).collect();
    let by_location: HashMap<&LocationId, &Place> =
        bins.iter().map(|bin| (&bin.location, *bin)).collect();
    let lying = lying::ask(parts, account, &whole.building, &locations, &skus).await?;
    let mut items = Vec::new();
    for row @ (sku, _) in numbers {
        let Some(lying) = lying.get(sku) else {
            items.push(at_whole(row));
            continue;
        };
        for (location, numbers) in &lying.bins {
            let bin = by_location.get(location);
            items.extend(bin.map(|bin| Item::of(sku.clone(), *numbers, bin)));
        }
        let rest = lying
            .rest()
            .filter(|rest| lying.bins.is_empty() || !rest.is_nothing());
        items.extend(rest.map(|rest| Item::of(sku.clone(), rest, whole)));
    }
    Ok(items)
}

fn of_sources(wholes: &[Place]) -> HashMap<SourceId, &Place> {
    wholes
        .iter()
        .map(|place| (place.building.source.id, place))
        .collect()
}

// === impl Rows ===

impl Rows {
    /// Only those at this place.
    pub(super) fn at(mut self, place: &Place) -> Self {
        let id = place.id();
        self.items.retain(|item| item.inventory_location_id == id);
        self
    }
}

// === impl Item ===

impl Item {
    fn of(sku: Sku, numbers: Numbers, place: &Place) -> Self {
        Self {
            sku,
            on_hand: numbers.on_hand.map(bestand_plugin_api::Quantity::floor),
            allocated: numbers.allocated.map(bestand_plugin_api::Quantity::floor),
            available: numbers.available.floor(),
            average_cost: numbers.average_cost,
            inventory_warehouse_id: id::of(place.building.number),
            inventory_location_id: place.id(),
        }
    }

    fn key(&self) -> (&str, i64) {
        let number = id::number(&self.inventory_location_id).unwrap_or_default();
        (self.sku.as_str(), number)
    }
}

/// The SKUs that a filter names: separated by commas; and itself, as a SKU may hold one.
pub(super) fn skus(filter: &str) -> Result<Vec<Sku>, Problem> {
    let read =
        |text: &str| Sku::new(text).map_err(|error| Problem::field("sku", error.to_string()));
    let parts = filter
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut skus = parts.map(read).collect::<Result<HashSet<Sku>, Problem>>()?;
    skus.extend(Sku::new(filter.trim()));
    Ok(skus.into_iter().collect())
}
