//! What an account's sources know, for adapters that put levels together from them.
//!
//! From the stock book, which is memory; a source's system is asked only for what is stale, and only while an order
//! waits.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bestand_plugin_api as api;
use bestand_plugin_api::sources::{
    SkuPage, SourceInfo, SourceKnowledge, SourceLevel, SourceLevels, SourceQuery, SourceState,
};
use bestand_plugin_api::{Quantities, Sku, Timestamp};
use futures::future::{BoxFuture, join_all};

use super::trouble::Trouble;
use super::{InventorySource, Owner};
use crate::availability::Availability;
use crate::clock::Clock;
use crate::connection::Connections;
use crate::id::{AccountId, SourceId};
use crate::plugin::services::ReadSources;
use crate::stock::StockBook;
use crate::store::{self, Db, Error};
use crate::verdict::knowledge::Knowledge;

/// How long a source's system is waited for: half of what an order waits at most by default, so that there is time left
/// for the next source.
const REFRESH_MAX: Duration = Duration::from_secs(1);
/// How long the list of sources is believed without looking at the store again, where another process changes it.
const SOURCES_AGE_MAX: Duration = Duration::from_secs(1);
/// Accounts whose sources are kept; beyond it all are dropped and read anew.
const ACCOUNTS_MAX: usize = 1_000;

/// Reads the sources of an account.
pub struct SourceReading {
    parts: ReadingParts,
    /// Locked only to look up or put in a reference.
    kept: RwLock<HashMap<AccountId, Kept>>,
}

/// What the sources are read through.
pub struct ReadingParts {
    /// The database.
    pub db: Db,
    /// Where levels are.
    pub book: StockBook,
    /// The time.
    pub clock: Clock,
    /// How connections fare.
    pub connections: Connections,
    /// What is known beside levels, and the way to the sources' systems.
    pub availability: Availability,
    /// How old a level may be, of sources that do not say otherwise.
    pub max_age: Duration,
}

type SourcesById = HashMap<SourceId, (Owner, InventorySource)>;

struct Kept {
    sources: Arc<SourcesById>,
    read_at: Timestamp,
    /// The number of changes of locations and sources before they were read.
    changes: u64,
}

// === impl SourceReading ===

impl ReadSources for SourceReading {
    fn list(
        &self,
        account: AccountId,
        ids: Vec<api::SourceId>,
    ) -> BoxFuture<'_, Result<Vec<SourceInfo>, Error>> {
        Box::pin(async move {
            let sources = self.sources(account).await?;
            Ok(ids.iter().map(|id| self.info(&sources, id)).collect())
        })
    }

    fn levels(
        &self,
        account: AccountId,
        query: SourceQuery,
    ) -> BoxFuture<'_, Result<Vec<SourceLevels>, Error>> {
        Box::pin(async move {
            let sources = self.sources(account).await?;
            let told = query
                .sources
                .iter()
                .map(|id| self.of_source(&sources, id, &query));
            join_all(told).await.into_iter().collect()
        })
    }

    fn skus(
        &self,
        account: AccountId,
        ids: Vec<api::SourceId>,
        page: SkuPage,
    ) -> BoxFuture<'_, Result<Vec<Sku>, Error>> {
        Box::pin(async move {
            let sources = self.sources(account).await?;
            let ids = ids.iter().filter_map(|id| find(&sources, id));
            let ids: Vec<SourceId> = ids.map(|(_, source)| source.id).collect();
            let limit = u32::try_from(page.limit).unwrap_or(u32::MAX);
            let all = [String::new()];
            store::level::skus(
                &self.parts.db,
                account,
                &ids,
                &all,
                page.after.as_ref(),
                limit,
            )
            .await
        })
    }
}

impl SourceReading {
    /// Reads through these parts.
    #[must_use]
    pub fn new(parts: ReadingParts) -> Self {
        Self {
            parts,
            kept: RwLock::default(),
        }
    }

    async fn of_source(
        &self,
        sources: &SourcesById,
        id: &api::SourceId,
        query: &SourceQuery,
    ) -> Result<SourceLevels, Error> {
        let info = self.info(sources, id);
        let Some((_, source)) = find(sources, id) else {
            return Ok(SourceLevels::new(info, Vec::new()));
        };
        let mut levels = self.read(source, &query.skus).await?;
        if query.refresh && info.state == SourceState::Ready {
            let old: Vec<Sku> = query
                .skus
                .iter()
                .zip(&levels)
                .filter(|(_, level)| is_old(level))
                .map(|(sku, _)| sku.clone())
                .collect();
            if !old.is_empty() {
                self.parts
                    .availability
                    .refresh(source, &old, REFRESH_MAX)
                    .await;
                levels = self.read(source, &query.skus).await?;
            }
        }
        Ok(SourceLevels::new(info, levels))
    }

