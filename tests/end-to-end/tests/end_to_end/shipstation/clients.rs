//! Clients of ShipStation's APIs that others have written and that know nothing of this project: where they are, and
//! how a visit by one of them goes.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::built::target_folder;
use crate::support::{Daemon, Install};

/// Names the folder with the clients instead of the one beside the built programs.
const GIVEN: &str = "BESTAND_SHIPSTATION_CLIENTS";
/// Where `tests/run` puts them, below the target folder.
const FOLDER: &str = "shipstation-clients";

/// What a client is written in, and how a visit by it is told.
pub(super) enum Visit {
    Python(&'static str),
    Node(&'static str),
}

// === impl Visit ===

impl Visit {
    /// Runs the visit, and answers what the client was told; nothing when the client is not there, which is said.
    pub(super) async fn run(
        &self,
        install: &Install,
        daemon: &Daemon,
        more: &[(&str, &str)],
    ) -> Option<Value> {
        let given = std::env::var_os(GIVEN).map(PathBuf::from);
        let folder = given.unwrap_or_else(|| target_folder().join(FOLDER));
        let (program, script) = match self {
            Self::Python(script) => (folder.join("python/bin/python"), script),
            Self::Node(script) => ("node".into(), script),
        };
        if !folder.join("version").exists() {
            eprintln!(
                "skipped: no clients in {}; `tests/run` fetches them",
                folder.display()
            );
            return None;
        }
        let scripts = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/end_to_end/shipstation/clients"
        );
        let key = install.admin();
        let mut visit = tokio::process::Command::new(program);
        visit.arg(PathBuf::from(scripts).join(script));
        visit.env("BESTAND_URL", daemon.api.url());
        visit
            .env("BESTAND_KEY", &key.key)
            .env("BESTAND_SECRET", &key.secret);
        visit.env("NODE_PATH", folder.join("node/node_modules"));
        visit.envs(more.iter().copied());
        let visited = visit.output().await.expect("it runs");
        let (said, complained) = (
            String::from_utf8_lossy(&visited.stdout),
            String::from_utf8_lossy(&visited.stderr),
        );
        assert!(visited.status.success(), "{said}\n{complained}");
        let last = said.lines().last().expect("what it was told");
        Some(serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {said}")))
    }
}
