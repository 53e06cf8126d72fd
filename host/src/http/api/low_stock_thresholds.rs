//! Low-stock thresholds: from when on `stock.low` is told.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::{AccountId, SourceId};
use crate::stock::{THRESHOLDS_MAX, Threshold};
use crate::store;

/// List low-stock thresholds
///
/// For a level, the one that names its article and source goes first, then the one of the article, then the one of the
/// source, then the one for everything.
#[utoipa::path(get, path = "/low-stock-thresholds", operation_id = "list_low_stock_thresholds", tag = "Events",
    params(ThresholdQuery), responses((status = 200, description = "A page of thresholds",
        body = Page<LowStockThreshold>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<ThresholdQuery>,
    uri: Uri,
) -> Result<Linked<Page<LowStockThreshold>>, Problem> {
    let mut all = store::low_stock::list(&parts.db, caller.account_id).await?;
    all.sort_by_cached_key(extent);
    let page = Page::of_all(all, query.limit, query.cursor.as_ref(), extent);
    Ok(page.map(LowStockThreshold::from).linked(&uri))
}

/// Set a low-stock threshold
///
/// In place of what was set for the same article and source. `stock.low` is told when a level falls to it or below:
/// not of what is that low already, and not of an article's first count.
#[utoipa::path(put, path = "/low-stock-thresholds", operation_id = "set_low_stock_threshold", tag = "Events",
    request_body = LowStockThreshold,
    responses((status = 200, description = "It is set", body = LowStockThreshold)))]
pub(in crate::http) async fn set(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<LowStockThreshold>,
) -> Result<Json<LowStockThreshold>, Problem> {
    let account = caller.account_id;
    let threshold = sent.checked()?;
    put(&parts, account, &threshold).await?;
    Ok(Json(threshold.into()))
}

/// Sets it, if there is room for it and its source is there.
pub(in crate::http) async fn put(
    parts: &Parts,
    account: AccountId,
    threshold: &Threshold,
) -> Result<(), Problem> {
    if let Some(id) = threshold.source_id {
        let source = store::source::find(&parts.db, account, id).await?;
        let missing =
            || Problem::field("source_id", format!("there is no inventory source `{id}`"));
        source.ok_or_else(missing)?;
    }
    if store::low_stock::count(&parts.db, account).await? >= THRESHOLDS_MAX {
        let detail = format!("{THRESHOLDS_MAX} thresholds are set; remove some first");
        return Err(Problem::new(Kind::Conflict, detail));
    }
    store::low_stock::put(&parts.db, account, threshold, parts.clock.now()).await?;
    parts.book.forget_thresholds(account);
    Ok(())
}

/// Remove a low-stock threshold
///
/// The one that was set for just this article and source.
#[utoipa::path(delete, path = "/low-stock-thresholds", operation_id = "remove_low_stock_threshold", tag = "Events",
    params(Extent), responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn remove(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(extent): Query<Extent>,
) -> Result<StatusCode, Problem> {
    let account = caller.account_id;
    let sku = extent.sku.as_ref();
    match store::low_stock::delete(&parts.db, account, extent.source_id, sku).await? {
        true => parts.book.forget_thresholds(account),
        false => {
            let reason = "no threshold is set for just this article and source";
            return Err(Problem::field("sku", reason));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The order of a list: by article, and then by source.
fn extent(threshold: &Threshold) -> String {
    let sku = threshold.sku.as_deref().unwrap_or_default();
    let source = threshold.source_id.map(|id| id.to_string());
    // No SKU holds a control character.
    format!("{sku}\n{}", source.unwrap_or_default())
}

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ThresholdQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<String>>,
}

/// What a threshold is for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Extent {
    /// The source; left out, it is the one for every source.
    source_id: Option<SourceId>,
    /// The article; left out, it is the one for every article.
    #[param(value_type = Option<String>)]
    sku: Option<Sku>,
}

/// From when on stock is low.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LowStockThreshold {
    /// At this source; at every one when none is named.
    source_id: Option<SourceId>,
    /// Of this article; of every one when none is named.
    #[schema(value_type = Option<String>)]
    sku: Option<Sku>,
    /// At this many, or fewer, stock is low; zero or more.
    #[schema(value_type = f64, minimum = 0)]
    threshold: Quantity,
}

// === impl LowStockThreshold ===

impl LowStockThreshold {
    fn checked(self) -> Result<Threshold, Problem> {
        if self.threshold < Quantity::ZERO {
            return Err(Problem::field("threshold", "it must not be below zero"));
        }
        Ok(Threshold {
            source_id: self.source_id,
            sku: self.sku,
            threshold: self.threshold,
        })
    }
}

impl From<Threshold> for LowStockThreshold {
    fn from(threshold: Threshold) -> Self {
        Self {
            source_id: threshold.source_id,
            sku: threshold.sku,
            threshold: threshold.threshold,
        }
    }
}
