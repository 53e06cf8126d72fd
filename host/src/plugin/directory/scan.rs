//! Looks at every candidate of the plugin directory, and starts what is to run; what runs already goes on.

use std::path::Path;
use std::sync::Arc;

use bestand_plugin_api::Manifest;

use super::{Directory, Origin, Plugin, PluginState, Running};
use crate::config::adapter::Isolation;
use crate::config::{self, Config};
use crate::plugin::Adapter;
use crate::plugin::candidate::{Candidate, Policy};
use crate::plugin::package::digest::Digest;
use crate::plugin::refusal::{Refusal, RefusalKind};
use crate::plugin::sandbox::{Image, Workers};
use crate::plugin::services::{Common, Services};
use crate::plugin::trust::Trust;

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

/// A directory in the making.
struct Scan<'a> {
    path: &'a Path,
    wanted: &'a [config::adapter::Adapter],
    host: &'a Host,
    before: &'a Directory,
    now: Directory,
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
        Self::default().scan_again(path, wanted, host).await
    }

    /// Looks again: an adapter of the same library in the same isolation goes on as it is, and one whose new package
    /// does not start goes on as well. Those that are started anew run beside the ones before them.
    ///
    /// # Errors
    /// Only when the directory as a whole cannot be read.
    pub async fn scan_again(
        &self,
        path: &Path,
        wanted: &[config::adapter::Adapter],
        host: &Host,
    ) -> std::io::Result<Self> {
        let mut scan = Scan {
            path,
            wanted,
            host,
            before: self,
            now: Self::default(),
        };
        for candidate in Candidate::find_all(path, &host.policy)? {
            scan.load(candidate).await;
        }
        scan.now.tell_unsigned();
        Ok(scan.now)
    }

    /// The adapters that run without a signature.
    #[must_use]
    pub fn unsigned(&self) -> Vec<&str> {
        let runs = |plugin: &&Plugin| {
            plugin.state == PluginState::Ready && plugin.trust == Some(Trust::Unsigned)
        };
        let unsigned = self.plugins.iter().filter(runs);
        unsigned.filter_map(Plugin::id).collect()
    }

    /// At every start and reload, so that what was meant for trying things out is not forgotten.
    fn tell_unsigned(&self) {
        let ids = self.unsigned();
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

    /// What runs of this library.
    fn running_of(&self, library: Digest) -> Option<&Running> {
        self.adapters
            .values()
            .find(|running| running.origin.library == library)
    }
}

// === impl Scan ===

