//! Connections to the adapter that misbehaves, and how its process is.

use bestand::connection::NewConnection;
use bestand::plugin::sandbox::health::Health;
use serde_json::json;

use super::Life;

/// A connection whose adapter does `fault` when it is asked for `at`.
pub(crate) fn behaving(name: &str, fault: &str, at: &str) -> NewConnection {
    NewConnection {
        name: name.into(),
        adapter: "misbehaving".into(),
        settings: json!({ "fault": fault, "at": at }),
        secrets: Default::default(),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    }
}

/// How the process of the misbehaving adapter is.
pub(crate) fn health(life: &Life) -> Health {
    let directory = life.connections.directory();
    let adapter = directory.adapter("misbehaving").expect("it is ready");
    adapter.health().expect("it has a process of its own")
}