    async fn read(
        &self,
        source: &InventorySource,
        skus: &[Sku],
    ) -> Result<Vec<SourceLevel>, Error> {
        let ReadingParts {
            book,
            availability,
            clock,
            max_age,
            ..
        } = &self.parts;
        let held = book.levels(source.account_id, source.id, skus).await?;
        let (now, max_age) = (clock.now(), source.max_age(*max_age));
        let level = |(sku, held): (&Sku, Option<crate::stock::Held>)| {
            let known = availability.known(source, sku, held.as_ref());
            let stale = known
                .as_of()
                .is_some_and(|as_of| now.since(as_of) > max_age);
            match stale {
                true => level_of(&known).stale(),
                false => level_of(&known),
            }
        };
        Ok(skus.iter().zip(held).map(level).collect())
    }

    fn info(&self, sources: &SourcesById, id: &api::SourceId) -> SourceInfo {
        let Some((owner, source)) = find(sources, id) else {
            let mut gone = SourceInfo::gone(id.clone());
            gone.reason = "there is no such inventory source".into();
            return gone;
        };
        let mut info = SourceInfo::ready(id.clone(), source.name.as_str());
        info.heading = self.heading(owner);
        info.as_of = source.as_of;
        let status = self.parts.connections.status(source.connection_id);
        if let Some(trouble) = Trouble::of(source, status.as_ref()) {
            info.state = SourceState::Down;
            info.reason = trouble.reason();
        }
        info
    }

    fn heading(&self, owner: &Owner) -> String {
        let directory = self.parts.connections.directory();
        let adapter = directory.adapter(&owner.adapter);
        let name = adapter.map_or(&owner.adapter, |adapter| &adapter.manifest().name);
        owner.partner.as_ref().unwrap_or(name).clone()
    }

    async fn sources(&self, account: AccountId) -> Result<Arc<SourcesById>, Error> {
        let (changes, now) = (self.parts.db.route_changes(), self.parts.clock.now());
        if let Some(sources) = self.find_kept(account, changes, now) {
            return Ok(sources);
        }
        let sources = store::source::list_with_owner(&self.parts.db, account).await?;
        let sources = sources
            .into_iter()
            .map(|(owner, source)| (source.id, (owner, source)));
        let sources: Arc<SourcesById> = Arc::new(sources.collect());
        let kept = Kept {
            sources: Arc::clone(&sources),
            read_at: now,
            changes,
        };
        let mut all = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= ACCOUNTS_MAX {
            all.clear();
        }
        all.insert(account, kept);
        Ok(sources)
    }

    fn find_kept(
        &self,
        account: AccountId,
        changes: u64,
        now: Timestamp,
    ) -> Option<Arc<SourcesById>> {
        let all = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(&account)?;
        let is_young = now.since(kept.read_at) < SOURCES_AGE_MAX;
        (kept.changes == changes && is_young).then(|| Arc::clone(&kept.sources))
    }
}

fn find<'a>(sources: &'a SourcesById, id: &api::SourceId) -> Option<&'a (Owner, InventorySource)> {
    sources.get(&id.0.parse().ok()?)
}

fn is_old(level: &SourceLevel) -> bool {
    level.stale || level.knowledge == SourceKnowledge::NotRetrieved
}

/// The same knowledge, as the contract has it.
fn level_of(known: &Knowledge) -> SourceLevel {
    let knowledge = match known {
        Knowledge::Counted(count) => {
            let mut quantities = Quantities::default();
            quantities.available = count.available;
            quantities.on_hand = count.on_hand;
            quantities.allocated = count.allocated;
            quantities.incoming = count.incoming;
            return SourceLevel::counted(quantities, count.as_of);
        }
        Knowledge::NotTracked { .. } => SourceKnowledge::NotTracked,
        Knowledge::NotStocked { .. } => SourceKnowledge::NotStocked,
        Knowledge::Ambiguous { .. } => SourceKnowledge::Ambiguous,
        Knowledge::UnknownSku { .. } => SourceKnowledge::UnknownSku,
        Knowledge::Incomplete { .. } | Knowledge::NotRetrieved(_) => SourceKnowledge::NotRetrieved,
    };
    let mut level = SourceLevel::default();
    level.knowledge = knowledge;
    level.as_of = known.as_of();
    level
}
