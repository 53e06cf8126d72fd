//! Webhooks: the list, a new one, and for one of them its settings, a trial, a new secret, and the messages that could
//! not be delivered. A secret is shown once, on the answer to the form that made it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::form::{Faults, Form};
use super::page::{Page, Place, show, show_as};
use super::ship_from_locations::Removal;
use super::visitor::Visitor;
use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::event_log::EventId;
use crate::http::path::{Named, NamedTwice};
use crate::http::problem::{Kind, Problem};
use crate::id::WebhookId;
use crate::webhook::{Counts, DeliveryState, IssuedWebhook, Webhook, WebhookError};

mod draft;
mod shown;

use draft::{Choice, Draft, faults};
use shown::{Pinged, ShownDelivery, ShownWebhook};

/// Dead letters shown of one webhook: the newest say what is wrong.
const DEAD_SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct ListPage {
    page: Page,
    webhooks: Vec<ShownWebhook>,
    form: FormParts,
}

#[derive(Template)]
#[template(path = "webhooks/details.html")]
struct DetailsPage {
    page: Page,
    webhook: ShownWebhook,
    form: FormParts,
    dead: Vec<ShownDelivery>,
    /// What came of a trial, right after it.
    pinged: Option<Pinged>,
}

/// A secret, shown once.
#[derive(Template)]
#[template(path = "webhooks/issued.html")]
struct IssuedPage {
    page: Page,
    id: WebhookId,
    name: String,
    secret: String,
    /// Until when the secret before signs as well; empty for a new webhook.
    before: String,
}

/// What a form for a webhook offers.
struct FormParts {
    draft: Draft,
    faults: Faults,
    types: Vec<Choice>,
    sources: Vec<Choice>,
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
    let made = match draft.to_new() {
        Ok(new) => parts.webhooks.add(visitor.account(), new).await,
        Err(problem) => return again(&parts, &visitor, draft, &problem).await,
    };
    match made {
        Ok(issued) => {
            let subject = Subject::webhook(&issued.webhook);
            let made = visitor.did(EventKind::WebhookMade, subject);
            parts.activity.note(made);
            show(&IssuedPage::of(&parts, &visitor, issued))
        }
        Err(error) => again(&parts, &visitor, draft, &told(error, &visitor)).await,
    }
}

/// One of them.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<WebhookId>,
) -> Result<Response, Problem> {
    let webhook = find(&parts, &visitor, id).await?;
    show(&DetailsPage::of(&parts, &visitor, webhook).await?)
}

/// Changes it, when nobody else has meanwhile.
pub(super) async fn change(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<WebhookId>,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let webhook = find(&parts, &visitor, id).await?;
    let changed = match draft.applied_to(webhook.clone()) {
        Ok(wanted) => parts.webhooks.change(&wanted).await,
        Err(problem) => return corrected(&parts, &visitor, webhook, draft, &problem).await,
    };
    match changed {
        Ok(changed) => {
            let subject = Subject::webhook(&changed);
            let did = visitor.did(EventKind::WebhookChanged, subject);
            parts.activity.note(did);
            Ok(to(id))
        }
        Err(error) => corrected(&parts, &visitor, webhook, draft, &told(error, &visitor)).await,
    }
}

/// Sends it a message that tells nothing, and shows what came of it.
pub(super) async fn ping(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<WebhookId>,
) -> Result<Response, Problem> {
    let webhook = find(&parts, &visitor, id).await?;
    let attempt = parts.webhooks.ping(visitor.account(), id).await?;
    let mut page = DetailsPage::of(&parts, &visitor, webhook).await?;
    page.pinged = Some(Pinged::of(attempt, &visitor));
    show(&page)
}

/// A new secret for one of them.
pub(super) async fn rotate(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<WebhookId>,
) -> Result<Response, Problem> {
    find(&parts, &visitor, id).await?;
    let issued = parts.webhooks.rotate(visitor.account(), id).await?;
    let subject = Subject::webhook(&issued.webhook);
    let did = visitor.did(EventKind::WebhookRotated, subject);
    parts.activity.note(did);
    show(&IssuedPage::of(&parts, &visitor, issued))
}

/// Sends all that could not be delivered again.
pub(super) async fn resend_all(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<WebhookId>,
) -> Result<Response, Problem> {
    find(&parts, &visitor, id).await?;
    parts.webhooks.resend_all(visitor.account(), id).await?;
    Ok(to(id))
}

/// Sends one message that could not be delivered again.
pub(super) async fn resend(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    NamedTwice(id, event): NamedTwice<WebhookId, EventId>,
) -> Result<Response, Problem> {
    find(&parts, &visitor, id).await?;
    match parts.webhooks.resend(visitor.account(), id, event).await {
        // Somebody else was faster, or it is forgotten: the page shows how it is.
        Ok(()) | Err(WebhookError::NotDead(_) | WebhookError::NoDelivery(_)) => Ok(to(id)),
        Err(error) => Err(error.into()),
    }
}

