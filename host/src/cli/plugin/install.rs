//! `bestand plugin install`, `upgrade` and `rollback`: which package of an adapter runs.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use super::running;
use super::source::Source;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output::{self, OutputArguments};
use crate::config::Config;
use crate::plugin::candidate::Policy;
use crate::plugin::installed::plan::{self, Consent};
use crate::plugin::installed::{Installed, Locked, alone, store};
use crate::plugin::trust::Trust;

/// Install a package: check it, keep it, and run it if its adapter is enabled
///
/// Grants the adapter what it asks for, which is shown. A daemon that runs here follows at once.
#[derive(Debug, Args)]
pub(in crate::cli) struct Install {
    #[command(flatten)]
    handed: Handed,
}

/// Replace an installed package by another one, without stopping anything
///
/// A daemon that runs here starts the new one beside the old one, tries it with the real connections, and takes it only
/// if it works; what is under way ends on the old one.
#[derive(Debug, Args)]
pub(in crate::cli) struct Upgrade {
    /// Grant what it asks for beyond what the last one had
    #[arg(long)]
    approve: bool,
    /// Take it although it is older than what is installed
    #[arg(long)]
    allow_downgrade: bool,
    #[command(flatten)]
    handed: Handed,
}

/// Go back to the package that ran before; again, to undo that
#[derive(Debug, Args)]
pub(in crate::cli) struct Rollback {
    /// The adapter's id
    id: String,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
struct Handed {
    /// The package: a folder, or a .tar.gz of one
    package: PathBuf,
    /// Take it without a signature; it runs only where `plugins.allow_unsigned` is set
    #[arg(long)]
    allow_unsigned: bool,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Serialize)]
struct Shown {
    id: String,
    version: String,
    package: String,
    generation: u64,
    key: Option<String>,
    capabilities: Vec<String>,
    hosts: Vec<String>,
}

/// What a command makes of an adapter's packages.
type Plan = fn(
    Option<&Locked>,
    &crate::plugin::package::Package,
    &Trust,
    Consent,
) -> Result<Locked, plan::Refusal>;

// === impl Install ===

impl Install {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        self.handed
            .put(context, plan::install, Consent::default())
            .await
    }
}

// === impl Upgrade ===

impl Upgrade {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let consent = Consent {
            approve: self.approve,
            allow_downgrade: self.allow_downgrade,
            allow_unsigned: false,
        };
        self.handed.put(context, plan::upgrade, consent).await
    }
}

// === impl Rollback ===

impl Rollback {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let dir = &config.plugins.dir;
        let changed = {
            let _alone = alone(dir)?;
            let installed = Installed::read(dir)?;
            let locked = plan::rollback(&self.id, installed.find(&self.id))?;
            lock(&config, installed, &self.id, locked)?
        };
        tell(&config, &self.id, changed, self.output).await
    }
}

// === impl Handed ===

impl Handed {
    async fn put(self, context: &Context, plan: Plan, consent: Consent) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let policy = Policy::of(&config, &context.clock);
        let source = Source::open(&self.package, &policy.machine)?;
        let package = &source.package;
        let trust = Trust::of(package, &policy.publishers, policy.today);
        let consent = Consent {
            allow_unsigned: self.allow_unsigned,
            ..consent
        };
        let id = package.contents.id.clone();
        let dir = &config.plugins.dir;
        let changed = {
            let _alone = alone(dir)?;
            let installed = Installed::read(dir)?;
            let locked = plan(installed.find(&id), package, &trust, consent)?;
            store::put(dir, package, &policy.machine)?;
            lock(&config, installed, &id, locked)?
        };
        tell(&config, &id, changed, self.output).await
    }
}

/// What was written, and what stood there before.
struct Changed {
    before: Option<Locked>,
    now: Locked,
}

fn lock(
    config: &Config,
    mut installed: Installed,
    id: &str,
    locked: Locked,
) -> anyhow::Result<Changed> {
    let dir = &config.plugins.dir;
    let before = installed.find(id).cloned();
    installed.set(id, Some(locked.clone()));
    installed.write(dir)?;
    Ok(Changed {
        before,
        now: locked,
    })
}

/// Says what is installed now, and has a daemon follow.
async fn tell(
    config: &Config,
    id: &str,
    changed: Changed,
    output: OutputArguments,
) -> anyhow::Result<Exit> {
    output.one(&Shown::of(id, &changed.now), text)?;
    if config.adapter(id).is_none_or(|adapter| !adapter.enabled) {
        output::note(&format!(
            "it does not run yet: add `[[adapter]]` with `id = \"{id}\"` to the config file, then `bestand reload`"
        ));
    }
    if changed.now.current.key.is_none() && !config.plugins.allow_unsigned {
        output::note("it is not signed, and runs only where `plugins.allow_unsigned` is set");
    }
    let report = running::reload_and_tell(&config.store).await?;
    let refused = report.is_some_and(|report| report.refused.iter().any(|refused| refused == id));
    if refused {
        set_back(config, id, changed.before)?;
        return Ok(Exit::Failed);
    }
    let dir = &config.plugins.dir;
    let _alone = alone(dir)?;
    let keep = Installed::read(dir)?.packages();
    store::prune(dir, &keep).context("the store cannot be tidied up")?;
    Ok(Exit::Done)
}

/// What does not work is not installed: the next start of the daemon must find what runs now.
fn set_back(config: &Config, id: &str, before: Option<Locked>) -> anyhow::Result<()> {
    let dir = &config.plugins.dir;
    let _alone = alone(dir)?;
    let mut installed = Installed::read(dir)?;
    let shown = before.as_ref().map_or_else(
        || "none".into(),
        |before| before.current.version.to_string(),
    );
    installed.set(id, before);
    installed.write(dir)?;
    output::complain(&format!(
        "the daemon did not take it; installed is what was before: {shown}"
    ));
    Ok(())
}

// === impl Shown ===

impl Shown {
    fn of(id: &str, locked: &Locked) -> Self {
        let pin = locked.current.clone();
        Self {
            id: id.into(),
            version: pin.version.to_string(),
            package: pin.package.to_string(),
            generation: locked.generation,
            key: pin.key.map(|key| key.to_string()),
            capabilities: pin.capabilities.into_iter().collect(),
            hosts: pin.hosts.into_iter().collect(),
        }
    }
}

fn text(shown: &Shown) -> String {
    let granted = match [shown.capabilities.as_slice(), &shown.hosts].concat() {
        granted if granted.is_empty() => "nothing".into(),
        granted => granted.join(", "),
    };
    format!(
        "{} {} is installed, generation {}; granted: {granted}",
        shown.id, shown.version, shown.generation
    )
}
