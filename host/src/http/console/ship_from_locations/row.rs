//! A ship-from location in the list.

use crate::http::console::inventory_sources::shown::{Heading, ShownSource};
use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::id::ShipFromId;
use crate::ship_from::ShipFromLocation;

/// A location in the list.
pub(super) struct Row {
    pub(super) id: ShipFromId,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) is_default: bool,
    pub(super) policy: String,
    pub(super) buffer: String,
    /// Its source, with its heading.
    pub(super) source: Option<Linked>,
}

/// The source of a location.
pub(super) struct Linked {
    pub(super) name: String,
    pub(super) heading: String,
    pub(super) status: Tone,
    pub(super) as_of: Option<When>,
}

// === impl Row ===

impl Row {
    pub(super) fn of(location: &ShipFromLocation, headings: &[Heading], visitor: &Visitor) -> Self {
        let all = headings
            .iter()
            .flat_map(|heading| heading.sources.iter().map(move |source| (heading, source)));
        let source = all
            .into_iter()
            .find(|(_, source)| Some(source.id) == location.source_id);
        Self {
            id: location.id,
            name: location.name.clone(),
            address: location.address.clone().unwrap_or_default(),
            is_default: location.is_default,
            policy: visitor
                .text()
                .say(&format!("policy-{}", location.policy.as_str())),
            buffer: visitor.buffer(location.buffer),
            source: source.map(|(heading, source)| Linked::of(heading, source)),
        }
    }
}

// === impl Linked ===

impl Linked {
    fn of(heading: &Heading, source: &ShownSource) -> Self {
        Self {
            name: source.name.clone(),
            heading: heading.text.clone(),
            status: source.status.clone(),
            as_of: source.as_of.clone(),
        }
    }
}
