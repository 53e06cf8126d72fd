//! `bestand check-config`: says all that is wrong with the config, before a daemon does.

use clap::Args;
use serde::Serialize;

use super::context::Context;
use super::exit::{BadConfig, Exit};
use super::output::OutputArguments;
use crate::config::Config;
use crate::config::problem::Problem;

/// Check the config file and the environment, secrets included
///
/// Says all that is wrong at once, each with its file and line or its variable, and never shows a value. Settings of
/// connections are checked by their adapters, when the daemon starts.
#[derive(Debug, Args)]
pub struct CheckConfig {
    /// Print the JSON Schema of the config file instead, for editors
    #[arg(long)]
    schema: bool,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    file: Option<String>,
    problems: Vec<Problem>,
}

// === impl CheckConfig ===

impl CheckConfig {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if self.schema {
            super::output::line(&serde_json::to_string_pretty(&Config::schema())?)?;
            return Ok(Exit::Done);
        }
        let config = context.config().map_err(|BadConfig(problems)| problems);
        let problems = config
            .as_ref()
            .map_or_else(Clone::clone, Config::unreadable_secrets);
        let file = context.file.as_ref().map(|file| file.display().to_string());
        match (config, problems.is_empty(), self.output.json) {
            (Ok(config), true, false) => self.output.one(&(), |()| summary(file, &config))?,
            (_, false, false) => return Err(BadConfig(problems).into()),
            (_, ok, _) => self.output.one(
                &Checked {
                    ok,
                    file,
                    problems: problems.clone(),
                },
                |_| String::new(),
            )?,
        }
        Ok(if problems.is_empty() {
            Exit::Done
        } else {
            Exit::Misused
        })
    }
}

fn summary(file: Option<String>, config: &Config) -> String {
    let good = file.map_or_else(
        || "no config file; the defaults are good".into(),
        |file| format!("{file} is good"),
    );
    let enabled = config
        .adapters
        .iter()
        .filter(|adapter| adapter.enabled)
        .count();
    let (listen, url, connections) = (
        config.server.listen,
        &config.store.url,
        config.connections.len(),
    );
    format!(
        "{good}: listens on {listen}, store {url}, {enabled} adapters enabled, {connections} connections"
    )
}
