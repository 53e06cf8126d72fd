//! The sentences that go with the sources a count was put together from.

use bestand_plugin_api::{LevelPart, PartReason};

/// Why a source is not used, or what is wrong with its number though it is; nothing for one that simply counts.
#[must_use]
pub fn reason(part: &LevelPart) -> Option<String> {
    let reason = match part.reason? {
        PartReason::NotNeeded => "a source before it answers",
        PartReason::Stale => "its number is stale",
        PartReason::Down if part.said.is_empty() => "its connection does not work",
        PartReason::Down => return Some(format!("its connection does not work: {}", part.said)),
        PartReason::Short => "it has fewer than are needed",
        PartReason::UnknownSku => "it does not have this SKU",
        PartReason::NotStocked => "it has the article, but does not stock it there",
        PartReason::NotTracked => "it does not track this article",
        PartReason::Gone => "it is no longer there",
        _ => "it says no count",
    };
    Some(reason.into())
}

/// The sources that keep a count from being one, each with its reason.
#[must_use]
pub fn missing(parts: &[LevelPart]) -> String {
    let missing = parts.iter().filter(|part| part.is_missing());
    let told = missing.map(|part| {
        let reason = reason(part).unwrap_or_default();
        format!("`{}`: {reason}", part.name)
    });
    told.collect::<Vec<_>>().join("; ")
}
