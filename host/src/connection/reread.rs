//! Some SKUs of a connection are read again because somebody asks for it, and what is found is compared with what is held.

use std::collections::{BTreeMap, HashSet};

use bestand_plugin_api::{AdapterError, Sku, SkuError, StockLevel};

use super::{Connection, Connections};
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::drift::Difference;
use crate::stock::{Cause, CauseKind, Held, Update};
use crate::store::Error;
use crate::sync::SyncError;
use crate::sync::places::Places;

/// What reading again came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// Levels that the system told.
    pub compared: u64,
    /// Those of them that are not as held.
    pub differences: Vec<(SourceId, Difference)>,
    /// SKUs of which it told nothing, and why.
    pub errors: Vec<SkuError>,
}

// === impl Connections ===

impl Connections {
    /// Compares what a connection's system says of these SKUs at these of its sources with what is held. Nothing is
    /// stored.
    ///
    /// # Errors
    /// What the adapter answers, `Unsupported` when it cannot look up single SKUs, and what the store answers.
    pub async fn compare(
        &self,
        connection: &Connection,
        skus: &[Sku],
        sources: Vec<InventorySource>,
    ) -> Result<Reread, SyncError> {
        let (reread, _) = self.ask_again(connection, skus, sources).await?;
        Ok(reread)
    }

    /// The same, and stores what the system says, as asked for by `actor`.
    ///
    /// # Errors
    /// As for [`compare`](Self::compare).
    pub async fn reread(
        &self,
        connection: &Connection,
        actor: &str,
        skus: &[Sku],
        sources: Vec<InventorySource>,
    ) -> Result<Reread, SyncError> {
        let (reread, updates) = self.ask_again(connection, skus, sources).await?;
        let cause = Cause {
            actor: Some(actor.to_owned()),
            ..Cause::of(CauseKind::Sync)
        };
        let book = &self.shared.surroundings.book;
        book.apply(connection.account_id, cause, updates).await?;
        Ok(reread)
    }

    async fn ask_again(
        &self,
        connection: &Connection,
        skus: &[Sku],
        sources: Vec<InventorySource>,
    ) -> Result<(Reread, Vec<Update>), SyncError> {
        let places = Places::new(sources.clone());
        if places.sources().is_empty() {
            let message = "the counts of these sources are not read; set their direction to `read` or `both` first";
            return Err(AdapterError::unsupported(message).into());
        }
        let locations = places.sources().iter();
        let locations: Vec<_> = locations.map(|source| source.location_id.clone()).collect();
        let (account, id) = (connection.account_id, connection.id);
        let told = self.ask_places(account, id, skus, &locations).await?;
        let asked: HashSet<&Sku> = skus.iter().collect();
        let was_asked = |level: &StockLevel| asked.contains(&level.sku);
        let levels = told.levels.into_iter().filter(was_asked).collect();
        let (updates, _) = places.updates(levels);
        let reread = Reread {
            compared: updates.len() as u64,
            differences: self.differences(connection, &updates, &sources).await?,
            errors: told.errors,
        };
        Ok((reread, updates))
    }

    async fn differences(
        &self,
        connection: &Connection,
        updates: &[Update],
        sources: &[InventorySource],
    ) -> Result<Vec<(SourceId, Difference)>, Error> {
        let surroundings = &self.shared.surroundings;
        let now = surroundings.clock.now();
        let mut by_source: BTreeMap<SourceId, Vec<&StockLevel>> = BTreeMap::new();
        for update in updates {
            let levels = by_source.entry(update.source_id).or_default();
            levels.push(&update.level);
        }
        let mut found = Vec::new();
        for (id, levels) in by_source {
            let skus: Vec<Sku> = levels.iter().map(|level| level.sku.clone()).collect();
            let book = &surroundings.book;
            let held = book.levels(connection.account_id, id, &skus).await?;
            let source = sources.iter().find(|source| source.id == id);
            let listed_at = source.and_then(|source| source.listed_at).unwrap_or(now);
            let differences = levels.iter().zip(held).filter_map(|(level, held)| {
                let told = Held::from_level(level, now);
                Difference::between(&level.sku, held.as_ref(), listed_at, &told)
            });
            found.extend(differences.map(|difference| (id, difference)));
        }
        Ok(found)
    }
}
