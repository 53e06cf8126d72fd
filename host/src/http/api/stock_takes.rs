//! Stock takes: goods are counted, and what differs is written to the source's system.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{LocationId, Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::inventory_sources::find;
use crate::activity::{EventKind, Subject};
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::csv::{self, AcceptsCsv, Format, PIECE_ROWS};
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::{AccountId, SourceId, StockTakeId};
use crate::operation::OperationState;
use crate::report::stock_take::{COUNT, Row};
use crate::source::InventorySource;
use crate::stock_take::{
    Count, CountRefusal, CountSheet, Sheet, StockTake, StockTakeError, TakeState, TakeTotals,
    Uncounted,
};
use crate::store;
use crate::store::stock_take::{self as takes, count};

/// List stock takes
///
/// The newest first.
#[utoipa::path(get, path = "/stock-takes", operation_id = "list_stock_takes", tag = "Stock takes", params(TakeQuery),
    responses((status = 200, description = "A page of stock takes", body = Page<TakeShown>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<TakeQuery>,
    uri: Uri,
) -> Result<Linked<Page<TakeShown>>, Problem> {
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let before = query.cursor.map(|cursor| cursor.0);
    let found = takes::list(&parts.db, caller.account_id, query.source_id, before, limit).await?;
    let mut shown = Vec::with_capacity(found.len());
    for take in found {
        shown.push(TakeShown::of(&parts, take).await?);
    }
    Ok(Page::cut(shown, query.limit, |take| take.id).linked(&uri))
}

/// Begin a stock take
///
/// Of a source that can be written to; each has one at a time.
#[utoipa::path(post, path = "/stock-takes", operation_id = "start_stock_take", tag = "Stock takes",
    request_body = NewTake, responses((status = 201, description = "It is begun", body = TakeShown)))]
pub(in crate::http) async fn start(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(new): Json<NewTake>,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, new.source_id).await;
    let source = source.map_err(|problem| Problem::field("source_id", problem.detail()))?;
    let take = sheet(&parts)
        .start(&source, new.note, &caller.0.name)
        .await?;
    let started = caller.did(EventKind::StockTakeStarted, Subject::source(&source));
    parts.activity.note(started);
    let shown = TakeShown::of(&parts, take).await?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// Read a stock take
#[utoipa::path(get, path = "/stock-takes/{id}", operation_id = "get_stock_take", tag = "Stock takes",
    params(("id" = StockTakeId, Path)), responses((status = 200, description = "The stock take", body = TakeShown)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<StockTakeId>,
) -> Result<Json<TakeShown>, Problem> {
    let take = take(&parts, caller.account_id, id).await?;
    Ok(Json(TakeShown::of(&parts, take).await?))
}

/// Count
///
/// Each beside what the source's system has on hand at this moment: what is written by a commit is the difference, so
/// that what is shipped or arrives meanwhile is not undone. An article that is counted again at the same place is counted
/// anew. Each is kept or refused by itself.
#[utoipa::path(put, path = "/stock-takes/{id}/counts", operation_id = "count_stock", tag = "Stock takes",
    params(("id" = StockTakeId, Path)), request_body = SentCounts,
    responses((status = 200, description = "What became of each, in order", body = ToldCounts)))]
pub(in crate::http) async fn count_goods(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<StockTakeId>,
    Json(sent): Json<SentCounts>,
) -> Result<Json<ToldCounts>, Problem> {
    let (take, source) = with_source(&parts, caller.account_id, id).await?;
    let sheets: Vec<Sheet> = sent.counts.into_iter().map(Sheet::from).collect();
    let told = sheet(&parts)
        .count(&take, &source, &caller.name, sheets.clone())
        .await?;
    let counts = sheets.into_iter().zip(told).map(ToldCount::from).collect();
    Ok(Json(ToldCounts { counts }))
}

