//! All levels of some sources: what is held is looked up in batches, or else listed.

use bestand_plugin_api::call::adapter::ListStock;
use bestand_plugin_api::{Capability, Cursor, Listing, Sku, SkuError, SkuErrorKind};

use super::RereadError;
use super::reading::Reading;
use crate::id::SourceId;
use crate::plugin::Priority;
use crate::store;
use crate::sync::listing::{no_step, poll_after};
use crate::sync::places::moved_on;

/// Batches looked up one after the other; with more, an adapter that lists is quicker.
const BATCHES_MAX: u64 = 400;
/// SKUs read from the store at once.
const PAGE_SKUS: u32 = 1_000;

// === impl Reading ===

impl Reading<'_> {
    /// All that is held at its sources.
    pub(super) async fn everything(&mut self) -> Result<(), RereadError> {
        let manifest = self.session.adapter().manifest();
        let lists = manifest.capabilities.contains(&Capability::StockListing);
        let levels: u64 = self
            .places
            .sources()
            .iter()
            .map(|source| source.levels)
            .sum();
        match manifest.by_sku_batch() {
            Some(batch) if !lists || levels.div_ceil(batch.max(1) as u64) <= BATCHES_MAX => {
                self.held(batch.max(1)).await
            }
            _ if lists => self.listed().await,
            _ => Err(RereadError::NothingToAsk),
        }
    }

    async fn held(&mut self, batch: usize) -> Result<(), RereadError> {
        let sources = self.places.sources().iter();
        let sources: Vec<SourceId> = sources.map(|source| source.id).collect();
        let (db, account, all) = (&self.surroundings.db, self.account(), [String::new()]);
        let mut after: Option<Sku> = None;
        loop {
            let page = store::level::skus(db, account, &sources, &all, after.as_ref(), PAGE_SKUS);
            let page = page.await?;
            for skus in page.chunks(batch) {
                let errors = self.look_up(Priority::Sync, skus).await?;
                let errors = self.without_absent(errors).await?;
                self.reread.miss(errors);
            }
            match page.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
    }

    /// That a system does not know what is held as absent is no news.
    async fn without_absent(&self, errors: Vec<SkuError>) -> Result<Vec<SkuError>, RereadError> {
        let skus: Vec<Sku> = errors.iter().map(|error| error.sku.clone()).collect();
        let mut is_there = vec![false; skus.len()];
        for source in self.places.sources() {
            let book = &self.surroundings.book;
            let held = book.levels(self.account(), source.id, &skus).await?;
            for (is_there, held) in is_there.iter_mut().zip(held) {
                *is_there |= held.is_some_and(|held| !held.absent);
            }
        }
        let is_news = |(error, is_there): &(SkuError, bool)| {
            *is_there || error.kind != SkuErrorKind::NotFound
        };
        let told = errors.into_iter().zip(is_there).filter(is_news);
        Ok(told.map(|(error, _)| error).collect())
    }

    async fn listed(&mut self) -> Result<(), RereadError> {
        let mut cursor: Option<Cursor> = None;
        loop {
            let step = self.session.call::<ListStock>(Priority::Sync, &cursor);
            match step.await? {
                Listing::Done { items, .. } => return self.take(items).await,
                Listing::Page { items, next, .. } => {
                    self.take(items).await?;
                    cursor = Some(moved_on(cursor.as_ref(), next)?);
                }
                Listing::Pending {
                    poll_after_ms,
                    cursor: next,
                    ..
                } => {
                    tokio::time::sleep(poll_after(poll_after_ms)).await;
                    cursor = Some(next);
                }
                _ => return Err(no_step().into()),
            }
        }
    }
}
