//! From an author's traits to one `call(bytes) -> bytes`: wiring, instances, and the net under every entry.
//!
//! **Invariant:** no panic leaves this module, also none of a destructor. A panic poisons the instance it happened in:
//! every later call on it is answered `Bug` until the host opens it anew; other connections go on. A panic while an
//! instance is dropped is noted and leaves nothing to poison.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use crate::call::adapter::{Check, Close, Describe, Locations, Open, Settings};
use crate::call::{self, Method, Port, PortFuture, Request};
use crate::{Adapter, AdapterError, Capability, Ctx, Manifest, Result, forward};

pub mod capability;

type Work = Pin<Box<dyn Future<Output = Result<Vec<u8>>> + Send>>;
type Handler<A> = Box<dyn Fn(Arc<A>, Ctx, &[u8]) -> Result<Work> + Send + Sync>;

/// Which method is answered by which function of an adapter.
pub struct Wiring<A: Adapter> {
    manifest: Manifest,
    handlers: BTreeMap<&'static str, Handler<A>>,
}

/// An adapter that [`export_adapter!`](crate::export_adapter) has made a plugin of.
pub trait Exported: Adapter {
    /// What the plugin exports.
    fn wiring() -> Wiring<Self>;
}

/// An adapter being served: the instances, by connection.
pub struct Served<A: Adapter> {
    wiring: Wiring<A>,
    host: Arc<dyn Port>,
    instances: Arc<Instances<A>>,
}

/// One lock, held only to look up or replace an instance. What is taken out is dropped under the net.
struct Instances<A>(Mutex<HashMap<String, Instance<A>>>);

enum Instance<A> {
    Open(Arc<A>),
    Poisoned(String),
}

/// The work of one call, under a net.
struct Guarded<A: Adapter> {
    work: Option<Work>,
    instances: Arc<Instances<A>>,
    call: u64,
    connection: String,
    host: Arc<dyn Port>,
}

// === impl Wiring ===

impl<A: Adapter> Wiring<A> {
    /// What every adapter can do.
    #[must_use]
    pub fn new() -> Self {
        let mut manifest = A::manifest();
        manifest.contract = crate::CONTRACT.into();
        manifest.settings_schema = schemars::schema_for!(A::Settings).to_value();
        Self {
            manifest,
            handlers: BTreeMap::new(),
        }
        .on::<Check, _, _>(|adapter, ctx, ()| async move { adapter.check(&ctx).await })
        .on::<Locations, _, _>(|adapter, ctx, cursor| async move {
            adapter.locations(&ctx, cursor).await
        })
    }

    /// Adds a capability; used by [`export_adapter!`](crate::export_adapter).
    #[must_use]
    pub fn with<C: capability::Wire<A>>(self, _: C) -> Self {
        C::wire(self)
    }

    /// The description of the adapter, complete.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Serves the adapter with the services of `host`.
    #[must_use]
    pub fn serve(self, host: Arc<dyn Port>) -> Served<A> {
        Served {
            wiring: self,
            host,
            instances: Arc::new(Instances(Mutex::default())),
        }
    }

    fn declare(mut self, capability: Capability) -> Self {
        self.manifest.capabilities.push(capability);
        self
    }

    fn on<M, F, Fut>(mut self, answer: F) -> Self
    where
        M: Method,
        F: Fn(Arc<A>, Ctx, M::Params) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<M::Reply>> + Send + 'static,
    {
        let handler: Handler<A> = Box::new(move |adapter, ctx, params| {
            let work = answer(adapter, ctx, call::decode::<M::Params>(params)?);
            Ok(Box::pin(async move { call::encode(&work.await?) }))
        });
        self.handlers.insert(M::NAME, handler);
        self
    }
}

impl<A: Adapter> Default for Wiring<A> {
    fn default() -> Self {
        Self::new()
    }
}

// === impl Served ===

impl<A: Adapter> Port for Served<A> {
    fn call(&self, bytes: Vec<u8>) -> PortFuture {
        let request = match call::read_request(&bytes) {
            Ok(request) => request,
            Err(error) => return Box::pin(std::future::ready(call::response(Err(error)))),
        };
        let mut guarded = Guarded {
            work: None,
            instances: Arc::clone(&self.instances),
            call: request.call,
            connection: request.connection.into(),
            host: Arc::clone(&self.host),
        };
        match guarded.under_net(|| self.begin(&request)) {
            Ok(work) => guarded.work = Some(work),
            Err(error) => return Box::pin(std::future::ready(call::response(Err(error)))),
        }
        Box::pin(guarded)
    }
}

impl<A: Adapter> Served<A> {
    fn begin(&self, request: &Request<'_>) -> Result<Work> {
        let answer = match request.method {
            Describe::NAME => call::encode(&self.wiring.manifest),
            Open::NAME => self.open(request).and_then(|()| call::encode(&())),
            Close::NAME => {
                self.instances.remove(request.connection);
                call::encode(&())
            }
            _ => return self.work(request),
        };
        Ok(Box::pin(std::future::ready(answer)))
    }

