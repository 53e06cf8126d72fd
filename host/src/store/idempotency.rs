//! Idempotency keys in the database: which requests are being worked on, and what the others were answered.

use std::time::Duration;

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, Tx, sql};
use crate::id::{AccountId, ApiKeyId};

/// How long an answer is kept: a client that has not asked again within a day will not.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);

/// A request that asks to be done once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose rows it is about.
    pub account_id: AccountId,
    /// The key it came with.
    pub api_key_id: ApiKeyId,
    /// What the client calls it.
    pub idempotency_key: String,
    /// What tells it from another request.
    pub request_hash: Vec<u8>,
    /// This attempt at it.
    pub run_id: Uuid,
}

/// Whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// This attempt's: do it.
    Yours,
    /// An earlier attempt is still at it.
    Running,
    /// The key was used for another request.
    OtherRequest,
    /// It was done, and this was the answer.
    Answered(Answer),
}

/// What a request was answered.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Answer {
    /// The HTTP status.
    pub status: i16,
    /// Headers as JSON: pairs of name and value.
    pub headers: String,
    /// The body; `None` when it held a secret, which is never stored.
    pub body: Option<Vec<u8>>,
}

#[derive(FromQueryResult)]
struct Row {
    request_hash: Vec<u8>,
    status: Option<i16>,
    headers: Option<String>,
    body: Option<Vec<u8>>,
}

/// Asks whether `claim` may be worked on. An attempt that has not answered for `lease` is taken to have died.
///
/// # Errors
/// When the database is out of reach.
pub async fn claim(db: &Db, claim: &Claim, lease: Duration, now: Timestamp) -> Result<Turn, Error> {
    db.write(async |tx| {
        forget(tx, now.before(KEPT_FOR)).await?;
        if insert(tx, claim, now).await? {
            return Ok(Turn::Yours);
        }
        let Some(row) = find(tx, claim).await? else {
            return Ok(Turn::Running);
        };
        if row.request_hash != claim.request_hash {
            return Ok(Turn::OtherRequest);
        }
        match row.answer() {
            Some(answer) => Ok(Turn::Answered(answer)),
            None => take_over(tx, claim, now.before(lease), now).await,
        }
    })
    .await
}

/// Keeps what the request of `claim` was answered.
///
/// # Errors
/// When the database is out of reach.
pub async fn keep(db: &Db, claim: &Claim, answer: &Answer) -> Result<(), Error> {
    let update = "update idempotency_keys set status = $5, headers = $6, body = $7 \
        where account_id = $1 and api_key_id = $2 and idempotency_key = $3 and run_id = $4";
    let [account, api_key, key] = primary_key(claim);
    let values = [
        account,
        api_key,
        key,
        claim.run_id.into(),
        answer.status.into(),
        answer.headers.as_str().into(),
        answer.body.clone().into(),
    ];
    sql::execute(db.writer(), update, values).await?;
    Ok(())
}

/// Gives `claim` up without an answer, so that the request can be sent again.
///
/// # Errors
/// When the database is out of reach.
pub async fn release(db: &Db, claim: &Claim) -> Result<(), Error> {
    let delete = "delete from idempotency_keys \
        where account_id = $1 and api_key_id = $2 and idempotency_key = $3 and run_id = $4";
    let [account, api_key, key] = primary_key(claim);
    sql::execute(
        db.writer(),
        delete,
        [account, api_key, key, claim.run_id.into()],
    )
    .await?;
    Ok(())
}

async fn forget(tx: &Tx, before: Timestamp) -> Result<(), Error> {
    let delete = "delete from idempotency_keys where claimed_at < $1";
    sql::execute(tx, delete, [before.millis().into()]).await?;
    Ok(())
}

async fn insert(tx: &Tx, claim: &Claim, now: Timestamp) -> Result<bool, Error> {
    let insert = "insert into idempotency_keys \
        (account_id, api_key_id, idempotency_key, request_hash, run_id, claimed_at) values ($1, $2, $3, $4, $5, $6) \
        on conflict (account_id, api_key_id, idempotency_key) do nothing";
    let [account, api_key, key] = primary_key(claim);
    let values = [
        account,
        api_key,
        key,
        claim.request_hash.clone().into(),
        claim.run_id.into(),
        now.millis().into(),
    ];
    Ok(sql::execute(tx, insert, values).await? > 0)
}

