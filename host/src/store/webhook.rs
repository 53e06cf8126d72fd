//! Webhooks in the database: the rows themselves. Their secrets come here sealed.

pub mod delivery;

use std::collections::BTreeSet;

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::event_log::{EventId, Filter};
use crate::id::{AccountId, WebhookId};
use crate::webhook::{Failure, Webhook};

/// A webhook with what only its reader and its signatures need.
#[derive(Clone, Debug)]
pub struct StoredWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// Up to where it has read the log.
    pub position: EventId,
    /// When the next of its deliveries is due; nothing when none waits.
    pub due_at: Option<Timestamp>,
    /// Its sealed secret.
    pub secret: Vec<u8>,
    /// The one before, sealed; whether it still signs is said by the webhook.
    pub previous_secret: Option<Vec<u8>>,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    id: Uuid,
    name: String,
    url: String,
    types: String,
    sources: String,
    skus: String,
    enabled: bool,
    gone_at: Option<i64>,
    missed_at: Option<i64>,
    position: i64,
    secret: Vec<u8>,
    previous_secret: Option<Vec<u8>>,
    previous_until: Option<i64>,
    delivered_at: Option<i64>,
    failed_at: Option<i64>,
    failed_status: Option<i64>,
    failed_error: Option<String>,
    version: i64,
    created_at: i64,
    due_at: Option<i64>,
}

const SELECT: &str = "select account_id, id, name, url, types, sources, skus, enabled, gone_at, missed_at, position, \
    secret, previous_secret, previous_until, delivered_at, failed_at, failed_status, failed_error, version, created_at, \
    (select min(due_at) from webhook_deliveries where webhook_deliveries.account_id = webhooks.account_id \
    and webhook_deliveries.webhook_id = webhooks.id and state = 'pending') as due_at from webhooks";

/// Stores a new webhook that reads on from `position`, unless its account has `most` already. Answers whether it did.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(
    db: &Db,
    webhook: &Webhook,
    position: EventId,
    secret: &[u8],
    most: usize,
) -> Result<bool, Error> {
    let count = "select count(*) as number from webhooks where account_id = $1";
    let insert = "insert into webhooks \
        (account_id, id, name, url, types, sources, skus, enabled, gone_at, version, position, secret, created_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let mut values = values(webhook).to_vec();
    values.extend([
        place(position),
        secret.to_vec().into(),
        webhook.created_at.millis().into(),
    ]);
    db.write(async |tx| {
        let there: Option<Number> = sql::find(tx, count, [webhook.account_id.0.into()]).await?;
        if there.is_some_and(|there| number(there.number) >= number(most)) {
            return Ok(false);
        }
        sql::execute(tx, insert, values).await?;
        Ok(true)
    })
    .await
}

/// A number of rows.
#[derive(FromQueryResult)]
pub(super) struct Number {
    pub(super) number: i64,
}

/// A webhook of the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(
    db: &Db,
    account: AccountId,
    id: WebhookId,
) -> Result<Option<StoredWebhook>, Error> {
    let select = format!("{SELECT} where account_id = $1 and id = $2");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into(), id.0.into()]).await?;
    row.map(StoredWebhook::try_from).transpose()
}

/// The account's webhooks, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Webhook>, Error> {
    let select = format!("{SELECT} where account_id = $1 order by id");
    let rows: Vec<Row> = sql::list(db.read(), &select, [account.0.into()]).await?;
    let read = |row| StoredWebhook::try_from(row).map(|stored| stored.webhook);
    rows.into_iter().map(read).collect()
}

/// All webhooks of all accounts that are to be told something.
///
/// # Errors
/// When the database is out of reach.
pub async fn list_enabled(db: &Db) -> Result<Vec<StoredWebhook>, Error> {
    let select = format!("{SELECT} where enabled order by account_id, id");
    let rows: Vec<Row> = sql::list(db.read(), &select, []).await?;
    rows.into_iter().map(StoredWebhook::try_from).collect()
}

/// All webhooks there are, by account and id.
///
/// # Errors
/// When the database is out of reach.
pub async fn list_ids(db: &Db) -> Result<Vec<(AccountId, WebhookId)>, Error> {
    #[derive(FromQueryResult)]
    struct Key {
        account_id: Uuid,
        id: Uuid,
    }
    let select = "select account_id, id from webhooks order by account_id, id";
    let keys: Vec<Key> = sql::list(db.read(), select, []).await?;
    let key = |key: Key| (AccountId(key.account_id), WebhookId(key.id));
    Ok(keys.into_iter().map(key).collect())
}

