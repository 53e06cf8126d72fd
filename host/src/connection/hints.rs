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
    /// Some hint named no SKU, or all of them together too many: only a sync finds what changed.
    anything: bool,
}

/// How to follow the hints gathered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// By reading these SKUs at these places; at all, when none is named.
    BySku(Vec<Sku>, Vec<LocationId>),
    /// By a sync.
    BySync,
}

// === impl Hints ===

impl Hints {
    /// Gathers a hint.
    pub(super) fn add(&mut self, skus: Vec<Sku>, locations: Vec<LocationId>) {
        self.everywhere |= locations.is_empty();
        self.anything |= skus.is_empty();
        self.skus.extend(skus);
        self.locations.extend(locations);
        if self.anything || self.skus.len() > SKUS_MAX {
            *self = Self {
                anything: true,
                ..Self::default()
            };
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.skus.is_empty() && !self.anything
    }

    /// How to follow them, with an adapter that can be asked for single SKUs or not; `None` when there are none.
    pub(super) fn followed(self, can_ask: bool) -> Option<Followed> {
        if self.is_empty() {
            return None;
        }
        if self.anything || !can_ask {
            return Some(Followed::BySync);
        }
        let locations = match self.everywhere {
            true => Vec::new(),
            false => self.locations.into_iter().collect(),
        };
        Some(Followed::BySku(self.skus.into_iter().collect(), locations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skus(names: &[&str]) -> Vec<Sku> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn gathered(hints: &[(&[&str], &[&str])]) -> Hints {
        let mut gathered = Hints::default();
        for (names, locations) in hints {
            let locations = locations.iter().map(|location| (*location).into());
            gathered.add(skus(names), locations.collect());
        }
        gathered
    }

    #[test]
    fn hints_are_gathered_and_each_sku_is_asked_for_once() {
        let hints = gathered(&[(&["B", "A"], &["north"]), (&["A"], &["south"])]);
        let places = vec!["north".into(), "south".into()];
        let expected = Followed::BySku(skus(&["A", "B"]), places);
        assert_eq!(hints.followed(true), Some(expected));
        assert_eq!(Hints::default().followed(true), None);
    }

    #[test]
    fn a_hint_without_a_place_means_every_place() {
        let hints = gathered(&[(&["A"], &["north"]), (&["B"], &[])]);
        let expected = Followed::BySku(skus(&["A", "B"]), Vec::new());
        assert_eq!(hints.followed(true), Some(expected));
    }

    #[test]
    fn a_hint_that_says_anything_asks_for_a_sync_and_so_do_those_after_it() {
        let hints = gathered(&[(&["A"], &[]), (&[], &["north"]), (&["B"], &[])]);
        assert_eq!(hints.followed(true), Some(Followed::BySync));
    }

    #[test]
    fn an_adapter_that_cannot_be_asked_for_a_sku_is_synced() {
        assert_eq!(
            gathered(&[(&["A"], &[])]).followed(false),
            Some(Followed::BySync)
        );
    }
}
