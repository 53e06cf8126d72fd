//! All connections that run: started, looked at, stopped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use bestand_plugin_api::Account;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::advice::Advice;
use super::failure::Failure;
use super::fault::{Fault, FieldFault};
use super::heard::Heard;
use super::inbound::Inbox;
use super::reason::Reason;
use super::record::Connection;
use super::state::{ConnectionState, Moment, Status};
use super::wanted::Wanted;
use super::worker::{CheckAnswer, Worker, check};
use crate::activity::Activity;
use crate::clock::Clock;
use crate::event_log::EventLog;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::sandbox::health::Phase;
use crate::plugin::services::bucket::{Bucket, Buckets};
use crate::plugin::{Adapter, Directory, Session};
use crate::secret::vault::{Place, Vault, VaultError};
use crate::stock::StockBook;
use crate::store::inbound::owed::{Extent, Owed};
use crate::store::{self, Db};
use crate::sync::plan::Rhythm;

/// Checks that may wait for one connection; whoever comes later waits at the door.
const CHECKS_MAX: usize = 16;

/// The connections that run. Cheap to clone; clones are the same connections.
#[derive(Clone)]
pub struct Connections {
    pub(super) shared: Arc<Shared>,
}

/// What connections work with.
#[derive(Clone)]
pub struct Surroundings {
    /// The database.
    pub db: Db,
    /// Where levels go.
    pub book: StockBook,
    /// Where it is noted how they fare.
    pub activity: Activity,
    /// Where programs are told whether sources are available; nothing for a command beside the daemon.
    pub event_log: Option<EventLog>,
    /// The time.
    pub clock: Clock,
    /// Opens the connections' secrets.
    pub vault: Vault,
    /// How often they work, unless they say otherwise.
    pub rhythm: Rhythm,
    /// Where systems reach this daemon, when they can.
    pub public_url: Option<String>,
}

pub(super) struct Shared {
    pub(super) surroundings: Surroundings,
    /// Replaced whole on a reload.
    directory: RwLock<Arc<Directory>>,
    /// Locked only to look up, add or remove.
    live: Mutex<HashMap<ConnectionId, Live>>,
    /// Secrets of the config file that could not be read, by connection.
    unreadable: Mutex<HashMap<ConnectionId, Vec<FieldFault>>>,
}

/// A connection that runs. Dropping it stops its worker wherever it is.
pub(super) struct Live {
    pub(super) record: Connection,
    pub(super) status: watch::Sender<Status>,
    session: Arc<SessionSlot>,
    checks: mpsc::Sender<CheckAnswer>,
    pub(super) lasting: Lasting,
    worker: JoinHandle<()>,
}

/// What goes on from one worker of a connection to the next.
#[derive(Clone, Default)]
pub(super) struct Lasting {
    /// What was asked of it.
    pub(super) wanted: Arc<Wanted>,
    /// When it was pushed to.
    pub(super) heard: Arc<Heard>,
    /// What it has sent, against the limits.
    pub(super) buckets: Arc<Buckets>,
    /// What its system sends by itself.
    pub(super) inbox: Arc<Inbox>,
    /// Held by whoever lists or asks for changes, across all of its calls: some systems make one report at a time.
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

/// What a check of a connection needs.
type Inside = (
    Option<Arc<Session>>,
    watch::Sender<Status>,
    mpsc::Sender<CheckAnswer>,
);

/// The open session of a connection, once there is one.
#[derive(Default)]
pub(super) struct SessionSlot(RwLock<Option<Arc<Session>>>);

// === impl Connections ===

impl Connections {
    /// None running yet.
    #[must_use]
    pub fn new(surroundings: Surroundings, directory: Directory) -> Self {
        let directory = RwLock::new(Arc::new(directory));
        Self {
            shared: Arc::new(Shared {
                surroundings,
                directory,
                live: Mutex::default(),
                unreadable: Mutex::default(),
            }),
        }
    }

    /// The plugins.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(
            &self
                .shared
                .directory
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Puts other plugins in place; the answer is those before.
    pub(super) fn swap_directory(&self, directory: Arc<Directory>) -> Arc<Directory> {
        let mut now = self
            .shared
            .directory
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *now, directory)
    }

    /// Starts every stored connection, of every account; those that run already are started anew.
    ///
    /// # Errors
    /// When the connections cannot be read.
    pub async fn start_all(&self) -> Result<(), store::Error> {
        for record in store::connection::list_of_all_accounts(&self.shared.surroundings.db).await? {
            self.start(record);
        }
        Ok(())
    }

    /// Starts a connection, in place of what ran under its id.
    pub fn start(&self, record: Connection) {
        self.launch(record, Worker::run);
    }

