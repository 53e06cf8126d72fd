//! What a request meant, and how that travels: flat, so that an event which only a newer contract knows can be read.

use serde::{Deserialize, Serialize};

use crate::{LocationId, Sku, StockLevel};

/// What a request meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
#[non_exhaustive]
pub enum InboundEvent {
    /// Whole truths that are stored as they are, before the sender is answered.
    Levels(Vec<StockLevel>),
    /// Something changed: read these again. Empty lists mean "anything".
    Hint {
        /// The articles, when known.
        skus: Vec<Sku>,
        /// The places, when known.
        locations: Vec<LocationId>,
    },
    /// So much changed that a full listing is needed. An event that only a newer contract knows is read so: something
    /// changed, and nothing of it may be lost.
    ResyncNeeded,
    /// Verified and of no interest.
    Ignored,
}

/// All that any event carries.
#[derive(Serialize, Deserialize)]
struct Wire {
    event: Word,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    levels: Vec<StockLevel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skus: Vec<Sku>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    locations: Vec<LocationId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Levels,
    Hint,
    Ignored,
    #[serde(other)]
    ResyncNeeded,
}

// === impl InboundEvent ===

impl InboundEvent {
    /// Something changed about these articles, wherever they are.
    #[must_use]
    pub fn hint(skus: Vec<Sku>) -> Self {
        Self::Hint {
            skus,
            locations: Vec::new(),
        }
    }
}

impl From<Wire> for InboundEvent {
    fn from(wire: Wire) -> Self {
        let Wire {
            event,
            levels,
            skus,
            locations,
        } = wire;
        match event {
            Word::Levels => Self::Levels(levels),
            Word::Hint => Self::Hint { skus, locations },
            Word::ResyncNeeded => Self::ResyncNeeded,
            Word::Ignored => Self::Ignored,
        }
    }
}

impl From<InboundEvent> for Wire {
    fn from(event: InboundEvent) -> Self {
        let mut wire = Self {
            event: Word::Ignored,
            levels: Vec::new(),
            skus: Vec::new(),
            locations: Vec::new(),
        };
        wire.event = match event {
            InboundEvent::Levels(levels) => {
                wire.levels = levels;
                Word::Levels
            }
            InboundEvent::Hint { skus, locations } => {
                (wire.skus, wire.locations) = (skus, locations);
                Word::Hint
            }
            InboundEvent::ResyncNeeded => Word::ResyncNeeded,
            InboundEvent::Ignored => Word::Ignored,
        };
        wire
    }
}
