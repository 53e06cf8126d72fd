//! A started adapter: the handle behind which a library, or later a child process, stands. Both speak the same bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bestand_plugin_api::call::adapter::Describe;
use bestand_plugin_api::call::{self, Method, Port};
use bestand_plugin_api::{AdapterError, Manifest};

use super::meters::Meters;
use super::runtime::Runtime;
use super::services::{CallContext, Services};

/// How long an adapter may take to describe itself: it does no work for that.
const DESCRIBE_DEADLINE: Duration = Duration::from_secs(5);

/// A started adapter. Calls run on its own [`Runtime`]; every call has a deadline.
pub struct Adapter {
    manifest: Manifest,
    port: Arc<dyn Port>,
    runtime: Runtime,
    services: Arc<Services>,
    meters: Meters,
}

// === impl Adapter ===

impl Adapter {
    /// Starts the adapter that `start` makes out of our side of the boundary, and asks it who it is. Both happen on
    /// `runtime`, which is the adapter's from then on.
    ///
    /// # Errors
    /// What the adapter answers, or why its answer cannot be right.
    pub async fn start<E: ToString + Send + 'static>(
        runtime: Runtime,
        services: Services,
        start: impl FnOnce(Arc<dyn Port>) -> Result<Arc<dyn Port>, E> + Send + 'static,
    ) -> Result<Self, AdapterError> {
        let services = Arc::new(services);
        let host = Arc::clone(&services) as Arc<dyn Port>;
        let describe = async move {
            let port = start(host).map_err(|error| AdapterError::bug(error.to_string()))?;
            let manifest = call::ask::<Describe>(&*port, 0, "", &()).await?;
            Ok((port, manifest))
        };
        let described: Result<_, AdapterError> = runtime.run(DESCRIBE_DEADLINE, describe).await?;
        let (port, manifest) = described?;
        services.name(&manifest);
        Ok(Self {
            meters: Meters::of(&manifest.id),
            manifest,
            port,
            runtime,
            services,
        })
    }

    /// Who it is and what it can do.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Calls `M` on behalf of `context`; its host services end with the call.
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
        let serving = self.services.begin(context);
        let request = call::request::<M>(serving.number(), &connection, params)?;
        let port = Arc::clone(&self.port);
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
