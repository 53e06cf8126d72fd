//! What an item is to Bestand.

use std::collections::BTreeMap;
use std::time::Duration;

use bestand_plugin_api::{ItemRef, LocationId, Quantities, Sku, StockLevel, Timestamp, Tracking};

use crate::answer::Item;

/// The place of items that name no warehouse.
pub(crate) const UNNAMED: &str = "all-stock";
/// A module that keeps what it fetched says when that was. An older moment is a broken clock: believed, it would keep
/// every later number from counting as newer.
const KEPT_MAX: Duration = Duration::from_secs(24 * 3600);

/// One level for each SKU and place. Two items of one SKU at one place are two articles of the system behind the
/// module, and no single count is right.
pub(crate) fn levels(items: &[Item], sent_at: Timestamp) -> Vec<StockLevel> {
    let mut levels: BTreeMap<(Sku, LocationId), StockLevel> = BTreeMap::new();
    for item in items {
        let level = level(item, sent_at);
        let key = (level.sku.clone(), level.location.clone());
        let level = match levels.get(&key) {
            Some(other) if other.item != level.item => {
                StockLevel::uncounted(level.sku, level.location, Tracking::Ambiguous, sent_at)
            }
            _ => level,
        };
        levels.insert(key, level);
    }
    levels.into_values().collect()
}

/// Where an item lies.
pub(crate) fn place(item: &Item) -> LocationId {
    item.warehouse.as_deref().unwrap_or(UNNAMED).into()
}

fn level(item: &Item, sent_at: Timestamp) -> StockLevel {
    let mut quantities = Quantities::default();
    quantities.available = item.available;
    quantities.on_hand = item.on_hand;
    quantities.allocated = item.allocated;
    if let Some(committed) = item.committed {
        quantities = quantities.with_other("committed", committed);
    }
    let fetched_at = fetched_at(item.fetched_at, sent_at);
    let mut level = StockLevel::counted(item.sku.clone(), place(item), quantities, fetched_at);
    level.item = item.id.clone().map(ItemRef);
    level.source_updated_at = item.updated_at;
    level
}

/// When the count was true: when the module fetched it, where that is before we asked.
fn fetched_at(told: Option<Timestamp>, sent_at: Timestamp) -> Timestamp {
    told.filter(|told| *told < sent_at && sent_at.since(*told) <= KEPT_MAX)
        .unwrap_or(sent_at)
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::Quantity;

    use super::*;
    use crate::answer::Answer;

    const SENT_AT: &str = "2026-11-20T10:00:00Z";

    fn of(items: &str) -> Vec<StockLevel> {
        let answer = Answer::of_fetch(format!(r#"{{"items":[{items}]}}"#).as_bytes());
        levels(&answer.unwrap().items, SENT_AT.parse().unwrap())
    }

    fn fetched(at: &str) -> String {
        let item = format!(r#"{{"sku":"A","available_quantity":1,"fetched_at":"{at}"}}"#);
        of(&item)[0].fetched_at.to_string()
    }

    #[test]
    fn every_quantity_keeps_its_meaning() {
        let level = of(r#"{"integration_entity_id":"e","sku":"A","available_quantity":3,"onhand_quantity":7,
            "allocated_quantity":2,"committed_quantity":4,"warehouse_id":"W","updated_at":"2026-11-01T00:00:00Z"}"#)
            .remove(0);
        let expected = Quantities::of(Quantity::units(3), Quantity::units(7))
            .with_allocated(Quantity::units(2))
            .with_other("committed", Quantity::units(4));
        assert_eq!(
            (level.quantities, level.location.0.as_str()),
            (expected, "W")
        );
        assert_eq!(level.item, Some(ItemRef("e".into())));
        assert!(level.source_updated_at.is_some());
    }

    #[test]
    fn the_age_that_a_module_tells_is_believed_for_a_day() {
        assert_eq!(fetched("2026-11-20T09:58:00Z"), "2026-11-20T09:58:00Z");
        for other in ["2026-11-20T11:00:00Z", "1970-01-01T00:00:00Z", "yesterday"] {
            assert_eq!(fetched(other), SENT_AT);
        }
    }

    #[test]
    fn two_items_of_one_sku_at_one_place_are_no_count() {
        let item = |id: &str, place: &str| {
            format!(
                r#"{{"integration_entity_id":"{id}","sku":"A","available_quantity":1,"warehouse_id":"{place}"}}"#
            )
        };
        let levels = of(&[
            item("1", "W"),
            item("2", "W"),
            item("3", "X"),
            item("3", "X"),
        ]
        .join(","));
        let trackings: Vec<_> = levels.iter().map(|level| level.tracking).collect();
        assert_eq!(trackings, [Tracking::Ambiguous, Tracking::Counted]);
    }
}
