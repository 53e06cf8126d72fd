//! Telling a daemon that runs here what has changed.

use crate::cli::{output, reload};
use crate::config::store::Store;
use crate::running::reload_report::ReloadReport;

/// Has the daemon follow, if one runs, and prints its report beside the result.
pub(super) async fn reload_and_tell(store: &Store) -> anyhow::Result<Option<ReloadReport>> {
    let report = reload::ask(store).await?;
    match &report {
        Some(report) => output::note(&reload::text(report)),
        None => output::note("no daemon runs here; the next one that starts will have it"),
    }
    Ok(report)
}
