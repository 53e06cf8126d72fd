//! Deliveries in the database: made from the log, claimed by moving their time, and settled by what came of them.
//!
//! Whoever claims a delivery moves its time beyond the longest attempt. Should that daemon die, the delivery is due
//! again then, for it or for another one on the same database: nothing is lost, and some things arrive twice.

mod shown;

pub use shown::{counts, find, list};

use std::time::Duration;

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};

use super::{Number, number, place};
use crate::event_log::EventId;
use crate::id::{AccountId, WebhookId};
use crate::store::{Db, Error, Tx, sql};
use crate::webhook::retry::Outcome;
use crate::webhook::{Attempt, DeliveryState, Webhook};

/// Delivered messages that are kept of each webhook, to be looked at.
const DELIVERED_KEPT: i64 = 20;
/// Most rows beyond what is kept that are forgotten at once.
const FORGOTTEN_AT_ONCE: i64 = 10_000;
/// Rows per statement when deliveries are made: far below what either engine binds at once.
const ROWS_PER_STATEMENT: usize = 100;
const COLUMNS: usize = 9;

/// A delivery to be made.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Of which event it tells.
    pub event_id: EventId,
    /// That event's type.
    pub event_type: &'static str,
    /// What is to be sent.
    pub body: String,
}

/// How far a webhook has read the log.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Up to there until now.
    pub from: EventId,
    /// Up to there from now on.
    pub to: EventId,
    /// Whether the log had forgotten something in between.
    pub missed: bool,
}

/// A delivery that is this daemon's until its time has come again.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Of which event it tells.
    pub event_id: EventId,
    /// What is sent.
    pub body: String,
    /// The how manyth attempt this is, from 1.
    pub attempt: u32,
}

/// Makes the deliveries of what `webhook` has read, and keeps how far that is: both or neither. Answers whether it did;
/// another daemon may have been there before.
///
/// # Errors
/// When the database is out of reach.
pub async fn make(
    db: &Db,
    webhook: &Webhook,
    reading: Reading,
    deliveries: &[NewDelivery],
    now: Timestamp,
) -> Result<bool, Error> {
    let advance = "update webhooks set position = $3, missed_at = coalesce($4, missed_at) \
        where account_id = $1 and id = $2 and position = $5 and enabled";
    let missed_at = reading.missed.then(|| now.millis());
    let values: [Value; 5] = [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        place(reading.to),
        missed_at.into(),
        place(reading.from),
    ];
    db.write(async |tx| {
        if sql::execute(tx, advance, values).await? == 0 {
            return Ok(false);
        }
        for rows in deliveries.chunks(ROWS_PER_STATEMENT) {
            insert(tx, webhook, rows, now).await?;
        }
        Ok(true)
    })
    .await
}

async fn insert(
    tx: &Tx,
    webhook: &Webhook,
    deliveries: &[NewDelivery],
    now: Timestamp,
) -> Result<(), Error> {
    let row = |row: usize| format!("({})", sql::placeholders(1 + row * COLUMNS, COLUMNS));
    let rows: Vec<String> = (0..deliveries.len()).map(row).collect();
    let insert = format!(
        "insert into webhook_deliveries \
         (account_id, webhook_id, event_id, type, body, state, due_at, attempts, made_at) values {} \
         on conflict (account_id, webhook_id, event_id) do nothing",
        rows.join(", ")
    );
    let values = deliveries.iter().flat_map(|delivery| -> [Value; COLUMNS] {
        [
            webhook.account_id.0.into(),
            webhook.id.0.into(),
            place(delivery.event_id),
            delivery.event_type.into(),
            delivery.body.as_str().into(),
            DeliveryState::Pending.as_str().into(),
            now.millis().into(),
            0_i64.into(),
            now.millis().into(),
        ]
    });
    sql::execute(tx, &insert, values).await?;
    Ok(())
}

