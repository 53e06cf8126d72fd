//! Waiting on behalf of an adapter, on the adapter's own runtime.

use std::time::Duration;

use bestand_plugin_api::Result;

/// Longest single sleep; the call's own deadline is shorter anyway.
const SLEEP_MAX: Duration = Duration::from_secs(600);

pub(super) async fn sleep(millis: u64) -> Result<()> {
    tokio::time::sleep(Duration::from_millis(millis).min(SLEEP_MAX)).await;
    Ok(())
}
