//! `bestand plugin list`: the plugins in the plugin directory, and what became of each.

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output::{self, Column, OutputArguments, or_dash};
use crate::config::Config;
use crate::plugin::installed::Pin;
use crate::plugin::package::contents::capabilities;
use crate::plugin::services::{Common, SourceReader};
use crate::plugin::trust::{Trust, TrustWord};
use crate::plugin::{self, Directory, Host, PluginState};

/// List the plugins: the adapter in each, what its signature is worth, and whether it can run
///
/// What is to run is started in a sandbox, so that what is shown is what a daemon would find. Nothing is asked of any
/// system.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Print the long reports on libraries that were refused
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    output: OutputArguments,
}

/// A library as it is shown.
#[derive(Serialize)]
struct Shown {
    file: String,
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
    contract: Option<String>,
    publisher: Option<String>,
    capabilities: Vec<String>,
    hosts: Vec<String>,
    signature: Option<TrustWord>,
    key: Option<String>,
    signed_by: Option<String>,
    generation: Option<u64>,
    granted: Option<Granted>,
    state: &'static str,
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
}

/// What the operator has granted an installed package.
#[derive(Serialize)]
struct Granted {
    capabilities: Vec<String>,
    hosts: Vec<String>,
}

const COLUMNS: &[Column<Shown>] = &[
    ("ADAPTER", |plugin| or_dash(plugin.id.as_ref())),
    ("NAME", |plugin| or_dash(plugin.name.as_ref())),
    ("VERSION", |plugin| or_dash(plugin.version.as_ref())),
    ("SIGNATURE", |plugin| {
        plugin.signature.map_or("-", TrustWord::in_words).into()
    }),
    ("GENERATION", |plugin| or_dash(plugin.generation.as_ref())),
    ("STATE", |plugin| plugin.state.into()),
    ("GRANTED", |plugin| {
        plugin
            .granted
            .as_ref()
            .map_or_else(|| "-".into(), Granted::in_words)
    }),
    ("FILE", |plugin| plugin.file.clone()),
    ("REASON", |plugin| or_dash(plugin.reason.as_ref())),
];

// === impl List ===

impl List {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let directory = scan(context, &config).await?;
        let mut plugins: Vec<_> = directory.plugins().iter().map(Shown::from).collect();
        if !self.explain {
            plugins.iter_mut().for_each(|plugin| plugin.report = None);
        }
        self.output.list(&plugins, COLUMNS)?;
        explain(&plugins, self.output);
        Ok(Exit::Done)
    }
}

async fn scan(context: &Context, config: &Config) -> anyhow::Result<Directory> {
    let common = Common {
        clock: context.clock.clone(),
        db: Context::open_store(config).await?,
        daemon: tokio::runtime::Handle::current(),
        sources: SourceReader::default(),
    };
    let host = Host::of(config, common);
    let scanned = Directory::scan(&config.plugins.dir, &config.adapters, &host).await;
    scanned.with_context(|| {
        format!(
            "cannot read the plugin directory `{}`",
            config.plugins.dir.display()
        )
    })
}

fn explain(plugins: &[Shown], output: OutputArguments) {
    let reports = plugins
        .iter()
        .filter_map(|plugin| Some((&plugin.file, plugin.report.as_ref()?)));
    for (file, report) in reports.filter(|_| !output.json) {
        output::note(&format!("\n{file}:\n{report}"));
    }
}

impl From<&plugin::Plugin> for Shown {
    fn from(plugin: &plugin::Plugin) -> Self {
        let manifest = plugin.manifest.as_ref();
        let (state, reason, report) = match &plugin.state {
            PluginState::Ready => ("ready", None, None),
            PluginState::Disabled => ("disabled", None, None),
            PluginState::Refused { reason, report, .. } => {
                ("refused", Some(reason.clone()), report.clone())
            }
        };
        Self {
            file: plugin.path.display().to_string(),
            id: plugin.id().map(str::to_owned),
            name: manifest.map(|manifest| manifest.name.clone()),
            version: manifest.map(|manifest| manifest.version.clone()),
            contract: manifest.map(|manifest| manifest.contract.clone()),
            publisher: manifest.map(|manifest| manifest.publisher.clone()),
            capabilities: manifest
                .map(|manifest| capabilities(manifest).into_iter().collect())
                .unwrap_or_default(),
            hosts: manifest
                .map(|manifest| manifest.outbound.clone())
                .unwrap_or_default(),
            signature: plugin.trust.as_ref().map(Trust::word),
            key: plugin
                .trust
                .as_ref()
                .and_then(Trust::key)
                .map(|key| key.to_string()),
            signed_by: plugin
                .trust
                .as_ref()
                .and_then(Trust::publisher)
                .map(str::to_owned),
            generation: plugin.installed.as_ref().map(|installed| installed.number),
            granted: plugin
                .installed
                .as_ref()
                .map(|installed| Granted::of(&installed.pin)),
            state,
            reason,
            report,
        }
    }
}

// === impl Granted ===

impl Granted {
    fn of(pin: &Pin) -> Self {
        Self {
            capabilities: pin.capabilities.iter().cloned().collect(),
            hosts: pin.hosts.iter().cloned().collect(),
        }
    }

    fn in_words(&self) -> String {
        [self.capabilities.as_slice(), &self.hosts]
            .concat()
            .join(", ")
    }
}
