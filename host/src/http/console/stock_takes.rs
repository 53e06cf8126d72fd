//! Stock takes: begun, counted on with a keyboard or a scanner, looked at and committed.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::{Location, LocationId, Quantity, Sku};
use serde::Deserialize;

use super::aliases::read;
use super::form::Form;
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::api;
use crate::http::api::stock_takes::{CountKey, commit_whole, sheet, take, with_source};
use crate::http::paging::Cursor;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::{SourceId, StockTakeId};
use crate::source::InventorySource;
use crate::stock_take::{CountRefusal, Sheet, StockTake, TakeState, Uncounted};
use crate::store::stock_take::{self as takes, count};

mod row;

use row::{CountRow, TakeRow, Totals};

/// Takes of one page.
const TAKES: u32 = 50;
/// Counts of one page.
const COUNTS: u32 = 100;
/// Uncounted articles that are shown: enough to see what is missing.
const UNCOUNTED: u32 = 50;
/// Places within a source that can be chosen from a list; of more, nobody finds one.
const PLACES_MAX: usize = 2_000;

#[derive(Template)]
#[template(path = "stock_takes/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<TakeRow>,
    /// The address of older ones, if there are any.
    next: Option<String>,
    /// Those that a take can be begun of.
    sources: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "stock_takes/details.html")]
struct DetailsPage {
    page: Page,
    take: TakeRow,
    totals: Totals,
    is_open: bool,
    /// It was cut off while it was committed.
    is_cut_off: bool,
    /// What was held is not shown, so that nobody counts what they expect.
    is_blind: bool,
    /// Only differences are shown.
    only_differences: bool,
    places: Vec<(String, String)>,
    /// What was counted last, with what is on hand and whether it differs.
    last: String,
    rows: Vec<CountRow>,
    next: Option<String>,
    uncounted: Vec<(String, String)>,
}

/// Which takes are looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    before: Option<Cursor<StockTakeId>>,
}

/// What of a take is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DetailsQuery {
    show: String,
    blind: String,
    last: String,
    after: Option<Cursor<CountKey>>,
}

/// A take that somebody begins.
#[derive(Debug, Deserialize)]
pub(super) struct NewTake {
    source: String,
    #[serde(default)]
    note: String,
}

/// A count as it is typed or scanned.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    sku: String,
    counted: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    blind: String,
}

/// How a take is committed.
#[derive(Debug, Deserialize)]
pub(super) struct Commit {
    #[serde(default)]
    uncounted: String,
}

/// The takes of the account.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let account = visitor.account();
    let before = query.before.map(|cursor| cursor.0);
    let found = takes::list(&parts.db, account, None, before, TAKES).await?;
    let sources = api::low_stock::sources(&parts, account).await?;
    let next = found.last().filter(|_| found.len() >= TAKES as usize);
    let next = next.map(|last| format!("/stock-takes?before={}", Cursor(last.id)));
    let mut rows = Vec::with_capacity(found.len());
    for take in &found {
        let totals = count::totals(&parts.db, take).await?;
        rows.push(TakeRow::of(take, &sources, &totals, &visitor));
    }
    let title = visitor.text().say("takes-title");
    show(&ListPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        rows,
        next,
        sources: writable(&parts, &sources),
    })
}

/// By their names.
fn writable(parts: &Parts, sources: &HashMap<SourceId, InventorySource>) -> Vec<(String, String)> {
    let can = |source: &&InventorySource| parts.connections.may_write(source).is_ok();
    let each = sources.values().filter(can);
    let mut all: Vec<_> = each
        .map(|source| (source.name.clone(), source.id.to_string()))
        .collect();
    all.sort();
    all
}

/// Begins one.
pub(super) async fn start(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(new): Form<NewTake>,
) -> Result<Response, Problem> {
    let no_such =
        || Problem::field_for_visitor("source", visitor.text().say("low-stock-source-invalid"));
    let id: SourceId = new.source.parse().map_err(|_| no_such())?;
    let source = super::inventory_sources::find(&parts, &visitor, id).await?;
    let take = sheet(&parts)
        .start(&source, Some(new.note), visitor.name())
        .await?;
    let started = visitor.did(EventKind::StockTakeStarted, Subject::source(&source));
    parts.activity.note(started);
    Ok(Redirect::to(&format!("/stock-takes/{}", take.id)).into_response())
}

/// One take.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<StockTakeId>,
    Query(query): Query<DetailsQuery>,
) -> Result<Response, Problem> {
    let (take, source) = with_source(&parts, visitor.account(), id).await?;
    let only_differences = query.show == "differences";
    let is_blind = query.blind == "yes" && take.state == TakeState::Open;
    let which = match only_differences {
        true => count::Which::Differences,
        false => count::Which::All,
    };
    let after = query.after.as_ref().map(|cursor| cursor.0.get());
    let counts = count::list(&parts.db, &take, which, after, COUNTS).await?;
    let next = counts.last().filter(|_| counts.len() >= COUNTS as usize);
    let next = next.map(|last| {
        let (show, after) = (&query.show, Cursor(CountKey::of(last)));
        format!(
            "/stock-takes/{id}?show={show}&blind={}&after={after}",
            query.blind
        )
    });
    let places = places(&parts, &source).await;
    let names: HashMap<&str, &str> = places
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()))
        .collect();
    let totals = count::totals(&parts.db, &take).await?;
    let rest = count::uncounted(&parts.db, &take, None, UNCOUNTED).await?;
    let sources = HashMap::from([(source.id, source.clone())]);
    let title = visitor.text().name("take-title", &source.name);
    show(&DetailsPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        totals: Totals::of(&totals, &visitor),
        is_open: take.state == TakeState::Open,
        is_cut_off: take.state == TakeState::Committing,
        is_blind,
        only_differences,
        last: last(&query.last, &take, is_blind, &parts, &visitor).await?,
        rows: counts
            .iter()
            .map(|count| CountRow::of(count, &names, &visitor))
            .collect(),
        next,
        uncounted: rest
            .iter()
            .map(|(sku, on_hand)| (sku.to_string(), visitor.quantity(*on_hand)))
            .collect(),
        take: TakeRow::of(&take, &sources, &totals, &visitor),
        places,
    })
}

