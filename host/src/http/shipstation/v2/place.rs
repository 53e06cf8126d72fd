//! Places that stock is told of: a building as a whole, or a bin in it.

use std::collections::{BTreeMap, HashMap};

use bestand_plugin_api::{Location, LocationId};
use serde::Serialize;

use super::building::{self, Building};
use super::envelope::Fault;
use super::id;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::{AccountId, ConnectionId};
use crate::store::shipstation::number::{self, Kind, Numbered};

/// Places in places that are followed up to a building; no known system nests more.
const DEPTH_MAX: usize = 16;

/// A place.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) building: Building,
    pub(super) extent: Extent,
    pub(super) location: LocationId,
    pub(super) name: String,
    pub(super) numbered: Numbered,
}

/// How much a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of a building; what lies there is what lies in none of its bins.
    Building,
    /// One bin.
    Bin,
}

/// Places, and connections that could not tell theirs.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) places: Vec<Place>,
    pub(super) faults: Vec<Fault>,
}

/// A place as it is told.
#[derive(Debug, Serialize)]
pub(super) struct InventoryLocation {
    inventory_location_id: String,
    name: String,
    inventory_warehouse_id: String,
    created_at: Moment,
    updated_at: Moment,
}

/// A place before it has its number.
struct Found {
    building: Building,
    extent: Extent,
    location: LocationId,
    name: String,
}

/// Each of these buildings as a whole. Asks nobody.
pub(super) async fn wholes(
    parts: &Parts,
    account: AccountId,
    buildings: Vec<Building>,
) -> Result<Vec<Place>, Problem> {
    let found = buildings.into_iter().map(Found::whole).collect();
    numbered(parts, account, found).await
}

/// All places of these buildings: each building as a whole, and its bins where it is shaped from here. Asks the
/// adapters.
pub(super) async fn all(
    parts: &Parts,
    account: AccountId,
    buildings: &[Building],
) -> Result<Places, Problem> {
    let mut found: Vec<Found> = buildings.iter().cloned().map(Found::whole).collect();
    let mut faults = Vec::new();
    for (connection, buildings) in by_connection(buildings) {
        if !parts.connections.shapes_places(connection) {
            continue;
        }
        match parts.connections.locations(account, connection).await {
            Ok(locations) => found.extend(bins(&buildings, &locations)),
            Err(error) => {
                let names: Vec<&str> = buildings.iter().map(|it| it.source.name.as_str()).collect();
                let names = names.join("`, `");
                let message = format!(
                    "the locations in `{names}` cannot be told now: {}",
                    error.message
                );
                faults.push(Fault::of_connection(message));
            }
        }
    }
    let mut places = numbered(parts, account, found).await?;
    places.sort_by_key(|place| place.numbered.number);
    Ok(Places { places, faults })
}

/// The place of this id.
pub(super) async fn find(parts: &Parts, account: AccountId, id: &str) -> Result<Place, Problem> {
    let Some(number) = id::number(id) else {
        return Err(no_such(id));
    };
    let known = number::find(&parts.db, account, Kind::Location, number).await?;
    let known = known.ok_or_else(|| no_such(id))?;
    let mut buildings = building::all(parts, account).await?;
    buildings.retain(|building| {
        known
            .thing
            .starts_with(&beginning(building.source.connection_id))
    });
    let named = |found: &Found| thing(found) == known.thing;
    if let Some(whole) = buildings.iter().cloned().map(Found::whole).find(named) {
        return Ok(whole.with(known));
    }
    let Some(connection) = buildings
        .first()
        .map(|building| building.source.connection_id)
    else {
        return Err(no_such(id));
    };
    let locations = parts.connections.locations(account, connection).await;
    let locations = locations.map_err(Problem::from)?;
    let buildings: Vec<&Building> = buildings.iter().collect();
    let bin = bins(&buildings, &locations).into_iter().find(named);
    Ok(bin.ok_or_else(|| no_such(id))?.with(known))
}

/// The place that an adapter has just made or changed in a building.
pub(super) async fn of_location(
    parts: &Parts,
    account: AccountId,
    building: Building,
    location: Location,
) -> Result<Place, Problem> {
    let found = Found {
        building,
        extent: Extent::Bin,
        location: location.id,
        name: location.name,
    };
    let place = numbered(parts, account, vec![found]).await?.pop();
    place.ok_or_else(|| Problem::new(ProblemKind::NotFound, "the location is gone again"))
}

async fn numbered(
    parts: &Parts,
    account: AccountId,
    found: Vec<Found>,
) -> Result<Vec<Place>, Problem> {
    let things: Vec<String> = found.iter().map(thing).collect();
    let now = parts.clock.now();
    let numbers = number::of_all(&parts.db, account, Kind::Location, &things, now).await?;
    let places = found.into_iter().zip(numbers);
    Ok(places.map(|(found, number)| found.with(number)).collect())
}

/// Those of the locations that lie in one of the buildings.
fn bins(buildings: &[&Building], locations: &[Location]) -> Vec<Found> {
    let by_id: HashMap<&LocationId, &Location> = locations.iter().map(|it| (&it.id, it)).collect();
    let around = |location: &Location| {
        let mut parent = location.parent.as_ref()?;
        for _ in 0..DEPTH_MAX {
            let building = buildings.iter().find(|it| it.source.location_id == *parent);
            if let Some(building) = building {
                return Some((*building).clone());
            }
            parent = by_id.get(parent)?.parent.as_ref()?;
        }
        None
    };
    let bin = |location: &Location| {
        Some(Found {
            building: around(location)?,
            extent: Extent::Bin,
            location: location.id.clone(),
            name: location.name.clone(),
        })
    };
    let open = locations
        .iter()
        .filter(|location| location.active && !location.kind.is_source());
    open.filter_map(bin).collect()
}

fn by_connection(buildings: &[Building]) -> BTreeMap<ConnectionId, Vec<&Building>> {
    let mut by_connection: BTreeMap<ConnectionId, Vec<&Building>> = BTreeMap::new();
    for building in buildings {
        by_connection
            .entry(building.source.connection_id)
            .or_default()
            .push(building);
    }
    by_connection
}

fn beginning(connection: ConnectionId) -> String {
    format!("{connection}/")
}

fn thing(found: &Found) -> String {
    format!(
        "{}{}",
        beginning(found.building.source.connection_id),
        found.location
    )
}

fn no_such(id: &str) -> Problem {
    let shown: String = id.chars().take(40).collect();
    Problem::new(
        ProblemKind::NotFound,
        format!("there is no inventory location `{shown}`"),
    )
}

// === impl Found ===

impl Found {
    fn whole(building: Building) -> Self {
        Self {
            extent: Extent::Building,
            location: building.source.location_id.clone(),
            name: building.source.name.clone(),
            building,
        }
    }

    fn with(self, numbered: Numbered) -> Place {
        Place {
            building: self.building,
            extent: self.extent,
            location: self.location,
            name: self.name,
            numbered,
        }
    }
}

// === impl Place ===

impl Place {
    /// As it is told.
    pub(super) fn shown(&self) -> InventoryLocation {
        let whole = self.extent == Extent::Building;
        let made_at = match whole {
            true => self.building.source.created_at,
            false => self.numbered.made_at,
        };
        InventoryLocation {
            inventory_location_id: self.id(),
            name: self.name.clone(),
            inventory_warehouse_id: id::of(self.building.number),
            created_at: Moment(made_at),
            updated_at: Moment(self.numbered.changed_at.max(made_at)),
        }
    }

    pub(super) fn id(&self) -> String {
        id::of(self.numbered.number)
    }
}
