//! Drift: what full listings found different from what was held, and from when on that is too much.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::inventory_sources::find;
use crate::activity::{EventKind, Subject};
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::csv::{self, AcceptsCsv, Format, PIECE_ROWS};
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Page};
use crate::http::path::{Named, NamedTwice};
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::{SourceId, SyncId};
use crate::report::drift as report;
use crate::source::InventorySource;
use crate::stock::drift::{Difference, DriftRun, DriftThreshold};
use crate::store::drift;

/// List what listings found different
///
/// Each full listing of the source but its first is compared with what was held: what an order would have been answered
/// by, and nothing had told us to be otherwise. Newest first; kept for `store.history_days`.
#[utoipa::path(get, path = "/inventory-sources/{id}/drift", operation_id = "list_drift",
    tag = "Inventory sources", params(("id" = SourceId, Path), DriftQuery),
    responses((status = 200, description = "A page of listings",
        content((Page<Drift> = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Query(query): Query<DriftQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, id).await?;
    let before = query.cursor.as_ref().map(|cursor| cursor.0);
    if accepts_csv.or(query.format) {
        return as_csv(&parts, source, before).await;
    }
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let runs = drift::runs(&parts.db, source.account_id, id, before, limit).await?;
    let page = Page::cut(runs, query.limit, |run| run.sync_id);
    Ok(page.map(Drift::from).linked(&uri).into_response())
}

/// All listings, newest first.
async fn as_csv(
    parts: &Parts,
    source: InventorySource,
    before: Option<SyncId>,
) -> Result<Response, Problem> {
    let shared = Arc::new((parts.db.clone(), source));
    csv::file("drift", report::LISTING, before, move |before| {
        let shared = Arc::clone(&shared);
        async move {
            let (db, source) = &*shared;
            let (account, id) = (source.account_id, source.id);
            let runs = drift::runs(db, account, id, before, PIECE_ROWS).await?;
            let rows = runs.iter().map(|run| report::Row::of(source, run));
            let last = runs.last().map(|last| last.sync_id);
            Ok::<_, crate::store::Error>(last.map(|last| (rows.collect(), Some(last))))
        }
    })
    .await
}

/// Read what a listing found different
///
/// Its differences, the largest first, at most 1,000; those with a number on one side only come last. They are kept of
/// the newest 100 listings of a source.
#[utoipa::path(get, path = "/inventory-sources/{id}/drift/{sync_id}", operation_id = "get_drift",
    tag = "Inventory sources", params(("id" = SourceId, Path), ("sync_id" = SyncId, Path), FormatQuery),
    responses((status = 200, description = "What it found; as CSV its differences",
        content((Drifted = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    NamedTwice(id, run): NamedTwice<SourceId, SyncId>,
    Query(query): Query<FormatQuery>,
    accepts_csv: AcceptsCsv,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, id).await?;
    let account = source.account_id;
    let found = drift::find(&parts.db, account, id, run).await?;
    let missing = || {
        let detail = format!("no listing `{run}` was compared with what was held of this source");
        Problem::new(Kind::NotFound, detail)
    };
    let found = found.ok_or_else(missing)?;
    let limit = u32::try_from(drift::DIFFERENCES_MAX).unwrap_or(u32::MAX);
    let differences = drift::differences(&parts.db, account, id, run, limit).await?;
    if accepts_csv.or(query.format) {
        let rows = differences.iter();
        let rows = rows.map(|difference| report::DifferenceRow::of(&source, difference));
        return csv::whole("drift", report::DIFFERENCE, &rows.collect::<Vec<_>>());
    }
    let items = differences.into_iter().map(DriftItem::from).collect();
    let drift = found.into();
    Ok(Json(Drifted { drift, items }).into_response())
}

/// Read the drift threshold of a source
#[utoipa::path(get, path = "/inventory-sources/{id}/drift-threshold", operation_id = "get_drift_threshold",
    tag = "Inventory sources", params(("id" = SourceId, Path)),
    responses((status = 200, description = "From when on drift is high", body = Threshold)))]
pub(in crate::http) async fn threshold(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
) -> Result<Json<Threshold>, Problem> {
    let account = find(&parts, &caller, id).await?.account_id;
    let threshold = drift::find_threshold(parts.db.read(), account, id).await?;
    Ok(Json(threshold.into()))
}

/// Set the drift threshold of a source
///
/// When a full listing finds that much different or more, by either limit, `drift.high` is told once for it. Without
/// limits nothing is told.
#[utoipa::path(put, path = "/inventory-sources/{id}/drift-threshold", operation_id = "set_drift_threshold",
    tag = "Inventory sources", params(("id" = SourceId, Path)), request_body = Threshold,
    responses((status = 200, description = "It is set", body = Threshold)))]