/// Claims at most `limit` deliveries that are due: they are due again after `lease`, unless they are settled before.
///
/// # Errors
/// When the database is out of reach.
pub async fn claim(
    db: &Db,
    webhook: &Webhook,
    limit: usize,
    lease: Duration,
    now: Timestamp,
) -> Result<Vec<Claimed>, Error> {
    #[derive(FromQueryResult)]
    struct Row {
        event_id: i64,
        body: String,
        attempts: i64,
    }
    let claim = "update webhook_deliveries set due_at = $4, attempts = attempts + 1 \
        where account_id = $1 and webhook_id = $2 and state = 'pending' and due_at <= $3 and event_id in \
        (select event_id from webhook_deliveries where account_id = $1 and webhook_id = $2 and state = 'pending' \
        and due_at <= $3 order by due_at, event_id limit $5) returning event_id, body, attempts";
    let values: [Value; 5] = [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        now.millis().into(),
        now.after(lease).millis().into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let rows: Vec<Row> = sql::list(db.writer(), claim, values).await?;
    let claimed = rows.into_iter().map(|row| Claimed {
        event_id: EventId(number(row.event_id)),
        body: row.body,
        attempt: u32::try_from(row.attempts).unwrap_or(u32::MAX),
    });
    Ok(claimed.collect())
}

/// Keeps what came of a claimed delivery, unless its time had come again and somebody else has claimed it since.
///
/// # Errors
/// When the database is out of reach.
pub async fn settle(
    db: &Db,
    webhook: &Webhook,
    claimed: &Claimed,
    attempt: &Attempt,
    outcome: Outcome,
) -> Result<(), Error> {
    db.write(async |tx| {
        if settle_row(tx, webhook, claimed, attempt, outcome).await? == 0 {
            return Ok(());
        }
        match outcome {
            Outcome::Delivered => trim(tx, webhook).await?,
            Outcome::Gone => disable(tx, webhook, attempt.at).await?,
            Outcome::Again(_) | Outcome::GivenUp => {}
        }
        keep_last(tx, webhook, attempt).await
    })
    .await
}

async fn settle_row(
    tx: &Tx,
    webhook: &Webhook,
    claimed: &Claimed,
    attempt: &Attempt,
    outcome: Outcome,
) -> Result<u64, Error> {
    let (state, due_at, body) = match outcome {
        Outcome::Delivered => (DeliveryState::Delivered, attempt.at, Some("")),
        Outcome::Again(at) => (DeliveryState::Pending, at, None),
        Outcome::GivenUp | Outcome::Gone => (DeliveryState::Dead, attempt.at, None),
    };
    let update = "update webhook_deliveries set state = $5, due_at = $6, body = coalesce($7, body), last_at = $8, \
        last_status = $9, last_error = $10, last_ms = $11 \
        where account_id = $1 and webhook_id = $2 and event_id = $3 and attempts = $4 and state = 'pending'";
    let values: [Value; 11] = [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        place(claimed.event_id),
        i64::from(claimed.attempt).into(),
        state.as_str().into(),
        due_at.millis().into(),
        body.map(str::to_owned).into(),
        attempt.at.millis().into(),
        attempt.status.map(i64::from).into(),
        attempt.error.clone().into(),
        i64::try_from(attempt.took.as_millis())
            .unwrap_or(i64::MAX)
            .into(),
    ];
    sql::execute(tx, update, values).await
}

/// What the webhook itself says of its last attempts.
async fn keep_last(tx: &Tx, webhook: &Webhook, attempt: &Attempt) -> Result<(), Error> {
    let key: [Value; 3] = [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        attempt.at.millis().into(),
    ];
    let Some(error) = &attempt.error else {
        let update = "update webhooks set delivered_at = $3 where account_id = $1 and id = $2";
        sql::execute(tx, update, key).await?;
        return Ok(());
    };
    let update = "update webhooks set failed_at = $3, failed_status = $4, failed_error = $5 \
        where account_id = $1 and id = $2";
    let what: [Value; 2] = [attempt.status.map(i64::from).into(), error.as_str().into()];
    sql::execute(tx, update, key.into_iter().chain(what)).await?;
    Ok(())
}

/// Forgets delivered messages beyond the few that are kept.
async fn trim(tx: &Tx, webhook: &Webhook) -> Result<(), Error> {
    let delete = "delete from webhook_deliveries where account_id = $1 and webhook_id = $2 and event_id in \
        (select event_id from webhook_deliveries where account_id = $1 and webhook_id = $2 \
        and state = 'delivered' order by due_at desc, event_id desc limit $3 offset $4)";
    let values: [Value; 4] = [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        FORGOTTEN_AT_ONCE.into(),
        DELIVERED_KEPT.into(),
    ];
    sql::execute(tx, delete, values).await?;
    Ok(())
}

async fn disable(tx: &Tx, webhook: &Webhook, now: Timestamp) -> Result<(), Error> {
    let update = "update webhooks set enabled = false, gone_at = $3, version = version + 1 \
        where account_id = $1 and id = $2 and enabled";
    let values: [Value; 3] = [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        now.millis().into(),
    ];
    sql::execute(tx, update, values).await?;
    Ok(())
}

/// Sends a dead letter again, or all of them; as if they had never been tried. Answers how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn revive(
    db: &Db,
    account: AccountId,
    webhook: WebhookId,
    event: Option<EventId>,
    now: Timestamp,
) -> Result<u64, Error> {
    let update = "update webhook_deliveries set state = 'pending', attempts = 0, due_at = $3 \
        where account_id = $1 and webhook_id = $2 and state = 'dead' and event_id = coalesce($4, event_id)";
    let event = event.map(|event| i64::try_from(event.0).unwrap_or(i64::MAX));
    let values: [Value; 4] = [
        account.0.into(),
        webhook.0.into(),
        now.millis().into(),
        event.into(),
    ];
    sql::execute(db.writer(), update, values).await
}

/// How many deliveries of a webhook are in this state, as far as `most`.
///
/// # Errors
/// When the database is out of reach.
pub async fn count(
    db: &Db,
    webhook: &Webhook,
    state: DeliveryState,
    most: u32,
) -> Result<u64, Error> {
    let select = "select count(*) as number from (select 1 from webhook_deliveries \
        where account_id = $1 and webhook_id = $2 and state = $3 limit $4) as found";
    let values: [Value; 4] = [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        state.as_str().into(),
        i64::from(most).into(),
    ];
    let found: Option<Number> = sql::find(db.read(), select, values).await?;
    Ok(found.map_or(0, |found| number(found.number)))
}

/// Forgets the dead letters of a webhook that died before `before`, and all but the newest `kept`. Answers how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget_dead(
    db: &Db,
    account: AccountId,
    webhook: WebhookId,
    before: Timestamp,
    kept: u32,
) -> Result<u64, Error> {
    let delete = "delete from webhook_deliveries where account_id = $1 and webhook_id = $2 and state = 'dead' \
        and (due_at < $3 or event_id in (select event_id from webhook_deliveries where account_id = $1 \
        and webhook_id = $2 and state = 'dead' order by due_at desc, event_id desc limit $4 offset $5))";
    let values: [Value; 5] = [
        account.0.into(),
        webhook.0.into(),
        before.millis().into(),
        FORGOTTEN_AT_ONCE.into(),
        i64::from(kept).into(),
    ];
    sql::execute(db.writer(), delete, values).await
}
