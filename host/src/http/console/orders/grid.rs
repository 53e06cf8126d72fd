//! The grid of orders.

use askama::Template;

use super::allocation::ShownAllocation;
use super::filter::FilterQuery;
use crate::availability::Judged;
use crate::daemon::Parts;
use crate::http::api::orders::place::PlaceKey;
use crate::http::console::address;
use crate::http::console::moment::When;
use crate::http::console::page::{Page, Place};
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::http::paging::Cursor;
use crate::http::problem::Problem;
use crate::store;
use crate::verdict::Verdict;

/// Orders of one page: two screens of a desk.
const ROWS: u32 = 50;

/// The grid.
#[derive(Template)]
#[template(path = "orders/list.html")]
pub(super) struct GridPage {
    page: Page,
    filter: FilterQuery,
    rows: Vec<Row>,
    locations: Vec<Choice>,
    verdicts: [(&'static str, String); 3],
    statuses: Vec<(&'static str, String)>,
    here: String,
    next: Option<String>,
    steps: FirstSteps,
}

/// A row of the grid.
pub(super) struct Row {
    number: String,
    verdict: Tone,
    consequence: Option<Tone>,
    allocation: ShownAllocation,
    status: Tone,
    ship_from: String,
    source: String,
    as_of: Option<When>,
    is_stale: bool,
    lines: usize,
    placed: When,
}

/// A ship-from location to choose.
pub(super) struct Choice {
    id: String,
    name: String,
}

/// How far the first visit has come.
pub(super) struct FirstSteps {
    connected: bool,
    linked: bool,
    ordered: bool,
}

// === impl GridPage ===

impl GridPage {
    pub(super) async fn of(
        parts: &Parts,
        visitor: &Visitor,
        query: &FilterQuery,
    ) -> Result<Self, Problem> {
        let account = visitor.account();
        let filter = query.to_filter(parts, account).await?;
        let after = query.cursor.as_ref().map(|cursor| &cursor.0.0);
        let found = parts
            .availability
            .list(account, &filter, query.verdict(), after, ROWS)
            .await?;
        let next = found
            .next
            .map(|place| query.address(Some(&Cursor(PlaceKey(place)).to_string())));
        let locations = store::ship_from::list(&parts.db, account).await?;
        let text = visitor.text();
        Ok(Self {
            page: Page::new(parts, visitor, Place::Orders, text.say("orders-title")),
            rows: found
                .orders
                .iter()
                .map(|judged| Row::of(judged, visitor))
                .collect(),
            steps: FirstSteps {
                connected: !store::source::list(&parts.db, account).await?.is_empty(),
                linked: locations
                    .iter()
                    .any(|location| location.source_id.is_some()),
                ordered: !found.orders.is_empty()
                    || store::order::count(&parts.db, account).await? > 0,
            },
            locations: locations
                .into_iter()
                .map(|location| Choice {
                    id: location.id.to_string(),
                    name: location.name,
                })
                .collect(),
            verdicts: Verdict::ALL.map(|verdict| {
                (
                    verdict.as_str(),
                    text.say(&format!("verdict-{}", verdict.as_str())),
                )
            }),
            statuses: [
                "awaiting_shipment",
                "on_hold",
                "shipped",
                "cancelled",
                "all",
            ]
            .map(|status| (status, text.say(&format!("order-{status}"))))
            .into(),
            here: query.address(None),
            filter: query.clone(),
            next,
        })
    }

    fn is_first_visit(&self) -> bool {
        !(self.steps.connected && self.steps.linked && self.steps.ordered)
    }
}

// === impl Row ===

impl Row {
    fn of(Judged { order, answer }: &Judged, visitor: &Visitor) -> Self {
        let text = visitor.text();
        let oldest = answer
            .decision
            .lines
            .iter()
            .filter_map(|line| line.as_of)
            .min();
        let name = |name: Option<&String>| name.cloned().unwrap_or_default();
        Self {
            number: order.number.to_string(),
            verdict: Tone::verdict(answer.decision.verdict, text),
            consequence: Tone::consequence(answer.consequence, text),
            allocation: ShownAllocation::of(order, visitor),
            status: Tone::order(order.status, text),
            ship_from: name(answer.ship_from().map(|location| &location.name)),
            source: name(answer.source().map(|source| &source.name)),
            as_of: oldest.map(|oldest| visitor.when(oldest)),
            is_stale: answer.decision.lines.iter().any(|line| line.stale),
            lines: order.lines.len(),
            placed: visitor.when(order.sort_at),
        }
    }

    /// An id for the document: an order number may hold any character.
    fn element(&self) -> String {
        address::element(&self.number)
    }

    fn path(&self) -> String {
        super::looked_at::path(&self.number)
    }
}
