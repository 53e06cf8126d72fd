//! What is done with a connection: made, changed, tried, synced, stopped, removed.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::draft::Draft;
use super::{DetailsPage, adapter, back_to, details_page, find, new_page};
use crate::activity::{EventKind, Subject};
use crate::api_key::Role;
use crate::connection::{Connection, ConnectionPatch, NewConnection, Origin};
use crate::daemon::Parts;
use crate::http::api;
use crate::http::console::explain;
use crate::http::console::explain::told::Told;
use crate::http::console::form::{Faults, Form};
use crate::http::console::page::{Page, Place, show, show_as};
use crate::http::console::visitor::Visitor;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::ConnectionId;
use crate::plugin::Adapter;

/// What a check found, as a part of the page.
#[derive(Template)]
#[template(path = "connections/checked.html")]
struct Checked {
    page: Page,
    account_name: String,
    warnings: Vec<String>,
    error: Told,
}

/// Whether everything is to be brought in.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct SyncForm {
    full: Option<String>,
}

/// What a deed is based on.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(in crate::http::console) struct Based {
    version: i64,
}

/// Makes one.
pub(in crate::http::console) async fn make(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let adapter = adapter(&parts, &id)?;
    let draft = Draft::read(&body);
    match add(&parts, &visitor, &adapter, &draft).await {
        Ok(made) => {
            let event = visitor.did(EventKind::ConnectionMade, Subject::connection(&made));
            parts.activity.note(event.with("adapter", id));
            Ok(back_to(made.id))
        }
        Err(problem) if problem.status().is_client_error() => {
            let faults = Faults::of_problem(&problem, visitor.text());
            show_as(
                problem.status(),
                &new_page(&parts, &visitor, &adapter, draft, faults).await?,
            )
        }
        Err(problem) => Err(problem),
    }
}

async fn add(
    parts: &Parts,
    visitor: &Visitor,
    adapter: &Adapter,
    draft: &Draft,
) -> Result<Connection, Problem> {
    let role = visitor.user.role;
    api::connections::guard_private_network(draft.allow_private_network, role)?;
    let manifest = adapter.manifest();
    let new = NewConnection {
        name: draft.name.clone(),
        adapter: manifest.id.clone(),
        settings: draft.settings(&manifest.settings_schema, visitor.text())?,
        secrets: draft.secrets.clone(),
        allow_private_network: draft.allow_private_network,
        paused: false,
        sync_interval_secs: draft.sync_interval_secs()?,
        reconcile_secs: draft.reconcile_secs()?,
    };
    Ok(parts.connections.add(visitor.account(), new).await?)
}

/// Changes one, when nobody else has meanwhile. Secrets that are left empty stay.
pub(in crate::http::console) async fn change(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ConnectionId>,
    body: Bytes,
) -> Result<Response, Problem> {
    let known = find(&parts, &visitor, id).await?;
    let draft = Draft::read(&body);
    let patch = patch(&parts, &known, &draft, &visitor);
    let changed = match patch {
        Ok(patch) => apply(&parts, &visitor, &known, draft.version, patch).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(()) => Ok(back_to(id)),
        Err(problem) if problem.status().is_client_error() && has_form(&parts, &known) => {
            let faults = Faults::of_problem(&problem, visitor.text());
            let page = details_page(&parts, &visitor, &known, draft, faults).await?;
            show_as(problem.status(), &page)
        }
        Err(problem) => Err(problem),
    }
}

/// Whether its page has a form, beside whose fields it is said what is wrong.
fn has_form(parts: &Parts, connection: &Connection) -> bool {
    connection.origin == Origin::Api && adapter(parts, &connection.adapter).is_ok()
}

