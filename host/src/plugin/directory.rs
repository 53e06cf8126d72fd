//! The plugin directory: every plugin in it, and what became of it. A bad plugin is a state with a reason.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bestand_plugin_api::Manifest;

use super::Adapter;
use super::candidate::Generation;
use super::package::digest::Digest;
use super::refusal::{Refusal, RefusalKind};
use super::sandbox::Workers;
use super::trust::Trust;
use crate::config::adapter::Isolation;

mod no_adapter;
mod scan;

pub use no_adapter::NoAdapter;
pub use scan::Host;

/// What was found in the plugin directory.
#[derive(Debug, Default)]
pub struct Directory {
    plugins: Vec<Plugin>,
    adapters: BTreeMap<String, Running>,
    setbacks: Vec<Setback>,
}

/// An adapter that is started, and what it was made of.
#[derive(Clone, Debug)]
struct Running {
    adapter: Arc<Adapter>,
    origin: Origin,
}

/// What an adapter was made of. The same again is the same adapter, which goes on as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    library: Digest,
    isolation: Isolation,
    workers: Workers,
}

/// A package that is not put in place, because it does not work; the one before it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setback {
    /// The adapter.
    pub id: String,
    /// One line in English: what does not work, and what runs on.
    pub reason: String,
    /// The version that does not work, when it says one.
    pub new: Option<String>,
    /// Why not, in English.
    pub why: String,
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
        /// What sort of reason that is.
        kind: RefusalKind,
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

    /// The adapter's version, the same way.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        let told = self
            .manifest
            .as_ref()
            .map(|manifest| manifest.version.clone());
        told.or_else(|| Some(self.installed.as_ref()?.pin.version.to_string()))
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
    /// Every plugin: the installed ones by their ids, then the loose libraries by their names.
    #[must_use]
    pub fn plugins(&self) -> &[Plugin] {
        &self.plugins
    }

    /// The adapter of this id, when it is ready.
    #[must_use]
    pub fn adapter(&self, id: &str) -> Option<&Arc<Adapter>> {
        self.adapters.get(id).map(|running| &running.adapter)
    }

    /// Every adapter that is ready.
    pub fn adapters(&self) -> impl Iterator<Item = &Arc<Adapter>> {
        self.adapters.values().map(|running| &running.adapter)
    }

    /// What was found and does not work, so that what was there before goes on.
    #[must_use]
    pub fn setbacks(&self) -> &[Setback] {
        &self.setbacks
    }

    /// Keeps the adapter that ran in `before` in the place of the one that was found, which does not work.
    pub fn keep(&mut self, id: &str, before: &Self, why: &str) {
        let (Some(running), Some(old)) = (before.adapters.get(id), before.plugin(id)) else {
            return;
        };
        let found = self
            .plugins
            .iter_mut()
            .find(|plugin| plugin.id() == Some(id));
        let Some(found) = found else { return };
        let version = found.version();
        let new = version.as_deref().unwrap_or("what was found");
        let stays = old.version().unwrap_or_else(|| "the one before".into());
        let reason = format!(
            "adapter `{id}`: {new} does not work and is not put in place ({why}); {stays} goes on"
        );
        tracing::warn!(
            adapter = id,
            reason,
            "a new generation was not put in place"
        );
        *found = old.clone();
        self.adapters.insert(id.into(), running.clone());
        self.setbacks.push(Setback {
            id: id.into(),
            reason,
            new: version,
            why: why.into(),
        });
    }

    fn plugin(&self, id: &str) -> Option<&Plugin> {
        self.plugins.iter().find(|plugin| plugin.id() == Some(id))
    }

    /// Why there is no adapter of this id, with the way out.
    #[must_use]
    pub fn why_missing(&self, id: &str) -> NoAdapter {
        let found = self.plugin(id).map(|plugin| &plugin.state);
        let id = id.to_owned();
        match found {
            Some(PluginState::Refused { kind, reason, .. }) => NoAdapter::Refused {
                id,
                why: *kind,
                said: reason.clone(),
            },
            Some(_) => NoAdapter::NotEnabled { id },
            None => NoAdapter::NotInstalled { id },
        }
    }
}

impl From<Refusal> for PluginState {
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            kind,
            reason,
            report,
        } = refusal;
        Self::Refused {
            kind,
            reason,
            report,
        }
    }
}
