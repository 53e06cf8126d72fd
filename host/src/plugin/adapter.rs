//! A started adapter: the handle behind which a library or a process stands. Both speak the same bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bestand_plugin_api::call::adapter::Describe;
use bestand_plugin_api::call::{self, Method, Port};
use bestand_plugin_api::{AdapterError, Manifest};

use super::library::Library;
use super::meters::{Meters, Usage};
use super::quoted;
use super::recent::Recent;
use super::refusal::Refusal;
use super::runtime::Runtime;
use super::sandbox::health::Health;
use super::sandbox::{Image, Sandbox, Workers};
use super::services::{CallContext, Requests, Services};
use crate::id::AccountId;

/// How long a library may take to be opened: a slow disk, not work of its own.
const OPEN_DEADLINE: Duration = Duration::from_secs(15);
/// How long an adapter may take to describe itself: it does no work for that.
const DESCRIBE_DEADLINE: Duration = Duration::from_secs(5);

/// A started adapter. Calls run on its own [`Runtime`]; every call has a deadline.
pub struct Adapter {
    manifest: Manifest,
    place: Place,
    runtime: Runtime,
    services: Arc<Services>,
    meters: Meters,
}

/// Where its code runs.
enum Place {
    /// In this process, fully trusted.
    Here(Arc<dyn Port>),
    /// In a process of its own.
    Sandbox(Arc<Sandbox>),
}

// === impl Adapter ===

