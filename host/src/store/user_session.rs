//! Sessions of users in the database. Only hashes of tokens come here.

use std::net::IpAddr;

use bestand_plugin_api::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Db, Error, Tx, sql, user, user_network};
use crate::api_key::SecretHash;
use crate::id::{AccountId, UserId, UserSessionId};
use crate::user::{
    IDLE_MAX, LIFE_MAX, PasswordHash, SESSIONS_PER_USER_MAX, User, UserSession, session_expiry,
};

/// A session that is to be.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: UserSessionId,
    /// Hash of its token.
    pub token_hash: SecretHash,
    /// When it begins.
    pub created_at: Timestamp,
    /// The address it begins at.
    pub address: Option<IpAddr>,
    /// The network that address is in.
    pub network: Option<IpAddr>,
    /// What the browser calls itself.
    pub agent: String,
}

#[derive(FromQueryResult)]
struct Row {
    session_id: Uuid,
    began_at: i64,
    used_at: i64,
    address: Option<String>,
    agent: String,
}

#[derive(FromQueryResult)]
struct RowWithUser {
    #[sea_orm(nested)]
    user: user::Row,
    #[sea_orm(nested)]
    session: Row,
}

const COLUMNS: &str =
    "s.id as session_id, s.created_at as began_at, s.last_seen_at as used_at, s.address, s.agent";

/// Begins a session of a user who has just shown the password of this hash.
///
/// `false` when that is no longer their password, or they are gone or disabled by now: what ends all sessions must not
/// miss one that begins at the same time.
///
/// # Errors
/// When the database is out of reach.
pub async fn begin(
    db: &Db,
    user: &User,
    password_hash: &PasswordHash,
    new: &NewSession,
) -> Result<bool, Error> {
    db.write(async |tx| {
        if !see_user(tx, user, password_hash, new.created_at).await? {
            return Ok(false);
        }
        insert(tx, user, new).await?;
        end_beyond_the_most(tx, user).await?;
        Ok(true)
    })
    .await
}

/// The live session with this token, and its user when they may sign in.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_by_token(
    db: &Db,
    token_hash: &SecretHash,
    now: Timestamp,
) -> Result<Option<(User, UserSession)>, Error> {
    let select = format!(
        "select {}, {COLUMNS} from user_sessions s join users on users.account_id = s.account_id \
        and users.id = s.user_id where s.token_hash = $1 and users.disabled_at is null",
        user::COLUMNS
    );
    let found: Option<RowWithUser> = sql::find(db.read(), &select, [bytes(token_hash)]).await?;
    let Some(RowWithUser { user, session }) = found else {
        return Ok(None);
    };
    let session = UserSession::from(session);
    match session.is_alive(now) {
        true => Ok(Some((user.try_into()?, session))),
        false => Ok(None),
    }
}

/// The live sessions of a user, the one used last first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<UserSession>, Error> {
    let select = format!(
        "select {COLUMNS} from user_sessions s where s.account_id = $1 and s.user_id = $2 \
        order by s.last_seen_at desc, s.id desc"
    );
    let values = [account.0.into(), user.0.into()];
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    let sessions = rows.into_iter().map(UserSession::from);
    Ok(sessions.filter(|session| session.is_alive(now)).collect())
}

/// Keeps that a session was used, and with it its user.
///
/// # Errors
/// When the database is out of reach.
pub async fn keep_last_use(
    db: &Db,
    user: &User,
    id: UserSessionId,
    at: Timestamp,
) -> Result<(), Error> {
    db.write(async |tx| {
        let [account, user] = [user.account_id.0, user.id.0];
        let update = "update users set last_seen_at = $3 where account_id = $1 and id = $2";
        let values = [account.into(), user.into(), at.millis().into()];
        sql::execute(tx, update, values).await?;
        let update = "update user_sessions set last_seen_at = $4 where account_id = $1 and user_id = $2 and id = $3";
        let values = [account.into(), user.into(), id.0.into(), at.millis().into()];
        sql::execute(tx, update, values).await?;
        Ok(())
    })
    .await
}