async fn find(tx: &Tx, claim: &Claim) -> Result<Option<Row>, Error> {
    let select = "select request_hash, status, headers, body from idempotency_keys \
        where account_id = $1 and api_key_id = $2 and idempotency_key = $3";
    sql::find(tx, select, primary_key(claim)).await
}

async fn take_over(
    tx: &Tx,
    claim: &Claim,
    died_before: Timestamp,
    now: Timestamp,
) -> Result<Turn, Error> {
    let update = "update idempotency_keys set run_id = $4, claimed_at = $5 \
        where account_id = $1 and api_key_id = $2 and idempotency_key = $3 and status is null and claimed_at < $6";
    let [account, api_key, key] = primary_key(claim);
    let values = [
        account,
        api_key,
        key,
        claim.run_id.into(),
        now.millis().into(),
        died_before.millis().into(),
    ];
    match sql::execute(tx, update, values).await? {
        0 => Ok(Turn::Running),
        _ => Ok(Turn::Yours),
    }
}

fn primary_key(claim: &Claim) -> [Value; 3] {
    [
        claim.account_id.0.into(),
        claim.api_key_id.0.into(),
        claim.idempotency_key.as_str().into(),
    ]
}

// === impl Row ===

impl Row {
    fn answer(self) -> Option<Answer> {
        Some(Answer {
            status: self.status?,
            headers: self.headers.unwrap_or_default(),
            body: self.body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{account, on_both_engines};
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const LEASE: Duration = Duration::from_secs(60);

    fn request(account_id: AccountId, body: &[u8]) -> Claim {
        Claim {
            account_id,
            api_key_id: ApiKeyId(Uuid::nil()),
            idempotency_key: "order-17".into(),
            request_hash: body.to_vec(),
            run_id: Uuid::now_v7(),
        }
    }

    fn created() -> Answer {
        Answer {
            status: 201,
            headers: "[]".into(),
            body: Some(b"{}".to_vec()),
        }
    }

    on_both_engines! {
        async fn a_request_is_done_once_and_answered_the_same_again(db) {
            let account = account(db).await;
            let first = request(account, b"a");
            let again = request(account, b"a");
            assert_eq!(claim(db, &first, LEASE, NOW).await.unwrap(), Turn::Yours);
            assert_eq!(claim(db, &again, LEASE, NOW).await.unwrap(), Turn::Running);
            keep(db, &first, &created()).await.unwrap();
            let answered = claim(db, &again, LEASE, NOW).await.unwrap();
            assert_eq!(answered, Turn::Answered(created()));
        }

        async fn the_same_key_for_another_request_is_told(db) {
            let account = account(db).await;
            claim(db, &request(account, b"a"), LEASE, NOW).await.unwrap();
            let other = claim(db, &request(account, b"b"), LEASE, NOW).await.unwrap();
            assert_eq!(other, Turn::OtherRequest);
        }

        async fn a_request_that_failed_may_be_sent_again(db) {
            let account = account(db).await;
            let first = request(account, b"a");
            claim(db, &first, LEASE, NOW).await.unwrap();
            release(db, &first).await.unwrap();
            let again = claim(db, &request(account, b"corrected"), LEASE, NOW).await.unwrap();
            assert_eq!(again, Turn::Yours);
        }

        async fn an_attempt_that_died_is_taken_over_and_can_no_longer_answer(db) {
            let account = account(db).await;
            let died = request(account, b"a");
            let next = request(account, b"a");
            claim(db, &died, LEASE, NOW).await.unwrap();
            let later = NOW.after(LEASE * 2);
            assert_eq!(claim(db, &next, LEASE, later).await.unwrap(), Turn::Yours);
            keep(db, &died, &created()).await.unwrap();
            let third = claim(db, &request(account, b"a"), LEASE, later).await.unwrap();
            assert_eq!(third, Turn::Running);
        }

        async fn an_answer_is_forgotten_after_its_time(db) {
            let account = account(db).await;
            let first = request(account, b"a");
            claim(db, &first, LEASE, NOW).await.unwrap();
            keep(db, &first, &created()).await.unwrap();
            let tomorrow = NOW.after(KEPT_FOR + LEASE);
            let again = claim(db, &request(account, b"b"), LEASE, tomorrow).await.unwrap();
            assert_eq!(again, Turn::Yours);
        }
    }
}
