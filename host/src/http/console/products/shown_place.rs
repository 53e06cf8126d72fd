//! What one source says of a product, and its part in the total.

use bestand_plugin_api::Sku;

use crate::http::console::address;
use crate::http::console::explain;
use crate::http::console::explain::told::Told;
use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::product::{Place, Share};
use crate::source::InventorySource;
use crate::verdict::knowledge::Knowledge;

/// A product at one source.
pub(super) struct ShownPlace {
    pub(super) name: String,
    /// Where the level is looked at, with its history.
    pub(super) path: String,
    pub(super) share: Tone,
    /// Why it is not in the total; empty for what is.
    pub(super) why: Told,
    pub(super) available: String,
    pub(super) on_hand: String,
    pub(super) allocated: String,
    pub(super) incoming: String,
    pub(super) as_of: Option<When>,
    pub(super) is_stale: bool,
}

// === impl ShownPlace ===

impl ShownPlace {
    pub(super) fn of(place: &Place, sku: &Sku, visitor: &Visitor) -> Self {
        let count = match &place.knowledge {
            Knowledge::Counted(count) => Some(count),
            _ => None,
        };
        let number = |quantity| visitor.quantity_or_unknown(quantity);
        let source = format!("/inventory-sources/{}", place.source.id);
        Self {
            name: place.source.name.clone(),
            path: address::with_query(&source, [("sku", sku.as_str())]),
            share: tone(place.share, visitor),
            why: why(place, visitor),
            available: number(place.available),
            on_hand: number(count.and_then(|count| count.on_hand)),
            allocated: number(count.and_then(|count| count.allocated)),
            incoming: number(count.and_then(|count| count.incoming)),
            as_of: place.knowledge.as_of().map(|at| visitor.when(at)),
            is_stale: place.stale,
        }
    }
}

fn tone(share: Share, visitor: &Visitor) -> Tone {
    let (class, icon) = match share {
        Share::Counted => ("good", "good"),
        Share::None => ("", "close"),
        Share::NotKnown => ("doubt", "doubt"),
        Share::LeftOut => ("", "pause"),
    };
    let word = format!("share-{}", share.as_str());
    Tone::new(visitor.text().say(&word), class, icon)
}

fn why(place: &Place, visitor: &Visitor) -> Told {
    let text = visitor.text();
    if place.share == Share::LeftOut {
        return Told::new(text.say(why_left_out(&place.source)));
    }
    let id = match &place.knowledge {
        Knowledge::Counted(_) if place.available.is_some() => return Told::default(),
        Knowledge::Counted(_) => "cause-not-counted",
        Knowledge::NotTracked { .. } => "cause-not-tracked",
        Knowledge::NotStocked { .. } => "cause-not-stocked",
        Knowledge::Ambiguous { .. } => "cause-ambiguous",
        Knowledge::Incomplete { .. } => "cause-incomplete",
        Knowledge::UnknownSku { .. } => "cause-not-listed",
        Knowledge::NotRetrieved(trouble) => return explain::trouble::reason(trouble, text),
    };
    Told::new(text.say(id))
}

const fn why_left_out(source: &InventorySource) -> &'static str {
    match source {
        source if !source.active => "left-out-closed",
        source if !source.sellable => "left-out-unsellable",
        _ => "left-out-excluded",
    }
}
