//! What our articles are called at a source: listed, set, removed, and suggested for those it does not know.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::Sku;
use serde::Deserialize;

use super::address;
use super::form::Form;
use super::inventory_sources::find;
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::article::{ALIASES_MAX, AliasConflict, Pack, SkuAlias, Suggestion};
use crate::daemon::Parts;
use crate::http::api;
use crate::http::api::aliases::Conflicts;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::store::article::alias;

/// Aliases of one page.
const ALIASES: u32 = 100;

#[derive(Template)]
#[template(path = "aliases/list.html")]
struct ListPage {
    page: Page,
    source: InventorySource,
    rows: Vec<Row>,
    /// The address of the next ones, if there are more.
    next: Option<String>,
    /// What the source does not know; nothing as long as nobody has asked.
    unknown: Option<Vec<Unknown>>,
}

/// An alias.
struct Row {
    sku: String,
    source_sku: String,
    pack: String,
    conflicts: Vec<String>,
}

/// An article of open orders that the source does not know.
struct Unknown {
    sku: String,
    suggestions: Vec<String>,
}

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    after: String,
    /// Whether suggestions are wanted: they take a second or two.
    suggest: bool,
}

/// An alias as it is typed.
#[derive(Debug, Deserialize)]
pub(super) struct Draft {
    sku: String,
    source_sku: String,
    #[serde(default)]
    pack: String,
}

/// A table that somebody pasted.
#[derive(Debug, Deserialize)]
pub(super) struct Pasted {
    pub(super) table: String,
}

/// Whose alias is removed.
#[derive(Debug, Deserialize)]
pub(super) struct Ours {
    sku: String,
}

/// The aliases of a source.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let account = visitor.account();
    let found = alias::list(&parts.db, account, id, Some(&query.after), ALIASES).await?;
    let conflicts = Conflicts::find(&parts, &source, &found).await?;
    let last = found.last().filter(|_| found.len() >= ALIASES as usize);
    let next = last.map(|last| address::with_query(&path(id), [("after", last.sku.as_str())]));
    let unknown = match query.suggest {
        true => Some(parts.availability.suggest(&source).await?),
        false => None,
    };
    let unknown = unknown.map(|unknown| unknown.into_iter().map(Unknown::of).collect());
    let title = visitor.text().name("aliases-title", &source.name);
    let row = |alias: &SkuAlias| Row::of(alias, conflicts.of(alias), &visitor);
    show(&ListPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        rows: found.iter().map(row).collect(),
        source,
        next,
        unknown,
    })
}

/// Sets an alias.
pub(super) async fn set(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let alias = draft.read(source.id, &visitor)?;
    let now = parts.clock.now();
    match alias::put(&parts.db, visitor.account(), &[alias], now).await? {
        true => Ok(back(id)),
        false => {
            let detail = format!("an account has at most {ALIASES_MAX} aliases; remove some first");
            Err(Problem::new(Kind::Conflict, detail))
        }
    }
}

/// Sets all aliases of a pasted table.
pub(super) async fn import(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Form(pasted): Form<Pasted>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    api::aliases::import_table(&parts, &source, pasted.table.as_bytes()).await?;
    Ok(back(id))
}

/// Removes an alias.
pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Form(ours): Form<Ours>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    // One that is gone already is gone.
    let sku = read(&ours.sku, "sku", &visitor)?;
    alias::delete(&parts.db, visitor.account(), source.id, &sku).await?;
    Ok(back(id))
}

fn path(id: SourceId) -> String {
    format!("/inventory-sources/{id}/aliases")
}

fn back(id: SourceId) -> Response {
    Redirect::to(&path(id)).into_response()
}

/// A SKU that somebody typed.
pub(super) fn read(typed: &str, field: &str, visitor: &Visitor) -> Result<Sku, Problem> {
    Sku::new(typed)
        .map_err(|_| Problem::field_for_visitor(field, visitor.text().say("operation-sku-invalid")))
}

// === impl Ours ===

impl Ours {
    pub(super) fn sku(&self) -> &str {
        &self.sku
    }
}

// === impl Draft ===

impl Draft {
    fn read(&self, source_id: SourceId, visitor: &Visitor) -> Result<SkuAlias, Problem> {
        let invalid =
            |_| Problem::field_for_visitor("pack", visitor.text().say("alias-pack-invalid"));
        let pack = match self.pack.trim() {
            "" => Pack::SAME,
            typed => typed.parse().map_err(invalid)?,
        };
        Ok(SkuAlias {
            source_id,
            sku: read(&self.sku, "sku", visitor)?,
            source_sku: read(&self.source_sku, "source_sku", visitor)?,
            pack,
        })
    }
}

// === impl Row ===

impl Row {
    fn of(alias: &SkuAlias, conflicts: Vec<AliasConflict>, visitor: &Visitor) -> Self {
        let said = |conflict: AliasConflict| {
            let id = match conflict {
                AliasConflict::HidesOwnSku => "alias-hides-own-sku",
                AliasConflict::UnknownTarget => "alias-unknown-target",
                AliasConflict::HidesKit => "alias-hides-kit",
            };
            visitor.text().say(id)
        };
        Self {
            sku: alias.sku.to_string(),
            source_sku: alias.source_sku.to_string(),
            pack: alias.pack.to_string(),
            conflicts: conflicts.into_iter().map(said).collect(),
        }
    }
}

// === impl Unknown ===

impl Unknown {
    fn of((sku, suggestions): (Sku, Vec<Suggestion>)) -> Self {
        let names = suggestions.into_iter();
        Self {
            sku: sku.to_string(),
            suggestions: names
                .map(|suggestion| suggestion.source_sku.to_string())
                .collect(),
        }
    }
}
