//! Stock levels: what lies at one source.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::count_part::CountPart;
use super::inventory_sources::find;
use super::kept_apart::KeptApart;
use super::source_name::SourceName;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::csv::{self, AcceptsCsv, Format, PIECE_ROWS};
use crate::http::paging::{Cursor, Limit, Linked, Page, next_address};
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::SourceId;
use crate::report::level::{LEVEL, Row};
use crate::source::InventorySource;
use crate::stock::Held;
use crate::store;
use crate::store::level::LevelDetails;
use crate::verdict::knowledge::Knowledge;

/// Most SKUs that may be named at once.
const SKUS_MAX: usize = 1000;

/// Read stock levels
///
/// With `sku`, those of these SKUs, in the order asked for: also of one that the source does not have, which is told.
/// Without it, all that are stored, page by page.
#[utoipa::path(get, path = "/inventory-sources/{id}/levels", operation_id = "list_levels",
    tag = "Inventory sources", params(("id" = SourceId, Path), LevelQuery),
    responses((status = 200, description = "A page of levels",
        content((Levels = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Query(query): Query<LevelQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, id).await?;
    if query.sku.is_none() && accepts_csv.or(query.format) {
        return as_csv(&parts, source, query.cursor.map(|cursor| cursor.0)).await;
    }
    let page = match &query.sku {
        Some(list) => named(&parts, &source, list).await?,
        None => stored(&parts, &source, &query).await?,
    };
    let skus: Vec<Sku> = page.items.iter().map(|(sku, _)| sku.clone()).collect();
    let details = parts.book.details(source.account_id, source.id, &skus);
    let mut details = details.await?.into_iter();
    let show = |(sku, held)| {
        let details = details.next().flatten();
        Level::of(&parts, &source, sku, held, details.as_ref())
    };
    let page = page.map(show);
    let next = page
        .next_cursor
        .as_deref()
        .map(|cursor| next_address(&uri, cursor));
    let body = Levels::of(&source, page);
    Ok(Linked { next, body }.into_response())
}

async fn as_csv(
    parts: &Parts,
    source: InventorySource,
    after: Option<Sku>,
) -> Result<Response, Problem> {
    let shared = Arc::new((parts.book.clone(), source));
    csv::file("levels", LEVEL, after, move |after| {
        let shared = Arc::clone(&shared);
        async move {
            let (book, source) = &*shared;
            let page = book.page(source.account_id, source.id, after.as_ref(), PIECE_ROWS);
            let page = page.await?;
            let last = page.last().map(|(sku, _)| sku.clone());
            let rows = page.iter().map(|(sku, held)| Row::of(source, sku, held));
            Ok::<_, store::Error>(last.map(|last| (rows.collect(), Some(last))))
        }
    })
    .await
}

type Found = (Sku, Option<Held>);

async fn named(
    parts: &Parts,
    source: &InventorySource,
    list: &str,
) -> Result<Page<Found>, Problem> {
    let skus: Result<Vec<Sku>, _> = list.split(',').map(Sku::new).collect();
    let skus = skus.map_err(|error| Problem::field("sku", error.to_string()))?;
    if skus.len() > SKUS_MAX {
        let reason = format!("at most {SKUS_MAX} may be named at once");
        return Err(Problem::field("sku", reason));
    }
    let levels = parts
        .book
        .levels(source.account_id, source.id, &skus)
        .await?;
    Ok(Page {
        items: skus.into_iter().zip(levels).collect(),
        next_cursor: None,
    })
}

async fn stored(
    parts: &Parts,
    source: &InventorySource,
    query: &LevelQuery,
) -> Result<Page<Found>, Problem> {
    let after = query.cursor.as_ref().map(|cursor| &cursor.0);
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let levels = parts
        .book
        .page(source.account_id, source.id, after, limit)
        .await?;
    let items = levels.into_iter().map(|(sku, held)| (sku, Some(held)));
    Ok(Page::cut(items.collect(), query.limit, |(sku, _)| {
        sku.clone()
    }))
}

/// Which levels to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct LevelQuery {
    /// SKUs, separated by commas.
    #[param(example = "85123A,71053")]
    sku: Option<String>,
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Sku>>,
    /// How it is answered; without it as `Accept` says. As CSV all that are stored come at once; named ones never do.
    #[param(inline)]
    format: Option<Format>,
}

/// A page of levels.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Levels<'a> {
    /// Where they lie.
    source: SourceName<'a>,
    /// The levels.
    items: Vec<Level>,
    /// Sent as `cursor`, it brings the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// What is known of one SKU at one source.
#[derive(Debug, Serialize, ToSchema)]
struct Level {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What sort of knowledge this is. Only `counted` comes with numbers that are counts.
    knowledge: KnowledgeWord,
    /// Sellable.
    #[schema(value_type = Option<f64>)]
    available: Option<Quantity>,
    /// Physically there.
    #[schema(value_type = Option<f64>)]
    on_hand: Option<Quantity>,
    /// Promised to orders.
    #[schema(value_type = Option<f64>)]
    allocated: Option<Quantity>,
    /// On its way here; never part of `available`.
    #[schema(value_type = Option<f64>)]
    incoming: Option<Quantity>,
    /// When this was true.
    #[schema(value_type = Option<String>)]
    as_of: Option<Moment>,
    /// Whether that is longer ago than the source's `max_age_secs`.
    stale: bool,
    /// The sources it was put together from, where this one is made of others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from: Vec<CountPart>,
    #[serde(flatten)]
    kept_apart: KeptApart,
}

/// What sort of knowledge there is of a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum KnowledgeWord {
    /// The source counts it.
    Counted,
    /// The source has the article and does not track it.
    NotTracked,
    /// The source has the article, but not at this place.
    NotStocked,
    /// Several articles of the source carry this SKU.
    Ambiguous,
    /// It is put together from several sources, and one of them does not say how many it has.
    Incomplete,
    /// The source was listed completely, or asked, and does not have the article.
    UnknownSku,
    /// Nobody knows yet: the source has not been listed completely.
    NotRetrieved,
}

