//! The other inventory sources of the account, played.

use std::collections::BTreeSet;

use super::super::FakeSource;
use crate::sources::{
    SOURCE_SKUS_MAX, SOURCES_MAX, SkuPage, SourceInfo, SourceLevels, SourceQuery,
};
use crate::{AdapterError, Result, Sku, SourceId, Timestamp};

/// The sources there are, and which of them may be read.
#[derive(Debug, Default)]
pub(super) struct Sources {
    there: Vec<FakeSource>,
    /// `None` without the right to read any.
    named: Option<Vec<SourceId>>,
}

// === impl Sources ===

impl Sources {
    /// Puts a source in place of the one with its id.
    pub(super) fn put(&mut self, source: FakeSource) {
        self.there.retain(|known| known.id() != source.id());
        self.there.push(source);
    }

    pub(super) fn remove(&mut self, id: &SourceId) {
        self.there.retain(|known| known.id() != id);
    }

    /// From now on, only these may be read; none at all without the right to it.
    pub(super) fn restrict(&mut self, named: Option<Vec<SourceId>>) {
        self.named = named;
    }

    pub(super) fn list(&self) -> Result<Vec<SourceInfo>> {
        Ok(self.named()?.iter().map(|id| self.info(id)).collect())
    }

    pub(super) fn levels(&self, query: &SourceQuery, now: Timestamp) -> Result<Vec<SourceLevels>> {
        at_most("sources", query.sources.len(), SOURCES_MAX)?;
        at_most("SKUs", query.skus.len(), SOURCE_SKUS_MAX)?;
        let named = self.named()?;
        let levels = |id: &SourceId| {
            if !named.contains(id) {
                return Err(AdapterError::bug(format!(
                    "the settings do not name the inventory source `{id}`"
                )));
            }
            let source = self.find(id);
            let levels = source
                .iter()
                .flat_map(|source| query.skus.iter().map(|sku| source.level(sku, now)));
            Ok(SourceLevels::new(self.info(id), levels.collect()))
        };
        query.sources.iter().map(levels).collect()
    }

    pub(super) fn skus(&self, page: &SkuPage) -> Result<Vec<Sku>> {
        at_most("SKUs", page.limit, SOURCE_SKUS_MAX)?;
        let sources = self.named()?.iter().filter_map(|id| self.find(id));
        let skus: BTreeSet<&Sku> = sources.flat_map(FakeSource::skus).collect();
        let after = page.after.as_ref();
        let rest = skus
            .into_iter()
            .filter(|sku| after.is_none_or(|after| *sku > after));
        Ok(rest.take(page.limit).cloned().collect())
    }

    fn named(&self) -> Result<&[SourceId]> {
        self.named.as_deref().ok_or_else(|| {
            AdapterError::unsupported(
                "the adapter may not read other sources; implement `SourceReads` and name it in `export_adapter!`",
            )
        })
    }

    fn find(&self, id: &SourceId) -> Option<&FakeSource> {
        self.there.iter().find(|source| source.id() == id)
    }

    fn info(&self, id: &SourceId) -> SourceInfo {
        let gone = || SourceInfo::gone(id.clone());
        self.find(id).map_or_else(gone, FakeSource::info)
    }
}

fn at_most(what: &str, count: usize, max: usize) -> Result<()> {
    match count > max {
        true => Err(AdapterError::bug(format!(
            "{count} {what} at once; at most {max} are allowed"
        ))),
        false => Ok(()),
    }
}