/// Stores a changed webhook under the next version, when nobody else has changed it since it was read.
///
/// # Errors
/// `Conflict` when somebody has, or it is gone.
pub async fn update(db: &Db, webhook: &Webhook) -> Result<Webhook, Error> {
    let update = "update webhooks set name = $3, url = $4, types = $5, sources = $6, skus = $7, enabled = $8, \
        gone_at = $9, version = $10 where account_id = $1 and id = $2 and version = $11";
    let next = Webhook {
        version: webhook.version + 1,
        ..webhook.clone()
    };
    let mut values = values(&next).to_vec();
    values.push(webhook.version.into());
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::changed_meanwhile("webhook", webhook.id)),
        _ => Ok(next),
    }
}

/// Replaces the secret; the one before signs as well until `previous_until`.
///
/// # Errors
/// `NotFound` when there is no such webhook.
pub async fn replace_secret(
    db: &Db,
    account: AccountId,
    id: WebhookId,
    secret: &[u8],
    previous_until: Timestamp,
) -> Result<(), Error> {
    let update = "update webhooks set previous_secret = secret, previous_until = $3, secret = $4 \
        where account_id = $1 and id = $2";
    let values = [
        account.0.into(),
        id.0.into(),
        previous_until.millis().into(),
        secret.to_vec().into(),
    ];
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::not_found("webhook", id)),
        _ => Ok(()),
    }
}

/// Removes a webhook with its deliveries, when nobody has changed it since it was read at this version.
///
/// # Errors
/// `Conflict` when somebody has, or it is gone.
pub async fn delete(db: &Db, account: AccountId, id: WebhookId, version: i64) -> Result<(), Error> {
    let delete = "delete from webhooks where account_id = $1 and id = $2 and version = $3";
    let values = [account.0.into(), id.0.into(), version.into()];
    match sql::execute(db.writer(), delete, values).await? {
        0 => Err(Error::changed_meanwhile("webhook", id)),
        _ => Ok(()),
    }
}

/// The columns that insert and update share, `$1` to `$10`.
fn values(webhook: &Webhook) -> [Value; 10] {
    [
        webhook.account_id.0.into(),
        webhook.id.0.into(),
        webhook.name.as_str().into(),
        webhook.url.as_str().into(),
        json(&webhook.filter.types),
        json(&webhook.filter.sources),
        json(&webhook.filter.skus),
        webhook.enabled.into(),
        webhook.gone_at.map(Timestamp::millis).into(),
        webhook.version.into(),
    ]
}

fn json<T: Serialize>(set: &BTreeSet<T>) -> Value {
    serde_json::to_string(set)
        .expect("words and ids are JSON")
        .into()
}

fn read_json<T: DeserializeOwned + Ord>(text: &str) -> Result<BTreeSet<T>, Error> {
    serde_json::from_str(text).map_err(|error| Error::corrupt("webhook", error))
}

/// A place in a log as it is stored.
fn place(id: EventId) -> Value {
    i64::try_from(id.0).unwrap_or(i64::MAX).into()
}

/// What cannot be below zero, as it is read.
fn number(stored: impl TryInto<u64>) -> u64 {
    stored.try_into().unwrap_or(0)
}

fn status(stored: Option<i64>) -> Option<u16> {
    stored.and_then(|status| u16::try_from(status).ok())
}

impl TryFrom<Row> for StoredWebhook {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let at = Timestamp::from_millis;
        let failed = row.failed_at.zip(row.failed_error);
        Ok(Self {
            webhook: Webhook {
                id: WebhookId(row.id),
                account_id: AccountId(row.account_id),
                name: row.name,
                url: row.url,
                filter: Filter {
                    types: read_json(&row.types)?,
                    sources: read_json(&row.sources)?,
                    skus: read_json(&row.skus)?,
                },
                enabled: row.enabled,
                gone_at: row.gone_at.map(at),
                missed_at: row.missed_at.map(at),
                previous_until: row.previous_until.map(at),
                delivered_at: row.delivered_at.map(at),
                failed: failed.map(|(failed_at, error)| Failure {
                    at: at(failed_at),
                    status: status(row.failed_status),
                    error,
                }),
                version: row.version,
                created_at: at(row.created_at),
            },
            position: EventId(number(row.position)),
            due_at: row.due_at.map(at),
            secret: row.secret,
            previous_secret: row.previous_secret,
        })
    }
}
