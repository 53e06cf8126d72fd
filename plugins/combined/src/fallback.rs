//! Standing in for each other.
//!
//! The first source answers that is fresh, works and has enough. If none has enough, the one with the most does; if none
//! may answer, the newest number does, and its age is told with it.

use bestand_plugin_api::{PartReason, Quantity};

use crate::outcome::{Outcome, Told};
use crate::part::Part;
use crate::settings::Settings;

/// Where a source stands when it is its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It answers.
    Answers,
    /// It has fewer than are needed.
    Short,
    /// It may not answer, for this reason.
    Passed(PartReason),
}

/// What one of these sources says, of an article of which so many are needed; `None` when nobody says how many.
pub(crate) fn fallback(
    parts: &[Part<'_>],
    needed: Option<Quantity>,
    settings: &Settings,
) -> Outcome {
    let standings: Vec<Standing> = parts
        .iter()
        .map(|part| standing(part, needed, settings))
        .collect();
    let chosen = choose(parts, &standings);
    let told = match chosen.map(|chosen| parts[chosen]) {
        Some(part) => count(&part).unwrap_or_else(|| Told::without_count(&[part])),
        None => Told::without_count(parts),
    };
    let rows = parts.iter().zip(&standings).enumerate();
    let rows = rows.map(|(position, (part, standing))| {
        let is_chosen = chosen == Some(position);
        part.told(
            is_chosen && part.sellable().is_some(),
            reason(part, *standing, is_chosen),
        )
    });
    Outcome {
        told,
        parts: rows.collect(),
    }
}

/// Whether this source ends the search, so that no later one is asked.
pub(crate) fn answers(part: &Part<'_>, needed: Option<Quantity>, settings: &Settings) -> bool {
    standing(part, needed, settings) == Standing::Answers
}

fn standing(part: &Part<'_>, needed: Option<Quantity>, settings: &Settings) -> Standing {
    match (part.why_no_count(), part.sellable()) {
        (Some(reason @ (PartReason::UnknownSku | PartReason::NotStocked)), _) => {
            match doubted(part, settings) {
                Some(doubt) => Standing::Passed(doubt),
                None if settings.go_on_when_short => Standing::Passed(reason),
                None => Standing::Answers,
            }
        }
        (Some(reason), _) => Standing::Passed(reason),
        (None, Some(sellable)) => match doubted(part, settings) {
            Some(doubt) => Standing::Passed(doubt),
            None if settings.go_on_when_short && needed.is_none_or(|needed| sellable < needed) => {
                Standing::Short
            }
            None => Standing::Answers,
        },
        (None, None) => Standing::Passed(PartReason::NotCounted),
    }
}

/// What keeps its word from counting, if the operator wants that.
fn doubted(part: &Part<'_>, settings: &Settings) -> Option<PartReason> {
    match () {
        () if part.is_down() && settings.go_on_when_down => Some(PartReason::Down),
        () if part.is_stale() && settings.go_on_when_stale => Some(PartReason::Stale),
        () => None,
    }
}

fn choose(parts: &[Part<'_>], standings: &[Standing]) -> Option<usize> {
    let first = standings
        .iter()
        .position(|standing| *standing == Standing::Answers);
    let of = |wanted: fn(&Standing) -> bool| {
        let positions = standings.iter().enumerate();
        // Of equals the first one is taken, and `max_by_key` takes the last.
        positions
            .rev()
            .filter(move |(_, standing)| wanted(standing))
    };
    let most = || {
        of(|standing| *standing == Standing::Short)
            .map(|(position, _)| position)
            .max_by_key(|position| parts[*position].sellable())
    };
    let newest = || {
        of(|standing| matches!(standing, Standing::Passed(_)))
            .map(|(position, _)| position)
            .filter(|position| parts[*position].sellable().is_some())
            .max_by_key(|position| parts[*position].level.and_then(|level| level.as_of))
    };
    first.or_else(most).or_else(newest)
}

fn count(part: &Part<'_>) -> Option<Told> {
    let level = part.level?;
    let mut quantities = level.quantities.clone();
    quantities.available = Some(part.sellable()?);
    Some(Told::Count(quantities, level.as_of?))
}

fn reason(part: &Part<'_>, standing: Standing, is_chosen: bool) -> Option<PartReason> {
    match standing {
        Standing::Answers if is_chosen => part.why_no_count().or(part.doubt()),
        Standing::Answers => Some(PartReason::NotNeeded),
        Standing::Short => Some(PartReason::Short),
        Standing::Passed(reason) => Some(reason),
    }
}
