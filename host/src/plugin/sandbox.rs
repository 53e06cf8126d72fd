//! Adapters in processes of their own, which can do nothing but compute and speak to us.
//!
//! `sandbox → process → worker`: a [`Sandbox`] keeps one worker running for an adapter, starts it anew when it ends,
//! and gives up on one that ends too often (`restarts`). `link` is our end of the conversation, `worker` the other;
//! `hello` and `frame` are what they say. `confine` is what a worker may not do.
//!
//! **Invariant:** everything that comes out of a worker may be the work of somebody who wishes us ill.
//!
//! **What this does not keep apart:** the connections of one adapter, of all accounts, share a worker. A library of ill
//! will (or one that is taken over by what a system answers it) can give one connection another's counts, and ask for
//! services in the name of any call under way in its adapter: it can have any secret of any of its connections put into
//! a request to any host that its manifest or that connection's settings name, and whoever runs the host then has it. It
//! reaches no other adapter's calls: each adapter has services of its own. Whoever has accounts that must not share that
//! fate runs a daemon for each.

use std::path::PathBuf;
use std::sync::Arc;

use bestand_plugin_api::AdapterError;
use bestand_plugin_api::call::{self, Port, PortFuture};
use futures::future::ready;

use super::library::Sealed;
use super::refusal::Refusal;
use crate::clock::Clock;

pub mod confine;
pub mod health;
pub mod probe;
pub mod worker;

mod frame;
mod hello;
mod keeper;
mod link;
mod pace;
mod process;
mod restarts;
mod socket;

use health::Health;
use keeper::Shared;
use link::Link;

/// Requests to the host's services that one worker may have open; an adapter has a handful.
const ASKS_MAX: usize = 256;
/// Calls that one worker may have open; more than connections and orders ever ask for at once.
const CALLS_MAX: usize = 1024;

/// How workers are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workers {
    /// The program whose `plugin-worker` command is a worker.
    pub program: PathBuf,
    /// How much memory one may map, in bytes.
    pub memory_bytes_max: u64,
    /// Whether a kernel that cannot confine them is a reason not to start any.
    pub must_be_confined: bool,
}

/// A library as it was read, and where from.
#[derive(Clone, Debug)]
pub struct Image {
    /// Where it came from, for people.
    pub path: PathBuf,
    /// What is mapped.
    pub library: Sealed,
}

/// An adapter's worker, kept running until this is dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    keeper: tokio::task::JoinHandle<()>,
}

// === impl Workers ===

/// How much memory a worker may map unless the config says otherwise: a library that parses a hundred thousand
/// products at once stays far below.
const MEMORY_BYTES_MAX: u64 = 1 << 30;

impl Default for Workers {
    /// This very program, even when its file has been replaced since.
    fn default() -> Self {
        Self {
            program: "/proc/self/exe".into(),
            memory_bytes_max: MEMORY_BYTES_MAX,
            must_be_confined: true,
        }
    }
}

// === impl Sandbox ===

impl Sandbox {
    /// Starts a worker with this library, whose requests `host` serves, and keeps one running from then on. Must be
    /// called on the adapter's own runtime, where all of it runs.
    ///
    /// # Errors
    /// Why the first worker did not come up. Later ones are told by [`health`](Self::health).
    pub async fn start(
        workers: Workers,
        image: Image,
        host: Arc<dyn Port>,
        clock: Clock,
    ) -> Result<Self, Refusal> {
        let shared = Arc::new(Shared::new(workers, image, host, clock));
        let first = shared.begin().await?;
        let keeper = tokio::spawn(keeper::keep(Arc::clone(&shared), first));
        Ok(Self { shared, keeper })
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.health()
    }

    /// Which worker it is by now; instances made in an earlier one are gone.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.shared.generation()
    }

    /// Forgets the crashes, and starts a worker at once if there is none.
    pub fn release(&self) {
        self.shared.release();
    }

    /// The adapter's id, once it is known.
    pub fn name(&self, adapter: &str) {
        self.shared.name(adapter);
    }
}

impl Port for Sandbox {
    fn call(&self, request: Vec<u8>) -> PortFuture {
        match self.shared.link() {
            Ok(link) => Link::call(&link, request),
            Err(why) => refused(&why),
        }
    }
}

impl Drop for Sandbox {
    /// With the keeper goes the worker.
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// A call that does not come about.
fn refused(why: &str) -> PortFuture {
    Box::pin(ready(failed(why)))
}

/// The answer to a call that came to nothing.
fn failed(why: &str) -> Vec<u8> {
    call::response(Err(AdapterError::transient(why)))
}
