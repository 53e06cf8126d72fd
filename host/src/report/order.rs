//! Orders with their verdicts, as rows.

use bestand_plugin_api::Quantity;

use super::csv::{Column, optional, quantity};
use crate::availability::Judged;
use crate::order::LineKind;

/// A line of an order, with what is there of it.
#[derive(Debug)]
pub struct Row {
    order_number: String,
    status: String,
    ordered_at: Option<String>,
    ship_from: Option<String>,
    source: Option<String>,
    verdict: String,
    line: String,
    sku: Option<String>,
    name: Option<String>,
    quantity: String,
    kind: &'static str,
    line_status: Option<&'static str>,
    required: Option<Quantity>,
    available: Option<Quantity>,
    on_hand: Option<Quantity>,
    as_of: Option<String>,
    stale: Option<bool>,
    reason: Option<String>,
}

/// A line of an order as CSV. An order without lines has one row.
pub const LINE: &[Column<Row>] = &[
    ("order_number", |row| row.order_number.clone()),
    ("status", |row| row.status.clone()),
    ("ordered_at", |row| optional(row.ordered_at.as_ref())),
    ("ship_from", |row| optional(row.ship_from.as_ref())),
    ("source", |row| optional(row.source.as_ref())),
    ("verdict", |row| row.verdict.clone()),
    ("line", |row| row.line.clone()),
    ("sku", |row| optional(row.sku.as_ref())),
    ("name", |row| optional(row.name.as_ref())),
    ("quantity", |row| row.quantity.clone()),
    ("kind", |row| row.kind.into()),
    ("line_status", |row| optional(row.line_status.as_ref())),
    ("required", |row| quantity(row.required)),
    ("available", |row| quantity(row.available)),
    ("on_hand", |row| quantity(row.on_hand)),
    ("as_of", |row| optional(row.as_of.as_ref())),
    ("stale", |row| optional(row.stale.as_ref())),
    ("reason", |row| optional(row.reason.as_ref())),
];

// === impl Row ===

impl Row {
    /// One for each line.
    #[must_use]
    pub fn all(judged: &Judged) -> Vec<Self> {
        let lines = judged.answer.lines_of(&judged.order);
        let rows = lines.map(|(line, answer)| {
            let (kind, why) = match &line.kind {
                LineKind::Goods => ("goods", None),
                LineKind::NotGoods(_) => ("not_goods", None),
                LineKind::Unreadable(why) => ("unreadable", Some(why.clone())),
            };
            Self {
                line: line.line.to_string(),
                sku: line.sku.as_ref().map(ToString::to_string),
                name: line.name.clone(),
                quantity: line.quantity.to_string(),
                kind,
                line_status: answer.map(|answer| answer.status.as_str()),
                required: answer.map(|answer| answer.required),
                available: answer.and_then(|answer| answer.available),
                on_hand: answer.and_then(|answer| answer.on_hand),
                as_of: answer
                    .and_then(|answer| answer.as_of)
                    .map(|at| at.to_string()),
                stale: answer.map(|answer| answer.stale),
                reason: why.or_else(|| answer.and_then(|answer| answer.reason())),
                ..Self::head(judged)
            }
        });
        let rows: Vec<Self> = rows.collect();
        match rows.is_empty() {
            true => vec![Self::head(judged)],
            false => rows,
        }
    }

    fn head(Judged { order, answer }: &Judged) -> Self {
        Self {
            order_number: order.number.to_string(),
            status: order.status.to_string(),
            ordered_at: order.ordered_at.map(|at| at.to_string()),
            ship_from: answer.ship_from().map(|location| location.name.clone()),
            source: answer.source().map(|source| source.name.clone()),
            verdict: answer.decision.verdict.to_string(),
            line: String::new(),
            sku: None,
            name: None,
            quantity: String::new(),
            kind: "",
            line_status: None,
            required: None,
            available: None,
            on_hand: None,
            as_of: None,
            stale: None,
            reason: None,
        }
    }
}