/// List counts
///
/// By article and place.
#[utoipa::path(get, path = "/stock-takes/{id}/counts", operation_id = "list_stock_counts", tag = "Stock takes",
    params(("id" = StockTakeId, Path), CountQuery),
    responses((status = 200, description = "A page of counts",
        content((Page<CountShown> = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn counts(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<StockTakeId>,
    Query(query): Query<CountQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let take = take(&parts, caller.account_id, id).await?;
    let which = query.show.which();
    let after = query.cursor.map(|cursor| cursor.0);
    if accepts_csv.or(query.format) {
        return as_csv(&parts, take, which, after).await;
    }
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let found = count::list(
        &parts.db,
        &take,
        which,
        after.as_ref().map(CountKey::get),
        limit,
    );
    let page = Page::cut(found.await?, query.limit, CountKey::of);
    Ok(page.map(CountShown::from).linked(&uri).into_response())
}

async fn as_csv(
    parts: &Parts,
    take: StockTake,
    which: count::Which,
    after: Option<CountKey>,
) -> Result<Response, Problem> {
    let shared = Arc::new((parts.db.clone(), take));
    csv::file("stock-take", COUNT, after, move |after| {
        let shared = Arc::clone(&shared);
        async move {
            let (db, take) = &*shared;
            let after = after.as_ref().map(CountKey::get);
            let counts = count::list(db, take, which, after, PIECE_ROWS).await?;
            let last = counts.last().map(CountKey::of);
            Ok::<_, store::Error>(
                last.map(|last| (counts.iter().map(Row::of).collect(), Some(last))),
            )
        }
    })
    .await
}

/// List what was not counted
///
/// Articles that the source has on hand and that were counted nowhere in it.
#[utoipa::path(get, path = "/stock-takes/{id}/uncounted", operation_id = "list_uncounted_stock", tag = "Stock takes",
    params(("id" = StockTakeId, Path), UncountedQuery),
    responses((status = 200, description = "A page of articles", body = Page<UncountedShown>)))]
pub(in crate::http) async fn uncounted(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<StockTakeId>,
    Query(query): Query<UncountedQuery>,
    uri: Uri,
) -> Result<Linked<Page<UncountedShown>>, Problem> {
    let take = take(&parts, caller.account_id, id).await?;
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let after = query.cursor.as_ref().map(|cursor| cursor.0.as_str());
    let found = count::uncounted(&parts.db, &take, after, limit).await?;
    let page = Page::cut(found, query.limit, |(sku, _)| sku.clone());
    let shown = |(sku, on_hand)| UncountedShown { sku, on_hand };
    Ok(page.map(shown).linked(&uri))
}

/// Commit a stock take
///
/// Writes every difference to the source's system, with an operation id for each. One that was cut off goes on when it is
/// committed again, and nothing is written twice.
#[utoipa::path(post, path = "/stock-takes/{id}/commit", operation_id = "commit_stock_take", tag = "Stock takes",
    params(("id" = StockTakeId, Path), CommitQuery),
    responses((status = 200, description = "It is committed", body = TakeShown)))]
pub(in crate::http) async fn commit(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<StockTakeId>,
    Query(query): Query<CommitQuery>,
) -> Result<Json<TakeShown>, Problem> {
    let (take, source) = with_source(&parts, caller.0.account_id, id).await?;
    let uncounted = query.uncounted.into();
    let actor = caller.0.name.to_string();
    commit_whole(&parts, &take, &source, actor, uncounted).await?;
    let totals = count::totals(&parts.db, &take).await?;
    let committed = caller.did(EventKind::StockTakeCommitted, Subject::source(&source));
    parts.activity.note(committed.with_totals(&totals));
    let take = self::take(&parts, caller.0.account_id, id).await?;
    Ok(Json(TakeShown::of(&parts, take).await?))
}

/// Commits a take to its end, also when the client does not wait for it.
pub(in crate::http) async fn commit_whole(
    parts: &Parts,
    take: &StockTake,
    source: &InventorySource,
    actor: String,
    uncounted: Uncounted,
) -> Result<(), Problem> {
    let (sheet, take, source) = (sheet(parts), take.clone(), source.clone());
    let work = tokio::spawn(async move { sheet.commit(&take, &source, &actor, uncounted).await });
    let done = work.await.map_err(|error| Problem::internal(&error))?;
    Ok(done?)
}

/// Cancel a stock take
///
/// Nothing of it is written.
#[utoipa::path(post, path = "/stock-takes/{id}/cancel", operation_id = "cancel_stock_take", tag = "Stock takes",
    params(("id" = StockTakeId, Path)), responses((status = 200, description = "It is cancelled", body = TakeShown)))]
