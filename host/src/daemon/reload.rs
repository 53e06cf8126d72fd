//! Reads the config file again when asked to (SIGHUP): adapters, connections and the log filter follow without a
//! restart. What became of it is left in the store's folder, for `bestand reload` to tell.

use std::sync::Arc;

use tokio::signal::unix::Signal;

use super::{Parts, scan};
use crate::config::Config;
use crate::plugin::services::Common;
use crate::running::reload_report::ReloadReport;

pub(super) async fn run(parts: Arc<Parts>, mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        let (taken, lines) = match reload(&parts).await {
            Ok(lines) => (true, lines),
            Err(lines) => (false, lines),
        };
        tracing::info!(
            taken,
            lines = lines.join("; "),
            "the config file was read again"
        );
        if let Err(error) = ReloadReport::write(&parts.config.store.dir, taken, lines) {
            tracing::warn!(%error, "what became of the reload cannot be written down");
        }
    }
}

/// A file with a mistake changes nothing. Answers what changed, or why nothing did.
async fn reload(parts: &Parts) -> Result<Vec<String>, Vec<String>> {
    let config = Config::load(parts.config.file.as_deref())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let restart = parts.config.restart_needed_for(&config);
    let mut lines: Vec<String> = restart
        .iter()
        .map(|key| format!("`{key}` changes only with a restart"))
        .collect();
    put_in_place(parts, &config)
        .await
        .map_err(|error| vec![format!("{error:#}")])?;
    let directory = parts.connections.directory();
    lines.extend(directory.plugins().iter().map(|plugin| {
        let name = plugin
            .manifest
            .as_ref()
            .map_or("?", |manifest| &manifest.id);
        format!(
            "adapter `{name}` ({}): {}",
            plugin.path.display(),
            plugin.state.word()
        )
    }));
    Ok(lines)
}

async fn put_in_place(parts: &Parts, config: &Config) -> anyhow::Result<()> {
    parts.telemetry.set_filter(&config.log.filter)?;
    let daemon = tokio::runtime::Handle::current();
    let common = Common {
        clock: parts.clock.clone(),
        db: parts.db.clone(),
        daemon,
    };
    let directory = scan(config, common).await;
    parts
        .connections
        .declare(parts.account.id, &config.connections)
        .await?;
    Ok(parts.connections.replace_directory(directory).await?)
}
