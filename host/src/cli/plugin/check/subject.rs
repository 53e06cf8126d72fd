//! A library as the kit tries it: opened here, or in a sandbox.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use anyhow::Context as _;
use bestand_plugin_api::call::Port;
use bestand_plugin_api::conformance::Subject;
use bestand_plugin_api::testing::UpstreamFuture;
use bestand_plugin_api::{AdapterError, Result};

use super::Isolation;
use crate::clock::Clock;
use crate::plugin::library::{Library, Sealed};
use crate::plugin::refusal::Refusal;
use crate::plugin::sandbox::{Image, Sandbox, Workers};

/// Opened in this very process, which is thrown away behind the test.
struct InProcess(Image);

/// In a worker as the daemon has it.
struct Sandboxed {
    image: Image,
    /// The one started last.
    started: Mutex<Weak<Sandbox>>,
}

/// The library at `path`, to be run so.
pub(super) fn of(path: &Path, isolation: Isolation) -> anyhow::Result<Arc<dyn Subject>> {
    let library = Sealed::of(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let image = Image {
        path: path.into(),
        library,
    };
    Ok(match isolation {
        Isolation::InProcess => Arc::new(InProcess(image)),
        Isolation::Sandbox => Arc::new(Sandboxed {
            image,
            started: Mutex::default(),
        }),
    })
}

impl Subject for InProcess {
    fn start(&self, host: Arc<dyn Port>) -> UpstreamFuture<'_, Result<Arc<dyn Port>>> {
        let opened = Library::open(&self.0.path, &self.0.library);
        let started = opened.and_then(|library| library.start(host));
        Box::pin(std::future::ready(
            started.map_err(|error| refused(&error.into())),
        ))
    }

    fn process(&self) -> Option<u32> {
        Some(std::process::id())
    }
}

impl Subject for Sandboxed {
    fn start(&self, host: Arc<dyn Port>) -> UpstreamFuture<'_, Result<Arc<dyn Port>>> {
        Box::pin(async move {
            let image = self.image.clone();
            let started = Sandbox::start(Workers::default(), image, host, Clock::system()).await;
            let sandbox = Arc::new(started.map_err(|refusal| refused(&refusal))?);
            *self.started.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&sandbox);
            Ok(sandbox as Arc<dyn Port>)
        })
    }

    fn process(&self) -> Option<u32> {
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        started.upgrade()?.health().pid
    }
}

fn refused(refusal: &Refusal) -> AdapterError {
    AdapterError::bug(refusal.reason.clone())
}
