//! The places: every warehouse that an item names, learned by walking through all items.
//!
//! The contract has no list of warehouses. The walk costs as many requests as a listing, once before each; beside
//! [`StockChanges`](bestand_plugin_api::StockChanges) that is once a day.

use std::collections::BTreeSet;

use bestand_plugin_api::{Ctx, Cursor, Listing, Location, Result};
use serde::{Deserialize, Serialize};

use crate::Connect;
use crate::answer::{Item, Next};
use crate::contract::Criteria;
use crate::level::{UNNAMED, place};
use crate::listing::{read, written};

/// Where a walk goes on.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Walk {
    after: Option<String>,
    /// The places that were told already. A cursor holds some thousand.
    told: BTreeSet<String>,
}

/// One step of the walk.
pub(crate) async fn step(
    connect: &Connect,
    ctx: &Ctx,
    cursor: Option<Cursor>,
) -> Result<Listing<Location>> {
    let mut walk: Walk = cursor.as_ref().map(read).transpose()?.unwrap_or_default();
    let page = connect.page(ctx, Criteria::default(), walk.after.as_deref());
    let answer = page.await?.answer;
    let mut locations = walk.tell(connect, &answer.items);
    Ok(match answer.next {
        Next::Done => {
            if walk.told.is_empty() {
                locations.push(connect.location(UNNAMED));
            }
            Listing::done(locations)
        }
        Next::Page(next) => {
            walk.after = Some(next);
            Listing::page(locations, written(&walk)?)
        }
        Next::Later(wait, next) => {
            walk.after = next.or(walk.after);
            Listing::pending(wait, written(&walk)?)
        }
    })
}

// === impl Walk ===

impl Walk {
    /// The places of these items that were not told yet.
    fn tell(&mut self, connect: &Connect, items: &[Item]) -> Vec<Location> {
        let new = items.iter().filter_map(|item| {
            let id = place(item).0;
            self.told.insert(id.clone()).then(|| connect.location(&id))
        });
        new.collect()
    }
}

impl Connect {
    fn location(&self, id: &str) -> Location {
        let name = match self.settings.warehouse_names.get(id) {
            Some(name) => name,
            None if id == UNNAMED => "All stock",
            None => id,
        };
        Location::site(id, name)
    }
}
