//! One reading: what a page brings is compared with what is held, and stored unless it is a trial.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bestand_plugin_api::call::adapter::StockBySku;
use bestand_plugin_api::{LocationId, Sku, SkuAnswers, SkuError, SkuQuery, StockLevel};

use super::{Reread, RereadError};
use crate::connection::Surroundings;
use crate::id::{AccountId, SourceId};
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::stock::drift::Difference;
use crate::stock::{Cause, CauseKind, Held, Update};
use crate::store::Error;
use crate::sync::places::Places;

/// One reading of a connection.
pub(super) struct Reading<'a> {
    pub(super) surroundings: &'a Surroundings,
    pub(super) session: Arc<Session>,
    pub(super) places: Places,
    /// Who asked for it to be stored; nothing for a trial.
    actor: Option<&'a str>,
    /// What it came to so far.
    pub(super) reread: Reread,
}

// === impl Reading ===

impl<'a> Reading<'a> {
    pub(super) fn new(
        surroundings: &'a Surroundings,
        session: Arc<Session>,
        actor: Option<&'a str>,
        sources: Vec<InventorySource>,
    ) -> Result<Self, RereadError> {
        let places = Places::new(sources);
        match places.sources().is_empty() {
            true => Err(RereadError::NotRead),
            false => Ok(Self {
                surroundings,
                session,
                places,
                actor,
                reread: Reread::default(),
            }),
        }
    }

    pub(super) fn account(&self) -> AccountId {
        self.session.context().account
    }

    /// These articles, for somebody who waits.
    pub(super) async fn skus(&mut self, skus: &[Sku]) -> Result<(), RereadError> {
        let manifest = self.session.adapter().manifest();
        let batch = manifest.by_sku_batch().ok_or(RereadError::NoSkus)?;
        for skus in skus.chunks(batch.max(1)) {
            let errors = self.look_up(Priority::Order, skus).await?;
            self.reread.miss(errors);
        }
        Ok(())
    }

    /// As many articles as one call takes; answers of which nothing was told.
    pub(super) async fn look_up(
        &mut self,
        priority: Priority,
        skus: &[Sku],
    ) -> Result<Vec<SkuError>, RereadError> {
        let sources = self.places.sources().iter();
        let locations: Vec<LocationId> = sources.map(|source| source.location_id.clone()).collect();
        let query = SkuQuery::of(skus.to_vec()).at(locations);
        let answers = self.session.call::<StockBySku>(priority, &query);
        let SkuAnswers { levels, errors, .. } = answers.await?;
        let asked: HashSet<&Sku> = skus.iter().collect();
        let was_asked = |level: &StockLevel| asked.contains(&level.sku);
        self.take(levels.into_iter().filter(was_asked).collect())
            .await?;
        Ok(errors)
    }

    /// What a page brought; what lies elsewhere is left alone.
    pub(super) async fn take(&mut self, levels: Vec<StockLevel>) -> Result<(), RereadError> {
        let (updates, _) = self.places.updates(levels);
        self.reread.compared += updates.len() as u64;
        let found = self.differences(&updates).await?;
        self.reread.differ(found);
        let Some(actor) = self.actor else {
            return Ok(());
        };
        let cause = Cause {
            actor: Some(actor.to_owned()),
            ..Cause::of(CauseKind::Sync)
        };
        let book = &self.surroundings.book;
        book.apply(self.account(), cause, updates).await?;
        Ok(())
    }

    async fn differences(&self, updates: &[Update]) -> Result<Vec<(SourceId, Difference)>, Error> {
        let now = self.surroundings.clock.now();
        let mut by_source: BTreeMap<SourceId, Vec<&StockLevel>> = BTreeMap::new();
        for update in updates {
            let levels = by_source.entry(update.source_id).or_default();
            levels.push(&update.level);
        }
        let mut found = Vec::new();
        for (id, levels) in by_source {
            let skus: Vec<Sku> = levels.iter().map(|level| level.sku.clone()).collect();
            let book = &self.surroundings.book;
            let held = book.levels(self.account(), id, &skus).await?;
            let mut sources = self.places.sources().iter();
            let source = sources.find(|source| source.id == id);
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
