//! An order that somebody looks at: the side panel, and the page of its details.

use askama::Template;

use super::allocation::ShownAllocation;
use crate::availability::Answer;
use crate::http::console::address;
use crate::http::console::component::Component;
use crate::http::console::explain;
use crate::http::console::explain::told::Told;
use crate::http::console::moment::When;
use crate::http::console::page::Page;
use crate::http::console::part::Part;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::order::goods::NotGoods;
use crate::order::{LineKind, Order, OrderLine};
use crate::ship_from::ShipFromLocation;
use crate::verdict::line::LineAnswer;

/// The side panel.
#[derive(Template)]
#[template(path = "orders/panel.html")]
pub(super) struct Panel {
    pub(super) page: Page,
    pub(super) order: LookedAt,
}

/// The page of an order.
#[derive(Template)]
#[template(path = "orders/details.html")]
pub(super) struct DetailsPage {
    pub(super) page: Page,
    pub(super) order: LookedAt,
    pub(super) elsewhere: Vec<Elsewhere>,
}

/// An order with its answer.
pub(super) struct LookedAt {
    number: String,
    path: String,
    verdict: Tone,
    consequence: Option<Tone>,
    status: Tone,
    ship_from: String,
    source: String,
    source_path: String,
    placed: When,
    allocation: ShownAllocation,
    lines: Vec<Line>,
}

/// A line of it.
struct Line {
    name: String,
    sku: String,
    quantity: String,
    /// What is there; nothing for what does not have to be in stock.
    stock: Option<Stock>,
    /// Why it does not have to be, or cannot be read.
    aside: Told,
}

/// What is there of an article.
struct Stock {
    status: Tone,
    required: String,
    available: String,
    on_hand: String,
    incoming: Option<String>,
    as_of: Option<When>,
    is_stale: bool,
    reason: Told,
    advice: String,
    parts: Vec<Part>,
    /// What the source was asked for instead of the article.
    components: Vec<Component>,
}

/// What another ship-from location could do.
pub(super) struct Elsewhere {
    name: String,
    source: String,
    verdict: Tone,
    is_enough: bool,
}

/// Where an order's page is: the number may hold any character.
pub(super) fn path(number: &str) -> String {
    format!("/orders/{}", address::segment(number))
}

// === impl LookedAt ===

impl LookedAt {
    pub(super) fn of(order: &Order, answer: &Answer, visitor: &Visitor) -> Self {
        let text = visitor.text();
        let source = answer.source();
        Self {
            number: order.number.to_string(),
            path: path(order.number.as_str()),
            verdict: Tone::verdict(answer.decision.verdict, text),
            consequence: Tone::consequence(answer.consequence, text),
            status: Tone::order(order.status, text),
            ship_from: answer
                .ship_from()
                .map(|location| location.name.clone())
                .unwrap_or_default(),
            source: source.map(|source| source.name.clone()).unwrap_or_default(),
            source_path: source
                .map(|source| format!("/inventory-sources/{}", source.id))
                .unwrap_or_default(),
            placed: visitor.when(order.sort_at),
            allocation: ShownAllocation::of(order, visitor),
            lines: answer
                .lines_of(order)
                .map(|(line, stock)| Line::of(line, stock, visitor))
                .collect(),
        }
    }

    fn element(&self) -> String {
        address::element(&self.number)
    }
}

// === impl Line ===

impl Line {
    fn of(line: &OrderLine, answer: Option<&LineAnswer>, visitor: &Visitor) -> Self {
        let aside = match &line.kind {
            LineKind::Goods => Told::default(),
            LineKind::NotGoods(why) => Told::new(visitor.text().say(not_goods(*why))),
            LineKind::Unreadable(why) => {
                Told::quoting(visitor.text().say("line-unreadable"), why.to_string())
            }
        };
        Self {
            name: line.name.clone().unwrap_or_default(),
            sku: line
                .sku
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            quantity: visitor.quantity(line.quantity),
            stock: answer.map(|answer| Stock::of(answer, visitor)),
            aside,
        }
    }
}

const fn not_goods(why: NotGoods) -> &'static str {
    match why {
        NotGoods::NoSku => "not-goods-no-sku",
        NotGoods::Returned => "not-goods-returned",
        NotGoods::NoQuantity => "not-goods-no-quantity",
        NotGoods::Adjustment => "not-goods-adjustment",
        NotGoods::Charge => "not-goods-charge",
    }
}

// === impl Stock ===

impl Stock {
    fn of(answer: &LineAnswer, visitor: &Visitor) -> Self {
        Self {
            status: Tone::line(answer.status, visitor.text()),
            required: visitor.quantity(answer.required),
            available: visitor.quantity_or_unknown(answer.available),
            on_hand: visitor.quantity_or_unknown(answer.on_hand),
            incoming: answer.incoming.map(|incoming| visitor.quantity(incoming)),
            as_of: answer.as_of.map(|as_of| visitor.when(as_of)),
            is_stale: answer.stale,
            reason: explain::reason(answer, visitor),
            advice: explain::advice(answer, visitor),
            parts: Part::all(&answer.from, visitor),
            components: Component::all(answer, visitor),
        }
    }
}

// === impl Elsewhere ===

impl Elsewhere {
    pub(super) fn of(location: &ShipFromLocation, answer: &Answer, visitor: &Visitor) -> Self {
        let verdict = answer.decision.verdict;
        Self {
            name: location.name.clone(),
            source: answer
                .source()
                .map(|source| source.name.clone())
                .unwrap_or_default(),
            verdict: Tone::verdict(verdict, visitor.text()),
            is_enough: verdict == crate::verdict::Verdict::CanShip,
        }
    }
}
