//! Reads the config file again when asked to (SIGHUP): adapters, connections and the log filter follow without a
//! restart. What became of it is left in the store's folder, for `bestand reload` to tell.

use std::sync::Arc;

use tokio::signal::unix::Signal;

use super::{Parts, adapter_news, scan};
use crate::config::Config;
use crate::connection::{Connections, Tried};
use crate::plugin::services::Common;
use crate::plugin::{Directory, Plugin, PluginState};
use crate::running::reload_report::ReloadReport;

pub(super) async fn run(parts: Arc<Parts>, mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        let (taken, lines) = match reload(&parts).await {
            Ok(lines) => (true, lines),
            Err(lines) => (false, lines),
        };
        let refused = refused(&parts);
        tracing::info!(
            taken,
            lines = lines.join("; "),
            "the config file was read again"
        );
        if let Err(error) = ReloadReport::write(&parts.config.store.dir, taken, lines, refused) {
            tracing::warn!(%error, "what became of the reload cannot be written down");
        }
    }
}

/// A file with a mistake changes nothing. Answers what changed, or why nothing did.
async fn reload(parts: &Parts) -> Result<Vec<String>, Vec<String>> {
    let config = parts
        .config
        .reread()
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
    let setbacks = directory.setbacks().iter();
    lines.extend(setbacks.map(|setback| setback.reason.clone()));
    lines.extend(directory.plugins().iter().map(|plugin| {
        let name = plugin.id().unwrap_or("?");
        let told = format!(
            "adapter `{name}` ({}): {}",
            plugin.path.display(),
            plugin.state.word()
        );
        match &plugin.state {
            PluginState::Refused { reason, .. } => format!("{told}: {reason}"),
            PluginState::Ready | PluginState::Disabled => told,
        }
    }));
    Ok(lines)
}

/// The adapters whose installed package does not run.
fn refused(parts: &Parts) -> Vec<String> {
    let directory = parts.connections.directory();
    let is_refused = |plugin: &&Plugin| matches!(plugin.state, PluginState::Refused { .. });
    let refused = directory.plugins().iter().filter(is_refused);
    let refused = refused.filter_map(|plugin| Some(plugin.installed.as_ref()?.id.clone()));
    let setbacks = directory
        .setbacks()
        .iter()
        .map(|setback| setback.id.clone());
    refused.chain(setbacks).collect()
}

async fn put_in_place(parts: &Parts, config: &Config) -> anyhow::Result<()> {
    parts.telemetry.set_filter(&config.log.filter)?;
    let daemon = tokio::runtime::Handle::current();
    let common = Common {
        clock: parts.clock.clone(),
        db: parts.db.clone(),
        daemon,
        sources: parts.source_reader.clone(),
    };
    let before = parts.connections.directory();
    let quarantined = adapter_news::quarantined(&before);
    let mut directory = scan(config, common, &before).await;
    adapter_news::of_release(parts, &quarantined);
    parts
        .connections
        .declare(parts.account.id, &config.connections)
        .await?;
    let tried = try_out(&parts.connections, &before, &mut directory).await;
    parts
        .connections
        .replace_directory(directory, tried)
        .await?;
    adapter_news::of_reload(parts, &before, &parts.connections.directory());
    Ok(())
}

/// Tries every adapter that is another than before with the connections that are open. One that does not work is not
/// put in place.
async fn try_out(
    connections: &Connections,
    before: &Directory,
    directory: &mut Directory,
) -> Tried {
    let mut tried = Tried::default();
    for old in before.adapters() {
        let id = &old.manifest().id;
        let Some(new) = directory.adapter(id).filter(|new| !Arc::ptr_eq(new, old)) else {
            continue;
        };
        match connections.try_out(new).await {
            Ok(works) => tried.extend(works),
            Err(why) => directory.keep(id, before, &why),
        }
    }
    tried
}
