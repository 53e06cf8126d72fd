//! "Why is this three?": a stock level with what it is made of and what brought it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{Quantity, Sku};
use serde::Serialize;
use utoipa::ToSchema;

use super::count_part::CountPart;
use super::history::LevelChange;
use super::inventory_sources::find;
use super::kept_apart::KeptApart;
use super::levels::KnowledgeWord;
use super::source_name::SourceName;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::explanation::{Explanation, MadeOf, SoldFrom};
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::NamedTwice;
use crate::http::problem::Problem;
use crate::id::{ShipFromId, SourceId};
use crate::ship_from::Buffer;
use crate::source::InventorySource;

/// Explain a stock level
///
/// What its number is made of, what brought it and what it was before, how fresh it is, and what is left of it at each
/// ship-from location that it is sold from.
#[utoipa::path(get, path = "/inventory-sources/{id}/levels/{sku}/explanation", operation_id = "explain_level",
    tag = "Inventory sources", params(("id" = SourceId, Path), ("sku" = String, Path)),
    responses((status = 200, description = "The explanation", body = LevelExplanation)))]
pub(in crate::http) async fn of_level(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    NamedTwice(id, sku): NamedTwice<SourceId, Sku>,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, id).await?;
    let explanation = explain(&parts, &source, &sku).await?;
    let body = LevelExplanation::of(&parts, &source, sku, explanation);
    Ok(Json(body).into_response())
}

/// Explains a level.
pub(in crate::http) async fn explain(
    parts: &Parts,
    source: &InventorySource,
    sku: &Sku,
) -> Result<Explanation, Problem> {
    let max_age = source.max_age(parts.config.sync.max_age);
    Ok(Explanation::of(&parts.db, &parts.book, source, sku, max_age).await?)
}

/// A stock level with what it is made of and what brought it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct LevelExplanation<'a> {
    /// Where it lies.
    source: SourceName<'a>,
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What sort of knowledge this is. Only `counted` comes with numbers that are counts.
    knowledge: KnowledgeWord,
    /// How many can be sold; nothing where there is no count.
    #[schema(value_type = Option<f64>)]
    sellable: Option<Quantity>,
    /// Where that number comes from.
    made_of: MadeOf,
    /// What the source says is available.
    #[schema(value_type = Option<f64>)]
    available: Option<Quantity>,
    /// Physically there.
    #[schema(value_type = Option<f64>)]
    on_hand: Option<Quantity>,
    /// Promised to orders.
    #[schema(value_type = Option<f64>)]
    allocated: Option<Quantity>,
    /// The sources it was put together from, where this one is made of others.
    from: Vec<CountPart>,
    #[serde(flatten)]
    kept_apart: KeptApart,
    /// The change that brought it to what it is; nothing when it has been this since it was first seen, or for longer
    /// than changes are kept.
    brought_by: Option<LevelChange>,
    /// When this was true.
    #[schema(value_type = Option<String>)]
    as_of: Option<Moment>,
    /// When it counts as stale, unless it is confirmed before.
    #[schema(value_type = Option<String>)]
    stale_at: Option<Moment>,
    /// Whether it is stale.
    stale: bool,
    /// When the source's connection was last brought up to date.
    #[schema(value_type = Option<String>)]
    last_sync_at: Option<Moment>,
    /// When that is due again; nothing for a partner that pushes, or while the connection does not run.
    #[schema(value_type = Option<String>)]
    next_sync_at: Option<Moment>,
    /// The ship-from locations that it is sold from.
    sold_from: Vec<SoldFromPlace>,
}

/// A ship-from location that a level is sold from.
#[derive(Debug, Serialize, ToSchema)]
struct SoldFromPlace {
    /// The location.
    ship_from_location_id: ShipFromId,
    /// What people call it.
    name: String,
    /// Safety stock that it keeps back.
    buffer: Buffer,
    /// How many can be sold from there.
    #[schema(value_type = Option<f64>)]
    sellable: Option<Quantity>,
}

// === impl LevelExplanation ===

impl<'a> LevelExplanation<'a> {
    fn of(parts: &Parts, source: &'a InventorySource, sku: Sku, explanation: Explanation) -> Self {
        let held = explanation.held();
        let known = parts.availability.known(source, &sku, held.as_ref());
        let status = parts.connections.status(source.connection_id);
        let now = parts.clock.now();
        Self {
            source: SourceName::of(source),
            sku,
            knowledge: KnowledgeWord::of(&known),
            sellable: explanation.sellable,
            made_of: explanation.made_of,
            available: held.and_then(|held| held.available),
            on_hand: held.and_then(|held| held.on_hand),
            allocated: held.and_then(|held| held.allocated),
            from: CountPart::all(explanation.parts()),
            kept_apart: KeptApart::of(explanation.level.as_ref()),
            brought_by: explanation.brought_by.map(LevelChange::from),
            as_of: held.map(|held| Moment(held.as_of)),
            stale: explanation.stale_at.is_some_and(|at| now > at),
            stale_at: explanation.stale_at.map(Moment),
            last_sync_at: status.as_ref().and_then(|status| status.last_sync_at),
            next_sync_at: status.as_ref().and_then(|status| status.next_sync_at),
            sold_from: explanation
                .sold_from
                .into_iter()
                .map(SoldFromPlace::of)
                .collect(),
        }
    }
}

// === impl SoldFromPlace ===

impl SoldFromPlace {
    fn of(place: SoldFrom) -> Self {
        Self {
            ship_from_location_id: place.location.id,
            name: place.location.name,
            buffer: place.location.buffer,
            sellable: place.sellable,
        }
    }
}
