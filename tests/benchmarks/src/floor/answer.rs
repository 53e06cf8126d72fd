//! The answer as the floor knows it: types written by hand for this one endpoint and the levels of the flood.

use std::collections::HashMap;

use bestand_flood::article;
use serde::{Deserialize, Serialize};

/// The question.
#[derive(Debug, Deserialize)]
pub(crate) struct Ask {
    #[serde(rename = "ship_from_location_id")]
    _ship_from_location_id: String,
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    sku: String,
    quantity: i64,
}

/// What is known of a SKU.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    available: i64,
    on_hand: i64,
}

/// An answer of the daemon: what is the same in all of them is taken from it.
#[derive(Debug, Deserialize)]
pub(crate) struct Sample {
    consequence: String,
    source: Source,
    lines: Vec<SampleLine>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Source {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct SampleLine {
    as_of: String,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Answer<'a> {
    verdict: &'a str,
    consequence: &'a str,
    reason: Option<&'a str>,
    advice: Option<&'a str>,
    source: &'a Source,
    lines: Vec<Line<'a>>,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    sku: &'a str,
    requested: i64,
    status: &'a str,
    cause: &'a str,
    available: Option<i64>,
    on_hand: Option<i64>,
    incoming: Option<i64>,
    as_of: &'a str,
    stale: bool,
    reason: Option<&'a str>,
    advice: Option<&'a str>,
}

// === impl Known ===

impl Known {
    pub(crate) fn of(n: u64) -> Self {
        Self {
            available: article::available(n),
            on_hand: article::on_hand(n),
        }
    }
}

// === impl Answer ===

impl<'a> Answer<'a> {
    pub(crate) fn of(sample: &'a Sample, ask: &'a Ask, levels: &HashMap<String, Known>) -> Self {
        let as_of = &sample.lines[0].as_of;
        let line = |item: &'a Item| Line::of(item, levels.get(&item.sku), as_of);
        let lines: Vec<_> = ask.items.iter().map(line).collect();
        let all_there = lines.iter().all(|line| line.status == "in_stock");
        Self {
            verdict: if all_there { "can_ship" } else { "short" },
            consequence: &sample.consequence,
            reason: (!all_there).then_some("not everything is there"),
            advice: None,
            source: &sample.source,
            lines,
        }
    }
}

// === impl Line ===

impl<'a> Line<'a> {
    fn of(item: &'a Item, known: Option<&Known>, as_of: &'a str) -> Self {
        let (status, cause, reason) = match known {
            Some(known) if known.available >= item.quantity => ("in_stock", "enough", None),
            Some(_) => ("short", "too_few", Some("not as many as needed are there")),
            None => (
                "unknown_sku",
                "not_listed",
                Some("the source does not have it"),
            ),
        };
        Self {
            sku: &item.sku,
            requested: item.quantity,
            status,
            cause,
            available: known.map(|known| known.available),
            on_hand: known.map(|known| known.on_hand),
            incoming: None,
            as_of,
            stale: false,
            reason,
            advice: None,
        }
    }
}
