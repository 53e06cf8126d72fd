//! Connections: how each account at another system fares, and the forms that its adapter's schema draws.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::Manifest;

use super::form::Faults;
use super::inventory_sources::shown::{Heading, headings};
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::connection::Connection;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::ConnectionId;
use crate::plugin::Adapter;
use crate::source::InventorySource;
use crate::store;

mod card;
mod deed;
mod draft;
mod reread;
mod setting;

pub(super) use deed::{change, check, make, pause, remove, sync};
pub(super) use reread::reread;

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
    /// Its sources, by id and name.
    sources: Vec<(String, String)>,
    /// What a check found, as HTML; empty before one.
    checked: String,
}

/// What a form for a connection is drawn from.
struct FormParts {
    draft: Draft,
    settings: Vec<Setting>,
    secrets: Vec<Secret>,
    faults: Faults,
    /// What there is to choose from, where a setting names inventory sources.
    sources: Vec<Heading>,
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
    let (draft, faults) = (Draft::default(), Faults::default());
    show(&new_page(&parts, &visitor, &adapter, draft, faults).await?)
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

async fn new_page(
    parts: &Parts,
    visitor: &Visitor,
    adapter: &Adapter,
    draft: Draft,
    faults: Faults,
) -> Result<NewPage, Problem> {
    let manifest = adapter.manifest();
    let title = visitor.text().name("connection-new", &manifest.name);
    let form = FormParts {
        is_new: true,
        ..FormParts::of(parts, visitor, manifest, draft, faults).await?
    };
    Ok(NewPage {
        page: Page::new(parts, visitor, Place::Connections, title),
        adapter: AdapterCard::of(manifest),
        form,
    })
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
    let form = match adapter.map(|adapter| adapter.manifest()) {
        Some(manifest) => Some(FormParts::of(parts, visitor, manifest, draft, faults).await?),
        None => None,
    };
    let card = Card::of(parts, connection, visitor);
    let (db, account) = (&parts.db, connection.account_id);
    let sources = store::source::list_of_connection(db, account, connection.id).await?;
    let named = |source: InventorySource| (source.id.to_string(), source.name);
    Ok(DetailsPage {
        sources: sources.into_iter().map(named).collect(),
        page: Page::new(parts, visitor, Place::Connections, connection.name.clone()),
        form: form.filter(|_| !card.is_of_config),
        loss: Loss::of(parts, connection, visitor).await?,
        card,
        checked: String::new(),
    })
}

// === impl FormParts ===

impl FormParts {
    /// The form of a connection that is there.
    async fn of(
        parts: &Parts,
        visitor: &Visitor,
        manifest: &Manifest,
        draft: Draft,
        faults: Faults,
    ) -> Result<Self, Problem> {
        let settings = Setting::all(&manifest.settings_schema, &draft, &faults);
        let names_sources = |setting: &Setting| setting.control == Control::Sources;
        let sources = match settings.iter().any(names_sources) {
            true => {
                let all = api::inventory_sources::all(parts, visitor.account(), |_| true);
                headings(all.await?, visitor).0
            }
            false => Vec::new(),
        };
        Ok(Self {
            settings,
            secrets: Secret::all(&manifest.secrets, &faults),
            draft,
            faults,
            sources,
            is_new: false,
        })
    }

    /// Whether this is chosen and no longer there.
    fn is_unknown(&self, chosen: &str) -> bool {
        let mut sources = self.sources.iter().flat_map(|heading| &heading.sources);
        !chosen.is_empty() && sources.all(|source| source.id.to_string() != chosen)
    }
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
