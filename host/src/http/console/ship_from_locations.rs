//! Ship-from locations: where orders ship from, their policy and buffer, and the source each is linked to.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::form::{Faults, Form};
use super::inventory_sources::shown::{Heading, MissingHeading, headings};
use super::page::{Page, Place, show, show_as};
use super::visitor::Visitor;
use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::api;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::ShipFromId;
use crate::ship_from::ShipFromLocation;
use crate::store;

mod draft;
mod row;

pub(super) use draft::Removal;

use draft::Draft;
use row::Row;

#[derive(Template)]
#[template(path = "ship_from_locations/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    form: FormParts,
}

#[derive(Template)]
#[template(path = "ship_from_locations/details.html")]
struct DetailsPage {
    page: Page,
    id: ShipFromId,
    form: FormParts,
}

/// What a form for a location is drawn from.
struct FormParts {
    draft: Draft,
    faults: Faults,
    policies: [(&'static str, String, String); 3],
    headings: Vec<Heading>,
    missing: Vec<MissingHeading>,
}

/// All of them, and the form for one more.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    show(&list_page(&parts, &visitor, Draft::default(), Faults::default()).await?)
}

/// One more.
pub(super) async fn make(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let made = match draft.to_new(&visitor) {
        Ok(new) => api::ship_from_locations::add(&parts, visitor.account(), new).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(made) => {
            let subject = Subject::ship_from(&made);
            parts
                .activity
                .note(visitor.did(EventKind::ShipFromMade, subject));
            Ok(Redirect::to("/ship-from-locations").into_response())
        }
        Err(problem) if problem.status().is_client_error() => {
            let page = list_page(
                &parts,
                &visitor,
                draft,
                Faults::of_problem(&problem, visitor.text()),
            )
            .await?;
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// One of them, to be changed.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ShipFromId>,
) -> Result<Response, Problem> {
    let location = find(&parts, &visitor, id).await?;
    let draft = Draft::of(&location);
    show(&details_page(&parts, &visitor, &location, draft, Faults::default()).await?)
}

/// Changes it, when nobody else has meanwhile.
pub(super) async fn change(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ShipFromId>,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let location = find(&parts, &visitor, id).await?;
    let changed = match draft.applied_to(&location, &visitor) {
        Ok(changed) => api::ship_from_locations::store(&parts, &changed).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(changed) => {
            let subject = Subject::ship_from(&changed);
            let kind = match (location.source_id, changed.source_id) {
                (before, after) if before == after => EventKind::ShipFromChanged,
                (_, Some(_)) => EventKind::SourceLinked,
                (_, None) => EventKind::SourceUnlinked,
            };
            parts.activity.note(visitor.did(kind, subject));
            Ok(Redirect::to("/ship-from-locations").into_response())
        }
        Err(problem) if problem.status().is_client_error() => {
            let faults = Faults::of_problem(&problem, visitor.text());
            let page = details_page(&parts, &visitor, &location, draft, faults).await?;
            show_as(problem.status(), &page)
        }
        Err(problem) => Err(problem),
    }
}

/// Removes it, when nobody else has changed it meanwhile.
pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<ShipFromId>,
    Form(removal): Form<Removal>,
) -> Result<Response, Problem> {
    let location = find(&parts, &visitor, id).await?;
    store::ship_from::delete(&parts.db, visitor.account(), id, removal.version).await?;
    let subject = Subject::ship_from(&location);
    parts
        .activity
        .note(visitor.did(EventKind::ShipFromRemoved, subject));
    Ok(Redirect::to("/ship-from-locations").into_response())
}

async fn find(
    parts: &Parts,
    visitor: &Visitor,
    id: ShipFromId,
) -> Result<ShipFromLocation, Problem> {
    let found = store::ship_from::find(&parts.db, visitor.account(), id).await?;
    found
        .ok_or_else(|| Problem::for_visitor(Kind::NotFound, visitor.text().say("location-missing")))
}

async fn list_page(
    parts: &Parts,
    visitor: &Visitor,
    draft: Draft,
    faults: Faults,
) -> Result<ListPage, Problem> {
    let form = FormParts::of(parts, visitor, draft, faults).await?;
    let locations = store::ship_from::list(&parts.db, visitor.account()).await?;
    let title = visitor.text().say("locations-title");
    Ok(ListPage {
        page: Page::new(parts, visitor, Place::ShipFromLocations, title),
        rows: locations
            .iter()
            .map(|location| Row::of(location, &form.headings, visitor))
            .collect(),
        form,
    })
}

async fn details_page(
    parts: &Parts,
    visitor: &Visitor,
    location: &ShipFromLocation,
    draft: Draft,
    faults: Faults,
) -> Result<DetailsPage, Problem> {
    Ok(DetailsPage {
        page: Page::new(
            parts,
            visitor,
            Place::ShipFromLocations,
            location.name.clone(),
        ),
        id: location.id,
        form: FormParts::of(parts, visitor, draft, faults).await?,
    })
}

// === impl FormParts ===

impl FormParts {
    async fn of(
        parts: &Parts,
        visitor: &Visitor,
        draft: Draft,
        faults: Faults,
    ) -> Result<Self, Problem> {
        let sources = api::inventory_sources::all(parts, visitor.account(), |_| true).await?;
        let (headings, missing) = headings(sources, visitor);
        let text = visitor.text();
        Ok(Self {
            draft,
            faults,
            policies: ["allow", "warn", "block"].map(|policy| {
                let hint = text.say(&format!("policy-{policy}-hint"));
                (policy, text.say(&format!("policy-{policy}")), hint)
            }),
            headings,
            missing,
        })
    }
}
