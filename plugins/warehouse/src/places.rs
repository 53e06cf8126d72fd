//! Inventory warehouses and the locations in them: what is kept of them, and how they are found.
//!
//! The id of a location begins with that of its warehouse (`main.7` lies in `main`), so that adding up a warehouse
//! needs no look-up. Ids are counted up and never used twice; names may change.

use bestand_plugin_api::state::{Entry, EntryRange, Expected, Write, Written};
use bestand_plugin_api::{
    AdapterError, Ctx, Cursor, Listing, Location, LocationId, LocationKind, Result, Timestamp, call,
};
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::settings::Settings;

/// Places per page of a listing.
const PAGE: usize = 1000;
/// The id of the warehouse that is there from the start.
const FIRST: &str = "main";

/// An inventory warehouse or a location in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// How many ids were given away.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Founding {
    pub(crate) ids: u64,
}

/// The warehouse a place lies in; a warehouse lies in itself.
pub(crate) fn site_of(location: &LocationId) -> &str {
    location.0.split('.').next().unwrap_or(&location.0)
}

pub(crate) fn is_site(location: &LocationId) -> bool {
    !location.0.contains('.')
}

/// The warehouse around a location; a warehouse has none.
pub(crate) fn parent_of(location: &LocationId) -> Option<LocationId> {
    (!is_site(location)).then(|| site_of(location).into())
}

/// Whether what lies at `slot` lies at `place`: there itself, or at a location in that warehouse.
pub(crate) fn covers(place: &LocationId, slot: &LocationId) -> bool {
    match is_site(place) {
        true => site_of(slot) == place.0,
        false => slot == place,
    }
}

/// The id of the `number`th place, in `site` or as a warehouse of its own.
pub(crate) fn new_id(site: Option<&LocationId>, number: u64) -> LocationId {
    match site {
        Some(site) => LocationId(format!("{site}.{number}")),
        None => LocationId(format!("w{number}")),
    }
}

/// Makes the first warehouse unless that was done before; it may have been removed since.
pub(crate) async fn found(ctx: &Ctx, settings: &Settings) -> Result<()> {
    if ctx.state().get(keys::FOUNDING).await?.is_some() {
        return Ok(());
    }
    let now = ctx.now().await?;
    let first = Place::new(settings.first_warehouse.clone(), now);
    let founding = call::encode(&Founding::default())?;
    let mut writes = vec![Write::put(keys::FOUNDING, founding, Expected::Absent)];
    writes.extend(first.made(&FIRST.into())?);
    match ctx.state().commit(&writes).await? {
        // A conflict means that another call has made it meanwhile.
        Written::Done | Written::Conflict { .. } => Ok(()),
    }
}

/// One page of all places.
pub(crate) async fn list(ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<Location>> {
    let after = cursor.map(|cursor| cursor.0);
    let (places, next) = page(ctx, keys::PLACES.into(), after).await?;
    let items = places
        .into_iter()
        .map(|(entry, place)| place.seen(id_of(&entry)));
    let items = items.collect();
    Ok(match next {
        Some(next) => Listing::page(items, next),
        None => Listing::done(items),
    })
}

/// Every location in a warehouse.
pub(crate) async fn inside(ctx: &Ctx, site: &LocationId) -> Result<Vec<(Entry, Place)>> {
    let prefix = format!("{}.", keys::place(site));
    let (mut inside, mut after) = (Vec::new(), None);
    loop {
        let (places, next) = page(ctx, prefix.clone(), after).await?;
        inside.extend(places);
        match next {
            Some(next) => after = Some(next),
            None => return Ok(inside),
        }
    }
}

/// A place that is there.
///
/// # Errors
/// `NotFound`.
pub(crate) async fn find(ctx: &Ctx, location: &LocationId) -> Result<(Entry, Place)> {
    let entry = match location.0.len() > keys::PLACE_BYTES_MAX {
        true => None,
        false => ctx.state().get(&keys::place(location)).await?,
    };
    let missing = || AdapterError::not_found(format!("there is no location `{location}`"));
    let entry = entry.ok_or_else(missing)?;
    let place = call::decode(&entry.value)?;
    Ok((entry, place))
}

/// The id of a stored place.
pub(crate) fn id_of(entry: &Entry) -> LocationId {
    let key = entry.key.as_str();
    key.strip_prefix(keys::PLACES).unwrap_or(key).into()
}

async fn page(
    ctx: &Ctx,
    prefix: String,
    after: Option<String>,
) -> Result<(Vec<(Entry, Place)>, Option<String>)> {
    let mut range = EntryRange::prefix(prefix).limit(PAGE);
    range.after = after;
    let entries = ctx.state().list(&range).await?;
    let next = entries.get(PAGE - 1).map(|last| last.key.clone());
    let read = |entry: Entry| call::decode(&entry.value).map(|place| (entry, place));
    Ok((entries.into_iter().map(read).collect::<Result<_>>()?, next))
}

// === impl Place ===

impl Place {
    pub(crate) fn new(name: String, now: Timestamp) -> Self {
        Self {
            name,
            created_at: now,
            updated_at: now,
        }
    }

    /// The writes that make it, and take its name.
    pub(crate) fn made(&self, id: &LocationId) -> Result<[Write; 2]> {
        let name = keys::name(parent_of(id).as_ref(), &self.name);
        Ok([
            Write::put(keys::place(id), call::encode(self)?, Expected::Absent),
            Write::put(name, call::encode(id)?, Expected::Absent),
        ])
    }

    /// The writes that unmake it, as it was read.
    pub(crate) fn unmade(&self, entry: &Entry) -> [Write; 2] {
        let name = keys::name(parent_of(&id_of(entry)).as_ref(), &self.name);
        [
            Write::delete(entry.key.clone(), Expected::Version(entry.version)),
            Write::delete(name, Expected::Any),
        ]
    }

    /// The place as the host sees it.
    pub(crate) fn seen(self, id: LocationId) -> Location {
        match parent_of(&id) {
            Some(site) => Location::new(id.0, self.name, LocationKind::Bin).with_parent(site),
            None => Location::site(id.0, self.name),
        }
    }
}
