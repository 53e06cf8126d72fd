//! Outgoing webhooks: who is told over HTTP of what happens, and what became of the messages.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};

use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::event_log::EventId;
use crate::http::auth::Caller;
use crate::http::created::Created;
use crate::http::etag::{IfMatch, Tagged};
use crate::http::json::Json;
use crate::http::paging::{Linked, Page};
use crate::http::path::{Named, NamedTwice};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::WebhookId;

mod delivery;
mod draft;
mod shown;

use delivery::{Delivery, DeliveryQuery, DeliverySummary, Resent};
pub(in crate::http) use draft::{WebhookChange, WebhookToMake};
use shown::{IssuedWebhook, Pinged, Webhook, WebhookQuery};

/// List webhooks
///
/// Without their secrets, which are shown only when they are made.
#[utoipa::path(get, path = "/webhooks", operation_id = "list_webhooks", tag = "Webhooks", params(WebhookQuery),
    responses((status = 200, description = "A page of webhooks", body = Page<Webhook>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<WebhookQuery>,
    uri: Uri,
) -> Result<Linked<Page<Webhook>>, Problem> {
    let all = parts.webhooks.list(caller.account_id).await?;
    let page = Page::of_all(all, query.limit, query.cursor.as_ref(), |(webhook, _)| {
        webhook.id
    });
    let now = parts.clock.now();
    let show = |(webhook, counts)| Webhook::of(webhook, counts, now);
    Ok(page.map(show).linked(&uri))
}

/// Make a webhook
///
/// It is told of what happens from now on: a `POST` for each event, signed as Standard Webhooks describes
/// (`webhook-id`, `webhook-timestamp`, `webhook-signature`), with `type`, `timestamp` and `data`. Answer with any 2xx
/// within 15 seconds; anything else is tried again for about a day, and 410 turns the webhook off. Messages arrive at
/// least once and in any order: `webhook-id` is the same for the same message. This is the only time the secret is shown.
#[utoipa::path(post, path = "/webhooks", operation_id = "make_webhook", tag = "Webhooks",
    request_body = WebhookToMake, responses((status = 201, description = "It is made", body = IssuedWebhook)))]
pub(in crate::http) async fn make(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(new): Json<WebhookToMake>,
) -> Result<Created<IssuedWebhook>, Problem> {
    let account = caller.0.account_id;
    let issued = parts.webhooks.add(account, new.into_draft()?).await?;
    let subject = Subject::webhook(&issued.webhook);
    parts
        .activity
        .note(caller.did(EventKind::WebhookMade, subject));
    Ok(Created {
        location: format!("/api/v1/webhooks/{}", issued.webhook.id),
        body: IssuedWebhook::of(issued, parts.clock.now()),
    })
}

/// Read a webhook
#[utoipa::path(get, path = "/webhooks/{id}", operation_id = "get_webhook", tag = "Webhooks",
    params(("id" = WebhookId, Path)), responses((status = 200, description = "The webhook", body = Webhook)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<WebhookId>,
) -> Result<Tagged<Webhook>, Problem> {
    let webhook = parts.webhooks.find(caller.account_id, id).await?;
    Webhook::tagged(&parts, webhook).await
}

/// Change a webhook
///
/// What is not named stays. Enabled again, it goes on where it stopped, as far back as the log reaches.
#[utoipa::path(patch, path = "/webhooks/{id}", operation_id = "change_webhook", tag = "Webhooks",
    params(("id" = WebhookId, Path), ("If-Match" = String, Header)), request_body = WebhookChange,
    responses((status = 200, description = "It is changed", body = Webhook)))]
pub(in crate::http) async fn change(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<WebhookId>,
    if_match: IfMatch,
    Json(change): Json<WebhookChange>,
) -> Result<Tagged<Webhook>, Problem> {
    let webhook = parts.webhooks.find(caller.0.account_id, id).await?;
    if_match.require(webhook.version)?;
    let changed = parts.webhooks.change(&change.apply_to(webhook)?).await?;
    let subject = Subject::webhook(&changed);
    parts
        .activity
        .note(caller.did(EventKind::WebhookChanged, subject));
    Webhook::tagged(&parts, changed).await
}