impl Adapter {
    /// Opens the library in this process, starts its adapter and asks it who it is. All of it happens on a thread of
    /// its own: its code runs here, and may never come back.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn in_process(image: &Image, services: Services) -> Result<Self, Refusal> {
        let runtime = thread_for(image)?;
        let services = Arc::new(services);
        let host = Arc::clone(&services) as Arc<dyn Port>;
        let opened = image.clone();
        let start = async move {
            let library = Library::open(&opened.path, &opened.library)?;
            library.start(host)
        };
        let started = runtime.run(OPEN_DEADLINE, start).await;
        let port = started.map_err(|error| does_not("start", image, &error))??;
        Self::describe(image, runtime, services, Place::Here(port)).await
    }

    /// Starts a worker with the library and asks its adapter who it is.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn sandboxed(
        image: &Image,
        services: Services,
        workers: &Workers,
    ) -> Result<Self, Refusal> {
        let runtime = thread_for(image)?;
        let services = Arc::new(services);
        let host = Arc::clone(&services) as Arc<dyn Port>;
        let start = Sandbox::start(workers.clone(), image.clone(), host, services.clock());
        let started = runtime.run(OPEN_DEADLINE, start).await;
        let sandbox = started.map_err(|error| does_not("start", image, &error))??;
        let place = Place::Sandbox(Arc::new(sandbox));
        Self::describe(image, runtime, services, place).await
    }

    async fn describe(
        image: &Image,
        runtime: Runtime,
        services: Arc<Services>,
        place: Place,
    ) -> Result<Self, Refusal> {
        let manifest = ask_who_it_is(&runtime, &place).await;
        let manifest = manifest.map_err(|error| does_not("start", image, &error))?;
        services.name(&manifest);
        if let Place::Sandbox(sandbox) = &place {
            sandbox.name(&manifest.id);
        }
        Ok(Self {
            meters: Meters::of(&manifest.id, services.clock()),
            manifest,
            place,
            runtime,
            services,
        })
    }

    /// Who it is and what it can do.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How its process is; nothing for one that has none of its own.
    #[must_use]
    pub fn health(&self) -> Option<Health> {
        match &self.place {
            Place::Here(_) => None,
            Place::Sandbox(sandbox) => Some(sandbox.health()),
        }
    }

    /// What it was asked since it was started.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.meters.usage()
    }

    /// Its last hour: calls by the minute, and what it logged last of this account's connections or of none.
    #[must_use]
    pub fn recent(&self, account: AccountId) -> Recent {
        let mut log = self.services.recent_log();
        log.retain(|record| record.account.is_none_or(|of| of == account));
        Recent {
            minutes: self.meters.minutes(),
            log,
        }
    }

    /// Keeps how much memory its process uses now, for its last hour.
    pub(crate) fn note_memory(&self, health: &Health) {
        if let Some(bytes) = health.memory_bytes() {
            self.meters.note_memory(bytes);
        }
    }

    /// How often it asked each host for something, by what came back.
    #[must_use]
    pub fn requests(&self) -> Vec<Requests> {
        self.services.requests()
    }

    /// Whether it still says who it is. One in this process that blocks its thread does not, and nobody can end it.
    pub(super) async fn answers(&self) -> bool {
        ask_who_it_is(&self.runtime, &self.place).await.is_ok()
    }

    /// Lets an adapter that was quarantined start again.
    pub fn release(&self) {
        if let Place::Sandbox(sandbox) = &self.place {
            sandbox.release();
        }
    }

    /// Which of its lives it is in; instances of an earlier one are gone.
    pub(super) fn life(&self) -> u64 {
        match &self.place {
            Place::Here(_) => 1,
            Place::Sandbox(sandbox) => sandbox.generation(),
        }
    }

    /// Calls `M` on behalf of `context`; its host services end with the call. An error is fit to be shown: without the
    /// connection's secrets, and one line.
    ///
    /// # Errors
    /// What the adapter answers, and `Transient` when the deadline passes.
    pub async fn call<M: Method>(
        &self,
        context: CallContext,
        params: &M::Params,
        deadline: Duration,
    ) -> Result<M::Reply, AdapterError> {
        let connection = context.connection_key();
        let session = context.session.clone();
        let serving = self.services.begin(context);
        let request = call::request::<M>(serving.number(), &connection, params)?;
        let port = self.place.port();
        let started = Instant::now();
        // Decoding runs on the adapter's thread as well: a page of thousands of levels is its work, not a worker's.
        let work = async move {
            let response = port.call(request).await;
            drop(serving);
            call::read_response(&response).and_then(call::decode::<M::Reply>)
        };
        let answer = self
            .runtime
            .run(deadline, work)
            .await
            .and_then(|answer| answer);
        // Before it is cut: half a secret would not be found any more.
        let answer = answer.map_err(|error| match session {
            Some(session) => AdapterError::new(error.kind, session.hide(error.message)),
            None => error,
        });
        let answer = answer.map_err(quoted::error);
        self.meters
            .note(M::NAME, started.elapsed(), answer.as_ref().err());
        answer
    }
}

impl std::fmt::Debug for Adapter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Adapter")
            .field("id", &self.manifest.id)
            .finish_non_exhaustive()
    }
}

// === impl Place ===

impl Place {
    fn port(&self) -> Arc<dyn Port> {
        match self {
            Self::Here(port) => Arc::clone(port),
            Self::Sandbox(sandbox) => Arc::clone(sandbox) as Arc<dyn Port>,
        }
    }
}

async fn ask_who_it_is(runtime: &Runtime, place: &Place) -> Result<Manifest, AdapterError> {
    let port = place.port();
    let describe = async move { call::ask::<Describe>(&*port, 0, "", &()).await };
    runtime.run(DESCRIBE_DEADLINE, describe).await?
}

fn thread_for(image: &Image) -> Result<Runtime, Refusal> {
    let label = image.path.file_stem().unwrap_or_default().to_string_lossy();
    Runtime::start(&label).map_err(|error| Refusal::new(format!("no thread for it: {error}")))
}

fn does_not(what: &str, image: &Image, error: &AdapterError) -> Refusal {
    let error = quoted::line(&error.message, quoted::SENTENCE_CHARS_MAX);
    Refusal::new(format!(
        "`{}` does not {what}: {error}",
        image.path.display()
    ))
}
