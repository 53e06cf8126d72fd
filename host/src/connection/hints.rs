//! Hints that something changed, gathered until they are followed.

use std::collections::BTreeSet;

use bestand_plugin_api::{LocationId, Sku};

/// SKUs gathered one by one; beyond it, asking for all that changed is cheaper.
const SKUS_MAX: usize = 500;

/// What is to be read again.
#[derive(Debug, Default)]
pub(super) struct Hints {
    skus: BTreeSet<Sku>,
    locations: BTreeSet<LocationId>,
    /// Some hint named no place: all of them are to be asked.
    everywhere: bool,
}

// === impl Hints ===

impl Hints {
    /// Gathers a hint; `true` when it is too wide to be followed SKU by SKU and asks for a sync instead.
    pub(super) fn add(&mut self, skus: Vec<Sku>, locations: Vec<LocationId>) -> bool {
        if skus.is_empty() || self.skus.len() + skus.len() > SKUS_MAX {
            *self = Self::default();
            return true;
        }
        self.everywhere |= locations.is_empty();
        self.skus.extend(skus);
        self.locations.extend(locations);
        false
    }

    /// What has been gathered, if anything, for an adapter that can be asked.
    pub(super) fn take(&mut self, can_ask: bool) -> Option<(Vec<Sku>, Vec<LocationId>)> {
        let gathered = std::mem::take(self);
        if gathered.skus.is_empty() || !can_ask {
            return None;
        }
        let locations = if gathered.everywhere {
            Vec::new()
        } else {
            gathered.locations.into_iter().collect()
        };
        Some((gathered.skus.into_iter().collect(), locations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skus(names: &[&str]) -> Vec<Sku> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn hints_are_gathered_and_each_sku_is_asked_for_once() {
        let mut hints = Hints::default();
        assert!(!hints.add(skus(&["B", "A"]), vec!["north".into()]));
        assert!(!hints.add(skus(&["A"]), vec!["south".into()]));
        let (asked, places) = hints.take(true).unwrap();
        assert_eq!((asked, places.len()), (skus(&["A", "B"]), 2));
        assert!(hints.take(true).is_none());
    }

    #[test]
    fn a_hint_without_a_place_means_every_place() {
        let mut hints = Hints::default();
        hints.add(skus(&["A"]), vec!["north".into()]);
        hints.add(skus(&["B"]), Vec::new());
        assert!(hints.take(true).unwrap().1.is_empty());
    }

    #[test]
    fn a_hint_that_says_anything_asks_for_a_sync() {
        assert!(Hints::default().add(Vec::new(), Vec::new()));
    }
}
