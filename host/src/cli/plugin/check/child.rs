//! The other side of a check: one test, in a process that is thrown away behind it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bestand_plugin_api::Manifest;
use bestand_plugin_api::call::adapter::Describe;
use bestand_plugin_api::call::{self, Port};
use bestand_plugin_api::conformance::{Behind, Bench, Profile, Subject, rehearse};
use bestand_plugin_api::testing::FakeHost;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Isolation, is_address, profile, subject};
use crate::cli::exit::Exit;
use crate::clock::Clock;
use crate::plugin::services::Live;

/// What this program tells itself; nobody types it.
#[derive(Debug, Args)]
pub(super) struct ChildArguments {
    /// Run this test here and now; without it, only ask what every test needs
    #[arg(long, hide = true)]
    one: Option<String>,
    /// Where the adapter runs
    #[arg(long, hide = true, value_enum)]
    within: Option<Isolation>,
    /// What the live system answered before
    #[arg(long, hide = true)]
    rehearsal: Option<PathBuf>,
    /// Where the report goes
    #[arg(long, hide = true)]
    report_to: Option<PathBuf>,
}

// === impl ChildArguments ===

impl ChildArguments {
    pub(super) fn is_child(&self) -> bool {
        self.report_to.is_some()
    }
}

/// What the first child finds out for all others.
#[derive(Serialize, Deserialize)]
pub(super) struct Rehearsed {
    /// Who the adapter is.
    pub(super) manifest: Manifest,
    /// What the live system answered, as TOML; empty without one.
    pub(super) cassette: String,
}

/// Does what the parent asks; the report goes into a file, because a plugin may write to stdout.
pub(super) async fn run(
    arguments: &ChildArguments,
    library: &Path,
    settings: &Path,
    upstream: Option<String>,
) -> anyhow::Result<Exit> {
    let subject = subject::of(library, arguments.within.unwrap_or(Isolation::Sandbox))?;
    let profile = profile::load(settings)?;
    let report = match &arguments.one {
        Some(test) => {
            let behind = behind(upstream.as_deref(), arguments.rehearsal.as_deref())?;
            serde_json::to_string(&Bench::new(subject, profile, behind).run(test).await)?
        }
        None => serde_json::to_string(&rehearsed(subject, &profile, upstream).await?)?,
    };
    let path = arguments.report_to.as_deref();
    let path = path.context("a child is told where its report goes")?;
    std::fs::write(path, report).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(Exit::Done)
}

/// What stands behind the adapter.
fn behind(upstream: Option<&str>, rehearsal: Option<&Path>) -> anyhow::Result<Behind> {
    let Some(upstream) = upstream else {
        return Ok(Behind::Nothing);
    };
    if !is_address(upstream) {
        return Ok(Behind::Cassette(Arc::new(profile::cassette(upstream)?)));
    }
    let rehearsal = rehearsal.context("there was no rehearsal: the adapter does not start")?;
    let Rehearsed { manifest, cassette } =
        serde_json::from_str(&std::fs::read_to_string(rehearsal)?)?;
    Ok(Behind::Live {
        system: Arc::new(Live::new(upstream, &manifest, Clock::system())?),
        rehearsal: Arc::new(cassette.parse()?),
        is_rehearsal: false,
    })
}

async fn rehearsed(
    subject: Arc<dyn Subject>,
    profile: &Profile,
    upstream: Option<String>,
) -> anyhow::Result<Rehearsed> {
    let host: Arc<dyn Port> = Arc::new(FakeHost::default());
    let port = subject.start(host).await?;
    let manifest = call::ask::<Describe>(&*port, 0, "", &()).await?;
    let cassette = match upstream.filter(|upstream| is_address(upstream)) {
        Some(address) => {
            let live = Live::new(&address, &manifest, Clock::system())?;
            rehearse(subject, profile, Arc::new(live)).await.to_toml()
        }
        None => String::new(),
    };
    Ok(Rehearsed { manifest, cassette })
}
