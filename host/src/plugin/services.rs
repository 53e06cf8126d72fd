//! Host services: what an adapter may ask of us, always on behalf of one call.
//!
//! A request from an adapter carries the number of the call it serves; the call's [`CallContext`] says which
//! connection that is, what it may reach, and how urgent it is. A number that is not being served gets nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use bestand_plugin_api::call::host::{
    HmacVerify, HttpRead, HttpSend, Log, Now, Sleep, SourcesLevels, SourcesList, SourcesSkus,
    StateCommit, StateGet, StateList,
};
use bestand_plugin_api::call::{self, Method, Port, PortFuture};
use bestand_plugin_api::{AdapterError, Manifest, Result};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};

use crate::clock::Clock;
use crate::store::Db;

mod body;
pub mod bucket;
mod hmac;
mod http;
mod live;
mod log;
pub mod oauth;
pub mod outbound;
mod sleep;
mod sources;
mod state;
mod traffic;

pub use http::Clients;
pub use live::Live;
pub use sources::{ReadSources, SourceReader};
pub use traffic::Requests;

use super::recent::Record;
use super::session::{Priority, SessionContext};

/// What every adapter's services share.
#[derive(Clone)]
pub struct Common {
    /// The time.
    pub clock: Clock,
    /// Where adapters' entries are kept.
    pub db: Db,
    /// What is known of other inventory sources.
    pub sources: SourceReader,
    /// The daemon's own runtime: what touches the store runs there, so that a blocked adapter holds no connection.
    pub daemon: tokio::runtime::Handle,
}

/// The services of one adapter.
pub struct Services {
    common: Common,
    clients: Clients,
    log: log::Forwarder,
    traffic: Arc<traffic::Traffic>,
    /// Set once the adapter has said its name.
    adapter: OnceLock<String>,
    last_call: AtomicU64,
    /// The calls being served, by number; locked only to look up, add or remove.
    calls: Mutex<HashMap<u64, Arc<Call>>>,
}

/// On whose behalf, and how urgently.
#[derive(Clone)]
pub struct CallContext {
    /// The connection; `None` when a plugin is only being looked at.
    pub session: Option<Arc<SessionContext>>,
    /// Who goes first at a rate limit.
    pub priority: Priority,
}

/// A call being served.
struct Call {
    context: CallContext,
    bodies: body::Bodies,
}

/// Ends the call's services when dropped.
pub(super) struct Serving {
    services: Arc<Services>,
    number: u64,
}

// === impl Services ===

impl Services {
    /// Services for an adapter that is about to be started.
    ///
    /// # Errors
    /// When no HTTP client can be built, which is a fault of this installation.
    pub fn new(common: Common) -> Result<Self> {
        Ok(Self {
            common,
            clients: Clients::new()?,
            log: log::Forwarder::default(),
            traffic: Arc::default(),
            adapter: OnceLock::new(),
            last_call: AtomicU64::new(0),
            calls: Mutex::default(),
        })
    }

    pub(super) fn clock(&self) -> Clock {
        self.common.clock.clone()
    }

    pub(super) fn name(&self, manifest: &Manifest) {
        let _ = self.adapter.set(manifest.id.clone());
    }

    pub(super) fn begin(self: &Arc<Self>, context: CallContext) -> Serving {
        let number = self.last_call.fetch_add(1, Ordering::Relaxed) + 1;
        let call = Call {
            context,
            bodies: body::Bodies::default(),
        };
        self.lock().insert(number, Arc::new(call));
        Serving {
            services: Arc::clone(self),
            number,
        }
    }

    pub(super) fn recent_log(&self) -> Vec<Record> {
        self.log.recent()
    }

    pub(super) fn requests(&self) -> Vec<Requests> {
        self.traffic.all()
    }

    /// Who sends, for who sends it.
    fn sender(&self) -> http::Sender {
        http::Sender {
            adapter: self.adapter().to_owned(),
            clock: self.common.clock.clone(),
            traffic: Arc::clone(&self.traffic),
        }
    }

    fn adapter(&self) -> &str {
        self.adapter.get().map_or("?", String::as_str)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Call>>> {
        self.calls
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn call(&self, number: u64) -> Result<Arc<Call>> {
        let call = self.lock().get(&number).cloned();
        call.ok_or_else(|| AdapterError::bug("a host service was asked for outside any call"))
    }
}

impl Port for Services {
    fn call(&self, bytes: Vec<u8>) -> PortFuture {
        match call::read_request(&bytes).and_then(|request| self.dispatch(&request)) {
            Ok(answer) => answer.map(call::response).boxed(),
            Err(error) => ready(call::response(Err(error))).boxed(),
        }
    }
}

impl Services {
    fn dispatch(&self, request: &call::Request<'_>) -> Result<BoxFuture<'static, Result<Vec<u8>>>> {
        if request.method == Log::NAME {
            let call = self.call(request.call).ok();
            let (adapter, now) = (self.adapter(), self.common.clock.now());
            let record = call::decode(request.params)?;
            self.log.forward(adapter, call.as_deref(), record, now);
            return Ok(reply::<Log>(Ok(())));
        }
        let call = self.call(request.call)?;
        let params = request.params;
        Ok(match request.method {
            HttpSend::NAME => answer::<HttpSend>(self.clients.send(
                self.sender(),
                call,
                call::decode(params)?,
            )),
            HttpRead::NAME => answer::<HttpRead>(body::read(call, call::decode(params)?)),
            StateGet::NAME => {
                answer::<StateGet>(self.common.clone().get(call, call::decode(params)?))
            }
            StateList::NAME => {
                answer::<StateList>(self.common.clone().list(call, call::decode(params)?))
            }
            StateCommit::NAME => {
                answer::<StateCommit>(self.common.clone().commit(call, call::decode(params)?))
            }
            SourcesList::NAME => answer::<SourcesList>(self.common.clone().sources(call)),
            SourcesLevels::NAME => {
                let query = call::decode(params)?;
                answer::<SourcesLevels>(self.common.clone().source_levels(call, query))
            }
            SourcesSkus::NAME => {
                let page = call::decode(params)?;
                answer::<SourcesSkus>(self.common.clone().source_skus(call, page))
            }
            Now::NAME => reply::<Now>(Ok(self.common.clock.now())),
            Sleep::NAME => answer::<Sleep>(sleep::sleep(call::decode(params)?)),
            HmacVerify::NAME => reply::<HmacVerify>(hmac::verify(&call, &call::decode(params)?)),
            unknown => {
                return Err(AdapterError::unsupported(format!(
                    "this daemon has no `{unknown}`"
                )));
            }
        })
    }
}

fn answer<M: Method>(
    work: impl Future<Output = Result<M::Reply>> + Send + 'static,
) -> BoxFuture<'static, Result<Vec<u8>>> {
    async move { call::encode(&work.await?) }.boxed()
}

fn reply<M: Method>(result: Result<M::Reply>) -> BoxFuture<'static, Result<Vec<u8>>> {
    ready(result.and_then(|reply| call::encode(&reply))).boxed()
}

// === impl CallContext ===

impl CallContext {
    pub(super) fn connection_key(&self) -> String {
        self.session
            .as_ref()
            .map(|session| session.connection.to_string())
            .unwrap_or_default()
    }
}

impl Call {
    fn session(&self) -> Result<&Arc<SessionContext>> {
        self.context
            .session
            .as_ref()
            .ok_or_else(|| AdapterError::bug("a host service was asked for without a connection"))
    }
}

// === impl Serving ===

impl Serving {
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let ended = self.services.lock().remove(&self.number);
        drop(ended); // Outside the lock: closing bodies takes its time.
    }
}
