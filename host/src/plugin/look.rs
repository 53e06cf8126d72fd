//! Asks a library who it is, without a daemon, a store or any service around it.

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::call::adapter::Describe;
use bestand_plugin_api::call::{self, Port, PortFuture};
use bestand_plugin_api::{AdapterError, Manifest};
use futures::future::ready;

use super::refusal::Refusal;
use super::runtime::Runtime;
use super::sandbox::{Image, Sandbox, Workers};
use crate::clock::Clock;

/// How long it may take to start and to answer: it does no work for that.
const DEADLINE: Duration = Duration::from_secs(20);

/// Serves nothing: who says who it is needs nothing.
struct NoServices;

/// What the adapter in `image` says of itself, asked in a sandbox that ends with the answer.
///
/// # Errors
/// Why it cannot be asked.
pub async fn manifest(image: Image, workers: Workers) -> Result<Manifest, Refusal> {
    let shown = image.path.display().to_string();
    let runtime = Runtime::start("look").map_err(Refusal::new)?;
    let asked = runtime.run(DEADLINE, async move {
        let sandbox = Sandbox::start(workers, image, Arc::new(NoServices), Clock::system()).await?;
        let manifest = call::ask::<Describe>(&sandbox, 0, "", &()).await;
        manifest.map_err(Refusal::new)
    });
    let cannot = |error: AdapterError| Refusal::new(format!("`{shown}` does not start: {error}"));
    asked.await.map_err(cannot)?
}

impl Port for NoServices {
    fn call(&self, _: Vec<u8>) -> PortFuture {
        let error = AdapterError::unsupported("nothing is served while a library is looked at");
        Box::pin(ready(call::response(Err(error))))
    }
}
