//! From the log to deliveries: each webhook reads on from where it was, and keeps what it wants.

use crate::event_log::{EventId, EventLog, Page};
use crate::store::webhook::StoredWebhook;
use crate::store::webhook::delivery::{self, NewDelivery, Reading};
use crate::store::{Db, Error};
use crate::webhook::message::body_of;
use crate::webhook::{DeliveryState, PENDING_MAX, Webhook};
use bestand_plugin_api::Timestamp;

/// Events read at once, each of at most a hundred levels.
const EVENTS_AT_ONCE: u32 = 100;
/// Transactions until others get their turn.
const ROUNDS_MAX: usize = 10;

/// What came of reading on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// How many deliveries were made.
    pub(super) made: usize,
    /// Whether the log had forgotten something.
    pub(super) missed: bool,
    /// Whether there is more to read, now.
    pub(super) more: bool,
}

/// Reads on for one webhook, as far as it has room for deliveries.
pub(super) async fn read_on(
    db: &Db,
    log: &EventLog,
    stored: &StoredWebhook,
    now: Timestamp,
) -> Result<Read, Error> {
    let webhook = &stored.webhook;
    let (mut read, mut position) = (Read::default(), stored.position);
    for _ in 0..ROUNDS_MAX {
        let page = log
            .after(webhook.account_id, position, EVENTS_AT_ONCE)
            .await?;
        if page.events.is_empty() && !page.missed {
            return Ok(read);
        }
        let waiting = delivery::count(db, webhook, DeliveryState::Pending, PENDING_MAX).await?;
        if waiting >= u64::from(PENDING_MAX) {
            return Ok(read);
        }
        let reading = Reading {
            from: position,
            to: end_of(&page, log, webhook).await?,
            missed: page.missed,
        };
        let deliveries = wanted(page, webhook);
        if !delivery::make(db, webhook, reading, &deliveries, now).await? {
            return Ok(read);
        }
        read.made += deliveries.len();
        read.missed |= reading.missed;
        position = reading.to;
    }
    read.more = true;
    Ok(read)
}

/// Up to where a page leads: to its last event, or to the end of a log that has forgotten all it had.
async fn end_of(page: &Page, log: &EventLog, webhook: &Webhook) -> Result<EventId, Error> {
    match page.events.last() {
        Some(last) => Ok(last.id),
        None => log.head(webhook.account_id).await,
    }
}

fn wanted(page: Page, webhook: &Webhook) -> Vec<NewDelivery> {
    let events = page.events.into_iter();
    let wanted = events.filter_map(|event| webhook.filter.narrow(event));
    let deliveries = wanted.map(|event| NewDelivery {
        event_id: event.id,
        event_type: event.news.event_type().as_str(),
        body: body_of(&event),
    });
    deliveries.collect()
}