pub(in crate::http) async fn cancel(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<StockTakeId>,
) -> Result<Json<TakeShown>, Problem> {
    let (take, source) = with_source(&parts, caller.0.account_id, id).await?;
    sheet(&parts).cancel(&take, &caller.0.name).await?;
    let cancelled = caller.did(EventKind::StockTakeCancelled, Subject::source(&source));
    parts.activity.note(cancelled);
    let take = self::take(&parts, caller.0.account_id, id).await?;
    Ok(Json(TakeShown::of(&parts, take).await?))
}

/// Where stock takes are done.
pub(in crate::http) fn sheet(parts: &Parts) -> CountSheet {
    CountSheet::new(
        parts.db.clone(),
        parts.clock.clone(),
        parts.connections.clone(),
    )
}

/// A take of the account.
pub(in crate::http) async fn take(
    parts: &Parts,
    account: AccountId,
    id: StockTakeId,
) -> Result<StockTake, Problem> {
    let found = takes::find(&parts.db, account, id).await?;
    found.ok_or_else(|| Problem::new(Kind::NotFound, format!("there is no stock take `{id}`")))
}

/// The same with its source.
pub(in crate::http) async fn with_source(
    parts: &Parts,
    account: AccountId,
    id: StockTakeId,
) -> Result<(StockTake, InventorySource), Problem> {
    let take = take(parts, account, id).await?;
    let source = store::source::find(&parts.db, account, take.source_id).await?;
    let gone = || Problem::new(Kind::NotFound, "the source of this stock take is gone");
    Ok((take, source.ok_or_else(gone)?))
}

/// Which takes to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct TakeQuery {
    /// Those of this source; of every one when none is named.
    source_id: Option<SourceId>,
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<StockTakeId>>,
}

/// Which counts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct CountQuery {
    /// All of them, or those that differ from what was held.
    #[serde(default)]
    #[param(inline, default = "all")]
    show: Show,
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<CountKey>>,
    /// How it is answered; without it as `Accept` says. As CSV all of it comes at once, whatever `limit` says.
    #[param(inline)]
    format: Option<Format>,
}

/// A page of what was not counted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct UncountedQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<String>>,
}

/// How a take is committed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct CommitQuery {
    /// What becomes of articles that are held and were counted nowhere: they stay as they are, or there are none of them.
    #[serde(default)]
    #[param(inline, default = "leave")]
    uncounted: UncountedWord,
}

/// Which counts are listed.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Show {
    #[default]
    All,
    Differences,
}

/// What becomes of articles that were not counted.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum UncountedWord {
    #[default]
    Leave,
    Zero,
}

/// A stock take that is to begin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewTake {
    /// Where goods are counted.
    source_id: SourceId,
    /// What it is about.
    #[schema(max_length = 500, example = "Yearly")]
    note: Option<String>,
}

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SentCounts {
    /// Each of another article or place.
    #[schema(min_items = 1, max_items = 1_000)]
    counts: Vec<SentCount>,
}

/// What was counted of an article.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SentCount {
    /// The article, as its source calls it.
    #[schema(value_type = String)]
    sku: Sku,
    /// The place within the source, as its system's own id of it, where single bins are counted.
    location_id: Option<String>,
    /// How many there are, whatever their condition.
    #[schema(value_type = f64, minimum = 0)]
    counted: Quantity,
}

/// What became of counts.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ToldCounts {
    /// One for each, in order.
    counts: Vec<ToldCount>,
}

/// What became of one.
#[derive(Debug, Serialize, ToSchema)]
struct ToldCount {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// The place within the source.
    location_id: Option<String>,
    /// How many the source has on hand; nothing when it was not kept.
    #[schema(value_type = Option<f64>)]
    held: Option<Quantity>,
    /// How many more there are than that.
    #[schema(value_type = Option<f64>)]
    difference: Option<Quantity>,
    /// Why it was not kept.
    reason: Option<String>,
}

/// A stock take.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockTake)]
pub(in crate::http) struct TakeShown {
    /// Its id.
    id: StockTakeId,
    /// Where goods are counted.
    source_id: SourceId,
    /// What it is about.
    note: Option<String>,
    /// How far it is.
    state: TakeState,
    /// Who began it.
    started_by: String,
    /// When.
    #[schema(value_type = String)]
    started_at: Moment,
    /// Who committed or cancelled it.
    closed_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>)]
    closed_at: Option<Moment>,
    /// What its counts come to.
    totals: TakeTotals,
}

