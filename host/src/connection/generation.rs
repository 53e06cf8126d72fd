//! New generations of adapters under running connections: tried with the real settings first, then put in place.
//!
//! A connection goes over with its next call. What is under way on the old generation, a sync above all, comes to its
//! end there; the old generation ends with its last user.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bestand_plugin_api::call::adapter::Check;

use super::Connections;
use super::connections::{Live, Shared};
use super::failure::Failure;
use super::record::Connection;
use crate::id::ConnectionId;
use crate::plugin::{Adapter, Directory, Priority, Session};
use crate::secret::SecretText;
use crate::store::{self, connection as stored};

/// How long an old generation may work on: longer than the page of a listing may take, so that a sync which has to go
/// over in the middle does so between two pages, from its cursor.
const DRAIN_MAX: Duration = Duration::from_secs(15 * 60);

/// Sessions on a new generation that have proved to work, by connection.
#[derive(Debug, Default)]
pub struct Tried(HashMap<ConnectionId, Arc<Session>>);

/// What becomes of a connection.
enum Change {
    /// Nothing is new for it.
    None,
    /// It goes over to this session with its next call.
    Over(Arc<Session>),
    /// It starts anew.
    Start,
}

// === impl Tried ===

impl Tried {
    /// Adds those of another adapter.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl Connections {
    /// Opens every connection that works now on `adapter`, a new generation of theirs, with its real settings and
    /// secrets, and checks it. The connections themselves notice nothing of it.
    ///
    /// # Errors
    /// Which connection does not work with it, and why: it must not be put in place.
    pub async fn try_out(&self, adapter: &Arc<Adapter>) -> Result<Tried, String> {
        let mut tried = Tried::default();
        for record in self.working(&adapter.manifest().id) {
            let opened = self.proven(&record, adapter).await;
            let why = |failure: Failure| {
                let reason = failure.of(adapter.manifest().name.clone());
                format!("connection `{}`: {reason}", record.name)
            };
            let session = opened.map_err(why)?;
            tried.0.insert(record.id, Arc::new(session));
        }
        Ok(tried)
    }

    /// Puts other plugins in place. Connections that were tried out go over to their sessions, those for which nothing
    /// is new go on as they are, and the others start anew.
    ///
    /// # Errors
    /// When the connections cannot be read.
    pub async fn replace_directory(
        &self,
        directory: Directory,
        mut tried: Tried,
    ) -> Result<(), store::Error> {
        let directory = Arc::new(directory);
        let before = self.swap_directory(Arc::clone(&directory));
        for record in stored::list_of_all_accounts(&self.shared.surroundings.db).await? {
            let tried = tried.0.remove(&record.id);
            match self.what_is_new(&record, &directory, tried).await {
                Change::None => {}
                Change::Over(session) => self.go_over(record.id, session),
                Change::Start => self.start(record),
            }
        }
        self.drain(&before, &directory);
        Ok(())
    }

    /// The connections of an adapter that have an open session and no trouble.
    fn working(&self, adapter: &str) -> Vec<Connection> {
        let live = self.lock();
        let works = |live: &&Live| live.record.adapter == adapter && live.working().is_some();
        live.values()
            .filter(works)
            .map(|live| live.record.clone())
            .collect()
    }

    async fn proven(
        &self,
        record: &Connection,
        adapter: &Arc<Adapter>,
    ) -> Result<Session, Failure> {
        let buckets = self.lock().get(&record.id).map(Live::buckets);
        let session = self
            .open_session(record, adapter, &buckets.unwrap_or_default())
            .await?;
        session.call::<Check>(Priority::Sync, &()).await?;
        Ok(session)
    }

    async fn what_is_new(
        &self,
        record: &Connection,
        directory: &Directory,
        tried: Option<Arc<Session>>,
    ) -> Change {
        let secrets = self.secrets(record).await.unwrap_or_default();
        let is_readable = self.unreadable(record.id).is_empty();
        let live = self.lock();
        let session = live
            .get(&record.id)
            .filter(|live| is_readable && live.record == *record)
            .and_then(Live::working)
            .filter(|session| has(session, &secrets));
        let (Some(session), Some(adapter)) = (session, directory.adapter(&record.adapter)) else {
            return Change::Start;
        };
        match tried {
            _ if session.is_on(adapter) => Change::None,
            Some(tried) if tried.is_on(adapter) && has(&tried, &secrets) => Change::Over(tried),
            _ => Change::Start,
        }
    }

    fn go_over(&self, id: ConnectionId, session: Arc<Session>) {
        if let Some(live) = self.lock().get(&id) {
            live.go_over(session);
        }
    }

    /// Ends what still works on an old generation when its time is up: its connections start anew.
    fn drain(&self, before: &Directory, now: &Directory) {
        let is_replaced = |adapter: &&Arc<Adapter>| {
            let new = now.adapter(&adapter.manifest().id);
            new.is_none_or(|new| !Arc::ptr_eq(new, adapter))
        };
        for adapter in before.adapters().filter(is_replaced) {
            let (id, old) = (adapter.manifest().id.clone(), Arc::downgrade(adapter));
            let shared = Arc::downgrade(&self.shared);
            tokio::spawn(end_in_time(shared, id, old));
        }
    }
}

/// Keeps neither the connections nor the adapter alive while it waits: a daemon that ends meanwhile is not kept from it.
async fn end_in_time(shared: Weak<Shared>, id: String, old: Weak<Adapter>) {
    tokio::time::sleep(DRAIN_MAX).await;
    let Some(shared) = shared.upgrade().filter(|_| old.strong_count() > 0) else {
        return;
    };
    tracing::warn!(
        adapter = id,
        "an old generation still has work; its connections start anew"
    );
    let connections = Connections { shared };
    for record in connections.working(&id) {
        connections.start(record);
    }
}

fn has(session: &Session, secrets: &HashMap<String, SecretText>) -> bool {
    session.context().secrets == *secrets
}