impl Scan<'_> {
    async fn load(&mut self, candidate: Candidate) {
        let (manifest, state) = match self.find_out(&candidate).await {
            Ok((manifest, state)) => (Some(manifest), state),
            Err(refusal) => (candidate.manifest, refusal.into()),
        };
        let plugin = Plugin {
            path: candidate.path,
            trust: candidate.trust,
            installed: candidate.installed,
            manifest,
            state,
        };
        let fallback = self.fallback(&plugin);
        if let PluginState::Refused { reason, .. } = &plugin.state {
            tracing::warn!(plugin = %plugin.path.display(), reason, "a plugin was refused");
        }
        self.now.plugins.push(plugin);
        if let Some((id, why)) = fallback {
            self.now.keep(&id, self.before, &why);
        }
    }

    /// The adapter that goes on in the place of an installed package that does not start, and why that does not. Only
    /// while it is enabled, and only if its own package may still run: what is revoked does not go on.
    fn fallback(&self, found: &Plugin) -> Option<(String, String)> {
        let PluginState::Refused { reason, .. } = &found.state else {
            return None;
        };
        let (new, id) = (found.installed.as_ref()?, found.id()?);
        let old = self.before.plugin(id)?.installed.as_ref()?;
        let running = self.before.adapters.get(id)?;
        if old.pin.package == new.pin.package {
            return None;
        }
        let still_there = Candidate::of_generation(self.path, old, &self.host.policy);
        let may_run = still_there
            .library
            .is_ok_and(|library| Digest::from(library.sha256()) == running.origin.library);
        let is_wanted = self
            .isolation(running.adapter.manifest())
            .is_ok_and(|isolation| isolation == running.origin.isolation);
        (may_run && is_wanted).then(|| (id.to_owned(), reason.clone()))
    }

    /// Who it is, and what becomes of it. One whose file does not say who it is has to be asked, in a sandbox, where
    /// that does no harm; one whose file does is not opened unless it is to run.
    async fn find_out(
        &mut self,
        candidate: &Candidate,
    ) -> Result<(Manifest, PluginState), Refusal> {
        let library = candidate.library.clone()?;
        let digest = Digest::from(library.sha256());
        let running = self.before.running_of(digest);
        let told = running.map(|running| running.adapter.manifest());
        if let Some(manifest) = candidate.manifest.as_ref().or(told) {
            let isolation = match self.isolation(manifest) {
                Err(state) => return Ok((manifest.clone(), state)),
                Ok(isolation) => isolation,
            };
            let origin = self.origin(digest, isolation);
            if let Some(running) = running.filter(|running| running.origin == origin)
                && (isolation == Isolation::Sandbox || running.adapter.answers().await)
            {
                return self.go_on(candidate, running);
            }
        }
        let image = Image {
            path: candidate.path.clone(),
            library,
        };
        let services = self.host.services()?;
        let asked = Adapter::sandboxed(&image, services, &self.host.workers).await?;
        believe(candidate, &asked)?;
        let manifest = asked.manifest().clone();
        let isolation = match self.isolation(&manifest) {
            Err(state) => return Ok((manifest, state)),
            Ok(isolation) => isolation,
        };
        let adapter = self.host.placed(asked, &image, isolation).await?;
        let origin = self.origin(digest, isolation);
        let adapter = Arc::new(adapter);
        self.now
            .adapters
            .insert(manifest.id.clone(), Running { adapter, origin });
        Ok((manifest, PluginState::Ready))
    }

    /// What is the same as before goes on, and gets another chance if it was quarantined.
    fn go_on(
        &mut self,
        candidate: &Candidate,
        running: &Running,
    ) -> Result<(Manifest, PluginState), Refusal> {
        believe(candidate, &running.adapter)?;
        running.adapter.release();
        let manifest = running.adapter.manifest().clone();
        self.now
            .adapters
            .insert(manifest.id.clone(), running.clone());
        Ok((manifest, PluginState::Ready))
    }

    fn origin(&self, library: Digest, isolation: Isolation) -> Origin {
        Origin {
            library,
            isolation,
            workers: self.host.workers.clone(),
        }
    }

    /// Where its adapter is to run; an `Err` is why nowhere.
    fn isolation(&self, manifest: &Manifest) -> Result<Isolation, PluginState> {
        let id = &manifest.id;
        let problems = manifest.problems();
        if let Some(first) = problems.first() {
            return Err(PluginState::Refused {
                kind: RefusalKind::Manifest,
                reason: first.clone(),
                report: (problems.len() > 1).then(|| problems.join("\n")),
            });
        }
        if self.now.adapters.contains_key(id) {
            let reason = format!("another plugin already holds adapter `{id}`; remove one of them");
            return Err(Refusal::of(RefusalKind::Duplicate, reason).into());
        }
        let wanted = self
            .wanted
            .iter()
            .find(|wanted| wanted.id == *id && wanted.enabled);
        wanted
            .map(|wanted| wanted.isolation)
            .ok_or(PluginState::Disabled)
    }
}

/// An adapter that says something else of itself than its package does is not run.
fn believe(candidate: &Candidate, adapter: &Adapter) -> Result<(), Refusal> {
    candidate
        .why_lying(adapter.manifest())
        .map_or(Ok(()), |lie| Err(Refusal::of(RefusalKind::Manifest, lie)))
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
                    false => Err(Refusal::of(RefusalKind::Manifest, TWO_FACED)),
                }
            }
        }
    }
}