/// Remove a webhook
///
/// With all that was still to be delivered.
#[utoipa::path(delete, path = "/webhooks/{id}", operation_id = "remove_webhook", tag = "Webhooks",
    params(("id" = WebhookId, Path), ("If-Match" = String, Header)),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn remove(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<WebhookId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let webhook = parts.webhooks.find(caller.0.account_id, id).await?;
    if_match.require(webhook.version)?;
    parts.webhooks.remove(&webhook).await?;
    let subject = Subject::webhook(&webhook);
    parts
        .activity
        .note(caller.did(EventKind::WebhookRemoved, subject));
    Ok(StatusCode::NO_CONTENT)
}

/// Give a webhook a new secret
///
/// For a day each message carries two signatures, one of the new secret and one of the old. The new one is shown only
/// now.
#[utoipa::path(post, path = "/webhooks/{id}/rotate-secret", operation_id = "rotate_webhook_secret", tag = "Webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 200, description = "The new secret, shown only now", body = IssuedWebhook)))]
pub(in crate::http) async fn rotate(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<WebhookId>,
) -> Result<IssuedWebhook, Problem> {
    let issued = parts.webhooks.rotate(caller.0.account_id, id).await?;
    let subject = Subject::webhook(&issued.webhook);
    parts
        .activity
        .note(caller.did(EventKind::WebhookRotated, subject));
    Ok(IssuedWebhook::of(issued, parts.clock.now()))
}

/// Try a webhook out
///
/// Sends a message of the type `webhook.ping`, once, and answers what came back. One that is not enabled is tried too.
#[utoipa::path(post, path = "/webhooks/{id}/ping", operation_id = "ping_webhook", tag = "Webhooks",
    params(("id" = WebhookId, Path)), responses((status = 200, description = "What came of it", body = Pinged)))]
pub(in crate::http) async fn ping(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<WebhookId>,
) -> Result<Json<Pinged>, Problem> {
    let attempt = parts.webhooks.ping(caller.account_id, id).await?;
    Ok(Json(attempt.into()))
}

/// List the deliveries of a webhook
///
/// Those of the newest events first: what waits, what could not be delivered (kept for 30 days, at most the newest
/// 10,000), and the last few that arrived.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", operation_id = "list_webhook_deliveries", tag = "Webhooks",
    params(("id" = WebhookId, Path), DeliveryQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliverySummary>)))]
pub(in crate::http) async fn deliveries(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<WebhookId>,
    Query(query): Query<DeliveryQuery>,
    uri: Uri,
) -> Result<Linked<Page<DeliverySummary>>, Problem> {
    let (limit, after) = (query.limit, query.cursor.map(|cursor| cursor.0));
    let found =
        parts
            .webhooks
            .deliveries(caller.account_id, id, query.state, after, limit.with_next());
    let page = Page::cut(found.await?, limit, |delivery| delivery.event_id);
    Ok(page.map(DeliverySummary::from).linked(&uri))
}

/// Read a delivery of a webhook
///
/// With what is sent.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries/{event_id}", operation_id = "get_webhook_delivery",
    tag = "Webhooks", params(("id" = WebhookId, Path), ("event_id" = String, Path)),
    responses((status = 200, description = "The delivery", body = Delivery)))]
pub(in crate::http) async fn delivery(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    NamedTwice(id, event_id): NamedTwice<WebhookId, EventId>,
) -> Result<Json<Delivery>, Problem> {
    let found = parts.webhooks.delivery(caller.account_id, id, event_id);
    Ok(Json(found.await?.into()))
}

/// Send a dead letter again
///
/// As if it had never been tried.
#[utoipa::path(post, path = "/webhooks/{id}/deliveries/{event_id}/resend", operation_id = "resend_webhook_delivery",
    tag = "Webhooks", params(("id" = WebhookId, Path), ("event_id" = String, Path)),
    responses((status = 202, description = "It will be sent")))]
pub(in crate::http) async fn resend(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    NamedTwice(id, event_id): NamedTwice<WebhookId, EventId>,
) -> Result<StatusCode, Problem> {
    parts
        .webhooks
        .resend(caller.account_id, id, event_id)
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Send all dead letters of a webhook again
#[utoipa::path(post, path = "/webhooks/{id}/resend", operation_id = "resend_webhook_deliveries", tag = "Webhooks",
    params(("id" = WebhookId, Path)), responses((status = 202, description = "They will be sent", body = Resent)))]
pub(in crate::http) async fn resend_all(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<WebhookId>,
) -> Result<(StatusCode, Json<Resent>), Problem> {
    let resent = parts.webhooks.resend_all(caller.account_id, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Resent { resent })))
}
