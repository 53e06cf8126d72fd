//! Adding up.
//!
//! **Invariant:** unknown is never taken for zero: a source that does not say how many there are keeps the sum from being
//! one, or is named as missing. A source that does not have the article adds nothing to it.

use bestand_plugin_api::{PartReason, Quantities, Quantity, Timestamp, Tracking};

use crate::outcome::{Outcome, Told};
use crate::part::Part;

/// What these sources have together.
pub(crate) fn sum(parts: &[Part<'_>], require_all: bool) -> Outcome {
    let told = |part: &Part<'_>| match part.why_no_count() {
        Some(reason) => part.told(false, Some(reason)),
        None => part.told(true, part.doubt()),
    };
    Outcome {
        told: total(parts, require_all),
        parts: parts.iter().map(told).collect(),
    }
}

fn total(parts: &[Part<'_>], require_all: bool) -> Told {
    let counted: Vec<&Part<'_>> = parts
        .iter()
        .filter(|part| part.why_no_count().is_none())
        .collect();
    if counted.is_empty() {
        return Told::without_count(parts);
    }
    let is_missing = parts.iter().any(|part| is_missing(part.why_no_count()));
    if is_missing && require_all {
        return Told::NoCount(Tracking::Incomplete);
    }
    // More than can be written down is nothing that anybody has counted.
    let Some(available) = added(counted.iter().map(|part| part.sellable())) else {
        return Told::NoCount(Tracking::Incomplete);
    };
    let field = |of: fn(&Quantities) -> Option<Quantity>| {
        let level = |part: &&Part<'_>| part.level.and_then(|level| of(&level.quantities));
        added(counted.iter().map(level))
    };
    let mut quantities = Quantities::available(available);
    quantities.on_hand = field(|counts| counts.on_hand);
    quantities.allocated = field(|counts| counts.allocated);
    quantities.incoming = field(|counts| counts.incoming);
    Told::Count(quantities, oldest(parts))
}

/// Whether the sum would be another one if this were known.
fn is_missing(reason: Option<PartReason>) -> bool {
    let settled = [PartReason::UnknownSku, PartReason::NotStocked];
    reason.is_some_and(|reason| !settled.contains(&reason))
}

/// The sum, if every one of them is known.
fn added(mut quantities: impl Iterator<Item = Option<Quantity>>) -> Option<Quantity> {
    quantities.try_fold(Quantity::ZERO, |sum, quantity| sum.checked_add(quantity?))
}

/// All of it was true then: that a source does not have the article is a part of the sum as well.
fn oldest(parts: &[Part<'_>]) -> Timestamp {
    let known = parts.iter().filter_map(|part| part.level?.as_of);
    known.min().unwrap_or_default()
}
