//! From an adapter's locations to our inventory sources.

use std::collections::HashMap;

use bestand_plugin_api::call::adapter::Locations;
use bestand_plugin_api::{
    AdapterError, CURSOR_BYTES_MAX, Cursor, Listing, Location, LocationId, StockLevel,
};

use super::SyncError;
use crate::clock::Clock;
use crate::id::SourceId;
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::stock::Update;
use crate::store::{self, Db};

/// Locations of one connection; more is taken for a listing that never ends.
const LOCATIONS_MAX: usize = 100_000;

/// The sources of one connection.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Those whose counts are read.
    sources: Vec<InventorySource>,
    /// Of places whose counts are not read, no source.
    by_location: HashMap<LocationId, Option<SourceId>>,
}

// === impl Places ===

impl Places {
    /// The sources as they are stored.
    #[must_use]
    pub fn new(sources: Vec<InventorySource>) -> Self {
        let by_location = sources
            .iter()
            .map(|source| {
                let read = source.reads().then_some(source.id);
                (source.location_id.clone(), read)
            })
            .collect();
        let sources = sources.into_iter().filter(InventorySource::reads);
        Self {
            sources: sources.collect(),
            by_location,
        }
    }

    /// Asks the adapter for its locations and brings the sources in line with them.
    ///
    /// # Errors
    /// What the adapter or the store answers; nothing is changed then.
    pub async fn follow(session: &Session, db: &Db, clock: &Clock) -> Result<Self, SyncError> {
        let mut locations = locations(session).await?;
        name_after(&session.context().name, &mut locations);
        let (account, connection) = (session.context().account, session.context().connection);
        let sources =
            store::source::follow_locations(db, account, connection, &locations, clock.now())
                .await?;
        Ok(Self::new(sources))
    }

    /// The sources whose counts are read.
    #[must_use]
    pub fn sources(&self) -> &[InventorySource] {
        &self.sources
    }

    /// Levels under their sources, and how many lie at places that are none.
    #[must_use]
    pub fn updates(&self, levels: Vec<StockLevel>) -> (Vec<Update>, usize) {
        let (mut updates, mut strays) = (Vec::with_capacity(levels.len()), 0);
        for level in levels {
            match self.by_location.get(&level.location) {
                Some(Some(source_id)) => updates.push(Update {
                    source_id: *source_id,
                    level,
                }),
                Some(None) => {}
                None => strays += 1,
            }
        }
        (updates, strays)
    }
}

/// The only place of a connection may go by the connection's name.
fn name_after(connection: &str, locations: &mut [Location]) {
    if let [place] = locations
        && place.name.trim().is_empty()
    {
        place.name = connection.to_owned();
    }
}

/// All places that the adapter names.
///
/// # Errors
/// What the adapter answers, and when it names more than [`LOCATIONS_MAX`].
pub(crate) async fn locations(session: &Session) -> Result<Vec<Location>, AdapterError> {
    let (mut found, mut cursor) = (Vec::new(), None::<Cursor>);
    loop {
        match session.call::<Locations>(Priority::Sync, &cursor).await? {
            Listing::Done { items, .. } => {
                found.extend(items);
                return Ok(found);
            }
            Listing::Page { items, next, .. } => {
                found.extend(items);
                cursor = Some(moved_on(cursor.as_ref(), next)?);
            }
            Listing::Pending {
                poll_after_ms,
                cursor: next,
                ..
            } => {
                tokio::time::sleep(super::listing::poll_after(poll_after_ms)).await;
                cursor = Some(next);
            }
            _ => return Err(super::listing::no_step()),
        }
        if found.len() > LOCATIONS_MAX {
            return Err(AdapterError::protocol(format!(
                "the adapter names more than {LOCATIONS_MAX} locations"
            )));
        }
    }
}

/// The next cursor, unless the listing turns on the spot.
pub(crate) fn moved_on(before: Option<&Cursor>, next: Cursor) -> Result<Cursor, AdapterError> {
    if next.0.len() > CURSOR_BYTES_MAX {
        return Err(AdapterError::bug(
            "the adapter's cursor is larger than 64 KiB",
        ));
    }
    if before == Some(&next) {
        return Err(AdapterError::bug(
            "the adapter's listing does not move on: it gave the same cursor twice",
        ));
    }
    Ok(next)
}
