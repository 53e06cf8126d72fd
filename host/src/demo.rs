//! The demo: simulated systems, a daemon of its own in a temporary folder, and real orders answered.
//!
//! The simulated systems are a process of their own (`bestand-upstreams`), and say in one line of JSON how they are
//! reached; so the daemon demonstrates what it does for any system, and names no adapter here either.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::config::Config;
use crate::config::environment::Environment;
use crate::daemon::{Daemon, Parts};
use crate::telemetry::Telemetry;

mod folder;
mod orders;
mod scenario;
mod stage;
mod summary;
mod upstreams;

pub use summary::Summary;

use folder::Folder;
use scenario::Scenario;
use upstreams::Upstreams;

/// What the demo is to show.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Somebody's own orders, as CSV.
    pub orders: Option<PathBuf>,
    /// Which column of them is which.
    pub map: Option<String>,
    /// Where to listen; port 0 takes a free one.
    pub listen: String,
}

/// A demo that stands; it ends when this is dropped.
pub struct Demo {
    parts: Arc<Parts>,
    /// What it shows.
    pub summary: Summary,
    serving: tokio::task::JoinHandle<anyhow::Result<()>>,
    stop: tokio::sync::oneshot::Sender<()>,
    _upstreams: Upstreams,
    /// Last: the daemon's files go after everything that uses them.
    _folder: Folder,
}

// === impl Demo ===

impl Demo {
    /// Sets the stage, telling `say` each step.
    ///
    /// # Errors
    /// What keeps the demo from standing, with the way out.
    pub async fn stage(options: &Options, say: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Self> {
        say("starting the simulated systems");
        let (upstreams, scenario) = Upstreams::start(options).await?;
        let folder = Folder::make()?;
        say("letting its adapters run unsigned, as nobody should who has a warehouse");
        install(&scenario, &folder)?;
        let config = config(&scenario, &folder, &options.listen)?;
        let telemetry = Telemetry::start(&config.log)?;
        let daemon = Daemon::build(config, telemetry).await?;
        let (parts, address) = (Arc::clone(daemon.parts()), daemon.address()?);
        let link = daemon.new_set_up_link().await?;
        let link = link.context("somebody can sign in to a demo that has just begun")?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(daemon.run(async {
            let _ = stopped.await;
        }));
        let key = stage::set(&parts, &scenario, say).await?;
        orders::import(&parts, &scenario, options, say).await?;
        say("answering the orders");
        let summary = Summary::of(&parts, &format!("http://{address}"), key, link).await?;
        Ok(Self {
            parts,
            summary,
            serving,
            stop,
            _upstreams: upstreams,
            _folder: folder,
        })
    }

    /// Serves until `shutdown`.
    ///
    /// # Errors
    /// When the daemon fails.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        shutdown.await;
        self.end().await
    }

    /// Stops the daemon and the simulated systems.
    ///
    /// # Errors
    /// When the daemon fails.
    pub async fn end(self) -> anyhow::Result<()> {
        let _ = self.stop.send(());
        let ended = self.serving.await.context("the daemon panicked")?;
        drop(self.parts);
        ended
    }
}

/// Puts the built libraries into the demo's plugin directory.
fn install(scenario: &Scenario, folder: &Folder) -> anyhow::Result<()> {
    for name in &scenario.plugins {
        let built = beside_this_program(name)?;
        let installed = folder.plugins().join(name);
        std::os::unix::fs::symlink(&built, &installed)
            .with_context(|| format!("cannot link `{}`", installed.display()))?;
    }
    Ok(())
}

/// A file that was built together with this program.
fn beside_this_program(name: &str) -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("this program's own place is unknown")?;
    let found = program.parent().unwrap_or(Path::new(".")).join(name);
    if !found.exists() {
        bail!(
            "`{}` is missing; build all of the workspace first: cargo build --release",
            found.display()
        );
    }
    Ok(found)
}

/// The config file such a daemon would have.
fn config(scenario: &Scenario, folder: &Folder, listen: &str) -> anyhow::Result<Config> {
    let mut text = format!(
        "[server]\nlisten = {listen:?}\n[store]\nurl = {:?}\n[plugins]\ndir = {:?}\nallow_unsigned = true\n[log]\nfilter = \"warn\"\n",
        format!("sqlite:{}", folder.path().join("bestand.db").display()),
        folder.plugins(),
    );
    for adapter in scenario.adapters() {
        text += &format!("[[adapter]]\nid = {adapter:?}\n");
    }
    let path = folder.path().join("bestand.toml");
    std::fs::write(&path, &text).with_context(|| format!("cannot write `{}`", path.display()))?;
    Config::from_text(&path, text, &Environment::default()).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", all.join("\n"))
    })
}
