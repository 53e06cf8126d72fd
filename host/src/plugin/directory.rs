//! The plugin directory: every library in it, and what became of it. A bad library is a state with a reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bestand_plugin_api::Manifest;

use super::Adapter;
use super::library;
use super::sandbox::{Image, Refusal, Workers};
use super::services::{Common, Services};
use crate::config;
use crate::config::adapter::Isolation;

/// Libraries looked at; more than this in one directory is taken for the wrong directory.
const LIBRARIES_MAX: usize = 256;

/// What adapters are given and run in.
#[derive(Clone)]
pub struct Host {
    /// What their services share.
    pub common: Common,
    /// How their workers are made.
    pub workers: Workers,
}

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
        host: &Host,
    ) -> std::io::Result<Self> {
        let mut directory = Self::default();
        for library in libraries(path)? {
            let plugin = directory.load(library, wanted, host).await;
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

    /// Every adapter that is ready.
    pub fn adapters(&self) -> impl Iterator<Item = &Arc<Adapter>> {
        self.adapters.values()
    }

    /// Keeps this adapter in the place of the one of the same id that was found.
    pub fn keep(&mut self, adapter: &Arc<Adapter>) {
        let id = adapter.manifest().id.clone();
        self.adapters.insert(id, Arc::clone(adapter));
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
        host: &Host,
    ) -> Plugin {
        match self.find_out(&path, wanted, host).await {
            Ok((manifest, state)) => Plugin {
                path,
                manifest: Some(manifest),
                state,
            },
            Err(refusal) => Plugin {
                path,
                manifest: None,
                state: refusal.into(),
            },
        }
    }

    /// Who it is, asked in a sandbox, where asking does no harm; and what becomes of it.
    async fn find_out(
        &mut self,
        path: &Path,
        wanted: &[config::adapter::Adapter],
        host: &Host,
    ) -> Result<(Manifest, PluginState), Refusal> {
        let image = Image {
            path: path.to_owned(),
            library: library::seal(path)?,
        };
        let adapter = Adapter::sandboxed(&image, host.services()?, &host.workers).await?;
        let manifest = adapter.manifest().clone();
        let state = match self.isolation(&manifest, wanted) {
            Err(state) => state,
            Ok(isolation) => match host.placed(adapter, &image, isolation).await {
                Err(refusal) => refusal.into(),
                Ok(adapter) => {
                    self.adapters.insert(manifest.id.clone(), Arc::new(adapter));
                    PluginState::Ready
                }
            },
        };
        Ok((manifest, state))
    }

    /// Where its adapter is to run; an `Err` is why nowhere.
    fn isolation(
        &self,
        manifest: &Manifest,
        wanted: &[config::adapter::Adapter],
    ) -> Result<Isolation, PluginState> {
        let id = &manifest.id;
        let problems = manifest.problems();
        if let Some(first) = problems.first() {
            return Err(PluginState::Refused {
                reason: first.clone(),
                report: (problems.len() > 1).then(|| problems.join("\n")),
            });
        }
        if self.adapters.contains_key(id) {
            let reason =
                format!("another library already holds adapter `{id}`; remove one of them");
            return Err(Refusal::new(reason).into());
        }
        let wanted = wanted
            .iter()
            .find(|wanted| wanted.id == *id && wanted.enabled);
        wanted
            .map(|wanted| wanted.isolation)
            .ok_or(PluginState::Disabled)
    }
}

// === impl Host ===

impl Host {
    fn services(&self) -> Result<Services, Refusal> {
        Services::new(self.common.clone()).map_err(|error| Refusal::new(error.message))
    }

    /// The adapter where it is to run, out of the one that was asked who it is.
    async fn placed(
        &self,
        asked: Adapter,
        image: &Image,
        isolation: Isolation,
    ) -> Result<Adapter, Refusal> {
        match isolation {
            Isolation::Sandbox => Ok(asked),
            Isolation::InProcess => Adapter::in_process(image, self.services()?).await,
        }
    }
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

impl From<Refusal> for PluginState {
    fn from(refusal: Refusal) -> Self {
        let Refusal { reason, report } = refusal;
        Self::Refused { reason, report }
    }
}