/// Removes it, when nobody else has changed it meanwhile.
pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<WebhookId>,
    Form(removal): Form<Removal>,
) -> Result<Response, Problem> {
    let mut webhook = find(&parts, &visitor, id).await?;
    webhook.version = removal.version;
    parts.webhooks.remove(&webhook).await?;
    let subject = Subject::webhook(&webhook);
    let did = visitor.did(EventKind::WebhookRemoved, subject);
    parts.activity.note(did);
    Ok(Redirect::to("/webhooks").into_response())
}

fn to(id: WebhookId) -> Response {
    Redirect::to(&format!("/webhooks/{id}")).into_response()
}

async fn find(parts: &Parts, visitor: &Visitor, id: WebhookId) -> Result<Webhook, Problem> {
    let found = parts.webhooks.find(visitor.account(), id).await;
    found.map_err(|error| told(error, visitor))
}

/// What an error says, in the visitor's language.
fn told(error: WebhookError, visitor: &Visitor) -> Problem {
    let (kind, id) = match error {
        WebhookError::Missing(_) => (Kind::NotFound, "webhook-missing"),
        WebhookError::TooMany => (Kind::Conflict, "webhook-too-many"),
        error => return error.into(),
    };
    Problem::for_visitor(kind, visitor.text().say(id))
}

/// The form for a new one once more, with what is wrong.
async fn again(
    parts: &Parts,
    visitor: &Visitor,
    draft: Draft,
    problem: &Problem,
) -> Result<Response, Problem> {
    if !problem.status().is_client_error() {
        return Err(problem.clone());
    }
    let faults = faults(problem, visitor.text());
    let page = list_page(parts, visitor, draft, faults).await?;
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The form of one of them once more, with what is wrong.
async fn corrected(
    parts: &Parts,
    visitor: &Visitor,
    webhook: Webhook,
    draft: Draft,
    problem: &Problem,
) -> Result<Response, Problem> {
    if !problem.status().is_client_error() {
        return Err(problem.clone());
    }
    let mut page = DetailsPage::of(parts, visitor, webhook).await?;
    let faults = faults(problem, visitor.text());
    page.form = FormParts::of(parts, visitor, draft, faults).await?;
    show_as(problem.status(), &page)
}

async fn list_page(
    parts: &Parts,
    visitor: &Visitor,
    draft: Draft,
    faults: Faults,
) -> Result<ListPage, Problem> {
    let all = parts.webhooks.list(visitor.account()).await?.into_iter();
    let title = visitor.text().say("webhooks-title");
    Ok(ListPage {
        page: Page::new(parts, visitor, Place::Webhooks, title),
        webhooks: all
            .map(|(webhook, counts)| ShownWebhook::of(webhook, counts, visitor))
            .collect(),
        form: FormParts::of(parts, visitor, draft, faults).await?,
    })
}

// === impl DetailsPage ===

impl DetailsPage {
    async fn of(parts: &Parts, visitor: &Visitor, webhook: Webhook) -> Result<Self, Problem> {
        let (account, id) = (visitor.account(), webhook.id);
        let counts: Counts = parts.webhooks.counts(&webhook).await?;
        let dead = Some(DeliveryState::Dead);
        let dead = parts
            .webhooks
            .deliveries(account, id, dead, None, DEAD_SHOWN);
        let dead = dead.await?.into_iter();
        let draft = Draft::of(&webhook);
        Ok(Self {
            page: Page::new(parts, visitor, Place::Webhooks, webhook.name.clone()),
            form: FormParts::of(parts, visitor, draft, Faults::default()).await?,
            webhook: ShownWebhook::of(webhook, counts, visitor),
            dead: dead
                .map(|delivery| ShownDelivery::of(delivery, visitor))
                .collect(),
            pinged: None,
        })
    }
}

// === impl FormParts ===

impl FormParts {
    async fn of(
        parts: &Parts,
        visitor: &Visitor,
        draft: Draft,
        faults: Faults,
    ) -> Result<Self, Problem> {
        let sources = crate::store::source::list(&parts.db, visitor.account()).await?;
        Ok(Self {
            types: Choice::types(&draft, visitor),
            sources: Choice::sources(&draft, sources),
            draft,
            faults,
        })
    }
}

// === impl IssuedPage ===

impl IssuedPage {
    fn of(parts: &Parts, visitor: &Visitor, issued: IssuedWebhook) -> Self {
        let IssuedWebhook { webhook, secret } = issued;
        let until = webhook.previous_until.map(|until| visitor.when(until));
        let text = visitor.text();
        let before = until.map(|until| text.name("webhook-old-until", until.exact));
        Self {
            page: Page::new(parts, visitor, Place::Webhooks, webhook.name.clone()),
            id: webhook.id,
            name: webhook.name,
            secret: secret.text().reveal().to_owned(),
            before: before.unwrap_or_default(),
        }
    }
}