/// Ends one session of a user.
///
/// # Errors
/// `NotFound` when there is no such session.
pub async fn end(
    db: &Db,
    account: AccountId,
    user: UserId,
    id: UserSessionId,
) -> Result<(), Error> {
    let delete = "delete from user_sessions where account_id = $1 and user_id = $2 and id = $3";
    let values = [account.0.into(), user.0.into(), id.0.into()];
    match sql::execute(db.writer(), delete, values).await? {
        0 => Err(Error::not_found("session", id)),
        _ => Ok(()),
    }
}

/// Ends the session with this token, if there is one.
///
/// # Errors
/// When the database is out of reach.
pub async fn end_by_token(db: &Db, token_hash: &SecretHash) -> Result<(), Error> {
    let delete = "delete from user_sessions where token_hash = $1";
    sql::execute(db.writer(), delete, [bytes(token_hash)]).await?;
    Ok(())
}

/// Forgets sessions that are over; answers how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget(db: &Db, now: Timestamp) -> Result<u64, Error> {
    let delete = "delete from user_sessions where created_at <= $1 or last_seen_at <= $2";
    let values = [LIFE_MAX, IDLE_MAX].map(|ago| now.before(ago).millis().into());
    sql::execute(db.writer(), delete, values).await
}

/// Notes that the user is there, if the password is still theirs; holds back whoever changes them until `tx` ends.
async fn see_user(
    tx: &Tx,
    user: &User,
    password_hash: &PasswordHash,
    now: Timestamp,
) -> Result<bool, Error> {
    let update = "update users set last_seen_at = $4 \
        where account_id = $1 and id = $2 and password_hash = $3 and disabled_at is null";
    let values = [
        user.account_id.0.into(),
        user.id.0.into(),
        password_hash.to_stored().into(),
        now.millis().into(),
    ];
    Ok(sql::execute(tx, update, values).await? > 0)
}

/// Begins a session as part of something larger.
pub(super) async fn insert(tx: &Tx, user: &User, new: &NewSession) -> Result<(), Error> {
    let insert = "insert into user_sessions \
        (account_id, user_id, id, token_hash, created_at, last_seen_at, address, agent) \
        values ($1, $2, $3, $4, $5, $5, $6, $7)";
    let values = [
        user.account_id.0.into(),
        user.id.0.into(),
        new.id.0.into(),
        bytes(&new.token_hash),
        new.created_at.millis().into(),
        new.address.map(|address| address.to_string()).into(),
        new.agent.as_str().into(),
    ];
    sql::execute(tx, insert, values).await?;
    match new.network {
        Some(network) => user_network::keep(tx, user, network, new.created_at).await,
        None => Ok(()),
    }
}

async fn end_beyond_the_most(tx: &Tx, user: &User) -> Result<(), Error> {
    let delete = format!(
        "delete from user_sessions where account_id = $1 and user_id = $2 and id not in \
        (select id from user_sessions where account_id = $1 and user_id = $2 \
        order by last_seen_at desc, id desc limit {SESSIONS_PER_USER_MAX})"
    );
    sql::execute(tx, &delete, [user.account_id.0.into(), user.id.0.into()]).await?;
    Ok(())
}

fn bytes(hash: &SecretHash) -> sea_orm::Value {
    hash.as_bytes().to_vec().into()
}

impl From<Row> for UserSession {
    fn from(row: Row) -> Self {
        let [created_at, last_seen_at] = [row.began_at, row.used_at].map(Timestamp::from_millis);
        Self {
            id: UserSessionId(row.session_id),
            created_at,
            last_seen_at,
            expires_at: session_expiry(created_at, last_seen_at),
            // Only shown: one that cannot be read is as good as none.
            address: row.address.and_then(|address| address.parse().ok()),
            agent: row.agent,
        }
    }
}