/// What is said of the count that was made last.
async fn last(
    sku: &str,
    take: &StockTake,
    is_blind: bool,
    parts: &Parts,
    visitor: &Visitor,
) -> Result<String, Problem> {
    let Ok(sku) = Sku::new(sku) else {
        return Ok(String::new());
    };
    let counts = count::list_of(&parts.db, take, &sku).await?;
    let newest = counts.into_iter().max_by_key(|count| count.counted_at);
    let Some(count) = newest else {
        return Ok(String::new());
    };
    let id = match (is_blind, count.difference() == Quantity::ZERO) {
        (true, _) => "take-counted-blind",
        (false, true) => "take-counted-same",
        (false, false) => "take-counted-differs",
    };
    let values = [
        ("sku", sku.as_str().into()),
        ("counted", visitor.quantity(count.counted).into()),
        ("held", visitor.quantity(count.held).into()),
    ];
    Ok(visitor.text().with(id, &values))
}

/// The places within the source, by their names; none where its system cannot be asked now.
async fn places(parts: &Parts, source: &InventorySource) -> Vec<(String, String)> {
    let told = parts
        .connections
        .locations(source.account_id, source.connection_id);
    let all = told.await.unwrap_or_default();
    let parents: HashMap<&LocationId, &LocationId> = all
        .iter()
        .filter_map(|place| Some((&place.id, place.parent.as_ref()?)))
        .collect();
    let lies_within = |place: &&Location| {
        let mut around = parents.get(&place.id);
        for _ in 0..16 {
            match around {
                Some(parent) if **parent == source.location_id => return true,
                Some(parent) => around = parents.get(*parent),
                None => return false,
            }
        }
        false
    };
    let within = all.iter().filter(lies_within);
    let mut within: Vec<_> = within
        .map(|place| (place.id.0.clone(), place.name.clone()))
        .collect();
    within.sort_by(|one, other| one.1.cmp(&other.1));
    within.truncate(PLACES_MAX);
    within
}

/// Keeps a count.
pub(super) async fn count_goods(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<StockTakeId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let (take, source) = with_source(&parts, visitor.account(), id).await?;
    let line = typed.read(&visitor)?;
    let told = sheet(&parts)
        .count(&take, &source, visitor.name(), vec![line])
        .await?;
    if let Some(Err(refusal)) = told.into_iter().next() {
        return Err(Problem::field_for_visitor(
            "counted",
            sentence(&refusal, &visitor),
        ));
    }
    let last = ("last", typed.sku.trim());
    let back = super::address::with_query(
        &format!("/stock-takes/{id}"),
        [last, ("blind", typed.blind.as_str())],
    );
    Ok(Redirect::to(&back).into_response())
}

fn sentence(refusal: &CountRefusal, visitor: &Visitor) -> String {
    let id = match refusal {
        CountRefusal::Negative => "take-negative",
        CountRefusal::Twice => "take-twice",
        CountRefusal::NotAnswered => "take-not-answered",
        CountRefusal::NoNumber => "take-no-number",
        CountRefusal::NotKnown => "take-not-known",
        CountRefusal::System(said) => return said.clone(),
    };
    visitor.text().say(id)
}

/// Commits one.
pub(super) async fn commit(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<StockTakeId>,
    Form(commit): Form<Commit>,
) -> Result<Response, Problem> {
    let (take, source) = with_source(&parts, visitor.account(), id).await?;
    let uncounted = match commit.uncounted.as_str() {
        "zero" => Uncounted::Zero,
        _ => Uncounted::Leave,
    };
    commit_whole(&parts, &take, &source, visitor.name().to_owned(), uncounted).await?;
    let totals = count::totals(&parts.db, &take).await?;
    let committed = visitor.did(EventKind::StockTakeCommitted, Subject::source(&source));
    parts.activity.note(committed.with_totals(&totals));
    Ok(Redirect::to(&format!("/stock-takes/{id}?show=differences")).into_response())
}

/// Cancels one.
pub(super) async fn cancel(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<StockTakeId>,
) -> Result<Response, Problem> {
    let take = take(&parts, visitor.account(), id).await?;
    sheet(&parts).cancel(&take, visitor.name()).await?;
    let (_, source) = with_source(&parts, visitor.account(), id).await?;
    let cancelled = visitor.did(EventKind::StockTakeCancelled, Subject::source(&source));
    parts.activity.note(cancelled);
    Ok(Redirect::to("/stock-takes").into_response())
}

// === impl Typed ===

impl Typed {
    fn read(&self, visitor: &Visitor) -> Result<Sheet, Problem> {
        let counted: Option<Quantity> = self.counted.trim().replace(',', ".").parse().ok();
        let invalid =
            || Problem::field_for_visitor("counted", visitor.text().say("take-number-invalid"));
        Ok(Sheet {
            sku: read(&self.sku, "sku", visitor)?,
            counted: counted.ok_or_else(invalid)?,
            place: Some(self.place.clone())
                .filter(|place| !place.is_empty())
                .map(LocationId),
        })
    }
}
