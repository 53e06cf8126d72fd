//! The plugin directory: every library in it, and what became of it. A bad library is a state with a reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{AdapterError, Manifest};

use super::Adapter;
use super::library::{Library, LoadError};
use super::runtime::Runtime;
use super::services::{Common, Services};
use crate::config;
use crate::config::adapter::Isolation;

/// Libraries looked at; more than this in one directory is taken for the wrong directory.
const LIBRARIES_MAX: usize = 256;
/// How long a library may take to be opened: a slow disk, not work of its own.
const OPEN_DEADLINE: Duration = Duration::from_secs(10);

/// What was found in the plugin directory.
#[derive(Debug, Default)]
pub struct Directory {
    plugins: Vec<Plugin>,
    adapters: BTreeMap<String, Arc<Adapter>>,
}

/// One library file, and what became of it.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// The file.
    pub path: PathBuf,
    /// What it says of itself, when it got that far.
    pub manifest: Option<Manifest>,
    /// What became of it.
    pub state: PluginState,
}

/// What became of a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PluginState {
    /// Its adapter is started.
    Ready,
    /// It loads, but the config file does not enable it.
    Disabled,
    /// It cannot be used.
    Refused {
        /// One line, with the way out.
        reason: String,
        /// The long report, for `--explain`.
        report: Option<String>,
    },
}

// === impl PluginState ===

impl PluginState {
    /// The word for it, as lists show it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Disabled => "disabled",
            Self::Refused { .. } => "refused",
        }
    }
}

// === impl Directory ===

impl Directory {
    /// Opens every library in `path`, and keeps the adapters that are enabled.
    ///
    /// # Errors
    /// Only when the directory itself cannot be read.
    pub async fn scan(
        path: &Path,
        wanted: &[config::adapter::Adapter],
        common: &Common,
    ) -> std::io::Result<Self> {
        let mut directory = Self::default();
        for library in libraries(path)? {
            let plugin = directory.load(library, wanted, common).await;
            if let PluginState::Refused { reason, .. } = &plugin.state {
                tracing::warn!(plugin = %plugin.path.display(), reason, "a plugin was refused");
            }
            directory.plugins.push(plugin);
        }
        Ok(directory)
    }

    /// Every library, in order of its file name.
    #[must_use]
    pub fn plugins(&self) -> &[Plugin] {
        &self.plugins
    }

    /// The adapter of this id, when it is ready.
    #[must_use]
    pub fn adapter(&self, id: &str) -> Option<&Arc<Adapter>> {
        self.adapters.get(id)
    }

    /// Why there is no adapter of this id, with the way out.
    #[must_use]
    pub fn why_missing(&self, id: &str) -> String {
        let named = |plugin: &&Plugin| {
            plugin
                .manifest
                .as_ref()
                .is_some_and(|manifest| manifest.id == id)
        };
        match self.plugins.iter().find(named) {
            Some(Plugin {
                state: PluginState::Refused { reason, .. },
                ..
            }) => reason.clone(),
            Some(_) => format!(
                "adapter `{id}` is not enabled; add `[[adapter]]` with `id = \"{id}\"` to the config file"
            ),
            None => format!(
                "no plugin in the plugin directory holds an adapter `{id}`; install it there"
            ),
        }
    }

    async fn load(
        &mut self,
        path: PathBuf,
        wanted: &[config::adapter::Adapter],
        common: &Common,
    ) -> Plugin {
        match start(&path, common).await {
            Err(state) => Plugin {
                path,
                manifest: None,
                state,
            },
            Ok(adapter) => {
                let manifest = adapter.manifest().clone();
                let state = self.admit(adapter, wanted);
                Plugin {
                    path,
                    manifest: Some(manifest),
                    state,
                }
            }
        }
    }

    fn admit(&mut self, adapter: Adapter, wanted: &[config::adapter::Adapter]) -> PluginState {
        let id = adapter.manifest().id.clone();
        let problems = adapter.manifest().problems();
        if let Some(first) = problems.first() {
            return PluginState::Refused {
                reason: first.clone(),
                report: (problems.len() > 1).then(|| problems.join("\n")),
            };
        }
        if self.adapters.contains_key(&id) {
            let reason =
                format!("another library already holds adapter `{id}`; remove one of them");
            return PluginState::Refused {
                reason,
                report: None,
            };
        }
        let Some(wanted) = wanted
            .iter()
            .find(|wanted| wanted.id == id && wanted.enabled)
        else {
            return PluginState::Disabled;
        };
        if wanted.isolation == Isolation::Sandbox {
            let reason = format!(
                "this release cannot run adapter `{id}` in a sandbox; if you trust its publisher fully, set \
                 `isolation = \"in-process\"` in its `[[adapter]]`"
            );
            return PluginState::Refused {
                reason,
                report: None,
            };
        }
        self.adapters.insert(id, Arc::new(adapter));
        PluginState::Ready
    }
}

/// Opens and starts a library, all of it on a thread of its own: its code runs here, and may never come back.
async fn start(path: &Path, common: &Common) -> Result<Adapter, PluginState> {
    let refused = |reason: String| PluginState::Refused {
        reason,
        report: None,
    };
    let does_not = |what: &str, error: AdapterError| {
        refused(format!("`{}` does not {what}: {error}", path.display()))
    };
    let label = path.file_stem().unwrap_or_default().to_string_lossy();
    let runtime =
        Runtime::start(&label).map_err(|error| refused(format!("no thread for it: {error}")))?;
    let library = path.to_owned();
    let opened = runtime.run(OPEN_DEADLINE, async move { Library::open(&library) });
    let library = match opened.await {
        Ok(opened) => opened.map_err(|error| PluginState::from(&error))?,
        Err(error) => return Err(does_not("open", error)),
    };
    let services = Services::new(common.clone()).map_err(|error| refused(error.message))?;
    let started = Adapter::start(runtime, services, move |host| library.start(host)).await;
    started.map_err(|error| does_not("start", error))
}

/// The libraries of a directory, in order of their names.
fn libraries(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "so") {
            found.push(path);
        }
    }
    found.sort();
    if found.len() > LIBRARIES_MAX {
        let message = format!(
            "`{}` holds more than {LIBRARIES_MAX} libraries; is it a plugin directory?",
            path.display()
        );
        return Err(std::io::Error::other(message));
    }
    Ok(found)
}

impl From<&LoadError> for PluginState {
    fn from(error: &LoadError) -> Self {
        Self::Refused {
            reason: error.to_string(),
            report: error.report().map(str::to_owned),
        }
    }
}
