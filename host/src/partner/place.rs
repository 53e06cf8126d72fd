//! A partner's places: named by it, or met in its levels.

use bestand_plugin_api::{Location, LocationId};

use super::{Held, PLACES_MAX, Push, PushError};
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::store;

impl Push {
    /// Keeps these places as they are told; others stay as they are. Answers all of the partner's.
    ///
    /// # Errors
    /// See [`PushError`]; nothing is changed then.
    pub async fn places(
        &mut self,
        locations: &[Location],
    ) -> Result<Vec<InventorySource>, PushError> {
        self.room_for(locations)?;
        let (shared, account, connection) = (&self.shared, self.account, self.held.connection);
        let now = shared.clock.now();
        store::source::tell_locations(&shared.db, account, connection, locations, now).await?;
        shared.connections.heard(account, connection, now).await?;
        self.read_sources().await
    }

    /// Sees to it that there is a source for each of these.
    pub(super) async fn meet(
        &mut self,
        met: impl Iterator<Item = LocationId>,
    ) -> Result<(), PushError> {
        // Until the partner gives it a name.
        let new: Vec<_> = met.map(|id| Location::site(id.0.clone(), id.0)).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.room_for(&new)?;
        let (shared, account, connection) = (&self.shared, self.account, self.held.connection);
        let now = shared.clock.now();
        store::source::meet_locations(&shared.db, account, connection, &new, now).await?;
        self.read_sources().await?;
        Ok(())
    }

    fn room_for(&self, locations: &[Location]) -> Result<(), PushError> {
        let known = &self.held.sources;
        let new = locations
            .iter()
            .filter(|location| !known.contains_key(&location.id));
        match known.len() + new.count() > PLACES_MAX {
            true => Err(PushError::TooManyPlaces),
            false => Ok(()),
        }
    }

    async fn read_sources(&mut self) -> Result<Vec<InventorySource>, PushError> {
        let (account, connection) = (self.account, self.held.connection);
        let sources =
            store::source::list_of_connection(&self.shared.db, account, connection).await?;
        let by_place = |source: &InventorySource| -> (LocationId, SourceId) {
            (source.location_id.clone(), source.id)
        };
        let found = Held {
            connection,
            sources: sources.iter().map(by_place).collect(),
        };
        self.held = self.shared.hold(account, &self.partner, found);
        Ok(sources)
    }
}
