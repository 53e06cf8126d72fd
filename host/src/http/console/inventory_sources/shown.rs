//! Sources under their headings, as pages show them.

use crate::http::api::inventory_sources::{Source, SourceList, SourceStatus};
use crate::http::api::missing::Missing;
use crate::http::console::explain;
use crate::http::console::explain::told::Told;
use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::id::SourceId;
use crate::source::Direction;
use crate::verdict::explain::contact;

/// A heading with its sources.
pub(in crate::http::console) struct Heading {
    pub(in crate::http::console) text: String,
    pub(in crate::http::console) sources: Vec<ShownSource>,
}

/// A source.
pub(in crate::http::console) struct ShownSource {
    pub(in crate::http::console) id: SourceId,
    pub(in crate::http::console) name: String,
    pub(in crate::http::console) connection: String,
    pub(in crate::http::console) status: Tone,
    pub(in crate::http::console) reason: Told,
    pub(in crate::http::console) advice: String,
    pub(in crate::http::console) as_of: Option<When>,
    pub(in crate::http::console) listed_at: Option<When>,
    pub(in crate::http::console) is_included: bool,
    pub(in crate::http::console) is_sellable: bool,
    pub(in crate::http::console) max_age_minutes: String,
    pub(in crate::http::console) directions: Vec<ShownDirection>,
}

/// A way that stock may go, for choosing.
pub(in crate::http::console) struct ShownDirection {
    pub(in crate::http::console) word: &'static str,
    pub(in crate::http::console) text: String,
    pub(in crate::http::console) is_chosen: bool,
}

/// A heading that could be there and is not.
pub(in crate::http::console) struct MissingHeading {
    pub(in crate::http::console) text: String,
    pub(in crate::http::console) reason: Told,
    pub(in crate::http::console) advice: Told,
    pub(in crate::http::console) checks: Vec<String>,
    pub(in crate::http::console) contact: String,
}

/// All of them, and those that are missing.
pub(in crate::http::console) fn headings(
    list: SourceList,
    visitor: &Visitor,
) -> (Vec<Heading>, Vec<MissingHeading>) {
    let groups = list.groups.into_iter().map(|group| Heading {
        text: group.heading,
        sources: group
            .sources
            .into_iter()
            .map(|source| ShownSource::of(source, visitor))
            .collect(),
    });
    let missing = list
        .missing
        .into_iter()
        .map(|missing| MissingHeading::of(missing, visitor));
    (groups.collect(), missing.collect())
}

// === impl ShownSource ===

impl ShownSource {
    pub(super) fn of(source: Source, visitor: &Visitor) -> Self {
        let minutes = source
            .max_age_secs
            .map(|secs| (secs / 60).max(1).to_string());
        Self {
            id: source.id,
            name: source.name,
            connection: source.connection_name.unwrap_or_default(),
            status: tone(source.status, visitor),
            reason: source
                .trouble
                .as_ref()
                .map(|trouble| explain::source::reason(trouble, visitor.text()))
                .unwrap_or_default(),
            advice: source
                .trouble
                .as_ref()
                .map(|trouble| explain::source::advice(trouble, visitor))
                .unwrap_or_default(),
            as_of: source.as_of.map(|at| visitor.when(at.0)),
            listed_at: source.listed_at.map(|at| visitor.when(at.0)),
            is_included: source.included,
            is_sellable: source.sellable,
            max_age_minutes: minutes.unwrap_or_default(),
            directions: ShownDirection::all(source.direction, visitor),
        }
    }
}

// === impl ShownDirection ===

impl ShownDirection {
    fn all(chosen: Direction, visitor: &Visitor) -> Vec<Self> {
        let shown = |direction: Direction| Self {
            word: direction.as_str(),
            text: visitor.text().say(&format!("direction-{direction}")),
            is_chosen: direction == chosen,
        };
        Direction::ALL.map(shown).into()
    }
}

fn tone(status: SourceStatus, visitor: &Visitor) -> Tone {
    let (word, class, icon) = match status {
        SourceStatus::Ready => ("ready", "good", "good"),
        SourceStatus::Listing => ("listing", "", "busy"),
        SourceStatus::Degraded => ("degraded", "doubt", "warn"),
        SourceStatus::NeedsAttention => ("needs_attention", "bad", "warn"),
        SourceStatus::Paused => ("paused", "", "pause"),
        SourceStatus::Closed => ("closed", "bad", "close"),
        SourceStatus::NotRead => ("not_read", "", "pause"),
        SourceStatus::Stopped => ("stopped", "bad", "close"),
    };
    Tone::new(visitor.text().say(&format!("source-{word}")), class, icon)
}

// === impl MissingHeading ===

impl MissingHeading {
    fn of(missing: Missing, visitor: &Visitor) -> Self {
        Self {
            contact: missing
                .support
                .as_ref()
                .and_then(contact)
                .unwrap_or_default(),
            reason: explain::source::why_missing(&missing.why, &missing.adapter, visitor.text()),
            advice: explain::source::missing_advice(&missing.why, visitor),
            text: missing.heading,
            checks: missing.checks,
        }
    }
}
