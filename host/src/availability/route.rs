//! From a ship-from location to its one source, kept in memory for as long as nobody changes either.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::Freshen;
use crate::article::{Articles, SourceNaming};
use crate::id::{AccountId, ShipFromId};
use crate::ship_from::ShipFromLocation;
use crate::source::InventorySource;
use crate::store::{self, Db, Error};
use crate::verdict::Terms;
use crate::verdict::trouble::Trouble;

/// How long a route is believed without looking at the store again. Changes made through this process are seen at once;
/// this is how late those of other processes, and the end of a source's first listing, are seen.
const ROUTE_AGE_MAX: Duration = Duration::from_secs(1);

/// Routes kept; beyond it all are dropped and read anew.
const ROUTES_MAX: usize = 10_000;

/// A ship-from location and its source.
#[derive(Clone, Debug)]
pub struct Route {
    /// The location.
    pub ship_from: ShipFromLocation,
    /// The source it is linked to.
    pub source: Option<InventorySource>,
    max_age: Duration,
    /// What the source calls our articles; none without a source.
    naming: Option<SourceNaming>,
    /// Whether its adapter puts the source's levels together from other sources.
    is_put_together: bool,
}

/// The routes in memory.
pub(super) struct Routes {
    db: Db,
    max_age: Duration,
    adapters: Arc<dyn Freshen>,
    articles: Articles,
    /// Locked only to look up or put in a reference. No location means the account's default one.
    kept: RwLock<HashMap<(AccountId, Option<ShipFromId>), Kept>>,
}

struct Kept {
    route: Arc<Route>,
    read_at: Timestamp,
    /// The number of changes of locations and sources before it was read.
    changes: u64,
}

// === impl Route ===

impl Route {
    pub(super) fn account(&self) -> AccountId {
        self.ship_from.account_id
    }

    pub(super) fn max_age(&self) -> Duration {
        self.max_age
    }

    /// The source, when there is one that answers.
    pub(super) fn open_source(&self) -> Result<&InventorySource, Trouble> {
        match &self.source {
            Some(source) if source.active && source.reads() => Ok(source),
            Some(source) if source.active => Err(Trouble::SourceNotRead {
                source: source.name.clone(),
            }),
            Some(source) => Err(Trouble::SourceClosed {
                source: source.name.clone(),
            }),
            None => Err(Trouble::NoSource {
                ship_from: self.ship_from.name.clone(),
            }),
        }
    }

    /// What the source calls our articles, where it calls any other than we do.
    pub(super) fn naming(&self) -> Option<&SourceNaming> {
        self.naming.as_ref().filter(|naming| !naming.is_plain())
    }

    /// The source, when it answers and its levels are put together from other sources.
    pub(super) fn put_together(&self) -> Option<&InventorySource> {
        self.open_source().ok().filter(|_| self.is_put_together)
    }

    pub(super) fn terms(&self, now: Timestamp, trouble: Option<Arc<Trouble>>) -> Terms {
        Terms {
            buffer: self.ship_from.buffer,
            max_age: self.max_age,
            now,
            trouble,
        }
    }
}

// === impl Routes ===

impl Routes {
    pub(super) fn new(db: Db, max_age: Duration, adapters: Arc<dyn Freshen>) -> Self {
        Self {
            articles: Articles::new(db.clone()),
            db,
            max_age,
            adapters,
            kept: RwLock::default(),
        }
    }

    pub(super) fn articles(&self) -> &Articles {
        &self.articles
    }

    /// The route of a location, or of the account's default one; none when there is no such location.
    pub(super) async fn find(
        &self,
        account: AccountId,
        ship_from: Option<ShipFromId>,
        now: Timestamp,
    ) -> Result<Option<Arc<Route>>, Error> {
        let changes = self.db.route_changes();
        if let Some(route) = self.find_kept(account, ship_from, changes, now) {
            return Ok(Some(route));
        }
        let Some(route) = self.read(account, ship_from).await?.map(Arc::new) else {
            return Ok(None);
        };
        let kept = Kept {
            route: Arc::clone(&route),
            read_at: now,
            changes,
        };
        let mut routes = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if routes.len() >= ROUTES_MAX {
            routes.clear();
        }
        routes.insert((account, ship_from), kept);
        Ok(Some(route))
    }

    fn find_kept(
        &self,
        account: AccountId,
        ship_from: Option<ShipFromId>,
        changes: u64,
        now: Timestamp,
    ) -> Option<Arc<Route>> {
        let routes = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let kept = routes.get(&(account, ship_from))?;
        let is_young = now.since(kept.read_at) < ROUTE_AGE_MAX;
        (kept.changes == changes && is_young).then(|| Arc::clone(&kept.route))
    }

    async fn read(
        &self,
        account: AccountId,
        ship_from: Option<ShipFromId>,
    ) -> Result<Option<Route>, Error> {
        let location = match ship_from {
            Some(id) => store::ship_from::find(&self.db, account, id).await?,
            None => store::ship_from::find_default(&self.db, account).await?,
        };
        let Some(ship_from) = location else {
            return Ok(None);
        };
        let source = match ship_from.source_id {
            Some(id) => store::source::find(&self.db, account, id).await?,
            None => None,
        };
        let naming = match &source {
            Some(source) => Some(self.articles.at(account, source.id).await?),
            None => None,
        };
        let max_age = source.as_ref().map(|source| source.max_age(self.max_age));
        let puts_together =
            |source: &InventorySource| self.adapters.puts_together(source.connection_id);
        Ok(Some(Route {
            is_put_together: source.as_ref().is_some_and(puts_together),
            ship_from,
            source,
            naming,
            max_age: max_age.unwrap_or(self.max_age),
        }))
    }
}
