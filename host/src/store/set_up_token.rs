//! Tokens of set-up links in the database: one for each account that has no user yet. Only their hashes come here.

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::user::{count, insert_into, lock_account};
use super::user_session::{self, NewSession};
use super::{Db, Error, Tx, sql};
use crate::api_key::SecretHash;
use crate::id::AccountId;
use crate::user::{PasswordHash, User};

/// What came of a token that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The user is there, and signed in.
    Done,
    /// The token is used, void or too old.
    Void,
    /// The name is somebody's in another account; the token is still good.
    NameTaken,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
}

/// Makes this the one token of an account, as long as the account has no user. Answers whether it was.
///
/// # Errors
/// When the database is out of reach.
pub async fn replace(
    db: &Db,
    account: AccountId,
    token_hash: &SecretHash,
    now: Timestamp,
) -> Result<bool, Error> {
    db.write(async |tx| {
        lock_account(tx, account).await?;
        let delete = "delete from set_up_tokens where account_id = $1";
        sql::execute(tx, delete, [account.0.into()]).await?;
        if count(tx, account).await? > 0 {
            return Ok(false);
        }
        let insert =
            "insert into set_up_tokens (account_id, token_hash, created_at) values ($1, $2, $3)";
        let values = [account.0.into(), bytes(token_hash), now.millis().into()];
        sql::execute(tx, insert, values).await?;
        Ok(true)
    })
    .await
}

/// The account that this token sets up, when it was made after `made_after`.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_account(
    db: &Db,
    token_hash: &SecretHash,
    made_after: Timestamp,
) -> Result<Option<AccountId>, Error> {
    let select = "select account_id from set_up_tokens where token_hash = $1 and created_at > $2";
    let values = [bytes(token_hash), made_after.millis().into()];
    let row: Option<Row> = sql::find(db.read(), select, values).await?;
    Ok(row.map(|row| AccountId(row.account_id)))
}

/// Turns the token into the account's first user, signed in. However many try at once, one does.
///
/// # Errors
/// When the database is out of reach.
pub async fn redeem(
    db: &Db,
    token_hash: &SecretHash,
    made_after: Timestamp,
    (user, password_hash): (&User, &PasswordHash),
    session: &NewSession,
) -> Result<Redeemed, Error> {
    let redeemed = db.write(async |tx| {
        lock_account(tx, user.account_id).await?;
        let is_good = take(tx, user.account_id, token_hash, made_after).await?;
        if !is_good || count(tx, user.account_id).await? > 0 {
            return Ok(Redeemed::Void);
        }
        insert_into(tx, user, password_hash).await?;
        user_session::insert(tx, user, session).await?;
        Ok(Redeemed::Done)
    });
    match redeemed.await {
        Err(Error::Conflict { .. }) => Ok(Redeemed::NameTaken),
        other => other,
    }
}

/// Forgets tokens that are too old; answers how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = "delete from set_up_tokens where created_at <= $1";
    sql::execute(db.writer(), delete, [before.millis().into()]).await
}

async fn take(
    tx: &Tx,
    account: AccountId,
    token_hash: &SecretHash,
    made_after: Timestamp,
) -> Result<bool, Error> {
    let delete =
        "delete from set_up_tokens where account_id = $1 and token_hash = $2 and created_at > $3";
    let values = [
        account.0.into(),
        bytes(token_hash),
        made_after.millis().into(),
    ];
    Ok(sql::execute(tx, delete, values).await? > 0)
}

fn bytes(hash: &SecretHash) -> sea_orm::Value {
    hash.as_bytes().to_vec().into()
}
