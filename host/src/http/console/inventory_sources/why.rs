//! "Why is this three?": a stock level explained in sentences.

use fluent_bundle::FluentValue;

use super::history::told;
use crate::connection::state::Status;
use crate::explanation::{Explanation, MadeOf, SoldFrom};
use crate::http::console::visitor::Visitor;
use crate::store::history::Change;

/// An explanation.
pub(super) struct Why {
    pub(super) title: String,
    pub(super) sentences: Vec<String>,
}

// === impl Why ===

impl Why {
    pub(super) fn of(
        explanation: &Explanation,
        status: Option<&Status>,
        visitor: &Visitor,
    ) -> Self {
        let text = visitor.text();
        let count = explanation.sellable.map(|count| visitor.quantity(count));
        let title = match &count {
            Some(count) => text.with("why-title", &[("count", count.as_str().into())]),
            None => text.say("why-title-unknown"),
        };
        let mut sentences = vec![made_of(explanation, visitor)];
        sentences.extend(kept_apart(explanation, visitor));
        sentences.extend(brought_by(explanation, visitor));
        sentences.extend(freshness(explanation, visitor));
        sentences.extend(syncs(status, visitor));
        let kept = explanation.sold_from.iter();
        sentences.extend(kept.filter_map(|place| sold_from(place, visitor)));
        Self { title, sentences }
    }
}

fn made_of(explanation: &Explanation, visitor: &Visitor) -> String {
    let (text, held) = (visitor.text(), explanation.held());
    let number = |quantity| FluentValue::from(visitor.quantity_or_unknown(quantity));
    let on_hand = number(held.and_then(|held| held.on_hand));
    match (explanation.made_of, held.and_then(|held| held.allocated)) {
        (MadeOf::OnHandLessAllocated, Some(allocated)) => {
            let values = [("on-hand", on_hand), ("allocated", number(Some(allocated)))];
            text.with("why-on-hand-less-allocated", &values)
        }
        (MadeOf::OnHandLessAllocated, None) => text.with("why-on-hand", &[("on-hand", on_hand)]),
        (MadeOf::Available, _) => text.say("why-available"),
        (MadeOf::OtherSources, _) => text.say("why-other-sources"),
        (MadeOf::Absence, _) => text.say("why-absence"),
        (MadeOf::NoCount, _) => text.say("why-no-count"),
        (MadeOf::Nothing, _) => text.say("why-nothing"),
    }
}

/// What of it is in another condition or of a lot, and what it cost.
fn kept_apart(explanation: &Explanation, visitor: &Visitor) -> Vec<String> {
    let Some(level) = &explanation.level else {
        return Vec::new();
    };
    let text = visitor.text();
    let other = level.other.iter().map(|(word, count)| {
        let word = match word.as_str() {
            "damaged" | "expired" | "qa_hold" => text.say(&format!("kept-{word}")),
            other => other.to_owned(),
        };
        let values = [
            ("count", visitor.quantity(*count).into()),
            ("word", word.into()),
        ];
        text.with("why-kept", &values)
    });
    let lots = level.lots.iter().map(|lot| {
        let mut values = vec![
            ("lot", FluentValue::from(lot.id.as_str())),
            ("count", visitor.quantity(lot.quantity).into()),
        ];
        let Some(moment) = lot.expires_at else {
            return text.with("why-lot", &values);
        };
        values.push(("when", visitor.when(moment).exact.into()));
        text.with("why-lot-expires", &values)
    });
    let cost = level.unit_cost.map(|cost| {
        let currency = level.currency.map_or_else(String::new, String::from);
        let values = [
            ("cost", visitor.quantity(cost).into()),
            ("currency", currency.into()),
        ];
        text.with("why-cost", &values)
    });
    other.chain(lots).chain(cost).collect()
}

/// What brought it, when, and what it was before.
fn brought_by(explanation: &Explanation, visitor: &Visitor) -> Option<String> {
    explanation.held()?;
    let Some(Change {
        changed_at,
        cause,
        before,
        ..
    }) = &explanation.brought_by
    else {
        return Some(visitor.text().say("why-unchanged"));
    };
    let before = visitor.quantity_or_unknown(before.sellable());
    let values = [
        ("when", visitor.when(*changed_at).exact.into()),
        ("cause", told(cause, visitor).into()),
        ("before", before.into()),
    ];
    Some(visitor.text().with("why-brought-by", &values))
}

fn freshness(explanation: &Explanation, visitor: &Visitor) -> Option<String> {
    let as_of = visitor.when(explanation.held()?.as_of);
    let stale_at = explanation.stale_at?;
    let id = match visitor.now > stale_at {
        true => "why-stale",
        false => "why-fresh",
    };
    let values = [
        ("when", as_of.exact.into()),
        ("ago", as_of.ago.into()),
        ("stale", visitor.when(stale_at).exact.into()),
    ];
    Some(visitor.text().with(id, &values))
}

fn syncs(status: Option<&Status>, visitor: &Visitor) -> Option<String> {
    let next = visitor.when(status?.next_sync_at?.0);
    let values = [("when", next.exact.into()), ("soon", next.ago.into())];
    Some(visitor.text().with("why-next-sync", &values))
}

/// Nothing of a location that keeps nothing back.
fn sold_from(place: &SoldFrom, visitor: &Visitor) -> Option<String> {
    let buffer = place.location.buffer;
    if buffer.is_none() {
        return None;
    }
    let values = [
        ("location", place.location.name.as_str().into()),
        ("buffer", visitor.buffer(buffer).into()),
        ("count", visitor.quantity_or_unknown(place.sellable).into()),
    ];
    Some(visitor.text().with("why-buffer", &values))
}