    fn open(&self, request: &Request<'_>) -> Result<()> {
        let settings: Settings = call::decode(request.params)?;
        let settings = serde_json::from_str(&settings.json).map_err(|error| {
            AdapterError::config("settings", format!("settings do not fit: {error}"))
        })?;
        let adapter = Arc::new(A::open(settings)?);
        self.instances
            .set(request.connection, Instance::Open(adapter));
        Ok(())
    }

    fn work(&self, request: &Request<'_>) -> Result<Work> {
        let Some(handler) = self.wiring.handlers.get(request.method) else {
            let message = format!(
                "adapter `{}` has no `{}`",
                self.wiring.manifest.id, request.method
            );
            return Err(AdapterError::unsupported(message));
        };
        let adapter = self.instances.get(request.connection)?;
        handler(
            adapter,
            Ctx::new(Arc::clone(&self.host), request.call, request.connection),
            request.params,
        )
    }
}

// === impl Instances ===

impl<A> Instances<A> {
    fn get(&self, connection: &str) -> Result<Arc<A>> {
        match self.lock().get(connection) {
            Some(Instance::Open(adapter)) => Ok(Arc::clone(adapter)),
            Some(Instance::Poisoned(why)) => Err(AdapterError::bug(format!(
                "the adapter panicked earlier and must be opened anew: {why}"
            ))),
            None => Err(AdapterError::bug("the connection was not opened")),
        }
    }

    fn set(&self, connection: &str, instance: Instance<A>) {
        let replaced = self.lock().insert(connection.into(), instance);
        let_go(replaced); // Outside the lock: an author's `Drop` may take its time.
    }

    fn remove(&self, connection: &str) {
        let removed = self.lock().remove(connection);
        let_go(removed);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Instance<A>>> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl<A> Drop for Instances<A> {
    /// The plugin is let go, or its last call is.
    fn drop(&mut self) {
        std::mem::take(&mut *self.lock())
            .into_values()
            .for_each(let_go);
    }
}

// === impl Guarded ===

impl<A: Adapter> Guarded<A> {
    /// Runs author's code; a panic poisons the instance and becomes an error.
    fn under_net<T>(&self, run: impl FnOnce() -> Result<T>) -> Result<T> {
        let _serving = forward::serving(self.call, &self.connection, &self.host);
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
            let why = panic_text(panic);
            if !self.connection.is_empty() {
                self.instances
                    .set(&self.connection, Instance::Poisoned(why.clone()));
            }
            Err(AdapterError::bug(format!("the adapter panicked: {why}")))
        })
    }
}

impl<A: Adapter> Future for Guarded<A> {
    type Output = Vec<u8>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Vec<u8>> {
        let Some(mut work) = self.work.take() else {
            return Poll::Ready(call::response(Err(AdapterError::bug(
                "polled after its end",
            ))));
        };
        let polled = self.under_net(|| match work.as_mut().poll(task) {
            Poll::Ready(result) => result.map(Some),
            Poll::Pending => Ok(None),
        });
        match polled {
            Ok(None) => {
                self.work = Some(work);
                Poll::Pending
            }
            ended => {
                let dropped = self.under_net(|| {
                    drop(work);
                    Ok(())
                });
                let answer = ended.map(Option::unwrap_or_default);
                Poll::Ready(call::response(dropped.and(answer)))
            }
        }
    }
}

impl<A: Adapter> Drop for Guarded<A> {
    /// A dropped call runs destructors of the author's; they must not unwind over the boundary.
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            let _ = self.under_net(|| {
                drop(work);
                Ok(())
            });
        }
    }
}

/// Drops what is an author's: its destructor must not unwind over the boundary.
fn let_go<T>(value: T) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        let why = panic_text(panic);
        tracing::error!(
            why,
            "the adapter panicked while an instance of it was dropped"
        );
    }
}

/// What a panic says. What it carries may have a destructor that panics too; that one is left alone.
fn panic_text(panic: Box<dyn Any + Send>) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("no message").chars().take(500).collect();
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
    text
}

/// Makes a crate a plugin: names its adapter and the capabilities it serves.
///
/// ```text
/// export_adapter!(Finale: StockListing + StockBySku + StockWrites);
/// ```
#[macro_export]
macro_rules! export_adapter {
    ($adapter:ty $(: $first:ident $(+ $more:ident)*)?) => {
        /// What this plugin exports, for tests without a library in between.
        #[must_use]
        pub fn wiring() -> $crate::export::Wiring<$adapter> {
            $crate::export::Wiring::<$adapter>::new()
                $(.with($crate::export::capability::$first)$(.with($crate::export::capability::$more))*)?
        }

        impl $crate::export::Exported for $adapter {
            fn wiring() -> $crate::export::Wiring<Self> {
                wiring()
            }
        }

        $crate::__export_root!(wiring);
    };
}