/// A count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockCount)]
pub(in crate::http) struct CountShown {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// The place within the source.
    location_id: Option<String>,
    /// How many there are.
    #[schema(value_type = f64)]
    counted: Quantity,
    /// How many the source had on hand when they were counted.
    #[schema(value_type = f64)]
    held: Quantity,
    /// How many more there are than that.
    #[schema(value_type = f64)]
    difference: Quantity,
    /// When they were counted.
    #[schema(value_type = String)]
    counted_at: Moment,
    /// By whom.
    counted_by: String,
    /// What became of the difference; nothing before a commit, and where there is none.
    state: Option<OperationState>,
    /// Why it was refused, or is unknown.
    reason: Option<String>,
    /// The operation that writes it, for `/operations/{id}`.
    operation_id: String,
}

/// An article that was not counted.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct UncountedShown {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// How many the source has on hand, as it is stored.
    #[schema(value_type = f64)]
    on_hand: Quantity,
}

/// Where a page of counts begins: an article, and the place of it.
#[derive(Clone, Debug)]
pub(in crate::http) struct CountKey(String, String);

// === impl TakeShown ===

impl TakeShown {
    async fn of(parts: &Parts, take: StockTake) -> Result<Self, Problem> {
        let totals = count::totals(&parts.db, &take).await?;
        Ok(Self {
            id: take.id,
            source_id: take.source_id,
            note: take.note,
            state: take.state,
            started_by: take.started_by,
            started_at: Moment(take.started_at),
            closed_by: take.closed_by,
            closed_at: take.closed_at.map(Moment),
            totals,
        })
    }
}

impl From<Count> for CountShown {
    fn from(count: Count) -> Self {
        let difference = count.difference();
        let (state, reason) = count
            .outcome
            .map_or((None, None), |(state, reason)| (Some(state), reason));
        Self {
            sku: count.sku,
            location_id: count.place.map(|place| place.0),
            counted: count.counted,
            held: count.held,
            difference,
            counted_at: Moment(count.counted_at),
            counted_by: count.counted_by,
            state,
            reason,
            operation_id: count.operation_id,
        }
    }
}

impl From<(Sheet, Result<Count, CountRefusal>)> for ToldCount {
    fn from((sheet, told): (Sheet, Result<Count, CountRefusal>)) -> Self {
        let kept = told.as_ref().ok();
        Self {
            sku: sheet.sku,
            location_id: sheet.place.map(|place| place.0),
            held: kept.map(|count| count.held),
            difference: kept.map(Count::difference),
            reason: told.err().map(|refusal| refusal.to_string()),
        }
    }
}

impl From<SentCount> for Sheet {
    fn from(sent: SentCount) -> Self {
        Self {
            sku: sent.sku,
            place: sent.location_id.map(LocationId),
            counted: sent.counted,
        }
    }
}

// === impl CountKey ===

impl CountKey {
    pub(in crate::http) fn of(count: &Count) -> Self {
        let place = count.place.as_ref().map(|place| place.0.clone());
        Self(count.sku.to_string(), place.unwrap_or_default())
    }

    pub(in crate::http) fn get(&self) -> count::After<'_> {
        (&self.0, &self.1)
    }
}

/// No SKU holds a control character.
impl fmt::Display for CountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{1f}{}", self.0, self.1)
    }
}

impl FromStr for CountKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let (sku, place) = text
            .split_once('\u{1f}')
            .ok_or("it is no place in this list")?;
        Ok(Self(sku.into(), place.into()))
    }
}

// === impl Show ===

impl Show {
    const fn which(self) -> count::Which {
        match self {
            Self::All => count::Which::All,
            Self::Differences => count::Which::Differences,
        }
    }
}

impl From<UncountedWord> for Uncounted {
    fn from(word: UncountedWord) -> Self {
        match word {
            UncountedWord::Leave => Self::Leave,
            UncountedWord::Zero => Self::Zero,
        }
    }
}

impl From<StockTakeError> for Problem {
    fn from(error: StockTakeError) -> Self {
        match error {
            StockTakeError::Adapter(error) => error.into(),
            StockTakeError::Store(error) => error.into(),
            StockTakeError::Number => Self::field("counts", error.to_string()),
            StockTakeError::LongNote => Self::field("note", error.to_string()),
            StockTakeError::UnderWay | StockTakeError::Closed(_) | StockTakeError::TooMany => {
                Self::new(Kind::Conflict, error.to_string())
            }
        }
    }
}
