//! Connections whose levels are put together from other sources: which sources they name, who is made of whom, and that
//! nobody is made of itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use bestand_plugin_api::{Manifest, Sku};

use super::Connections;
use super::fault::{Fault, FieldFault};
use super::record::Connection;
use crate::id::{AccountId, ConnectionId, SourceId};
use crate::store::{self, connection as stored};

/// How many connections may be made of each other in a row: each of them is one more question within the time that an
/// order waits.
pub(super) const DEPTH_MAX: usize = 4;

/// Levels that changed, by source; no SKUs at all where it is not known which of them did.
pub type ChangedSkus = BTreeMap<SourceId, Vec<Sku>>;

/// The connections of an account, and whose each source is.
struct Neighbourhood {
    connections: HashMap<ConnectionId, Connection>,
    owners: HashMap<SourceId, ConnectionId>,
}

// === impl Connections ===

impl Connections {
    /// Whether any adapter that runs reads other sources.
    #[must_use]
    pub fn has_readers(&self) -> bool {
        let directory = self.directory();
        directory
            .adapters()
            .any(|adapter| adapter.manifest().reads_sources())
    }

    /// Tells the connections that are made of these sources what changed there.
    pub fn tell_readers(&self, account: AccountId, changed: &ChangedSkus) {
        let directory = self.directory();
        let live = self.lock();
        for reader in live
            .values()
            .filter(|live| live.record.account_id == account)
        {
            let Some(adapter) = directory.adapter(&reader.record.adapter) else {
                continue;
            };
            let named = sources_of(adapter.manifest(), &reader.record);
            let concerned = named.iter().filter_map(|id| changed.get(id));
            let mut skus = Some(Vec::new());
            let mut is_concerned = false;
            for of_source in concerned {
                is_concerned = true;
                skus = skus.filter(|_| !of_source.is_empty());
                if let Some(skus) = &mut skus {
                    skus.extend(of_source.iter().cloned());
                }
            }
            if is_concerned {
                reader
                    .lasting
                    .wanted
                    .hint(skus.unwrap_or_default(), Vec::new());
            }
        }
    }

    /// The same, of all sources of a connection. When these cannot be read, the next sync finds what changed.
    pub(super) async fn tell_readers_of(&self, account: AccountId, connection: ConnectionId) {
        if !self.has_readers() {
            return;
        }
        let db = &self.shared.surroundings.db;
        if let Ok(sources) = store::source::list_of_connection(db, account, connection).await {
            let changed = sources.into_iter().map(|source| (source.id, Vec::new()));
            self.tell_readers(account, &changed.collect());
        }
    }

    /// Tells every connection that is made of others that something changed there.
    pub fn tell_all_readers(&self) {
        let directory = self.directory();
        for reader in self.lock().values() {
            let adapter = directory.adapter(&reader.record.adapter);
            if adapter.is_some_and(|adapter| adapter.manifest().reads_sources()) {
                reader.lasting.wanted.hint(Vec::new(), Vec::new());
            }
        }
    }

    /// What is wrong with the sources that a connection's settings name: those that are not there, and those that are
    /// made of the connection in turn.
    pub(super) async fn source_faults(
        &self,
        manifest: &Manifest,
        record: &Connection,
    ) -> Result<Vec<FieldFault>, store::Error> {
        let named = manifest.named_sources(&record.settings);
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let around = self.neighbourhood(record).await?;
        let fault = |(path, id): (String, bestand_plugin_api::SourceId)| {
            let fault = match id.0.parse().ok().and_then(|id| around.owners.get(&id)) {
                None => Some(Fault::NoSuchSource),
                Some(owner) => self.circle(&around, record.id, *owner),
            };
            fault.map(|fault| FieldFault::new(format!("settings.{path}"), fault))
        };
        Ok(named.into_iter().filter_map(fault).collect())
    }

    async fn neighbourhood(&self, record: &Connection) -> Result<Neighbourhood, store::Error> {
        let (db, account) = (&self.shared.surroundings.db, record.account_id);
        let connections = stored::list(db, account).await?.into_iter();
        let mut connections: HashMap<_, _> = connections.map(|known| (known.id, known)).collect();
        connections.insert(record.id, record.clone());
        let sources = store::source::list(db, account).await?.into_iter();
        let owners = sources.map(|source| (source.id, source.connection_id));
        Ok(Neighbourhood {
            connections,
            owners: owners.collect(),
        })
    }

    /// What is wrong with `id` being made of `part`, whatever that is made of in turn.
    fn circle(
        &self,
        around: &Neighbourhood,
        id: ConnectionId,
        part: ConnectionId,
    ) -> Option<Fault> {
        let mut layer = HashSet::from([part]);
        for _ in 0..DEPTH_MAX {
            if layer.contains(&id) {
                return Some(Fault::SourceOfItself);
            }
            layer = layer
                .iter()
                .flat_map(|connection| self.parts(around, *connection))
                .collect();
            if layer.is_empty() {
                return None;
            }
        }
        match layer.contains(&id) {
            true => Some(Fault::SourceOfItself),
            false => Some(Fault::SourceTooDeep { max: DEPTH_MAX }),
        }
    }

    /// The connections that this one is made of.
    fn parts(&self, around: &Neighbourhood, id: ConnectionId) -> Vec<ConnectionId> {
        let directory = self.directory();
        let parts = around.connections.get(&id).and_then(|record| {
            let adapter = directory.adapter(&record.adapter)?;
            let sources = sources_of(adapter.manifest(), record).into_iter();
            Some(
                sources
                    .filter_map(|source| around.owners.get(&source).copied())
                    .collect(),
            )
        });
        parts.unwrap_or_default()
    }
}

/// The sources that a connection's settings name.
fn sources_of(manifest: &Manifest, record: &Connection) -> Vec<SourceId> {
    let named = manifest.named_sources(&record.settings).into_iter();
    named.filter_map(|(_, id)| id.0.parse().ok()).collect()
}