// === impl Levels ===

impl<'a> Levels<'a> {
    fn of(source: &'a InventorySource, page: Page<Level>) -> Self {
        Self {
            source: SourceName::of(source),
            items: page.items,
            next_cursor: page.next_cursor,
        }
    }
}

// === impl Level ===

impl Level {
    fn of(
        parts: &Parts,
        source: &InventorySource,
        sku: Sku,
        held: Option<Held>,
        details: Option<&LevelDetails>,
    ) -> Self {
        let knowledge = parts.availability.known(source, &sku, held.as_ref());
        let (as_of, max_age) = (knowledge.as_of(), source.max_age(parts.config.sync.max_age));
        let word = KnowledgeWord::of(&knowledge);
        // Of what is not there, the numbers of before mean nothing.
        let is_there = word != KnowledgeWord::UnknownSku;
        let held = held.filter(|_| is_there);
        let details = details.filter(|_| is_there);
        Self {
            sku,
            knowledge: word,
            available: held.and_then(|held| held.available),
            on_hand: held.and_then(|held| held.on_hand),
            allocated: held.and_then(|held| held.allocated),
            incoming: held.and_then(|held| held.incoming),
            as_of: as_of.map(Moment),
            stale: as_of.is_some_and(|as_of| parts.clock.now().since(as_of) > max_age),
            from: CountPart::all(details.map_or(&[], |level| &level.parts)),
            kept_apart: KeptApart::of(details),
        }
    }
}

// === impl KnowledgeWord ===

impl KnowledgeWord {
    pub(super) fn of(knowledge: &Knowledge) -> Self {
        match knowledge {
            Knowledge::Counted(_) => Self::Counted,
            Knowledge::NotTracked { .. } => Self::NotTracked,
            Knowledge::NotStocked { .. } => Self::NotStocked,
            Knowledge::Ambiguous { .. } => Self::Ambiguous,
            Knowledge::Incomplete { .. } => Self::Incomplete,
            Knowledge::UnknownSku { .. } => Self::UnknownSku,
            Knowledge::NotRetrieved(_) => Self::NotRetrieved,
        }
    }
}