    /// Opens a connection and does nothing else with it: for a command beside the daemon, which does the syncs.
    pub fn open(&self, record: Connection) {
        self.launch(record, Worker::open_only);
    }

    fn launch<Life>(&self, record: Connection, live: impl FnOnce(Worker) -> Life)
    where
        Life: Future<Output = ()> + Send + 'static,
    {
        let status = watch::Sender::new(Status::default());
        let (checks, inbox) = mpsc::channel(CHECKS_MAX);
        let session = Arc::new(SessionSlot::default());
        let id = record.id;
        // The old worker goes first: two of one connection would sync at once. What was asked of it stays asked,
        // what it has sent counts on, and what was pushed was heard.
        let before = self.lock().remove(&id);
        let lasting = before
            .map(|before| before.lasting.clone())
            .unwrap_or_default();
        let worker = Worker::new(
            record.clone(),
            self.clone(),
            status.clone(),
            Arc::clone(&session),
            inbox,
            lasting.clone(),
        );
        let worker = tokio::spawn(live(worker));
        self.lock().insert(
            id,
            Live {
                record,
                status,
                session,
                checks,
                lasting,
                worker,
            },
        );
    }

    /// Stops a connection; what is stored of it stays.
    pub fn stop(&self, id: ConnectionId) {
        let stopped = self.lock().remove(&id);
        drop(stopped); // Outside the lock.
    }

    /// The same, waiting until it has ended: it hands nothing in any more. Answers whether it ran.
    pub(super) async fn end(&self, id: ConnectionId) -> bool {
        let ended = self.lock().remove(&id);
        let Some(mut live) = ended else {
            return false;
        };
        live.worker.abort();
        // It was aborted, which is no news.
        let _ = (&mut live.worker).await;
        true
    }

    /// Stops all connections.
    pub fn stop_all(&self) {
        let stopped = std::mem::take(&mut *self.lock());
        drop(stopped);
    }

    /// The state of a connection; `None` when it does not run.
    #[must_use]
    pub fn status(&self, id: ConnectionId) -> Option<Status> {
        let (adapter, status) = {
            let live = self.lock();
            let live = live.get(&id)?;
            let mut status = live.status.borrow().clone();
            status.hooks_waiting = live.lasting.inbox.waiting();
            status.last_sync_at = live.lasting.heard.at().map(Moment).or(status.last_sync_at);
            (live.record.adapter.clone(), status)
        };
        // Told at once, and not only when the next sync fails of it.
        let adapter = self.directory().adapter(&adapter).cloned();
        Some(match adapter.as_deref().and_then(quarantine) {
            Some(state) if status.state != ConnectionState::Paused => Status { state, ..status },
            _ => status,
        })
    }

    /// The state of a connection, watched.
    #[must_use]
    pub fn watch(&self, id: ConnectionId) -> Option<watch::Receiver<Status>> {
        self.lock().get(&id).map(|live| live.status.subscribe())
    }

    /// The open session of a connection, when it has one.
    #[must_use]
    pub fn session(&self, id: ConnectionId) -> Option<Arc<Session>> {
        let slot = self.lock().get(&id).map(|live| Arc::clone(&live.session));
        slot.and_then(|slot| slot.get())
    }

    /// Whose turn it is to bring in more than single articles; one of its own for what does not run.
    pub(super) fn turn(&self, id: ConnectionId) -> Arc<tokio::sync::Mutex<()>> {
        let turn = self
            .lock()
            .get(&id)
            .map(|live| Arc::clone(&live.lasting.turn));
        turn.unwrap_or_default()
    }

    /// Asks for a sync as soon as the connection may be tried: a full listing, or what is quickest. `false` when the
    /// connection does not run.
    #[must_use]
    pub fn sync_now(&self, account: AccountId, id: ConnectionId, full: bool) -> bool {
        let extent = if full { Extent::Full } else { Extent::Quickest };
        let live = self.lock();
        let live = live.get(&id).filter(|live| live.is_of(account));
        live.map(|live| live.lasting.wanted.sync(extent)).is_some()
    }