pub(in crate::http) async fn set_threshold(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Json(sent): Json<Threshold>,
) -> Result<Json<Threshold>, Problem> {
    let source = find(&parts, &caller, id).await?;
    let threshold = sent.checked()?;
    drift::put_threshold(&parts.db, source.account_id, id, &threshold).await?;
    let changed = caller.did(EventKind::SourceChanged, Subject::source(&source));
    parts.activity.note(changed);
    Ok(Json(threshold.into()))
}

/// Which listings to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct DriftQuery {
    /// How many listings a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<SyncId>>,
    /// How it is answered; without it as `Accept` says. As CSV all of it comes at once, whatever `limit` says.
    #[param(inline)]
    format: Option<Format>,
}

/// How a listing is read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct FormatQuery {
    /// How it is answered; without it as `Accept` says.
    #[param(inline)]
    format: Option<Format>,
}

/// What a full listing of a source found different from what was held.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Drift {
    /// The listing.
    sync_id: SyncId,
    /// When it began.
    #[schema(value_type = String)]
    started_at: Moment,
    /// When it was complete; nothing while it runs, or when it was given up.
    #[schema(value_type = Option<String>)]
    finished_at: Option<Moment>,
    /// Levels that were compared.
    compared: u64,
    /// Those of them that were not as held.
    differing: u64,
    /// Their share, in percent with two decimals.
    #[schema(value_type = f64)]
    percent: Quantity,
    /// By how much in all, up or down.
    #[schema(value_type = f64)]
    total: Quantity,
    /// By how much at most.
    #[schema(value_type = f64)]
    largest: Quantity,
    /// For how long one of them was wrong at most: since what was held was last confirmed.
    longest_secs: u64,
    /// Whether the source's threshold was reached.
    high: bool,
}

/// What a full listing found, with its largest differences.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Drifted {
    /// In numbers.
    #[serde(flatten)]
    drift: Drift,
    /// The differences, the largest first.
    items: Vec<DriftItem>,
}

/// A level that was not as it was held.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DriftItem {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What could be sold by what was held; nothing where that was no number.
    #[schema(value_type = Option<f64>)]
    held: Option<Quantity>,
    /// What can be sold by what was found.
    #[schema(value_type = Option<f64>)]
    found: Option<Quantity>,
    /// By how much they differ, up or down; nothing where one is no number.
    #[schema(value_type = Option<f64>)]
    difference: Option<Quantity>,
    /// The last time that what was held was confirmed: it was wrong since then at most.
    #[schema(value_type = String)]
    since: Moment,
}

/// From when on the drift of a source is high; by either limit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Threshold {
    /// This share of the levels that are compared, in percent: above 0, at most 100.
    #[serde(default)]
    #[schema(value_type = Option<f64>, exclusive_minimum = 0, maximum = 100)]
    percent: Option<Quantity>,
    /// So many levels, one or more.
    #[serde(default)]
    #[schema(minimum = 1)]
    differing: Option<u64>,
}

// === impl Threshold ===

impl Threshold {
    fn checked(&self) -> Result<DriftThreshold, Problem> {
        let threshold = DriftThreshold {
            percent: self.percent,
            differing: self.differing,
        };
        match threshold.wrong_limit() {
            Some("percent") => Err(Problem::field(
                "percent",
                "it must be above 0 and at most 100",
            )),
            Some(field) => Err(Problem::field(field, "it must be 1 or more")),
            None => Ok(threshold),
        }
    }
}

impl From<DriftThreshold> for Threshold {
    fn from(threshold: DriftThreshold) -> Self {
        Self {
            percent: threshold.percent,
            differing: threshold.differing,
        }
    }
}

impl From<DriftRun> for Drift {
    fn from(run: DriftRun) -> Self {
        let tally = run.tally;
        Self {
            sync_id: run.sync_id,
            started_at: Moment(run.started_at),
            finished_at: run.finished_at.map(Moment),
            compared: tally.compared,
            differing: tally.differing,
            percent: tally.percent(),
            total: tally.total,
            largest: tally.largest,
            longest_secs: tally.longest.as_secs(),
            high: run.high,
        }
    }
}

impl From<Difference> for DriftItem {
    fn from(difference: Difference) -> Self {
        Self {
            difference: difference.distance(),
            sku: difference.sku,
            held: difference.held,
            found: difference.found,
            since: Moment(difference.since),
        }
    }
}
