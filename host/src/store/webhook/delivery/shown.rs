//! Deliveries as they are looked at: counted, listed, and one by one.

use std::collections::HashMap;
use std::time::Duration;

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::event_log::EventId;
use crate::id::{AccountId, WebhookId};
use crate::store::webhook::{number, place, status};
use crate::store::{Db, Error, sql};
use crate::webhook::delivery::LastAttempt;
use crate::webhook::{Counts, Delivery, DeliveryState};

#[derive(FromQueryResult)]
struct Row {
    webhook_id: Uuid,
    event_id: i64,
    r#type: String,
    body: String,
    state: String,
    due_at: i64,
    attempts: i64,
    made_at: i64,
    last_at: Option<i64>,
    last_status: Option<i64>,
    last_error: Option<String>,
    last_ms: Option<i64>,
}

const SELECT: &str = "select webhook_id, event_id, type, body, state, due_at, attempts, made_at, last_at, last_status, \
    last_error, last_ms from webhook_deliveries where account_id = $1 and webhook_id = $2";

/// How many deliveries there are of each webhook of the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn counts(db: &Db, account: AccountId) -> Result<HashMap<WebhookId, Counts>, Error> {
    #[derive(FromQueryResult)]
    struct Row {
        webhook_id: Uuid,
        state: String,
        number: i64,
    }
    let select = "select webhook_id, state, count(*) as number from webhook_deliveries where account_id = $1 \
        group by webhook_id, state";
    let rows: Vec<Row> = sql::list(db.read(), select, [account.0.into()]).await?;
    let mut counts: HashMap<WebhookId, Counts> = HashMap::new();
    for row in rows {
        let counts = counts.entry(WebhookId(row.webhook_id)).or_default();
        match Error::read("delivery", &row.state)? {
            DeliveryState::Pending => counts.pending = number(row.number),
            DeliveryState::Dead => counts.dead = number(row.number),
            DeliveryState::Delivered => {}
        }
    }
    Ok(counts)
}

/// Deliveries of a webhook, those of the newest events first, after `after`, at most `limit`.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    webhook: WebhookId,
    state: Option<DeliveryState>,
    after: Option<EventId>,
    limit: usize,
) -> Result<Vec<Delivery>, Error> {
    let mut select = SELECT.to_owned();
    let mut values: Vec<Value> = vec![account.0.into(), webhook.0.into()];
    if let Some(state) = state {
        values.push(state.as_str().into());
        select += &format!(" and state = ${}", values.len());
    }
    if let Some(after) = after {
        values.push(place(after));
        select += &format!(" and event_id < ${}", values.len());
    }
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    select += &format!(" order by event_id desc limit ${}", values.len());
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

/// One delivery.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    webhook: WebhookId,
    event: EventId,
) -> Result<Option<Delivery>, Error> {
    let select = format!("{SELECT} and event_id = $3");
    let values = [account.0.into(), webhook.0.into(), place(event)];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    row.map(Delivery::try_from).transpose()
}

impl TryFrom<Row> for Delivery {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let last = row.last_at.map(|at| LastAttempt {
            at: Timestamp::from_millis(at),
            took: Duration::from_millis(number(row.last_ms.unwrap_or_default())),
            status: status(row.last_status),
            error: row.last_error,
        });
        Ok(Self {
            webhook_id: WebhookId(row.webhook_id),
            event_id: EventId(number(row.event_id)),
            event_type: row.r#type,
            body: row.body,
            state: Error::read("delivery", &row.state)?,
            due_at: Timestamp::from_millis(row.due_at),
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            made_at: Timestamp::from_millis(row.made_at),
            last,
        })
    }
}
