//! The adapter at work: the library that was built, in a sandbox of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::call::adapter::Describe;
use bestand_plugin_api::call::{self, Port};
use bestand_plugin_api::{AdapterError, ErrorKind, Manifest};

use crate::clock::Clock;
use crate::plugin::library;
use crate::plugin::sandbox::{Image, Sandbox, Workers};

/// How long it may take to say who it is.
const START_DEADLINE: Duration = Duration::from_secs(10);
/// How often, and how far apart, it is looked whether a failed call is the end of a process.
const BURIAL_LOOKS: u32 = 10;
const BURIAL_INTERVAL: Duration = Duration::from_millis(30);

/// An adapter in its sandbox, which ends when this is dropped.
pub(super) struct Adapter {
    pub(super) port: Arc<dyn Port>,
    pub(super) manifest: Manifest,
    sandbox: Arc<Sandbox>,
}

// === impl Adapter ===

impl Adapter {
    /// Starts the library with the services of `host`, and asks it who it is.
    ///
    /// # Errors
    /// Why that cannot be, with the way out and the long report behind it.
    pub(super) async fn start(path: &Path, host: Arc<dyn Port>) -> Result<Self, String> {
        let sealed = library::seal(path).map_err(|error| error.to_string())?;
        let image = Image {
            path: path.to_owned(),
            library: sealed,
        };
        let started = Sandbox::start(Workers::default(), image, host, Clock::system()).await;
        let sandbox = started.map_err(|refusal| match refusal.report {
            Some(report) => format!("{}\n{report}", refusal.reason),
            None => refusal.reason,
        })?;
        let sandbox = Arc::new(sandbox);
        let port = Arc::clone(&sandbox) as Arc<dyn Port>;
        let described = call::ask::<Describe>(&*port, 0, "", &());
        let manifest = match tokio::time::timeout(START_DEADLINE, described).await {
            Ok(described) => described.map_err(|error| error.message)?,
            Err(_) => {
                return Err(format!(
                    "it does not say who it is within {START_DEADLINE:?}"
                ));
            }
        };
        Ok(Self {
            port,
            manifest,
            sandbox,
        })
    }

    /// How its process ended, if that is what `error` comes from: the reason, and the last it wrote to stderr. The
    /// call fails a moment before the process is buried.
    pub(super) async fn end(&self, error: &AdapterError) -> Option<Vec<String>> {
        if error.kind != ErrorKind::Transient {
            return None;
        }
        for _ in 0..BURIAL_LOOKS {
            if let Some(end) = self.sandbox.health().last_end {
                return Some(std::iter::once(end.why).chain(end.stderr).collect());
            }
            tokio::time::sleep(BURIAL_INTERVAL).await;
        }
        None
    }
}
