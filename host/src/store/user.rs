//! Users in the database. Only hashes of passwords come here, and what every account must keep is kept here: one admin
//! who can sign in.

use std::net::IpAddr;

use bestand_plugin_api::Timestamp;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Engine, Error, Tx, sql};
use crate::api_key::Role;
use crate::id::{AccountId, UserId, UserSessionId};
use crate::user::{PasswordHash, USERS_PER_ACCOUNT_MAX, User, UserName};

/// A user with what their password is compared to.
#[derive(Clone, Debug)]
pub struct StoredUser {
    /// The user.
    pub user: User,
    /// Hash of their password.
    pub password_hash: PasswordHash,
    /// Whether they have signed in from the network that was asked for.
    pub is_familiar: bool,
}

/// What becomes of a user, where it may not become of the last admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// They may do this from now on.
    Role(Role),
    /// They may not sign in any more, since then; their sessions end.
    Disable(Timestamp),
    /// They may sign in again.
    Enable,
    /// They are gone, with their sessions.
    Remove,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was made; the user as they are now, or were.
    Done(User),
    /// It was not: nobody could look after the account any more.
    LastAdmin,
}

/// What came of a new user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// They are there.
    Done,
    /// The name is somebody's already.
    NameTaken,
    /// The account has as many as it may have.
    TooMany,
}

#[derive(FromQueryResult)]
pub(super) struct Row {
    account_id: Uuid,
    id: Uuid,
    name: String,
    role: String,
    created_at: i64,
    disabled_at: Option<i64>,
    last_seen_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct StoredRow {
    #[sea_orm(nested)]
    user: Row,
    password_hash: String,
    is_familiar: i64,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// The columns of [`Row`].
pub(super) const COLUMNS: &str = "users.account_id, users.id, users.name, users.role, users.created_at, \
    users.disabled_at, users.last_seen_at";

/// Stores a new user.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(db: &Db, user: &User, hash: &PasswordHash) -> Result<Inserted, Error> {
    let inserted = db.write(async |tx| {
        lock_account(tx, user.account_id).await?;
        match count(tx, user.account_id).await? >= USERS_PER_ACCOUNT_MAX {
            true => Ok(Inserted::TooMany),
            false => insert_into(tx, user, hash).await.map(|()| Inserted::Done),
        }
    });
    match inserted.await {
        Err(Error::Conflict { .. }) => Ok(Inserted::NameTaken),
        other => other,
    }
}

/// Stores a new user as part of something larger.
///
/// # Errors
/// `Conflict` when the name is taken.
pub(super) async fn insert_into(tx: &Tx, user: &User, hash: &PasswordHash) -> Result<(), Error> {
    let insert = "insert into users (account_id, id, name, name_key, role, password_hash, created_at, last_seen_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        user.account_id.0.into(),
        user.id.0.into(),
        user.name.as_str().into(),
        user.name.key().into(),
        user.role.as_str().into(),
        hash.to_stored().into(),
        user.created_at.millis().into(),
        user.last_seen_at.map(Timestamp::millis).into(),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

/// The user with the name of this key, of whatever account; one query, whether there is such a user or not.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_by_name(
    db: &Db,
    name_key: &str,
    network: Option<IpAddr>,
) -> Result<Option<StoredUser>, Error> {
    let is_familiar = "case when exists (select 1 from user_networks n where n.account_id = users.account_id \
        and n.user_id = users.id and n.network = $2) then 1 else 0 end";
    let select = format!(
        "select {COLUMNS}, password_hash, cast({is_familiar} as bigint) as is_familiar from users where name_key = $1"
    );
    let network = network.map(|network| network.to_string());
    find_stored(db, &select, [name_key.into(), network.into()]).await
}

/// A user of this account with what their password is compared to.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_with_password(
    db: &Db,
    account: AccountId,
    id: UserId,
) -> Result<Option<StoredUser>, Error> {
    let select = format!(
        "select {COLUMNS}, password_hash, cast(0 as bigint) as is_familiar from users where account_id = $1 and id = $2"
    );
    find_stored(db, &select, primary_key(account, id)).await
}

/// A user of this account.
///
/// # Errors
/// When the database is out of reach.
pub async fn find(db: &Db, account: AccountId, id: UserId) -> Result<Option<User>, Error> {
    find_in(db.read(), account, id).await
}

/// The users of this account by name.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<User>, Error> {
    let select = format!("select {COLUMNS} from users where account_id = $1 order by name_key");
    let rows: Vec<Row> = sql::list(db.read(), &select, [account.0.into()]).await?;
    rows.into_iter().map(User::try_from).collect()
}

/// Whether this account has any user.
///
/// # Errors
/// When the database is out of reach.
pub async fn is_any(db: &Db, account: AccountId) -> Result<bool, Error> {
    Ok(count(db.read(), account).await? > 0)
}

/// Makes a change, unless it would leave the account without an admin who can sign in.
///
/// # Errors
/// `NotFound` when there is no such user.
pub async fn change(
    db: &Db,
    account: AccountId,
    id: UserId,
    change: Change,
) -> Result<Changed, Error> {
    db.write(async |tx| {
        lock_account(tx, account).await?;
        let user = find_in(tx, account, id).await?;
        let user = user.ok_or_else(|| Error::not_found("user", id))?;
        let after = change.of(&user);
        let looks_after = after.as_ref().is_some_and(User::is_active_admin);
        if user.is_active_admin() && !looks_after && count_active_admins(tx, account).await? < 2 {
            return Ok(Changed::LastAdmin);
        }
        make(tx, &user, change).await?;
        Ok(Changed::Done(after.unwrap_or(user)))
    })
    .await
}

