//! The places of a connection.

use std::collections::HashSet;

use crate::Location;
use crate::conformance::Bench;
use crate::conformance::finding::{Ended, Finding, Promised};

pub(in crate::conformance) async fn places_are_listed_once_and_with_their_parents(
    bench: &Bench,
) -> Ended {
    let rig = bench.start().await?;
    let line = rig.connect().await?;
    // The connection refuses what is listed twice, and what lies nowhere.
    let locations = line
        .connection
        .locations()
        .await
        .promised("listed all places")?;
    let again = line
        .connection
        .locations()
        .await
        .promised("listed all places again")?;
    let ids: HashSet<_> = locations.iter().map(|location| &location.id).collect();
    let ids_again: HashSet<_> = again.iter().map(|location| &location.id).collect();
    if ids != ids_again {
        bench.found(
            Finding::must_fix("listed all places twice")
                .expected(
                    "the same places: one that is no longer named becomes a source that is gone",
                )
                .seen(format!("{} places, then {}", ids.len(), ids_again.len()))
                .way_out("take the ids of the system, which stay, not positions or names"),
        );
    }
    if !locations.iter().any(|location| location.kind.is_source()) {
        bench.found(
            Finding::should_fix("looked for a place that can be linked")
                .expected("at least one `Site`, `Virtual` or `Channel`")
                .seen(format!("none among {}", locations.len()))
                .way_out("for a system that knows only one stock, list one `Virtual` place"),
        );
    }
    let nameless = |location: &&Location| location.name.trim().is_empty();
    // The only place may go by the name of its connection.
    let unnamed = locations.iter().filter(nameless);
    for location in unnamed.filter(|_| locations.len() > 1) {
        let done = format!("read the place `{}`", location.id);
        bench.found(
            Finding::should_fix(done)
                .expected("a name")
                .seen("none")
                .way_out("staff choose it by its name"),
        );
    }
    Ok(())
}
