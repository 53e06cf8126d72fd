//! Kits: listed, set and removed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::Quantity;
use serde::Deserialize;

use super::address;
use super::aliases::{Ours, Pasted, read};
use super::form::Form;
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::article::{InvalidKit, KITS_MAX, Kit, KitComponent};
use crate::daemon::Parts;
use crate::http::api;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::store::article::kit::{self, Put};

/// Kits of one page.
const KITS: usize = 100;

#[derive(Template)]
#[template(path = "kits/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    /// The address of the next ones, if there are more.
    next: Option<String>,
}

/// A kit.
struct Row {
    sku: String,
    /// SKU and number of each component.
    components: Vec<(String, String)>,
}

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    after: String,
}

/// A kit as it is typed.
#[derive(Debug, Deserialize)]
pub(super) struct Draft {
    sku: String,
    /// A line for each component: its SKU and, after an equals sign, how many.
    components: String,
}

/// The kits of the account.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let mut all = kit::all(&parts.db, visitor.account()).await?;
    all.retain(|kit| *kit.sku.as_str() > *query.after);
    let more = all.len() > KITS;
    all.truncate(KITS);
    let last = all.last().filter(|_| more);
    let next = last.map(|last| address::with_query("/kits", [("after", last.sku.as_str())]));
    let title = visitor.text().say("kits-title");
    show(&ListPage {
        page: Page::new(&parts, &visitor, Place::Products, title),
        rows: all.iter().map(|kit| Row::of(kit, &visitor)).collect(),
        next,
    })
}

/// Sets a kit.
pub(super) async fn set(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let kit = draft.read(&visitor)?;
    let now = parts.clock.now();
    match kit::put(&parts.db, visitor.account(), &[kit], now).await? {
        Put::Done => Ok(back()),
        Put::Invalid(invalid) => Err(refused(&invalid, &visitor)),
        Put::TooMany => {
            let detail = format!("an account has at most {KITS_MAX} kits; remove some first");
            Err(Problem::new(Kind::Conflict, detail))
        }
    }
}

/// Sets all kits of a pasted table.
pub(super) async fn import(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(pasted): Form<Pasted>,
) -> Result<Response, Problem> {
    api::kits::import_table(&parts, visitor.account(), pasted.table.as_bytes()).await?;
    Ok(back())
}

/// Removes a kit.
pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(ours): Form<Ours>,
) -> Result<Response, Problem> {
    // One that is gone already is gone.
    let sku = read(ours.sku(), "sku", &visitor)?;
    kit::delete(&parts.db, visitor.account(), &sku).await?;
    Ok(back())
}

fn back() -> Response {
    Redirect::to("/kits").into_response()
}

fn refused(invalid: &InvalidKit, visitor: &Visitor) -> Problem {
    let text = visitor.text();
    let sentence = match invalid {
        InvalidKit::Number => text.say("kit-number-invalid"),
        InvalidKit::Itself(sku) => text.name("kit-holds-itself", sku.as_str()),
        InvalidKit::Twice(sku) => text.name("kit-holds-twice", sku.as_str()),
        InvalidKit::Quantity(sku) => text.name("kit-quantity-invalid", sku.as_str()),
        InvalidKit::Nested(sku) => text.name("kit-holds-kit", sku.as_str()),
        InvalidKit::IsComponent { of, .. } => text.name("kit-is-component", of.as_str()),
    };
    Problem::field_for_visitor("components", sentence)
}

// === impl Draft ===

impl Draft {
    fn read(&self, visitor: &Visitor) -> Result<Kit, Problem> {
        let sku = read(&self.sku, "sku", visitor)?;
        let lines = self.components.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty());
        let components = lines.map(|line| component(line, visitor));
        let components = components.collect::<Result<Vec<_>, _>>()?;
        Kit::new(sku, components).map_err(|invalid| refused(&invalid, visitor))
    }
}

/// A SKU may hold `=` itself: what follows the last one is the number.
fn component(line: &str, visitor: &Visitor) -> Result<KitComponent, Problem> {
    let (sku, quantity) = line.rsplit_once('=').unwrap_or((line, "1"));
    let quantity: Option<Quantity> = quantity.trim().replace(',', ".").parse().ok();
    let invalid = || {
        let sentence = visitor.text().name("kit-line-invalid", line);
        Problem::field_for_visitor("components", sentence)
    };
    Ok(KitComponent {
        sku: read(sku, "components", visitor)?,
        quantity: quantity.ok_or_else(invalid)?,
    })
}

// === impl Row ===

impl Row {
    fn of(kit: &Kit, visitor: &Visitor) -> Self {
        let shown = |part: &KitComponent| (part.sku.to_string(), visitor.quantity(part.quantity));
        Self {
            sku: kit.sku.to_string(),
            components: kit.components.iter().map(shown).collect(),
        }
    }
}
