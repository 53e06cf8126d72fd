//! Opening and renaming warehouses and locations; [`removal`] closes them.

use bestand_plugin_api::state::{Entry, Expected, Write, Written};
use bestand_plugin_api::{
    AdapterError, Ctx, Location, LocationChange, LocationId, LocationWrites, Result, call,
};

use crate::draft::untouched;
use crate::places::{self, Founding, Place, find};
use crate::{Warehouse, keys, names, removal};

/// How often a change is worked out anew because somebody else changed places meanwhile.
pub(crate) const ATTEMPTS_MAX: usize = 64;

impl LocationWrites for Warehouse {
    async fn change_location(&self, ctx: &Ctx, change: LocationChange) -> Result<Location> {
        places::found(ctx, &self.settings).await?;
        match change {
            LocationChange::Create { name, parent, .. } => create(ctx, &name, parent).await,
            LocationChange::Rename { location, name, .. } => rename(ctx, &location, &name).await,
            LocationChange::Remove {
                location,
                discard_stock,
                ..
            } => removal::remove(ctx, &location, discard_stock).await,
            _ => Err(AdapterError::unsupported(
                "the built-in warehouse creates, renames and removes locations, nothing else",
            )),
        }
    }
}

async fn create(ctx: &Ctx, name: &str, parent: Option<LocationId>) -> Result<Location> {
    let name = checked(name, parent.as_ref())?;
    for _ in 0..ATTEMPTS_MAX {
        let site = find_site(ctx, parent.as_ref()).await?;
        refuse_taken(ctx, parent.as_ref(), &name).await?;
        let (number, counted) = count_up(ctx).await?;
        let id = places::new_id(parent.as_ref(), number);
        let place = Place::new(name.clone(), ctx.now().await?);
        let mut writes = vec![counted];
        writes.extend(place.made(&id)?);
        // The warehouse must still be there, and its removal must see the new location.
        writes.extend(site.as_ref().map(untouched));
        if ctx.state().commit(&writes).await? == Written::Done {
            return Ok(place.seen(id));
        }
    }
    Err(busy())
}

/// The number of the next place, and the write that takes it.
async fn count_up(ctx: &Ctx) -> Result<(u64, Write)> {
    let founding = ctx.state().get(keys::FOUNDING).await?;
    let given = match &founding {
        Some(entry) => call::decode::<Founding>(&entry.value)?.ids,
        None => 0,
    };
    let ids = given + 1;
    let expected = Expected::unchanged(founding.as_ref());
    let value = call::encode(&Founding { ids })?;
    Ok((ids, Write::put(keys::FOUNDING, value, expected)))
}

async fn rename(ctx: &Ctx, location: &LocationId, name: &str) -> Result<Location> {
    let parent = places::parent_of(location);
    let name = checked(name, parent.as_ref())?;
    for _ in 0..ATTEMPTS_MAX {
        let (entry, mut place) = find(ctx, location).await?;
        let old_key = keys::name(parent.as_ref(), &place.name);
        let new_key = keys::name(parent.as_ref(), &name);
        let mut writes = Vec::new();
        if new_key != old_key {
            refuse_taken(ctx, parent.as_ref(), &name).await?;
            writes.push(Write::delete(old_key, Expected::Any));
            writes.push(Write::put(
                new_key,
                call::encode(location)?,
                Expected::Absent,
            ));
        }
        place.name.clone_from(&name);
        place.updated_at = ctx.now().await?;
        let expected = Expected::Version(entry.version);
        writes.push(Write::put(entry.key, call::encode(&place)?, expected));
        if ctx.state().commit(&writes).await? == Written::Done {
            return Ok(place.seen(location.clone()));
        }
    }
    Err(busy())
}

/// Too many others are changing the same places.
pub(crate) fn busy() -> AdapterError {
    AdapterError::transient("too many changes of the same locations at once")
}

fn checked(name: &str, parent: Option<&LocationId>) -> Result<String> {
    let checked = match parent {
        Some(_) => names::bin(name),
        None => names::site(name),
    };
    checked.map_err(|reason| AdapterError::config("name", reason))
}

async fn find_site(ctx: &Ctx, parent: Option<&LocationId>) -> Result<Option<Entry>> {
    let Some(parent) = parent else {
        return Ok(None);
    };
    if !places::is_site(parent) {
        let message = "a location lies in a warehouse, not in another location";
        return Err(AdapterError::config("parent", message));
    }
    match find(ctx, parent).await {
        Ok((entry, _)) => Ok(Some(entry)),
        Err(error) => Err(AdapterError::config("parent", error.message)),
    }
}

async fn refuse_taken(ctx: &Ctx, parent: Option<&LocationId>, name: &str) -> Result<()> {
    match ctx.state().get(&keys::name(parent, name)).await? {
        None => Ok(()),
        Some(_) => {
            let message = format!("there is one called `{name}` already");
            Err(AdapterError::config("name", message))
        }
    }
}