    /// Proves that credentials and settings work, now: also while a sync is under way.
    ///
    /// # Errors
    /// What the adapter answers, or why it cannot be asked.
    pub async fn check(&self, account: AccountId, id: ConnectionId) -> Result<Account, Reason> {
        let stopped = || Reason::Stopped;
        let (session, status, checks) = self.inside(account, id).ok_or_else(stopped)?;
        if let Some(session) = session {
            let system = session.adapter().manifest().name.clone();
            let checked = check(&session, &status).await;
            return checked.map_err(|error| Reason::Failed { system, error });
        }
        // Without a session that works, the worker makes one.
        let (answer, answered) = oneshot::channel();
        checks.send(answer).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// What a check needs: the session, when it is open and works.
    fn inside(&self, account: AccountId, id: ConnectionId) -> Option<Inside> {
        let live = self.lock();
        let live = live.get(&id).filter(|live| live.is_of(account))?;
        Some((live.working(), live.status.clone(), live.checks.clone()))
    }

    /// The adapter of a connection that runs, be its session open or not.
    pub(super) fn adapter(&self, id: ConnectionId) -> Option<Arc<Adapter>> {
        let adapter = {
            let live = self.lock();
            let runs = |live: &&Live| live.status.borrow().state != ConnectionState::Paused;
            live.get(&id).filter(runs)?.record.adapter.clone()
        };
        self.directory().adapter(&adapter).map(Arc::clone)
    }

    /// Puts something into what is wanted of a connection, and answers what is owed for it; nothing when it does not run.
    pub(super) fn want(&self, id: ConnectionId, put: impl FnOnce(&Wanted) -> Owed) -> Option<Owed> {
        let live = self.lock();
        live.get(&id).map(|live| put(&live.lasting.wanted))
    }

    pub(super) fn note_unreadable(&self, id: ConnectionId, faults: Vec<FieldFault>) {
        let mut unreadable = self
            .shared
            .unreadable
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        unreadable.insert(id, faults);
    }

    pub(super) fn unreadable(&self, id: ConnectionId) -> Vec<FieldFault> {
        let unreadable = self
            .shared
            .unreadable
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        unreadable.get(&id).cloned().unwrap_or_default()
    }

    /// The rate buckets of a connection; none when it does not run.
    #[must_use]
    pub fn rate_buckets(&self, id: ConnectionId) -> Vec<Arc<Bucket>> {
        let buckets = self.lock().get(&id).map(Live::buckets);
        buckets.map(|buckets| buckets.all()).unwrap_or_default()
    }

    /// The rate buckets of each connection, by the connection's id.
    pub(super) fn buckets(&self) -> Vec<(String, Arc<Buckets>)> {
        let live = self.lock();
        let of = |(id, live): (&ConnectionId, &Live)| {
            (id.to_string(), Arc::clone(&live.lasting.buckets))
        };
        live.iter().map(of).collect()
    }

    /// What each connection knows of the requests to its address, by the connection's id.
    pub(super) fn inboxes(&self) -> Vec<(String, Arc<Inbox>)> {
        let live = self.lock();
        let of =
            |(id, live): (&ConnectionId, &Live)| (id.to_string(), Arc::clone(&live.lasting.inbox));
        live.iter().map(of).collect()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Live>> {
        self.shared
            .live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection's secrets, opened.
    pub(super) async fn secrets(
        &self,
        record: &Connection,
    ) -> Result<HashMap<String, crate::secret::SecretText>, Failure> {
        let Surroundings { db, vault, .. } = &self.shared.surroundings;
        let sealed = store::connection::secrets(db, record.account_id, record.id).await?;
        let open = |secret: store::connection::SealedSecret| {
            let place = Place {
                account: record.account_id,
                holder: record.id.0,
                name: &secret.name,
            };
            let opened = vault.open(place, &secret.sealed);
            let unreadable = |error: VaultError| {
                let said = error.to_string();
                let field = format!("secrets.{}", secret.name);
                let fault = FieldFault::new(field, Fault::SecretUnreadable { said });
                Failure::Misfit(vec![fault])
            };
            let opened = opened.map_err(unreadable)?;
            Ok((secret.name, opened))
        };
        sealed.into_iter().map(open).collect()
    }
}

/// The state of every connection of an adapter that is quarantined.
fn quarantine(adapter: &Adapter) -> Option<ConnectionState> {
    let health = adapter.health()?;
    let end = health
        .last_end
        .filter(|_| health.phase == Phase::Quarantined)?;
    Some(ConnectionState::NeedsAttention {
        since: Moment(end.at),
        reason: Reason::Quarantined {
            system: adapter.manifest().name.clone(),
            last: end.why,
            said: health.trouble?,
        },
        advice: Advice::Release,
    })
}

// === impl Live ===

impl Live {
    fn is_of(&self, account: AccountId) -> bool {
        self.record.account_id == account
    }

    /// Its session, when it is open and there is no trouble with it.
    pub(super) fn working(&self) -> Option<Arc<Session>> {
        let works = self.status.borrow().state.trouble().is_none();
        self.session.get().filter(|_| works)
    }

    pub(super) fn buckets(&self) -> Arc<Buckets> {
        Arc::clone(&self.lasting.buckets)
    }

    /// From the next call on, with this session.
    pub(super) fn go_over(&self, session: Arc<Session>) {
        self.session.set(Some(session));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

// === impl SessionSlot ===

impl SessionSlot {
    pub(super) fn get(&self) -> Option<Arc<Session>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set(&self, session: Option<Arc<Session>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = session;
    }
}
