//! What the sources under one heading say of a product.

use bestand_plugin_api::Sku;

use super::shown_place::ShownPlace;
use crate::http::api::inventory_sources::Group;
use crate::http::console::visitor::Visitor;
use crate::product::Place;

/// The sources under one heading.
pub(super) struct Section {
    pub(super) heading: String,
    /// Whether it is the installation's own, which no other system touches.
    pub(super) is_own: bool,
    pub(super) places: Vec<ShownPlace>,
}

// === impl Section ===

impl Section {
    pub(super) fn of(
        group: &Group,
        is_own: bool,
        places: &[Place],
        sku: &Sku,
        visitor: &Visitor,
    ) -> Self {
        let sources = group.sources.iter();
        let place = sources.filter_map(|source| {
            let place = places.iter().find(|place| place.source.id == source.id)?;
            Some(ShownPlace::of(place, sku, visitor))
        });
        Self {
            heading: group.heading.clone(),
            is_own,
            places: place.collect(),
        }
    }
}
