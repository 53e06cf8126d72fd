//! Connections: how each account at another system fares, and the forms that its adapter's schema draws.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::form::Faults;
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::connection::Connection;
use crate::daemon::Parts;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::ConnectionId;
use crate::plugin::Adapter;
use crate::store;

mod card;
mod deed;
mod draft;
mod setting;

pub(super) use deed::{change, check, make, pause, remove, sync};

use card::{AdapterCard, Card, Loss};
use draft::Draft;
use setting::{Control, Secret, Setting};

#[derive(Template)]
#[template(path = "connections/list.html")]
struct ListPage {
    page: Page,
    cards: Vec<Card>,
    adapters: Vec<AdapterCard>,
}

#[derive(Template)]
#[template(path = "connections/new.html")]
struct NewPage {
    page: Page,
    adapter: AdapterCard,
    form: FormParts,
}

#[derive(Template)]
#[template(path = "connections/details.html")]
struct DetailsPage {
    page: Page,
    card: Card,
    /// Nothing where its adapter does not run, or the config file has it.
    form: Option<FormParts>,
    loss: Loss,
    /// What a check found, as HTML; empty before one.
    checked: String,
}

/// What a form for a connection is drawn from.
struct FormParts {
    draft: Draft,
    settings: Vec<Setting>,
    secrets: Vec<Secret>,
    faults: Faults,
    is_new: bool,
}

/// All of them, and the adapters for one more.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let connections = store::connection::list(&parts.db, visitor.account()).await?;
    let directory = parts.connections.directory();
    let title = visitor.text().say("connections-title");
    show(&ListPage {
        page: Page::new(&parts, &visitor, Place::Connections, title),
        cards: connections
            .iter()
            .map(|connection| Card::of(&parts, connection, &visitor))
            .collect(),
        adapters: directory
            .adapters()
            .map(|adapter| adapter.manifest())
            .filter(|manifest| !manifest.takes_pushes())
            .map(AdapterCard::of)
            .collect(),
    })
}

/// The form for one more through this adapter.
pub(super) async fn new(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<String>,
) -> Result<Response, Problem> {
    let adapter = adapter(&parts, &id)?;
    show(&new_page(
        &parts,
        &visitor,
        &adapter,
        Draft::default(),
        Faults::default(),
    ))
}

/// One of them.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ConnectionId>,
) -> Result<Response, Problem> {
    let connection = find(&parts, &visitor, id).await?;
    let draft = Draft::of(&connection);
    show(&details_page(&parts, &visitor, &connection, draft, Faults::default()).await?)
}

fn new_page(
    parts: &Parts,
    visitor: &Visitor,
    adapter: &Adapter,
    draft: Draft,
    faults: Faults,
) -> NewPage {
    let manifest = adapter.manifest();
    let title = visitor.text().name("connection-new", &manifest.name);
    NewPage {
        page: Page::new(parts, visitor, Place::Connections, title),
        adapter: AdapterCard::of(manifest),
        form: FormParts {
            settings: Setting::all(&manifest.settings_schema, &draft, &faults),
            secrets: Secret::all(&manifest.secrets, &faults),
            draft,
            faults,
            is_new: true,
        },
    }
}

async fn details_page(
    parts: &Parts,
    visitor: &Visitor,
    connection: &Connection,
    draft: Draft,
    faults: Faults,
) -> Result<DetailsPage, Problem> {
    let directory = parts.connections.directory();
    let adapter = directory.adapter(&connection.adapter);
    let form = adapter.map(|adapter| FormParts {
        settings: Setting::all(&adapter.manifest().settings_schema, &draft, &faults),
        secrets: Secret::all(&adapter.manifest().secrets, &faults),
        draft,
        faults,
        is_new: false,
    });
    let card = Card::of(parts, connection, visitor);
    Ok(DetailsPage {
        page: Page::new(parts, visitor, Place::Connections, connection.name.clone()),
        form: form.filter(|_| !card.is_of_config),
        loss: Loss::of(parts, connection, visitor).await?,
        card,
        checked: String::new(),
    })
}

/// Back to a connection's page.
fn back_to(id: ConnectionId) -> Response {
    Redirect::to(&format!("/connections/{id}")).into_response()
}

async fn find(parts: &Parts, visitor: &Visitor, id: ConnectionId) -> Result<Connection, Problem> {
    let found = store::connection::find(&parts.db, visitor.account(), id).await?;
    found.ok_or_else(|| {
        Problem::for_visitor(Kind::NotFound, visitor.text().say("connection-missing"))
    })
}

fn adapter(parts: &Parts, id: &str) -> Result<Arc<Adapter>, Problem> {
    let directory = parts.connections.directory();
    let found = directory.adapter(id).cloned();
    found.ok_or_else(|| directory.why_missing(id).into())
}
