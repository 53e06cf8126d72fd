//! All levels of some sources: what is held is looked up in batches, or else listed.

use bestand_plugin_api::call::adapter::ListStock;
use bestand_plugin_api::{Capability, Cursor, Listing, Sku};

use super::RereadError;
use super::reading::Reading;
use crate::id::SourceId;
use crate::plugin::Priority;
use crate::store;
use crate::sync::listing::{no_step, poll_after};
use crate::sync::places::moved_on;

/// SKUs looked up one batch after the other; with more, an adapter that lists is quicker.
const LOOKED_UP_MAX: u64 = 20_000;
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
            Some(batch) if levels <= LOOKED_UP_MAX || !lists => self.held(batch.max(1)).await,
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
                self.look_up(Priority::Sync, skus).await?;
            }
            match page.into_iter().next_back() {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
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
