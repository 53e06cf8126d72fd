//! An order as it is shown: its lines with what is there, and the verdict.

use bestand_plugin_api::{Quantity, Sku};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::count_part::CountPart;
use super::super::line_component::LineComponent;
use super::super::source_name::SourceName;
use super::allocation::ShownAllocation;
use crate::allocation::Standing;
use crate::availability::{Answer, Judged};
use crate::connection::state::Moment;
use crate::id::ShipFromId;
use crate::order::goods::NotGoods;
use crate::order::{LineKind, Order, OrderLine, OrderStatus};
use crate::verdict::Verdict;
use crate::verdict::consequence::Consequence;
use crate::verdict::line::{Cause, LineAnswer, LineStatus};

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderSummary)]
pub(in crate::http) struct Summary {
    /// Its number.
    order_number: String,
    /// How far it is.
    status: OrderStatus,
    /// Where it ships from; nothing for the account's default location.
    ship_from_location_id: Option<ShipFromId>,
    /// When it was placed.
    #[schema(value_type = Option<String>)]
    ordered_at: Option<Moment>,
    /// How many lines it has.
    lines: usize,
    /// Whether the stock to ship it is there.
    verdict: Verdict,
    /// What follows from that under the location's policy.
    consequence: Consequence,
    /// Why, unless all is simply there.
    reason: Option<String>,
    /// Whether its goods are promised to it.
    allocation: Standing,
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub(in crate::http) struct ShownOrder<'a> {
    /// Its number.
    order_number: &'a str,
    /// How far it is.
    status: OrderStatus,
    /// Where it ships from; nothing for the account's default location.
    ship_from_location_id: Option<ShipFromId>,
    /// When it was placed.
    #[schema(value_type = Option<String>)]
    ordered_at: Option<Moment>,
    /// When it was last put.
    #[schema(value_type = String)]
    updated_at: Moment,
    /// Grows with every change; the `ETag` in quotes.
    version: i64,
    /// Whether the stock to ship it is there.
    verdict: Verdict,
    /// What follows from that under the location's policy.
    consequence: Consequence,
    /// Why, unless all is simply there.
    reason: Option<String>,
    /// What to do about it.
    advice: Option<String>,
    /// The source whose numbers these are.
    source: Option<SourceName<'a>>,
    /// What is promised to it.
    allocation: ShownAllocation<'a>,
    /// What is on it.
    lines: Vec<ShownLine<'a>>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
struct ShownLine<'a> {
    /// Its place on the order, from 1.
    line: u32,
    /// The article.
    #[schema(value_type = Option<String>)]
    sku: Option<&'a Sku>,
    /// What the line says for people.
    name: Option<&'a str>,
    /// How many; negative for what is brought back.
    #[schema(value_type = f64)]
    quantity: Quantity,
    /// Whether it has to be in stock.
    kind: KindWord,
    /// Why it has not.
    not_goods: Option<NotGoods>,
    /// Why nobody could read it.
    unreadable: Option<&'a str>,
    /// What is there of it; nothing for what does not have to be in stock.
    stock: Option<Stock>,
}

/// Whether a line has to be in stock.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum KindWord {
    /// It has.
    Goods,
    /// It has not.
    NotGoods,
    /// Nobody can tell: the line was refused when it came.
    Unreadable,
}

/// What is there of an article.
#[derive(Debug, Serialize, ToSchema)]
struct Stock {
    /// The answer in one word.
    status: LineStatus,
    /// What lies behind it.
    cause: Cause,
    /// How many all lines of this article ask for together.
    #[schema(value_type = f64)]
    required: Quantity,
    /// How many are promised to this order; they are part of `available`.
    #[schema(value_type = f64)]
    allocated: Quantity,
    /// Sellable, less the location's buffer; nothing when there is no count, which is not zero.
    #[schema(value_type = Option<f64>)]
    available: Option<Quantity>,
    /// Physically there.
    #[schema(value_type = Option<f64>)]
    on_hand: Option<Quantity>,
    /// On its way there; never part of `available`.
    #[schema(value_type = Option<f64>)]
    incoming: Option<Quantity>,
    /// When this was true.
    #[schema(value_type = Option<String>)]
    as_of: Option<Moment>,
    /// Whether that is longer ago than the source's `max_age_secs`.
    stale: bool,
    /// Why, unless the article is simply there.
    reason: Option<String>,
    /// What to do about it.
    advice: Option<String>,
    /// The sources it was put together from, where the location's source is made of others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from: Vec<CountPart>,
    /// What the source was asked for instead: what it calls the article, or a kit's components.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<LineComponent>,
}

// === impl Summary ===

impl Summary {
    pub(super) fn of(judged: &Judged) -> Self {
        let Judged { order, answer } = judged;
        Self {
            order_number: order.number.to_string(),
            status: order.status,
            ship_from_location_id: order.ship_from_id,
            ordered_at: order.ordered_at.map(Moment),
            lines: order.lines.len(),
            verdict: answer.decision.verdict,
            consequence: answer.consequence,
            reason: answer.decision.reason(),
            allocation: Standing::of(order),
        }
    }
}

// === impl ShownOrder ===

impl<'a> ShownOrder<'a> {
    pub(super) fn of(order: &'a Order, answer: &'a Answer) -> Self {
        Self {
            order_number: order.number.as_str(),
            status: order.status,
            ship_from_location_id: order.ship_from_id,
            ordered_at: order.ordered_at.map(Moment),
            updated_at: Moment(order.updated_at),
            version: order.version,
            verdict: answer.decision.verdict,
            consequence: answer.consequence,
            reason: answer.decision.reason(),
            advice: answer.decision.advice(),
            source: answer.source().map(SourceName::of),
            allocation: ShownAllocation::of(order),
            lines: answer
                .lines_of(order)
                .map(|(line, stock)| ShownLine::of(line, stock))
                .collect(),
        }
    }
}

// === impl ShownLine ===

impl<'a> ShownLine<'a> {
    fn of(line: &'a OrderLine, stock: Option<&LineAnswer>) -> Self {
        let (kind, not_goods, unreadable) = match &line.kind {
            LineKind::Goods => (KindWord::Goods, None, None),
            LineKind::NotGoods(why) => (KindWord::NotGoods, Some(*why), None),
            LineKind::Unreadable(why) => (KindWord::Unreadable, None, Some(why.as_str())),
        };
        Self {
            line: line.line,
            sku: line.sku.as_ref(),
            name: line.name.as_deref(),
            quantity: line.quantity,
            kind,
            not_goods,
            unreadable,
            stock: stock.map(Stock::of),
        }
    }
}

// === impl Stock ===

impl Stock {
    fn of(answer: &LineAnswer) -> Self {
        Self {
            status: answer.status,
            cause: answer.cause,
            required: answer.required,
            allocated: answer.allocated,
            available: answer.available,
            on_hand: answer.on_hand,
            incoming: answer.incoming,
            as_of: answer.as_of.map(Moment),
            stale: answer.stale,
            reason: answer.reason(),
            advice: answer.advice(),
            from: CountPart::all(&answer.from),
            components: LineComponent::all(answer),
        }
    }
}
