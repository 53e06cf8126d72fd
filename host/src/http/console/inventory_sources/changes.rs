//! The history of a whole source: the newest changes of all its articles.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bestand_plugin_api::Sku;
use serde::Deserialize;

use super::find;
use super::history::Step;
use crate::daemon::Parts;
use crate::http::console::address;
use crate::http::console::page::{Page, Place, show};
use crate::http::console::visitor::Visitor;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::SourceId;
use crate::stock::CauseKind;
use crate::store::history::{Change, ChangeFilter};

/// Changes of one page.
const CHANGES: u32 = 100;

#[derive(Template)]
#[template(path = "inventory_sources/changes.html")]
struct ChangesPage {
    page: Page,
    /// Where the source itself is looked at.
    source: String,
    name: String,
    sku: String,
    causes: Vec<Choice>,
    /// Whether anything is filtered.
    is_filtered: bool,
    rows: Vec<Row>,
    /// The address of older changes, if there are more.
    older: Option<String>,
}

/// A cause that can be chosen.
struct Choice {
    word: &'static str,
    text: String,
    is_chosen: bool,
}

/// A change of a level.
struct Row {
    sku: String,
    /// Where the level is explained.
    path: String,
    step: Step,
}

/// Which changes are looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct ChangesQuery {
    sku: String,
    cause: String,
    /// The change before which they are looked at; without it up to now.
    before: String,
}

/// The changes of its levels, newest first.
pub(in crate::http::console) async fn changes(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Query(query): Query<ChangesQuery>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let filter = query.filter();
    let (account, before) = (source.account_id, query.before.parse().ok());
    let found = parts
        .book
        .history_page(account, id, &filter, before, CHANGES)
        .await?;
    let path = format!("/inventory-sources/{id}");
    let title = visitor.text().name("changes-title", &source.name);
    show(&ChangesPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        name: source.name,
        causes: choices(&filter, &visitor),
        is_filtered: filter != ChangeFilter::default(),
        rows: found
            .iter()
            .map(|change| Row::of(&path, change, &visitor))
            .collect(),
        older: query.older(&path, &found),
        source: path,
        sku: query.sku,
    })
}

fn choices(filter: &ChangeFilter, visitor: &Visitor) -> Vec<Choice> {
    let choice = |cause: CauseKind| Choice {
        word: cause.as_str(),
        text: visitor.text().say(&format!("cause-of-{}", cause.as_str())),
        is_chosen: filter.causes.contains(&cause),
    };
    CauseKind::ALL.map(choice).into()
}

// === impl ChangesQuery ===

impl ChangesQuery {
    /// What can be no SKU or cause limits nothing.
    fn filter(&self) -> ChangeFilter {
        ChangeFilter {
            sku: Sku::new(self.sku.trim()).ok(),
            causes: Vec::from_iter(self.cause.parse().ok()),
            ..ChangeFilter::default()
        }
    }

    fn older(&self, path: &str, found: &[Change]) -> Option<String> {
        let last = found.last().filter(|_| found.len() >= CHANGES as usize)?;
        let before = last.id.to_string();
        let query = [
            ("sku", self.sku.trim()),
            ("cause", &self.cause),
            ("before", &before),
        ];
        Some(address::with_query(&format!("{path}/history"), query))
    }
}

// === impl Row ===

impl Row {
    fn of(source: &str, change: &Change, visitor: &Visitor) -> Self {
        Self {
            sku: change.sku.to_string(),
            path: address::with_query(source, [("sku", change.sku.as_str())]),
            step: Step::of(change, visitor),
        }
    }
}