fn patch(
    parts: &Parts,
    known: &Connection,
    draft: &Draft,
    visitor: &Visitor,
) -> Result<ConnectionPatch, Problem> {
    let schema = adapter(parts, &known.adapter)?
        .manifest()
        .settings_schema
        .clone();
    let secrets = draft
        .secrets
        .clone()
        .into_iter()
        .map(|(name, secret)| (name, Some(secret)));
    Ok(ConnectionPatch {
        name: Some(draft.name.clone()),
        settings: Some(draft.settings(&schema, visitor.text())?),
        secrets: secrets.collect(),
        // Only an admin's form has the box.
        allow_private_network: visitor
            .may(Role::Admin)
            .then_some(draft.allow_private_network),
        paused: None,
        sync_interval_secs: Some(draft.sync_interval_secs()?),
        reconcile_secs: Some(draft.reconcile_secs()?),
    })
}

async fn apply(
    parts: &Parts,
    visitor: &Visitor,
    known: &Connection,
    version: i64,
    patch: ConnectionPatch,
) -> Result<(), Problem> {
    let role = visitor.user.role;
    let changed = parts
        .connections
        .change(visitor.account(), known.id, version, patch, role);
    let changed = changed.await?;
    let kind = EventKind::of_change(known, &changed);
    parts
        .activity
        .note(visitor.did(kind, Subject::connection(&changed)));
    Ok(())
}

/// Asks its system whether credentials and settings work, and shows what it says: alone for a script that puts it into
/// the page, else with the page.
pub(in crate::http::console) async fn check(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    headers: HeaderMap,
    Named(id): Named<ConnectionId>,
) -> Result<Response, Problem> {
    let connection = find(&parts, &visitor, id).await?;
    let answer = parts.connections.check(visitor.account(), id).await;
    let (account, error) = match answer {
        Ok(account) => (Some(account), Told::default()),
        Err(reason) => (None, explain::connection::reason(&reason, visitor.text())),
    };
    let (account_name, warnings) = account
        .map(|account| (account.name, account.warnings))
        .unwrap_or_default();
    let checked = Checked {
        page: Page::new(
            &parts,
            &visitor,
            Place::Connections,
            connection.name.as_str(),
        ),
        account_name,
        warnings,
        error,
    };
    if headers.contains_key("hx-request") {
        return show(&checked);
    }
    let draft = Draft::of(&connection);
    let page = details_page(&parts, &visitor, &connection, draft, Faults::default()).await?;
    let checked = checked.render();
    let checked = checked.map_err(|error| Problem::internal(&error))?;
    show(&DetailsPage { checked, ..page })
}

/// Syncs it now.
pub(in crate::http::console) async fn sync(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ConnectionId>,
    Form(form): Form<SyncForm>,
) -> Result<Response, Problem> {
    let connection = find(&parts, &visitor, id).await?;
    let wanted = parts
        .connections
        .sync_now(visitor.account(), id, form.full.is_some());
    match wanted && !connection.paused {
        true => Ok(back_to(id)),
        false => Err(Problem::for_visitor(
            Kind::Conflict,
            visitor.text().say("connection-not-running"),
        )),
    }
}

/// Stops it, or lets it go on.
pub(in crate::http::console) async fn pause(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ConnectionId>,
    Form(based): Form<Based>,
) -> Result<Response, Problem> {
    let known = find(&parts, &visitor, id).await?;
    let patch = ConnectionPatch {
        paused: Some(!known.paused),
        ..ConnectionPatch::default()
    };
    apply(&parts, &visitor, &known, based.version, patch).await?;
    Ok(back_to(id))
}

/// Removes it with all that goes with it.
pub(in crate::http::console) async fn remove(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ConnectionId>,
    Form(based): Form<Based>,
) -> Result<Response, Problem> {
    let known = find(&parts, &visitor, id).await?;
    parts
        .connections
        .remove(visitor.account(), id, based.version)
        .await?;
    parts
        .activity
        .note(visitor.did(EventKind::ConnectionRemoved, Subject::connection(&known)));
    Ok(Redirect::to("/connections").into_response())
}
