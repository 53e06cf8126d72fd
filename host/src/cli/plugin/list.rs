//! `bestand plugin list`: the libraries in the plugin directory, and what became of each.

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output::{self, Column, OutputArguments, or_dash};
use crate::config::Config;
use crate::plugin::services::Common;
use crate::plugin::{self, Directory, Host, PluginState};

/// List the libraries in the plugin directory: the adapter in each, and whether it can run
///
/// Each library is opened, so that what is shown is what a daemon would find. Nothing is asked of any system.
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
    state: &'static str,
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
}

const COLUMNS: &[Column<Shown>] = &[
    ("ADAPTER", |plugin| or_dash(plugin.id.as_ref())),
    ("NAME", |plugin| or_dash(plugin.name.as_ref())),
    ("VERSION", |plugin| or_dash(plugin.version.as_ref())),
    ("STATE", |plugin| plugin.state.into()),
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
    };
    let host = Host {
        common,
        workers: config.plugins.workers(),
    };
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
            PluginState::Refused { reason, report } => {
                ("refused", Some(reason.clone()), report.clone())
            }
        };
        Self {
            file: plugin.path.display().to_string(),
            id: manifest.map(|manifest| manifest.id.clone()),
            name: manifest.map(|manifest| manifest.name.clone()),
            version: manifest.map(|manifest| manifest.version.clone()),
            contract: manifest.map(|manifest| manifest.contract.clone()),
            publisher: manifest.map(|manifest| manifest.publisher.clone()),
            capabilities: manifest
                .map(|manifest| manifest.capabilities.iter().map(named).collect())
                .unwrap_or_default(),
            state,
            reason,
            report,
        }
    }
}

/// A capability by the name it has in the manifest.
fn named(capability: &bestand_plugin_api::Capability) -> String {
    let json = serde_json::to_value(capability).unwrap_or_default();
    json["name"].as_str().unwrap_or("unknown").into()
}
