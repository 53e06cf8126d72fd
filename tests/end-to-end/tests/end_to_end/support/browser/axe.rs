//! axe-core, which knows what makes a page hard to use without eyes or hands.
//!
//! It is put into the page by the browser, so that the page's own content security policy need not let it in.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Fault, Page};
use crate::support::built::target_folder;

/// Names the file to be used instead of the one beside the built programs.
const GIVEN: &str = "BESTAND_AXE";
/// Where `tests/run` puts it, below the target folder.
const FILE: &str = "axe-core/axe.min.js";
/// Everything that is found; nothing more is fetched for it.
const RUN: &str = "() => axe.run(document, { resultTypes: ['violations'], preload: false }).then(found => found.violations)";

/// What it finds that keeps people from using the page.
pub(super) async fn faults(page: &Page) -> Vec<Fault> {
    let Some(source) = source() else {
        eprintln!("not looked at by axe: `tests/run` fetches it");
        return Vec::new();
    };
    if page.script("() => 'axe' in window", &[]).await != true {
        let put = json!({ "expression": source, "returnByValue": false });
        page.ask("Runtime.evaluate", put).await;
    }
    let found = page.script(RUN, &[]).await;
    let found = found.as_array().expect("a list").iter();
    let grave = found.filter(|violation| is_grave(violation));
    grave.map(fault).collect()
}

fn source() -> Option<String> {
    let file = std::env::var_os(GIVEN).map_or_else(beside_what_is_built, PathBuf::from);
    std::fs::read_to_string(file).ok()
}

fn beside_what_is_built() -> PathBuf {
    target_folder().join(FILE)
}

fn is_grave(violation: &Value) -> bool {
    matches!(violation["impact"].as_str(), Some("serious" | "critical"))
}

fn fault(violation: &Value) -> Fault {
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let node = |node: &Value| format!("{} {}", node["target"], node["failureSummary"]);
    Fault::Inaccessible {
        rule: violation["id"].as_str().unwrap_or_default().to_owned(),
        help: violation["help"].as_str().unwrap_or_default().to_owned(),
        places: nodes.map(node).collect(),
    }
}