/// Replaces the password, and ends all sessions but `kept`.
///
/// # Errors
/// `NotFound` when there is no such user.
pub async fn set_password(
    db: &Db,
    account: AccountId,
    id: UserId,
    hash: &PasswordHash,
    kept: Option<UserSessionId>,
) -> Result<(), Error> {
    db.write(async |tx| {
        let update = "update users set password_hash = $3 where account_id = $1 and id = $2";
        let values = [account.0.into(), id.0.into(), hash.to_stored().into()];
        if sql::execute(tx, update, values).await? == 0 {
            return Err(Error::not_found("user", id));
        }
        end_sessions(tx, account, id, kept).await
    })
    .await
}

/// Holds back whoever else adds or changes users of this account until `tx` ends. SQLite has one writer anyway.
pub(super) async fn lock_account(tx: &Tx, account: AccountId) -> Result<(), Error> {
    if Engine::of(tx) == Engine::Postgres {
        let lock = "select count(*) as count from \
            (select 1 from accounts where id = $1 for no key update) as locked";
        let _: Option<Count> = sql::find(tx, lock, [account.0.into()]).await?;
    }
    Ok(())
}

pub(super) async fn count(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<usize, Error> {
    let select = "select count(*) as count from users where account_id = $1";
    count_by(connection, select, [account.0.into()]).await
}

async fn count_active_admins(tx: &Tx, account: AccountId) -> Result<usize, Error> {
    let select = "select count(*) as count from users where account_id = $1 and role = $2 and disabled_at is null";
    let values = [account.0.into(), Role::Admin.as_str().into()];
    count_by(tx, select, values).await
}

async fn count_by(
    connection: &impl ConnectionTrait,
    select: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<usize, Error> {
    let counted: Option<Count> = sql::find(connection, select, values).await?;
    let count = counted.map_or(0, |counted| counted.count);
    usize::try_from(count).map_err(|error| Error::corrupt("count", error))
}

async fn make(tx: &Tx, user: &User, change: Change) -> Result<(), Error> {
    let User { account_id, id, .. } = *user;
    let (statement, value): (_, Option<Value>) = match change {
        Change::Role(role) => ("update users set role = $3", Some(role.as_str().into())),
        Change::Disable(at) => {
            end_sessions(tx, account_id, id, None).await?;
            let disable = "update users set disabled_at = coalesce(disabled_at, $3)";
            (disable, Some(at.millis().into()))
        }
        Change::Enable => ("update users set disabled_at = null", None),
        Change::Remove => ("delete from users", None),
    };
    let statement = format!("{statement} where account_id = $1 and id = $2");
    let values = primary_key(account_id, id).into_iter().chain(value);
    sql::execute(tx, &statement, values).await?;
    Ok(())
}

async fn end_sessions(
    tx: &Tx,
    account: AccountId,
    id: UserId,
    kept: Option<UserSessionId>,
) -> Result<(), Error> {
    // No session has the id of zeros.
    let kept = kept.map_or(Uuid::nil(), |kept| kept.0);
    let delete = "delete from user_sessions where account_id = $1 and user_id = $2 and id <> $3";
    sql::execute(tx, delete, [account.0.into(), id.0.into(), kept.into()]).await?;
    Ok(())
}

async fn find_in(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: UserId,
) -> Result<Option<User>, Error> {
    let select = format!("select {COLUMNS} from users where account_id = $1 and id = $2");
    let row: Option<Row> = sql::find(connection, &select, primary_key(account, id)).await?;
    row.map(User::try_from).transpose()
}

async fn find_stored(
    db: &Db,
    select: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<StoredUser>, Error> {
    let row: Option<StoredRow> = sql::find(db.read(), select, values).await?;
    row.map(StoredUser::try_from).transpose()
}

fn primary_key(account: AccountId, id: UserId) -> [Value; 2] {
    [account.0.into(), id.0.into()]
}

// === impl Change ===

impl Change {
    /// The user after it; `None` when they are gone.
    fn of(self, user: &User) -> Option<User> {
        let user = user.clone();
        match self {
            Self::Role(role) => Some(User { role, ..user }),
            Self::Disable(at) => {
                let disabled_at = user.disabled_at.or(Some(at));
                Some(User {
                    disabled_at,
                    ..user
                })
            }
            Self::Enable => Some(User {
                disabled_at: None,
                ..user
            }),
            Self::Remove => None,
        }
    }
}

impl TryFrom<Row> for User {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: UserId(row.id),
            account_id: AccountId(row.account_id),
            name: Error::read::<UserName>("user", &row.name)?,
            role: Error::read("user", &row.role)?,
            created_at: Timestamp::from_millis(row.created_at),
            disabled_at: row.disabled_at.map(Timestamp::from_millis),
            last_seen_at: row.last_seen_at.map(Timestamp::from_millis),
        })
    }
}

impl TryFrom<StoredRow> for StoredUser {
    type Error = Error;

    fn try_from(row: StoredRow) -> Result<Self, Error> {
        let hash = PasswordHash::from_stored(&row.password_hash);
        Ok(Self {
            user: row.user.try_into()?,
            password_hash: hash
                .ok_or_else(|| Error::corrupt("user", "their password's hash is none"))?,
            is_familiar: row.is_familiar != 0,
        })
    }
}
