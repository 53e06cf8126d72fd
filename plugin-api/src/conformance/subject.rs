//! The adapter under test, wherever it runs.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::Result;
use crate::call::Port;
use crate::export::Exported;
use crate::testing::UpstreamFuture;

/// Starts the adapter under test: in this process, or anywhere else that speaks the same bytes.
pub trait Subject: Send + Sync {
    /// Starts it with the services of `host`. What is given back is dropped to end it.
    fn start(&self, host: Arc<dyn Port>) -> UpstreamFuture<'_, Result<Arc<dyn Port>>>;

    /// The process it runs in, where that is alone with it: its growth is measured.
    fn process(&self) -> Option<u32> {
        None
    }
}

/// An adapter of this very program, without a library in between.
#[derive(Debug)]
pub struct Native<A>(PhantomData<fn() -> A>);

impl<A> Default for Native<A> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<A: Exported> Subject for Native<A> {
    fn start(&self, host: Arc<dyn Port>) -> UpstreamFuture<'_, Result<Arc<dyn Port>>> {
        let port: Arc<dyn Port> = Arc::new(A::wiring().serve(host));
        Box::pin(std::future::ready(Ok(port)))
    }
}
