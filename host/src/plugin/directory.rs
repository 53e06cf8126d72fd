//! The plugin directory: every plugin in it, and what became of it. A bad plugin is a state with a reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bestand_plugin_api::Manifest;

use super::Adapter;
use super::candidate::{Candidate, Generation, Policy};
use super::sandbox::{Image, Refusal, Workers};
use super::services::{Common, Services};
use super::trust::Trust;
use crate::config::adapter::Isolation;
use crate::config::{self, Config};

/// A library that would be shown, checked and approved as one thing, and run as another.
const TWO_FACED: &str =
    "it says one thing of itself in the sandbox and another in this process; ask its publisher";

/// What adapters are given and run in, and which of them may.
#[derive(Clone)]
pub struct Host {
    /// Whom to trust.
    pub policy: Policy,
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

/// One plugin, and what became of it.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// The library file, or the folder of the package.
    pub path: PathBuf,
    /// What its signature is worth; nothing when it did not get so far.
    pub trust: Option<Trust>,
    /// Which package of its adapter it is; nothing for a loose library.
    pub installed: Option<Generation>,
    /// What it says of itself, when it got that far.
    pub manifest: Option<Manifest>,
    /// What became of it.
    pub state: PluginState,
}

/// What became of a plugin.
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

// === impl Plugin ===

impl Plugin {
    /// The adapter's id, by what it says or by what is installed.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        let told = self.manifest.as_ref().map(|manifest| &manifest.id);
        let installed = || self.installed.as_ref().map(|installed| &installed.id);
        told.or_else(installed).map(String::as_str)
    }
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
    /// Looks at every plugin in `path`, and starts the adapters that are enabled.
    ///
    /// # Errors
    /// Only when the directory as a whole cannot be read.
    pub async fn scan(
        path: &Path,
        wanted: &[config::adapter::Adapter],
        host: &Host,
    ) -> std::io::Result<Self> {
        let mut directory = Self::default();
        for candidate in Candidate::find_all(path, &host.policy)? {
            let plugin = directory.load(candidate, wanted, host).await;
            if let PluginState::Refused { reason, .. } = &plugin.state {
                tracing::warn!(plugin = %plugin.path.display(), reason, "a plugin was refused");
            }
            directory.plugins.push(plugin);
        }
        directory.tell_unsigned();
        Ok(directory)
    }

    /// At every start and reload, so that what was meant for trying things out is not forgotten.
    fn tell_unsigned(&self) {
        let runs = |plugin: &&Plugin| {
            plugin.state == PluginState::Ready && plugin.trust == Some(Trust::Unsigned)
        };
        let unsigned = self.plugins.iter().filter(runs);
        let ids: Vec<&str> = unsigned
            .filter_map(|plugin| Some(plugin.manifest.as_ref()?.id.as_str()))
            .collect();
        metrics::gauge!("bestand_unsigned_adapters")
            .set(u32::try_from(ids.len()).unwrap_or(u32::MAX));
        if !ids.is_empty() {
            tracing::warn!(
                adapters = ids.join(", "),
                "UNSIGNED adapters run, because `plugins.allow_unsigned` is set: whoever can write to the plugin \
                 directory decides what runs here"
            );
        }
    }

    /// Every plugin: the installed ones by their ids, then the loose libraries by their names.
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
        let named = |plugin: &&Plugin| plugin.id() == Some(id);
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
        candidate: Candidate,
        wanted: &[config::adapter::Adapter],
        host: &Host,
    ) -> Plugin {
        let (manifest, state) = match self.find_out(&candidate, wanted, host).await {
            Ok((manifest, state)) => (Some(manifest), state),
            Err(refusal) => (candidate.manifest, refusal.into()),
        };
        Plugin {
            path: candidate.path,
            trust: candidate.trust,
            installed: candidate.installed,
            manifest,
            state,
        }
    }

    /// Who it is, and what becomes of it. One whose file does not say who it is has to be asked, in a sandbox, where
    /// that does no harm; one whose file does is not opened unless it is to run.
    async fn find_out(
        &mut self,
        candidate: &Candidate,
        wanted: &[config::adapter::Adapter],
        host: &Host,
    ) -> Result<(Manifest, PluginState), Refusal> {
        let library = candidate.library.clone().map_err(Refusal::new)?;
        if let Some(manifest) = &candidate.manifest
            && let Err(state) = self.isolation(manifest, wanted)
        {
            return Ok((manifest.clone(), state));
        }
        let image = Image {
            path: candidate.path.clone(),
            library,
        };
        let adapter = Adapter::sandboxed(&image, host.services()?, &host.workers).await?;
        let manifest = adapter.manifest().clone();
        if let Some(lie) = candidate.why_lying(&manifest) {
            return Err(Refusal::new(lie));
        }
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
            let reason = format!("another plugin already holds adapter `{id}`; remove one of them");
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
    /// As the config says.
    #[must_use]
    pub fn of(config: &Config, common: Common) -> Self {
        Self {
            policy: Policy::of(config, &common.clock),
            workers: config.plugins.workers(),
            common,
        }
    }

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
            Isolation::InProcess => {
                let here = Adapter::in_process(image, self.services()?).await?;
                match here.manifest() == asked.manifest() {
                    true => Ok(here),
                    false => Err(Refusal::new(TWO_FACED)),
                }
            }
        }
    }
}

impl From<Refusal> for PluginState {
    fn from(refusal: Refusal) -> Self {
        let Refusal { reason, report } = refusal;
        Self::Refused { reason, report }
    }
}
