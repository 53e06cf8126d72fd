//! All connections that run: started, looked at, stopped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, RwLock};

use bestand_plugin_api::{Account, AdapterError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::edit::FieldProblem;
use super::record::Connection;
use super::state::Status;
use super::worker::{Command, Worker};
use crate::clock::Clock;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::{Directory, Session};
use crate::secret::vault::{Place, Vault};
use crate::stock::StockBook;
use crate::store::{self, Db};
use crate::sync::plan::Rhythm;

/// Commands that may wait for one connection; more come from webhooks only, and those are gathered into a sync.
const COMMANDS_MAX: usize = 1_000;

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
    unreadable: Mutex<HashMap<ConnectionId, Vec<FieldProblem>>>,
}

/// A connection that runs. Dropping it stops its worker wherever it is.
struct Live {
    record: Connection,
    status: watch::Receiver<Status>,
    session: Arc<SessionSlot>,
    commands: mpsc::Sender<Command>,
    worker: JoinHandle<()>,
}

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
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    /// Puts other plugins in place and starts every connection anew with them.
    ///
    /// # Errors
    /// When the connections cannot be read.
    pub async fn replace_directory(&self, directory: Directory) -> Result<(), store::Error> {
        *self
            .shared
            .directory
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(directory);
        self.start_all().await
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
        let (status_sender, status) = watch::channel(Status::default());
        let (commands, inbox) = mpsc::channel(COMMANDS_MAX);
        let session = Arc::new(SessionSlot::default());
        let id = record.id;
        // The old worker goes first: two of one connection would sync at once.
        drop(self.lock().remove(&id));
        let worker = Worker::new(
            record.clone(),
            self.clone(),
            status_sender,
            Arc::clone(&session),
            inbox,
        );
        let worker = tokio::spawn(worker.run());
        self.lock().insert(
            id,
            Live {
                record,
                status,
                session,
                commands,
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
        self.lock()
            .get(&id)
            .map(|live| live.status.borrow().clone())
    }

    /// The state of a connection, watched.
    #[must_use]
    pub fn watch(&self, id: ConnectionId) -> Option<watch::Receiver<Status>> {
        self.lock().get(&id).map(|live| live.status.clone())
    }

    /// The open session of a connection, when it has one.
    #[must_use]
    pub fn session(&self, id: ConnectionId) -> Option<Arc<Session>> {
        let slot = self.lock().get(&id).map(|live| Arc::clone(&live.session));
        slot.and_then(|slot| slot.get())
    }

    /// Asks for a sync as soon as the connection may be tried: a full listing, or what is quickest. `false` when the
    /// connection does not run.
    #[must_use]
    pub fn sync_now(&self, account: AccountId, id: ConnectionId, full: bool) -> bool {
        // A full inbox holds such a command already, or hints that come to the same.
        self.commands(account, id).is_some_and(|commands| {
            let _ = commands.try_send(Command::Sync { full });
            true
        })
    }

    /// Proves that credentials and settings work, now.
    ///
    /// # Errors
    /// What the adapter answers, or why it cannot be asked.
    pub async fn check(
        &self,
        account: AccountId,
        id: ConnectionId,
    ) -> Result<Account, AdapterError> {
        let stopped = || AdapterError::transient("the connection is not running");
        let commands = self.commands(account, id).ok_or_else(stopped)?;
        let (answer, answered) = oneshot::channel();
        commands
            .send(Command::Check(answer))
            .await
            .map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    pub(super) fn hint(&self, id: ConnectionId, command: Command) {
        if let Some(live) = self.lock().get(&id) {
            let _ = live.commands.try_send(command);
        }
    }

    pub(super) fn note_unreadable(&self, id: ConnectionId, problems: Vec<FieldProblem>) {
        let mut unreadable = self
            .shared
            .unreadable
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        unreadable.insert(id, problems);
    }

    pub(super) fn unreadable(&self, id: ConnectionId) -> Vec<FieldProblem> {
        let unreadable = self
            .shared
            .unreadable
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        unreadable.get(&id).cloned().unwrap_or_default()
    }

    fn commands(&self, account: AccountId, id: ConnectionId) -> Option<mpsc::Sender<Command>> {
        self.lock()
            .get(&id)
            .filter(|live| live.record.account_id == account)
            .map(|live| live.commands.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Live>> {
        self.shared
            .live
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The connection's secrets, opened.
    pub(super) async fn secrets(
        &self,
        record: &Connection,
    ) -> Result<HashMap<String, crate::secret::SecretText>, AdapterError> {
        let Surroundings { db, vault, .. } = &self.shared.surroundings;
        let sealed = store::connection::secrets(db, record.account_id, record.id).await;
        let sealed = sealed.map_err(|error| AdapterError::transient(error.to_string()))?;
        let open = |secret: store::connection::SealedSecret| {
            let place = Place {
                account: record.account_id,
                connection: record.id,
                name: &secret.name,
            };
            let opened = vault.open(place, &secret.sealed);
            let opened = opened
                .map_err(|error| AdapterError::config(secret.name.clone(), error.to_string()))?;
            Ok((secret.name, opened))
        };
        sealed.into_iter().map(open).collect()
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
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set(&self, session: Option<Arc<Session>>) {
        *self
            .0
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = session;
    }
}
