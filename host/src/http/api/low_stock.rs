//! What is low now, by the low-stock thresholds.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::csv::{self, AcceptsCsv, Format, PIECE_ROWS};
use crate::http::paging::{Cursor, Limit, Page};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::{AccountId, SourceId};
use crate::report::low_stock::{LEVEL, Row};
use crate::source::InventorySource;
use crate::stock::{LowPlace, LowStock, ThresholdFor};
use crate::store;

/// List what is low
///
/// The levels that are at their low-stock threshold or below it now, by source and SKU. What is no count is not low:
/// unknown is not zero.
#[utoipa::path(get, path = "/low-stock", operation_id = "list_low_stock", tag = "Inventory sources",
    params(LowStockQuery), responses((status = 200, description = "A page of levels",
        content((Page<LowLevelShown> = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<LowStockQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let sources = sources(&parts, account).await?;
    let of_source = Vec::from_iter(query.source_id);
    if let Some(id) = of_source.iter().find(|id| !sources.contains_key(id)) {
        let reason = format!("there is no inventory source `{id}`");
        return Err(Problem::field("source_id", reason));
    }
    if accepts_csv.or(query.format) {
        let after = query.cursor.map(|cursor| cursor.0);
        return as_csv(&parts, account, of_source, sources, after).await;
    }
    let after = query.cursor.as_ref().map(|cursor| &cursor.0);
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let low = parts.book.low_stock(account, &of_source, after, limit);
    let page = Page::cut(low.await?, query.limit, LowPlace::of);
    Ok(page
        .map(|level| LowLevelShown::of(level, &parts, &sources))
        .linked(&uri)
        .into_response())
}

async fn as_csv(
    parts: &Parts,
    account: AccountId,
    of_source: Vec<SourceId>,
    sources: HashMap<SourceId, InventorySource>,
    after: Option<LowPlace>,
) -> Result<Response, Problem> {
    let shared = Arc::new((parts.book.clone(), of_source, sources));
    csv::file("low-stock", LEVEL, after, move |after| {
        let shared = Arc::clone(&shared);
        async move {
            let (book, of_source, sources) = &*shared;
            let low = book.low_stock(account, of_source, after.as_ref(), PIECE_ROWS);
            let low = low.await?;
            let row = |level: &LowStock| {
                let source = sources.get(&level.source_id);
                Row::of(source.map_or("", |source| source.name.as_str()), level)
            };
            let last = low.last().map(LowPlace::of);
            Ok::<_, store::Error>(last.map(|last| (low.iter().map(row).collect(), Some(last))))
        }
    })
    .await
}

/// The sources of the account by their ids.
pub(in crate::http) async fn sources(
    parts: &Parts,
    account: AccountId,
) -> Result<HashMap<SourceId, InventorySource>, Problem> {
    let all = store::source::list(&parts.db, account).await?;
    Ok(all.into_iter().map(|source| (source.id, source)).collect())
}

/// Which levels to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct LowStockQuery {
    /// Those at this source; at every one when none is named.
    source_id: Option<SourceId>,
    /// How many levels a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<LowPlace>>,
    /// How it is answered; without it as `Accept` says. As CSV all of it comes at once, whatever `limit` says.
    #[param(inline)]
    format: Option<Format>,
}

/// A level that is low.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct LowLevelShown {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// Where it lies.
    source_id: SourceId,
    /// What its system calls that.
    source: String,
    /// What can be sold.
    #[schema(value_type = f64)]
    available: Quantity,
    /// At this many, or fewer, it is low.
    #[schema(value_type = f64)]
    threshold: Quantity,
    /// What that threshold is set for.
    threshold_for: ThresholdFor,
    /// When the number was last confirmed.
    #[schema(value_type = String)]
    as_of: Moment,
    /// Whether that is longer ago than the source's `max_age`.
    stale: bool,
    /// When it fell to what is its threshold now; nothing when it has been that low since it was first seen, or for
    /// longer than changes are kept.
    #[schema(value_type = Option<String>)]
    since: Option<Moment>,
}

// === impl LowLevelShown ===

impl LowLevelShown {
    fn of(level: LowStock, parts: &Parts, sources: &HashMap<SourceId, InventorySource>) -> Self {
        let source = sources.get(&level.source_id);
        let (now, max_age) = (parts.clock.now(), parts.config.sync.max_age);
        Self {
            source: source.map(|source| source.name.clone()).unwrap_or_default(),
            stale: source.is_some_and(|source| now > level.as_of.after(source.max_age(max_age))),
            sku: level.sku,
            source_id: level.source_id,
            available: level.available,
            threshold: level.threshold,
            threshold_for: level.threshold_for,
            as_of: Moment(level.as_of),
            since: level.since.map(Moment),
        }
    }
}
