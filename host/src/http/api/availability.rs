//! Availability: whether articles are there, now. The way from request to answer is kept short, see the
//! [`gate`](crate::http).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count_part::CountPart;
use super::line_component::LineComponent;
use super::source_name::SourceName;
use crate::availability::{Answer, Look};
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::problem::{FieldError, Problem};
use crate::id::ShipFromId;
use crate::order::LINE_QUANTITY_MAX;
use crate::store;
use crate::verdict::consequence::Consequence;
use crate::verdict::line::{Cause, LineAnswer, LineStatus};
use crate::verdict::{Item, Verdict};

/// Most items of one question.
const ITEMS_MAX: usize = 1000;

/// Ask whether articles are there
///
/// Answered by the one source of the ship-from location. What is needed is summed per SKU. A count older than the
/// source's `max_age_secs` is asked for anew, within the time that `sync.live_query_ms` allows; without an answer, what
/// is stored is told, with its age.
#[utoipa::path(post, path = "/availability", operation_id = "ask_availability", tag = "Availability",
    request_body = Question, responses((status = 200, description = "The answer", body = Told)))]
pub(in crate::http) async fn ask(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(question): Json<Question>,
) -> Result<Response, Problem> {
    question.check()?;
    let (ship_from, look) = (question.ship_from_location_id, question.look());
    let items = question.items.into_iter().map(Item::from).collect();
    let answer = parts
        .availability
        .of_items(caller.account_id, ship_from, items, look);
    match answer.await {
        Ok(answer) => Ok(Json(Told::of(&answer)).into_response()),
        Err(error @ store::Error::NotFound { .. }) => {
            Err(Problem::field("ship_from_location_id", error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Articles that shall ship together from one place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Question {
    /// Where they ship from; the account's default location when nothing is said.
    ship_from_location_id: Option<ShipFromId>,
    /// What is needed.
    #[schema(max_items = 1000)]
    items: Vec<QuestionItem>,
    /// Whether to wait for the source's system where counts are old; `false` answers at once with what is stored.
    #[serde(default = "yes")]
    #[schema(default = true)]
    live: bool,
}

/// One article that is needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuestionItem {
    /// The article.
    #[schema(value_type = String, example = "85123A")]
    sku: Sku,
    /// How many; above zero.
    #[schema(value_type = f64, example = 6)]
    quantity: Quantity,
}

/// Whether articles are there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Availability)]
struct Told<'a> {
    /// The answer in one word.
    verdict: Verdict,
    /// What follows from it under the location's policy.
    consequence: Consequence,
    /// Why, unless all is simply there.
    reason: Option<String>,
    /// What to do about it.
    advice: Option<String>,
    /// The source whose numbers these are.
    source: Option<SourceName<'a>>,
    /// The answer per item, in the order asked.
    lines: Vec<ToldLine<'a>>,
}

/// Whether one article is there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AvailabilityLine)]
struct ToldLine<'a> {
    /// The article.
    #[schema(value_type = String)]
    sku: &'a str,
    /// How many this item asks for.
    #[schema(value_type = f64)]
    requested: Quantity,
    /// The answer in one word.
    status: LineStatus,
    /// What lies behind it.
    cause: Cause,
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

fn yes() -> bool {
    true
}

// === impl Question ===

impl Question {
    fn check(&self) -> Result<(), Problem> {
        if self.items.len() > ITEMS_MAX {
            return Err(Problem::field(
                "items",
                format!("at most {ITEMS_MAX} may be asked for at once"),
            ));
        }
        let wrong = |item: &QuestionItem| {
            !(item.quantity > Quantity::ZERO && item.quantity <= LINE_QUANTITY_MAX)
        };
        let wrong = self
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| wrong(item));
        let errors: Vec<FieldError> = wrong.map(|(index, _)| quantity_error(index)).collect();
        match errors.is_empty() {
            true => Ok(()),
            false => Err(Problem::fields(errors)),
        }
    }

    fn look(&self) -> Look {
        match self.live {
            true => Look::Live,
            false => Look::Stored,
        }
    }
}

fn quantity_error(index: usize) -> FieldError {
    let reason = format!("it must be above zero and at most {LINE_QUANTITY_MAX}");
    FieldError::new(format!("items[{index}].quantity"), reason)
}

impl From<QuestionItem> for Item {
    fn from(item: QuestionItem) -> Self {
        Self {
            sku: item.sku,
            quantity: item.quantity,
        }
    }
}

// === impl Told ===

impl<'a> Told<'a> {
    fn of(answer: &'a Answer) -> Self {
        let decision = &answer.decision;
        Self {
            verdict: decision.verdict,
            consequence: answer.consequence,
            reason: decision.reason(),
            advice: decision.advice(),
            source: answer.source().map(SourceName::of),
            lines: decision.lines.iter().map(ToldLine::of).collect(),
        }
    }
}

// === impl ToldLine ===

impl<'a> ToldLine<'a> {
    fn of(line: &'a LineAnswer) -> Self {
        Self {
            sku: &line.sku,
            requested: line.requested,
            status: line.status,
            cause: line.cause,
            available: line.available,
            on_hand: line.on_hand,
            incoming: line.incoming,
            as_of: line.as_of.map(Moment),
            stale: line.stale,
            reason: line.reason(),
            advice: line.advice(),
            from: CountPart::all(&line.from),
            components: LineComponent::all(line),
        }
    }
}
