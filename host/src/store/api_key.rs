//! API keys in the database. Only hashes of secrets come here.

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::api_key::{ApiKey, SecretHash};
use crate::id::{AccountId, ApiKeyId};

/// A key with what its secrets are compared to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// The key.
    pub api_key: ApiKey,
    /// Hash of its secret.
    pub secret_hash: SecretHash,
    /// Hash of the secret before, and until when that is still taken.
    pub previous: Option<(SecretHash, Timestamp)>,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    id: Uuid,
    key: String,
    name: String,
    role: String,
    partner: Option<String>,
    secret_hash: Vec<u8>,
    previous_hash: Option<Vec<u8>>,
    previous_until: Option<i64>,
    created_at: i64,
    last_used_at: Option<i64>,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

const SELECT: &str = "select account_id, id, key, name, role, partner, secret_hash, previous_hash, previous_until, \
    created_at, last_used_at, expires_at, revoked_at from api_keys";

/// Stores a new key.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(db: &Db, api_key: &ApiKey, secret_hash: &SecretHash) -> Result<(), Error> {
    let insert = "insert into api_keys (account_id, id, key, name, role, partner, secret_hash, created_at, expires_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        api_key.account_id.0.into(),
        api_key.id.0.into(),
        api_key.key.as_str().into(),
        api_key.name.as_str().into(),
        api_key.role.as_str().into(),
        api_key.partner.clone().into(),
        bytes(secret_hash),
        api_key.created_at.millis().into(),
        api_key.expires_at.map(Timestamp::millis).into(),
    ];
    sql::execute(db.writer(), insert, values).await?;
    Ok(())
}

/// The key with this public half, of whatever account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_by_key(db: &Db, key: &str) -> Result<Option<StoredKey>, Error> {
    let select = format!("{SELECT} where key = $1");
    let row: Option<Row> = sql::find(db.read(), &select, [key.into()]).await?;
    row.map(StoredKey::try_from).transpose()
}

/// A key of this account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(db: &Db, account: AccountId, id: ApiKeyId) -> Result<Option<StoredKey>, Error> {
    let select = format!("{SELECT} where account_id = $1 and id = $2");
    let row: Option<Row> = sql::find(db.read(), &select, [account.0.into(), id.0.into()]).await?;
    row.map(StoredKey::try_from).transpose()
}

/// The keys of this account, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<ApiKey>, Error> {
    let select = format!("{SELECT} where account_id = $1 order by id");
    let rows: Vec<Row> = sql::list(db.read(), &select, [account.0.into()]).await?;
    let read = |row| StoredKey::try_from(row).map(|stored| stored.api_key);
    rows.into_iter().map(read).collect()
}

/// Replaces the secret; the one before is taken until `previous_until`.
///
/// # Errors
/// `NotFound` when there is no such key, or it is revoked.
pub async fn replace_secret(
    db: &Db,
    account: AccountId,
    id: ApiKeyId,
    secret_hash: &SecretHash,
    previous_until: Timestamp,
) -> Result<(), Error> {
    let update = "update api_keys set previous_hash = secret_hash, previous_until = $3, secret_hash = $4 \
        where account_id = $1 and id = $2 and revoked_at is null";
    let values = [
        account.0.into(),
        id.0.into(),
        previous_until.millis().into(),
        bytes(secret_hash),
    ];
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::not_found("usable API key", id)),
        _ => Ok(()),
    }
}

/// Refuses the key from now on; revoking twice keeps the first moment.
///
/// # Errors
/// `NotFound` when there is no such key.
pub async fn revoke(
    db: &Db,
    account: AccountId,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<(), Error> {
    let update = "update api_keys set revoked_at = coalesce(revoked_at, $3) where account_id = $1 and id = $2";
    let values = [account.0.into(), id.0.into(), now.millis().into()];
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::not_found("API key", id)),
        _ => Ok(()),
    }
}

/// Keeps when the key was last used.
///
/// # Errors
/// When the database is out of reach.
pub async fn keep_last_use(
    db: &Db,
    account: AccountId,
    id: ApiKeyId,
    at: Timestamp,
) -> Result<(), Error> {
    let update = "update api_keys set last_used_at = $3 where account_id = $1 and id = $2";
    let values = [account.0.into(), id.0.into(), at.millis().into()];
    sql::execute(db.writer(), update, values).await?;
    Ok(())
}

fn bytes(hash: &SecretHash) -> Value {
    hash.as_bytes().to_vec().into()
}

fn read_hash(bytes: &[u8]) -> Result<SecretHash, Error> {
    SecretHash::from_bytes(bytes)
        .ok_or_else(|| Error::corrupt("API key", "its hash has the wrong length"))
}

impl TryFrom<Row> for StoredKey {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let previous = row.previous_hash.zip(row.previous_until);
        let previous = previous.map(|(hash, until)| {
            read_hash(&hash).map(|hash| (hash, Timestamp::from_millis(until)))
        });
        Ok(Self {
            secret_hash: read_hash(&row.secret_hash)?,
            previous: previous.transpose()?,
            api_key: ApiKey {
                id: ApiKeyId(row.id),
                account_id: AccountId(row.account_id),
                key: row.key,
                name: row.name,
                role: Error::read("API key", &row.role)?,
                partner: row.partner,
                created_at: Timestamp::from_millis(row.created_at),
                last_used_at: row.last_used_at.map(Timestamp::from_millis),
                expires_at: row.expires_at.map(Timestamp::from_millis),
                revoked_at: row.revoked_at.map(Timestamp::from_millis),
            },
        })
    }
}
